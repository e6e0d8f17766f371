import pytest

from btgui.engine.paths import user_data_folder
from btgui.engine.settings import Settings, load_settings
from btgui.views import kept_settings
from btgui.views.kept_settings import KeptSettings


@pytest.fixture
def kept(qtbot):
    return KeptSettings(Settings())


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
