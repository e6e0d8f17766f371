"""The order in which series are read, with a service whose answers are given by the tests."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, Signal

from btgui.engine.scan import ScanAddress
from btgui.engine.studies.series import Series, Slice
from btgui.engine.studies.series_verdict import SliceReading
from btgui.workers.series_reading import SeriesReading

GLIOMA = (0.9, 0.1, 0.0, 0.0)


class AnsweringService(QObject):
    """A service that records requests; the tests provide the readings."""

    slices_read = Signal(int, list)
    series_finished = Signal(int, str)

    def __init__(self):
        super().__init__()
        self.newest_series = 0
        self.asked = []

    def read_series(self, addresses):
        self.newest_series += 1
        self.asked.append(addresses[0].path.parent.name)

    def cancel_series(self):
        self.newest_series += 1

    def tell(self, *indexes, probabilities=GLIOMA):
        readings = [SliceReading(index, probabilities) for index in indexes]
        self.slices_read.emit(self.newest_series, readings)

    def finish(self, problem=""):
        self.series_finished.emit(self.newest_series, problem)

    def read_whole(self, **said):
        self.tell(0, 1, 2, **said)
        self.finish()


@pytest.fixture
def service(qapp):
    return AnsweringService()


@pytest.fixture
def reading(service, tiny_pack):
    reading = SeriesReading(service)
    reading.set_model(tiny_pack.card)
    return reading


@pytest.fixture
def told(reading):
    """The signals received: finished series, the list's progress and its end."""
    told = SimpleNamespace(finished=[], progress=[], ended=[])
    reading.finished.connect(lambda series, outcome: told.finished.append((series.key, outcome)))
    reading.list_progressed.connect(lambda *numbers: told.progress.append(numbers))
    reading.list_ended.connect(lambda *numbers: told.ended.append(numbers))
    return told


def series_of(name):
    """Return a series of three slices in a folder of this name."""
    addresses = [ScanAddress(Path(name) / f"{number}.dcm") for number in range(3)]
    slices = tuple(
        Slice(address, number, None, None, None) for number, address in enumerate(addresses)
    )
    return Series(name, "", "", name, 1, "", "MR", "axial", "T1", None, None, slices, ())


ONE, TWO, THREE = (series_of(name) for name in ("one", "two", "three"))


def test_a_list_is_read_in_its_order_and_each_series_has_a_verdict(reading, service, told):
    reading.read_list([ONE, TWO])
    for _ in range(2):
        service.read_whole()
    assert service.asked == ["one", "two"]
    assert [(key, outcome.verdict.class_index) for key, outcome in told.finished] == [
        ("one", 0),
        ("two", 0),
    ]
    assert told.progress == [(0, 2), (1, 2), (2, 2)]
    assert told.ended == [(2, 2)]


def test_the_series_that_is_opened_goes_first_and_the_one_it_passed_is_read_anew(
    reading, service, told
):
    reading.read_list([ONE, TWO])
    service.tell(0, 1)
    reading.read(THREE)
    for _ in range(3):
        service.read_whole()
    assert service.asked == ["one", "three", "one", "two"]
    assert [len(outcome.readings) for _, outcome in told.finished] == [3, 3, 3]
    assert told.ended == [(2, 2)]


def test_a_series_of_the_list_that_is_opened_is_gone_on_with(reading, service):
    seen = []
    reading.progressed.connect(lambda series, readings: seen.append((series.key, len(readings))))
    reading.read_list([ONE, TWO])
    service.tell(0, 1)
    reading.read(ONE)
    reading.read_list([ONE, TWO])
    service.tell(2)
    assert service.asked == ["one"]
    assert seen == [("one", 2), ("one", 2), ("one", 3)]


def test_what_was_read_whole_is_known_and_not_read_again_until_another_model_reads(
    reading, service, told, tiny_pack
):
    reading.read(ONE)
    service.read_whole()
    assert reading.known(ONE) is told.finished[0][1]
    reading.read_list([ONE, TWO])
    assert service.asked == ["one", "two"]
    assert told.progress == [(1, 2)]
    reading.await_model()
    assert told.ended == [(1, 2)]
    reading.set_model(tiny_pack.card)
    assert reading.known(ONE) is None


def test_a_list_that_is_asked_for_while_a_model_is_loaded_waits_for_it(
    reading, service, told, tiny_pack
):
    reading.await_model()
    reading.read_list([ONE])
    assert service.asked == []
    assert told.progress == [(0, 1)]
    reading.set_model(tiny_pack.card)
    assert service.asked == ["one"]
    reading.await_model()
    reading.read_list([TWO])
    reading.set_no_model("The model is broken.")
    assert service.asked == ["one"]
    assert told.ended == [(0, 1), (0, 1)]


