"""A scan with its own window, whose pixel values do not matter."""

from pathlib import Path

import numpy as np
import pytest

from btgui.engine.scan import Scan, Window


@pytest.fixture
def scan() -> Scan:
    grey = np.zeros((4, 4), np.uint8)
    return Scan(
        path=Path("made.dcm"),
        grey=grey,
        values=grey.astype(np.float32),
        window=Window(500.0, 1000.0),
        window_source="made",
        file_format="DICOM",
        sha256="0" * 64,
    )
