"""The licences that go with a packaged application: collects them for it, and checks that they are there."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import Distribution
from pathlib import Path

from btgui.engine.licences import application_parts, is_licence

_TEXTS = "resources/licences"  # where `application_parts` looks for the system's
_DOCUMENTS, _COMMON = Path("/usr/share/doc"), Path("/usr/share/common-licenses")
# Of what the packages or a system's Python may bring along, what is under the GPL alone.
_GPL = re.compile(r"(lib)?(readline|_?gdbm|x26[45]|Qt6(Lottie|QuickTimeline|WaylandCompositor))")


def package_texts(metadata: Path) -> list[tuple[str, str]]:
    """Return (file, folder in the application) of the licences that a package has among its code.

    They are to lie in the folder of its metadata (``*.dist-info``), beside those that it has there.
    """
    package = Distribution.at(metadata)
    return [
        (str(package.locate_file(file)), Path(metadata.name, "licenses", file.parent).as_posix())
        for file in package.files or ()
        if is_licence(Path(file))
        and file.parts[0] != metadata.name
        and "_virtual_includes" not in file.parts  # the same again, at paths too long for Windows
    ]


def system_texts(libraries: Iterable[Path]) -> list[tuple[str, str, str]]:
    """Return what Debian says of the terms of its libraries, as entries of PyInstaller's tables.

    With it come the texts that it names. Elsewhere, and for libraries that are no package's, nothing.
    """
    places = {
        place
        for library in libraries
        for path in {library, Path(os.path.realpath(library))}
        # The packages' lists may name /lib where it is /usr/lib, or the other way round.
        for place in {str(path), str(path).removeprefix("/usr"), f"/usr{path}"}
    }
    if (query := shutil.which("dpkg-query")) is None:
        return []
    found = subprocess.run(
        [query, "--search", *sorted(places)], capture_output=True, text=True, check=False
    ).stdout
    packages = sorted(set(re.findall(r"^([a-z0-9.+-]+)(?::\w+)?: ", found, re.MULTILINE)))
    said = {package: _DOCUMENTS / package / "copyright" for package in packages}
    said = {package: file for package, file in said.items() if file.is_file()}
    named = {
        name
        for file in said.values()
        for name in re.findall(rf"{_COMMON}/([\w.-]*\w)", file.read_text("utf-8", "replace"))
    }
    common = {name: _COMMON / name for name in sorted(named) if (_COMMON / name).is_file()}
    return [
        (f"{_TEXTS}/{folder}/{name}.txt", os.path.realpath(file), "DATA")
        for folder, files in (("system", said), ("common-licenses", common))
        for name, file in files.items()
    ]


def licence_problems(folder: Path) -> list[str]:
    """Return what of a packaged application's files lacks a licence's text or is under the GPL alone."""
    resources = folder / "resources"
    parts = application_parts(folder, resources)
    problems = [
        f"{part.name}: no text of its licence"
        for part in parts
        if not part.texts or not all(file.is_file() for file in part.texts)
    ]
    if sys.platform == "linux" and not (folder / _TEXTS / "system").is_dir():
        problems.append("system libraries: no licences; build on a Debian")
    gpl = sorted({file.name for file in folder.rglob("*") if _GPL.match(file.name)})
    return problems + [f"{name}: under the GPL" for name in gpl]
