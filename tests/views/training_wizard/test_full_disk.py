"""A real training that meets a full disk: the error is shown, nothing is lost, and it resumes."""

import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.training_request import AS_PUBLISHED, TrainingRequest
from btgui.engine.training_runs.events import EpochDone
from btgui.engine.training_runs.runs import begin_run, model_folder, new_run_folder
from btgui.views.training_wizard.training_page import TrainingPage
from btgui.workers.training_process import TrainingProcess

PATIENCE = 600_000  # of a computer with much else to do; what is waited for is how the run ended
pytestmark = pytest.mark.timeout(2 * PATIENCE / 1000)
# No file may grow beyond so many bytes, as on a disk that has no more.
LIMITED = (
    "import resource, signal, sys\n"
    "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
    "if {limit}: resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, resource.RLIM_INFINITY))\n"
    "from tests.training.conftest import train_with_tiny\n"
    "sys.exit(train_with_tiny(sys.argv[1:]))\n"
)
ROOM = 1_000_000  # too little for the cache of preprocessed scans
# The disk is full as soon as an epoch is done.
FILLING = (
    "import sys\n"
    "from pathlib import Path\n"
    "from tests.training.conftest import train_with_tiny\n"
    "from tests.views.training_wizard.test_full_disk import fill\n"
    "from training.fitting.loop import FittingLoop\n"
    "validate = FittingLoop._validate\n"
    "FittingLoop._validate = lambda loop: (validate(loop), fill(Path({place!r})))\n"
    "sys.exit(train_with_tiny(sys.argv[1:]))\n"
)
# A small disk: the run's own files fit, and little more.
MEBIBYTES, EPOCHS, FILLER = 48, 4, "filler"


def begin(folder, dataset, epochs):
    request = TrainingRequest(
        (str(dataset),),
        str(model_folder(folder)),
        "Mine",
        architecture="tiny",
        weights="none",
        protocol="published",
        recipe=replace(AS_PUBLISHED, epochs=epochs, batch_size=8),
    )
    return begin_run(request, folder)


@pytest.fixture
def page(qtbot, monkeypatch):
    """The page of a training whose process has no limits."""
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    process = TrainingProcess(program=(sys.executable, "-c", LIMITED.format(limit=0)))
    page = TrainingPage(process)
    qtbot.addWidget(page)
    page.show()
    yield page
    process.close()


@pytest.fixture
def small_disk(tmp_path):
    """A small file system in memory, where the user may mount one."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if not (sys.platform.startswith("linux") and mount and umount):
        pytest.skip("small file systems are mounted as on Linux")
    place = tmp_path / "disk"
    place.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={MEBIBYTES}m", "tmpfs", str(place)]
    mounted = subprocess.run([mount, *options], capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"this user may mount no small file system ({mounted.stderr.strip()})")
    yield place
    subprocess.run([umount, "-l", str(place)], check=True)


def fill(place):
    """Leave no room on a small disk."""
    with suppress(OSError), (place / FILLER).open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(4096))


def test_a_disk_that_fills_while_it_trains_is_told_and_nothing_is_lost(
    qtbot, dataset, page, small_disk
):
    run, process = begin(small_disk, dataset, epochs=EPOCHS), page.process
    unfilled = process._program
    process._program = (sys.executable, "-c", FILLING.format(place=str(small_disk)))
    page.resume_run(run)
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert "The training failed." in page.panel.phase.text()
    assert "The checkpoint cannot be written" in page.panel.phase.text()
    assert "No space left on device" in page.panel.phase.text()
    assert run.epochs_done == len(run.history()["loss"]) == 1
    (small_disk / FILLER).unlink()
    later = []
    process.event_arrived.connect(
        lambda event: later.append(event.epoch) if isinstance(event, EpochDone) else None
    )
    process._program = unfilled
    page.resume.click()
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert run.is_finished, page.log.toPlainText()
    assert later == list(range(2, EPOCHS + 1))  # it went on from the checkpoint before


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are Unix's")
def test_a_full_disk_is_told_and_the_run_goes_on_when_there_is_room(qtbot, dataset, page):
    run, process = begin(new_run_folder(), dataset, epochs=3), page.process
    process._program = (sys.executable, "-c", LIMITED.format(limit=ROOM))
    page.resume_run(run)
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert "The training failed." in page.panel.phase.text()
    assert "There is no space left" in page.panel.phase.text()
    assert not run.is_finished
    page.show_run(run)  # as after a restart
    assert "There is no space left" in page.panel.phase.text()
    process._program = (sys.executable, "-c", LIMITED.format(limit=0))
    page.resume.click()
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert run.is_finished, page.log.toPlainText()
