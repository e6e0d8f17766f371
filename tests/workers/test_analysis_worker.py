"""The analysis service with the small model in a real process."""

import threading
from multiprocessing.context import SpawnProcess

import psutil
import pytest
from PySide6.QtCore import Qt

from btgui.engine import analysis as engine_analysis
from btgui.engine.errors import BtguiError, ScanError
from btgui.engine.notifications import subscribe
from btgui.engine.scan import ScanAddress
from btgui.workers import reading
from btgui.workers.analysis_worker import AnalysisService
from tests.conftest import write_head
from tests.workers.conftest import PATIENCE


def test_a_scan_is_told_when_read_and_when_classified(service, qtbot, scan_file):
    told = []
    service.scan_loaded.connect(lambda scan: told.append(scan.path))
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE) as ready:
        service.read_scan(scan_file)
    analysis = ready.args[0]
    assert told == [scan_file]
    assert sum(analysis.prediction.probabilities) == pytest.approx(1)
    assert set(analysis.milliseconds) == {"read", "preprocess", "predict"}


def test_reading_is_done_away_from_the_window_s_thread(service, qtbot, scan_file, monkeypatch):
    threads = []
    read = reading.read_scan

    def noting(path):
        threads.append(threading.get_ident())
        return read(path)

    monkeypatch.setattr(reading, "read_scan", noting)
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        service.read_scan(scan_file)
    assert threads
    assert threading.get_ident() not in threads


def test_a_newer_scan_supersedes_all_older_requests(service, qtbot, scans):
    told = []
    service.prediction_ready.connect(lambda analysis: told.append(analysis.scan.path))
    for path in scans:
        service.read_scan(path)
    qtbot.waitUntil(lambda: scans[-1] in told, timeout=PATIENCE)
    assert told == [scans[-1]]


def test_heatmaps_come_for_the_class_that_was_asked_for(service, qtbot, scan_file):
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE) as ready:
        service.read_scan(scan_file)
    with qtbot.waitSignal(service.explanation_ready, timeout=PATIENCE) as explained:
        service.explain(ready.args[0], 2, "grad_cam_plus_plus")
    explanation = explained.args[0].explanation
    assert (explanation.target_index, explanation.method) == (2, "grad_cam_plus_plus")


def test_a_file_that_cannot_be_read_is_told_with_its_reason(service, qtbot, tmp_path):
    (tmp_path / "empty.png").touch()
    with qtbot.waitSignal(service.scan_failed, timeout=PATIENCE) as failed:
        service.read_scan(tmp_path / "empty.png")
    assert failed.args[0] == tmp_path / "empty.png"
    assert "empty" in failed.args[1]


def held_up(then):
    """Wrap a function so that it waits; also return events for "has started" and "may go on"."""
    begun, let_go = threading.Event(), threading.Event()

    def hold(*arguments):
        begun.set()
        assert let_go.wait(30)
        if isinstance(then, Exception):
            raise then
        return then(*arguments)

    return hold, begun, let_go


@pytest.mark.parametrize("error", [ScanError("gone"), ZeroDivisionError()])
def test_the_failure_of_a_superseded_scan_is_dropped(service, qtbot, scans, monkeypatch, error):
    told, (hold, begun, let_go) = [], held_up(error)
    service.scan_failed.connect(lambda path, _: told.append(path))
    with monkeypatch.context() as patched:
        patched.setattr(reading, "read_scan", hold)
        service.read_scan(scans[0])
        assert begun.wait(30)
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        service.read_scan(scans[1])
        let_go.set()
    assert not told


def test_the_heatmaps_of_a_superseded_scan_are_dropped(service, qtbot, scans, monkeypatch):
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE) as ready:
        service.read_scan(scans[0])
    told = []
    service.explanation_ready.connect(told.append)
    hold, begun, let_go = held_up(service._worker.model.analyser.explain)
    with monkeypatch.context() as patched:
        patched.setattr(service._worker.model.analyser, "explain", hold)
        service.explain(ready.args[0], 0, "grad_cam")
        assert begun.wait(30)
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        service.read_scan(scans[1])
        let_go.set()
    assert not told


@pytest.fixture
def read_scan(service, qtbot, scan_file):
    """The analysis of a scan, without heatmaps."""
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE) as ready:
        service.read_scan(scan_file)
    return ready.args[0]


