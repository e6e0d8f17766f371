from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from btgui.engine.models.pack import ModelPack
from btgui.engine.results import Device
from btgui.views.actions import ACTIONS
from btgui.views.model_picker import ModelPicker
from tests.views.conftest import shown_plainly


@pytest.fixture
def packs(tiny_pack):
    card = replace(tiny_pack.card, id="second", name="Second model", results=())
    return [tiny_pack, ModelPack(tiny_pack.folder, card)]


@pytest.fixture
def picker(qtbot, packs):
    picker = ModelPicker()
    qtbot.addWidget(picker)
    picker.set_models(packs)
    picker.show()
    return picker


def test_it_offers_every_model_by_name(picker):
    names = [picker.choice.itemText(index) for index in range(picker.choice.count())]
    assert names == ["Small test model", "Second model"]


def test_it_states_size_parameters_and_accuracy_with_its_protocol(picker, tiny_pack):
    picker.set_current("small")
    text = picker.facts.text()
    assert "input 64 x 64" in text
    assert (
        "Accuracy 95.0\N{NO-BREAK SPACE}% on 200 test scans (91.0 to 97.0\N{NO-BREAK SPACE}%; honest protocol"
        in text
    )


def test_a_long_name_does_not_widen_the_window(picker, packs):
    before = picker.minimumSizeHint().width()
    long = "A very long name " * 12
    card = replace(packs[1].card, name=long)
    picker.set_models([packs[0], ModelPack(packs[1].folder, card)])
    picker.set_current("second")
    assert picker.minimumSizeHint().width() == before
    assert picker.choice.toolTip().startswith(long)


def test_a_model_without_a_test_says_so(picker):
    picker.set_current("second")
    assert "Not tested on scans with a known diagnosis yet." in picker.facts.text()


def test_the_expected_time_is_shown_for_its_model_only(picker):
    picker.set_expected_milliseconds("small", 17.6, Device("cpu", "A processor"))
    picker.set_current("small")
    assert "About 18\N{NO-BREAK SPACE}ms per scan on A processor." in picker.facts.text()
    picker.set_current("second")
    assert "ms per scan" not in picker.facts.text()


def test_choosing_with_the_keyboard_tells_which(picker, qtbot):
    with qtbot.waitSignal(picker.model_chosen) as chosen:
        qtbot.keyClick(picker.choice, Qt.Key.Key_Down)
    assert chosen.args == ["second"]


def test_a_card_s_words_are_shown_as_they_are_written(picker, tiny_pack):
    card = replace(tiny_pack.card, architecture="<b>Net</b>")
    picker.set_models([ModelPack(tiny_pack.folder, card)])
    assert shown_plainly(picker.facts)


def test_without_a_model_it_says_what_to_do(picker):
    picker.set_models([])
    assert "Import one" in picker.facts.text()
    menu, entry = picker.facts.text().split(" with ")[1].rstrip(".").split(", ")
    assert any(one.menu == menu and one.text == f"{entry} …" for one in ACTIONS)
