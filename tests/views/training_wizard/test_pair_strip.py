import pytest
from PySide6.QtWidgets import QLabel

from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.finding import ShownPair
from btgui.views.training_wizard.pair_strip import PairStrip


@pytest.fixture
def loader(qapp):
    loader = ThumbnailLoader()
    yield loader
    loader.close()


def test_captions_that_are_too_long_are_whole_in_their_tip(loader, qtbot, dataset):
    files = sorted((dataset / "Training" / "glioma").iterdir())
    long = "A class with a very long name indeed"
    pair = ShownPair(files[0], files[1], (f"Test\n{long}", "Training"), "half turn")
    strip = PairStrip((pair,), 12, loader)
    qtbot.addWidget(strip)
    texts = {label.text() for label in strip.findChildren(QLabel)}
    assert {"Training", "half turn", "… and 11 more"} <= texts
    assert not any(long in text for text in texts)
    assert any(long in label.toolTip() for label in strip.findChildren(QLabel))
