"""The models that a training may start from, and the notes on them."""

import json
import re
import shutil

import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.models.library import ModelLibrary
from btgui.views.training_wizard.draft import Draft
from btgui.views.training_wizard.model_page import ModelPage
from btgui.views.training_wizard.run_summary import run_summary
from btgui.views.training_wizard.start_choice import StartChoice
from tests.conftest import CLASSES
from tests.views.training_wizard.conftest import choose_by_keys
from training.networks.imagenet_weights import FILES

SENTENCE = (
    "There are no scans of pituitary tumour: what the model knows of it is kept as far as possible, "
    "but is neither trained nor tested."
)


@pytest.fixture
def add_model(tmp_path, tiny_pack):
    """Return a function that adds a MobileNetV2 that knows the first ``count`` classes."""

    def add(name, count):
        folder = shutil.copytree(tiny_pack.folder, tmp_path / "models" / name)
        card = json.loads((folder / "card.json").read_text())
        card |= {"id": name, "name": name, "architecture": "MobileNetV2", "reference_logits": []}
        card |= {key: card[key][:count] for key in ("classes", "display_names")}
        (folder / "card.json").write_text(json.dumps(card))
        return str(folder)

    return add


@pytest.fixture
def page_for(tmp_path, qtbot):
    """Return a function that shows the page for scans of some classes, and its draft."""
    pages = []

    def make(classes):
        scans = [
            LabelledScan(tmp_path / f"{n}.png", classes[n % len(classes)], "", "x")
            for n in range(60)
        ]
        draft = Draft(place=tmp_path / "my scans", scans=scans)
        page = ModelPage(ModelLibrary(tmp_path / "none", tmp_path / "models"))
        qtbot.addWidget(page)
        pages.append(page)
        page.enter(draft)
        page.show()
        return page, draft

    yield make
    for page in pages:
        page.close_down()


def test_a_model_that_knows_more_classes_is_offered_and_what_becomes_of_them_is_said(
    qtbot, add_model, page_for
):
    four = add_model("four", 4)
    page, draft = page_for(CLASSES[:3])
    assert page.start.weights() == four
    assert page.start.note.text().endswith(SENTENCE)
    page.leave(draft)
    assert SENTENCE in run_summary(draft)
    choose_by_keys(qtbot, page.start.choice, "none")
    page.leave(draft)
    assert "no scans of" not in page.start.note.text() + run_summary(draft)


def test_of_a_model_of_just_these_classes_nothing_more_is_said(add_model, page_for):
    four = add_model("four", 4)
    page, draft = page_for(CLASSES)
    page.leave(draft)
    assert draft.weights == four
    assert "no scans of" not in page.start.note.text() + run_summary(draft)


def test_a_model_of_just_these_classes_comes_before_one_that_knows_more(add_model, page_for):
    four, three = add_model("a-four", 4), add_model("b-three", 3)
    page, _ = page_for(CLASSES[:3])
    assert [page.start.choice.itemData(index) for index in range(2)] == [three, four]


def test_a_model_that_lacks_a_class_is_not_offered(add_model, page_for):
    three = add_model("three", 3)
    page, _ = page_for(CLASSES)
    assert page.start.choice.findData(three) < 0


def test_the_file_of_every_network_ends_as_is_said(qtbot, page_for):
    page, _ = page_for(CLASSES)
    choose_by_keys(qtbot, page.start.choice, "file")
    ends = re.findall("“(.*?)”", page.start.note.text())
    assert len(ends) == 2
    assert all(file.name.endswith(tuple(ends)) for file in FILES.values())


def test_a_long_name_of_a_model_does_not_widen_the_page(qtbot):
    widths = []
    for name in ("Short", "Our department's model, trained again on all scans of 2026 " * 4):
        start = StartChoice()
        qtbot.addWidget(start)
        start.choice.addItem(name)
        widths.append(start.minimumSizeHint().width())
    assert widths[0] == widths[1]
