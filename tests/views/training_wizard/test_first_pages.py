"""Data, check and preview in the wizard itself, by clicks."""

import shutil

import pytest
from PySide6.QtCore import Qt

from btgui.views.training_wizard.check_page import CheckPage
from btgui.views.training_wizard.data_page import DataPage
from btgui.views.training_wizard.preview_page import PreviewPage
from btgui.views.training_wizard.wizard import TrainingWizard
from tests.views.conftest import drop

PATIENCE = 300_000  # of a computer with much else to do
pytestmark = pytest.mark.timeout(4 * PATIENCE / 1000)


@pytest.fixture
def wizard(qtbot):
    window = TrainingWizard([DataPage(), CheckPage(), PreviewPage()])
    qtbot.addWidget(window)
    window.show()
    yield window
    for page in window.pages:
        page.close_down()


def go_on(qtbot, wizard):
    qtbot.waitUntil(wizard.next.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(wizard.next, Qt.MouseButton.LeftButton)


def test_one_goes_through_the_first_pages_and_back_without_losing_anything(qtbot, wizard, dataset):
    data, check, preview = wizard.pages
    shutil.copy(dataset / "Training/glioma/01.png", dataset / "Training/notumor/02.png")
    assert not wizard.next.isEnabled()
    assert drop(data, [dataset])
    go_on(qtbot, wizard)
    assert wizard.current_page is check
    assert not wizard.next.isEnabled()
    qtbot.waitUntil(wizard.next.isEnabled, timeout=PATIENCE)
    (conflict,) = (card for card in check.cards if "two classes" in card.finding.title)
    conflict.choices[1].click()
    assert wizard.draft.left_out == set()
    go_on(qtbot, wizard)
    qtbot.waitUntil(lambda: not preview.busy(), timeout=PATIENCE)
    assert len(preview.grid.pictures) == 20
    for _ in range(2):
        qtbot.mouseClick(wizard.back, Qt.MouseButton.LeftButton)
    assert wizard.current_page is data
    go_on(qtbot, wizard)
    assert not check.busy()
    (conflict,) = (card for card in check.cards if "two classes" in card.finding.title)
    assert conflict.choices[1].isChecked()


def test_stopping_the_check_lets_one_go_back(qtbot, wizard, dataset):
    data, check, _ = wizard.pages
    data.choose(dataset)
    go_on(qtbot, wizard)
    qtbot.mouseClick(check.panel.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not check.busy(), timeout=PATIENCE)
    assert not wizard.next.isEnabled()
    qtbot.mouseClick(wizard.back, Qt.MouseButton.LeftButton)
    assert wizard.current_page is data


def test_a_list_that_closing_interrupted_is_read_when_the_wizard_is_opened_again(
    qtbot, wizard, draft
):
    wizard.take_over(draft, 0)
    assert wizard.pages[0].busy()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert not wizard.pages[0].busy()
    wizard.show()
    qtbot.waitUntil(wizard.next.isEnabled)
    assert wizard.pages[0].place.text() == "Scans: 28 scans in 2 classes"


def test_one_goes_back_from_a_check_at_work_and_it_begins_anew(qtbot, wizard, dataset):
    data, check, _ = wizard.pages
    data.choose(dataset)
    go_on(qtbot, wizard)
    assert check.busy()
    qtbot.mouseClick(wizard.back, Qt.MouseButton.LeftButton)
    assert wizard.current_page is data
    go_on(qtbot, wizard)
    qtbot.waitUntil(wizard.next.isEnabled, timeout=PATIENCE)
    assert wizard.draft.audit
