"""The state of a run: phase, progress, time left, speed, device, memory, curves and a hint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QProgressBar, QVBoxLayout, QWidget

from btgui.engine.training_runs.events import (
    DeviceKnown,
    EpochDone,
    Event,
    Message,
    PhaseStarted,
    Progress,
    StepDone,
)
from btgui.engine.training_runs.hints import training_hint
from btgui.views.text import percent_exactly, time_left, unbroken
from btgui.views.training_wizard.live_curves import LiveCurves
from btgui.views.widgets.labels import paragraph, plain_label, say_or_hide

_PHASES = {
    "reading": "Reading the list of scans …",
    "downloading": "Downloading the ImageNet weights …",
    "comparing": "Comparing scans, to keep copies on the same side …",
    "preprocessing": "Preprocessing scans …",
    "fitting": "Preparing the first step, which takes the longest …",
    "measuring": "Measuring the trained network …",
    "saving": "Saving the model …",
}
_FACTS = ("Epoch", "Time left", "Scans per second", "Memory", "Runs on", "Best so far")
_UNKNOWN = "\N{EN DASH}"
_EVERYTHING = 1000


class RunPanel(QWidget):
    """Displays a run's events; it does not control the run."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.phase = paragraph(role="heading")
        self.total = QProgressBar()
        self.total.setRange(0, _EVERYTHING)
        self.total.setTextVisible(False)
        self.total.setAccessibleName("Progress of the whole training")
        self.facts = {name: paragraph(_UNKNOWN) for name in _FACTS}
        self.curves = LiveCurves()
        self.hint = paragraph()
        self.message = paragraph()
        self._history: dict[str, list[float]] = {}
        self._classes = 2
        self._share = 0.0
        self._running: tuple[float, float, float] | None = None
        self._lay_out()

    def start(self, history: Mapping[str, Sequence[float]], epochs: int, class_count: int) -> None:
        """Show a run that begins, or resumes after the epochs of its history."""
        self._history = {kind: list(values) for kind, values in history.items()}
        self._classes = class_count
        self._running = None
        for label in self.facts.values():
            label.setText(_UNKNOWN)
        say_or_hide(self.message, "")
        losses = self._history["validation_loss"]
        if losses:
            best = losses.index(min(losses))
            self._show_best(best + 1, self._history["validation_accuracy"][best])
        self._show_share(len(self._history["loss"]) / max(1, epochs))
        self.curves.set_epochs(epochs)
        self.phase.setText("Starting …")
        self._draw()

    def say(self, text: str) -> None:
        """Show the run's current activity, or how the run ended."""
        self.phase.setText(text)

    def hold(self, text: str) -> None:
        """Show an activity without a known speed, or that the run is paused."""
        self.phase.setText(text)
        for name in ("Time left", "Scans per second"):
            self.facts[name].setText(_UNKNOWN)

    def rest(self, text: str, *, done: bool = False) -> None:
        """Show that the run has ended; hide hint and message where ``done``."""
        self.hold(text)
        self._show_share(1.0 if done else self._share)  # the bar may show a phase's progress
        if done:
            say_or_hide(self.hint, "")
            say_or_hide(self.message, "")

    def take(self, event: Event) -> None:
        """Display the content of an event."""
        if isinstance(event, PhaseStarted):
            self.hold(_PHASES.get(event.phase, event.phase))
            say_or_hide(self.message, "")  # it was about the previous phase
            if event.phase == "fitting":
                self._show_share(self._share)
            else:
                self.total.setRange(0, event.total)
        elif isinstance(event, Progress):
            self.total.setRange(0, max(1, event.total))
            self.total.setValue(event.done)
        elif isinstance(event, DeviceKnown):
            several = f"{event.count} x " if event.count > 1 else ""
            self.facts["Runs on"].setText(f"{several}{event.name}")
        elif isinstance(event, StepDone):
            self._step(event)
        elif isinstance(event, EpochDone):
            self._epoch(event)
        elif isinstance(event, Message):
            say_or_hide(self.message, event.text)

    def _step(self, event: StepDone) -> None:
        self._show_share(event.share_done)
        self.phase.setText("Training …")
        self.facts["Epoch"].setText(
            f"{event.epoch} of {event.epochs}, step {event.step} of {event.steps}"
        )
        is_known = event.seconds_left >= 0
        left = time_left(event.seconds_left).removesuffix(" left")
        self.facts["Time left"].setText(left or (_UNKNOWN if is_known else "not known yet"))
        self.facts["Scans per second"].setText(
            f"{event.scans_per_second:.1f}" if is_known else _UNKNOWN
        )
        self.facts["Memory"].setText(f"{event.memory_mib / 1024:.1f} GiB")
        self._running = (event.share_done * event.epochs, event.loss, event.accuracy)
        self._draw()

    def _show_share(self, share: float) -> None:
        """Show the share of the whole training that is done, 0 to 1."""
        self._share = share
        self.total.setRange(0, _EVERYTHING)
        self.total.setValue(round(_EVERYTHING * share))

    def _epoch(self, event: EpochDone) -> None:
        for kind, values in self._history.items():
            values.append(getattr(event, kind))
        self._running = None
        if event.best:
            self._show_best(event.epoch, event.validation_accuracy)
        self._draw()

    def _show_best(self, epoch: int, accuracy: float) -> None:
        share = unbroken(percent_exactly(accuracy))
        self.facts["Best so far"].setText(f"epoch {epoch}, accuracy {share}")

    def _draw(self) -> None:
        self.curves.show_history(self._history, self._running)
        say_or_hide(self.hint, training_hint(self._history, self._classes))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.phase)
        layout.addWidget(self.total)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        for index, (name, label) in enumerate(self.facts.items()):
            heading = plain_label(name, "quiet")
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(heading, index // 3, index % 3 * 2)
            grid.addWidget(label, index // 3, index % 3 * 2 + 1)
            grid.setColumnStretch(index % 3 * 2 + 1, 1)
        layout.addLayout(grid)
        layout.addWidget(self.curves, 1)
        layout.addWidget(self.hint)
        layout.addWidget(self.message)
