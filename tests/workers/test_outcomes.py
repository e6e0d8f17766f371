from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.errors import ScanError
from btgui.engine.results import Prediction, Reading
from btgui.workers.outcomes import result_rows
from tests.conftest import CLASSES


@pytest.fixture
def batch():
    prediction = Prediction(CLASSES, CLASSES, (0.1, 0.7, 0.1, 0.1), (0.0, 2.0, 0.0, 0.0))
    reading = Reading("0" * 64, "small", prediction, has_head=False)
    return [(Path("a.png"), reading), (Path("b.png"), ScanError("b.png is empty."))]


def test_a_folder_s_rows_hold_the_class_index_or_the_reason(tiny_pack, batch):
    (read, index), (failed, none) = result_rows(tiny_pack.card, batch)
    assert (read.path, read.verdict, index) == (Path("a.png"), "meningioma", 1)
    assert read.probabilities["meningioma"] == pytest.approx(0.7)
    assert (failed.path, failed.error, none) == (Path("b.png"), "b.png is empty.", -1)


def test_a_verdict_that_its_own_probabilities_make_doubtful_is_remarked(tiny_pack, batch):
    (path, reading), _ = batch
    assert result_rows(tiny_pack.card, batch)[0][0].remark == ""
    shares = (0.3, 0.3, 0.38, 0.02)
    doubtful = replace(reading, prediction=replace(reading.prediction, probabilities=shares))
    ((row, _),) = result_rows(tiny_pack.card, [(path, doubtful)])
    assert row.verdict == "notumor"
    assert row.remark == "All tumour classes together: 62 %. Look closely."


def test_what_is_odd_about_a_crop_is_remarked(tiny_pack, batch):
    (path, reading), _ = batch
    odd = replace(reading, note="No head outline was found; the whole scan is used.")
    ((row, _),) = result_rows(tiny_pack.card, [(path, odd)])
    assert row.remark == "No head outline was found; the whole scan is used."
