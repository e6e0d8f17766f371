import pytest

from btgui.engine.one_line import one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("T1 axial", "T1 axial"),
        (" T1\r\n  axial\t", "T1 axial"),
        ("x" * 64, "x" * 64),
        ("x" * 65, "x" * 63 + "…"),
        (" " * 1000 + "x", "…"),
        ("", ""),
    ],
)
def test_a_text_of_a_file_has_one_line_of_no_great_length(text, line):
    assert one_line(text) == line


def test_a_file_s_text_cannot_turn_what_stands_beside_it():
    assert one_line("ax\u202e 1T\u2069 \u200fhead") == "ax 1T head"
