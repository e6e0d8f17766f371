from types import SimpleNamespace

import pytest
from PySide6.QtCore import QObject, QTimer

from btgui.engine.analysis import Analyser
from btgui.engine.errors import ScanError
from btgui.engine.results import Reading
from btgui.workers import batch_reader
from btgui.workers.batch_reader import BatchedRun, BatchReader


@pytest.fixture(scope="module")
def analyser(tiny_pack):
    return Analyser(tiny_pack)


def test_outcomes_come_in_order_and_the_end_is_told(analyser, make_heads, qtbot, qapp):
    files = make_heads(11)
    files[4].write_bytes(b"damaged")
    outcomes, ends, parent = [], [], QObject()
    reader = BatchReader(
        lambda _number: True,
        lambda _run, batch: outcomes.extend((place, type(outcome)) for place, outcome in batch),
        lambda run, stopped: ends.append((run.read, run.failed, stopped)),
        parent,
    )
    reader.start(1, analyser, files)
    qtbot.waitUntil(lambda: bool(ends))
    assert [place for place, _ in outcomes] == files
    assert [kind for _, kind in outcomes] == [
        ScanError if n == 4 else Reading for n in range(len(files))
    ]
    assert ends == [(10, 1, False)]


def test_an_unwanted_run_stops_after_its_batch(analyser, make_heads, qtbot, qapp):
    wanted, ends, parent = [True], [], QObject()
    reader = BatchReader(
        lambda _number: wanted[0],
        lambda *_: wanted.__setitem__(0, False),
        lambda run, stopped: ends.append((run.read, stopped)),
        parent,
    )
    reader.start(1, analyser, make_heads(40))
    qtbot.waitUntil(lambda: bool(ends))
    assert ends == [(2, True)]


def test_the_first_batch_which_compiles_counts_in_no_remaining_time(monkeypatch):
    now = iter((60.0, 62.0))
    monkeypatch.setattr(batch_reader, "time", SimpleNamespace(monotonic=lambda: next(now)))
    reader = SimpleNamespace(readings=lambda *_, **__: None)
    run = BatchedRun(1, reader, range(12), as_series=False)
    failed = [ScanError("damaged")] * 4
    run.count(failed)
    assert run.seconds_left() == -1.0
    run.count(failed)
    assert run.seconds_left() == 2.0


def test_between_two_batches_other_work_has_its_turn_however_often_it_began_anew(qtbot, qapp):
    class Endless:
        def readings(self, _places, *, as_series):
            while True:
                yield []

    batches, parent = [], QObject()
    reader = BatchReader(
        lambda _number: True, lambda run, _: batches.append(run.number), lambda *_: None, parent
    )
    for number in range(5):
        reader.start(number, Endless(), [])
    batches.clear()
    told = []
    QTimer.singleShot(0, lambda: told.append(len(batches)))
    qtbot.waitUntil(lambda: bool(told))
    reader.stop()
    assert told[0] <= 1
    assert set(batches) == {4}
