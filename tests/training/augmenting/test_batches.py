from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.preprocessing import (
    PreprocessingParameters,
    colour,
    preprocess,
    resize_to_input,
    scale_pixels,
)
from btgui.engine.scan_source import read_scan
from btgui.engine.training_request import RECOMMENDED
from training.augmenting.augmentation import augment, without_augmentation
from training.augmenting.batches import ScanBatches, possible_classes
from training.augmenting.random_streams import Purpose, random_stream
from training.scans.cache import cache_scans

CLASSES = ("a", "b")
PARAMETERS = PreprocessingParameters(input_height=64, input_width=64)
GRID = FeatureGrid.even((2, 2))
RECIPE = replace(RECOMMENDED, batch_size=4, balance=0.0)


@pytest.fixture
def cached(make_heads, tmp_path):
    """Ten scans: seven of class a, three of class b; the first has a tumour mask."""
    labels = "aaabaababa"
    scans = [
        LabelledScan(path, label, "train", "made")
        for path, label in zip(make_heads(10), labels, strict=True)
    ]
    mask = np.zeros((96, 96), np.uint8)
    mask[40:56, 40:56] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    masks = {scans[0].path.resolve(): tmp_path / "mask.png"}
    return cache_scans(scans, masks, PARAMETERS, tmp_path / "cache", lambda _: None)


@pytest.fixture
def make_batches(cached):
    def make(*, training=True, seed=1, recipe=RECIPE, grid=GRID, epoch=0):
        batches = ScanBatches(
            cached, CLASSES, PARAMETERS, recipe, grid=grid, seed=seed, training=training
        )
        batches.epoch = epoch
        return batches

    return make


def epoch_of(batches):
    """All batches of an epoch, joined: (inputs, one-hot, masks, weights)."""
    parts = [batches[index] for index in range(len(batches))]
    return (
        np.concatenate([inputs for inputs, _, _ in parts]),
        np.concatenate([targets["logits"] for _, targets, _ in parts]),
        np.concatenate([targets["activation"] for _, targets, _ in parts]),
        np.concatenate([weights["logits"] for _, _, weights in parts]),
    )


@pytest.mark.parametrize("colormap", ["bone", "none"])
@pytest.mark.parametrize("scaling", ["minus_one_to_one", "zero_to_one", "imagenet_bgr_mean"])
def test_a_validation_input_is_what_the_app_would_feed_the_network(cached, scaling, colormap):
    parameters = replace(PARAMETERS, pixel_scaling=scaling, colormap=colormap)
    batches = ScanBatches(cached, CLASSES, parameters, RECIPE, grid=GRID, seed=1, training=False)
    inputs, *_ = epoch_of(batches)
    assert inputs.dtype == np.float32
    for one, scan in zip(inputs, cached.scans, strict=True):
        expected = preprocess(read_scan(scan.path).grey, parameters).network_input
        assert np.array_equal(one, expected)


def test_a_training_input_is_what_the_app_would_make_of_the_changed_scan(make_batches, cached):
    batches = make_batches()
    inputs, *_ = epoch_of(batches)
    for place, (one, index) in enumerate(zip(inputs, batches._order(), strict=True)):
        generator = random_stream(Purpose.CHANGES, 1, 0, place)
        grey, _ = augment(cached.grey[index], cached.masks[index], RECIPE, generator)
        rgb = resize_to_input(colour(grey, PARAMETERS), PARAMETERS)
        assert np.array_equal(one, scale_pixels(rgb, PARAMETERS.pixel_scaling))


def test_validation_keeps_the_scans_order_in_every_epoch(make_batches, cached):
    batches = make_batches(training=False)
    before = epoch_of(batches)
    assert before[1].argmax(axis=1).tolist() == ["ab".index(scan.label) for scan in cached.scans]
    batches.epoch += 1
    assert all(np.array_equal(a, b) for a, b in zip(before, epoch_of(batches), strict=True))


def test_the_last_batch_holds_what_is_left(make_batches):
    batches = make_batches()
    assert [len(batches[index][0]) for index in range(len(batches))] == [4, 4, 2]


def test_an_epoch_of_training_shows_every_scan_once_in_an_order_of_its_own(make_batches):
    batches = make_batches()
    orders = []
    for _ in range(3):
        orders.append(batches._order().tolist())
        batches.epoch += 1
    assert all(sorted(order) == list(range(10)) for order in orders)
    assert len(set(map(tuple, orders))) == 3
    _, one_hot, *_ = epoch_of(batches)
    assert one_hot.sum(axis=0).tolist() == [7, 3]