def test_a_scan_that_is_shown_already_has_its_verdict_and_is_not_told_again(
    service, qtbot, read_scan
):
    with (
        qtbot.assertNotEmitted(service.scan_loaded),  # the view would begin anew with it
        qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE) as ready,
    ):
        service.classify(read_scan.scan)
    assert ready.args[0].scan is read_scan.scan


def test_slices_are_told_in_their_order_each_with_its_place(service, qtbot, scans):
    told = []
    service.slices_read.connect(
        lambda _number, readings: told.extend(one.index for one in readings)
    )
    with qtbot.waitSignal(service.series_finished, timeout=PATIENCE):
        service.read_series([ScanAddress(path) for path in scans])
    assert told == list(range(len(scans)))


def test_the_failed_heatmaps_of_a_superseded_scan_are_dropped(
    service, qtbot, scans, read_scan, monkeypatch
):
    told = []
    service.explanation_failed.connect(told.append)
    hold, begun, let_go = held_up(BtguiError("gone"))
    with monkeypatch.context() as patched:
        patched.setattr(service._worker.model.analyser, "explain", hold)
        service.explain(read_scan, 0, "grad_cam")
        assert begun.wait(30)
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        service.read_scan(scans[1])
        let_go.set()
    assert not told


def test_of_several_classes_only_the_last_is_computed_and_told(
    service, qtbot, read_scan, monkeypatch
):
    told, computed = [], []
    service.explanation_ready.connect(lambda one: told.append(one.explanation.target_index))
    explain = service._worker.model.analyser.explain

    def noting(analysis, target_index, method):
        computed.append(target_index)
        return explain(analysis, target_index, method)

    hold, begun, let_go = held_up(noting)
    monkeypatch.setattr(service._worker.model.analyser, "explain", hold)
    service.explain(read_scan, 0, "grad_cam")
    assert begun.wait(30)
    for target_index in (1, 2, 3):
        service.explain(read_scan, target_index, "grad_cam")
    let_go.set()
    qtbot.waitUntil(lambda: 3 in told, timeout=PATIENCE)
    assert (told, computed) == ([3], [0, 3])


def test_heatmaps_that_a_newer_wish_passes_on_their_way_are_dropped(
    service, qtbot, read_scan, monkeypatch
):
    told = []
    service.explanation_ready.connect(lambda one: told.append(one.explanation.target_index))
    sent = threading.Event()

    def note(*_):
        sent.set()

    service._worker.explained.connect(note, Qt.ConnectionType.DirectConnection)
    service.explain(read_scan, 1, "grad_cam")
    assert sent.wait(30)  # it waits for this thread to come to it
    service._worker.explained.disconnect(note)
    service.explain(read_scan, 2, "grad_cam")
    qtbot.waitUntil(lambda: 2 in told, timeout=PATIENCE)
    assert told == [2]


def test_heatmaps_that_fail_are_told_and_leave_the_verdict(service, qtbot, read_scan, monkeypatch):
    failing, _, let_go = held_up(BtguiError("gone"))
    let_go.set()
    monkeypatch.setattr(service._worker.model.analyser, "explain", failing)
    with (
        qtbot.assertNotEmitted(service.scan_failed),
        qtbot.waitSignal(service.explanation_failed, timeout=PATIENCE) as failed,
    ):
        service.explain(read_scan, 0, "grad_cam")
    assert "gone" in failed.args[0]


def test_without_a_model_it_is_told_why_there_are_no_heatmaps(qtbot, read_scan):
    without = AnalysisService()
    with qtbot.waitSignal(without.explanation_failed, timeout=PATIENCE) as failed:
        without.explain(read_scan, 0, "grad_cam")
    without.close()
    assert "There is no model" in failed.args[0]


def test_a_stopped_folder_is_told_with_what_was_read(service, qtbot, tmp_path):
    for number in range(40):
        write_head(tmp_path / f"{number:02}.png", seed=number)
    counts = []
    service.folder_progress.connect(lambda done, *_: (counts.append(done), service.cancel_folder()))
    with qtbot.waitSignal(service.folder_finished, timeout=PATIENCE) as finished:
        service.read_folder([tmp_path])
    service.folder_progress.disconnect()
    assert finished.args[0].stopped
    assert finished.args[0].read == counts[-1] < 40


