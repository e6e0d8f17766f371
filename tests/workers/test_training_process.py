import pytest

from btgui.engine.training_events import Command, Ended, Progress
from btgui.workers.training_process import TrainingProcess
from tests.training.conftest import draw_head

cv2 = pytest.importorskip("cv2")


@pytest.fixture
def process(qapp):
    process = TrainingProcess()
    yield process
    process.kill()


@pytest.fixture
def preview(tmp_path):
    """The arguments of a quick command."""
    for label in ("a", "b"):
        (tmp_path / "scans" / label).mkdir(parents=True)
        cv2.imwrite(str(tmp_path / "scans" / label / "0.png"), draw_head(0, tumour=False))
    places = [str(tmp_path / "scans"), "--into", str(tmp_path / "pictures")]
    return ["preview", *places, "--events", "--end-with-input"]


def test_events_arrive_and_the_end_is_told_once(process, qtbot, preview):
    events, endings = [], []
    process.event_arrived.connect(events.append)
    process.ended.connect(endings.append)
    process.start(preview)
    qtbot.waitUntil(lambda: not process.is_running(), timeout=30_000)
    assert [one.how for one in endings] == ["succeeded"]
    assert isinstance(events[-1], Ended)
    assert any(isinstance(event, Progress) for event in events)


def test_a_failure_says_why(process, qtbot, preview):
    with qtbot.waitSignal(process.ended, timeout=30_000) as ended:
        process.start([*preview[:1], "/nowhere", *preview[2:]])
    assert ended.args[0].how == "failed"
    assert "is neither" in ended.args[0].text


def test_it_can_be_killed(process, qtbot, preview):
    process.start(preview)
    process.tell(Command.PAUSE)
    with qtbot.waitSignal(process.ended) as ended:
        process.kill()
    assert ended.args[0].how == "killed"
    assert not process.is_running()
