"""Pictures of series beside each other and of the keys' window, for the user's guide.

Usage: python tools/viewer_pictures.py [FOLDER]

Series are made by make_series.py; pictures are written to FOLDER (docs/user-guide/images).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def main() -> int:
    """Make the series, open the windows, and grab them."""
    into = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/user-guide/images"
    with tempfile.TemporaryDirectory() as place:
        os.environ["BTGUI_HOME"] = str(Path(place) / "home")
        from btgui.app import create_application

        app = create_application(["btgui"])
        _grab_series(app, Path(place) / "study", into / "viewing-compare-series.png")
        _grab_keys(app, into / "viewing-keys.png")
    return 0


def _grab_series(app: QApplication, study: Path, file: Path) -> None:
    from btgui.engine.studies.index import index_places
    from btgui.views.compare_scans import CompareWindow
    from btgui.views.compare_scans.listing import listed_stacks

    _write(study / "fine", "T1 post contrast", slices=60, apart=1.0)
    _write(study / "coarse", "T2 FLAIR", slices=24, apart=2.5)
    stacks = listed_stacks(index_places([study]).series, [])
    fine = next(stack for stack in stacks if stack.title.startswith("T1"))
    window = CompareWindow()
    window.show()
    window.open_scans(stacks, fine, 36)
    _wait(app, 3.0)
    window.grab().save(str(file))
    window.close()


def _write(folder: Path, description: str, *, slices: int, apart: float) -> None:
    """Write a series of the one study whose slices are so many times further apart."""
    from pydicom import dcmread

    from tools.make_series import make_series

    for path in make_series(folder, slices=slices, size=192, description=description):
        dataset = dcmread(path)
        dataset.StudyInstanceUID = "1.2.3"
        x, y, z = dataset.ImagePositionPatient
        dataset.ImagePositionPatient = [x, y, float(z) * apart]
        dataset.save_as(path)


def _grab_keys(app: QApplication, file: Path) -> None:
    from btgui.views.actions import ACTIONS
    from btgui.views.keys_dialog import KeysDialog

    dialog = KeysDialog({"invert": "N"})
    dialog.show()
    row = [text.name for text in ACTIONS].index("next_slice")
    item = dialog.list.topLevelItem(row)
    dialog.list.setCurrentItem(item)
    dialog.list.scrollToItem(item, dialog.list.ScrollHint.PositionAtCenter)
    _wait(app, 0.5)
    dialog.grab().save(str(file))
    dialog.close()


def _wait(app: QApplication, seconds: float) -> None:
    """Let the windows work for so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main())
