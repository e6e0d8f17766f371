import base64
import re

import pytest

from btgui.engine.errors import DatasetError
from training.reports import page
from training.reports.place import check_place, write_to

PICTURES = {"roc & more.png": b"\x89PNG one", "mistakes/000.jpg": b"\xff\xd8 two"}


def written(folder):
    (folder / "mistakes").mkdir()
    for name, content in PICTURES.items():
        (folder / name).write_bytes(content)
    (folder / "numbers.json").write_text("{}")
    parts = [
        page.figure("roc & more.png", "It's a picture.", "curves"),
        page.scans([("mistakes/000.jpg", "src='mistakes/000.jpg'")]),
        "<img src='data:image/png;base64,AAAA' alt=''>",
    ]
    file = folder / "index.html"
    file.write_text(page.page("Report", parts), encoding="utf-8")
    return file


def fails(folder):
    (folder / "half").touch()
    raise OSError("no space left")


def test_a_folder_gets_the_page_its_pictures_and_numbers(tmp_path):
    place = tmp_path / "deep" / "report"
    assert write_to(place, written) == place / "index.html"
    assert {file.relative_to(place).as_posix() for file in place.rglob("*") if file.is_file()} == {
        "index.html",
        "numbers.json",
        *PICTURES,
    }
    assert [*place.parent.iterdir()] == [place]


def test_an_empty_folder_may_be_written_to(tmp_path):
    (tmp_path / "report").mkdir()
    check_place(tmp_path / "report")
    write_to(tmp_path / "report", written)
    assert (tmp_path / "report" / "index.html").is_file()


def test_one_page_holds_its_pictures(tmp_path):
    place = tmp_path / "report.HTML"
    assert write_to(place, written) == place
    text = place.read_text(encoding="utf-8")
    pictures = re.findall(r"<img src='data:(image/\w+);base64,([^']+)'", text)
    assert [(kind, base64.b64decode(content)) for kind, content in pictures] == [
        ("image/png", PICTURES["roc & more.png"]),
        ("image/jpeg", PICTURES["mistakes/000.jpg"]),
        ("image/png", b"\0\0\0"),
    ]
    assert "src=&#x27;mistakes/000.jpg&#x27;" in text  # words stay words
    assert [*tmp_path.iterdir()] == [place]


@pytest.mark.parametrize("name", ["x" * 255, f"{'x' * 250}.html"])
def test_a_report_may_have_as_long_a_name_as_any(tmp_path, name):
    check_place(tmp_path / name)
    assert write_to(tmp_path / name, written).exists()
    assert [one.name for one in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["report", "report.html"])
def test_a_report_that_fails_leaves_nothing_behind(tmp_path, name):
    with pytest.raises(OSError, match="no space left"):
        write_to(tmp_path / name, fails)
    assert [*tmp_path.iterdir()] == []


def test_a_place_that_holds_something_is_refused(tmp_path):
    check_place(None)
    check_place(tmp_path / "new" / "report")
    check_place(tmp_path / "report.html")
    (tmp_path / "report.html").touch()
    with pytest.raises(DatasetError, match=r"report\.html exists already\. Name a new file"):
        check_place(tmp_path / "report.html")
    with pytest.raises(DatasetError, match="is not an empty folder"):
        check_place(tmp_path)
    with pytest.raises(DatasetError, match="Create it first"):
        check_place(tmp_path / "none" / "report.html")
