from dataclasses import replace

import pytest

from btgui.engine.geometry import Edges
from btgui.views.report.output import write_pdf
from tests.views.report.pdf_text import pdf_text


@pytest.fixture
def text_of(qapp, tmp_path):
    """Return a function that returns the lines of a report's page."""

    def text(content) -> list[str]:
        write_pdf(tmp_path / "x.pdf", content)
        return pdf_text((tmp_path / "x.pdf").read_bytes()).splitlines()

    return text


def test_warnings_stand_on_the_page_and_a_note_where_there_is_one(content, text_of):
    report = replace(content.report, warnings=("Look closely.",), note="Not validated.")
    lines = text_of(replace(content, report=report))
    assert "Look closely." in lines
    assert "Not validated." in lines


def test_the_letters_at_the_edges_stand_on_both_pictures(content, text_of):
    scan = replace(content.scan.scan, edges=Edges("R", "L", "A", "P"))
    lines = text_of(replace(content, scan=replace(content.scan, scan=scan)))
    assert [line for line in lines if len(line) == 1] == ["R", "L", "A", "P"] * 2


def test_a_measurement_is_on_the_scan_and_not_on_the_heatmap(content, text_of):
    assert text_of(content).count("20.0 mm") == 2  # there, and where all are listed


def test_why_there_is_no_heatmap_is_told(content, text_of):
    lines = text_of(replace(content, heat=None, no_heat="It failed."))
    assert any("It failed." in line for line in lines)
    assert "no evidence" not in lines


def test_the_colours_are_told_with_the_heatmap_and_lines_with_contours(content, text_of):
    lines = text_of(content)
    assert {"no evidence", "most evidence"} <= set(lines)
    contours = replace(content.heat, style=replace(content.heat.style, contours=True))
    words = " ".join(text_of(replace(content, heat=contours)))
    assert "75 % of the maximum" in words


def test_a_picture_of_loss_is_told(content, text_of):
    scan = replace(content.scan.scan, lossy="lossy JPEG, 10:1")
    words = " ".join(text_of(replace(content, scan=replace(content.scan, scan=scan))))
    assert "lossy JPEG, 10:1" in words


def test_names_in_other_scripts_and_markup_are_written_as_they_are(content, text_of):
    about = (("Patient", "Иванова, Мария"), ("Number", "<b>7</b> & 8"), ("File", "final office"))
    lines = text_of(replace(content, report=replace(content.report, about=about)))
    for _, words in about:
        assert words in lines
