import pytest

from btgui.engine.notifications import Notification
from btgui.engine.training_runs.runs import discard
from btgui.views.training_news import TrainingNews
from btgui.workers.training_process import Ending

FULL = Ending("failed", "The disk is full. Free some space.")


@pytest.fixture
def news(qtbot):
    news = TrainingNews()
    qtbot.addWidget(news.indicator)
    news.begin()
    return news


def test_a_run_at_work_is_shown(news):
    assert news.indicator.text() == "Training …"
    assert news.indicator.isVisible()


@pytest.mark.parametrize("seen", [False, True])
def test_that_it_is_done_stays_until_it_is_seen(news, earlier, seen, told):
    news.end(earlier, Ending("succeeded", ""), deleted=False, seen=seen)
    assert told == [
        Notification("info", "The training of Mine is finished: see how good the model is.")
    ]
    assert news.indicator.isVisible() != seen
    assert seen or news.indicator.text() == "Training done"


@pytest.mark.parametrize(
    ("how", "deleted", "said"),
    [
        ("stopped", False, f"The training of Mine {Ending('stopped', '').outcome}"),
        ("killed", True, "The training of Mine has ended."),
    ],
)
def test_an_end_that_the_user_wished_is_said_in_passing(news, earlier, told, how, deleted, said):
    news.end(earlier, Ending(how, ""), deleted=deleted, seen=False)
    assert told == [Notification("info", said)]
    assert not news.indicator.isVisible()


def test_a_problem_stays_until_its_run_is_decided_on(news, earlier, told, qtbot):
    news.end(earlier, FULL, deleted=False, seen=False)
    assert news.indicator.text() == "Training failed"
    _said, problem = told
    with qtbot.assertNotEmitted(news.problem_over):
        news.withdraw(earlier)
    assert news.indicator.isVisible()
    discard(earlier)
    with qtbot.waitSignal(news.problem_over) as over:
        news.withdraw(earlier)
    assert over.args == [problem.text]
    assert not news.indicator.isVisible()


def test_a_problem_is_over_when_the_next_run_begins(news, earlier, told, qtbot):
    news.end(earlier, FULL, deleted=False, seen=True)
    with qtbot.waitSignal(news.problem_over) as over:
        news.begin()
    assert over.args == [told[1].text]
