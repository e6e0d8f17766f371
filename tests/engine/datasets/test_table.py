import errno
from pathlib import Path
from unittest.mock import Mock

import pytest

from btgui.engine.datasets.dataset import LabelledScan, read_dataset
from btgui.engine.errors import Cancelled, DatasetError


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a table beside two files, a.png and sub/b.png."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.png").touch()
    (tmp_path / "sub" / "b.png").touch()

    def write(text, encoding="utf-8"):
        file = tmp_path / "scans.csv"
        file.write_text(text, encoding=encoding)
        return file

    return write


def test_a_row_is_a_scan_with_all_that_the_table_says(table, tmp_path):
    file = table(
        "path,label,patient,split,source\na.png,tumour,P1,train,site 1\nsub/b.png,healthy,,,\n"
    )
    assert read_dataset(file) == [
        LabelledScan(tmp_path / "a.png", "tumour", "train", "site 1", "P1"),
        LabelledScan(tmp_path / "sub" / "b.png", "healthy", "", "scans", ""),
    ]


def test_absolute_paths_other_columns_and_empty_lines_are_understood(table, tmp_path):
    file = table(f"age,label,path\n50,x,{tmp_path / 'a.png'}\n\n60,y,sub/b.png\n")
    assert [scan.path.name for scan in read_dataset(file)] == ["a.png", "b.png"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_as_a_spreadsheet_saves_it(table, separator):
    text = "Path,Label\na.png,x\nsub/b.png,y\n".replace(",", separator).replace("\n", "\r\n")
    assert [scan.label for scan in read_dataset(table(text, "utf-8-sig"))] == ["x", "y"]


@pytest.mark.parametrize(
    ("word", "split"),
    [("Training", "train"), ("val", "validation"), ("TEST", "test"), ("", "")],
)
def test_the_usual_words_for_splits_are_known(table, word, split):
    file = table(f"path,label,split\na.png,x,{word}\nsub/b.png,y,{word}\n")
    assert {scan.split for scan in read_dataset(file)} == {split}


def test_every_wrong_row_is_named_with_its_line(table):
    file = table(
        "path,label,split\na.png,,\ngone.png,x,\nsub/b.png,x,later\n,x,\na.png,x|,\na.png,x,\n"
    )
    with pytest.raises(DatasetError) as raised:
        read_dataset(file)
    said = str(raised.value)
    assert "line 2: no label" in said
    assert "line 3: file not found: gone.png" in said
    assert "line 4: expected the split train, validation or test, received 'later'" in said
    assert "line 5: no path" in said
    assert "line 6: expected a label" in said
    assert "line 7: the same file as line 2" in said


def test_of_many_wrong_rows_ten_are_named_and_the_rest_counted(table):
    with pytest.raises(DatasetError, match="line 11: file not found: x9; and 5 more"):
        read_dataset(table("path,label\n" + "".join(f"x{n},y\n" for n in range(15))))


def test_a_missing_column_is_told(table):
    with pytest.raises(DatasetError, match="received file, label; path missing"):
        read_dataset(table("file,label\na.png,x\n"))


def test_a_column_that_occurs_twice_is_told_if_it_is_used(table):
    with pytest.raises(DatasetError, match=r"one column label in scans\.csv, received 2"):
        read_dataset(table("path,label,Label\na.png,x,z\nsub/b.png,y,z\n"))
    file = table("path,label,note,note\na.png,x,1,2\nsub/b.png,y,1,2\n")
    assert [scan.label for scan in read_dataset(file)] == ["x", "y"]


def test_a_cell_with_a_comma_outside_quotes_loses_nothing_silently(table):
    with pytest.raises(DatasetError, match=r"more cells than columns: line 2\. Put a cell"):
        read_dataset(table("path,label\na.png,glioma, high grade\nsub/b.png,healthy\n"))
    file = table('path,label\na.png,"glioma, high grade",,\nsub/b.png,healthy\n')
    assert {scan.label for scan in read_dataset(file)} == {"glioma, high grade", "healthy"}


def test_a_table_that_may_not_be_read_is_told_and_not_taken_for_no_text(table, monkeypatch):
    file = table("path,label\na.png,x\nsub/b.png,y\n")
    denied = PermissionError(errno.EACCES, "Permission denied")
    monkeypatch.setattr(Path, "read_text", Mock(side_effect=denied))
    with pytest.raises(DatasetError, match=r"cannot be opened \(permission denied\). Check"):
        read_dataset(file)


def test_a_problem_of_many_rows_is_told_once(tmp_path):
    rows = [f"x{n}.png,glioma,dev" for n in range(12)]
    (tmp_path / "scans.csv").write_text("\n".join(["path,label,split", *rows, "y.png,,"]))
    with pytest.raises(DatasetError) as raised:
        read_dataset(tmp_path / "scans.csv")
    assert str(raised.value) == (
        "scans.csv has invalid rows: lines 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more: expected the split "
        "train, validation or test, received 'dev'; line 14: no label. Correct or remove them."
    )


def test_the_line_that_is_not_utf_8_is_told(tmp_path):
    (tmp_path / "scans.csv").write_bytes("path;label\na.png;x\nb.png;Tumör\n".encode("latin-1"))
    with pytest.raises(
        DatasetError, match=r"as UTF-8 text from line 3 on\. Save it again as CSV UTF-8"
    ):
        read_dataset(tmp_path / "scans.csv")


def test_a_table_that_is_no_text_is_told(tmp_path):
    file = tmp_path / "scans.csv"
    file.write_bytes(b"\xff\xfe\x00\x81")
    with pytest.raises(DatasetError, match="cannot be read as UTF-8"):
        read_dataset(file)


def test_classes_of_a_label_are_named_once_without_blanks(table):
    file = table("path,label\na.png, glioma | glioma \nsub/b.png,glioma |meningioma\n")
    first, second = read_dataset(file)
    assert (first.label, first.is_known) == ("glioma", True)
    assert second.possible_classes == ("glioma", "meningioma")
    assert not second.is_known


def test_a_quote_that_is_not_closed_is_told_with_its_line_and_swallows_nothing(table):
    file = table('path,label\na.png,x\na.png,"x\nsub/b.png,y\n')
    with pytest.raises(DatasetError, match=r"cannot be read from line 3 on .* unclosed quote"):
        read_dataset(file)


def test_a_cell_may_hold_a_quoted_line_break_or_a_line_separator(table, tmp_path):
    (tmp_path / "c\u2028.png").touch()
    file = table('path,label,note\na.png,x,"two\nlines"\nc\u2028.png,y,\n')
    assert [scan.label for scan in read_dataset(file)] == ["x", "y"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("n" * 300, "line 3: file not found: nnn"), ("n" * 200_000, "field larger than")],
)
def test_an_impossible_name_is_told_and_nothing_breaks(table, name, words):
    with pytest.raises(DatasetError, match=words):
        read_dataset(table(f'path,label\na.png,x\n"{name}",y\n'))


def test_listing_can_be_stopped(table, tmp_path):
    def stop():
        raise Cancelled("enough")

    for place in (table("path,label\na.png,x\nsub/b.png,y\n"), tmp_path):
        with pytest.raises(Cancelled):
            read_dataset(place, stop)


def test_what_is_said_of_a_table_of_thousands_of_columns_or_letters_can_be_read(table):
    features = [f"feature {number}" for number in range(3000)]
    for text in (",".join(features), f"path,label\n{'x' * 100_000},glioma\n"):
        with pytest.raises(DatasetError) as told:
            read_dataset(table(text))
        assert len(str(told.value)) < 1000


def test_one_class_in_a_table_is_to_be_joined_by_rows_not_by_folders(table):
    with pytest.raises(DatasetError, match="Add rows of another class"):
        read_dataset(table("path,label\na.png,glioma\n"))