def test_the_order_of_an_epoch_is_made_once(make_batches, monkeypatch):
    """With many scans, computing the order takes longer than the batch."""
    batches, made, make = make_batches(), [], ScanBatches._new_order

    def new_order(self, epoch):
        made.append(epoch)
        return make(self, epoch)

    monkeypatch.setattr(ScanBatches, "_new_order", new_order)
    epoch_of(batches)
    batches.epoch += 1
    epoch_of(batches)
    assert made == [0, 1]


def test_of_scans_without_an_outline_no_mask_is_read(make_batches, cached, monkeypatch):
    asked, read = [], type(cached.masks).__getitem__

    def reading(pictures, index):
        if pictures is cached.masks:
            asked.append(index)
        return read(pictures, index)

    monkeypatch.setattr(type(cached.masks), "__getitem__", reading)
    epoch_of(make_batches())
    assert asked == [0]


def test_the_same_seed_and_epoch_give_the_same_data_and_any_other_does_not(make_batches):
    first, again, other = (epoch_of(make_batches(seed=seed)) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_a_run_that_goes_on_at_an_epoch_sees_what_an_uninterrupted_one_sees_there(make_batches):
    through, resumed = make_batches(), make_batches(epoch=2)
    through.epoch += 1
    assert not np.array_equal(epoch_of(through)[0], epoch_of(resumed)[0])
    through.epoch += 1
    for ours, theirs in zip(epoch_of(through), epoch_of(resumed), strict=True):
        assert np.array_equal(ours, theirs)


def test_targets_name_the_class_and_put_the_mask_into_its_plane(make_batches):
    _, one_hot, masks, _ = epoch_of(make_batches(training=False, grid=FeatureGrid.even((4, 4))))
    assert one_hot[:4].tolist() == [[1, 0], [1, 0], [1, 0], [0, 1]]
    assert masks.shape == (10, 4, 4, 2)
    assert masks[0, :, :, 0].max() == 1
    assert not masks[0, :, :, 1].any()
    assert not masks[1:].any()


def test_class_weights_are_inverse_frequencies_with_mean_one_over_the_scans(make_batches):
    _, one_hot, _, weights = epoch_of(make_batches())
    # 10 scans, 2 classes, 7 and 3 of them: 10 / 14 and 10 / 6.
    assert weights[one_hot[:, 0] == 1] == pytest.approx(np.full(7, 10 / 14))
    assert weights[one_hot[:, 1] == 1] == pytest.approx(np.full(3, 10 / 6))
    assert weights.mean() == pytest.approx(1)


def test_a_scan_of_partly_known_class_counts_as_a_part_of_each(cached):
    unsure = replace(cached, scans=[replace(cached.scans[0], label="a|b"), *cached.scans[1:]])
    batches = ScanBatches(unsure, CLASSES, PARAMETERS, RECIPE, grid=GRID, seed=1, training=True)
    # 6.5 of 10 scans are of the first class and 3.5 of the second.
    assert batches.class_weights == pytest.approx([10 / 13, 10 / 7])
    _, possible, _, weights = epoch_of(batches)
    (both,) = weights[possible.sum(axis=1) == 2]
    assert both == pytest.approx((10 / 13 + 10 / 7) / 2)


def test_a_class_without_scans_takes_no_part_in_the_class_weights(cached, make_batches):
    batches = ScanBatches(
        cached,
        ("a", "absent", "b"),
        PARAMETERS,
        RECIPE,
        grid=GRID,
        seed=1,
        training=True,
    )
    assert batches.present == (0, 2)
    assert np.array_equal(epoch_of(batches)[3], epoch_of(make_batches())[3])


@pytest.mark.parametrize(
    "options", [{"training": False}, {"recipe": replace(RECIPE, class_weights=False)}]
)
def test_without_class_weights_and_in_validation_every_scan_weighs_one(make_batches, options):
    assert epoch_of(make_batches(**options))[3].tolist() == [1] * 10


@pytest.mark.parametrize(("balance", "share"), [(0.0, 0.3), (1.0, 0.5)])
def test_balance_draws_the_scans_of_a_small_group_more_often(make_batches, balance, share):
    batches = make_batches(recipe=replace(RECIPE, balance=balance))
    drawn = []
    for _ in range(20):
        drawn += batches.possible[batches._order()].tolist()
        batches.epoch += 1
    assert np.mean(drawn, axis=0)[1] == pytest.approx(share, abs=0.04)


def test_balanced_classes_weigh_alike(make_batches):
    weights = epoch_of(make_batches(recipe=replace(RECIPE, balance=1.0)))[3]
    assert weights == pytest.approx(np.ones(10))


def test_balance_over_epochs_shows_every_scan(make_batches):
    batches = make_batches(recipe=replace(RECIPE, balance=1.0))
    seen = set()
    for _ in range(6):
        seen |= set(batches._order().tolist())
        batches.epoch += 1
    assert seen == set(range(10))


def test_validation_is_never_balanced(make_batches):
    batches = make_batches(training=False, recipe=replace(RECIPE, balance=1.0))
    assert batches._order().tolist() == list(range(10))


def test_a_scan_drawn_twice_in_an_epoch_is_changed_in_two_ways(make_batches):
    batches = make_batches(recipe=replace(RECIPE, balance=1.0))
    order = batches._order().tolist()
    twice = next(index for index in order if order.count(index) == 2)
    places = [place for place, index in enumerate(order) if index == twice]
    inputs, *_ = epoch_of(batches)
    assert not np.array_equal(inputs[places[0]], inputs[places[1]])


def test_a_scan_drawn_twice_is_not_shown_twice_running(make_batches):
    batches = make_batches(recipe=replace(RECIPE, balance=1.0))
    apart = 0
    for _ in range(20):
        order = batches._order().tolist()
        places = [[at for at, one in enumerate(order) if one == scan] for scan in set(order)]
        apart += sum(at[-1] - at[0] > 1 for at in places if len(at) > 1)
        batches.epoch += 1
    assert apart > 20


def test_what_is_blended_in_is_drawn_as_often_as_it_is_shown(make_batches, cached, monkeypatch):
    blended = []
    monkeypatch.setattr(
        "training.augmenting.batches.mix", lambda grey, other, *_: blended.append(other) or grey
    )
    recipe = replace(without_augmentation(RECIPE), balance=1.0, mix_alpha=0.4)
    batches = make_batches(recipe=recipe)
    for _ in range(30):
        epoch_of(batches)
        batches.epoch += 1
    rare = [grey for grey, scan in zip(cached.grey, cached.scans, strict=True) if scan.label == "b"]
    share = np.mean([any(np.array_equal(one, grey) for grey in rare) for one in blended])
    assert share == pytest.approx(0.5, abs=0.08)  # three of ten scans


def test_a_scan_of_partly_known_class_may_be_any_of_those_it_names(tmp_path):
    scans = [LabelledScan(tmp_path, label, "train", "made") for label in ("a", "a|c", "b")]
    assert possible_classes(scans, ("a", "b", "c")).tolist() == [[1, 0, 0], [1, 0, 1], [0, 1, 0]]


def test_blending_changes_the_pictures_but_no_label_outline_or_weight(make_batches):
    still = replace(RECIPE, tone_probability=0.0, contrast_probability=0.0, erase_probability=0.0)
    alone, blended, again = (
        epoch_of(make_batches(recipe=replace(still, mix_alpha=alpha))) for alpha in (0.0, 0.4, 0.4)
    )
    changed = [not np.array_equal(*pair) for pair in zip(alone[0], blended[0], strict=True)]
    assert np.mean(changed) > 0.5
    for unmixed, mixed in zip(alone[1:], blended[1:], strict=True):
        assert np.array_equal(unmixed, mixed)
    assert np.array_equal(blended[0], again[0])


def test_nothing_is_blended_into_the_scans_that_choose(make_batches):
    plain = epoch_of(make_batches(training=False))
    mixing = epoch_of(make_batches(training=False, recipe=replace(RECIPE, mix_alpha=0.4)))
    assert np.array_equal(plain[0], mixing[0])


def test_an_outline_draws_no_class_where_the_class_is_known_in_part(cached, make_batches):
    unsure = replace(cached, scans=[replace(cached.scans[0], label="a|b"), *cached.scans[1:]])
    for of, drawn in ((cached, True), (unsure, False)):
        batches = ScanBatches(of, CLASSES, PARAMETERS, RECIPE, grid=GRID, seed=1, training=False)
        assert bool(batches[0][1]["activation"].any()) == drawn
