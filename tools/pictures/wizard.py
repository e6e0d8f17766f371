"""Screenshots of every page of the training wizard for the user's guide, with a real training run."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QWidget

from btgui.engine.training_runs.events import EpochDone
from btgui.views.main_window import MainWindow
from btgui.views.training_wizard.check_page import CheckPage
from btgui.views.training_wizard.data_page import DataPage
from btgui.views.training_wizard.model_page import ModelPage
from btgui.views.training_wizard.page import Page
from btgui.views.training_wizard.preview_page import PreviewPage
from btgui.views.training_wizard.result_page import ResultPage
from btgui.views.training_wizard.wizard import TrainingWizard
from tools.pictures.stage import Stage

_SIZE = (1280, 800)
_FROZEN_STAGES = 2
_STEP = 40  # step of the last epoch at which the screenshot is taken
_Page = TypeVar("_Page", bound=Page)


def take(stage: Stage, dataset: Path, epochs: int) -> None:
    """Go through the wizard, and keep the model as a candidate."""
    window = stage.window(_SIZE)
    window.training.show_wizard()
    wizard = window.training.wizard
    wizard.resize(*_SIZE)
    data, check = _page(wizard, DataPage), _page(wizard, CheckPage)
    preview, model = _page(wizard, PreviewPage), _page(wizard, ModelPage)
    result = _page(wizard, ResultPage)
    stage.save(wizard, "wizard-data-empty")
    _show_a_stop(stage, wizard)
    data.choose(dataset)
    stage.until(wizard.next.isEnabled)
    stage.save(wizard, "wizard-data")
    wizard.next.click()
    stage.until(lambda: not check.busy() and wizard.next.isEnabled())
    stage.save(wizard, "wizard-check")
    wizard.next.click()
    stage.until(lambda: not preview.busy())
    stage.save(wizard, "wizard-preview")
    wizard.next.click()
    boxes = model.settings.form.boxes
    boxes["epochs"].setValue(epochs)
    boxes["frozen_stages"].setValue(_FROZEN_STAGES)
    model.networks.measure.click()
    stage.until(lambda: "measured here" in model.networks.cards["mobilenetv2"].time.text())
    stage.until(wizard.next.isEnabled)
    stage.save(wizard, "wizard-model")
    model.settings.advanced.click()
    wizard.setFocus()
    _scroll_to(stage, model.settings)
    stage.save(wizard, "wizard-settings")
    wizard.next.click()
    stage.save(wizard, "wizard-training-ready")
    _train(stage, window, epochs)
    wizard.next.click()
    stage.until(lambda: not result.busy() and result.runner.figures is not None)
    stage.save(wizard, "wizard-result")
    view = result.runner.view
    view.tabs.setCurrentIndex(1)
    view.confusion.setCurrentCell(1, 0)
    stage.save(wizard, "wizard-confusion")
    result.keep.click()
    stage.until(lambda: not result.busy())
    window.close()


def _train(stage: Stage, window: MainWindow, epochs: int) -> None:
    wizard, training = window.training.wizard, window.training.training_page
    done: list[object] = []
    window.training.process.event_arrived.connect(
        lambda event: done.append(event) if isinstance(event, EpochDone) else None
    )
    training.begin.click()
    stage.until(lambda: len(done) == epochs - 1)
    stage.until(lambda: f"step {_STEP}" in training.panel.facts["Epoch"].text())
    stage.save(wizard, "wizard-training")
    training.later.click()
    stage.until(lambda: not training.busy())
    stage.save(wizard, "wizard-training-stopped")
    training.resume.click()
    stage.until(lambda: not training.busy())


def _show_a_stop(stage: Stage, wizard: TrainingWizard) -> None:
    data, check = _page(wizard, DataPage), _page(wizard, CheckPage)
    with tempfile.TemporaryDirectory() as folder:
        for label in ("glioma", "no tumour"):
            (Path(folder) / label).mkdir()
            for number in range(12):
                (Path(folder) / label / f"{number:04}.png").write_bytes(b"no picture")
        data.choose(Path(folder))
        stage.until(wizard.next.isEnabled)
        wizard.next.click()
        stage.until(lambda: check.obstacle is not None)
        stage.save(wizard, "wizard-check-stop")
        wizard.back.click()


def _page(wizard: TrainingWizard, kind: type[_Page]) -> _Page:
    return next(page for page in wizard.pages if isinstance(page, kind))


def _scroll_to(stage: Stage, part: QWidget) -> None:
    stage.turn()
    area = part.parent().parent().parent()  # contents, viewport, scroll area
    area.verticalScrollBar().setValue(part.y())
