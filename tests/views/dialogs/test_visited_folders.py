"""The real file dialog, as Qt draws it where the system has none of its own."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from btgui.views.dialogs.file_dialogs import ask_for_folder, ask_where_to_save
from btgui.views.dialogs.visited_folders import forget_visited_folders

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def kept() -> str:
    """Return all that Qt has written down."""
    file = Path(QSettings(QSettings.Scope.UserScope, "QtProject").fileName())
    return file.read_text() if file.is_file() else ""


@pytest.fixture
def patient(tmp_path) -> Path:
    place = tmp_path / "DOE_JOHN_1950"
    place.mkdir()
    return place


@pytest.fixture
def choose_in_dialog(qapp):
    """Return a function that takes this folder in the next dialog, or where it is; or cancels."""

    def choose(folder: Path | None, *, cancel: bool = False) -> None:
        def act() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog):
                QTimer.singleShot(20, act)
                return
            if folder is not None:
                dialog.setDirectory(str(folder))
            dialog.reject() if cancel else dialog.accept()

        QTimer.singleShot(20, act)

    return choose


def test_qt_s_dialog_writes_the_folder_down_by_itself(choose_in_dialog, patient):
    choose_in_dialog(patient)
    assert QFileDialog.getExistingDirectory(None, "Open") == str(patient)
    assert "DOE_JOHN" in kept()
    forget_visited_folders()
    assert "DOE_JOHN" not in kept()
    assert "viewMode" in kept()


@pytest.mark.parametrize("cancel", [False, True])
def test_a_folder_that_was_asked_for_leaves_no_name(choose_in_dialog, patient, cancel):
    choose_in_dialog(patient, cancel=cancel)
    assert ask_for_folder(None) == ([] if cancel else [patient])
    assert kept()
    assert "DOE_JOHN" not in kept()


def test_a_file_that_was_saved_leaves_no_name(choose_in_dialog, patient):
    choose_in_dialog(patient)
    saved = ask_where_to_save(None, "Save", "table.csv", "CSV table", ".csv")
    assert saved == patient / "table.csv"
    assert kept()
    assert "DOE_JOHN" not in kept()


def test_the_next_file_is_saved_where_the_last_one_was(choose_in_dialog, patient, tmp_path):
    choose_in_dialog(patient)
    ask_where_to_save(None, "Save", "table.csv", "CSV table", ".csv")
    choose_in_dialog(None)
    assert ask_where_to_save(None, "Save", "b.png", "Picture", ".png") == patient / "b.png"
    choose_in_dialog(tmp_path, cancel=True)
    assert ask_where_to_save(None, "Save", "b.png", "Picture", ".png") is None
    choose_in_dialog(None)
    assert ask_where_to_save(None, "Save", "c.png", "Picture", ".png") == patient / "c.png"
    patient.rmdir()  # as a drive that was taken out
    choose_in_dialog(tmp_path)
    assert ask_where_to_save(None, "Save", "d.png", "Picture", ".png") == tmp_path / "d.png"
