"""What the analysis thread answers, as it crosses to the window's thread.

Each answer goes with the number of its request, so that it can be dropped there if a newer
request has passed it on its way.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from btgui.engine.models.pack import ModelPack
from btgui.engine.results import Analysis, Device
from btgui.engine.scan import Scan


@dataclass(frozen=True)
class ModelReady:
    """A model is ready, on this device, at so many milliseconds a scan."""

    pack: ModelPack
    device: Device
    milliseconds: float


@dataclass(frozen=True)
class ModelRefused:
    """It could not be loaded, and why."""

    reason: str


@dataclass(frozen=True)
class Unread:
    """A file that could not be read, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Unanalysed:
    """Why there is no verdict on a scan that was read."""

    path: Path
    reason: str


ModelAnswer = ModelReady | ModelRefused
ScanAnswer = Scan | Unread | Analysis | Unanalysed
