from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED
from training.augmenting.augmentation import augment, mix, random_affine, without_augmentation
from training.augmenting.batches import mask_on_grid

STILL = replace(AS_PUBLISHED, rotation_degrees=0, shift_fraction=0, flip_probability=0)


@pytest.fixture
def scan():
    grey = np.random.default_rng(0).integers(0, 256, (64, 64)).astype(np.uint8)
    mask = np.zeros((64, 64), np.uint8)
    mask[10:20, 30:50] = 255
    return grey, mask


def test_without_any_change_the_scan_stays_as_it_is(scan):
    grey, mask = augment(*scan, STILL, np.random.default_rng(1))
    assert np.array_equal(grey, scan[0])
    assert np.array_equal(mask, scan[1])


@pytest.mark.parametrize("seed", range(5))
def test_a_recipe_without_augmentation_changes_no_scan_and_nothing_else(scan, seed):
    recipe = without_augmentation(RECOMMENDED)
    grey, mask = augment(*scan, recipe, np.random.default_rng(seed))
    assert np.array_equal(grey, scan[0])
    assert np.array_equal(mask, scan[1])
    assert (recipe.epochs, recipe.learning_rate) == (RECOMMENDED.epochs, RECOMMENDED.learning_rate)


def test_a_flip_is_an_exact_mirror_and_moves_the_mask_along(scan):
    grey, mask = augment(*scan, replace(STILL, flip_probability=1), np.random.default_rng(1))
    assert np.array_equal(grey, scan[0][:, ::-1])
    assert np.array_equal(mask, scan[1][:, ::-1])


def moved(**bounds):
    """What many random matrices of a recipe do: turns in degrees, zooms, and shifts as shares; (n,)."""
    recipe, generator = replace(STILL, **bounds), np.random.default_rng(0)
    matrices = np.array([random_affine(100, recipe, generator) for _ in range(2_000)])
    turns = np.degrees(np.arctan2(matrices[:, 0, 1], matrices[:, 0, 0]))
    zooms = np.hypot(matrices[:, 0, 0], matrices[:, 0, 1])
    centre = np.array([49.5, 49.5, 1])
    return turns, zooms, (matrices @ centre - centre[:2]) / 100


def test_turns_zooms_and_shifts_go_as_far_one_way_as_the_other():
    turns, zooms, shifts = moved(rotation_degrees=15, zoom_fraction=0.2, shift_fraction=0.1)
    for values, bound in ((turns, 15), (zooms - 1, 0.2), (shifts[:, 0], 0.1), (shifts[:, 1], 0.1)):
        assert values.min() == pytest.approx(-bound, rel=0.03)
        assert values.max() == pytest.approx(bound, rel=0.03)
        assert np.mean(values) == pytest.approx(0, abs=0.05 * bound)


def test_the_same_seed_gives_the_same_picture_and_another_seed_does_not(scan):
    first = augment(*scan, RECOMMENDED, np.random.default_rng((1, 2, 3)))
    again = augment(*scan, RECOMMENDED, np.random.default_rng((1, 2, 3)))
    other = augment(*scan, RECOMMENDED, np.random.default_rng((1, 2, 4)))
    assert np.array_equal(first[0], again[0])
    assert not np.array_equal(first[0], other[0])


def test_erasing_never_hides_an_outlined_tumour(scan):
    grey, mask = np.zeros((64, 64), np.uint8), np.full((64, 64), 255, np.uint8)
    always = replace(STILL, erase_probability=1)
    for seed in range(20):
        assert not augment(grey, mask, always, np.random.default_rng(seed))[0].any()


@pytest.mark.parametrize("change", ["tone", "contrast", "shading", "coarse", "blur", "noise"])
def test_each_change_of_greys_changes_the_head_moves_no_mask_and_repeats_by_its_seed(scan, change):
    always = replace(STILL, **{f"{change}_probability": 1})
    grey, mask = cv2.GaussianBlur(scan[0], (0, 0), 2), scan[1]
    for seed in range(5):
        changed, moved = augment(grey, mask, always, np.random.default_rng(seed))
        again, _ = augment(grey, mask, always, np.random.default_rng(seed))
        assert changed.dtype == np.uint8
        assert changed.shape == grey.shape
        assert not np.array_equal(changed, grey)
        assert np.array_equal(changed, again)
        assert np.array_equal(moved, mask)


@pytest.mark.parametrize("change", ["tone", "contrast", "shading"])
def test_air_stays_black(change):
    always = replace(STILL, **{f"{change}_probability": 1})
    grey = np.zeros((64, 64), np.uint8)
    grey[20:40, 20:40] = np.random.default_rng(0).integers(60, 250, (20, 20))
    for seed in range(20):
        changed, _ = augment(grey, grey * 0, always, np.random.default_rng(seed))
        assert not changed[grey == 0].any()


def test_contrast_scales_detail_and_leaves_the_surroundings_as_bright():
    always = replace(STILL, contrast_probability=1)
    grey = np.full((128, 128), 120, np.uint8)
    grey[::2] = 100
    spreads = []
    for seed in range(30):
        changed, _ = augment(grey, grey * 0, always, np.random.default_rng(seed))
        assert changed.mean() == pytest.approx(grey.mean(), abs=2)
        spreads.append(changed.std() / grey.std())
    assert min(spreads) < 0.5
    assert max(spreads) > 1.5


def test_stretching_changes_the_width_alone():
    always = replace(STILL, stretch_fraction=0.2)
    grey = np.zeros((101, 101), np.uint8)
    grey[30:71, 30:71] = 200
    widths = set()
    for seed in range(10):
        changed, _ = augment(grey, grey * 0, always, np.random.default_rng(seed))
        rows, columns = (np.flatnonzero((changed > 100).any(axis=axis)) for axis in (1, 0))
        assert rows.tolist() == list(range(30, 71))
        assert columns.mean() == pytest.approx(50, abs=0.6)
        widths.add(len(columns))
    assert min(widths) < 40
    assert max(widths) > 42


def test_mixing_is_in_the_mean_mixup_with_mixed_labels():
    black, white = np.zeros((8, 8), np.uint8), np.full((8, 8), 255, np.uint8)
    generator = np.random.default_rng(0)
    own = np.array([mix(white, black, 0.3, generator)[0, 0] / 255 for _ in range(4_000)])
    assert own.mean() == pytest.approx(1.3 / 1.6, abs=0.01)  # the mean of Beta(1.3, 0.3)
    # Any loss f of how much is blended: mixup weighs f(s) by s and f(1 - s) by 1 - s.
    share = generator.beta(0.3, 0.3, 40_000)
    mixup = share * share**2 + (1 - share) * (1 - share) ** 2
    assert (own**2).mean() == pytest.approx(mixup.mean(), abs=0.01)


def test_a_mask_on_the_feature_grid_has_its_peak_where_the_tumour_is():
    mask = np.zeros((70, 70), np.uint8)
    mask[50:60, 10:20] = 255
    grid = mask_on_grid(mask, FeatureGrid.even((7, 7)))
    assert grid[5, 1] == 1
    assert grid.sum() == pytest.approx(1)
    assert not mask_on_grid(np.zeros((70, 70), np.uint8), FeatureGrid.even((7, 7))).any()
