"""The reading of a whole series on its card and curve, with a fake in place of the reader."""

import os
from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading
from btgui.views.series.probability_curve import ProbabilityCurve
from btgui.views.series.whole_series import WholeSeries
from btgui.workers.series_reading import SeriesOutcome
from tests.conftest import card_for
from tools.make_series import make_series

GLIOMA = tuple(SliceReading(index, (0.9, 0.1, 0.0, 0.0)) for index in range(5))
DECIDED = SeriesOutcome(GLIOMA, is_whole=True, verdict=SeriesVerdict(0, 0.9, 1, (1, 2, 3), 5))


class Reading(QObject):
    """A fake that records requests; the tests send the readings."""

    progressed = Signal(object, tuple)
    finished = Signal(object, object)
    forgotten = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.changed: set[object] = set()
        self.asked: list[str] = []
        self.kept: dict[object, SeriesOutcome] = {}

    def known(self, series):
        return self.kept.get(series)

    def read(self, _series):
        self.asked.append("read")

    def drop(self):
        self.asked.append("drop")

    def stop(self):
        self.asked.append("stop")

    def forget(self, series):
        self.changed.add(series)
        self.forgotten.emit(series)

    def is_forgotten(self, series):
        return series in self.changed


@pytest.fixture(scope="module")
def model():
    return card_for()


@pytest.fixture
def series(tmp_path):
    make_series(tmp_path, slices=5, size=16)
    (found,) = index_places([tmp_path]).series
    return found


@pytest.fixture
def reading(qapp) -> Reading:
    return Reading()


@pytest.fixture
def curve(qapp) -> ProbabilityCurve:
    return ProbabilityCurve()


@pytest.fixture
def whole(reading, curve, qtbot):
    window = QWidget()
    whole = WholeSeries(reading, curve, window)
    for widget in (window, curve, whole.card):
        qtbot.addWidget(widget)
    yield whole
    whole.close()


@pytest.fixture
def opened(whole, series, model) -> WholeSeries:
    whole.set_model(model)
    whole.open(series)
    return whole


def test_a_series_waits_for_a_model_and_is_read_when_it_is_ready(whole, series, reading, model):
    whole.open(series)
    assert whole.card.sentence.text() == "The model is being loaded …"
    assert not reading.asked
    whole.set_model(model)
    assert reading.asked == ["read"]
    assert whole.card.is_running()


def test_its_verdict_is_told_once_all_of_it_is_read(opened, series, reading, curve, qtbot):
    reading.progressed.emit(series, GLIOMA[:2])
    assert (opened.readings, opened.outcome) == (GLIOMA[:2], None)
    with qtbot.waitSignal(opened.outcome_changed):
        reading.finished.emit(series, DECIDED)
    assert (opened.readings, opened.verdict) == (GLIOMA, DECIDED.verdict)
    assert opened.card.verdict.text() == "Glioma"
    decided = DECIDED.verdict.deciding
    assert curve._band.isVisibleTo(curve._band.parentItem())
    assert curve._band.getRegion() == (decided[0] + 0.5, decided[-1] + 1.5)
    with qtbot.waitSignal(opened.slice_wanted) as wanted:
        opened.card.show_deciding.click()
    assert wanted.args == [2]


def test_a_verdict_on_novel_slices_is_doubtful_once_they_are_read(opened, series, reading):
    assert "unlike" not in opened.card.warning.text()
    novel = replace(DECIDED, verdict=replace(DECIDED.verdict, novel=3))
    reading.finished.emit(series, novel)
    assert "All 3 deciding slices are unlike" in opened.card.warning.text().replace("\xa0", " ")
    assert not opened.card.warning.isHidden()


def test_what_is_said_of_another_series_is_passed_over(opened, reading):
    reading.progressed.emit(None, GLIOMA)
    reading.finished.emit(None, DECIDED)
    assert (opened.readings, opened.outcome) == ((), None)


def test_one_that_was_stopped_is_gone_on_with_when_it_is_opened_again(opened, series, reading):
    reading.progressed.emit(series, GLIOMA[:2])
    opened.stop()
    assert opened.card.verdict.text() == "Stopped"
    opened.open(series)
    assert reading.asked == ["read", "stop", "read"]


def test_one_that_is_known_is_not_read_again(opened, series, reading):
    opened.leave()
    assert opened.card.isHidden()
    reading.kept[series] = DECIDED
    opened.open(series)
    assert reading.asked == ["read", "drop"]
    assert opened.verdict is DECIDED.verdict


def test_without_a_model_what_was_read_is_put_away(opened, series, reading):
    reading.finished.emit(series, DECIDED)
    opened.await_model()
    assert opened.verdict is DECIDED.verdict  # until the next can read
    opened.set_no_model("It is damaged.")
    assert (opened.readings, opened.verdict) == ((), None)
    assert opened.card.sentence.text() == "It is damaged."


def test_no_verdict_stays_on_files_that_were_written_anew(opened, series, reading, qtbot):
    reading.finished.emit(series, DECIDED)
    one = series.slices[0]
    os.utime(one.address.path, ns=(0, one.modified_ns + 2_000_000_000))
    with qtbot.waitSignal(reading.forgotten):
        opened.open(series)
    assert opened.verdict is None
    assert "have changed on the disk" in opened.card.sentence.text()
    assert reading.changed == {series}


def test_of_a_reading_that_broke_off_nothing_is_shown_or_saved(
    whole, curve, reading, series, model
):
    whole.set_model(model)
    whole.open(series)
    reading.progressed.emit(series, GLIOMA[:3])
    broken = SeriesOutcome(GLIOMA[:3], is_whole=False, problem="The network's process ended.")
    reading.finished.emit(series, broken)
    assert whole.card.verdict.text() == "Not read"
    assert not whole.has_table()
    assert curve.isHidden()
    whole.open(series)
    assert reading.asked == ["read", "read"]
