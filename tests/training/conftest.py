"""Small data sets of drawn heads, made on the spot."""

from pathlib import Path

import cv2
import numpy as np
import pytest


def draw_head(seed: int, *, tumour: bool, size: int = 96) -> np.ndarray:
    """Draw a textured ellipse, different for every seed, with a bright blob where asked."""
    generator = np.random.default_rng(seed)
    picture = np.zeros((size, size), np.uint8)
    centre = (
        size // 2 + int(generator.integers(-4, 5)),
        size // 2 + int(generator.integers(-4, 5)),
    )
    axes = (int(generator.integers(28, 38)), int(generator.integers(34, 44)))
    cv2.ellipse(picture, centre, axes, float(generator.uniform(0, 180)), 0, 360, 110, -1)
    texture = cv2.resize(generator.normal(0, 30, (8, 8)), (size, size))
    picture = np.where(picture > 0, np.clip(picture + texture, 50, 255), 0).astype(np.uint8)
    if tumour:
        blob = (
            centre[0] + int(generator.integers(-12, 12)),
            centre[1] + int(generator.integers(-12, 12)),
        )
        cv2.circle(picture, blob, 8, 250, -1)
    return picture


@pytest.fixture
def small_dataset(tmp_path: Path) -> Path:
    """Training and Testing with two classes; one test scan copies a training scan, mirrored."""
    folder = tmp_path / "scans"
    for split, count, offset in (("Training", 14, 0), ("Testing", 4, 500)):
        for label, tumour in (("tumour", True), ("healthy", False)):
            place = folder / split / label
            place.mkdir(parents=True)
            for index in range(count):
                seed = offset + index + (100 if tumour else 0)
                cv2.imwrite(str(place / f"{index:02d}.png"), draw_head(seed, tumour=tumour))
    copied = cv2.imread(str(folder / "Training" / "tumour" / "03.png"), cv2.IMREAD_GRAYSCALE)
    cv2.imwrite(
        str(folder / "Testing" / "tumour" / "00.png"), np.ascontiguousarray(copied[:, ::-1])
    )
    return folder
