"""Which greys a scan's values are shown in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from btgui.engine.pictures.contrast import Contrast, contrast_of, window_for
from btgui.engine.pictures.presets import WindowPreset, first_window, is_drawable
from btgui.engine.scan import Scan, Window

_EIGHT_BIT = Window(127.5, 255.0)
_OF_THE_FILE = "file"  # the preset that a scan opens with
_NARROWEST = 1e-3  # times its width that one drag makes a window


@dataclass(frozen=True)
class Greys:
    """Those that the file asks for, or those of a window, which is linear; or their negative.

    Attributes
    ----------
    window
        The display window, in the scan's values.
    as_file
        Whether the greys are those that the file asks for, which may be by a curve or a table;
        then ``window`` is the file's.
    inverted
        Whether the reader exchanged black and white.
    """

    window: Window = _EIGHT_BIT
    as_file: bool = True
    inverted: bool = False

    @classmethod
    def of(cls, scan: Scan) -> Greys:
        """Return those that a scan opens with."""
        return cls(first_window(scan))

    def through(self, window: Window) -> Greys:
        """Return those of another window, if it can be drawn."""
        return replace(self, window=window, as_file=False) if is_drawable(window) else self

    def by(self, preset: WindowPreset) -> Greys:
        """Return those of a preset, if it can be drawn."""
        if not is_drawable(preset.window):
            return self
        return replace(self, window=preset.window, as_file=preset.name == _OF_THE_FILE)

    def are_by(self, preset: WindowPreset) -> bool:
        """Whether they are those of a preset."""
        return preset.window == self.window and (preset.name == _OF_THE_FILE) == self.as_file

    def dragged(self, scan: Scan, across: float, down: float) -> Greys:
        """Return them after a drag: across to double the width, down its width to darken."""
        width = self.window.width
        # Down darkens what is seen: in a negative, the file's or the reader's, the other way.
        down = -down if self.inverted != scan.inverted else down
        return self.through(
            Window(
                self.window.centre + down * width, max(width * 2**across, width * _NARROWEST, 1e-6)
            )
        )

    def contrast(self, scan: Scan) -> Contrast:
        """Return how they differ from those that the scan opens with, but for a negative."""
        return Contrast() if self.as_file else replace(contrast_of(scan, self.window), linear=True)

    def with_contrast(self, scan: Scan, contrast: Contrast) -> Greys:
        """Return those that differ as much from the ones that the scan opens with."""
        window = window_for(scan, contrast)
        if contrast == Contrast() or not is_drawable(window):
            return replace(Greys.of(scan), inverted=self.inverted)
        return self.through(window)

    def curve(self, scan: Scan) -> str:
        """Return the file's curve or table while the scan is drawn by it, else ""."""
        return scan.curve if self.as_file else ""
