import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui.engine.datasets.dataset import read_dataset
from btgui.views.training_wizard.data_page import DataPage
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.thumbnail import Thumbnail
from tests.conftest import write_head
from tests.views.conftest import drag_over_fields, drop, shown_plainly


@pytest.fixture
def page(show):
    page = show(DataPage())
    page.enter(Draft())
    return page


def wait_until_listed(qtbot, page):
    qtbot.waitUntil(lambda: not page.busy())


def test_without_a_data_set_it_shows_how_one_looks_and_holds(page):
    assert page.help.isVisible()
    assert not page.is_complete()


def test_a_dropped_folder_is_shown_as_it_was_understood(page, qtbot, dataset):
    assert drop(page, [dataset])
    wait_until_listed(qtbot, page)
    assert page.is_complete()
    assert page.place.text() == "Scans: 28 scans in 2 classes"
    assert "has its own test part: 4 of 28 scans (14 %)" in page.split.text()
    assert not page.unused.isVisible()
    assert page.classes.names["notumor"].text() == "No tumour"
    qtbot.waitUntil(
        lambda: not any(one.pixmap().isNull() for one in page.classes.findChildren(Thumbnail))
    )
    assert len(page.classes.findChildren(Thumbnail)) == 12


def test_a_folder_dropped_on_the_name_of_a_class_is_chosen_too(page, qtbot, dataset):
    assert drop(page, [dataset])
    wait_until_listed(qtbot, page)
    assert drag_over_fields(page, dataset) == len(page.classes.names)


def test_folders_of_patients_instead_of_classes_are_told(page, qtbot, tmp_path):
    for patient in range(5):
        (folder := tmp_path / f"Patient {patient}").mkdir()
        write_head(folder / "1.png", seed=patient)
    assert drop(page, [tmp_path])
    wait_until_listed(qtbot, page)
    assert page.message.isVisible()
    assert "differ in numbers only (“Patient 0”, “Patient 1” …)" in page.message.text()
    shutil.move(tmp_path / "Patient 0", tmp_path / "glioma")
    assert drop(page, [tmp_path])
    wait_until_listed(qtbot, page)
    assert not page.message.isVisible()


def test_a_test_part_alone_cannot_be_gone_on_with(page, qtbot, dataset):
    shutil.rmtree(dataset / "Training")
    assert drop(page, [dataset])
    wait_until_listed(qtbot, page)
    assert "none is left to train on" in page.split.text()
    assert not page.is_complete()


def test_a_folder_is_chosen_by_a_click(page, qtbot, dataset, answer_dialog):
    answer_dialog("getExistingDirectory", str(dataset / "Training"))
    qtbot.mouseClick(page.choose_folder, Qt.MouseButton.LeftButton)
    wait_until_listed(qtbot, page)
    assert "The data set has no test part: 15 % of the scans" in page.split.text()


def test_a_table_is_chosen_by_a_click(page, qtbot, dataset, answer_dialog):
    table = dataset / "some.csv"
    rows = [
        f"Training/{label}/{n:02d}.png,{label}" for label in ("glioma", "notumor") for n in (0, 1)
    ]
    table.write_text("\n".join(["path,label", *rows]))
    answer_dialog("getOpenFileName", (str(table), ""))
    qtbot.mouseClick(page.choose_table, Qt.MouseButton.LeftButton)
    wait_until_listed(qtbot, page)
    assert page.place.text() == "some.csv: 4 scans in 2 classes"


