"""The analysis service shared by the tests of workers, with the small model in a real process."""

from pathlib import Path

import pytest

from btgui.engine.record_store import RecordStore
from btgui.workers.analysis_worker import AnalysisService
from tests.conftest import write_head

PATIENCE = 60_000


@pytest.fixture(scope="module")
def loaded(qapp, tiny_pack, tmp_path_factory):
    records = RecordStore(tmp_path_factory.mktemp("records") / "readings.sqlite")
    service = AnalysisService(records)
    service.records = records
    service.load_model(tiny_pack)
    yield service
    service.close()


@pytest.fixture
def service(loaded, qtbot):
    qtbot.waitUntil(lambda: loaded._worker.model.analyser is not None, timeout=PATIENCE)
    return loaded


@pytest.fixture
def scans(tmp_path) -> list[Path]:
    return [write_head(tmp_path / f"{number}.png", seed=number) for number in range(6)]
