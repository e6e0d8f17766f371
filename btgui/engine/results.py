"""Results for views, records and exports: plain data and the values derived from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from btgui.engine.class_names import healthy_index
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.percentages import percent
from btgui.engine.preprocessing import Preprocessed
from btgui.engine.scan import Greys, Scan

CamMethod = Literal["grad_cam", "grad_cam_plus_plus"]
NOVEL = "Unlike the scans that this model was trained on: its verdict may be wrong."
CAM_METHODS = {"grad_cam": "Grad-CAM", "grad_cam_plus_plus": "Grad-CAM++"}


@dataclass(frozen=True)
class Device:
    """The device that executes the networks.

    ``kind`` is "gpu" or "cpu"; ``name`` is the product name that its maker gives it;
    ``runtime`` names the library that drives it, with its version and, if ``half_precision`` was
    requested, the error that this causes; ``gpu_failed`` says why a GPU that is present is not
    used, "" where none was passed over.
    """

    kind: Literal["gpu", "cpu"]
    name: str
    runtime: str = ""
    half_precision: bool = False
    gpu_failed: str = ""


@dataclass(frozen=True)
class Prediction:
    """A network's prediction for one scan.

    Attributes
    ----------
    classes
        Class names in the network's order, as in the card ("glioma", …).
    display_names
        The same names for the reader ("Glioma", …).
    probabilities
        One per class, 0 to 1, summing to 1; calibrated by the card's temperature.
    logits
        One per class, before temperature and softmax.
    novelty
        How unlike the training scans the scan is, 0 or more, novel above 1
        (:mod:`btgui.engine.novelty`); None if the model cannot tell.
    """

    classes: tuple[str, ...]
    display_names: tuple[str, ...]
    probabilities: tuple[float, ...]
    logits: tuple[float, ...]
    novelty: float | None = None

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
        """Index of the second most probable class; the first of several equal ones."""
        others = np.array(self.probabilities)
        others[self.verdict_index] = -1
        return int(np.argmax(others))

    @property
    def tumours_together(self) -> float:
        """The total probability of the tumour classes, 0 to 1; 0 if the model has no healthy class."""
        healthy = healthy_index(self.classes, self.display_names)
        return 0.0 if healthy is None else 1.0 - self.probabilities[healthy]

    @property
    def is_doubtful_health(self) -> bool:
        """Whether the verdict is "no tumour" although the tumour classes together are more probable."""
        healthy = healthy_index(self.classes, self.display_names)
        return self.verdict_index == healthy and self.tumours_together > 0.5  # noqa: PLR2004  (one half)

    @property
    def is_novel(self) -> bool:
        """Whether the scan is known to be unlike those that the model was trained on."""
        return self.novelty is not None and self.novelty > 1

    @property
    def doubt(self) -> str:
        """Sentences on why the network's output makes the verdict doubtful; "" for most."""
        together = f"All tumour classes together: {percent(self.tumours_together)}. Look closely."
        doubts = (self.is_novel, NOVEL), (self.is_doubtful_health, together)
        return " ".join(sentence for applies, sentence in doubts if applies)


@dataclass(frozen=True, eq=False)
class StageMap:
    """A class activation map of one stage of the network.

    Attributes
    ----------
    label
        The stage's name for the reader ("Stage 5").
    layer
        Name of the layer whose output is explained.
    feature_map
        (h, w) float32 at the layer's own resolution, rectified; 0 to 1, with a maximum of 1
        if there is evidence, else all zero.
    grid
        Where the cells of ``feature_map`` lie on the network's input.
    on_scan
        (height, width) float32 in scan pixels; NaN outside the crop.
    """

    label: str
    layer: str
    feature_map: NDArray[np.float32]
    grid: FeatureGrid
    on_scan: NDArray[np.float32]

    @property
    def has_evidence(self) -> bool:
        """Whether anything in this stage supports the target class: the map is not all zero."""
        return bool(self.feature_map.any())


@dataclass(frozen=True)
class Reading:
    """A model's prediction for one scan, without the images.

    ``sha256`` is the digest of the file's content and ``frame`` the index of the scan in the file,
    from 0; ``has_head`` tells whether a head was found, and ``note`` is a sentence if the crop is
    questionable, else "". ``greys`` is the window applied to the network's input.
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
        """Sentences on why the network's output or the crop make the verdict doubtful; "" for most."""
        return " ".join(filter(None, (self.prediction.doubt, self.note)))


@dataclass(frozen=True, eq=False)
class Explanation:
    """The heatmaps for one class, stage by stage, early to late."""

    target_index: int
    method: CamMethod
    stages: tuple[StageMap, ...]


@dataclass(frozen=True, eq=False)
class Analysis:
    """One scan read by one model.

    ``milliseconds`` maps each step ("read", "preprocess", "predict", "explain") to
    its duration; ``explanation`` is None unless it was requested. ``read_at`` is the time of
    the verdict, in UTC.
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
        """The analysis without its images, for scans that are read in bulk."""
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
