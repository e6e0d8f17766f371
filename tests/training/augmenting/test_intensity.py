from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.training_request import AS_PUBLISHED
from training.augmenting.intensity import change_greys, random_tone_curve


def changed(grey, change, seeds):
    """One intensity change with each of several seeds; (seeds, h, w) float."""
    always = replace(AS_PUBLISHED, **{f"{change}_probability": 1.0})
    pictures = [change_greys(grey, always, np.random.default_rng(seed)) for seed in range(seeds)]
    return np.array(pictures, np.float64)


def test_a_quarter_of_tone_curves_may_turn_dark_tissue_bright_and_the_others_keep_its_order():
    generator = np.random.default_rng(0)
    curves = np.array([random_tone_curve(generator) for _ in range(6_000)], np.int64)
    assert not curves[:, 0].any()
    falls = (np.diff(curves) < 0).any(axis=1)
    # Of the heights of two, three or four knots and an end, drawn at random, one order in 6, 24 or
    # 120 rises all the same.
    by_chance = np.mean([1 / 6, 1 / 24, 1 / 120])
    assert falls.mean() == pytest.approx(0.25 * (1 - by_chance), abs=0.02)


def test_curves_that_keep_the_order_stay_near_the_greys_that_were():
    generator = np.random.default_rng(0)
    curves = np.array([random_tone_curve(generator) for _ in range(2_000)], np.int64)
    rising = curves[(np.diff(curves) >= 0).all(axis=1)]
    # No posterised flat stretch: three in four grey levels and more stay apart.
    assert np.median((np.diff(rising) > 0).mean(axis=1)) > 0.6
    # What is white stays bright.
    assert np.quantile(rising[:, -1], 0.05) >= 150


def test_a_coil_s_field_gains_or_loses_up_to_a_half_or_a_third():
    flat = np.full((64, 64), 100, np.uint8)
    gains = changed(flat, "shading", 300) / 100
    low, high = np.percentile(gains, [0.5, 99.5])
    assert (low, high) == (pytest.approx(2 / 3, rel=0.05), pytest.approx(3 / 2, rel=0.05))
    assert np.median(gains) == pytest.approx(1, abs=0.02)
    # Smooth: from one pixel to the next it hardly changes.
    assert np.abs(np.diff(gains, axis=2)).max() < 0.1


def test_a_line_is_blurred_by_half_a_pixel_to_almost_two():
    grey = np.zeros((65, 65), np.uint8)
    grey[:, 32] = 255
    profiles = changed(grey, "blur", 300)[:, 32]
    away = np.arange(65) - 32
    spreads = np.sqrt((profiles * away**2).sum(axis=1) / profiles.sum(axis=1))
    assert spreads.min() == pytest.approx(0.5, abs=0.05)
    assert spreads.max() == pytest.approx(1.8, abs=0.1)


def test_noise_has_a_deviation_from_two_to_twelve_greys_and_no_bias():
    flat = np.full((64, 64), 128, np.uint8)
    noise = changed(flat, "noise", 300) - 128
    deviations = noise.std(axis=(1, 2))
    assert deviations.min() == pytest.approx(2, abs=0.2)
    assert deviations.max() == pytest.approx(12, abs=0.4)
    assert noise.mean() == pytest.approx(0, abs=0.05)


def test_detail_is_weakened_to_a_third_or_sharpened_by_two():
    grey = np.full((128, 128), 120, np.uint8)
    grey[::2] = 100
    factors = changed(grey, "contrast", 300).std(axis=(1, 2)) / grey.std()
    assert factors.min() == pytest.approx(0.3, abs=0.05)
    assert factors.max() == pytest.approx(1.7, abs=0.05)


def test_a_coarser_scan_has_a_third_to_four_fifths_of_the_pixels_on_a_side():
    # Stripes of one pixel vanish, and those of eight stay, whatever the coarseness.
    fine, wide = np.zeros((2, 128, 128), np.uint8)
    fine[:, ::2] = 200
    wide[:, np.arange(128) % 16 < 8] = 200
    assert changed(fine, "coarse", 100).std(axis=(1, 2)).min() < 0.1 * fine.std()
    assert changed(wide, "coarse", 100).std(axis=(1, 2)).min() > 0.6 * wide.std()
