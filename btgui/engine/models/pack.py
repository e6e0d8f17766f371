"""Model packs: a folder with a card and a network, zipped as ``.btmodel`` for sharing.

Before anything is loaded, opening a pack verifies the card's format, that exactly the files
listed in it are present, their SHA-256 digests, that the network contains no code, and that the
prototypes, if the card needs them, are numbers.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from btgui.engine.disk.files import (
    force_names,
    force_to_disk,
    fresh_folder,
    is_about_room,
    not_written,
    put_in_place,
    replacing,
    sha256_of,
)
from btgui.engine.disk.folders import is_hidden
from btgui.engine.disk.ordinary_file import is_special
from btgui.engine.errors import ModelPackError
from btgui.engine.models.card import ModelCard
from btgui.engine.models.keras_file import ARCHIVE_ERRORS, check_keras_file
from btgui.engine.models.prototypes import PROTOTYPES_FILE, read_detector

CARD_FILE = "card.json"
MODEL_FILE = "model.keras"
# The digests of a model's training, validation and test scans; only in models trained by btgui.
SCANS_FILE = "scans.json.gz"
PACK_SUFFIX = ".btmodel"
# Prefix of the names of unfinished folders.
_UNFINISHED = ".new-"
_IMPORTED = "pack"  # the folder inside an unfinished one that holds the pack during import
_LONGEST_IMPORT_SECONDS = 24 * 3600
_LARGEST_CARD = 5_000_000
_MOST_DIGITS = 18  # of an integer: views cannot show integers that overflow a float
_LARGEST_PACK = 2_000_000_000
_AGAIN = "Obtain a new copy of the model."


@dataclass(frozen=True)
class ModelPack:
    """The folder of a model, with the model's card."""

    folder: Path
    card: ModelCard

    @property
    def model_file(self) -> Path:
        """The network's file in Keras' native format."""
        return self.folder / MODEL_FILE


def read_card(folder: Path, name: str = "") -> ModelCard:
    """Read a pack's card without checking its files (quick, for listing).

    Parameters
    ----------
    name
        The pack's name in error messages; by default, the folder's name.

    Raises
    ------
    ModelPackError
        There is no card, or it cannot be understood; the message names the pack.
    """
    file, name = folder / CARD_FILE, name or folder.absolute().name  # a name even for "."
    try:
        if file.stat().st_size > _LARGEST_CARD:
            raise ModelPackError(f"The card of {name} is too large for a model card. {_AGAIN}")
        values = json.loads(file.read_text(encoding="utf-8"), parse_int=_whole_number)
        # Escapes can spell lone surrogates, which could not be written again.
        json.dumps(values, ensure_ascii=False).encode()
    except FileNotFoundError as error:
        if not folder.exists():
            raise ModelPackError(
                f"{folder} was not found. Check its name; if another window has deleted this model, "
                f"choose another one."
            ) from error
        raise ModelPackError(
            f"{name} is not a model: it has no {CARD_FILE}. Choose a model's folder or "
            f"a {PACK_SUFFIX} file."
        ) from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelPackError(
            f"The card of {name} cannot be read. Check that you may read it, or obtain a new copy of "
            f"the model."
        ) from error
    try:
        return ModelCard.from_json(values)
    except ModelPackError as error:
        raise ModelPackError(f"{name}: {error}") from error


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError(f"expected a number of at most {_MOST_DIGITS} digits")
    return int(digits)


