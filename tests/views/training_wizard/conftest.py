"""What the tests of the wizard's pages share."""

from pathlib import Path

import pytest

from btgui.engine.dataset import read_dataset
from btgui.views.training_wizard.draft import Draft
from tests.conftest import write_head


@pytest.fixture
def dataset(tmp_path) -> Path:
    """Two classes, twelve scans each to train on and two to test on; all different."""
    folder = tmp_path / "Scans"
    for number, label in enumerate(("glioma", "notumor")):
        for split, count, offset in (("Training", 12, 0), ("Testing", 2, 50)):
            place = folder / split / label
            place.mkdir(parents=True)
            for index in range(count):
                write_head(place / f"{index:02d}.png", side=64, seed=offset + 100 * number + index)
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
