from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.preprocessing import PLAIN
from btgui.views.training_wizard.preview_page import PreviewPage

PATIENCE = 60_000


@pytest.fixture
def page(show):
    return show(PreviewPage())


@pytest.fixture
def filled(page, qtbot, draft):
    page.enter(draft)
    wait(qtbot, page)
    return page


def wait(qtbot, page):
    qtbot.waitUntil(lambda: not (page.busy() or page.steps.busy()), timeout=PATIENCE)


def shown(page):
    return [picture.grab().toImage() for picture in page.grid.pictures]


def test_the_user_s_scans_are_shown_as_they_are_and_changed(filled):
    assert filled.grid.isVisible()
    assert len(filled.grid.pictures) == 20
    names = {picture.accessibleName() for picture in filled.grid.pictures}
    assert names == {
        f"{label}, {how}" for label in ("Glioma", "No tumour") for how in ("original", "changed")
    }
    assert filled.is_complete()


def test_in_a_low_window_the_changed_scans_are_scrolled(filled):
    assert (
        filled.minimumSizeHint().height() <= 360
    )  # of the 430 that the wizard has on a low screen


def test_others_are_shown_on_demand(filled, qtbot):
    before = shown(filled)
    qtbot.mouseClick(filled.others, Qt.MouseButton.LeftButton)
    assert filled.busy()
    wait(qtbot, filled)
    assert shown(filled) != before


def test_coming_back_makes_nothing_anew_unless_the_recipe_changed(filled, qtbot, draft):
    filled.leave(draft)
    filled.enter(draft)
    assert not filled.busy()
    draft.recipe = replace(draft.recipe, rotation_degrees=90.0)
    filled.enter(draft)
    assert filled.busy()
    wait(qtbot, filled)


def test_scans_are_shown_as_the_model_knows_them_that_is_gone_on_from(filled, qtbot, draft):
    before = shown(filled)
    filled.leave(draft)
    draft.preprocessing = PLAIN
    filled.enter(draft)
    wait(qtbot, filled)
    assert shown(filled) != before


def test_a_preview_that_fails_says_why_and_does_not_hold(page, qtbot, draft):
    for scan in draft.scans:
        scan.path.write_bytes(b"nothing")
    page.enter(draft)
    wait(qtbot, page)
    assert "none of the files" in page.panel.text.text()
    assert page.is_complete()
    assert page.others.isEnabled()
    assert page.steps.name.text()


@pytest.mark.usefixtures("no_temporary_files")
def test_without_room_for_temporary_files_it_says_so(page, qtbot, draft):
    page.enter(draft)
    wait(qtbot, page)
    assert "Temporary files cannot be written" in page.panel.text.text()
    assert page.panel.again.isVisible()


def test_it_can_be_stopped(page, qtbot, draft):
    page.enter(draft)
    qtbot.waitUntil(page.busy)
    qtbot.mouseClick(page.panel.stop, Qt.MouseButton.LeftButton)
    wait(qtbot, page)
    assert "does not need the preview" in page.panel.text.text()


def test_leaving_before_it_began_begins_again_on_return(page, qtbot, draft):
    page.enter(draft)
    page.leave(draft)
    page.enter(draft)
    wait(qtbot, page)
    assert len(page.grid.pictures) == 20
