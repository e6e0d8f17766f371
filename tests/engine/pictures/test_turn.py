from itertools import product

import numpy as np
import pytest

from btgui.engine.geometry import Edges
from btgui.engine.pictures.turn import PictureTurn

EDGES = Edges(left="R", right="L", top="A", bottom="P")
EVERY_TURN = [PictureTurn(m, q) for m, q in product((False, True), range(4))]


def letters(edges: Edges) -> str:
    return edges.left + edges.right + edges.top + edges.bottom


def seen(turn: PictureTurn) -> np.ndarray:
    """Turn an image of distinct pixels by the matrix, pixel by pixel."""
    picture = np.arange(6).reshape(2, 3)
    (xx, xy), (yx, yy) = turn.matrix()
    places = {
        (xx * x + xy * y, yx * x + yy * y): picture[y, x] for y, x in np.ndindex(picture.shape)
    }
    columns, rows = (sorted({place[axis] for place in places}) for axis in (0, 1))
    return np.array([[places[x, y] for x in columns] for y in rows])


@pytest.mark.parametrize("turn", EVERY_TURN)
def test_each_step_does_to_the_picture_what_its_name_says(turn):
    assert (turn.applied_to(seen(PictureTurn())) == seen(turn)).all()
    assert (seen(turn.rotated()) == np.rot90(seen(turn), -1)).all()
    assert (seen(turn.flipped_across()) == np.fliplr(seen(turn))).all()
    assert (seen(turn.flipped_down()) == np.flipud(seen(turn))).all()


def test_the_letters_turn_with_the_picture():
    first = PictureTurn()
    assert letters(first.edges(EDGES)) == "RLAP"
    assert letters(first.rotated().edges(EDGES)) == "PARL"  # what was left is now on top
    assert letters(first.flipped_across().edges(EDGES)) == "LRAP"
    assert letters(first.flipped_down().edges(EDGES)) == "RLPA"
    assert letters(first.flipped_across().rotated().edges(EDGES)) == "PALR"


@pytest.mark.parametrize("turn", EVERY_TURN)
def test_letters_and_picture_agree_and_every_step_can_be_undone(turn):
    # A cross of marks at the edges, turned as a picture, names its edges as the letters do.
    for step in (turn.rotated(), turn.flipped_across(), turn.flipped_down()):
        (xx, xy), (yx, yy) = step.matrix()
        ends = {"R": (-1, 0), "L": (1, 0), "A": (0, -1), "P": (0, 1)}
        at = {(xx * x + xy * y, yx * x + yy * y): letter for letter, (x, y) in ends.items()}
        told = step.edges(EDGES)
        assert (told.left, told.right) == (at[-1, 0], at[1, 0])
        assert (told.top, told.bottom) == (at[0, -1], at[0, 1])
    assert turn.flipped_across().flipped_across() == turn
    assert turn.flipped_down().flipped_down() == turn
    assert turn.rotated().rotated().rotated().rotated() == turn


def test_it_says_what_was_done():
    assert PictureTurn().words() == ""
    assert PictureTurn(mirrored=True, quarters=1).words() == "mirrored, rotated 90°"


def test_more_than_a_full_turn_is_refused():
    with pytest.raises(ValueError, match="received 4"):
        PictureTurn(quarters=4)
