import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.datasets.shares import ScanShares
from btgui.engine.models.library import ModelLibrary
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import PRESETS, TrainingRequest
from btgui.engine.training_runs.events import Ended, to_line
from btgui.engine.training_runs.runs import begin_run, model_folder, new_run_folder
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.model_page import ModelPage
from btgui.views.training_wizard.training_time import Amount, TrainingTime
from btgui.workers import training_process
from tests.views.training_wizard.conftest import choose_by_keys

CLASSES = ("glioma", "meningioma", "notumor", "pituitary")


@pytest.fixture
def draft(tmp_path):
    scans = [LabelledScan(tmp_path / f"{n}.png", CLASSES[n % 4], "", "x") for n in range(400)]
    return Draft(place=tmp_path / "my scans", scans=scans)


@pytest.fixture
def answer(monkeypatch):
    """Return a function that sets the file with which the file dialog is answered."""

    def make(file):
        file.touch()
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))

    return make


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


def choose_start(qtbot, page, data):
    choose_by_keys(qtbot, page.start.choice, data)


def test_a_download_needs_consent(qtbot, page, draft):
    assert page.start.choice.currentData() == "imagenet"
    assert not page.is_complete()
    assert "9 MB" in page.start.consent.text()
    click(qtbot, page.start.consent)
    assert page.is_complete()
    page.leave(draft)
    assert draft.weights == "imagenet"


def test_a_click_on_a_card_chooses_its_network(qtbot, page, draft):
    click(qtbot, page.networks.cards["vgg19"])
    assert page.networks.cards["vgg19"].choice.isChecked()
    assert not page.networks.cards["mobilenetv2"].choice.isChecked()
    assert "80 MB" in page.start.consent.text()
    page.leave(draft)
    assert draft.architecture == "vgg19"


def test_a_preset_is_chosen_changed_and_reset(qtbot, page, draft):
    click(qtbot, page.settings.presets["as-published"])
    page.leave(draft)
    assert (draft.preset, draft.recipe) == ("as-published", PRESETS["as-published"])
    assert not page.settings.mark.isVisible()
    click(qtbot, page.settings.advanced)
    page.settings.form.boxes["epochs"].setValue(3)
    assert page.settings.mark.isVisible()
    page.leave(draft)
    assert draft.recipe.epochs == 3
    click(qtbot, page.settings.reset)
    assert not page.settings.mark.isVisible()
    assert page.settings.form.recipe() == PRESETS["as-published"]


def test_a_file_of_weights_can_be_named(qtbot, page, draft, tmp_path, answer):
    answer(tmp_path / "weights.h5")
    choose_start(qtbot, page, "file")
    assert not page.is_complete()
    click(qtbot, page.start.browse)
    assert page.start.file.text() == "weights.h5"
    assert page.is_complete()
    page.leave(draft)
    assert Path(draft.weights) == tmp_path / "weights.h5"
    page.enter(draft)
    assert page.start.choice.currentData() == "file"


def test_nothing_to_start_from_is_asked_for_by_name(qtbot, page, draft):
    choose_start(qtbot, page, "none")
    assert page.is_complete()
    page.leave(draft)
    assert draft.weights == "none"


def test_a_model_needs_a_name(qtbot, page):
    choose_start(qtbot, page, "none")
    assert page.name.line.text() == "MobileNetV2, my scans"
    page.name.line.selectAll()
    qtbot.keyClicks(page.name.line, "  ")
    assert not page.is_complete()
    assert page.name.complaint.text() == "A model needs a name."


def test_the_name_of_a_training_that_waits_is_taken(page, draft):
    folder = new_run_folder()
    begin_run(TrainingRequest(("x",), str(model_folder(folder)), "MobileNetV2, my scans"), folder)
    page.enter(draft)
    assert page.name.line.text() == "MobileNetV2, my scans 2"
    draft.run_folder = folder
    page.enter(draft)
    assert page.name.line.text() == "MobileNetV2, my scans"


def test_one_s_own_model_of_the_same_kind_comes_first_and_is_remembered(
    qtbot, own_model, page, draft
):
    assert page.start.weights() == str(own_model)
    assert page.is_complete()
    click(qtbot, page.networks.cards["resnet50"])
    assert page.start.weights() == ""  # a model of another network does not fit
    click(qtbot, page.networks.cards["mobilenetv2"])
    assert page.start.weights() == str(own_model)
    choose_start(qtbot, page, "imagenet")
    click(qtbot, page.start.consent)
    click(qtbot, page.networks.cards["vgg19"])
    assert not page.start.consent.isChecked()  # it was given for the other network's file
    click(qtbot, page.networks.cards["mobilenetv2"])
    assert page.start.weights() == "imagenet"


