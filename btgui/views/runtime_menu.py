"""The menu in which the user chooses what computes the networks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from btgui.engine.runtime_names import RuntimeName

_CHOICES: tuple[tuple[RuntimeName, str, str], ...] = (
    ("auto", "Automatic", "A CUDA GPU where there is one, else the processor by OpenVINO."),
    ("openvino", "Processor", "By OpenVINO, in full precision."),
    (
        "openvino-half",
        "Processor, half precision",
        "Quicker on recent processors, less exact: the device's tooltip below says by how much.",
    ),
    ("intel-gpu", "Intel GPU", "By OpenVINO; needs Intel's driver."),
    ("tensorflow", "TensorFlow", "The framework that trains the models; slower to start."),
)


class RuntimeMenu(QMenu):
    """One choice of several, with the present one checked.

    Signals
    -------
    chosen(str)
        The user wants the networks computed so; a name of ``runtimes.choice``.
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
