"""One scan, large, as a radiologist looks at it: window and level, turns, a lens, measurements."""

from btgui.views.scan_view.view import ScanView

__all__ = ["ScanView"]