def test_a_file_is_one_network_s_and_what_is_unfinished_stays(qtbot, page, draft, tmp_path, answer):
    answer(tmp_path / "weights.h5")
    choose_start(qtbot, page, "file")
    click(qtbot, page.start.browse)
    click(qtbot, page.networks.cards["vgg19"])
    choose_start(qtbot, page, "file")
    assert not page.is_complete()
    page.leave(draft)
    page.enter(draft)
    assert page.start.choice.currentData() == "file"
    assert not page.is_complete()
    click(qtbot, page.networks.cards["mobilenetv2"])
    assert page.start.weights() == str(tmp_path / "weights.h5")
    page.enter(Draft(place=draft.place, scans=draft.scans))
    assert page.start.choice.currentData() == "imagenet"


def test_the_name_follows_the_network_until_one_is_typed(qtbot, page, draft):
    click(qtbot, page.networks.cards["resnet50"])
    assert page.name.line.text() == "ResNet-50, my scans"
    page.leave(draft)
    page.enter(draft)
    click(qtbot, page.networks.cards["vgg19"])
    assert page.name.line.text() == "VGG19, my scans"
    page.name.line.selectAll()
    qtbot.keyClicks(page.name.line, "Ours")
    click(qtbot, page.networks.cards["xception"])
    assert page.name.line.text() == "Ours"
    page.leave(draft)
    page.enter(draft)
    assert page.name.line.text() == "Ours"


def test_a_model_that_may_know_copies_of_the_test_starts_no_honest_training(own_model, page, draft):
    file = own_model / "card.json"
    card = json.loads(file.read_text())
    card["training"] = {"request": {"protocol": "published"}}
    file.write_text(json.dumps(card))
    page.enter(draft)
    assert page.start.choice.findData(str(own_model)) < 0
    draft.protocol = "published"
    page.enter(draft)
    assert page.start.choice.findData(str(own_model)) == 0


def test_a_model_that_knows_the_classes_by_other_names_is_told(own_model, page, draft):
    assert not page.otherwise.isVisible()
    draft.scans = [replace(scan, label=f"{scan.label}_2025") for scan in draft.scans]
    page.enter(draft)
    assert page.start.choice.findData(str(own_model)) < 0
    assert page.otherwise.isVisible()
    assert "MobileNetV2, my scans (glioma, meningioma, notumor, pituitary)" in page.otherwise.text()


def test_a_name_that_a_model_has_is_not_offered_and_refused(qtbot, own_model, page):
    assert page.name.line.text() == "MobileNetV2, my scans 2"
    assert page.is_complete()
    qtbot.keyClick(page.name.line, Qt.Key.Key_Backspace)
    qtbot.keyClick(page.name.line, Qt.Key.Key_Backspace)
    assert not page.is_complete()
    assert page.name.complaint.isVisible()
    assert "Another model is already called MobileNetV2, my scans" in page.name.complaint.text()


@pytest.mark.parametrize(("width", "columns", "fields"), [(1100, 3, 2), (780, 2, 1), (690, 2, 1)])
def test_everything_can_be_seen_in_a_small_window(qtbot, page, width, columns, fields):
    page.resize(width, 440)
    click(qtbot, page.settings.advanced)
    inside, viewport = page._scroll.widget(), page._scroll.viewport()
    qtbot.waitUntil(lambda: inside.width() == viewport.width())
    cards = list(page.networks.cards.values())
    assert len({card.x() for card in cards}) == columns
    boxes = page.settings.form.boxes.values()
    assert len({box.x() for box in boxes}) == fields
    for widget in (*cards, *boxes, *page.settings.form.findChildren(QLabel)):
        assert widget.mapTo(inside, widget.rect().topRight()).x() < viewport.width()


def test_the_shares_of_validation_and_test_can_be_set(qtbot, page, draft):
    click(qtbot, page.settings.advanced)
    box = page.settings.form.boxes["validation_fraction"]
    box.selectAll()
    qtbot.keyClicks(box, "0.3")
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    page.leave(draft)
    assert (draft.validation_fraction, draft.test_fraction) == (0.3, 0.15)
    draft.scans = [replace(draft.scans[0], split="test"), *draft.scans[1:]]
    page.enter(draft)
    assert not page.settings.form.boxes["test_fraction"].isEnabled()


def test_before_measuring_no_time_is_made_up(page):
    assert "not measured yet" in page.networks.cards["mobilenetv2"].time.text()


def test_the_expected_time_is_that_of_all_steps(draft):
    time = TrainingTime()
    amount = Amount("mobilenetv2", PRESETS["as-published"], ScanShares(320, 64, 16, 0), 4)
    assert time.text(amount) == ""
    time._seconds[amount.key] = (6.0, 3.0)
    # 25 epochs of ten steps of 6 s and two of 3 s.
    assert time.text(amount) == "about 28 min (measured here)"
    time.close()


