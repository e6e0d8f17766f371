"""The comparison of scans side by side, with linked zoom, window and scrolling."""

from btgui.views.compare_scans.window import CompareScansWindow

__all__ = ["CompareScansWindow"]
