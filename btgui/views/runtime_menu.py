"""The menu in which the user chooses the runtime that computes the networks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from btgui.engine.runtime_names import RuntimeName

_CHOICES: tuple[tuple[RuntimeName, str, str], ...] = (
    ("auto", "Automatic", "A CUDA GPU if there is one, else the processor with OpenVINO."),
    ("openvino", "Processor", "With OpenVINO, in full precision."),
    (
        "openvino-half",
        "Processor, half precision",
        "Faster on recent processors, less exact: the tooltip of the device below says by how much.",
    ),
    ("intel-gpu", "Intel GPU", "With OpenVINO; needs Intel's driver."),
    ("tensorflow", "TensorFlow", "The framework that trains the models; slower to start."),
)


class RuntimeMenu(QMenu):
    """An exclusive choice of runtimes, with the current one checked.

    Signals
    -------
    chosen(str)
        The user chose the runtime of this name, one of ``runtimes.choice``.
    """

    chosen = Signal(str)

    def __init__(self, current: RuntimeName, parent: QWidget) -> None:
        super().__init__("Compute with", parent)
        self.setToolTipsVisible(True)
        group = QActionGroup(self)
        for name, text, tip in _CHOICES:
            action = QAction(text, self, checkable=True, checked=name == current)
            action.setObjectName(f"compute_{name}")
            action.setToolTip(tip)
            action.setStatusTip(tip)
            action.setData(name)
            group.addAction(action)
            self.addAction(action)
        group.triggered.connect(lambda action: self.chosen.emit(action.data()))
