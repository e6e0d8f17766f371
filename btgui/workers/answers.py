"""Answers of the analysis thread to the window's thread.

Each answer is sent with the number of its request, so that the window can drop it if a newer
request has been made meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from btgui.engine.models.pack import ModelPack
from btgui.engine.results import Analysis, Device
from btgui.engine.scan import Scan


@dataclass(frozen=True)
class ModelReady:
    """A model is ready on a device and takes the given milliseconds per scan."""

    pack: ModelPack
    device: Device
    milliseconds: float


@dataclass(frozen=True)
class ModelRefused:
    """A model could not be loaded, and why."""

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
