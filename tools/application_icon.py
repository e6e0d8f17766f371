"""Draw the icon of the packaged application as one large PNG.

Usage: python tools/application_icon.py [resources/icons/btgui.png]

PyInstaller derives the icons of Windows and macOS from it, in all sizes.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).resolve().parents[1] / "resources" / "icons"
SIDE = 1024  # pixels; the largest size that macOS shows


def draw(side: int = SIDE) -> QImage:
    """Return the icon, ``side`` pixels square, with a transparent background."""
    image = QImage(side, side, QImage.Format.Format_ARGB32)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    QSvgRenderer(str(ICONS / "btgui.svg")).render(painter)
    painter.end()
    return image


def main() -> int:
    """Write the icon; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, nargs="?", default=ICONS / "btgui.png")
    return 0 if draw().save(str(parser.parse_args().file)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
