import pytest
from PySide6.QtCore import Qt

from btgui.views.thumbnail_loader import ThumbnailLoader
from btgui.views.training_wizard.finding import Choice, Finding, ShownPair
from btgui.views.training_wizard.finding_card import FindingCard
from btgui.views.training_wizard.thumbnail import Thumbnail


@pytest.fixture
def card_of(qtbot):
    """Return a function that shows a finding as a card."""
    loader = ThumbnailLoader()

    def make(chosen=None, **values):
        card = FindingCard(Finding("alarm", "Title", "What.", "So.", **values), chosen, loader)
        qtbot.addWidget(card)
        card.show()
        return card

    yield make
    loader.close()


def choice(text):
    return Choice(text, lambda _draft: None, lambda _draft: False)


def test_a_choice_is_told_when_it_is_made_with_the_keyboard(card_of, qtbot):
    first, second = choice("Leave out"), choice("Keep")
    card = card_of(first, choices=(first, second))
    assert card.choices[0].isChecked()
    card.activateWindow()
    card.choices[0].setFocus()
    qtbot.waitUntil(card.choices[0].hasFocus)
    with qtbot.waitSignal(card.chosen) as chosen:
        qtbot.keyClick(card.choices[0], Qt.Key.Key_Down)
    assert chosen.args == [second]


def test_many_problems_are_listed_up_to_a_limit(card_of):
    card = card_of(problems=tuple(f"{n}.png is empty." for n in range(600)))
    lines = card.files.toPlainText().splitlines()
    assert (len(lines), lines[-1]) == (501, "… and 100 more")


def test_pairs_are_shown_with_what_joins_them(card_of, qtbot, dataset):
    files = sorted((dataset / "Training" / "glioma").iterdir())
    pair = ShownPair(files[0], files[1], ("Test\nGlioma", "Training\nGlioma"), "mirrored")
    card = card_of(pairs=(pair,), pair_count=5)
    qtbot.waitUntil(
        lambda: not any(one.pixmap().isNull() for one in card.pairs.findChildren(Thumbnail))
    )
    assert [one.path for one in card.pairs.findChildren(Thumbnail)] == files[:2]
