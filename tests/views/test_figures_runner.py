"""The runner of both windows; tests/views/evaluation_view/test_runner.py shows its ways to end."""

import sys

import pytest
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLabel

from btgui.engine.errors import DatasetError
from btgui.engine.training_runs.events import Ended, to_line
from btgui.views.figures_runner import FiguresRunner, Measurement
from btgui.workers import training_process

PROGRAM = (
    "import sys\n"
    "said = ' '.join(sys.argv[1:3])\n"
    "open(sys.argv[sys.argv.index('--json') + 1], 'w').write(said)\n"
    "open(sys.argv[sys.argv.index('--report') + 1], 'w').write(f'The report: {said}')\n"
    f"print({to_line(Ended('succeeded'))!r})\n"
)


class View(QLabel):
    open_requested = Signal(object)

    def show_figures(self, figures):
        self.setText(figures)

    def close_workers(self):
        pass


@pytest.fixture
def run(qtbot, monkeypatch):
    monkeypatch.setattr(
        training_process, "training_program", lambda: (sys.executable, "-u", "-c", PROGRAM)
    )
    made = []

    def start(read):
        runner = FiguresRunner(Measurement("measure", {}, read, "Report of {}".format), View())
        qtbot.addWidget(runner)
        made.append(runner)
        runner.show()
        runner.measure(["this"])
        return runner

    yield start
    for runner in made:
        runner.close_workers()


def test_what_the_command_wrote_is_read_and_shown(qtbot, run):
    runner = run(lambda file: file.read_text())
    qtbot.waitUntil(lambda: runner.view.text() == "measure this", timeout=20_000)
    assert runner.view.isVisible()


def test_its_report_can_be_saved(qtbot, run, tmp_path, monkeypatch):
    runner = run(lambda file: file.read_text())
    assert not runner.report.save.isVisible()
    qtbot.waitUntil(runner.report.save.isVisible, timeout=20_000)
    asked = []

    def answer(_parent, _title, name, _kinds):
        asked.append(name)
        return str(tmp_path / name), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    qtbot.mouseClick(runner.report.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: runner.report.saved.text().startswith("Saved as"))
    assert asked == ["Report of measure this.html"]
    assert (tmp_path / asked[0]).read_text() == "The report: measure this"


def test_figures_that_cannot_be_read_are_told(qtbot, run):
    def refuse(_file):
        raise DatasetError("The result cannot be read.")

    runner = run(refuse)
    qtbot.waitUntil(lambda: "cannot be read" in runner.panel.text.text(), timeout=20_000)
    assert runner.panel.again.isVisible()


@pytest.mark.usefixtures("no_temporary_files")
def test_without_room_for_temporary_files_it_says_so_and_can_be_begun_again(run):
    runner = run(lambda file: file.read_text())
    assert "Temporary files cannot be written" in runner.panel.text.text()
    assert runner.panel.again.isVisible()
    assert not runner.is_busy()
