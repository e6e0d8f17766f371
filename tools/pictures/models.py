"""Screenshots of the model windows for the user's guide: list, evaluation and comparison."""

from __future__ import annotations

from pathlib import Path

from btgui.engine.models.library import ModelLibrary
from btgui.engine.paths import shipped_models_folder, user_models_folder
from btgui.views.evaluation_view.confusion_table import ConfusionTable
from btgui.views.labelled_scans_choice import LabelledScansChoice
from btgui.views.measuring_models.compare_window import CompareModelsWindow
from btgui.views.measuring_models.evaluate_window import EvaluateWindow
from btgui.views.models_window.window import ModelsWindow
from tools.pictures.stage import Stage

_SIZE = (1280, 800)


def take(stage: Stage) -> None:
    """Take the screenshots with the shipped model and those that the wizard trained."""
    library = ModelLibrary(shipped_models_folder(), user_models_folder())
    scans = stage.scans / "by class"
    _take_models(stage, library)
    _take_evaluation(stage, library, scans)
    _take_comparison(stage, library, scans)


def _take_models(stage: Stage, library: ModelLibrary) -> None:
    window = ModelsWindow(library)
    window.resize(*_SIZE)
    window.set_in_use(library.models()[0].card.id, "")
    window.show()
    window.table.selectAll()
    stage.save(window, "models")
    window.close()


def _take_evaluation(stage: Stage, library: ModelLibrary, scans: Path) -> None:
    window = EvaluateWindow(library)
    window.resize(*_SIZE)
    window.show_models(library.models()[0].card.id)
    _choose(window.scans, scans)
    window.show()
    window.start.click()
    stage.until(lambda: window.runner.figures is not None)
    view = window.runner.view
    view.tabs.setCurrentIndex(1)
    stage.turn()
    view.confusion.setCurrentCell(*_most_wrong(view.confusion))
    stage.save(window, "evaluate")
    window.runner.close_workers()
    window.close()


def _take_comparison(stage: Stage, library: ModelLibrary, scans: Path) -> None:
    window = CompareModelsWindow(library)
    window.resize(*_SIZE)
    window.show_models({pack.card.id for pack in library.models()})
    _choose(window.scans, scans)
    window.show()
    if not window.start.isEnabled():
        raise ValueError(
            "Expected a second model, which the wizard trains: take the wizard's screenshots too."
        )
    window.start.click()
    stage.until(lambda: window.runner.figures is not None)
    view = window.runner.view
    view.tabs.setCurrentIndex(1)
    stage.turn()
    table = view.confusion.tables[0]
    table.setCurrentCell(*_most_wrong(table))
    stage.save(window, "compare-models")
    window.runner.close_workers()
    window.close()


def _most_wrong(table: ConfusionTable) -> tuple[int, int]:
    """Return the row and column of the most frequent error."""
    size = range(table.rowCount())
    places = [(row, column) for row in size for column in size if row != column]
    return max(places, key=lambda place: int(table.item(*place).text().replace(",", "")))


def _choose(choice: LabelledScansChoice, scans: Path) -> None:
    choice.place = scans
    choice.name.setText("our scans")
    choice.changed.emit()