def test_closing_the_dialogs_changes_nothing(page, qtbot, answer_dialog):
    answer_dialog("getExistingDirectory", "")
    answer_dialog("getOpenFileName", ("", ""))
    qtbot.mouseClick(page.choose_folder, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(page.choose_table, Qt.MouseButton.LeftButton)
    assert not page.busy()
    assert page.help.isVisible()


def test_a_wrong_folder_is_refused_beside_right_ones(page, qtbot, dataset):
    drop(page, [dataset])
    wait_until_listed(qtbot, page)
    drop(page, [dataset / "Training" / "glioma"])
    wait_until_listed(qtbot, page)
    assert "at least two classes" in page.message.text()
    assert page.message.isVisible()
    assert page.help.isVisible()
    assert not page.is_complete()


def test_a_folder_that_is_too_high_or_too_deep_leads_to_the_right_one(page, qtbot, dataset):
    for wrong in (dataset.parent, dataset / "Training"):
        page.choose(wrong)
        wait_until_listed(qtbot, page)
        assert page.message.isVisible()
        assert page.better.text() == "Use Scans instead"
        qtbot.mouseClick(page.better, Qt.MouseButton.LeftButton)
        wait_until_listed(qtbot, page)
        assert page.place.text() == "Scans: 28 scans in 2 classes"
        assert not page.message.isVisible()
        assert not page.better.isVisible()


def test_a_long_name_does_not_widen_the_page(page, qtbot, dataset):
    whole = dataset.rename(dataset.with_name("Scans of our department " * 8))
    for place in (whole, whole / "Training"):
        page.choose(place)
        wait_until_listed(qtbot, page)
        assert page.is_complete()
        assert page.minimumSizeHint().width() < 800
    assert page.better.isVisible()


def test_a_hint_outlives_typing_a_name(page, qtbot, dataset):
    page.choose(dataset / "Training")
    wait_until_listed(qtbot, page)
    qtbot.keyClicks(page.classes.names["glioma"], "s")
    assert "Training is only one part of Scans" in page.message.text()
    assert page.is_complete()


def test_two_things_at_once_are_no_data_set(page, dataset):
    assert not drop(page, [dataset, dataset])


def test_what_is_not_used_is_said(page, qtbot, dataset):
    (dataset / "notes.txt").write_text("text")
    (dataset / "Training" / "pituitary").mkdir()
    page.choose(dataset)
    wait_until_listed(qtbot, page)
    assert page.unused.text().splitlines() == [
        "1 file was skipped: it is not a scan: .txt",
        "1 folder contains no scans: Training/pituitary",
    ]


def test_a_typed_name_goes_into_the_draft_and_comes_back(page, qtbot, dataset):
    page.choose(dataset)
    wait_until_listed(qtbot, page)
    field = page.classes.names["glioma"]
    field.selectAll()
    qtbot.keyClicks(field, "Glial tumour")
    page.classes.names["notumor"].clear()
    draft = Draft()
    page.leave(draft)
    assert draft.display_names == {"glioma": "Glial tumour", "notumor": "notumor"}
    assert (draft.place, len(draft.scans)) == (dataset, 28)
    page.enter(draft)
    assert not page.busy()
    assert page.classes.names["glioma"].text() == "Glial tumour"


def test_the_class_without_a_tumour_is_asked_for_until_it_is_named(page, qtbot, dataset):
    for part in ("Training", "Testing"):
        (dataset / part / "notumor").rename(dataset / part / "Kontrolle")
    assert drop(page, [dataset])
    wait_until_listed(qtbot, page)
    assert page.healthy.isVisible()
    page.classes.names["Kontrolle"].selectAll()
    qtbot.keyClicks(page.classes.names["Kontrolle"], "no tumour")
    assert not page.healthy.isVisible()


def test_two_classes_of_one_name_hold(page, qtbot, dataset):
    page.choose(dataset)
    wait_until_listed(qtbot, page)
    field = page.classes.names["glioma"]
    field.selectAll()
    with qtbot.waitSignal(page.complete_changed):
        qtbot.keyClicks(field, "no tumour")
    assert not page.is_complete()
    assert "Two classes are shown as" in page.message.text()
    qtbot.keyClicks(field, "s")
    assert page.is_complete()


def audited(page, qtbot, dataset):
    """Choose a data set, and return its draft with an audit and a scan left out, shown again."""
    page.choose(dataset)
    wait_until_listed(qtbot, page)
    draft = Draft()
    page.leave(draft)
    draft.audit, draft.left_out = {"alarms": []}, {dataset / "a.png"}
    page.enter(draft)
    return draft


def test_going_back_and_forth_keeps_what_was_found_and_a_new_choice_does_not(page, qtbot, dataset):
    draft = audited(page, qtbot, dataset)
    page.leave(draft)
    assert draft.audit == {"alarms": []}
    page.choose(dataset)
    wait_until_listed(qtbot, page)
    page.leave(draft)
    assert not draft.audit
    assert draft.left_out == set()


def test_a_draft_that_was_kept_is_shown_again(show, qtbot, draft):
    draft.display_names["glioma"] = "Glial tumour"
    page = show(DataPage())
    page.enter(draft)
    wait_until_listed(qtbot, page)
    assert page.classes.display_names() == draft.display_names


def test_shares_that_were_changed_since_are_told(page, qtbot, dataset):
    page.choose(dataset / "Training")
    wait_until_listed(qtbot, page)
    draft = Draft()
    page.leave(draft)
    draft.test_fraction, draft.validation_fraction = 0.3, 0.4
    page.enter(draft)
    assert "30 % of the scans of each class" in page.split.text()
    assert "40 % of the others" in page.split.text()


def test_listing_can_be_cancelled(page, dataset):
    page.choose(dataset)
    page.leave(Draft())
    assert not page.busy()
    assert page.help.isVisible()


def test_a_choice_that_was_cancelled_leaves_the_draft_as_it_was(page, qtbot, dataset, tmp_path):
    draft = audited(page, qtbot, dataset)
    page.choose(tmp_path)
    page.leave(draft)
    assert (draft.place, draft.audit, draft.left_out) == (
        dataset,
        {"alarms": []},
        {dataset / "a.png"},
    )


@pytest.fixture
def other(dataset):
    """The draft of another data set, which was checked."""
    place = shutil.copytree(dataset, dataset.with_name("Others"))
    names = {"glioma": "Glial tumour", "notumor": "Nothing found"}
    left_out = {place / "Training/glioma/00.png"}
    return Draft(place, read_dataset(place), names, {"alarms": []}, left_out)


def test_leaving_before_another_draft_is_listed_writes_nothing_of_the_former_one_to_it(
    page, qtbot, dataset, other
):
    drop(page, [dataset])
    wait_until_listed(qtbot, page)
    page.leave(Draft())
    before = replace(other)
    page.enter(other)
    assert page.busy()
    assert page.help.isVisible()
    page.leave(other)
    assert other == before
    page.enter(other)
    wait_until_listed(qtbot, page)
    assert page.place.text() == "Others: 28 scans in 2 classes"
    page.leave(other)
    assert other == before


def test_names_of_a_data_set_do_not_reach_one_that_is_chosen_in_another_draft(
    page, qtbot, dataset, other
):
    drop(page, [dataset])
    wait_until_listed(qtbot, page)
    page.leave(Draft())
    page.enter(other)
    drop(page, [other.place])
    wait_until_listed(qtbot, page)
    assert page.classes.display_names() == other.display_names


def test_names_of_folders_cannot_bring_markup(page, qtbot, dataset):
    odd = dataset.rename(Path(dataset).with_name("<b>odd"))
    (odd / "Training" / "glioma").rename(odd / "Training" / "<i>glioma")
    page.choose(odd)
    wait_until_listed(qtbot, page)
    assert "<i>glioma" in page.classes.names
    assert shown_plainly(page.place)


def test_another_draft_of_the_same_scans_brings_its_own_names(show, qtbot, draft):
    page = show(DataPage())
    page.enter(draft)
    wait_until_listed(qtbot, page)
    page.leave(draft)
    other = Draft(place=draft.place, scans=draft.scans, left_out={draft.scans[0].path})
    other.display_names = {"glioma": "Glial tumour", "notumor": "Nothing found"}
    page.enter(other)
    page.leave(other)
    assert other.display_names == {"glioma": "Glial tumour", "notumor": "Nothing found"}
    assert other.left_out == {draft.scans[0].path}
