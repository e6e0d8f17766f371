"""Pictures of the windows of models, for the user's guide: all of them, evaluated, compared.

Usage: python tools/comparison_pictures.py SCANS FOLDER MODEL …

SCANS is a folder of class folders; each MODEL is a pack to show beside the shipped one. Pictures of
the window of all models (models-…), of Evaluate on my data (evaluate-…) and of every tab of Compare on
my data (compare-…) are written to FOLDER. With QT_SCALE_FACTOR=2 they are of twice the size.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTabWidget, QWidget

    from btgui.engine.model_library import ModelLibrary
    from btgui.views.evaluation_view.confusion_table import ConfusionTable
    from btgui.views.labelled_scans_choice import LabelledScansChoice

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
    from btgui.app import create_application
    from btgui.engine.model_library import ModelLibrary
    from btgui.engine.paths import shipped_models_folder, user_models_folder

    application = create_application(["btgui"])
    library = ModelLibrary(shipped_models_folder(), user_models_folder())
    _grab_models(library, folder)
    _grab_evaluation(library, scans, folder)
    _grab_comparison(library, scans, folder)
    application.processEvents()
    return 0


def _grab_models(library: ModelLibrary, folder: Path) -> None:
    from btgui.views.models_window.window import ModelsWindow

    window = ModelsWindow(library)
    window.resize(*_SIZE)
    window.set_in_use(library.models()[0].card.id, "")
    window.show()
    window.table.selectRow(window.rows.rowCount() - 1)
    _save(window, folder / "models-card.png")
    window.table.selectAll()
    _save_tabs(window, window.comparison.tabs, folder, "models")
    window.close()


def _grab_evaluation(library: ModelLibrary, scans: Path, folder: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from btgui.views.evaluate_window import EvaluateWindow

    window = EvaluateWindow(library)
    window.resize(*_SIZE)
    window.show_models(library.models()[0].card.id)
    _choose(window.scans, scans)
    window.show()
    _save(window, folder / "evaluate-0-start.png")
    QTest.mouseClick(window.start, Qt.MouseButton.LeftButton)
    _wait(lambda: window.runner.figures is not None, _PATIENCE_SECONDS)
    view = window.runner.view
    _save_tabs(
        window,
        view.tabs,
        folder,
        "evaluate",
        {1: lambda: view.confusion.setCurrentCell(*_most_wrong(view.confusion))},
    )
    window.close_workers()
    window.close()


def _grab_comparison(library: ModelLibrary, scans: Path, folder: Path) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from btgui.views.compare_window import CompareWindow

    window = CompareWindow(library)
    window.resize(*_SIZE)
    window.show_models({pack.card.id for pack in library.models()})
    _choose(window.scans, scans)
    window.show()
    _save(window, folder / "compare-0-start.png")
    QTest.mouseClick(window.start, Qt.MouseButton.LeftButton)
    _wait(lambda: window.runner.figures is not None, _PATIENCE_SECONDS)
    view = window.runner.view
    clicks = {
        1: lambda: view.confusion.tables[0].setCurrentCell(*_most_wrong(view.confusion.tables[0])),
        2: lambda: view.errors.matrix.setCurrentCell(0, 1),
    }
    _save_tabs(window, view.tabs, folder, "compare", clicks)
    window.close_workers()
    window.close()


def _most_wrong(table: ConfusionTable) -> tuple[int, int]:
    """Return the place of the most frequent error."""
    size = range(table.rowCount())
    places = [(row, column) for row in size for column in size if row != column]
    return max(places, key=lambda place: int(table.item(*place).text().replace(",", "")))


def _choose(choice: LabelledScansChoice, scans: Path) -> None:
    choice.place = scans
    choice.name.setText(scans.name)
    choice.changed.emit()


def _save_tabs(
    window: QWidget,
    tabs: QTabWidget,
    folder: Path,
    name: str,
    clicks: Mapping[int, Callable[[], object]] | None = None,
) -> None:
    """Save a picture of every tab, some of them after a click."""
    for number in range(tabs.count()):
        tabs.setCurrentIndex(number)
        _wait(lambda: False, 0.1)
        if clicks and number in clicks:
            clicks[number]()
        _save(window, folder / f"{name}-{number + 1}.png")


def _save(window: QWidget, file: Path) -> None:
    _wait(lambda: False, 0.8)  # pictures of scans arrive meanwhile
    window.grab().save(str(file))
    print(file.name, flush=True)


def _wait(until: Callable[[], bool], seconds: float) -> None:
    """Turn the event loop; QTest.qWait would keep Python's lock from other threads."""
    from PySide6.QtCore import QCoreApplication

    end = time.monotonic() + seconds
    while not until() and time.monotonic() < end:
        QCoreApplication.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
