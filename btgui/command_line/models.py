"""The ``models`` command: list, verify, import and export models."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import closing
from pathlib import Path

from btgui.command_line.parser import EXIT_FAILED, EXIT_MISUSE, EXIT_OK
from btgui.command_line.printing import print_json, print_line
from btgui.engine.disk.private_folder import PrivateFolder
from btgui.engine.errors import BtguiError, ModelPackError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import PACK_SUFFIX, ModelPack, import_pack, open_pack
from btgui.engine.paths import shipped_models_folder, user_models_folder
from btgui.engine.percentages import percent_exactly


def run(options: argparse.Namespace) -> int:
    """Run the command with the given options; return the exit status."""
    try:
        library = ModelLibrary(shipped_models_folder(), user_models_folder())
    except BtguiError as error:
        sys.stderr.write(f"btgui: {error}\n")
        return EXIT_MISUSE
    try:
        if options.action == "list":
            return _list(library, as_json=options.json)
        if options.action == "verify":
            return _verify(library, options.model)
        if options.action == "import":
            pack = library.import_model(options.file)
            print_line(f"{pack.card.id}: added to the library. {pack.sentence}")
            return EXIT_OK
        if os.path.exists(options.file):  # noqa: PTH110  (Path's raises where it may not be looked at)
            raise ModelPackError(f"{options.file} exists already. Name a new file.")
        library.export_model(options.model, options.file)
        print_line(f"{options.model}: written to {options.file}")
    except BtguiError as error:
        sys.stderr.write(f"btgui: {error}\n")
        return EXIT_FAILED
    return EXIT_OK


def _list(library: ModelLibrary, *, as_json: bool) -> int:
    for pack in library.models():
        card = pack.card
        if as_json:
            facts = {"id": card.id, "name": card.name, "architecture": card.architecture}
            print_json(facts | {"classes": card.classes})
        else:
            print_line(f"{card.id}: {card.name}, {_measured(pack)}")
    for broken in library.broken():
        sys.stderr.write(f"{broken.reason}\n")
    return EXIT_OK


def _measured(pack: ModelPack) -> str:
    result = pack.card.main_result
    if result is None:
        return "not yet tested"
    return (
        f"accuracy {percent_exactly(result.accuracy)} ({result.correct} of {result.count}), "
        f"{result.protocol} protocol"
    )


def _verify(library: ModelLibrary, names: list[str]) -> int:
    """Verify each model in full; the exit status tells whether all are valid."""
    status = EXIT_OK
    for broken in () if names else library.broken():
        sys.stderr.write(f"{broken.reason}\n")
        status = EXIT_FAILED
    for name in names or [pack.card.id for pack in library.models()]:
        try:
            _verify_one(library, name)
        except BtguiError as error:
            sys.stderr.write(f"{name}: {error}\n")
            status = EXIT_FAILED
        else:
            print_line(f"{name}: valid")
    return status


def _verify_one(library: ModelLibrary, name: str) -> None:
    path = Path(name)
    if os.path.isdir(path):  # noqa: PTH112  (as above)
        open_pack(path)
    elif path.suffix == PACK_SUFFIX:
        with closing(PrivateFolder()) as place:
            import_pack(path, place.path)
    else:
        library.open(name)