def test_a_folder_is_read_with_progress_past_a_damaged_file(service, qtbot, scans, tmp_path):
    (tmp_path / "3 damaged.png").write_bytes(b"nothing")
    results, progress = {}, []
    service.folder_results.connect(
        lambda rows: results.update({row.path.name: index for row, index in rows})
    )
    service.folder_progress.connect(lambda *values: progress.append(values[:2]))
    with qtbot.waitSignal(service.folder_finished, timeout=PATIENCE) as finished:
        service.read_folder([tmp_path])
    assert (finished.args[0].read, finished.args[0].failed) == (6, 1)
    assert not finished.args[0].stopped
    assert len(results) == 7
    assert results["3 damaged.png"] == -1
    assert progress[-1] == (7, 7)
    assert [done for done, _ in progress] == sorted(done for done, _ in progress)


def test_an_opened_scan_need_not_wait_for_a_folder(service, qtbot, scans, tmp_path, scan_file):
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(40):
        write_head(folder / f"{number:02}.png", seed=number)
    order = []
    service.prediction_ready.connect(lambda _: order.append("scan"))
    service.folder_finished.connect(lambda _: order.append("folder"))
    service.read_folder([folder])
    service.read_scan(scan_file)
    qtbot.waitUntil(lambda: "folder" in order, timeout=PATIENCE)
    assert order == ["scan", "folder"]


def test_what_was_read_is_recorded_by_its_content(service, qtbot, scan_file, tiny_pack):
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE) as ready:
        service.read_scan(scan_file)
    analysis = ready.args[0]
    recorded = service.records.verdict_for(analysis.scan.sha256, tiny_pack.card.id)
    assert recorded.class_index == analysis.prediction.verdict_index


@pytest.mark.parametrize("folder", [False, True], ids=["scan", "folder"])
def test_a_record_that_fails_costs_no_verdict(service, qtbot, scans, monkeypatch, folder):
    monkeypatch.setattr(service.records, "add", lambda _: 1 / 0)
    monkeypatch.setattr(service._worker._recording, "records", service.records)
    messages = []
    unsubscribe = subscribe(messages.append)
    if folder:
        with qtbot.waitSignal(service.folder_finished, timeout=PATIENCE) as finished:
            service.read_folder(scans)
        assert finished.args[0].read == len(scans)
    else:
        with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
            service.read_scan(scans[0])
    unsubscribe()
    assert ["no longer recorded" in message.text for message in messages] == [True]  # once


def test_an_unexpected_error_does_not_end_the_service(service, qtbot, scan_file, monkeypatch):
    messages = []
    unsubscribe = subscribe(messages.append)
    with monkeypatch.context() as patched:
        patched.setattr(engine_analysis, "preprocess", lambda *_: 1 / 0)
        with (
            qtbot.assertNotEmitted(service.scan_failed),  # it was read
            qtbot.waitSignal(service.analysis_failed, timeout=PATIENCE),
        ):
            service.read_scan(scan_file)
    qtbot.waitUntil(lambda: bool(messages), timeout=PATIENCE)
    unsubscribe()
    assert "ZeroDivisionError" in messages[0].details
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        service.read_scan(scan_file)


def test_a_scan_can_be_seen_before_the_model_is_loaded(qtbot, scan_file):
    service = AnalysisService()
    with qtbot.waitSignal(service.scan_loaded, timeout=PATIENCE):
        service.read_scan(scan_file)
    with qtbot.waitSignal(service.folder_finished, timeout=PATIENCE) as finished:
        service.read_folder([scan_file])
    service.close()
    assert finished.args[0].stopped
    assert finished.args[0].problem


def test_closing_while_a_model_loads_ends_its_process_at_once(qtbot, tiny_pack):
    before = set(psutil.Process().children(recursive=True))
    service = AnalysisService()
    with qtbot.waitSignal(service.model_loading):
        service.load_model(tiny_pack)
    qtbot.waitUntil(lambda: service._worker.model.process is not None, timeout=PATIENCE)
    service.close()
    assert_ended(service, before)


def test_closing_in_the_moment_a_process_is_started_ends_it_too(qtbot, tiny_pack, monkeypatch):
    hold, begun, let_go = held_up(SpawnProcess.start)
    monkeypatch.setattr(SpawnProcess, "start", hold)
    before, service = set(psutil.Process().children(recursive=True)), AnalysisService()
    service.load_model(tiny_pack)
    assert begun.wait(30)
    try:
        service._worker.model.abort()  # as close does first
    finally:
        let_go.set()
        service.close()
    assert_ended(service, before)


def assert_ended(service, before: set[psutil.Process]):
    """Check that neither the service's thread nor its process is left."""
    assert not service._thread.isRunning()
    left = set(psutil.Process().children(recursive=True)) - before
    assert not [child for child in left if "resource_tracker" not in " ".join(child.cmdline())]
