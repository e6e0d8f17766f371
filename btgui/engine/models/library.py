"""The library of available models: those that ship with the application and the user's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from btgui.engine.disk.files import free_name
from btgui.engine.errors import ModelNotFoundError, ModelPackError
from btgui.engine.models.deleted import DeletedModels
from btgui.engine.models.names import LONGEST_NAME, free_model_name
from btgui.engine.models.pack import (
    ModelPack,
    export_pack,
    import_pack,
    open_pack,
    read_card,
    remove_unfinished,
    rename_pack,
)

_DELETED = ".deleted"


@dataclass(frozen=True)
class BrokenPack:
    """A folder in the library that is not a usable model; the reason names the folder."""

    folder: Path
    reason: str


@dataclass(frozen=True)
class ImportedPack(ModelPack):
    """A model that was imported into the library; ``before`` is its original name."""

    before: str = ""

    @property
    def sentence(self) -> str:
        """A sentence on the import; it also states a change of the name, and why."""
        name = self.card.name
        if name == self.before:
            return f"Imported {name}."
        if len(self.before) > LONGEST_NAME:
            return f"Imported as {name}: its own name is longer than {LONGEST_NAME} characters."
        return f"Imported {self.before} as {name}: another model is called {self.before}."


def name_of(entry: ModelPack | BrokenPack) -> str:
    """Return the display name of a model, or the folder name of a broken one."""
    return entry.card.name if isinstance(entry, ModelPack) else entry.folder.name


_EntryT = TypeVar("_EntryT", ModelPack, BrokenPack)


class ModelLibrary:
    """The models in the shipped folder and in the user's folder.

    Listing reads only the cards; :meth:`open` verifies a pack in full before use.

    Parameters
    ----------
    shipped, user
        Folders whose subfolders are model packs. Where both hold the same id, the
        shipped one is used.
    """

    def __init__(self, shipped: Path, user: Path) -> None:
        self._shipped = shipped
        self._user = user
        self._deleted = DeletedModels(user / _DELETED)

    def models(self) -> list[ModelPack]:
        """List the models, shipped ones first."""
        return [entry for entry in self._entries() if isinstance(entry, ModelPack)]

    def broken(self) -> list[BrokenPack]:
        """List the folders that are not usable models."""
        return [entry for entry in self._entries() if isinstance(entry, BrokenPack)]

    def get(self, model_id: str) -> ModelPack:
        """Return a model by its id.

        Raises
        ------
        ModelNotFoundError
            There is no such model; the message lists the available ones.
        """
        models = self.models()
        for pack in models:
            if pack.card.id == model_id:
                return pack
        known = ", ".join(pack.card.id for pack in models) or "none"
        raise ModelNotFoundError(
            f"There is no model {model_id!r} in the library. Available models: {known}."
        )

    def default_model(self, preferred_id: str = "") -> ModelPack:
        """Return the preferred model; else a shipped model; else the first one.

        Of several shipped models, the one with the best accuracy by the honest protocol is
        returned: they were all tested alike. The user's models may have been tested on anything,
        so the accuracy in their cards does not make any of them the default.

        Raises
        ------
        ModelNotFoundError
            The library is empty.
        """
        models = self.models()
        if not models:
            raise ModelNotFoundError(
                "No model is installed. Import one (.btmodel), or reinstall the application."
            )
        for pack in models:
            if pack.card.id == preferred_id:
                return pack
        shipped = [pack for pack in models if not self.is_users(pack)]
        return max(shipped, key=_rank) if shipped else models[0]  # of equals, max keeps the first

    def open(self, model_id: str) -> ModelPack:
        """Verify a model in full and return it.

        Raises
        ------
        ModelNotFoundError, ModelPackError
            There is no model with this id, or it is damaged or unsafe.
        """
        return open_pack(self.get(model_id).folder)

    def import_model(self, source: Path) -> ImportedPack:
        """Verify a ``.btmodel`` file or folder and add it to the user's models.

        If the model's name is taken or too long, the model gets a similar one.

        Raises
        ------
        ModelPackError
            The model is refused, for example because a model in the library has the same id; the
            message gives the reason.
        """
        here = {pack.card.id: pack.card for pack in self.models()}
        pack = import_pack(source, self._user, here)
        before = pack.card.name
        name = free_model_name(before, {card.name for card in here.values()})
        if name != before:
            pack = rename_pack(pack, name)
        return ImportedPack(pack.folder, pack.card, before)

    def export_model(self, model_id: str, file: Path) -> None:
        """Write a model as one ``.btmodel`` file.

        Raises
        ------
        ModelNotFoundError, ModelPackError
            There is no model with this id, it is damaged, or the file cannot be written.
        """
        export_pack(self.get(model_id), file)

    def is_users(self, entry: ModelPack | BrokenPack) -> bool:
        """Whether a model or broken folder is the user's own, which may be renamed and deleted."""
        return entry.folder.parent == self._user

    def rename(self, model_id: str, name: str) -> ModelPack:
        """Give one of the user's models another name.

        Raises
        ------
        ModelNotFoundError, ModelPackError
            There is no model with this id, it ships with the application, the name is empty,
            too long or taken, or the card cannot be written.
        """
        pack = self._users(model_id, "renamed")
        name = name.strip()
        if not name:
            raise ModelPackError("A model needs a name.")
        if len(name) > LONGEST_NAME:
            raise ModelPackError(
                f"A model's name can have at most {LONGEST_NAME} characters; this one has "
                f"{len(name)}. Choose a shorter name."
            )
        if any(other.card.name == name and other != pack for other in self.models()):
            raise ModelPackError(f"Another model is already called {name}. Choose another name.")
        return rename_pack(pack, name)

    def delete(self, model_id: str) -> ModelPack:
        """Delete one of the user's models; until this process ends, :meth:`restore` undoes this.

        Raises
        ------
        ModelNotFoundError, ModelPackError
            There is no model with this id, it ships with the application, or its folder cannot be
            moved.
        """
        pack = self._users(model_id, "deleted")
        return self._move(pack, self._deleted.own_folder)

    def delete_broken(self, broken: BrokenPack) -> BrokenPack:
        """Delete one of the user's broken folders, which :meth:`restore` can undo.

        Raises
        ------
        ModelPackError
            The folder is not the user's, or cannot be moved.
        """
        if not self.is_users(broken):
            raise ModelPackError(
                f"{broken.folder} is not one of your own models and cannot be deleted here."
            )
        return self._move(broken, self._deleted.own_folder)

    def restore(self, deleted: _EntryT) -> _EntryT:
        """Restore a deleted model or folder; a model whose name is taken by now gets a number.

        Raises
        ------
        ModelPackError
            The folder cannot be moved, or the new name cannot be written.
        """
        taken = {pack.card.name for pack in self.models()}
        entry = self._move(deleted, lambda: self._user)
        if isinstance(entry, BrokenPack):
            return entry
        name = free_model_name(entry.card.name, taken)
        return entry if name == entry.card.name else rename_pack(entry, name)

    def remove_left_behind(self) -> None:
        """Remove for good what ended processes deleted or left half imported.

        Models that this or another window can still restore, or is importing, stay. Folders that
        cannot be removed now are left for the next call.
        """
        self._deleted.purge()
        remove_unfinished(self._user)

    def _users(self, model_id: str, what: str) -> ModelPack:
        pack = self.get(model_id)
        if not self.is_users(pack):
            raise ModelPackError(
                f"{pack.card.name} ships with the application and cannot be {what}."
            )
        return pack

    @staticmethod
    def _move(entry: _EntryT, into: Callable[[], Path]) -> _EntryT:
        try:
            place = into()
            place.mkdir(parents=True, exist_ok=True)
            folder = entry.folder.rename(free_name(place / entry.folder.name))
        except OSError as error:
            raise ModelPackError(
                f"{name_of(entry)} cannot be moved: {error.strerror}. Close any program that uses it."
            ) from error
        return replace(entry, folder=folder)

    def _entries(self) -> list[ModelPack | BrokenPack]:
        entries: list[ModelPack | BrokenPack] = []
        seen: set[str] = set()
        for place in (self._shipped, self._user):
            try:
                folders = _folders_in(place)
            except OSError as error:
                reason = f"The models in {place} cannot be listed ({error.strerror})."
                entries.append(BrokenPack(place, f"{reason} Check that you may read it."))
                continue
            for folder in folders:
                try:
                    card = read_card(folder)
                except ModelPackError as error:
                    entries.append(BrokenPack(folder, str(error)))
                    continue
                if card.id not in seen:
                    seen.add(card.id)
                    entries.append(ModelPack(folder, card))
        return entries


def _folders_in(place: Path) -> list[Path]:
    found = sorted(place.iterdir()) if place.is_dir() else []
    return [one for one in found if not one.name.startswith((".", "__")) and one.is_dir()]


def _rank(pack: ModelPack) -> tuple[bool, float]:
    result = pack.card.main_result
    if result is None:
        return False, 0.0
    return result.protocol == "honest", result.accuracy
