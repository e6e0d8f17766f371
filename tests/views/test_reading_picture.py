from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from PySide6.QtGui import QPainter

from btgui.engine.exports.heat_pictures import HeatStyle, ShownHeat
from btgui.engine.geometry import Edges
from btgui.views import reading_picture as module
from btgui.views.reading_picture import ReadingWords, reading_picture
from btgui.views.scan_view import painting

WHEN = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
COLOURS = HeatStyle("inferno", 0.5, contours=False)


@pytest.fixture
def heat(qapp, analysis):
    return ShownHeat(analysis, analysis.explanation.stages[4], COLOURS)


@pytest.fixture
def written(monkeypatch):
    """The texts that are written into pictures from now on, in order."""
    texts = []

    class Listening(QPainter):
        def drawText(self, *arguments):  # noqa: N802  (Qt's name)
            texts.extend(one for one in arguments if isinstance(one, str))
            return super().drawText(*arguments)

    monkeypatch.setattr(module, "QPainter", Listening)
    return texts


def with_scan(heat, **changes):
    scan = replace(heat.analysis.scan, **changes)
    return replace(heat, analysis=replace(heat.analysis, scan=scan))


def of_shape(heat, shape):
    grey = np.full(shape, 90, np.uint8)
    stage = replace(heat.stage, on_scan=np.full(shape, 0.7, np.float32))
    return replace(with_scan(heat, grey=grey), stage=stage)


def test_all_that_a_reader_has_to_know_is_written_in_it(heat, written):
    words = ReadingWords("Likely: 80 %.", "Look closely.", "Slice 3 of 9", "Whole series: Glioma.")
    reading_picture(heat, words, WHEN)
    prediction = heat.analysis.prediction
    assert written[:2] == [
        "Research use, not for diagnosis",
        "Scan, in the grey levels given to the network",
    ]
    verdict = prediction.display_names[prediction.verdict_index]
    assert f"Evidence for {verdict.lower()}: Stage 5, Grad-CAM" in written
    assert verdict in written
    for text in (*prediction.display_names, "Look closely.", "Slice 3 of 9", "no evidence"):
        assert text in written
    assert "Whole series: Glioma." in written
    assert "Model: Small test model (small)" in written
    assert "Made by btgui 0.1.0 on 2026-03-04 at 22:30" in written
    assert sum(text.endswith("%") for text in written) == len(prediction.classes)


def test_nothing_of_the_header_and_of_the_file_s_name_stands_in_it_but_numbers(heat, written):
    header = {
        "PatientName (0010,0010)": "DOE",
        "SeriesNumber (0020,0011)": "5",
        "InstanceNumber (0020,0013)": "12",
        "SeriesDescription (0008,103E)": "DOE",
    }
    scan = {"header": header, "plane": "axial"}
    reading_picture(with_scan(heat, **scan), ReadingWords(), WHEN)
    assert "Series 5, image 12, axial" in written
    assert not any("DOE" in text or heat.analysis.scan.path.name in text for text in written)


def test_what_the_scan_has_lost_is_told(heat, written):
    reading_picture(with_scan(heat, lossy="lossy JPEG, 10:1"), ReadingWords(), WHEN)
    assert "The file's compression: lossy JPEG, 10:1" in written


def test_a_frame_is_told_by_its_number(heat, written):
    header = {"SeriesNumber (0020,0011)": "5", "InstanceNumber (0020,0013)": "1"}
    reading_picture(
        with_scan(heat, header=header, metadata={"Frame": "3 of 15"}), ReadingWords(), WHEN
    )
    assert "Series 5, frame 3 of 15" in written


def test_lines_in_place_of_colours_are_explained(heat, written):
    explained = "Contour lines at 50 % and 75 % of the maximum."
    reading_picture(heat, ReadingWords(), WHEN)
    assert explained not in written
    reading_picture(replace(heat, style=replace(COLOURS, contours=True)), ReadingWords(), WHEN)
    assert explained in written


def test_a_stage_without_evidence_is_told_as_such(heat, written):
    silent = replace(heat.stage, feature_map=np.zeros_like(heat.stage.feature_map))
    reading_picture(replace(heat, stage=silent), ReadingWords(), WHEN)
    assert any(text.startswith("No evidence at this stage for ") for text in written)


def test_of_many_classes_the_likeliest_are_shown_and_the_others_counted(heat, written):
    names = tuple(f"Class {number}" for number in range(20))
    shares = (0.01, *[0.05] * 18, 0.09)
    prediction = replace(
        heat.analysis.prediction,
        classes=names,
        display_names=names,
        probabilities=shares,
        logits=shares,
    )
    many = replace(heat, analysis=replace(heat.analysis, prediction=prediction))
    reading_picture(many, ReadingWords(), WHEN)
    assert "Class 19" in written
    assert "Class 0" not in written
    assert "12 more classes, together 56 %" in written


def test_letters_stand_at_the_edges_of_both_pictures(heat, written, monkeypatch):
    letters = []
    paint = painting.paint_text
    monkeypatch.setattr(
        module,
        "paint_text",
        lambda p, place, text, c: letters.append(text) or paint(p, place, text, c),
    )
    reading_picture(with_scan(heat, edges=Edges("R", "L", "A", "P")), ReadingWords(), WHEN)
    assert letters == ["R", "L", "A", "P"] * 2


def test_the_scan_is_on_the_left_and_its_heat_on_the_right(heat):
    pixels = reading_picture(of_shape(heat, (64, 64)), ReadingWords(), WHEN).astype(int)
    height, width, _ = pixels.shape
    left, right = pixels[height // 3, width // 4], pixels[height // 3, 3 * width // 4]
    assert list(left) == [90, 90, 90]
    assert np.ptp(right) > 30


@pytest.mark.parametrize("shape", [(16, 16), (64, 512), (700, 90), (3000, 2000)])
def test_it_is_as_wide_for_every_scan_and_no_higher_than_its_words_need(heat, shape):
    height, width, colours = reading_picture(of_shape(heat, shape), ReadingWords(), WHEN).shape
    assert (width, colours) == (1520, 3)
    assert 400 < height < 1300


def test_pixels_that_are_not_square_are_drawn_as_high_as_they_are(heat):
    flat = with_scan(of_shape(heat, (100, 100)), spacing_mm=(1.0, 4.0))
    square = reading_picture(of_shape(heat, (100, 100)), ReadingWords(), WHEN)
    assert reading_picture(flat, ReadingWords(), WHEN).shape[0] < square.shape[0] - 400


def test_long_names_make_it_higher_and_are_not_cut_off_at_its_side(heat):
    short = reading_picture(heat, ReadingWords("Short."), WHEN)
    named = replace(heat, analysis=replace(heat.analysis, model_name="M" * 60, model_id="m" * 80))
    long = reading_picture(named, ReadingWords("Short.", "W" * 300), WHEN)
    assert long.shape[0] > short.shape[0]
    assert not long[:, -20:][64:].any()
