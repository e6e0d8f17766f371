"""What the tests of the window share: a real analysis, and keys, drops and dialogs."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from btgui.engine.analysis import Analyser
from btgui.engine.results import Analysis
from tests.conftest import write_head


@pytest.fixture(scope="session")
def analysis(tiny_pack, tmp_path_factory) -> Analysis:
    """A drawn head, read and explained by the small network in this process."""
    file = write_head(tmp_path_factory.mktemp("scans") / "head.png")
    return Analyser(tiny_pack).read(file, explain=True)


@pytest.fixture
def answer_dialog(monkeypatch):
    """Answer the next file dialogs of each kind; the system's own cannot be driven by a test."""

    def answer(method: str, value) -> None:
        monkeypatch.setattr(QFileDialog, method, staticmethod(lambda *_, **__: value))

    return answer


def drop(widget, paths: list[Path]) -> bool:
    """Drag files over a widget and drop them; return whether they were accepted."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, no_key = (
        Qt.DropAction.CopyAction,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    enter = QDragEnterEvent(QPoint(50, 50), action, data, button, no_key)
    QApplication.sendEvent(widget, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(widget, QDropEvent(QPointF(50, 50), action, data, button, no_key))
    return True
