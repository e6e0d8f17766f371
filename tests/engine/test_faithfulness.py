"""Tests that the shipped model's heatmaps point at the regions that determine its predictions."""

from pathlib import Path

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.models.pack import open_pack

PACK = Path(__file__).resolve().parents[2] / "resources" / "models" / "mobilenetv2"
SIDE = 60  # of 200: about the size of a tumour
SCANS_A_CLASS = 4


@pytest.fixture(scope="module")
def shipped():
    return Analyser(open_pack(PACK))


@pytest.mark.shared
@pytest.mark.parametrize("method", ["grad_cam", "grad_cam_plus_plus"])
def test_blanking_the_highlight_lowers_the_verdicts_logit_more_than_blanking_elsewhere(
    shipped, shared_data, blanking_drops, method
):
    highlighted, elsewhere = [], []
    for label in ("glioma", "meningioma", "pituitary"):
        files = sorted((shared_data / "brain-tumor-mri" / "Testing" / label).glob("*.jpg"))
        for path in files[:: len(files) // SCANS_A_CLASS][:SCANS_A_CLASS]:
            analysis = shipped.explain(shipped.read(path), method=method)
            drop, others = blanking_drops(shipped.runtime, analysis, side=SIDE)
            highlighted.append(drop)
            elsewhere.append(others.mean())
    assert np.mean(highlighted) > 1.5 * np.mean(elsewhere) > 0
    assert np.mean(np.array(highlighted) > elsewhere) > 0.75  # most scans, not only the mean
