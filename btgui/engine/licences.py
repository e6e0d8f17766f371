"""The components of the application, with the texts of their licences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from btgui.engine.paths import resource_folder

_NAMES = re.compile(r"licen[cs]e|copying|copyright|notice|patents|authors", re.IGNORECASE)
_CODE = {".py", ".pyc", ".xml"}
# Packages that do not include their licence: the texts that ship in resources/licences instead.
_KEPT_HERE = {
    "flatbuffers": ("flatbuffers.txt", "Apache-2.0.txt"),
    "pyjpegls": ("pyjpegls.txt",),
    "PySide6_Essentials": ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "shiboken6": ("Qt.txt", "LGPL-3.0.txt", "GPL-3.0.txt"),
    "tensorflow": ("TensorFlow.txt", "Apache-2.0.txt"),
}


@dataclass(frozen=True)
class Part:
    """The application itself, or a third-party component of it, with its licence texts."""

    name: str
    texts: tuple[Path, ...]

    def text(self) -> str:
        """Return all texts, one below the other, each under its file's name."""
        return "\n\n".join(
            f"{file.name}\n{'=' * len(file.name)}\n\n{file.read_text('utf-8', 'replace')}"
            for file in self.texts
        )


def application_parts(packages: Path | None = None, resources: Path | None = None) -> list[Part]:
    """Return the application, Python, every installed package and the bundled system libraries.

    Parameters
    ----------
    packages
        The folder of the installed packages; by default, this environment's.
    resources
        The application's resource folder; by default, the one in use.
    """
    packages = packages or Path(str(distribution("numpy").locate_file("")))
    resources = resources or resource_folder()
    folder = resources / "licences"
    installed = sorted(packages.glob("*.dist-info"), key=lambda entry: entry.name.casefold())
    own = tuple(resources.parent / name for name in ("LICENSE", "NOTICE"))
    return [
        Part("btgui", own),
        Part("Python", (folder / "Python.txt",)),
        *(_package(entry, folder) for entry in installed),
        *(Part(file.stem, (file,)) for file in sorted((folder / "system").glob("*.txt"))),
        *_named_by_these(folder / "common-licenses"),
    ]


def is_licence(file: Path) -> bool:
    """Whether a file, with its path relative to the package's folder, is a licence text."""
    return file.suffix not in _CODE and (
        "licenses" in file.parent.parts or bool(_NAMES.search(file.name))
    )


def _named_by_these(folder: Path) -> list[Part]:
    """Return the licences that Debian's copyright files refer to, as one part; [] without them."""
    return [Part(folder.name, tuple(sorted(folder.iterdir())))] if folder.is_dir() else []


def _package(folder: Path, kept_here: Path) -> Part:
    facts = Distribution.at(folder).metadata
    own = sorted(
        file
        for file in folder.rglob("*")
        if is_licence(file.relative_to(folder)) and file.is_file()
    )
    missing = (kept_here / name for name in _KEPT_HERE.get(facts["Name"], ()))
    return Part(f"{facts['Name']} {facts['Version']}", (*missing, *own))
