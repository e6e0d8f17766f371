from collections.abc import Iterator
from dataclasses import replace

import pytest

from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import write_pack
from btgui.views.models_window.window import ModelsWindow

HISTORY = {"accuracy": [0.5, 0.75], "validation_accuracy": [0.4, 0.6]}


@pytest.fixture
def library(tiny_pack, tmp_path) -> ModelLibrary:
    """One shipped model, two of the user's, and a folder that holds no model."""

    def add(place, **facts):
        card = replace(tiny_pack.card, **facts)
        write_pack(tmp_path / place / card.id, card, tiny_pack.model_file)

    add("shipped", id="first", name="Shipped")
    add("mine", id="second", name="Mine", training={"history": HISTORY})
    add("mine", id="third", name="Untested", results=())
    (tmp_path / "mine" / "broken").mkdir()
    return ModelLibrary(tmp_path / "shipped", tmp_path / "mine")


@pytest.fixture
def models(library, qtbot) -> Iterator[ModelsWindow]:
    """The window of that library; the shipped model is in use."""
    window = ModelsWindow(library)
    qtbot.addWidget(window)
    window.show()
    window.set_in_use("first", "")
    yield window
    window.work.close()
