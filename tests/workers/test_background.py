import threading

import pytest

from btgui.engine.errors import DatasetError
from btgui.engine.notifications import subscribe
from btgui.workers.background import Background


@pytest.fixture
def background(qapp):
    background = Background()
    yield background
    background.close()


def test_the_work_is_done_on_another_thread_and_its_result_comes_back(background, qtbot):
    with qtbot.waitSignal(background.succeeded) as done:
        background.start(lambda _stopped: threading.get_ident())
        assert background.is_busy()
    assert done.args[0] != threading.get_ident()
    assert not background.is_busy()


def test_a_known_problem_is_told_in_its_words(background, qtbot):
    def fail(_stopped):
        raise DatasetError("No scans here.")

    with qtbot.waitSignal(background.failed) as failed:
        background.start(fail)
    assert failed.args == ["No scans here."]


def test_an_unknown_problem_is_told_with_its_traceback(background, qtbot):
    told = []
    unsubscribe = subscribe(told.append)
    with qtbot.waitSignal(background.failed):
        background.start(lambda _stopped: 1 / 0)
    unsubscribe()
    assert "ZeroDivisionError" in told[0].details


def test_newer_work_makes_older_work_stale(background, qtbot):
    seen, results = threading.Event(), []
    background.succeeded.connect(results.append)

    def old(stopped):
        seen.set()
        while not stopped():
            pass
        return "old"

    background.start(old)
    assert seen.wait(60)
    with qtbot.waitSignal(background.succeeded):
        background.start(lambda _stopped: "new")
    assert results == ["new"]


def test_cancelled_work_tells_nothing(background, qtbot):
    may_end = threading.Event()
    background.start(lambda _stopped: may_end.wait(60))
    background.cancel()
    may_end.set()
    with qtbot.assertNotEmitted(background.succeeded, wait=50):
        pass
    assert not background.is_busy()


def test_work_that_is_waited_for_tells_its_end(background, qtbot):
    with qtbot.waitSignal(background.succeeded, timeout=0, raising=False) as done:
        background.start(lambda stopped: stopped())
        background.finish()
        assert done.args == [False]
    assert not background.is_busy()


def test_closing_leaves_a_thread_behind_that_does_not_end(background):
    begun, may_end, before = threading.Event(), threading.Event(), threading.enumerate()

    def hang(_stopped):
        begun.set()
        may_end.wait(60)

    background.start(hang)
    assert begun.wait(60)
    background.close(seconds=0.05)
    (left,) = [thread for thread in threading.enumerate() if thread not in before]
    assert left.name == "btgui-background"
    assert left.daemon  # it does not keep the program from ending
    may_end.set()
    left.join(5)


def test_of_works_that_wait_only_the_newest_is_done(background, qtbot):
    begun, may_end, done = threading.Event(), threading.Event(), []

    def first(_stopped):
        begun.set()
        may_end.wait(60)

    background.start(first)
    assert begun.wait(60)
    background.start(lambda _stopped: done.append("second"))
    with qtbot.waitSignal(background.succeeded):
        background.start(lambda _stopped: done.append("third"))
        may_end.set()
    assert done == ["third"]
