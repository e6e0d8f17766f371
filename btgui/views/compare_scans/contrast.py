"""Brightness and contrast that scans of different values can share."""

from __future__ import annotations

from dataclasses import dataclass

from btgui.engine.scan import Window
from btgui.engine.window_presets import first_window
from btgui.views.scan_view import ScanView


@dataclass(frozen=True)
class Contrast:
    """A window beside the one that its scan opened with: MRI values have no common unit."""

    shift: float = 0.0  # of the centre, in widths of the first window
    factor: float = 1.0  # of the width


def contrast_of(view: ScanView) -> Contrast:
    """Return how the window of a view differs from its scan's first."""
    if view.scan is None:
        return Contrast()
    first = first_window(view.scan)
    if first.width <= 0:
        return Contrast()
    return Contrast(
        (view.window.centre - first.centre) / first.width, view.window.width / first.width
    )


def set_contrast(view: ScanView, contrast: Contrast) -> None:
    """Change the window of a view by as much."""
    if view.scan is not None:
        first = first_window(view.scan)
        view.set_window(
            Window(first.centre + contrast.shift * first.width, first.width * contrast.factor)
        )
