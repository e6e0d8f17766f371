"""Models that cannot be loaded or are superseded, and the answers without a model."""

import shutil

import pytest

from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import ModelPack
from btgui.engine.notifications import subscribe
from btgui.engine.scan import ScanAddress
from btgui.workers import reading_model
from btgui.workers.analysis_worker import AnalysisService

PATIENCE = 60_000


@pytest.fixture
def tampered(tiny_pack, tmp_path) -> ModelPack:
    folder = tmp_path / "small"
    shutil.copytree(tiny_pack.folder, folder)
    with (folder / "model.keras").open("ab") as file:
        file.write(b"x")
    return ModelPack(folder, tiny_pack.card)


def test_a_model_that_was_tampered_with_is_refused(qtbot, tampered):
    service = AnalysisService()
    with qtbot.waitSignal(service.model_failed, timeout=PATIENCE) as failed:
        service.load_model(tampered)
    service.close()
    assert "changed or damaged" in failed.args[0]


def test_without_a_model_a_series_is_answered_with_what_to_do(qtbot, scan_file, tampered):
    service = AnalysisService()
    with qtbot.waitSignal(service.model_failed, timeout=PATIENCE):
        service.load_model(tampered)
    with qtbot.waitSignal(service.series_finished, timeout=PATIENCE) as finished:
        service.read_series([ScanAddress(scan_file)])
    service.close()
    number, problem = finished.args
    assert number == service.newest_series - 1
    assert problem == "There is no model. Choose one, then try again."


def test_a_model_that_is_damaged_after_its_process_has_opened_it_is_refused(
    qtbot, tiny_pack, monkeypatch
):
    def refuse(pack, _process):
        raise ModelPackError(f"{pack.card.name} is damaged.")

    monkeypatch.setattr(reading_model, "Analyser", refuse)
    service = AnalysisService()
    with qtbot.waitSignal(service.model_failed, timeout=PATIENCE) as failed:
        service.load_model(tiny_pack)
    service.close()
    assert failed.args == ["Small test model is damaged."]


def test_an_unexpected_error_while_a_model_is_loaded_is_told(qtbot, tiny_pack, monkeypatch):
    messages = []
    unsubscribe = subscribe(messages.append)
    monkeypatch.setattr(reading_model, "open_pack", lambda _: 1 / 0)
    service = AnalysisService()
    with qtbot.waitSignal(service.model_failed, timeout=PATIENCE) as failed:
        service.load_model(tiny_pack)
    service.close()
    unsubscribe()
    assert failed.args == ["The model could not be loaded."]
    assert "ZeroDivisionError" in messages[0].details


def test_a_model_refused_while_another_loads_is_all_that_is_told(
    qtbot, tiny_pack, tampered, scan_file, monkeypatch
):
    monkeypatch.setattr(reading_model, "_LOOK_MILLISECONDS", 0)
    service, told = AnalysisService(), []
    service.model_failed.connect(told.append)
    service.load_model(tiny_pack)
    service.load_model(tampered)
    for _ in range(3):  # rounds in which the first model would be looked for once more
        with qtbot.waitSignal(service.scan_loaded, timeout=PATIENCE):
            service.read_scan(scan_file)
    service.close()
    assert ["changed or damaged" in reason for reason in told] == [True]
