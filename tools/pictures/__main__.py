"""Take all screenshots of the documentation.

Usage: python -m tools.pictures DATASET [--only window viewing wizard models] [--epochs 3]

DATASET is the public data set, with the folders Training and Testing. The wizard trains a real model on
it, starting from the shipped one, and the model windows show both. All screenshots take a quarter of an
hour or more; `--only window viewing` takes a minute.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_PARTS = ("window", "viewing", "wizard", "models")
_SHOWN = range(20, 32)  # indices of the test scans of each class that are shown


def main() -> int:
    """Take the screenshots with a temporary home folder; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--only", nargs="+", choices=_PARTS, default=_PARTS)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--into", type=Path, default=ROOT / "docs/images")
    parser.add_argument("--guide", type=Path, default=ROOT / "docs/user-guide/images")
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory() as place:
        os.environ["BTGUI_HOME"] = str(Path(place) / "home")
        scans = Path(place) / "scans"
        _lay_out(options.dataset, scans)
        _take(options, scans)
    return 0


def _lay_out(dataset: Path, scans: Path) -> None:
    """Copy a few scans of each class into folders as a hospital might have them."""
    for folder in ("2025-11", "2025-12", "2026-01", "MRI scans"):
        (scans / folder).mkdir(parents=True)
    for class_folder in sorted((dataset / "Testing").iterdir()):
        own = scans / "by class" / class_folder.name
        own.mkdir(parents=True)
        files = sorted(class_folder.glob("*.jpg"))
        for number, file in enumerate(files[:60]):
            shutil.copy(file, own)
            if number in _SHOWN:
                shutil.copy(file, scans / "MRI scans")


def _take(options: argparse.Namespace, scans: Path) -> None:
    from tools.pictures import models, viewing, window, wizard
    from tools.pictures.stage import Stage

    stage = Stage(options.into, options.guide, scans)
    if "window" in options.only:
        window.take(stage)
    if "viewing" in options.only:
        viewing.take(stage)
    if "wizard" in options.only:
        wizard.take(stage, options.dataset, options.epochs)
    if "models" in options.only:
        models.take(stage)


if __name__ == "__main__":
    sys.exit(main())
