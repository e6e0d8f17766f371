import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from btgui.engine.errors import DatasetError
from btgui.engine.training_runs.events import Ended, PhaseStarted, Progress, to_line
from btgui.views.figures_runner import FiguresRunner
from btgui.workers import training_process

PATIENCE = 60_000
MEASURING = (
    "import sys\n"
    "said = ' '.join(sys.argv[1:3])\n"
    "open(sys.argv[sys.argv.index('--json') + 1], 'w').write(said)\n"
    "open(sys.argv[sys.argv.index('--report') + 1], 'w').write(f'The report: {said}')\n"
    "open(sys.argv[sys.argv.index('--scan-list') + 1], 'w').write('The scans')\n"
)


def telling(*events):
    return "".join(f"print({to_line(event)!r})\n" for event in events)


MEASURED = MEASURING + telling(Ended("succeeded"))


@dataclass
class Figures:
    text: str

    @property
    def title(self):
        return f"Report of {self.text}"


class View(QLabel):
    command = "measure"

    def read(self, file):
        try:
            return Figures(file.read_text())
        except OSError as error:
            raise DatasetError("The result cannot be read.") from error

    def show_figures(self, figures):
        self.setText(figures.text)

    def close_workers(self):
        pass


@pytest.fixture
def run(qtbot, monkeypatch):
    """Return a function that shows a runner whose command is a small program."""
    made = []

    def start(program=MEASURED):
        monkeypatch.setattr(
            training_process, "training_program", lambda: (sys.executable, "-u", "-c", program)
        )
        runner = FiguresRunner(View())
        qtbot.addWidget(runner)
        made.append(runner)
        runner.show()
        runner.measure(["this"])
        return runner

    yield start
    for runner in made:
        runner.close_workers()


def test_what_the_command_wrote_is_read_and_shown(qtbot, run):
    runner = run(MEASURING + telling(PhaseStarted("reading", 4), Ended("succeeded")))
    assert runner.is_busy()
    qtbot.waitUntil(lambda: runner.view.text() == "measure this", timeout=PATIENCE)
    assert runner.view.isVisible()


def test_its_report_and_the_list_of_its_scans_can_be_saved(qtbot, run, tmp_path, monkeypatch):
    runner = run()
    assert not runner.report.save.isVisible()
    qtbot.waitUntil(runner.report.save.isVisible, timeout=PATIENCE)
    asked = []

    def answer(_parent, _title, name, _kinds):
        asked.append(Path(name).name)
        return str(tmp_path / asked[-1]), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    for button in (runner.report.save, runner.report.save_list):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: runner.report.saved.text().startswith("Saved "))
    assert asked == ["Report of measure this.html", "Report of measure this.csv"]
    assert (tmp_path / asked[0]).read_text() == "The report: measure this"
    assert (tmp_path / asked[1]).read_text() == "The scans"


def test_progress_is_shown_and_it_can_be_stopped(qtbot, run):
    runner = run(telling(Progress("reading", 3, 4)) + "import sys; sys.stdin.readline()")
    qtbot.waitUntil(lambda: "3 of 4" in runner.panel.text.text(), timeout=PATIENCE)
    qtbot.mouseClick(runner.panel.stop, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not runner.is_busy(), timeout=PATIENCE)
    assert runner.panel.text.text() == "Stopped before all scans were read."
    qtbot.mouseClick(runner.panel.again, Qt.MouseButton.LeftButton)
    assert runner.is_busy()


@pytest.mark.parametrize(
    ("ended", "words"),
    [
        (Ended("failed", "Rename that folder."), "Rename that folder."),
        (Ended("succeeded"), "The result cannot be read."),
    ],
)
def test_what_goes_wrong_is_told(qtbot, run, ended, words):
    runner = run(telling(ended))
    qtbot.waitUntil(lambda: runner.panel.text.text() == words, timeout=PATIENCE)
    assert runner.figures is None
    assert runner.panel.again.isVisible()


@pytest.mark.usefixtures("no_temporary_files")
def test_without_room_for_temporary_files_it_says_so_and_can_be_begun_again(run):
    runner = run()
    assert "Temporary files cannot be written" in runner.panel.text.text()
    assert runner.panel.again.isVisible()
    assert not runner.is_busy()
