"""The summary on the training page before a training begins."""

import sys

import pytest
from PySide6.QtCore import Qt

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.training_runs.runs import runs
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.training_page import TrainingPage
from tests.views.training_wizard.fake_run import OBEYING, process_of


def test_before_the_start_it_says_what_is_going_to_be_trained(qtbot, tmp_path):
    page = TrainingPage(process_of(""))
    qtbot.addWidget(page)
    left_out = {tmp_path / "2.png"}
    scans = [LabelledScan(tmp_path / f"{n}.png", "ab"[n % 2], "", "x") for n in range(4)]
    page.enter(Draft(place=tmp_path, scans=scans, left_out=left_out, name="<Mine>"))
    qtbot.waitUntil(lambda: "&lt;Mine&gt;" in page.summary.text())
    assert "2 classes: a, b" in page.summary.text()
    assert "About 2 scans for training, 1 to choose" in page.summary.text()
    assert not page.is_complete()
    assert runs() == []


@pytest.mark.parametrize(
    ("name", "weights", "words"),
    [
        (
            "Mine",
            f"{sys.executable}-deleted",
            "was to start from no longer exists. Go back to Model",
        ),
        (
            "Mine",
            f"{sys.executable}{300 * 'x'}",
            "was to start from no longer exists. Go back to Model",
        ),
        ("<Taken>", "none", "Another model is already called &lt;Taken&gt;."),
    ],
)
def test_what_cannot_begin_is_told_before_anything_does(qtbot, tmp_path, name, weights, words):
    page = TrainingPage(process_of(OBEYING), lambda: {"<Taken>"})
    qtbot.addWidget(page)
    page.show()
    scans = [LabelledScan(tmp_path / f"{label}.png", label, "", "x") for label in "ab"]
    page.enter(Draft(place=tmp_path, scans=scans, name=name, weights=weights))
    qtbot.mouseClick(page.begin, Qt.MouseButton.LeftButton)
    assert words in page.summary.text()
    assert runs() == []