def probing(then):
    """Return a program that notes the network, then does something in place of measuring."""
    return (
        "import os, sys, time\n"
        "network = sys.argv[sys.argv.index('--architecture') + 1]\n"
        "file = sys.argv[sys.argv.index('--json') + 1]\n" + then
    )


MEASURED = probing(
    "open(file, 'w').write('{\"training\": 6.0, \"validation\": 3.0}')\n"
    f"print({to_line(Ended('succeeded'))!r})\n"
)


@pytest.fixture
def probe(monkeypatch, tmp_path, draft, qtbot):
    """Return a function that shows the page with a small program in place of the measurement."""
    pages = []

    def make(program):
        monkeypatch.setattr(
            training_process, "training_program", lambda: (sys.executable, "-u", "-c", program)
        )
        page = ModelPage(ModelLibrary(tmp_path / "none", tmp_path / "models"))
        qtbot.addWidget(page)
        pages.append(page)
        page.enter(draft)
        page.show()
        return page

    yield make
    for page in pages:
        page.close_down()


def times(page):
    return [card.time.text() for card in page.networks.cards.values()]


def test_all_networks_are_measured_the_smallest_first(qtbot, probe):
    page = probe(MEASURED)
    click(qtbot, page.networks.measure)
    assert page.networks.measure.text() == "Stop measuring"
    assert "measuring" in times(page)[0]
    assert all("waiting" in text for text in times(page)[1:])
    qtbot.waitUntil(lambda: not page.time.is_measuring(), timeout=60_000)
    qtbot.waitUntil(lambda: all("(measured here)" in text for text in times(page)))
    assert page.networks.measure.text() == "Measure all training times"
    assert "Preparing the scans" in page.networks.note.text()


def test_measuring_can_be_stopped_and_leaving_stops_it(qtbot, probe, draft):
    page = probe(probing("sys.stdin.readline()"))
    click(qtbot, page.networks.measure)
    click(qtbot, page.networks.measure)
    assert all("not measured yet" in text for text in times(page))
    click(qtbot, page.networks.measure)
    page.leave(draft)
    page.enter(draft)
    assert not page.time.is_measuring()
    assert page.networks.measure.text() == "Measure all training times"
    assert all("not measured yet" in text for text in times(page))


def test_a_measurement_that_ends_without_a_word_is_told_and_the_others_go_on(qtbot, probe):
    page = probe(
        MEASURED.replace("open(file", "network == 'vgg19' and os.kill(os.getpid(), 9)\nopen(file")
    )
    click(qtbot, page.networks.measure)
    qtbot.waitUntil(lambda: not page.time.is_measuring(), timeout=60_000)
    qtbot.waitUntil(lambda: sum("(measured here)" in text for text in times(page)) == 5)
    assert "could not be measured" in page.networks.cards["vgg19"].time.text()
    assert (
        "VGG19: The system ended the measurement, perhaps because memory ran out"
        in page.networks.note.text()
    )
    assert "checkpoint" not in page.networks.note.text()


def test_a_reason_is_told(qtbot, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "theano")  # refused before Keras is loaded, for seconds
    time = TrainingTime()
    amount = Amount("mobilenetv2", PRESETS["recommended"], None, 2)
    time.measure([amount])
    qtbot.waitUntil(lambda: not time.is_measuring(), timeout=60_000)
    assert "received 'theano'" in time._failures[amount.key]
    time.close()


@pytest.mark.usefixtures("no_temporary_files")
def test_without_room_for_temporary_files_a_time_cannot_be_measured():
    time = TrainingTime()
    amount = Amount("mobilenetv2", PRESETS["recommended"], None, 2)
    time.measure([amount])
    assert not time.is_measuring()
    assert "Temporary files cannot be written" in time.note([amount])
    time.close()


def test_what_a_run_began_with_stays_chosen_and_agreed_to(own_model, page, draft):
    begun = replace(draft, weights="imagenet", run_folder=own_model)
    page.enter(begun)
    assert page.start.weights() == "imagenet"  # and not the user's own model, which comes first
    assert page.start.consent.isChecked()


def test_a_model_that_is_gone_on_from_is_shown_scans_as_it_knows_them(own_model, page, draft):
    card = json.loads((own_model / "card.json").read_text())
    card["preprocessing"]["threshold"] = 60
    (own_model / "card.json").write_text(json.dumps(card))
    page.enter(draft)
    page.leave(draft)
    assert draft.weights == str(own_model)
    assert draft.request(Path("model")).preprocessing == PreprocessingParameters(threshold=60)
    draft.weights = "none"
    page.start.forget()
    page.enter(draft)
    page.leave(draft)
    assert draft.request(Path("model")).preprocessing == PreprocessingParameters()


def test_what_measuring_lets_one_do_is_what_it_says(page):
    said = page.networks.measure.toolTip()
    assert "use this page meanwhile; leaving it stops the measurement" in said
