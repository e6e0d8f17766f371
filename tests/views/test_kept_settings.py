from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.disk import file_lock
from btgui.engine.disk.file_lock import holding
from btgui.engine.errors import BtguiError
from btgui.engine.paths import user_data_folder
from btgui.engine.settings import Settings, load_settings, update_settings
from btgui.views import kept_settings
from btgui.views.kept_settings import KeptSettings


@pytest.fixture
def kept(qtbot):
    return KeptSettings(Settings())


@pytest.fixture
def written(monkeypatch) -> list[Settings]:
    """The settings that were saved, in order."""
    found: list[Settings] = []

    def watched(*arguments):
        found.append(update_settings(*arguments))
        return found[-1]

    monkeypatch.setattr(kept_settings, "update_settings", watched)
    return found


@pytest.fixture
def other(qtbot):
    """The settings of another window, opened at the same time."""
    return KeptSettings(Settings())


def test_a_change_is_told_and_written_down(kept, qtbot):
    with qtbot.waitSignal(kept.changed) as told:
        kept.change(patient_hidden=True)
    assert told.args == [kept.now]
    assert load_settings(user_data_folder()).patient_hidden


def test_what_is_so_already_is_no_change(kept, qtbot):
    with qtbot.assertNotEmitted(kept.changed):
        kept.apply(lambda now: now)
        kept.change(patient_hidden=False)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError(28, "No space left on device"),
            "The settings could not be saved (No space left on device). Check that there is free disk",
        ),
        (BtguiError("The folder cannot be made."), "The folder cannot be made."),
    ],
)
def test_settings_that_cannot_be_written_are_in_force_and_told_of(
    kept, told, monkeypatch, error, words
):
    def refuse(*_):
        raise error

    with monkeypatch.context() as disk:
        disk.setattr(kept_settings, "update_settings", refuse)
        kept.change(patient_hidden=True)
    assert told[0].text.startswith(words)
    assert kept.now.patient_hidden
    kept.change(heatmap_opacity=20)  # there is room again
    assert load_settings(user_data_folder()) == Settings(patient_hidden=True, heatmap_opacity=20)


def test_a_lock_that_does_not_come_free_is_told_of(kept, told, monkeypatch):
    monkeypatch.setattr(file_lock, "_PATIENCE_SECONDS", 0.01)
    with holding(user_data_folder() / "settings.lock"):
        kept.change(patient_hidden=True)
    assert "another btgui window is writing them" in told[0].text
    assert kept.now.patient_hidden


def test_two_windows_keep_each_other_s_changes(kept, other):
    kept.change(patient_hidden=True)
    other.change(colour_map="jet")
    kept.change_often(heatmap_opacity=20)
    other.change(heatmap_contours=True)
    kept.close()
    expected = Settings(
        patient_hidden=True, colour_map="jet", heatmap_opacity=20, heatmap_contours=True
    )
    assert load_settings(user_data_folder()) == expected


def test_two_windows_of_a_first_start_hear_of_each_other_at_once(kept, other, qtbot):
    with qtbot.waitSignal(other.changed):
        kept.change(patient_hidden=True)
    assert other.now.patient_hidden


def test_folders_that_both_windows_opened_are_remembered_together(kept, other):
    kept.apply(lambda now: now.with_recent_folder(Path("a")))
    other.apply(lambda now: now.with_recent_folder(Path("b")))
    kept.apply(lambda now: now.with_recent_folder(Path("c")))
    assert kept.now.recent_folders == ("c", "b", "a")


def test_what_one_window_is_to_forget_the_other_does_not_write_again(kept, other):
    kept.apply(lambda now: now.with_recent_folder(Path("a")))
    other.apply(lambda now: now.remembering_folders(False))
    kept.apply(lambda now: now.with_recent_folder(Path("b")))
    assert load_settings(user_data_folder()) == Settings(remember_recent=False)


def test_what_another_window_writes_down_is_taken_over_at_once(kept, qtbot):
    kept.change(sample_shown=True)
    kept.change_often(heatmap_opacity=20)  # not written down yet
    for hidden in (True, False):  # the file is another one each time
        with qtbot.waitSignal(kept.changed):
            update_settings(
                user_data_folder(),
                lambda now, to=hidden: replace(now, patient_hidden=to),
                Settings(),
            )
        assert kept.now == Settings(sample_shown=True, patient_hidden=hidden, heatmap_opacity=20)


def test_what_cannot_be_read_is_not_taken_over(kept, qtbot):
    kept.change(patient_hidden=True)
    with qtbot.assertNotEmitted(kept.changed), qtbot.waitSignal(kept._watcher.fileChanged):
        (user_data_folder() / "settings.json").write_text("{")
    assert kept.now.patient_hidden


def test_of_many_quick_changes_the_last_is_written_down_once(kept, qtbot, written):
    for opacity in range(10, 90):
        kept.change_often(heatmap_opacity=opacity)
        assert kept.now.heatmap_opacity == opacity
    assert written == []
    qtbot.waitUntil(lambda: written != [])
    assert [one.heatmap_opacity for one in written] == [89]


def test_another_change_writes_down_what_waits_and_so_does_the_end(kept, written):
    kept.change_often(heatmap_opacity=20)
    kept.change(patient_hidden=True)
    assert [(one.heatmap_opacity, one.patient_hidden) for one in written] == [(20, True)]
    kept.close()
    assert len(written) == 1
    kept.change_often(heatmap_opacity=30)
    kept.close()
    assert [one.heatmap_opacity for one in written] == [20, 30]
    assert not kept._pause.isActive()
