"""The wizard with all its pages, in order."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from btgui.engine.models.library import ModelLibrary
from btgui.engine.training_runs.runs import taken_names
from btgui.views.training_wizard.check_page import CheckPage
from btgui.views.training_wizard.data_page import DataPage
from btgui.views.training_wizard.model_page import ModelPage
from btgui.views.training_wizard.preview_page import PreviewPage
from btgui.views.training_wizard.result_page import ResultPage
from btgui.views.training_wizard.training_page import TrainingPage
from btgui.views.training_wizard.wizard import TrainingWizard
from btgui.workers.training_process import TrainingProcess


def build_wizard(
    process: TrainingProcess, library: ModelLibrary, parent: QWidget | None
) -> TrainingWizard:
    """Return a wizard that trains with ``process`` and adds its models to ``library``."""
    training = TrainingPage(process, lambda: taken_names(library))
    result = ResultPage(library)
    first = [DataPage(), CheckPage(), PreviewPage(), ModelPage(library)]
    wizard = TrainingWizard([*first, training, result], parent)
    result.another_requested.connect(wizard.start_anew)
    return wizard
