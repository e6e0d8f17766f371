"""Screenshot of the main window with a tumour, for the README."""

from __future__ import annotations

from tools.pictures.stage import Stage

_SIZE = (1440, 900)
_SCAN = "Te-gl_0022.jpg"


def take(stage: Stage) -> None:
    """Open a folder and a glioma in it, and take the screenshot."""
    window = stage.window(_SIZE)
    folder = stage.scans / "MRI scans"
    window.open_paths([folder])
    stage.until(lambda: bool(window.browser.files()))
    window.open_scan(next(file for file in window.browser.files() if file.name == _SCAN))
    stage.until(
        lambda: (
            window.gradcam.analysis is not None and window.gradcam.analysis.explanation is not None
        )
    )
    stage.save_outside(window, "window")
    window.close()
