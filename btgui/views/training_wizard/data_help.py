"""Examples of the folders and tables of scans that the wizard accepts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from btgui.views.widgets.labels import paragraph, plain_label
from btgui.views.widgets.large_text import enlarge_invitation

_FOLDER = """\
Scans of our hospital
├── glioma
│   ├── 0001.png
│   └── 0002.dcm  …
├── meningioma
│   └── …
└── no tumour
    └── …"""
_FOLDER_WITH_TEST = """\
Scans of our hospital
├── Training
│   ├── glioma  …
│   └── no tumour  …
└── Testing
    ├── glioma  …
    └── no tumour  …"""
RIGHT_TABLE = """\
path;label;patient;split
17.dcm;glioma;P-04;train
18.dcm;no tumour;P-09;test"""
_EXAMPLES = (
    (
        "A folder for each class",
        _FOLDER,
        "The folder's name is the class. Scans may also be in subfolders.",
    ),
    (
        "With its own test part",
        _FOLDER_WITH_TEST,
        "Scans in Testing measure the network and never train it. You may add a Validation folder.",
    ),
    (
        "Or a table (CSV)",
        RIGHT_TABLE,
        "Only path and label are required. With patient, scans of one patient stay together.",
    ),
)


class DataHelp(QWidget):
    """An invitation to drop a folder, with three examples of valid data sets."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        invitation = paragraph("Drop a folder of scans here")
        enlarge_invitation(invitation)
        formats = paragraph(
            "PNG, JPEG, BMP, TIFF and DICOM, one slice per file. The files are not changed, and no "
            "scan leaves this computer. A training keeps preprocessed pictures of the scans until its "
            "model is used, kept or discarded.",
            "quiet",
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addStretch(1)
        for label in (invitation, formats):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            layout.addWidget(label)
        layout.addSpacing(24)
        examples = QHBoxLayout()
        examples.setSpacing(16)
        for heading, tree, remark in _EXAMPLES:
            examples.addWidget(_example(heading, tree, remark), 1)
        layout.addLayout(examples)
        layout.addStretch(2)


def _example(heading: str, tree: str, remark: str) -> QFrame:
    card = QFrame()
    card.setProperty("card", True)
    title, picture = plain_label(heading, "heading"), plain_label(tree)
    picture.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    picture.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
    picture.setAccessibleName(heading)
    layout = QVBoxLayout(card)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(10)
    layout.addWidget(title)
    layout.addWidget(picture, 1)
    layout.addWidget(paragraph(remark, "quiet"))
    return card
