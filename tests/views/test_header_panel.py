from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from btgui.views.header_panel import HeaderPanel

HEADER = {
    "PatientName (0010,0010)": "DOE^JANE",
    "Modality (0008,0060)": "MR",
    "EchoTime (0018,0081)": "12.4",
    "SeriesDescription (0008,103E)": "T1 axial after contrast",
}


@pytest.fixture
def scan(analysis):
    patient = frozenset({"PatientName (0010,0010)"})
    return replace(analysis.scan, file_format="DICOM", header=HEADER, header_patient=patient)


@pytest.fixture
def panel(qtbot, scan):
    panel = HeaderPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.show_scan(scan)
    return panel


def test_every_element_is_listed_in_the_file_s_order(panel):
    assert panel.shown() == list(HEADER.items())
    assert panel.note.text() == "4 of 4 elements."


def test_typing_finds_in_names_and_values(panel, qtbot):
    qtbot.keyClicks(panel.search, "t1 series")
    assert [name for name, _ in panel.shown()] == ["SeriesDescription (0008,103E)"]
    assert panel.note.text() == "1 of 4 elements."
    panel.search.clear()
    qtbot.keyClicks(panel.search, "0018,0081")
    assert panel.shown() == [("EchoTime (0018,0081)", "12.4")]


def test_the_patient_s_elements_are_hidden_and_cannot_be_found(panel, qtbot):
    panel.set_patient_hidden(True)
    assert "DOE^JANE" not in dict(panel.shown()).values()
    assert panel.note.text() == "3 of 4 elements. 1 hidden (may identify the patient)."
    qtbot.keyClicks(panel.search, "jane")
    assert panel.shown() == []
    panel.set_patient_hidden(False)
    assert panel.shown() == [("PatientName (0010,0010)", "DOE^JANE")]


def test_rows_are_looked_through_only_where_hiding_changes(panel, scan, monkeypatch):
    panel.set_patient_hidden(True)
    panel.show_scan(replace(scan, header={"Rows (0028,0010)": "256", **HEADER}))
    assert "DOE^JANE" not in dict(panel.shown()).values()
    looked = []
    monkeypatch.setattr(panel._rows, "hide_patient", looked.append)
    panel.set_patient_hidden(True)  # as at every step of a brightness that is dragged
    assert not looked
    panel.set_patient_hidden(False)
    assert looked == [False]


def test_a_value_is_copied_by_button_and_by_keys(panel, qtbot):
    assert not panel.copy.isEnabled()
    panel.table.selectRow(1)
    qtbot.mouseClick(panel.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "MR"
    with qtbot.waitActive(panel):
        panel.activateWindow()
    panel.table.setFocus()
    panel.table.selectRow(2)
    qtbot.keyClick(panel.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "12.4"


def test_a_click_on_a_heading_sorts(panel):
    panel.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert [name for name, _ in panel.shown()] == sorted(HEADER)


def test_an_ordinary_picture_shows_its_facts_and_says_that_it_has_no_header(panel, analysis):
    panel.show_scan(replace(analysis.scan, metadata={"Size": "128 x 128"}))
    assert panel.shown() == [("Size", "128 x 128")]
    assert "A PNG file has no patient header." in panel.note.text()


def test_with_large_letters_elements_are_seen_with_their_tags(request, qtbot):
    request.getfixturevalue("large_letters")
    panel = HeaderPanel()
    qtbot.addWidget(panel)
    name = "SeriesInstanceUID (0020,000E)"
    assert panel.table.columnWidth(0) > panel.table.fontMetrics().horizontalAdvance(name)


def test_a_chosen_element_stays_chosen_and_in_view_from_slice_to_slice(panel, scan):
    names = [f"Element {number}" for number in range(90)]
    panel.show_scan(replace(scan, header=dict.fromkeys(names, "first")))
    panel.table.selectRow(70)
    panel.table.scrollTo(panel.table.currentIndex())
    before = panel.table.verticalScrollBar().value()
    panel.show_scan(replace(scan, header=dict.fromkeys(names, "second")))
    assert panel.table.verticalScrollBar().value() == before > 0
    panel.copy_values()
    assert QGuiApplication.clipboard().text() == "second"


def test_without_a_scan_it_says_so(panel):
    panel.show_scan(None)
    assert panel.shown() == []
    assert panel.note.text() == "No scan is open."
