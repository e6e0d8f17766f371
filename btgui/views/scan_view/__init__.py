"""The scan viewer: window and level, rotation and mirroring, magnifier, and measurements."""

from btgui.views.scan_view.view import ScanView

__all__ = ["ScanView"]
