import cv2
import pytest

from btgui.engine.training_runs.events import Ended
from btgui.workers import replaceable_command
from btgui.workers.replaceable_command import ReplaceableCommand
from tests.training.conftest import draw_head

PATIENCE = 30_000


@pytest.fixture
def command(qapp):
    command = ReplaceableCommand()
    yield command
    command.close()


@pytest.fixture
def preview(tmp_path):
    """Return a function that gives the arguments of a quick command."""
    for label in ("a", "b"):
        (tmp_path / "scans" / label).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "scans" / label / "0.png"), draw_head(0, tumour=False))

    def make(into: str) -> list[str]:
        places = [str(tmp_path / "scans"), "--into", str(tmp_path / into)]
        return ["preview", *places, "--events", "--end-with-input"]

    return make


def test_a_command_runs_and_ends(command, qtbot, preview, tmp_path):
    events = []
    command.event_arrived.connect(events.append)
    with qtbot.waitSignal(command.ended, timeout=PATIENCE) as ended:
        command.start(preview("one"))
        assert command.is_running()
    assert ended.args[0].how == "succeeded"
    assert isinstance(events[-1], Ended)
    assert len(list((tmp_path / "one").iterdir())) == 8


def test_a_newer_command_follows_the_one_before_and_only_its_end_is_told(
    command, qtbot, preview, tmp_path
):
    endings = []
    command.ended.connect(endings.append)
    command.start(preview("one"))
    command.start(preview("two"))
    command.start(preview("three"))
    qtbot.waitUntil(lambda: not command.is_running(), timeout=PATIENCE)
    assert [one.how for one in endings] == ["succeeded"]
    assert (tmp_path / "three").is_dir()
    assert not (tmp_path / "two").exists()


def test_one_that_is_stopped_says_so(command, qtbot, preview):
    command.start(preview("one"))
    with qtbot.waitSignal(command.ended, timeout=PATIENCE) as ended:
        command.stop()
    assert ended.args[0].how == "stopped"


def test_one_that_does_not_stop_is_ended(qapp, qtbot, preview, monkeypatch):
    monkeypatch.setattr(replaceable_command, "_PATIENCE_MILLISECONDS", 1)
    command = ReplaceableCommand()
    command.start(preview("one"))
    with qtbot.waitSignal(command.ended, timeout=2_000) as ended:
        command.stop()
    assert ended.args[0].how == "stopped"
