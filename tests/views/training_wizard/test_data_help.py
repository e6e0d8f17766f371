from PySide6.QtWidgets import QLabel

from btgui.engine.datasets.listing import list_dataset
from btgui.views.training_wizard.data_help import RIGHT_TABLE, DataHelp


def test_right_folders_and_a_right_table_are_shown(qtbot):
    shown = DataHelp()
    qtbot.addWidget(shown)
    texts = "\n".join(label.text() for label in shown.findChildren(QLabel))
    for word in ("Drop a folder", "├── glioma", "└── Testing", "path;label;patient;split"):
        assert word in texts


def test_the_table_that_is_shown_can_be_read(tmp_path):
    for name in ("17.dcm", "18.dcm"):
        (tmp_path / name).write_bytes(b"scan")
    table = tmp_path / "scans.csv"
    table.write_text(RIGHT_TABLE, encoding="utf-8")
    scans = list_dataset(table).scans
    assert [(scan.label, scan.patient, scan.split) for scan in scans] == [
        ("glioma", "P-04", "train"),
        ("no tumour", "P-09", "test"),
    ]
