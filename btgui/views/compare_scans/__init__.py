"""Two or four scans side by side, zoomed, windowed and stepped through together."""

from btgui.views.compare_scans.window import CompareScansWindow

__all__ = ["CompareScansWindow"]
