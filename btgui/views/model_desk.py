"""The choice of the model that reads: the picker beside the scan and the models window, in step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from btgui.engine.errors import ModelNotFoundError
from btgui.engine.models.library import ImportedPack, ModelLibrary
from btgui.engine.notifications import Notification, mention, notify
from btgui.engine.results import Device
from btgui.views.dialogs.file_dialogs import ask_for_model
from btgui.views.dialogs.questions import ask_to_stop_and_close
from btgui.views.model_picker import ModelPicker
from btgui.views.window_state import bring_up

if TYPE_CHECKING:  # imported when first used, so that the application starts sooner
    from btgui.views.models_window.window import ModelsWindow


class ModelDesk(QObject):
    """Keeps the picker and the models window in step with the library and with each other.

    Signals
    -------
    use_requested(str)
        The user wants scans read by the model with this id.
    comparison_requested(list)
        The user wants the models with these ids compared on scans.
    models_changed()
        Models were added to the library, removed from it or renamed.
    """

    use_requested = Signal(str)
    comparison_requested = Signal(list)
    models_changed = Signal()

    def __init__(self, library: ModelLibrary, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.library = library
        self.picker = ModelPicker()
        self.picker.set_models(library.models())
        self.picker.model_chosen.connect(self._ask_to_use)
        self._window: ModelsWindow | None = None
        self._in_use = self._ready = self._before = ""
        self._times: dict[str, float] = {}

    @property
    def window(self) -> ModelsWindow:
        """The models window, which is built at the first use."""
        if self._window is None:
            from btgui.views.models_window.window import ModelsWindow

            self._window = ModelsWindow(self.library, self._parent)
            self._window.use_requested.connect(self._ask_to_use)
            self._window.comparison_requested.connect(self.comparison_requested)
            self._window.library_changed.connect(self._offer_models)
            # Queued: the name's editor is still open.
            self._window.renamed.connect(self._use_renamed, Qt.ConnectionType.QueuedConnection)
            self._show_ready()
            self._window.refresh(self._in_use)
        return self._window

    def set_chosen(self, model_id: str) -> None:
        """Show that this model was chosen and is being loaded."""
        self._in_use = model_id
        self.picker.set_current(model_id)
        if self._window is not None:
            self._window.set_chosen(model_id)

    def set_ready(self, model_id: str, before: str, milliseconds: float, device: Device) -> None:
        """Show which model reads now, how fast it is on this computer, and which one read before."""
        self.picker.set_expected_milliseconds(model_id, milliseconds, device)
        self._ready, self._before = model_id, before
        self._times[model_id] = milliseconds
        self._show_ready()

    def set_none_ready(self) -> None:
        """Show that no model reads now, and offer to return to the one that did."""
        self._ready, self._before = "", self._ready or self._before
        self._show_ready()

    def show_window(self) -> None:
        """Open the models window, or bring it to the front."""
        self.window.refresh()
        self._offer_models()  # another btgui window may have added some
        bring_up(self.window)

    def ask_and_import(self) -> None:
        """Ask for a model file, add the model to the library and use it."""
        if chosen := ask_for_model(self._parent):
            self.import_model(chosen)

    def import_model(self, path: Path) -> None:
        """Add a model to the library and use it; if it is refused, the window says why."""
        mention(f"Importing {path.name} …")

        def imported(pack: ImportedPack) -> None:
            mention(pack.sentence)
            self.use_requested.emit(pack.card.id)

        def refused(_problem: str) -> None:
            mention("")  # clears "Importing …"

        self.window.import_model(path, imported, refused)

    def may_close(self) -> bool:
        """Return whether the application may close; ask if models are still being added or saved.

        The answer is no, without a question, if that work fails meanwhile: the window stays open so
        that the reason can be read.
        """
        if self._window is None:
            return True
        if not self._window.work.finish():
            return False
        return not self._window.work.doing() or ask_to_stop_and_close(
            self._parent,
            "Models are being added or saved",
            "Stop? A model being saved gets no file, and one being added does not join the library.",
        )

    def close(self) -> None:
        """Wait until no model is being imported or saved."""
        if self._window is not None:
            self._window.work.close()

    def take_new_model(self, model_id: str, use: bool) -> None:  # noqa: FBT001  (a signal's value)
        """Offer a model that was added to the library and, if ``use`` is true, use it."""
        self._offer_models()
        if self._window is not None:
            self._window.refresh(model_id)
        if use:
            self.use_requested.emit(model_id)

    def _ask_to_use(self, model_id: str) -> None:
        """Request the model that the user chose, if it is still in the library."""
        try:
            self.library.get(model_id)
        except ModelNotFoundError:
            self._offer_models()
            if self._window is not None:
                self._window.refresh(self._in_use)
            notify(
                Notification(
                    "error",
                    "That model is no longer in the library: another window may have deleted it. "
                    "Choose another one.",
                )
            )
        else:
            self.use_requested.emit(model_id)

    def _show_ready(self) -> None:
        if self._window is not None:
            self._window.set_in_use(self._ready, self._before)
            self._window.set_chosen(self._in_use)
            for model_id, milliseconds in self._times.items():
                self._window.set_time(model_id, milliseconds)

    def _use_renamed(self, model_id: str) -> None:
        """Load the renamed model in use again: verdicts and records state the model's name."""
        if model_id == self._in_use:
            self.use_requested.emit(model_id)

    def _offer_models(self) -> None:
        self.picker.set_models(self.library.models())
        self.picker.set_current(self._in_use)
        self.models_changed.emit()
