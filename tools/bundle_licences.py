"""Licence texts of a packaged application: collecting them, and checking that they are complete."""

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

_TEXTS = "resources/licences"  # where `application_parts` looks for the system's licences
_DOCUMENTS, _COMMON = Path("/usr/share/doc"), Path("/usr/share/common-licenses")
# Files under the GPL alone that packages or a system's Python may bring along.
_GPL = re.compile(r"(lib)?(readline|_?gdbm|x26[45]|Qt6(Lottie|QuickTimeline|WaylandCompositor))")


def package_texts(metadata: Path) -> list[tuple[str, str]]:
    """Return (file, folder in the application) of the licences that a package keeps among its code.

    In the application they belong to the folder of the package's metadata (``*.dist-info``), beside the
    licences there.
    """
    package = Distribution.at(metadata)
    return [
        (str(package.locate_file(file)), Path(metadata.name, "licenses", file.parent).as_posix())
        for file in package.files or ()
        if is_licence(Path(file))
        and file.parts[0] != metadata.name
        and "_virtual_includes" not in file.parts  # duplicates whose paths are too long for Windows
    ]


def system_texts(libraries: Iterable[Path]) -> list[tuple[str, str, str]]:
    """Return Debian's copyright files of the libraries, as entries of PyInstaller's tables.

    The common licences that these files name are included. On other systems, and for libraries that
    belong to no package, nothing is returned.
    """
    places = {
        place
        for library in libraries
        for path in {library, Path(os.path.realpath(library))}
        # The package lists may name /lib for a library in /usr/lib, or vice versa.
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
    """Return the parts of a packaged application without licence texts, and files under the GPL alone."""
    resources = folder / "resources"
    parts = application_parts(folder, resources)
    problems = [
        f"{part.name}: no licence text"
        for part in parts
        if not part.texts or not all(file.is_file() for file in part.texts)
    ]
    if sys.platform == "linux" and not (folder / _TEXTS / "system").is_dir():
        problems.append("system libraries: no licences; build on Debian")
    gpl = sorted({file.name for file in folder.rglob("*") if _GPL.match(file.name)})
    return problems + [f"{name}: under the GPL" for name in gpl]
