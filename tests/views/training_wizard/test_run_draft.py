from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.training_request import PRESETS, TrainingRequest
from btgui.engine.training_runs.runs import (
    begin_run,
    model_folder,
    new_run_folder,
    runs,
    runs_folder,
)

PATIENCE = 60_000
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


@pytest.fixture
def desk(training_desk):
    return training_desk


def folder_of_scans(place):
    for label in "ab":
        for number in range(12):
            (place / label).mkdir(parents=True, exist_ok=True)
            (place / label / f"{number}.png").touch()
    return place


def interrupted(place, **asked):
    folder = new_run_folder()
    request = TrainingRequest((str(place),), str(model_folder(folder)), "Mine", weights="none")
    return begin_run(replace(request, **asked), folder)


def click(qtbot, button):
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def go_on_and_stop(qtbot, desk):
    """Resume the run that the bar offers, and stop it again."""
    desk.offer_earlier_runs()
    click(qtbot, desk.bar.go_on)
    click(qtbot, desk.training_page.later)
    qtbot.waitUntil(lambda: not desk.process.is_running(), timeout=PATIENCE)


def test_going_back_from_an_interrupted_run_shows_its_own_choices(qtbot, desk, tmp_path):
    place = folder_of_scans(tmp_path / "scans")
    recipe = replace(PRESETS["as-published"], epochs=7)
    run = interrupted(
        place,
        architecture="resnet50",
        protocol="published",
        recipe=recipe,
        validation_fraction=0.3,
        left_out=(str(place / "a" / "0.png"),),
        display_names=(("a", "First"), ("b", "Second")),
    )
    made = desk()
    go_on_and_stop(qtbot, made)
    wizard = made.wizard
    data, check, preview, model, training, _result = wizard.pages
    click(qtbot, wizard.back)
    assert wizard.current_page is model
    assert model.networks.architecture() == "resnet50"
    assert model.settings.form.boxes["epochs"].value() == 7
    assert model.settings.form.shares()[0] == 0.3
    assert (model.name.text(), model.start.weights()) == ("Mine", "none")
    click(qtbot, wizard.back)
    assert wizard.current_page is preview
    assert preview.steps.classes.itemText(0) == "First"
    stop_samples(qtbot, preview)
    check._start = lambda: check._read(nothing_found(wizard.draft))  # no audit's process
    click(qtbot, wizard.back)
    assert wizard.current_page is check
    click(qtbot, wizard.back)
    qtbot.waitUntil(data.is_complete, timeout=PATIENCE)
    assert data.classes.names["b"].text() == "Second"
    for _ in range(4):
        click(qtbot, wizard.next)
        if wizard.current_page is preview:
            stop_samples(qtbot, preview)
    assert wizard.current_page is training
    assert training.resume.text() == "Resume"  # nothing was changed by looking
    assert wizard.draft.request(run.pack) == run.request


def stop_samples(qtbot, preview):
    qtbot.waitUntil(preview.busy, timeout=PATIENCE)
    preview.panel.cancel()


def nothing_found(draft):
    counts = {"": dict.fromkeys("ab", 12)}
    empty = ("unreadable", "leaks", "label_conflicts", "shortcuts", "alarms")
    values = {name: [] for name in empty} | {"uneven": {"sizes": [], "modes": []}}
    unreadable = [{"path": str(draft.place / "b" / "3.png"), "reason": "It is empty."}]
    return values | {
        "counts": counts,
        "unreadable": unreadable,
        "leaked_test_scans": 0,
        "near_test_scans": 0,
        "repeats": {},
        "shared_patients": 0,
        "imbalance": 1.0,
    }


def test_discarding_a_run_that_was_gone_on_with_leaves_its_choices(qtbot, desk, tmp_path):
    interrupted(folder_of_scans(tmp_path / "scans"))
    made = desk()
    go_on_and_stop(qtbot, made)
    qtbot.waitUntil(made.wizard.back.isEnabled, timeout=PATIENCE)
    page = made.training_page
    page._discard()
    qtbot.waitUntil(page.begin.isVisible, timeout=PATIENCE)
    assert runs() == []
    qtbot.waitUntil(lambda: "2 classes: a, b" in page.summary.text())
    click(qtbot, page.begin)
    assert runs()[0].request.datasets == (str(tmp_path / "scans"),)


@pytest.mark.parametrize("why", ["several", "added", "gone"])
def test_going_back_from_a_run_that_cannot_be_shown_begins_another(qtbot, desk, tmp_path, why):
    place = folder_of_scans(tmp_path / "scans")
    if why == "several":
        run = interrupted(place, datasets=(str(place), str(place)))
    elif why == "added":
        run = interrupted(place, added=((str(place / "a"), "a"),))
    else:
        run = interrupted(tmp_path / "unplugged")
    made = desk()
    go_on_and_stop(qtbot, made)
    wizard, page = made.wizard, made.training_page
    click(qtbot, wizard.back)
    assert wizard.current_index == 0
    assert "Mine cannot be shown on these pages" in wizard.notice.text()
    assert ("unplugged" in wizard.notice.text()) == (why == "gone")
    assert "under Models, Interrupted training" in wizard.notice.text()
    assert wizard.draft.run_folder is None
    # It is another training's draft now; the run is still there to be resumed.
    wizard.go_to(wizard.pages.index(page))
    assert not wizard.notice.isVisible()
    assert page.begin.isVisible()
    assert not page.begin.isEnabled()
    made.show_earlier_runs()
    click(qtbot, made.bar.go_on)
    assert page.run == run
    assert wizard.draft.run_folder == run.folder


def test_a_run_that_cannot_be_shown_and_was_discarded_cannot_be_started_again(
    qtbot, desk, tmp_path
):
    interrupted(tmp_path / "unplugged")
    made = desk()
    go_on_and_stop(qtbot, made)
    page = made.training_page
    page._discard()
    qtbot.waitUntil(page.begin.isVisible, timeout=PATIENCE)
    assert not page.begin.isEnabled()
    nothing = "No scans have been chosen. Go back and choose some."
    qtbot.waitUntil(lambda: page.summary.text() == nothing)
    assert list(runs_folder().iterdir()) == []


def test_going_on_with_another_run_does_not_mix_it_with_what_was_being_made(qtbot, desk, tmp_path):
    made = desk()
    wizard = made.wizard
    other = folder_of_scans(tmp_path / "others")
    made.show_wizard()
    wizard.pages[0].choose(other)
    click(qtbot, wizard.next)
    interrupted(folder_of_scans(tmp_path / "scans"))
    go_on_and_stop(qtbot, made)
    assert wizard.draft.place == tmp_path / "scans"
