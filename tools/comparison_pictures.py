"""Pictures of the window that compares models on the same scans, for the user's guide.

Usage: python tools/comparison_pictures.py SCANS FOLDER MODEL …

SCANS is a folder of class folders; each MODEL is a pack to compare the shipped one with. Pictures
of every tab are written to FOLDER. With QT_SCALE_FACTOR=2 they are of twice the size.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_PATIENCE_SECONDS = 300
_SIZE = (1280, 800)


def main() -> int:
    """Compare, click, and grab."""
    scans, folder, *models = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["BTGUI_HOME"] = home
        from btgui.engine.paths import user_models_folder

        for model in models:
            shutil.copytree(model, user_models_folder() / model.name)
        return _grab(scans, folder)


def _grab(scans: Path, folder: Path) -> int:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from btgui.app import create_application
    from btgui.engine.model_library import ModelLibrary
    from btgui.engine.paths import shipped_models_folder, user_models_folder
    from btgui.views.compare_window import CompareWindow

    app = create_application(["btgui"])
    library = ModelLibrary(shipped_models_folder(), user_models_folder())
    window = CompareWindow(library)
    window.resize(*_SIZE)
    window.show_models({pack.card.id for pack in library.models()})
    window.scans.place = scans
    window.scans.name.setText(scans.name)
    window.scans.changed.emit()
    window.show()
    app.processEvents()
    window.grab().save(str(folder / "compare-0-start.png"))
    QTest.mouseClick(window.start, Qt.MouseButton.LeftButton)
    _wait(lambda: window.runner.figures is not None, _PATIENCE_SECONDS)
    view = window.runner.view
    for number in range(view.tabs.count()):
        view.tabs.setCurrentIndex(number)
        app.processEvents()
        if number == 1:
            view.confusion.tables[0].setCurrentCell(1, 0)
        if number == 2:  # noqa: PLR2004  (the tab of shared errors)
            view.errors.matrix.setCurrentCell(0, 1)
        _wait(lambda: False, 0.8)
        window.grab().save(str(folder / f"compare-{number + 1}.png"))
    window.close_workers()
    return 0


def _wait(until: Callable[[], bool], seconds: float) -> None:
    """Turn the event loop; QTest.qWait would keep Python's lock from other threads."""
    from PySide6.QtCore import QCoreApplication

    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
