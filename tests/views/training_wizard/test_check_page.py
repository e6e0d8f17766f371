import shutil
import threading

import cv2
import pytest
from PySide6.QtCore import Qt

from btgui.views.training_wizard import check_page
from btgui.views.training_wizard.check_page import CheckPage
from btgui.views.training_wizard.thumbnail import Thumbnail

PATIENCE = 60_000


@pytest.fixture
def page(show):
    return show(CheckPage())


@pytest.fixture
def checked(draft, audit_of, leak, conflict, dataset):
    """A draft with an audit that found a leak, a conflict and a damaged file."""
    bad = {"path": str(dataset / "Training/glioma/09.png"), "reason": "09.png is empty."}
    draft.audit = audit_of(
        draft, leaked_test_scans=1, leaks=[leak], label_conflicts=[conflict], unreadable=[bad]
    )
    return draft


def click(qtbot, button):
    # A radio button takes clicks on its circle and text only, not on the rest of its line.
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=button.rect().center() * 0.05)


def test_a_data_set_is_checked_and_its_faults_shown(
    page, qtbot, draft, dataset, tmp_path, answer_dialog
):
    picture = cv2.imread(str(dataset / "Training/glioma/03.png"))
    cv2.imwrite(str(dataset / "Testing/glioma/00.png"), picture[:, ::-1])
    shutil.copy(dataset / "Training/glioma/01.png", dataset / "Training/notumor/02.png")
    (dataset / "Training/glioma/11.png").write_bytes(b"nothing")
    page.enter(draft)
    assert page.busy()
    assert not page.is_complete()
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert page.is_complete()
    titles = [card.finding.title for card in page.cards]
    assert titles[:2] == ["Training and test share scans", "The same scan in two classes"]
    assert "Files that cannot be read" in titles
    assert {path.name for path in draft.left_out} == {"01.png", "02.png", "11.png"}
    answer_dialog("getSaveFileName", (str(tmp_path / "report"), ""))
    click(qtbot, page.report.save)
    qtbot.waitUntil(lambda: page.report.saved.text() == "Saved report.html.")
    assert "data:image/png" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_what_was_found_is_kept_without_looking_again(page, qtbot, checked):
    page.enter(checked)
    assert not page.busy()
    assert page.is_complete()
    assert len(page.cards) == 3
    assert page.summary.text().endswith("checked. 3 things to know before training:")
    assert not page.report.save.isVisible()
    shown = page.findChildren(Thumbnail)
    assert len(shown) == 4
    qtbot.waitUntil(lambda: not any(one.pixmap().isNull() for one in shown))


def test_where_nothing_was_found_it_says_so(page, draft, audit_of):
    draft.audit = audit_of(draft)
    page.enter(draft)
    assert page.cards == []
    assert page.summary.text().endswith("checked. Nothing suspicious was found.")


def test_choices_go_into_the_draft_and_come_back(page, qtbot, checked):
    page.enter(checked)
    click(qtbot, page.cards[0].choices[1])
    click(qtbot, page.cards[1].choices[0])
    assert checked.protocol == "published"
    assert len(checked.left_out) == 2
    page.leave(checked)
    page.enter(checked)
    assert page.cards[0].choices[1].isChecked()
    assert page.cards[1].choices[0].isChecked()


def test_a_data_set_that_cannot_be_trained_on_stops_here(page, qtbot, checked, dataset):
    few = sorted((dataset / "Training/glioma").iterdir())[4:8]
    checked.left_out = set(few)
    page.enter(checked)
    assert page.is_complete() is False
    assert page.obstacle.isVisible()
    assert "there are 9 of “Glioma”" in page.obstacle.finding.what
    checked.left_out = set(few[:2])
    page.enter(checked)
    assert page.is_complete()
    checked.left_out |= set(few)
    click(qtbot, page.cards[1].choices[0])
    assert not page.is_complete()
    checked.left_out -= set(few)
    with qtbot.waitSignal(page.complete_changed):
        click(qtbot, page.cards[1].choices[1])
    assert page.is_complete()
    assert page.obstacle is None


def test_the_check_can_be_stopped_and_begun_again(page, qtbot, draft):
    page.enter(draft)
    click(qtbot, page.panel.stop)
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    assert "The check was stopped" in page.panel.text.text()
    assert not page.is_complete()
    click(qtbot, page.panel.again)
    assert page.busy()


def test_an_audit_ends_with_the_application(page, draft):
    page.enter(draft)
    assert page.busy()
    page.close_down()
    assert not page.busy()


@pytest.mark.usefixtures("no_temporary_files")
def test_without_room_for_temporary_files_it_says_so(page, draft):
    page.enter(draft)
    assert "Temporary files cannot be written" in page.panel.text.text()
    assert page.panel.again.isVisible()
    assert not page.busy()


def test_a_data_set_that_has_gone_is_told(page, qtbot, draft, dataset):
    shutil.rmtree(dataset)
    page.enter(draft)
    qtbot.waitUntil(lambda: not page.busy(), timeout=PATIENCE)
    qtbot.waitUntil(lambda: not page._asking_why.is_busy(), timeout=PATIENCE)
    assert "cannot be reached. Connect the drive" in page.panel.text.text()
    assert page.obstacle is None
    assert page.panel.again.isVisible()


def test_a_data_set_of_which_nothing_can_be_read_stops_with_the_way_out(page, qtbot, draft):
    for scan in draft.scans:
        scan.path.write_bytes(b"nothing")
    page.enter(draft)
    qtbot.waitUntil(lambda: page.obstacle is not None, timeout=PATIENCE)
    assert page.obstacle.isVisible()
    assert not page.is_complete()
    assert not page.report.save.isVisible()
    assert "choose another folder, or export the scans again" in page.obstacle.finding.meaning
    assert len(page.obstacle.finding.problems) == len(draft.scans)
    assert "00.png" in page.obstacle.files.toPlainText()


def test_a_check_begun_again_is_not_hidden_by_why_the_one_before_failed(
    page, qtbot, draft, monkeypatch
):
    asked, answer = threading.Event(), threading.Event()

    def slow(*_):
        asked.set()
        answer.wait(PATIENCE / 1000)
        return ["00.png is empty."]

    monkeypatch.setattr(check_page, "why_none_can_be_read", slow)
    for scan in draft.scans:
        scan.path.write_bytes(b"nothing")
    page.enter(draft)
    qtbot.waitUntil(lambda: asked.is_set() and page.panel.again.isVisible(), timeout=PATIENCE)
    click(qtbot, page.panel.again)
    answer.set()
    qtbot.wait(50)
    assert page.busy()
    assert page.panel.isVisible()
    assert page.obstacle is None


def test_a_class_given_away_is_explained_on_demand(page, qtbot, draft, audit_of):
    one = {"label": "notumor", "auc": 0.99, "strongest": ["width"], "alarm": True}
    draft.audit = audit_of(draft, shortcuts=[one])
    page.enter(draft)
    (card,) = page.cards
    assert not card.explanation.isVisible()
    qtbot.keyClick(card.more, Qt.Key.Key_Space)
    assert card.explanation.isVisible()
