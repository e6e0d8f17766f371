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
    from btgui.engine.training_events import EpochDone

    app = create_application(["btgui"])
    window = create_window()
    window.show()
    window.start()
    _until(app, lambda: window.pack is not None)
    window.training.show_wizard()
    wizard = window.training.wizard
    wizard.resize(*_SIZE)
    data, check, preview, model, training, result = wizard.pages
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
    model.advanced.setChecked(True)
    model.form.boxes["epochs"].setValue(options.epochs)
    model.form.boxes["frozen_stages"].setValue(options.frozen_stages)
    model.measure.click()
    _until(app, lambda: not model.time.is_measuring())
    _until(app, wizard.next.isEnabled)
    _save(app, wizard, options.into / "wizard-model.png")
    wizard.next.click()
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
    _until(app, lambda: not training.busy())
    print(training.panel.phase.text())
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


def _until(app: QApplication, is_so: Callable[[], bool], patience: float = _PATIENCE) -> None:
    end = time.monotonic() + patience
    while not is_so() and time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    if not is_so():
        raise TimeoutError("the wizard did not come so far")


def _save(app: QApplication, window: QWidget, file: Path) -> None:
    end = time.monotonic() + 2.0  # pictures of scans arrive meanwhile
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.02)
    window.grab().save(str(file))
    print(file.name, flush=True)


if __name__ == "__main__":
    sys.exit(main())
