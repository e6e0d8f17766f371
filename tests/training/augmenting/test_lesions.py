from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import RECOMMENDED
from training.augmenting.batches import ScanBatches
from training.augmenting.lesions import MovedLesions
from training.scans.cache import CachedScans, StoredPictures

SIDE = 128
CLASSES = ("glioma", "meningioma", "notumor")
HEALTHY = 2
ALWAYS = replace(RECOMMENDED, transplant_probability=0.66, removal_probability=1.0)


def head(tumour_at=None, *, grey=90, width=40, tumour=220):
    """A head as an ellipse, symmetric except for a round tumour, and the tumour's outline."""
    picture = np.zeros((SIDE, SIDE), np.uint8)
    cv2.ellipse(picture, (64, 64), (width, 54), 0, 0, 360, grey, -1)
    mask = np.zeros_like(picture)
    if tumour_at:
        cv2.circle(picture, tumour_at, 9, tumour, -1)
        cv2.circle(mask, tumour_at, 9, 255, -1)
    # Made exactly symmetric: an ellipse centred at 64 of 128 pixels is not.
    return (picture[:, ::-1] // 2 + picture // 2 if not tumour_at else picture), mask


def cached(pictures, masks, labels):
    rows = list(range(len(pictures)))
    return CachedScans(
        StoredPictures(np.stack(pictures), rows),
        StoredPictures(np.stack(masks), rows),
        np.array([mask.any() for mask in masks]),
        [LabelledScan(f"{row}.png", label, "train", "made") for row, label in enumerate(labels)],
        [str(row) for row in rows],
    )


def possible_of(labels):
    return np.array([[name == label for name in CLASSES] for label in labels], np.float32)


def moved(scans, labels, recipe=ALWAYS, healthy=HEALTHY):
    return MovedLesions(scans, possible_of(labels), healthy, recipe)


@pytest.fixture
def two():
    """A meningioma at the left of one head, and a healthy, darker head."""
    labels = ["meningioma", "notumor"]
    pictures, masks = zip(head((44, 60)), head(grey=60), strict=True)
    return cached(pictures, masks, labels), labels


@pytest.fixture
def three(two):
    """Both heads, and a glioma without an outline."""
    scans, labels = two
    picture, mask = head((70, 40))
    pictures, masks = [*scans.grey, picture], [*scans.masks, np.zeros_like(mask)]
    labels = [*labels, "glioma"]
    return cached(pictures, masks, labels), labels


def drawn(lesions, scan, count=60):
    """The results of many random calls for one scan."""
    return [lesions.moved(scan, np.random.default_rng(seed)) for seed in range(count)]


def test_a_healthy_scan_gains_a_tumour_whose_kind_is_open(three):
    scans, _ = three
    gained = [one for one in drawn(moved(*three), 1) if one is not None and one.mask.any()]
    assert gained
    for one in gained:
        assert one.possible.tolist() == [1, 1, 0]
        assert one.outlined.tolist() == [0, 1, 0]
        far = cv2.dilate(one.mask, np.ones((41, 41), np.uint8)) == 0
        before = scans.grey[1]
        assert np.array_equal(one.grey[far], before[far])
        inside = one.mask > 0
        assert abs(one.grey[inside].mean() - float(before[inside].mean())) > 20


def test_a_tumour_is_of_no_kind_that_there_are_no_scans_of(two):
    gained = [one for one in drawn(moved(*two), 1) if one is not None and one.mask.any()]
    assert gained
    assert {tuple(one.possible.tolist()) for one in gained} == {(0, 1, 0)}


def test_a_tumour_is_as_much_brighter_or_darker_than_its_surroundings_as_it_was(two):
    gained = [one for one in drawn(moved(*two), 1) if one is not None and one.mask.any()]
    # 130 above 90 in its own head, times 0.6 to 1.5 and by 60 to 90 here; or turned over.
    steps = [float(np.median(one.grey[one.mask > 0])) - 60 for one in gained]
    brighter = [step for step in steps if step > 0]
    assert min(brighter) >= 0.6 * 130 * 60 / 90 - 2
    assert max(brighter) <= 1.5 * 130 * 60 / 90 + 2
    assert 0.1 < np.mean([step < 0 for step in steps]) < 0.6


def test_half_as_many_healthy_scans_get_a_healthy_piece(two):
    changed = [one for one in drawn(moved(*two), 1, 300) if one is not None]
    healthy = [one for one in changed if not one.mask.any()]
    assert 0.2 < len(healthy) / len(changed) < 0.47
    for one in healthy:
        assert one.possible.tolist() == [0, 0, 1]
        assert not one.outlined.any()


def test_a_tumour_is_taken_away_by_the_mirror_image_of_the_other_side(two):
    scans, _ = two
    healed = moved(*two).moved(0, np.random.default_rng(1))
    assert healed.possible.tolist() == [0, 0, 1]
    assert not healed.mask.any()
    assert not healed.outlined.any()
    where = scans.masks[0] > 0
    assert scans.grey[0][where].mean() == 220
    inside = healed.grey[where].astype(float)
    assert inside.max() < 90 + 0.1 * (220 - 90)  # the edge is soft
    assert np.median(inside) == pytest.approx(90, abs=3)


@pytest.mark.parametrize("column", [64, 72])
def test_a_tumour_at_the_midline_stays(column):
    # At 72 two fifths of it, with its rim, lies on its own mirror image, which would be put in its place.
    labels = ["glioma", "notumor"]
    pictures, masks = zip(head((column, 50)), head(), strict=True)
    assert drawn(moved(cached(pictures, masks, labels), labels), 0) == [None] * 60


@pytest.mark.parametrize("missing", [np.s_[20:110, 70:120], np.s_[60:110, 80:120]])
def test_a_tumour_in_a_head_without_symmetry_stays(missing):
    labels = ["glioma", "notumor"]
    picture, mask = head((44, 60))
    picture[missing] = 0  # as a sagittal slice, with nothing to match the face
    scans = cached([picture, head()[0]], [mask, np.zeros_like(mask)], labels)
    assert drawn(moved(scans, labels), 0) == [None] * 60


@pytest.mark.parametrize("width", [12, 26])
def test_a_piece_that_would_lie_beside_the_head_is_not_put_there(width):
    # On the wider head, a part of some pieces would lie.
    labels = ["glioma", "notumor"]
    pictures, masks = zip(head((30, 60)), head(width=width), strict=True)
    changed = drawn(moved(cached(pictures, masks, labels), labels), 1)
    assert changed == [None] * 60


def test_the_scan_that_is_most_alike_gives_its_tumour():
    labels = ["glioma", "meningioma", "notumor"]
    narrow, wide = head((50, 60), width=22), head((44, 60), width=48)
    healthy = head(width=22)
    pictures, masks = zip(narrow, wide, healthy, strict=True)
    changed = drawn(moved(cached(pictures, masks, labels), labels), 2)
    kinds = [one.outlined.tolist() for one in changed if one is not None and one.mask.any()]
    assert kinds
    assert all(kind == [1, 0, 0] for kind in kinds)


@pytest.mark.parametrize(
    ("recipe", "healthy"),
    [
        (replace(ALWAYS, transplant_probability=0.0, removal_probability=0.0), HEALTHY),
        (ALWAYS, None),
    ],
)
def test_nothing_moves_unless_it_is_asked_for_and_a_class_is_healthy(two, recipe, healthy):
    scans, labels = two
    lesions = moved(scans, labels, recipe, healthy)
    assert drawn(lesions, 0) == drawn(lesions, 1) == [None] * 60


def test_without_a_healthy_scan_no_tumour_is_taken_away(two):
    scans, _ = two
    assert drawn(moved(scans, ["meningioma", "glioma"]), 0) == [None] * 60


def test_without_an_outline_nothing_moves(two):
    _, labels = two
    pictures = [head((44, 60))[0], head()[0]]
    lesions = moved(cached(pictures, [np.zeros_like(pictures[0])] * 2, labels), labels)
    assert drawn(lesions, 0) == drawn(lesions, 1) == [None] * 60


@pytest.fixture
def batches(three):
    scans, _ = three
    parameters = PreprocessingParameters(input_height=64, input_width=64)

    def make(*, training, **changes):
        recipe = replace(ALWAYS, balance=0.0, batch_size=3, **changes)
        return ScanBatches(
            scans,
            CLASSES,
            parameters,
            recipe,
            grid=FeatureGrid.even((4, 4)),
            seed=1,
            training=training,
            healthy=HEALTHY,
        )

    return make


def test_a_batch_holds_the_classes_and_outlines_of_what_was_moved(batches):
    made = batches(training=True)
    seen = set()
    for epoch in range(30):
        made.epoch = epoch
        _, targets, weights = made[0]
        for possible, activation, weight in zip(
            targets["logits"], targets["activation"], weights["logits"], strict=True
        ):
            kinds = tuple(np.flatnonzero(possible).tolist())
            planes = np.flatnonzero(activation.any(axis=(0, 1))).tolist()
            seen.add((kinds, tuple(planes)))
            expected = np.mean([made.class_weights[kind] for kind in kinds])
            assert weight == pytest.approx(expected)
    assert ((0, 1), (1,)) in seen  # gained: of some kind, drawn to the meningioma's outline
    assert ((2,), ()) in seen
    assert ((1,), (1,)) not in seen  # the meningioma is always taken away


def test_the_same_place_of_an_epoch_is_the_same_again(batches):
    first, again = batches(training=True)[0], batches(training=True)[0]
    assert np.array_equal(first[0], again[0])
    assert np.array_equal(first[1]["logits"], again[1]["logits"])


def test_a_healthy_scan_gains_a_tumour_in_one_epoch_and_not_in_another(batches):
    made = batches(training=True, removal_probability=0.0)
    gained = {place: set() for place in range(3)}
    for epoch in range(30):
        made.epoch = epoch
        for place, possible in enumerate(made[0][1]["logits"]):
            if possible.sum() == 2 or possible[HEALTHY]:
                gained[place].add(bool(possible.sum() == 2))
    assert gained == {place: {False, True} for place in range(3)}


def test_validation_sees_scans_as_they_are(batches):
    _, targets, _ = batches(training=False)[0]
    assert np.array_equal(targets["logits"], possible_of(["meningioma", "notumor", "glioma"]))
