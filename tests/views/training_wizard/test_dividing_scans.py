"""Scans are divided into parts on a thread: with thousands of them that takes a while."""

import threading
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.datasets.shares import scan_shares
from btgui.engine.models.library import ModelLibrary
from btgui.views.training_wizard import model_page, run_summary
from btgui.views.training_wizard.model_page import ModelPage
from btgui.views.training_wizard.training_page import TrainingPage
from tests.views.training_wizard.fake_run import process_of

PATIENCE = 60


@pytest.fixture
def divided(monkeypatch):
    """The threads and requests of all divisions, each of which waits until it ``may_end``."""
    calls, may_end = [], threading.Event()

    def slowly(scans, request, audit):
        calls.append((threading.current_thread(), request))
        assert may_end.wait(PATIENCE)
        return scan_shares(scans, request, audit)

    for module in (model_page, run_summary):
        monkeypatch.setattr(module, "scan_shares", slowly)
    yield calls, may_end
    may_end.set()


@pytest.fixture
def page(show, tmp_path, draft):
    """The model page with a measured network; a step takes a second, whatever it is for."""
    draft.scans = [replace(scan, split="") for scan in draft.scans]  # so that both shares count
    page = ModelPage(ModelLibrary(tmp_path / "none", tmp_path / "models"))
    page.enter(draft)
    page.time._seconds = {amount.key: (60.0, 60.0) for amount in page._amounts()}
    page.settings.advanced.click()
    return show(page)


def time_of(page):
    return page.networks.cards["mobilenetv2"].time.text()


def type_share(qtbot, page, text):
    box = page.settings.form.boxes["validation_fraction"]
    box.selectAll()
    qtbot.keyClicks(box, text)


def test_typing_a_share_does_not_hold_up_the_window(divided, page, qtbot, draft):
    calls, may_end = divided
    qtbot.waitUntil(lambda: len(calls) == 1)
    type_share(qtbot, page, "0.45")
    assert time_of(page) == "Training time: calculating …"
    assert len(calls) == 1
    may_end.set()
    qtbot.waitUntil(lambda: "(measured here)" in time_of(page))
    # Of the shares typed meanwhile, only the last one was asked for.
    assert [request.validation_fraction for _thread, request in calls] == [0.2, 0.45]
    assert threading.main_thread() not in [thread for thread, _request in calls]
    page.leave(draft)
    assert draft.validation_fraction == 0.45


def test_they_are_divided_again_only_where_that_may_differ(divided, page, qtbot, draft):
    calls, may_end = divided
    may_end.set()
    qtbot.waitUntil(lambda: "(measured here)" in time_of(page))
    page.settings.form.boxes["epochs"].setValue(7)
    for card in page.networks.cards.values():
        card.choice.click()
    assert len(calls) == 1
    page.enter(draft)  # it may hold other scans now
    assert time_of(page) == "Training time: calculating …"
    qtbot.waitUntil(lambda: "(measured here)" in time_of(page))
    assert len(calls) == 2


def test_the_summary_before_a_training_does_not_hold_up_the_window(divided, show, qtbot, draft):
    calls, may_end = divided
    page = show(TrainingPage(process_of("")))
    page.enter(draft)
    assert page.summary.text() == "Working out how the scans will be divided …"
    assert page.begin.isEnabled()
    may_end.set()
    qtbot.waitUntil(lambda: "2 classes: Glioma, No tumour" in page.summary.text())
    assert threading.main_thread() not in [thread for thread, _request in calls]


def test_why_a_training_does_not_start_is_not_replaced_by_a_summary(
    divided, show, qtbot, draft, tmp_path
):
    _calls, may_end = divided
    page = show(TrainingPage(process_of("")))
    draft.weights = str(tmp_path / "gone")
    page.enter(draft)
    qtbot.mouseClick(page.begin, Qt.MouseButton.LeftButton)
    assert "no longer exists" in page.summary.text()
    may_end.set()
    page.summary._background.finish()
    assert "no longer exists" in page.summary.text()
