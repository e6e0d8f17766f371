"""From a folder of scans to a model that reads a scan, by clicks; the training is a real one."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui import app
from btgui.engine.training_runs.runs import runs
from btgui.views.training_wizard.result_page import ResultPage
from btgui.workers import training_process
from tests.views.conftest import drop, press, read
from tests.views.training_wizard.conftest import choose_by_keys

PATIENCE = 240_000
# The training command with a tiny network for MobileNetV2, which takes long to compile.
PROGRAM = """
import sys
if sys.argv[1] in ("fit", "probe"):
    import keras
    from tests.training.conftest import TINY, tiny_net
    from training.networks.architectures import ARCHITECTURES

    keras.applications.TinyNet = tiny_net
    ARCHITECTURES["mobilenetv2"] = TINY
from training.__main__ import main
sys.exit(main(sys.argv[1:]))
"""
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)


def click(qtbot, button):
    qtbot.waitUntil(button.isEnabled, timeout=PATIENCE)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def set_value(qtbot, box, text):
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Tab)


@pytest.fixture
def window(qtbot, tiny_pack, monkeypatch):
    monkeypatch.chdir(Path(__file__).resolve().parents[3])
    command = sys.executable, "-u", "-c", PROGRAM
    monkeypatch.setattr(training_process, "training_program", lambda: command)
    monkeypatch.setattr(app, "shipped_models_folder", lambda: tiny_pack.folder.parent)
    app.create_application(["btgui"])
    window = app.create_window()
    qtbot.addWidget(window)
    window.show()
    window.start()
    yield window
    window.close()


@pytest.mark.timeout(600)
def test_a_model_is_trained_measured_accepted_and_reads_a_scan(qtbot, window, dataset):
    press(qtbot, window, "train")
    wizard = window.training.wizard
    data, _check, _preview, model, training, result = wizard.pages
    assert drop(data, [dataset])
    click(qtbot, wizard.next)  # to the check
    click(qtbot, wizard.next)  # to the preview
    click(qtbot, wizard.next)  # to the model
    assert wizard.current_page is model
    choose_by_keys(qtbot, model.start.choice, "none")
    click(qtbot, model.settings.advanced)
    set_value(qtbot, model.settings.form.boxes["epochs"], "2")
    set_value(qtbot, model.settings.form.boxes["batch_size"], "8")
    set_value(qtbot, model.settings.form.boxes["frozen_stages"], "5")
    click(qtbot, wizard.next)
    qtbot.waitUntil(lambda: "from nothing" in training.summary.text())
    click(qtbot, training.begin)
    # The window reads scans meanwhile.
    read(qtbot, window, dataset / "Testing/glioma/00.png")
    assert training.busy()
    assert window.training.news.indicator.isVisible()
    qtbot.waitUntil(lambda: not training.busy(), timeout=PATIENCE)
    assert "Done" in training.panel.phase.text()
    (run,) = runs()
    assert [len(values) for values in run.history().values()] == [2] * 4
    assert run.request.recipe.frozen_stages == 5
    click(qtbot, wizard.next)
    assert isinstance(wizard.current_page, ResultPage)
    qtbot.waitUntil(lambda: result.runner.figures is not None, timeout=PATIENCE)
    figures = result.runner.figures
    assert (figures.count, figures.data) == (4, "the test scans of Scans")
    click(qtbot, result.use)
    qtbot.waitUntil(lambda: not result.busy(), timeout=PATIENCE)
    assert runs() == []
    qtbot.waitUntil(
        lambda: window.pack is not None and window.pack.card.name == "MobileNetV2, Scans",
        timeout=PATIENCE,
    )
    read(qtbot, window, dataset / "Testing/glioma/01.png")
    assert window.gradcam.analysis.model_id == window.pack.card.id
    assert set(window.gradcam.analysis.prediction.display_names) == {"Glioma", "No tumour"}
    assert window.pack.card.results[0].data == "the test scans of Scans"
