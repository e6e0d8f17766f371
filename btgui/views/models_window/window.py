"""The window of the model library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QItemSelection, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from btgui.engine.errors import BtguiError
from btgui.engine.models.library import BrokenPack, ImportedPack, ModelLibrary, name_of
from btgui.engine.models.pack import ModelPack
from btgui.engine.notifications import Notification, notify
from btgui.views.actions import shown_keys
from btgui.views.dialogs.file_dialogs import ask_for_model, ask_where_to_save_model
from btgui.views.models_window.comparison import Comparison
from btgui.views.models_window.library_work import LibraryWork
from btgui.views.models_window.model_details import ModelDetails
from btgui.views.models_window.models_table import ModelsTable
from btgui.views.models_window.models_view import ModelsView
from btgui.views.text import plain_tip
from btgui.views.widgets.labels import paragraph
from btgui.views.widgets.wrapping_row import WrappingRow
from btgui.views.window_state import open_at

_SIZE = (1120, 720)
_NAME_LENGTH = 20  # letters of a name on a button: a long one must not widen the window


class ModelsWindow(QDialog):
    """Lists all models, with a card of the selected one or a comparison of several, and actions.

    Signals
    -------
    use_requested(str)
        The user wants to read scans with the model with this id.
    comparison_requested(list)
        The user wants to compare the models with these ids on their own scans.
    library_changed()
        Models were added, renamed, deleted or restored.
    renamed(str)
        The model with this id has a new name.
    """

    use_requested = Signal(str)
    comparison_requested = Signal(list)
    library_changed = Signal()
    renamed = Signal(str)

    def __init__(self, library: ModelLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self._library = library
        self._in_use = self._before = self._chosen_to_read = ""
        self._times: dict[str, float] = {}
        self._deleted: list[ModelPack | BrokenPack] = []  # the most recent last
        self.work = LibraryWork(self)
        self.rows = ModelsTable(library, self)
        self.table = ModelsView(self.rows)
        self.details = ModelDetails()
        self.comparison = Comparison()
        self.use = QPushButton("Use")
        self.back = QPushButton()
        self.rename = QPushButton("Rename")
        self.export = QPushButton("Export …")
        self.bring = QPushButton("Import …")
        self.compare = QPushButton("Compare on my data …")
        self.delete = QPushButton("Delete")
        self.message = paragraph()
        self.undo = QPushButton("Undo")
        self._lay_out()
        self._connect()
        self.table.selectRow(0)

    def set_in_use(self, model_id: str, before: str) -> None:
        """Mark the model in use; ``before`` is the id of the one used before it, or empty."""
        self._in_use, self._before = model_id, before
        self.rows.set_in_use(model_id)
        self._offer()

    def set_chosen(self, model_id: str) -> None:
        """Protect the model that is being loaded for reading from deletion."""
        self._chosen_to_read = model_id
        self._offer()

    def set_time(self, model_id: str, milliseconds: float) -> None:
        """Store the milliseconds per scan of a model on this computer."""
        self._times[model_id] = milliseconds
        self._show_chosen()

    def refresh(self, chosen_id: str = "") -> None:
        """List the library again, and select a model or restore the selection."""
        chosen = [pack.card.id for pack in self.table.chosen_packs()]
        wanted = [chosen_id] if chosen_id else chosen or [self._in_use]
        self.rows.refresh()
        rows = [row for row in map(self.rows.row_of, wanted) if row >= 0]
        self.table.choose(rows or [0])

    def import_model(
        self,
        path: Path,
        on_success: Callable[[ImportedPack], None] = lambda _pack: None,
        on_failure: Callable[[str], None] = lambda _problem: None,
    ) -> None:
        """Add a model to the library in the background; if it is refused, show why."""

        def imported(pack: ImportedPack) -> None:
            self._changed(pack.card.id, pack.sentence)
            on_success(pack)

        def refused(problem: str) -> None:
            self._tell_failure(problem)
            on_failure(problem)

        library = self._library
        self.work.do(
            f"Importing {path.name} …", lambda: library.import_model(path), imported, refused
        )

    def _lay_out(self) -> None:
        tips = (
            (self.use, "Read scans with this model from now on (Return)."),
            (self.back, ""),  # set below: the tip names the model
            (self.rename, "Give this model another name (F2)."),
            (self.compare, "Read the same scans with each of the chosen models."),
            (self.export, "Save this model as one file, to share or to keep."),
            (self.bring, "Add a .btmodel file; it is checked first."),
            (self.delete, "Remove this model from the library (Del). You can undo this."),
        )
        for button, tip in tips:
            button.setToolTip(tip)
            button.setAutoDefault(False)
        undo_keys = shown_keys(QKeySequence(QKeySequence.StandardKey.Undo))
        self.undo.setToolTip(f"Restore the model that was deleted last ({undo_keys}).")
        self.undo.setAutoDefault(False)
        self.undo.hide()
        bottom = QHBoxLayout()
        bottom.addWidget(self.message, 1)
        bottom.addWidget(self.undo)
        self._shown = QStackedWidget()
        self._shown.addWidget(self.details)
        self._shown.addWidget(self.comparison)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(self.table)
        parts.addWidget(self._shown)
        parts.setSizes([180, 460])
        parts.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.addLayout(WrappingRow(*(button for button, _tip in tips)))
        layout.addWidget(parts, 1)
        layout.addLayout(bottom)
        self.table.setFocus()  # otherwise the button that goes back to another model has the focus
        open_at(self, *_SIZE)

    def _connect(self) -> None:
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.work.changed.connect(self._work_changed)
        self.rows.renamed.connect(self._renamed)
        self.rows.refused.connect(self._say)
        self.use.clicked.connect(lambda: self._use(self.table.chosen_packs()[0].card.id))
        self.back.clicked.connect(lambda: self._use(self._before))
        self.rename.clicked.connect(self.table.rename_chosen)
        self.compare.clicked.connect(
            lambda: self.comparison_requested.emit([p.card.id for p in self.table.chosen_packs()])
        )
        self.export.clicked.connect(self._export)
        self.bring.clicked.connect(self._import)
        self.delete.clicked.connect(self._delete)
        self.undo.clicked.connect(self._restore)
        self.table.activated.connect(self.use.click)  # Return, or a double click
        for keys, button in (("Del", self.delete), (QKeySequence.StandardKey.Undo, self.undo)):
            QShortcut(QKeySequence(keys), self).activated.connect(button.click)

    def _selected(self, _now: QItemSelection, _before: QItemSelection) -> None:
        self._show_chosen()
        self._offer()

    def _show_chosen(self) -> None:
        chosen, packs = self.table.chosen(), self.table.chosen_packs()
        if len(packs) > 1:
            self.comparison.show_cards([pack.card for pack in packs], self._times)
            self._shown.setCurrentWidget(self.comparison)
            return
        self._shown.setCurrentWidget(self.details)
        if packs:
            self.details.show_card(packs[0].card)
        elif chosen and isinstance(chosen[0], BrokenPack):
            self.details.show_text(f"{chosen[0].reason} It is in {chosen[0].folder}.")
        else:
            self.details.show_text("Choose a model.")

    def _offer(self) -> None:
        """Enable the buttons that apply to the selection."""
        packs = self.table.chosen_packs()
        one = packs[0] if len(packs) == 1 else None
        users = one is not None and self._library.is_users(one)
        in_use = one is not None and one.card.id == self._in_use
        self.use.setEnabled(one is not None and not in_use)
        at_work = bool(self.work.doing())  # perhaps on the files of the selected model
        self.rename.setEnabled(users and not at_work)
        self.export.setEnabled(one is not None and not at_work)
        self.bring.setEnabled(not at_work)
        self.undo.setEnabled(not at_work)
        self.compare.setEnabled(len(packs) > 1)
        self.delete.setEnabled(self._can_be_deleted() and not at_work)
        row = self.rows.row_of(self._before)
        entry = self.rows.entry(row) if row >= 0 else None
        self.back.setVisible(isinstance(entry, ModelPack))
        if isinstance(entry, ModelPack):
            self.back.setText(f"Back to {_on_button(entry.card.name)}")
            tip = f"Read with the model that was used before: {entry.card.name}."
            self.back.setToolTip(plain_tip(tip))

    def _can_be_deleted(self) -> bool:
        """Whether one entry of the user's is selected that is not needed for reading scans."""
        chosen = self.table.chosen()
        if len(chosen) != 1 or not self._library.is_users(chosen[0]):
            return False
        needed = {self._in_use, self._chosen_to_read}
        return isinstance(chosen[0], BrokenPack) or chosen[0].card.id not in needed

    def _use(self, model_id: str) -> None:
        self._say("")  # the message was about an earlier action
        self.use_requested.emit(model_id)

    def _export(self) -> None:
        card = self.table.chosen_packs()[0].card
        file = ask_where_to_save_model(self, card.name)
        if file is None:
            return
        library = self._library
        self.work.do(
            f"Saving {card.name} as {file.name} …",
            lambda: library.export_model(card.id, file),
            lambda _nothing: self._say(f"Saved {card.name} as {file.name}."),
            self._tell_failure,
        )

    def _import(self) -> None:
        if chosen := ask_for_model(self):
            self.import_model(chosen)

    def _work_changed(self) -> None:
        self.rows.hold(bool(self.work.doing()))
        if self.work.doing():
            self._say(self.work.doing())
        self._offer()

    def _delete(self) -> None:
        entry = self.table.chosen()[0]
        try:
            self._deleted.append(
                self._library.delete(entry.card.id)
                if isinstance(entry, ModelPack)
                else self._library.delete_broken(entry)
            )
        except BtguiError as error:
            self._say(str(error))
            return
        self._changed(
            self._in_use, f"Deleted {name_of(entry)}. You can restore it until btgui is closed."
        )

    def _restore(self) -> None:
        if not self._deleted:
            return  # the shortcut works without the button, too
        try:
            entry = self._library.restore(self._deleted[-1])
        except BtguiError as error:
            self._say(str(error))
            return
        del self._deleted[-1]
        chosen = entry.card.id if isinstance(entry, ModelPack) else ""
        self._changed(chosen, f"Restored {name_of(entry)}.")

    def _renamed(self, model_id: str) -> None:
        # Do not refresh: the cell's editor still refers to the old rows.
        self._show_chosen()
        self._offer()
        self._say("Renamed.")
        self.library_changed.emit()
        self.renamed.emit(model_id)

    def _changed(self, chosen_id: str, text: str) -> None:
        self.refresh(chosen_id)
        self._offer_undo()
        self._say(text)
        self.library_changed.emit()

    def _offer_undo(self) -> None:
        # A model that was imported again meanwhile needs no undo.
        self._deleted = [
            entry
            for entry in self._deleted
            if isinstance(entry, BrokenPack) or self.rows.row_of(entry.card.id) < 0
        ]
        self.undo.setVisible(bool(self._deleted))
        if self._deleted:
            self.undo.setText(f"Undo: restore {_on_button(name_of(self._deleted[-1]))}")

    def _tell_failure(self, problem: str) -> None:
        """Show why a model was not saved or added, also in the main window: this one may be closed."""
        self._say(problem)
        notify(Notification("error", problem))

    def _say(self, text: str) -> None:
        self.message.setText(text)


def _on_button(name: str) -> str:
    """Return a model's name for a button: shortened, and without a mnemonic."""
    shown = name if len(name) <= _NAME_LENGTH else f"{name[:_NAME_LENGTH].rstrip()} …"
    return shown.replace("&", "&&")
