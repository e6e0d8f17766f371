import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from btgui.engine.dataset import LabelledScan
from btgui.engine.model_library import ModelLibrary
from btgui.engine.training_request import PRESETS
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.model_page import ModelPage
from btgui.views.training_wizard.training_time import Amount, TrainingTime

CLASSES = ("glioma", "meningioma", "notumor", "pituitary")


@pytest.fixture
def draft(tmp_path):
    scans = [LabelledScan(tmp_path / f"{n}.png", CLASSES[n % 4], "", "x") for n in range(400)]
    return Draft(place=tmp_path / "my scans", scans=scans)


@pytest.fixture
def page(qtbot, tmp_path, draft):
    page = ModelPage(ModelLibrary(tmp_path / "none", tmp_path / "models"))
    qtbot.addWidget(page)
    page.resize(940, 600)
    page.enter(draft)
    page.show()
    yield page
    page.close_down()


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def choose_start(page, data):
    index = page.start.choice.findData(data)
    page.start.choice.setCurrentIndex(index)
    page.start.choice.activated.emit(index)


def test_a_download_needs_consent(qtbot, page, draft):
    assert page.start.choice.currentData() == "imagenet"
    assert not page.is_complete()
    assert "9 MB" in page.start.consent.text()
    click(qtbot, page.start.consent)
    assert page.is_complete()
    page.leave(draft)
    assert draft.weights == "imagenet"


def test_a_click_on_a_card_chooses_its_network(qtbot, page, draft):
    click(qtbot, page.cards["vgg19"])
    assert page.cards["vgg19"].choice.isChecked()
    assert not page.cards["mobilenetv2"].choice.isChecked()
    assert "80 MB" in page.start.consent.text()
    page.leave(draft)
    assert draft.architecture == "vgg19"


def test_a_preset_is_chosen_changed_and_reset(qtbot, page, draft):
    click(qtbot, page.presets["as-published"])
    page.leave(draft)
    assert (draft.preset, draft.recipe) == ("as-published", PRESETS["as-published"])
    assert not page.changed.isVisible()
    click(qtbot, page.advanced)
    page.form.boxes["epochs"].setValue(3)
    assert page.changed.isVisible()
    page.leave(draft)
    assert draft.recipe.epochs == 3
    click(qtbot, page.reset)
    assert not page.changed.isVisible()
    assert page.form.recipe() == PRESETS["as-published"]


def test_a_file_of_weights_can_be_named(qtbot, page, draft, tmp_path, monkeypatch):
    (tmp_path / "weights.h5").touch()
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "weights.h5"), "")
    )
    choose_start(page, "file")
    assert not page.is_complete()
    click(qtbot, page.start.browse)
    assert page.start.file.text() == "weights.h5"
    assert page.is_complete()
    page.leave(draft)
    assert Path(draft.weights) == tmp_path / "weights.h5"
    page.enter(draft)
    assert page.start.choice.currentData() == "file"


def test_nothing_to_start_from_is_asked_for_by_name(page, draft):
    choose_start(page, "none")
    assert page.is_complete()
    page.leave(draft)
    assert draft.weights == "none"


def test_a_model_needs_a_name(page):
    choose_start(page, "none")
    assert page.name.text() == "MobileNetV2, my scans"
    page.name.setText("  ")
    assert not page.is_complete()


def test_one_s_own_model_of_the_same_kind_comes_first(qtbot, tmp_path, draft, tiny_pack):
    folder = tmp_path / "models" / "mine"
    folder.parent.mkdir()
    ModelLibrary(tmp_path / "none", folder.parent).import_model(tiny_pack.folder)
    (card_file,) = folder.parent.glob("*/card.json")
    card = json.loads(card_file.read_text())
    card |= {"architecture": "MobileNetV2", "classes": list(CLASSES)}
    card_file.write_text(json.dumps(card))
    page = ModelPage(ModelLibrary(tmp_path / "none", folder.parent))
    qtbot.addWidget(page)
    page.enter(draft)
    assert page.start.weights() == str(card_file.parent)
    assert page.is_complete()
    page.cards["vgg19"].choice.setChecked(True)
    assert page.start.weights() == ""  # a model of another network does not fit


def test_before_measuring_no_time_is_made_up(page):
    assert "not measured yet" in page.cards["mobilenetv2"].time.text()


def test_the_expected_time_is_that_of_all_steps(draft):
    time = TrainingTime()
    amount = Amount("mobilenetv2", PRESETS["as-published"], 320, 64, 4)
    assert time.text(amount) == ""
    time._seconds[amount.key] = (6.0, 3.0)
    # 25 epochs of ten steps of 6 s and two of 3 s.
    assert time.text(amount) == "about 28 min (measured here)"
    time.close()


def test_a_measurement_that_fails_is_told(qtbot):
    time = TrainingTime()
    with qtbot.waitSignal(time.failed, timeout=60_000) as failed:
        time.measure(Amount("no such network", PRESETS["recommended"], 10, 10, 2))
    assert "no such network" in failed.args[0]
    time.close()
