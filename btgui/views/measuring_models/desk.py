"""The owner of the windows that measure models on the user's own scans."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.models.library import ModelLibrary
from btgui.views.dialogs.questions import ask_to_stop_and_close
from btgui.views.window_state import bring_up

if TYPE_CHECKING:  # each is imported on first use, to keep the start-up fast
    from btgui.views.measuring_models.compare_window import CompareModelsWindow
    from btgui.views.measuring_models.evaluate_window import EvaluateWindow


class MeasuringDesk(QObject):
    """Owns the windows that measure models, and builds each on first use.

    Parameters
    ----------
    library
        The models to choose from.

    Signals
    -------
    open_requested(Path)
        The user wants to see a scan in the main window.
    """

    open_requested = Signal(object)

    def __init__(self, library: ModelLibrary, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._library = library
        self._in_use = ""
        self.evaluation: EvaluateWindow | None = None
        self.comparison: CompareModelsWindow | None = None

    def set_in_use(self, model_id: str) -> None:
        """Store the id of the model in use, which the windows select by default."""
        self._in_use = model_id

    def show_evaluation(self) -> None:
        """Open the window that measures a model."""
        if self.evaluation is None:
            from btgui.views.measuring_models.evaluate_window import EvaluateWindow

            self.evaluation = EvaluateWindow(self._library, self._parent)
            self.evaluation.runner.view.open_requested.connect(self.open_requested)
        if not self.evaluation.runner.is_busy():
            self.evaluation.show_models(self._in_use)
        bring_up(self.evaluation)

    def show_comparison(self, chosen: Collection[str] = ()) -> None:
        """Open the window that compares models.

        The models with the ids ``chosen`` are checked, otherwise those checked before or the
        model in use.
        """
        if self.comparison is None:
            from btgui.views.measuring_models.compare_window import CompareModelsWindow

            self.comparison = CompareModelsWindow(self._library, self._parent)
            self.comparison.runner.view.open_requested.connect(self.open_requested)
        if not self.comparison.runner.is_busy():
            self.comparison.show_models(chosen or self.comparison.chosen_ids() or (self._in_use,))
        bring_up(self.comparison)

    def refresh_models(self) -> None:
        """List the models again in both windows, keeping the selection there."""
        if self.evaluation is not None:
            self.evaluation.show_models(self._in_use, keep=True)
        if self.comparison is not None:
            self.comparison.show_models(self.comparison.chosen_ids())

    def may_close(self) -> bool:
        """Return whether the application may close; ask the user if models are being measured."""
        windows = (self.evaluation, self.comparison)
        if not any(window is not None and window.runner.is_busy() for window in windows):
            return True
        return ask_to_stop_and_close(
            self._parent,
            "Models are being measured",
            "Stop measuring? The results so far will be lost.",
        )

    def close(self) -> None:
        """Stop the workers of both windows."""
        for window in (self.evaluation, self.comparison):
            if window is not None:
                window.runner.close_workers()
