import cv2
import numpy as np
import pytest

from btgui.engine.errors import ExportError
from btgui.engine.exports.picture import (
    COLOUR_MAPS,
    colour_table,
    heatmap_overlay,
    lettered,
    write_picture,
)
from btgui.engine.geometry import Edges

GREY = np.full((4, 6), 100, np.uint8)


def lightness(rgb) -> np.ndarray:
    """CIE L* of sRGB colours (0 to 100), by OpenCV."""
    return cv2.cvtColor((rgb[None] / 255).astype(np.float32), cv2.COLOR_RGB2LAB)[0, :, 0]


@pytest.mark.parametrize("name", COLOUR_MAPS)
def test_a_colour_map_has_256_colours(name):
    assert colour_table(name).shape == (256, 3)


@pytest.mark.parametrize("name", ["inferno", "viridis", "magma", "cividis"])
def test_the_uniform_colour_maps_grow_steadily_lighter(name):
    steps = np.diff(lightness(colour_table(name)[::8]))
    assert steps.min() > 0
    assert steps.max() < 3 * steps.mean()


def test_an_unknown_colour_map_is_refused():
    with pytest.raises(ValueError, match="among inferno"):
        colour_table("rainbow")


def test_where_there_is_no_evidence_the_scan_is_unchanged():
    heat = np.zeros((4, 6), np.float32)
    heat[0, 0] = np.nan
    assert (heatmap_overlay(GREY, heat) == 100).all()


def test_full_evidence_at_full_opacity_is_the_map_s_last_colour():
    heat = np.ones((4, 6), np.float32)
    assert (heatmap_overlay(GREY, heat, "inferno", 1.0)[0, 0] == colour_table("inferno")[255]).all()
    half = heatmap_overlay(GREY, heat, "inferno", 0.5)[0, 0]
    assert np.abs(half - (100 + colour_table("inferno")[255].astype(float)) / 2).max() <= 0.5


@pytest.mark.parametrize("shape", [(9, 7), (701, 299), (2, 150_000)])
def test_every_pixel_is_scan_and_colour_mixed_by_the_root_of_its_heat(shape):
    random = np.random.default_rng(0)
    grey = random.integers(0, 256, shape, dtype=np.uint8)
    heat = random.random(shape, np.float32)
    heat[1, 2:] = np.nan
    seen = np.nan_to_num(heat)
    alpha = (np.float32(0.7) * np.sqrt(seen))[..., None]
    colours = colour_table("viridis")[np.rint(seen * 255).astype(int)]
    expected = grey[..., None] * (1 - alpha) + colours * alpha
    found = heatmap_overlay(grey, heat, "viridis", 0.7)
    assert found.dtype == np.uint8
    assert np.abs(found - expected).max() <= 0.51


def test_a_picture_is_written_as_it_is(tmp_path):
    rgb = np.random.default_rng(0).integers(0, 255, (5, 7, 3), dtype=np.uint8)
    write_picture(tmp_path / "p.png", rgb)
    assert np.array_equal(cv2.imread(str(tmp_path / "p.png"))[..., ::-1], rgb)


@pytest.mark.parametrize(
    ("name", "words"),
    [("p.xyz", "not a name for a picture"), ("none/p.png", "Choose another folder")],
)
def test_what_cannot_be_written_is_told(tmp_path, name, words):
    with pytest.raises(ExportError, match=words):
        write_picture(tmp_path / name, np.zeros((2, 2, 3), np.uint8))
    assert not list(tmp_path.iterdir())


def test_at_no_opacity_the_scan_is_unchanged():
    assert (heatmap_overlay(GREY, np.ones((4, 6), np.float32), opacity=0) == 100).all()


def test_more_evidence_hides_more_of_the_scan():
    heat = np.linspace(0, 1, 24, dtype=np.float32).reshape(4, 6)
    white = np.full((4, 6), 255, np.uint8)
    seen = heatmap_overlay(white, heat, "inferno", 1.0).astype(int).sum(axis=2).ravel()
    black = heatmap_overlay(np.zeros((4, 6), np.uint8), heat, "inferno", 1.0).astype(int)
    through = seen - black.sum(axis=2).ravel()
    assert np.all(np.diff(through) < 0)
    assert (through[0], through[-1]) == (3 * 255, 0)


@pytest.mark.parametrize("shape", [(64, 64), (512, 512), (900, 300)])
@pytest.mark.parametrize("grey", [0, 255])
def test_letters_stand_at_the_middle_of_the_edges_on_black_and_on_white(shape, grey):
    plain = np.full((*shape, 3), grey, np.uint8)
    changed = (lettered(plain, Edges("R", "LH", "A", "P")) != plain).any(axis=2)
    assert (plain == grey).all()
    rows, columns = (np.arange(side) / side for side in shape)
    middles = abs(rows[:, None] - 0.5) < 0.15, abs(columns[None] - 0.5) < 0.15
    for half in (columns[None] < 0.5, columns[None] > 0.5):
        assert (changed & half & middles[0] & ~middles[1]).any()
    for half in (rows[:, None] < 0.5, rows[:, None] > 0.5):
        assert (changed & half & middles[1] & ~middles[0]).any()
    assert not changed[middles[0] & middles[1]].any()
    assert not changed[~middles[0] & ~middles[1]].any()


def test_a_colour_map_is_shared_and_cannot_be_changed():
    assert colour_table("jet") is colour_table("jet")
    with pytest.raises(ValueError, match="read-only"):
        colour_table("jet")[0, 0] = 1


def test_a_picture_takes_the_place_of_an_old_one_whole(tmp_path):
    file = tmp_path / "p.jpg"
    file.write_bytes(b"old")
    write_picture(file, np.full((8, 8, 3), 90, np.uint8))
    assert cv2.imread(str(file)).shape == (8, 8, 3)
    assert list(tmp_path.iterdir()) == [file]
