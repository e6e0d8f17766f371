"""File dialogs: scans, folders, tables and models, and where to save."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QDir, QFileInfo, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from btgui.engine.datasets.table import TABLE_SUFFIX
from btgui.engine.disk.files import file_name_of, free_name
from btgui.engine.models.pack import PACK_SUFFIX
from btgui.engine.nifti.mark import NIFTI_SUFFIXES
from btgui.engine.scan_source import SCAN_SUFFIXES
from btgui.views.dialogs.visited_folders import forgetting

# The folder of the last saved file, for this process only: with a proposed name, Qt ignores its own.
_saved_in: list[Path] = []


@forgetting
def ask_for_scans(parent: QWidget) -> list[Path]:
    """Return the scan files that the user chose; an empty list if none."""
    patterns = " ".join(
        f"*{suffix}" for suffix in sorted({*SCAN_SUFFIXES, *NIFTI_SUFFIXES, ".zip"})
    )
    chosen, _ = QFileDialog.getOpenFileNames(
        parent,
        "Open scans",
        "",
        # Files on a CD often have no suffix, so no pattern matches them: "All files" shows them.
        f"Scans and DICOMDIR ({patterns} DICOMDIR dicomdir);;All files (*)",
    )
    return [Path(name) for name in chosen]


@forgetting
def ask_for_folder(parent: QWidget) -> list[Path]:
    """Return the folder that the user chose, in a list; an empty list if none."""
    chosen = QFileDialog.getExistingDirectory(parent, "Open folder")
    return [Path(chosen)] if chosen else []


def ask_for_table(parent: QWidget) -> Path | None:
    """Return the table of scans that the user chose, or None."""
    return _ask_for_file(parent, "Open table", f"Tables of scans (*{TABLE_SUFFIX})")


@forgetting
def ask_where_to_save(
    parent: QWidget, title: str, name: str, kind: str, suffix: str
) -> Path | None:
    """Return the file that the user named, with its suffix, or None.

    The dialog confirms before a file is replaced. It cannot confirm a name to which the suffix is
    added only here; if a file of that name exists, a free name beside it is returned.
    """
    proposed = str((_saved_in[0] if _saved_in else _documents()) / name)
    chosen, _ = QFileDialog.getSaveFileName(parent, title, proposed, f"{kind} (*{suffix})")
    if not chosen:
        return None
    _saved_in[:] = [Path(chosen).parent]
    if chosen.casefold().endswith(suffix):
        return Path(chosen)
    return free_name(Path(f"{chosen}{suffix}"))


def ask_for_weights(parent: QWidget) -> Path | None:
    """Return the file of a base network's weights that the user chose, or None."""
    kinds = "Weights (*.h5 *.hdf5 *.keras);;All files (*)"
    return _ask_for_file(parent, "Choose weights", kinds)


def ask_for_model(parent: QWidget) -> Path | None:
    """Return the model file that the user chose, or None."""
    return _ask_for_file(parent, "Import model", f"Models (*{PACK_SUFFIX})")


def ask_where_to_save_model(parent: QWidget, name: str) -> Path | None:
    """Return the file that the user named for a model, or None."""
    proposed = f"{file_name_of(name)}{PACK_SUFFIX}"
    return ask_where_to_save(parent, "Export model", proposed, "Models", PACK_SUFFIX)


def _documents() -> Path:
    """Return the user's documents folder, else the home folder; never the working directory."""
    kept = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(kept if QFileInfo(kept).isDir() else QDir.homePath())


@forgetting
def _ask_for_file(parent: QWidget, title: str, kinds: str) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(chosen) if chosen else None
