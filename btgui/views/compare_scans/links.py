"""Links between panes: zoom and place, contrast, and steps through lists and slices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from btgui.engine.pictures.contrast import Contrast
from btgui.views.compare_scans.pane import ScanPane


class Links(QObject):
    """Passes changes of one pane to the other visible panes, as far as they are linked."""

    def __init__(self, panes: Sequence[ScanPane], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._panes = panes
        self._passing_on = False
        self._stepping = False
        self._contrasts: dict[ScanPane, Contrast] = {}
        self.place = self.contrast = self.steps = True
        for pane in panes:
            pane.view.scan_changed.connect(lambda pane=pane: self.adopt(pane))
            pane.view.place_changed.connect(lambda pane=pane: self._share_place(pane))
            pane.view.display_changed.connect(lambda pane=pane: self._share_contrast(pane))
            pane.step_requested.connect(lambda by, pane=pane: self.step(pane, by))
            pane.slice_requested.connect(lambda by, pane=pane: self.step_slice(pane, by))
            pane.stack_opened.connect(lambda pane=pane: self.follow(pane))

    def step(self, pane: ScanPane, by: int) -> None:
        """Step a pane through the list; linked panes step too, or none if one is at an end."""
        moving = [pane, *self._others(pane)] if self.steps else [pane]
        moving = [one for one in moving if one.stack is not None]
        if all(one.can_step(by) for one in moving):
            self._stepping = True
            try:
                for one in moving:
                    one.step(by)
            finally:
                self._stepping = False

    def step_slice(self, pane: ScanPane, by: int) -> None:
        """Move a pane by a number of slices, at most to the first or last one."""
        self.go_to(pane, pane.index + by)

    def go_to(self, pane: ScanPane, index: int) -> None:
        """Show a slice in a pane; linked series show the slice at the same position."""
        if pane.stack is None or len(pane.stack.slices) == 1:
            return
        pane.show_slice(min(max(index, 0), len(pane.stack.slices) - 1))
        if self.steps:
            for other in self._others(pane):
                if other.stack is not None:
                    other.show_slice(other.stack.slice_at(pane.stack, pane.index))

    def follow(self, pane: ScanPane) -> None:
        """Move a pane to the position of the other panes, if steps are linked."""
        if self._stepping or not self.steps or pane.isHidden() or pane.stack is None:
            return
        for other in self._others(pane):
            if other.stack is not None and len(other.stack.slices) > 1:
                pane.show_slice(pane.stack.slice_at(other.stack, other.index))
                return

    def adopt(self, pane: ScanPane) -> None:
        """Give a pane's scan the place and contrast of the others, as far as they are linked."""
        shown = [other for other in self._others(pane) if other.view.scan is not None]
        if self._passing_on or pane.isHidden() or not shown:
            return
        self._passing_on = True
        try:
            if self.place:
                pane.view.set_place(shown[0].view.place())
            if self.contrast:
                pane.view.set_contrast(shown[0].view.contrast())
        finally:
            self._passing_on = False

    def _share_place(self, pane: ScanPane) -> None:
        if self.place and pane.view.scan is not None:
            place = pane.view.place()
            self._pass_on(pane, lambda other: other.view.set_place(place))

    def _share_contrast(self, pane: ScanPane) -> None:
        contrast = pane.view.contrast()
        if self._contrasts.get(pane, Contrast()) == contrast:
            return
        self._contrasts[pane] = contrast
        if self.contrast and pane.view.scan is not None:
            self._pass_on(pane, lambda other: other.view.set_contrast(contrast))

    def _pass_on(self, pane: ScanPane, change: Callable[[ScanPane], None]) -> None:
        if self._passing_on:
            return
        self._passing_on = True
        try:
            for other in self._others(pane):
                change(other)
        finally:
            self._passing_on = False

    def _others(self, pane: ScanPane) -> list[ScanPane]:
        return [one for one in self._panes if one is not pane and not one.isHidden()]