def open_pack(folder: Path, name: str = "") -> ModelPack:
    """Open a pack and verify it in full; ``name`` is as in :func:`read_card`.

    Raises
    ------
    ModelPackError
        The card is invalid, a file is missing, changed or not listed in the card, the network
        could run code, or the prototypes cannot be used.
    """
    card = read_card(folder, name)
    try:
        # macOS leaves a hidden file in each folder that is browsed; hidden files are never read.
        present = {path.name for path in folder.iterdir() if not is_hidden(path.name)} - {CARD_FILE}
    except OSError as error:
        raise ModelPackError(
            f"The files of {card.name} cannot be listed ({error.strerror}). Check that you may read "
            f"its folder."
        ) from error
    if missing := set(card.files) - present:
        raise ModelPackError(
            f"{card.name} is incomplete: {', '.join(sorted(missing))} is missing. {_AGAIN}"
        )
    if extra := present - set(card.files):
        raise ModelPackError(
            f"{card.name} has files that its card does not list: {', '.join(sorted(extra))}. Remove "
            f"them from the model's folder, or obtain a new copy of the model."
        )
    if MODEL_FILE not in card.files:
        raise ModelPackError(f"The card of {card.name} does not list {MODEL_FILE}. {_AGAIN}")
    for member, digest in card.files.items():
        file = folder / member
        if file.is_symlink() or not file.is_file():
            raise ModelPackError(f"{member} of {card.name} is not an ordinary file. {_AGAIN}")
        try:
            unchanged = sha256_of(file) == digest
        except OSError as error:
            raise ModelPackError(
                f"{member} of {card.name} cannot be read ({error.strerror}). Check that you may read it."
            ) from error
        if not unchanged:
            raise ModelPackError(
                f"{member} of {card.name} was changed or damaged after the model was created. {_AGAIN}"
            )
    check_keras_file(folder / MODEL_FILE)
    read_detector(folder, card)
    return ModelPack(folder, card)