def test_a_list_that_waits_for_a_model_has_nothing_of_the_one_before(
    reading, service, told, tiny_pack
):
    reading.read(ONE)
    service.read_whole()
    reading.await_model()
    reading.read_list([ONE, TWO])
    reading.set_model(tiny_pack.card)
    for _ in range(2):
        service.read_whole()
    assert service.asked == ["one", "one", "two"]
    assert told.progress == [(0, 2), (1, 2), (2, 2)]


def test_a_list_of_known_series_ends_at_once(reading, service, told):
    reading.read(ONE)
    service.read_whole()
    reading.read_list([ONE])
    assert service.asked == ["one"]
    assert told.ended == [(1, 1)]


def test_slices_that_could_not_be_read_are_tried_again(reading, service, told):
    reading.read(ONE)
    service.read_whole(probabilities=())
    assert told.finished[0][1].is_whole
    assert told.finished[0][1].verdict is None
    assert reading.known(ONE) is None


def test_a_series_that_is_put_away_is_read_on_only_for_the_list(reading, service):
    reading.read_list([ONE, TWO])
    reading.read(THREE)
    reading.drop()
    assert service.asked == ["one", "three", "one"]
    reading.read(ONE)
    reading.drop()
    service.read_whole()
    assert service.asked == ["one", "three", "one", "two"]


def test_a_series_that_is_stopped_leaves_the_list(reading, service, told):
    reading.read_list([ONE, TWO])
    reading.read(ONE)
    reading.stop()
    assert service.asked == ["one", "two"]
    service.read_whole()
    assert [key for key, _ in told.finished] == ["two"]
    assert told.ended == [(1, 2)]


def test_a_list_ends_where_its_only_series_is_stopped(reading, told):
    reading.read_list([ONE])
    reading.read(ONE)
    reading.stop()
    assert told.ended == [(0, 1)]


def test_a_series_that_is_forgotten_is_known_no_more_and_read_no_further(reading, service, told):
    reading.read(ONE)
    service.read_whole()
    reading.forget(ONE)
    assert reading.known(ONE) is None
    assert reading.is_forgotten(ONE)
    assert not reading.is_forgotten(TWO)
    reading.read_list([ONE, TWO])  # its verdict would be on other files than were sorted
    service.read_whole()
    assert service.asked == ["one", "two"]
    assert [key for key, _ in told.finished] == ["one", "two"]
    assert told.ended == [(1, 2)]
    reading.read_list([THREE])
    reading.forget(THREE)
    assert told.ended[1:] == [(0, 1)]
    service.read_whole()  # it had been underway
    assert reading.known(THREE) is None
    reading.read(TWO)
    reading.forget(TWO)
    assert service.asked == ["one", "two", "three", "two"]  # and not begun again


def test_forgetting_one_series_leaves_the_one_that_is_read(reading, service, told, qtbot):
    reading.read_list([ONE])
    service.read_whole()
    reading.read(TWO)
    with qtbot.waitSignal(reading.forgotten) as forgotten:
        reading.forget(ONE)
    assert forgotten.args == [ONE]
    service.read_whole()
    assert [key for key, _ in told.finished] == ["one", "two"]
    assert service.asked == ["one", "two"]  # it was not begun again


def test_a_series_whose_files_were_looked_through_anew_is_read_again(reading, service):
    reading.forget(ONE)
    reading.take_anew([ONE])
    reading.read_list([ONE])
    assert service.asked == ["one"]


def test_stopping_the_list_leaves_the_opened_series(reading, service, told):
    reading.read_list([ONE, TWO])
    reading.read(THREE)
    reading.stop_list()
    service.read_whole()
    assert service.asked == ["one", "three"]
    assert [key for key, _ in told.finished] == ["three"]
    assert told.ended == [(0, 2)]
    reading.read_list([ONE])
    reading.stop_list()
    service.read_whole()  # late
    assert [key for key, _ in told.finished] == ["three"]


def test_where_nothing_can_be_read_the_list_ends_with_the_reason(reading, service, told):
    reading.read_list([ONE, TWO])
    service.finish("There is no model.")
    assert service.asked == ["one"]
    assert told.finished[0][1].problem == "There is no model."
    assert told.ended == [(0, 2)]


def test_part_of_a_series_has_no_verdict(reading, service, told):
    reading.read(ONE)
    service.tell(0, 1)
    service.finish()
    outcome = told.finished[0][1]
    assert (outcome.is_whole, outcome.verdict, len(outcome.readings)) == (False, None, 2)
