"""The preprocessing of a scan before the network sees it, shown on one of the user's scans."""

from __future__ import annotations

import random
from pathlib import Path

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from btgui.engine.preprocessing import Preprocessed, PreprocessingParameters, preprocess
from btgui.engine.scan import PERCENTILES_SOURCE, Scan
from btgui.engine.scan_source import read_scan
from btgui.views.preprocessing_view import PreprocessingView
from btgui.views.training_wizard.draft import Draft
from btgui.views.widgets.labels import paragraph, plain_label
from btgui.views.widgets.wheel_guard import guard_wheel
from btgui.workers.background import Background

_USUAL = (
    "The head is found and cut out, so that the network looks at tissue rather than at margins; "
    "noise is smoothed and the picture is coloured. Scans are read in exactly the same way."
)
_PLAIN = (
    "The whole scan is kept, in greyscale, as for the model that the training starts from, which was "
    "trained on such scans. Scans are read in exactly the same way."
)
_OF_START = (
    "As for the model that the training starts from, whose values are not the usual ones. Scans "
    "are read in exactly the same way."
)
_ALONE = (
    "Its header gives no window. Here the scan has its own window; in training it shares one with the "
    "slices of its series in the data set."
)


class StepsPanel(QWidget):
    """Shows the six preprocessing steps of a scan of the chosen class; a button shows another."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scans: dict[str, list[Path]] = {}
        self._places: dict[str, int] = {}
        self._preprocessing = PreprocessingParameters()
        self._background = Background(self)
        self.classes = QComboBox()
        guard_wheel(self.classes)
        self.another = QPushButton("&Another scan")
        self.name = paragraph(role="quiet")
        self.why = paragraph(_USUAL)
        self.view = PreprocessingView()
        self._lay_out()
        self._background.succeeded.connect(self._show)
        self._background.failed.connect(self._refuse)
        self.classes.currentIndexChanged.connect(self._read)
        self.another.clicked.connect(self._next)

    def show_draft(self, draft: Draft) -> None:
        """Offer the draft's scans by class, and show one."""
        scans: dict[str, list[Path]] = {}
        for scan in draft.scans:
            if scan.path not in draft.left_out:
                scans.setdefault(scan.label, []).append(scan.path)
        for paths in scans.values():
            random.Random(len(paths)).shuffle(paths)  # the same order every time
        names = {label: draft.shown_as(label) for label in scans}
        shown = (scans, draft.preprocessing)
        if shown == (self._scans, self._preprocessing) and self.name.text():
            for index in range(self.classes.count()):
                self.classes.setItemText(index, names[self.classes.itemData(index)])
            return
        self._show_preprocessing(draft.preprocessing)
        self._scans, self._places = scans, dict.fromkeys(scans, 0)
        with QSignalBlocker(self.classes):
            self.classes.clear()
            for label in sorted(scans):
                self.classes.addItem(names[label], label)
        self._read()

    def busy(self) -> bool:
        """Whether a scan is being read."""
        return self._background.is_busy()

    def close_down(self) -> None:
        """End the thread."""
        self._background.close()

    def _next(self) -> None:
        self._places[self.classes.currentData()] += 1
        self._read()

    def _read(self) -> None:
        label = self.classes.currentData()
        if label is None:
            return
        paths = self._scans[label]
        path = paths[self._places[label] % len(paths)]
        parameters = self._preprocessing
        self._background.start(lambda _stopped: _steps_of(path, parameters))

    def _show_preprocessing(self, parameters: PreprocessingParameters) -> None:
        self._preprocessing = parameters
        is_usual = parameters == PreprocessingParameters()
        self.why.setText(_USUAL if is_usual else _PLAIN if parameters.is_plain else _OF_START)

    def _show(self, result: tuple[Scan, Preprocessed]) -> None:
        scan, steps = result
        alone = scan.file_format == "DICOM" and scan.window_source == PERCENTILES_SOURCE
        self.name.setText(f"{scan.path.name}. {_ALONE}" if alone else scan.path.name)
        self.view.show_steps(scan, steps)

    def _refuse(self, problem: str) -> None:
        self.view.clear()
        self.name.setText(problem)

    def _lay_out(self) -> None:
        heading = plain_label("What is done to every scan", "heading")
        self.classes.setAccessibleName("Class of the scan")
        row = QHBoxLayout()
        row.addWidget(self.classes)
        row.addWidget(self.another)
        row.addWidget(self.name, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading)
        layout.addWidget(self.why)
        layout.addLayout(row)
        layout.addWidget(self.view, 1)


def _steps_of(path: Path, parameters: PreprocessingParameters) -> tuple[Scan, Preprocessed]:
    scan = read_scan(path)
    return scan, preprocess(scan.grey, parameters)