def write_pack(
    folder: Path, card: ModelCard, model_file: Path, others: tuple[Path, ...] = ()
) -> ModelPack:
    """Write a new pack atomically, even with regard to a power loss.

    Parameters
    ----------
    others
        Files to copy into the pack under their own names.

    Raises
    ------
    ModelPackError
        The folder exists already, the card or the network is invalid, or writing fails.
    """
    if folder.exists():
        raise ModelPackError(f"{folder} exists already. Choose another folder.")
    check_keras_file(model_file)
    contents = {MODEL_FILE: model_file} | {file.name: file for file in others}
    card = replace(card, files={name: sha256_of(file) for name, file in contents.items()})
    card.check()
    if card.novelty_limit is not None and PROTOTYPES_FILE not in contents:
        raise ModelPackError(
            f"{card.name} has a novelty limit but no {PROTOTYPES_FILE}. Write it with its prototypes, or "
            f"without the limit."
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with fresh_folder(folder.with_name(f"{_UNFINISHED}{folder.name}")) as temporary:
            for name, file in contents.items():
                shutil.copyfile(file, temporary / name)
            _write_card(temporary / CARD_FILE, card)
            _force_into_place(temporary, folder)
    except OSError as error:
        raise ModelPackError(f"{folder} cannot be written: {error.strerror}.") from error
    return ModelPack(folder, card)


def rename_pack(pack: ModelPack, name: str) -> ModelPack:
    """Write another display name into a pack's card; the id and the files stay the same.

    Raises
    ------
    ModelPackError
        The name is not valid in a card, or the card cannot be written.
    """
    card = replace(pack.card, name=name)
    card.check()
    try:
        _write_card(pack.folder / CARD_FILE, card)
    except OSError as error:
        raise ModelPackError(f"{pack.folder} cannot be written: {error.strerror}.") from error
    return ModelPack(pack.folder, card)


def export_pack(pack: ModelPack, file: Path) -> None:
    """Write a pack as one ``.btmodel`` file; an existing file is replaced without asking.

    Raises
    ------
    ModelPackError
        The pack is damaged, or the file cannot be written.
    """
    open_pack(pack.folder)
    try:
        with (
            replacing(file) as temporary,
            # Files may be dated before 1980, which ZIP cannot represent.
            zipfile.ZipFile(temporary, "w", strict_timestamps=False) as archive,
        ):
            for name in (CARD_FILE, *pack.card.files):
                archive.write(pack.folder / name, name)
    except OSError as error:
        raise ModelPackError(str(not_written(file, error))) from error


def import_pack(
    source: Path, into: Path, taken: Mapping[str, ModelCard] = MappingProxyType({})
) -> ModelPack:
    """Verify a ``.btmodel`` file or a pack's folder and copy it into ``into``.

    Parameters
    ----------
    taken
        The cards of the models whose ids are taken, by id.

    Raises
    ------
    ModelPackError
        The pack is refused (the message gives the reason), its id is taken, or writing fails.
    """
    try:
        into.mkdir(parents=True, exist_ok=True)
        return _import(source, into, taken)
    except OSError as error:
        raise ModelPackError(f"{into} cannot be written: {error.strerror}.") from error


def remove_unfinished(into: Path) -> None:
    """Remove what interrupted imports left in ``into``.

    Another window may be importing at this moment, so only folders at least a day old are
    removed: no import takes that long. A folder with anything but an imported pack stays.
    """
    with suppress(OSError):
        for place in into.glob(f"{_UNFINISHED}*"):
            if _is_left_behind(place):
                shutil.rmtree(place, ignore_errors=True)


def _is_left_behind(place: Path) -> bool:
    try:
        old = time.time() - place.lstat().st_mtime > _LONGEST_IMPORT_SECONDS
        return old and {path.name for path in place.iterdir()} <= {_IMPORTED}
    except OSError:
        return False


def _force_into_place(temporary: Path, folder: Path) -> None:
    """Flush a complete pack to disk, then give it its final name, so that a power loss is safe."""
    for file in temporary.iterdir():
        force_to_disk(file)
    force_names(temporary)
    put_in_place(temporary, folder)
    force_names(folder.parent)


def _write_card(file: Path, card: ModelCard) -> None:
    text = json.dumps(card.to_json(), indent=1, ensure_ascii=False)
    with replacing(file) as temporary:
        # The name of a data set's folder may not be valid Unicode: a model must not be lost over that.
        temporary.write_text(text + "\n", encoding="utf-8", errors="replace")
        force_to_disk(temporary)


def _import(source: Path, into: Path, taken: Mapping[str, ModelCard]) -> ModelPack:
    with tempfile.TemporaryDirectory(dir=into, prefix=_UNFINISHED) as place:
        temporary = Path(place) / _IMPORTED
        if os.path.isdir(source):  # noqa: PTH112  (Path's raises where it may not be looked at)
            pack = open_pack(source)
            temporary.mkdir()
            for name in (CARD_FILE, *pack.card.files):
                shutil.copyfile(source / name, temporary / name)
        else:
            _unpack(source, temporary)
        pack = open_pack(temporary, source.name)
        final = into / pack.card.id
        if pack.card.id in taken or final.exists():
            other = taken.get(pack.card.id)
            raise ModelPackError(
                f"A model with the ID {pack.card.id} is in the library already"
                f"{f', called {other.name}' if other else ''}. Use that one, or ask the author of "
                f"{pack.card.name} for a version with another ID."
            )
        _force_into_place(temporary, final)
    return ModelPack(final, pack.card)


def _unpack(file: Path, folder: Path) -> None:
    if is_special(file):  # reading a pipe could block or never end
        raise ModelPackError(f"{file} is not an ordinary file. Choose a {PACK_SUFFIX} file.")
    try:
        stream = file.open("rb")
    except FileNotFoundError as error:
        raise ModelPackError(f"{file} was not found. Check its name.") from error
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise ModelPackError(
            f"{file.name} cannot be opened ({reason}). Check that you have permission to read it."
        ) from error
    try:
        with stream, zipfile.ZipFile(stream) as archive:
            members = archive.infolist()
            for info in members:
                name = PurePosixPath(info.filename)
                if len(name.parts) != 1 or name.name in {"", ".."} or "\\" in info.filename:
                    raise ModelPackError(
                        f"{file.name} is refused: it contains the path {info.filename!r}, but a "
                        f"model pack holds plain files only. {_AGAIN}"
                    )
            if sum(info.file_size for info in members) > _LARGEST_PACK:
                raise ModelPackError(f"{file.name} unpacks to more than a model can need. {_AGAIN}")
            if CARD_FILE not in {info.filename for info in members}:
                raise ModelPackError(
                    f"{file.name} is not a model: it has no {CARD_FILE}. Choose a {PACK_SUFFIX} file."
                )
            folder.mkdir()
            archive.extractall(folder, [one for one in members if not is_hidden(one.filename)])
    except ARCHIVE_ERRORS as error:
        if is_about_room(error):
            raise  # the library's disk is full; the file is not to blame
        raise ModelPackError(
            f"{file.name} is not a readable {PACK_SUFFIX} file. {_AGAIN}"
        ) from error
