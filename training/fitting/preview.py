"""Preview of the network's input in training: some scans, unaugmented and augmented."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import Cancelled, DatasetError, ScanError
from btgui.engine.preprocessing import colour, crop_and_filter, find_head, resize_to_input
from btgui.engine.training_request import TrainingRequest
from training.augmenting.augmentation import augment
from training.control import Control
from training.event_output import Reporter, begin
from training.turns import mixed

# Augmentations that need outlines or a second scan of the data set.
_OF_TWO_SCANS = {
    "transplant_probability": "tumours transplanted onto healthy scans",
    "removal_probability": "tumours removed",
    "mix_alpha": "scans blended with others",
}


@dataclass(frozen=True)
class Sample:
    """The picture files of a scan: ``plain`` without and ``changed`` with augmentation."""

    scan: Path
    label: str
    plain: Path
    changed: tuple[Path, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the sample as plain JSON values."""
        return {
            "scan": str(self.scan),
            "label": self.label,
            "plain": str(self.plain),
            "changed": [str(file) for file in self.changed],
        }


def preview(
    scans: list[LabelledScan],
    request: TrainingRequest,
    folder: Path,
    reporter: Reporter,
    control: Control,
    *,
    count: int,
    changes: int,
    seed: int,
) -> list[Sample]:
    """Write the network's input for some scans as PNG files into ``folder``.

    Augmentations that need outlines or a second scan are not shown; the reporter names those that the
    recipe has.

    Parameters
    ----------
    request
        Its recipe and preprocessing are used, the latter with its architecture's input size.
    count, changes
        Number of scans, alternating between the classes, and of augmented variants of each.
    seed
        Random seed of the choice of scans and of the augmentation.

    Raises
    ------
    DatasetError
        No scan can be read.
    Cancelled
        ``control`` has received a stop command.
    """
    if unseen := [words for name, words in _OF_TWO_SCANS.items() if getattr(request.recipe, name)]:
        reporter(f"Used in training but not shown here: {', '.join(unseen)}.")
    generator = np.random.default_rng(seed)
    report_done = begin(reporter, "preprocessing", count)
    samples: list[Sample] = []
    for scan in mixed(scans, generator):
        if len(samples) == count:
            break
        if control.stop_wanted():
            raise Cancelled("The preview was stopped.")
        try:
            samples.append(
                _sample(scan, request, folder / f"{len(samples):03d}", changes, generator)
            )
        except ScanError as error:
            reporter(str(error))
        report_done(len(samples))
    if not samples:
        raise DatasetError("Expected readable scans; none of the files can be read.")
    return samples


def _sample(
    scan: LabelledScan,
    request: TrainingRequest,
    stem: Path,
    changes: int,
    generator: np.random.Generator,
) -> Sample:
    parameters = request.preprocessing
    grey = scan.read().grey
    grey = crop_and_filter(grey, find_head(grey, parameters).box, parameters)
    # A mask would only keep random erasing off the tumour.
    no_mask = np.zeros_like(grey)
    pictures = [
        grey,
        *(augment(grey, no_mask, request.recipe, generator)[0] for _ in range(changes)),
    ]
    files = [
        _write(
            stem.with_name(f"{stem.name}-{number}.png"),
            resize_to_input(colour(picture, parameters), parameters),
        )
        for number, picture in enumerate(pictures)
    ]
    return Sample(scan.path, scan.label, files[0], tuple(files[1:]))


def _write(file: Path, rgb: NDArray[np.uint8]) -> Path:
    _, content = cv2.imencode(".png", rgb[:, :, ::-1])
    file.write_bytes(content.tobytes())
    return file
