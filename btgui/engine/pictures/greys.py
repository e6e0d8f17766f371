"""The mapping of a scan's values to the grey levels on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from btgui.engine.pictures.contrast import Contrast, contrast_of, window_for
from btgui.engine.pictures.presets import WindowPreset, first_window, is_drawable
from btgui.engine.scan import Scan, Window

_EIGHT_BIT = Window(127.5, 255.0)
_OF_THE_FILE = "file"  # the preset that a scan opens with
_NARROWEST = 1e-3  # the smallest factor by which one drag narrows a window


@dataclass(frozen=True)
class Greys:
    """How grey levels are displayed: as the file specifies or through a linear window, or inverted.

    Attributes
    ----------
    window
        The display window, in units of the scan's values.
    as_file
        Whether grey levels are those that the file specifies, possibly by a sigmoid curve or a
        lookup table; ``window`` is then the file's.
    inverted
        Whether the reader has exchanged black and white.
    """

    window: Window = _EIGHT_BIT
    as_file: bool = True
    inverted: bool = False

    @classmethod
    def of(cls, scan: Scan) -> Greys:
        """Return the display that a scan opens with."""
        return cls(first_window(scan))

    def through(self, window: Window) -> Greys:
        """Return the display through another window, or this one if that window is not drawable."""
        return replace(self, window=window, as_file=False) if is_drawable(window) else self

    def by(self, preset: WindowPreset) -> Greys:
        """Return the display of a preset, or this one if the preset's window is not drawable."""
        if not is_drawable(preset.window):
            return self
        return replace(self, window=preset.window, as_file=preset.name == _OF_THE_FILE)

    def are_by(self, preset: WindowPreset) -> bool:
        """Whether this is the display of a preset, apart from inversion."""
        return preset.window == self.window and (preset.name == _OF_THE_FILE) == self.as_file

    def dragged(self, scan: Scan, across: float, down: float) -> Greys:
        """Return the display after a drag.

        Parameters
        ----------
        across
            Each unit to the right doubles the window's width.
        down
            Each unit downwards moves the centre by the window's width, so that the image darkens.
        """
        width = self.window.width
        # Downwards darkens the image as seen: in an inverted one, the centre moves the other way.
        down = -down if self.inverted != scan.inverted else down
        return self.through(
            Window(
                self.window.centre + down * width, max(width * 2**across, width * _NARROWEST, 1e-6)
            )
        )

    def contrast(self, scan: Scan) -> Contrast:
        """Return the difference from the display that the scan opens with, apart from inversion."""
        return Contrast() if self.as_file else replace(contrast_of(scan, self.window), linear=True)

    def with_contrast(self, scan: Scan, contrast: Contrast) -> Greys:
        """Return the display that differs by ``contrast`` from the one that the scan opens with."""
        window = window_for(scan, contrast)
        if contrast == Contrast() or not is_drawable(window):
            return replace(Greys.of(scan), inverted=self.inverted)
        return self.through(window)

    def curve(self, scan: Scan) -> str:
        """Return the name of the file's curve or table while it is applied to the scan, else ""."""
        return scan.curve if self.as_file else ""
