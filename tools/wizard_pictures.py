"""Train a model by the wizard, as a user would, and save pictures of every page.

Usage: python tools/wizard_pictures.py DATASET [--epochs 3] [--into docs/user-guide/images]

The training is a real one, from the model that ships; it takes as long as it takes.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication, QWidget

    from btgui.views.main_window import MainWindow
    from btgui.views.training_wizard.wizard import TrainingWizard

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_SIZE = (1280, 800)
_PATIENCE = 3 * 3600


def main() -> int:
    """Walk through the wizard and take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--frozen-stages", type=int, default=2)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--step", type=int, default=40, help="of the last epoch, for its picture")
    parser.add_argument("--into", type=Path, default=Path("docs/user-guide/images"))
    options = parser.parse_args()
    options.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        os.environ["BTGUI_HOME"] = home
        _walk(options)
    return 0


def _walk(options: argparse.Namespace) -> None:
    from btgui.app import create_application, create_window

    app = create_application(["btgui"])
    window = create_window()
    window.show()
    window.start()
    _until(app, lambda: window.pack is not None)
    window.training.show_wizard()
    wizard = window.training.wizard
    wizard.resize(*_SIZE)
    data, check, preview, model, _training, result = wizard.pages
    _show_a_stop(app, wizard, options.into / "wizard-check-stop.png")
    data.choose(options.dataset)
    _until(app, wizard.next.isEnabled)
    _save(app, wizard, options.into / "wizard-data.png")
    wizard.next.click()
    _until(app, lambda: not check.busy() and wizard.next.isEnabled())
    _save(app, wizard, options.into / "wizard-check.png")
    wizard.next.click()
    _until(app, lambda: not preview.busy())
    _save(app, wizard, options.into / "wizard-preview.png")
    wizard.next.click()
    boxes = model.settings.form.boxes
    boxes["epochs"].setValue(options.epochs)
    boxes["frozen_stages"].setValue(options.frozen_stages)
    boxes["batch_size"].setValue(options.batch_size)
    model.networks.measure.click()
    _until(app, lambda: "measured here" in model.networks.cards["mobilenetv2"].time.text())
    _until(app, wizard.next.isEnabled)
    _save(app, wizard, options.into / "wizard-model.png")
    model.settings.advanced.click()
    wizard.setFocus()
    _save(app, wizard, options.into / "wizard-settings.png", scrolled=model.settings)
    wizard.next.click()
    _save(app, wizard, options.into / "wizard-training-ready.png")
    _train(app, window, options)
    wizard.next.click()
    _until(app, lambda: not result.busy() and result.runner.figures is not None)
    _save(app, wizard, options.into / "wizard-result.png")
    view = result.runner.view
    view.tabs.setCurrentIndex(1)
    view.confusion.setCurrentCell(1, 0)
    _save(app, wizard, options.into / "wizard-confusion.png")
    print(view.page.toPlainText())
    result.keep.click()
    print(result.message.text())
    window.close()


def _train(app: QApplication, window: MainWindow, options: argparse.Namespace) -> None:
    from btgui.engine.training_events import EpochDone

    wizard, training = window.training.wizard, window.training.training_page
    epochs: list[object] = []
    window.training.process.event_arrived.connect(
        lambda event: epochs.append(event) if isinstance(event, EpochDone) else None
    )
    training.begin.click()
    _until(app, lambda: len(epochs) == options.epochs - 1)
    _until(
        app, lambda: f"step {options.step}" in training.panel.facts["Epoch"].text(), patience=600
    )
    _save(app, wizard, options.into / "wizard-training.png")
    training.later.click()
    _until(app, lambda: not training.busy())
    _save(app, wizard, options.into / "wizard-training-stopped.png")
    training.resume.click()
    _until(app, lambda: not training.busy())
    print(training.panel.phase.text())


def _show_a_stop(app: QApplication, wizard: TrainingWizard, file: Path) -> None:
    data, check, *_ = wizard.pages
    with tempfile.TemporaryDirectory() as folder:
        for label in ("glioma", "no tumour"):
            (Path(folder) / label).mkdir()
            for number in range(12):
                (Path(folder) / label / f"{number:04}.png").write_bytes(b"no picture")
        data.choose(Path(folder))
        _until(app, wizard.next.isEnabled)
        wizard.next.click()
        _until(app, lambda: check.obstacle is not None)
        _save(app, wizard, file)
        wizard.back.click()


def _until(app: QApplication, is_so: Callable[[], bool], patience: float = _PATIENCE) -> None:
    end = time.monotonic() + patience
    while not is_so() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    if not is_so():
        raise TimeoutError("the wizard did not come so far")


def _save(app: QApplication, window: QWidget, file: Path, scrolled: QWidget | None = None) -> None:
    if scrolled is not None:
        app.processEvents()
        area = scrolled.parent().parent().parent()  # the inside, its viewport, the scroll area
        area.verticalScrollBar().setValue(scrolled.y())
    end = time.monotonic() + 2.0  # pictures of scans arrive meanwhile
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    window.grab().save(str(file))
    print(file.name, flush=True)


if __name__ == "__main__":
    sys.exit(main())
