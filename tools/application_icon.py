"""Draw the application's icon, for the packaged application, as one large picture.

Usage: python tools/application_icon.py [resources/icons/btgui.png]

PyInstaller makes the icons of Windows and macOS from it, in all their sizes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIDE = 1024  # pixels: the largest that macOS shows


def draw(side: int = SIDE) -> QImage:
    """Return the icon with so many pixels a side, transparent where it is empty."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / "btgui.svg")).render(painter)
    painter.end()
    return image


def main() -> int:
    """Draw it and write it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=ICONS / "btgui.png")
    return 0 if draw().save(str(parser.parse_args().file)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
