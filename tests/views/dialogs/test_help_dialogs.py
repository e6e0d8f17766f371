import re
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from btgui.engine.models.pack import open_pack
from btgui.engine.paths import shipped_models_folder
from btgui.engine.runtimes.openvino_runtime import OpenVinoRuntime
from btgui.views.card_page import card_page
from btgui.views.dialogs.help_dialogs import HelpDialog, help_page, shortcuts_page, show_help

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("reading", "not an outline"),
        ("data", "995 of the 1,311 test images are copies"),
        ("limits", "Not a medical device"),
    ],
)
def test_each_page_ships_and_says_the_essential(qtbot, name, words):
    dialog = HelpDialog("Help", help_page(name))
    qtbot.addWidget(dialog)
    assert words in dialog.page.toPlainText()


def test_the_figure_of_other_hospitals_is_the_model_s_card_s(qtbot):
    card = (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8")
    right = float(re.search(r"\| 44-class collection \| \d+ \| ([\d.]+) % \|", card)[1])
    dialog = HelpDialog("Help", help_page("limits"))
    qtbot.addWidget(dialog)
    assert f"its accuracy was only {right:.0f} %" in dialog.page.toPlainText()
    readme = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    assert f"the model's accuracy is {right:.0f} %;" in readme


def test_the_fields_of_stage_5_are_those_of_the_model_that_ships():
    pack = open_pack(shipped_models_folder() / "mobilenetv2")
    runtime = OpenVinoRuntime(pack)
    size = pack.card.preprocessing
    empty = np.zeros((size.input_height, size.input_width, 3), np.float32)
    height, width = runtime.stage_maps(empty, 0, "grad_cam")[-1].shape
    runtime.close()
    assert f"only {height} by {width} fields" in " ".join(help_page("reading").split())


def test_what_may_use_the_network_is_said():
    page = " ".join(help_page("limits").split())
    assert "no network connection is opened while they are read" in page
    assert "Only a training may download" in page


def test_no_word_of_a_card_is_broken(qtbot):
    card = open_pack(shipped_models_folder() / "mobilenetv2").card
    dialog = HelpDialog("Model", card_page(card))
    qtbot.addWidget(dialog)
    dialog.resize(300, 400)  # as narrow as 680 pixels are for letters of 15 points
    dialog.show()
    block = dialog.page.document().begin()
    while block.isValid():
        if " " not in block.text():
            assert block.layout().lineCount() <= 1, block.text()
        block = block.next()


def test_the_keys_are_listed():
    page = shortcuts_page([("Zoom in", "Ctrl++")])
    assert "Zoom in" in page
    assert "Ctrl++" in page


def test_without_a_model_that_is_ready_its_page_says_so_and_what_to_do(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    show_help(parent, "model", None)
    (dialog,) = parent.findChildren(HelpDialog)
    assert dialog.isVisible()
    assert "No model is ready" in dialog.page.toPlainText()
    assert "Models, Import model" in dialog.page.toPlainText()


def test_escape_closes_it(qtbot):
    dialog = HelpDialog("Help", "<p>text</p>")
    dialog.show()
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
