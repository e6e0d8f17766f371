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
