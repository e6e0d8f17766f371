"""The model in use on the analysis thread: none, being loaded, or ready."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from btgui.engine.analysis import Analyser
from btgui.engine.errors import Cancelled
from btgui.engine.models.pack import ModelPack, open_pack
from btgui.engine.network_process.client import ProcessRuntime
from btgui.engine.runtime_names import RuntimeName
from btgui.workers import answers
from btgui.workers.reading import in_words
from btgui.workers.while_wanted import while_wanted

_LOOK_MILLISECONDS = 40


class ReadingModel(QObject):
    """Loads a model in place of the previous one while the analysis thread does other work.

    Attributes
    ----------
    analyser
        The analyser of the model; None until the model is ready.
    process
        The network's process, as soon as it is being started.

    Signals
    -------
    answered(int, ModelAnswer)
        The answer, with the number of the request.
    """

    answered = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.analyser: Analyser | None = None
        self.process: ProcessRuntime | None = None
        self._loading: ModelPack | None = None
        self._number = 0  # of the newest request

    def load(
        self, number: int, pack: ModelPack, runtime: RuntimeName, is_wanted: Callable[[], bool]
    ) -> None:
        """Load a model in place of the present one, and answer when it is ready or has failed."""
        self._number = number
        self.close()
        try:
            verified = while_wanted(pack.folder, lambda: open_pack(pack.folder), is_wanted)
            self.process = ProcessRuntime(verified, runtime)
            self.process.begin_warm_up()
        except Cancelled:
            return
        except Exception as error:  # noqa: BLE001  (reported to the user)
            self._refuse(error)
        else:
            self._loading = verified
            self._await()

    def why_none(self) -> str:
        """Return a sentence on why no model is ready, and what to do."""
        if self._loading is not None:
            return "The model is not ready yet. Try again in a moment."
        return "There is no model. Choose one, then try again."

    def abort(self) -> None:
        """Unblock a wait for the network's process; called on closing from the window's thread."""
        process = self.process
        if process is not None:
            process.abort()

    def close(self) -> None:
        """Release the model and end its process."""
        if self.process is not None:
            self.process.close()
        self.analyser = self.process = self._loading = None

    @Slot()
    def _await(self) -> None:
        """Poll whether the model is loaded, so that scans can be shown meanwhile."""
        process, pack = self.process, self._loading
        if process is None or pack is None:
            return
        if not process.is_warm():
            QTimer.singleShot(_LOOK_MILLISECONDS, self._await)
            return
        self._loading = None
        try:
            milliseconds = process.finish_warm_up()
            self.analyser = Analyser(pack, process)
        except Cancelled:
            return
        except Exception as error:  # noqa: BLE001  (reported to the user)
            self._refuse(error)
        else:
            ready = answers.ModelReady(pack, process.device, milliseconds)
            self.answered.emit(self._number, ready)

    def _refuse(self, error: Exception) -> None:
        self.close()
        reason = in_words(error, "The model could not be loaded.")
        self.answered.emit(self._number, answers.ModelRefused(reason))
