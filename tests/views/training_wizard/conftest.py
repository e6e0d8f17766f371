"""Fixtures shared by the tests of the wizard's pages."""

import json
from pathlib import Path

import cv2
import pytest
from PySide6.QtCore import Qt

from btgui.engine.datasets.dataset import read_dataset
from btgui.engine.models.library import ModelLibrary
from btgui.views.training_wizard.audit_findings import findings_of
from btgui.views.training_wizard.draft import Draft
from tests.training.conftest import draw_head


@pytest.fixture
def dataset(tmp_path) -> Path:
    """Two classes, twelve scans each to train on and two to test on; all different."""
    folder = tmp_path / "Scans"
    for number, label in enumerate(("glioma", "notumor")):
        for split, count, offset in (("Training", 12, 0), ("Testing", 2, 50)):
            place = folder / split / label
            place.mkdir(parents=True)
            for index in range(count):
                picture = draw_head(offset + 100 * number + index, tumour=label == "glioma")
                cv2.imwrite(str(place / f"{index:02d}.png"), picture)
    return folder


@pytest.fixture
def draft(dataset) -> Draft:
    """A draft as the first page leaves it."""
    names = {"glioma": "Glioma", "notumor": "No tumour"}
    return Draft(place=dataset, scans=read_dataset(dataset), display_names=names)


@pytest.fixture
def show(qtbot):
    """Show a page; its threads and processes end with the test."""
    shown = []

    def make(page):
        qtbot.addWidget(page)
        page.resize(1280, 800)
        page.show()
        shown.append(page)
        return page

    yield make
    for page in shown:
        page.close_down()


@pytest.fixture
def audit_of():
    """Return a function that makes the JSON of an audit without findings, except ``changes``."""

    def make(draft, **changes):
        counts = {}
        for scan in draft.scans:
            by_class = counts.setdefault(scan.split, {})
            by_class[scan.label] = by_class.get(scan.label, 0) + 1
        return {
            "counts": counts,
            "unreadable": [],
            "leaked_test_scans": 0,
            "near_test_scans": 0,
            "leaks": [],
            "label_conflicts": [],
            "repeats": {},
            "shared_patients": 0,
            "imbalance": 1.0,
            "uneven": {"sizes": [], "modes": []},
            "shortcuts": [],
            "alarms": [],
        } | changes

    return make


@pytest.fixture
def own_model(tmp_path, tiny_pack):
    """A user's model that has the name suggested for the first model of a folder "my scans"."""
    folder = tmp_path / "models"
    folder.mkdir()
    ModelLibrary(tmp_path / "none", folder).import_model(tiny_pack.folder)
    (card_file,) = folder.glob("*/card.json")
    card = json.loads(card_file.read_text())
    card |= {
        "architecture": "MobileNetV2",
        "classes": ["glioma", "meningioma", "notumor", "pituitary"],
    }
    card |= {"name": "MobileNetV2, my scans"}
    card_file.write_text(json.dumps(card))
    return card_file.parent


def choose_by_keys(qtbot, box, data):
    """Choose an entry of a list by the arrow keys, as a hand would."""
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    while box.currentData() != data:
        before = box.currentIndex()
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box.currentIndex() != before, f"{data} is not offered"


def pair_of(first: str, second: str, **changes):
    """Return a pair of similar scans as in an audit's JSON, under the two ``keys``."""
    keys = changes.pop("keys", ("first", "second"))
    plain = {"kind": "copy", "transform": "mirrored", "similarity": 0.99}
    return {keys[0]: first, keys[1]: second} | plain | changes


@pytest.fixture
def leak(dataset):
    """A test scan that is a mirrored training scan."""
    test, train = dataset / "Testing/glioma/00.png", dataset / "Training/glioma/03.png"
    return pair_of(str(test), str(train), keys=("test", "train"), between=["test", "train"])


@pytest.fixture
def conflict(dataset):
    """The same scan in both classes."""
    first, second = dataset / "Training/glioma/01.png", dataset / "Training/notumor/02.png"
    return pair_of(str(first), str(second), kind="identical", transform="as it is")


@pytest.fixture
def found(draft, audit_of):
    """Return a function that gives the findings of an audit with these values."""

    def find(**changes):
        draft.audit = audit_of(draft, **changes)
        return findings_of(draft)

    return find
