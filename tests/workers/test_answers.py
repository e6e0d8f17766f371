"""Answers that are overtaken by a newer request while crossing between threads."""

import threading

from PySide6.QtCore import Qt

from btgui.engine.errors import BtguiError
from btgui.workers import reading
from btgui.workers.analysis_worker import AnalysisService
from tests.workers.conftest import PATIENCE


def waiting_answers(signal, count, request):
    """Make a request and wait for ``count`` answers without running this thread's event loop."""
    sent = threading.Semaphore(0)

    def note(*_):
        sent.release()

    signal.connect(note, Qt.ConnectionType.DirectConnection)
    request()
    assert all(sent.acquire(timeout=60) for _ in range(count))
    signal.disconnect(note)


def test_neither_an_older_scan_nor_its_verdict_is_told_beside_the_new_one(service, qtbot, scans):
    told = []
    service.scan_loaded.connect(lambda scan: told.append(scan.path))
    service.prediction_ready.connect(lambda analysis: told.append(analysis.scan.path))
    answered = service._worker.scan_answered
    waiting_answers(answered, 2, lambda: service.read_scan(scans[0]))
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        service.read_scan(scans[1])
    assert told == [scans[1], scans[1]]


def test_why_an_older_scan_could_not_be_read_is_not_told(service, qtbot, scans, monkeypatch):
    def fail(_):
        raise BtguiError("gone")

    answered = service._worker.scan_answered
    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_scan", fail)
        waiting_answers(answered, 1, lambda: service.read_scan(scans[0]))
    with (
        qtbot.assertNotEmitted(service.scan_failed),
        qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE),
    ):
        service.read_scan(scans[1])


def test_that_an_older_model_is_ready_is_not_told(qtbot, tiny_pack):
    service, told = AnalysisService(), []
    service.model_ready.connect(lambda pack, *_: told.append(pack.card.id))
    answered = service._worker.model.answered
    for _ in range(2):
        waiting_answers(answered, 1, lambda: service.load_model(tiny_pack))
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    service.close()
    assert told == [tiny_pack.card.id]
