import pytest
from PySide6.QtCore import QSize, Qt

from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.wizard import TrainingWizard
from tests.views.conftest import heard


class Trial(Page):
    def __init__(self, title):
        super().__init__()
        self.title, self.hint = title, f"About {title}"
        self.complete, self.working, self.visits = True, False, []

    def enter(self, draft):
        self.visits.append(("enter", draft.name))

    def leave(self, draft):
        self.visits.append("leave")
        draft.name = self.title

    def is_complete(self):
        return self.complete

    def busy(self):
        return self.working


@pytest.fixture
def wizard(qtbot):
    window = TrainingWizard([Trial("First"), Trial("Second"), Trial("Third")])
    qtbot.addWidget(window)
    window.show()
    return window


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_one_goes_on_and_back_and_pages_hand_the_draft_on(qtbot, wizard):
    assert (wizard.title.text(), wizard.hint.text()) == ("First", "About First")
    assert not wizard.back.isVisible()
    click(qtbot, wizard.next)
    assert wizard.title.text() == "Second"
    assert wizard.pages[1].visits == [("enter", "First")]
    click(qtbot, wizard.back)
    assert wizard.pages[0].visits[-1] == ("enter", "Second")
    click(qtbot, wizard.next)
    click(qtbot, wizard.next)
    assert wizard.current_page is wizard.pages[2]
    assert not wizard.next.isVisible()


def test_the_smallest_size_is_that_of_the_widest_page(qtbot, wizard):
    wizard.resize(100, 100)
    qtbot.waitUntil(lambda: wizard.size() == QSize(880, 452))
    wizard.pages[2].setMinimumWidth(1000)  # as large letters make it
    click(qtbot, wizard.next)
    click(qtbot, wizard.next)
    qtbot.waitUntil(lambda: wizard.width() > 1150)
    wizard.resize(100, 100)
    assert wizard.width() > 1150


def test_an_unfinished_page_holds_one_back(qtbot, wizard):
    first = wizard.pages[0]
    first.complete = False
    first.complete_changed.emit()
    assert not wizard.next.isEnabled()
    click(qtbot, wizard.next)
    assert wizard.current_page is first
    first.complete = True
    first.complete_changed.emit()
    assert wizard.next.isEnabled()


def test_what_runs_is_not_left_by_accident(qtbot, wizard):
    click(qtbot, wizard.next)
    second = wizard.pages[1]
    second.working = True
    second.complete_changed.emit()
    assert not wizard.next.isEnabled()
    assert not wizard.back.isEnabled()
    second.lets_one_back = True
    second.complete_changed.emit()
    assert wizard.back.isEnabled()
    assert not wizard.next.isEnabled()


def test_it_fits_a_small_screen(wizard):
    assert wizard.minimumHeight() <= 452


def test_the_steps_say_where_one_is(qtbot, wizard):
    click(qtbot, wizard.next)
    assert wizard.steps.accessibleName() == "Step 2 of 3: Second"
    assert "<b>2. Second</b>" in wizard.steps.text()
    assert wizard.focusWidget() is wizard.pages[1]
    assert heard(wizard.pages[1]) == ("Step 2 of 3: Second", "About Second")


@pytest.mark.parametrize("by", ["button", "escape", "frame"])
def test_closing_keeps_what_was_decided(qtbot, wizard, by):
    click(qtbot, wizard.next)
    if by == "button":
        click(qtbot, wizard.shut)
    elif by == "escape":
        qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    else:
        wizard.close()
    assert not wizard.isVisible()
    assert wizard.pages[1].visits.count("leave") == 1
    assert wizard.draft.name == "Second"
    wizard.show()
    assert wizard.current_page is wizard.pages[1]


def test_opening_it_again_resumes_what_closing_has_stopped(qtbot, wizard):
    first = wizard.pages[0]
    assert first.visits == [("enter", "")]  # once, although the wizard was shown since
    wizard.hide()
    wizard.show()
    assert first.visits == [("enter", "")]
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    wizard.show()
    assert first.visits == [("enter", ""), "leave", ("enter", "First")]
    assert wizard.next.isEnabled()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    wizard.go_to(1)
    wizard.show()
    assert wizard.pages[1].visits == [("enter", "First")]


def test_another_training_begins_at_the_first_page(qtbot, wizard):
    click(qtbot, wizard.next)
    former = wizard.draft
    wizard.start_anew()
    assert wizard.current_page is wizard.pages[0]
    assert wizard.pages[0].visits[-1] == ("enter", "")
    assert former.name == "Second"  # the page was left: what it does in the background ends


@pytest.mark.usefixtures("large_letters")
def test_the_title_grows_with_the_user_s_letters(qtbot):
    window = TrainingWizard([Trial("First")])
    qtbot.addWidget(window)
    window.show()
    assert window.title.fontMetrics().height() > window.hint.fontMetrics().height()
