import pytest

from btgui.engine.paths import user_data_folder
from btgui.engine.settings import Settings, load_settings
from btgui.views import kept_settings
from btgui.views.kept_settings import KeptSettings


@pytest.fixture
def kept(qtbot):
    return KeptSettings(Settings())


@pytest.fixture
def written(monkeypatch) -> list[Settings]:
    """What was written down, in order."""
    found: list[Settings] = []
    monkeypatch.setattr(kept_settings, "save_settings", lambda one, _folder: found.append(one))
    return found


def test_a_change_is_told_and_written_down(kept, qtbot):
    with qtbot.waitSignal(kept.changed) as told:
        kept.change(patient_hidden=True)
    assert told.args == [kept.now]
    assert load_settings(user_data_folder()).patient_hidden


def test_what_is_so_already_is_no_change(kept, qtbot):
    with qtbot.assertNotEmitted(kept.changed):
        kept.take(Settings())


def test_settings_that_cannot_be_written_are_in_force_and_told_of(kept, qtbot, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_settings, "save_settings", full)
    with qtbot.waitSignal(kept.message) as told:
        kept.change(patient_hidden=True)
    assert told.args == ["The settings could not be saved (No space left on device)."]
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
