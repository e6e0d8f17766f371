"""A real training that meets a full disk: it is told, nothing is lost, and it goes on."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.training_request import AS_PUBLISHED, TrainingRequest
from btgui.engine.training_runs import begin_run, model_folder, new_run_folder
from btgui.views.training_wizard.training_page import TrainingPage
from btgui.workers.training_process import TrainingProcess

PATIENCE = 120_000
# No file may grow beyond so many bytes, as on a disk that has no more.
LIMITED = (
    "import resource, signal, sys\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "if {limit}: resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))\n"
    "from tests.training.conftest import train_with_tiny\n"
    "sys.exit(train_with_tiny(sys.argv[1:]))\n"
)
ROOM = 1_000_000  # too little for the cache of preprocessed scans


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are Unix's")
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(qtbot, dataset, monkeypatch):
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    folder = new_run_folder()
    request = TrainingRequest(
        (str(dataset),),
        str(model_folder(folder)),
        "Mine",
        architecture="tiny",
        weights="none",
        protocol="published",
        recipe=replace(AS_PUBLISHED, epochs=3, batch_size=8),
    )
    run = begin_run(request, folder)
    process = TrainingProcess(program=(sys.executable, "-c", LIMITED.format(limit=ROOM)))
    page = TrainingPage(process)
    qtbot.addWidget(page)
    page.show()
    page.resume_run(run)
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert "could not go on" in page.panel.phase.text()
    assert "There is no room left" in page.panel.phase.text()
    assert not run.is_finished
    process._program = (sys.executable, "-c", LIMITED.format(limit=0))
    page.resume.click()
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert run.is_finished, page.log.toPlainText()
