"""Finished results that views, records and exports read: plain data, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from btgui.engine.class_names import healthy_index
from btgui.engine.percentages import percent
from btgui.engine.preprocessing import Preprocessed
from btgui.engine.scan import Greys, Scan

CamMethod = Literal["grad_cam", "grad_cam_plus_plus"]
CAM_METHODS = {"grad_cam": "Grad-CAM", "grad_cam_plus_plus": "Grad-CAM++"}


@dataclass(frozen=True)
class Device:
    """What executes the networks.

    ``kind`` is "gpu" or "cpu"; ``name`` is the product's name as its maker gives it;
    ``runtime`` names the library that drives it, with its version; where
    ``half_precision`` was asked for, also how far off that is; ``gpu_failed`` says why a GPU
    that is there was passed over, empty where none was.
    """

    kind: Literal["gpu", "cpu"]
    name: str
    runtime: str = ""
    half_precision: bool = False
    gpu_failed: str = ""


@dataclass(frozen=True)
class Prediction:
    """A network's answer for one scan.

    Attributes
    ----------
    classes
        Class names in the network's order, as in the card ("glioma", …).
    display_names
        The same for the reader ("Glioma", …).
    probabilities
        One a class, 0 to 1, summing to 1; calibrated by the card's temperature.
    logits
        One a class, before temperature and softmax.
    """

    classes: tuple[str, ...]
    display_names: tuple[str, ...]
    probabilities: tuple[float, ...]
    logits: tuple[float, ...]

    @property
    def verdict_index(self) -> int:
        """Index of the most probable class."""
        return int(np.argmax(self.probabilities))

    @property
    def verdict(self) -> str:
        """Name of the most probable class."""
        return self.classes[self.verdict_index]

    @property
    def runner_up_index(self) -> int:
        """Index of the most probable class beside the verdict's; the first of several."""
        others = np.array(self.probabilities)
        others[self.verdict_index] = -1
        return int(np.argmax(others))

    @property
    def tumours_together(self) -> float:
        """The probability of a tumour of whatever kind, 0 to 1; 0 where every class is one."""
        healthy = healthy_index(self.classes, self.display_names)
        return 0.0 if healthy is None else 1.0 - self.probabilities[healthy]

    @property
    def is_doubtful_health(self) -> bool:
        """Whether no tumour is the likeliest class, and yet some tumour likelier than none."""
        healthy = healthy_index(self.classes, self.display_names)
        return self.verdict_index == healthy and self.tumours_together > 0.5  # noqa: PLR2004  (one half)

    @property
    def doubt(self) -> str:
        """In words, why the verdict is doubtful by the probabilities themselves; "" for most."""
        if not self.is_doubtful_health:
            return ""
        return f"All tumours together have {percent(self.tumours_together)}: look closely."


@dataclass(frozen=True, eq=False)
class StageMap:
    """A class-activation map of one stage of the network.

    Attributes
    ----------
    label
        For the reader ("Stage 5").
    layer
        Name of the layer whose output it explains.
    feature_map
        (h, w) float32 at the layer's own resolution, rectified; 0 to 1, its maximum
        is 1 where there is evidence, else all zero.
    on_scan
        (height, width) float32 in scan pixels; NaN outside the crop.
    """

    label: str
    layer: str
    feature_map: NDArray[np.float32]
    on_scan: NDArray[np.float32]

    @property
    def has_evidence(self) -> bool:
        """False where no part of this stage speaks for the target class: the map is all zero."""
        return bool(self.feature_map.any())


@dataclass(frozen=True)
class Reading:
    """What a model said of one scan, without the pictures.

    ``sha256`` is of the file's content and ``frame`` tells which of its pictures, from 0, it
    was; ``has_head`` tells whether a head was found in it, and ``note`` what is odd about its
    crop, "" for most. ``greys`` is the window that fed the network.
    """

    sha256: str
    model_id: str
    prediction: Prediction
    has_head: bool
    frame: int = 0
    greys: Greys | None = None
    note: str = ""

    @property
    def doubt(self) -> str:
        """In words, why the verdict is doubtful by what was computed; "" for most."""
        return " ".join(filter(None, (self.prediction.doubt, self.note)))


@dataclass(frozen=True, eq=False)
class Explanation:
    """Why the network scores one class as it does, stage by stage, early to late."""

    target_index: int
    method: CamMethod
    stages: tuple[StageMap, ...]


@dataclass(frozen=True, eq=False)
class Analysis:
    """One scan read by one model.

    ``milliseconds`` maps the step ("read", "preprocess", "predict", "explain") to
    its duration; ``explanation`` is None where none was asked for. ``read_at`` is when
    the verdict was given, in UTC.
    """

    scan: Scan
    preprocessed: Preprocessed
    prediction: Prediction
    model_id: str
    model_name: str
    device: Device
    milliseconds: Mapping[str, float]
    explanation: Explanation | None = None
    read_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def reading(self) -> Reading:
        """What of it is told of a scan that is one of many."""
        scan, outline = self.scan, self.preprocessed.outline
        return Reading(
            scan.sha256,
            self.model_id,
            self.prediction,
            outline.has_head,
            scan.frame,
            scan.greys,
            outline.note,
        )
