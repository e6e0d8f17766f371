import pytest

from btgui.engine.errors import DatasetError
from btgui.engine.figures.written import patients_in, read_written


def test_what_a_file_holds_is_handed_on(tmp_path):
    file = tmp_path / "answer.json"
    file.write_text('{"right": 7}', encoding="utf-8")
    assert read_written(file, lambda values: values["right"], "Measure again.") == 7


@pytest.mark.parametrize("text", [None, "{", "[]", "{}"])
def test_what_cannot_be_read_is_told_with_what_to_do(tmp_path, text):
    file = tmp_path / "answer.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"cannot be read .*\. Measure again\.$"):
        read_written(file, lambda values: values["right"], "Measure again.")


def test_files_of_earlier_versions_know_no_patients():
    assert patients_in({}) == patients_in({"patients": None}) == ""
    assert patients_in({"patients": {"count": 1, "words": "1 patient"}}) == "1 patient"
