from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal

from btgui.views.prediction_panel import PredictionPanel
from btgui.views.preprocessing_view import PreprocessingView
from btgui.views.reading_desk import ReadingDesk
from btgui.views.reading_page import ReadingPage


class Service(QObject):
    """The part of the service that the desk uses."""

    scan_loaded = Signal(object)
    analysis_failed = Signal(object, str)
    explanation_ready = Signal(object)
    explanation_failed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple] = []

    def explain(self, analysis, target_index, method):
        self.asked.append((analysis, target_index, method))


@pytest.fixture
def service(qapp) -> Service:
    return Service()


@pytest.fixture
def parts(qtbot):
    page, preprocessing, prediction = ReadingPage(), PreprocessingView(), PredictionPanel()
    for part in (page, preprocessing, prediction):
        qtbot.addWidget(part)
    preprocessing.show()  # what is not seen is not drawn
    prediction.set_model(None)
    return page, preprocessing, prediction


@pytest.fixture
def desk(service, parts) -> ReadingDesk:
    return ReadingDesk(service, *parts, service)


@pytest.fixture
def unexplained(analysis):
    return replace(analysis, explanation=None)


@pytest.fixture
def shown(desk, service, unexplained) -> ReadingDesk:
    service.scan_loaded.emit(unexplained.scan)
    desk.show(unexplained)
    return desk


def outlined(page) -> bool:
    return page.scan_view.picture.crop.getData()[0] is not None


def test_every_part_shows_the_reading_and_heatmaps_are_asked_for(shown, parts, service, analysis):
    page, preprocessing, prediction = parts
    verdict = analysis.prediction.verdict_index
    ((asked, target_index, method),) = service.asked
    assert asked.scan is analysis.scan
    assert (target_index, method) == (verdict, "grad_cam")
    assert page.scan_view.scan.path == analysis.scan.path
    assert outlined(page)
    assert all(picture.has_picture() for picture in preprocessing.pictures)
    assert prediction._verdict.text() == analysis.prediction.display_names[verdict]
    service.explanation_ready.emit(analysis)
    assert page.gradcam.analysis is analysis


def test_heatmaps_that_fail_leave_the_verdict(shown, parts, service, analysis):
    page, _, prediction = parts
    before = prediction._verdict.text()
    service.explanation_failed.emit("No heatmaps: gone.")
    assert page.gradcam.problem == "No heatmaps: gone."
    assert prediction._verdict.text() == before


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        (ReadingDesk.begin, "Heatmaps follow the verdict."),
        (ReadingDesk.await_rest, "Pause on a slice to see its heatmaps."),
    ],
)
def test_what_is_waited_for_stands_in_place_of_the_last_reading(shown, parts, wait, said):
    page, preprocessing, prediction = parts
    wait(shown)
    assert page.gradcam.analysis is None
    assert page.gradcam.problem == said
    assert not any(picture.has_picture() for picture in preprocessing.pictures)
    assert prediction._verdict.text() == "…"


def test_a_scan_that_cannot_be_analysed_stays_in_view_without_its_outline(shown, parts, service):
    page, _, prediction = parts
    service.analysis_failed.emit(page.scan_view.scan.path, "The network stopped.")
    assert page.scan_view.scan is not None
    assert not outlined(page)
    assert prediction.sentence.text() == "The network stopped."
    assert page.gradcam.problem == "No heatmaps: the scan could not be analysed."


def test_a_scan_that_cannot_be_read_leaves_no_picture(shown, parts, scan_file):
    page, _, prediction = parts
    shown.fail("A series", scan_file, "It is damaged.")
    assert page.scan_view.scan is None
    assert page.name.text() == "A series"
    assert (prediction._heading.text(), prediction.sentence.text()) == (
        scan_file.name,
        "It is damaged.",
    )


def test_without_a_model_a_verdict_is_put_away_and_the_picture_stays(shown, parts):
    page, _, prediction = parts
    shown.take_back()
    assert page.scan_view.scan is not None
    assert not outlined(page)
    assert prediction._verdict.text() == "…"
    assert page.gradcam.problem == "No heatmaps: there is no model."
