"""The wizard's third page: the scans as the network will see them."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.errors import TrainingError
from btgui.engine.training_request import TrainingRequest
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.sample_grid import SampleGrid, ShownSample, read_samples
from btgui.views.training_wizard.steps_panel import StepsPanel
from btgui.views.widgets.command_panel import CommandPanel
from btgui.views.widgets.labels import paragraph, plain_label
from btgui.views.widgets.layouts import Column
from btgui.workers.training_process import Ending

_PHASES = {"preprocessing": "Preparing sample scans"}
_SCANS, _CHANGES = 4, 4


class PreviewPage(Page):
    """Shows the preprocessing steps of a scan beside samples of augmented scans."""

    title = "Preview"
    hint = "What the network will see of your scans."
    lets_one_back = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = Draft()
        self._shown: TrainingRequest | None = None
        self._wanted: TrainingRequest | None = None
        self._seed = 0
        self.steps = StepsPanel()
        self.others = QPushButton("Show &others")
        self.panel = CommandPanel(_PHASES, "Stopped. Training does not need the preview.")
        self.grid = SampleGrid()
        self._samples = Column(self.grid, "Scans as training shows them")
        self._parts = QStackedWidget()
        self._lay_out()
        self.panel.command.answered.connect(self._show)
        self.panel.command.broke_off.connect(self._show_ending)
        self.others.clicked.connect(self._make)
        self.panel.again_requested.connect(self._make)

    def enter(self, draft: Draft) -> None:
        """Show the draft's scans; make new samples where anything has changed."""
        self._draft = draft
        self.steps.show_draft(draft)
        if self._shown != draft.request():
            self._make()

    def leave(self, draft: Draft) -> None:
        """Stop making samples; there is no choice to write to the draft."""
        del draft
        self.panel.cancel()

    def busy(self) -> bool:
        """Whether samples are being made."""
        return self.panel.command.is_busy()

    def close_down(self) -> None:
        """End the command and the thread."""
        self.panel.command.close()
        self.steps.close_down()

    def _lay_out(self) -> None:
        heading = plain_label("How training shows it", "heading")
        why = paragraph(
            "Each time, a scan is changed at random, sometimes strongly (augmentation), so that the "
            "network learns the tissue and not one picture's position, size or brightness. You set "
            "the strength on the next page, Model."
        )
        self.others.setToolTip("Show other scans with other random changes.")
        row = QHBoxLayout()
        row.addWidget(self.others)
        row.addStretch(1)
        self._parts.addWidget(self.panel)
        self._parts.addWidget(self._samples)
        samples = QWidget()
        right = QVBoxLayout(samples)
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(heading)
        right.addWidget(why)
        right.addLayout(row)
        right.addWidget(self._parts, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 0)
        layout.setSpacing(24)
        layout.addWidget(self.steps, 1)
        layout.addWidget(samples, 1)

    def _make(self) -> None:
        self._seed += 1
        self._wanted = request = self._draft.request()
        self.others.setEnabled(False)
        self.panel.start(lambda folder: _asked(request, self._seed, folder), read_samples)
        self.complete_changed.emit()

    def _show(self, samples: list[ShownSample]) -> None:
        self._shown = self._wanted
        self.grid.show_samples(samples, self._draft.display_names)
        self._parts.setCurrentWidget(self._samples)
        self.others.setEnabled(True)
        self.complete_changed.emit()

    def _show_ending(self, _ending: Ending) -> None:
        self._shown = None
        self._parts.setCurrentWidget(self.panel)
        self.others.setEnabled(True)
        self.complete_changed.emit()


def _asked(request: TrainingRequest, seed: int, folder: Path) -> list[str]:
    file = folder / "request.json"
    try:
        file.write_text(json.dumps(request.to_json()), encoding="utf-8")
    except OSError as error:
        raise TrainingError(
            f"The folder for temporary files cannot be written ({error.strerror}). Free some space."
        ) from error
    return [
        "preview",
        *("--request", str(file), "--into", str(folder / "pictures")),
        *("--count", str(_SCANS), "--changes", str(_CHANGES), "--seed", str(seed)),
    ]
