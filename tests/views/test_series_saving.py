"""Saving the table of a series while the window stays live behind the dialog."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from tests.conftest import read_table
from tests.views.conftest import PATIENCE, drop, press
from tests.views.dropped_series import write_series


def test_the_readings_there_were_when_saving_was_asked_for_are_saved(
    window, qtbot, tmp_path, monkeypatch
):
    whole = window.series.whole
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [write_series(tmp_path / "study", 12)])
    readers = window.series_reading, whole
    for reader in readers:
        reader.await_model()

    def meanwhile(*_, **__):
        for reader in readers:
            reader.set_model(window.pack.card)  # it becomes ready while the dialog is open
        assert not whole.readings
        return str(tmp_path / "series.csv"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(meanwhile))
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        qtbot.mouseClick(whole.card.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "series.csv").exists)
    rows = read_table(tmp_path / "series.csv")
    assert len(rows) == 12
    assert all(row["series verdict"] for row in rows)
    window.series.leave()


def test_the_table_of_a_series_is_named_after_it_unless_the_patient_is_hidden(
    opened_series, qtbot, monkeypatch
):
    asked = []

    def ask(_parent, _title, name, _kinds):
        asked.append(Path(name).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(ask))
    for _ in range(2):
        opened_series.series.whole.save_table()
        press(qtbot, opened_series, "hide_patient")
    assert sorted(asked) == ["AX T2 FLAIR-slices.csv", "series.csv"]
