from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.datasets.dataset import LabelledScan
from training.grouping.copies import SIGNATURE_SIDE, group_linked
from training.grouping.neighbours import neighbours

HEADS, SLICES = 12, 6
PIXELS = SIGNATURE_SIDE * SIGNATURE_SIDE


def named(*names, label="glioma"):
    return [LabelledScan(Path("scans") / name, label, "train", "scans") for name in names]


def numbered(count):
    return named(*(f"Tr-gl_{number:04d}.jpg" for number in range(count)))


def slices_of_heads(*, common=0.0, seed=1):
    """Return (HEADS * SLICES, 4096) thumbnails: slices of one head correlate by about 0.9.

    ``common`` is how much two heads correlate.
    """
    generator = np.random.default_rng(seed)
    everyone = generator.normal(size=PIXELS) * np.sqrt(common)
    heads = generator.normal(size=(HEADS, 1, PIXELS)) * np.sqrt(1 - common) + everyone
    slices = heads + generator.normal(size=(HEADS, SLICES, PIXELS)) / 3
    return np.clip(slices.reshape(-1, PIXELS) * 30 + 128, 0, 255).astype(np.uint8)


def groups(scans, thumbnails):
    return group_linked(neighbours(scans, thumbnails), len(scans)).tolist()


def test_slices_that_are_numbered_head_by_head_are_linked_head_by_head():
    found = groups(numbered(HEADS * SLICES), slices_of_heads())
    assert found == [head * SLICES for head in range(HEADS) for _ in range(SLICES)]


def test_the_order_of_the_list_is_not_that_of_the_numbers():
    scans, thumbnails = numbered(HEADS * SLICES), slices_of_heads()
    order = np.random.default_rng(2).permutation(len(scans))
    found = np.array(groups([scans[index] for index in order], thumbnails[order]))
    heads = order // SLICES
    assert all(len(set(found[heads == head])) == 1 for head in range(HEADS))
    assert len(set(found)) == HEADS


def test_every_second_slice_is_linked_where_another_sequence_lies_between():
    both = np.stack([slices_of_heads(seed=1), slices_of_heads(seed=5)], axis=1)
    found = np.array(groups(numbered(2 * HEADS * SLICES), both.reshape(-1, PIXELS)))
    of_one = found.reshape(HEADS, SLICES, 2)
    assert (of_one == of_one[:, :1]).all()
    assert len(set(found.tolist())) == 2 * HEADS


def test_slices_that_are_numbered_three_apart_are_not_linked():
    scans = named(*(f"{3 * number}.jpg" for number in range(HEADS * SLICES)))
    assert not list(neighbours(scans, slices_of_heads()))


def test_scans_in_random_order_are_not_linked():
    thumbnails = np.random.default_rng(3).permutation(slices_of_heads())
    assert not list(neighbours(numbered(len(thumbnails)), thumbnails))


def test_heads_that_are_all_alike_are_not_linked_to_one():
    generator = np.random.default_rng(4)
    pictures = generator.normal(size=PIXELS) + generator.normal(size=(72, PIXELS)) / 4
    thumbnails = np.clip(pictures * 30 + 128, 0, 255).astype(np.uint8)
    assert not list(neighbours(numbered(72), thumbnails))


def test_registered_heads_are_told_apart_by_what_is_their_own():
    found = groups(numbered(HEADS * SLICES), slices_of_heads(common=0.5))
    assert len(set(found)) == HEADS


@pytest.mark.parametrize(
    "scans",
    [
        pytest.param(named("a_01.png", "a_04.png"), id="a gap in the numbers"),
        pytest.param(named("a_01.png", "b_02.png"), id="other names"),
        pytest.param(named("a_01.png", "a_02.jpg"), id="other endings"),
        pytest.param(named("one.png", "two.png"), id="no numbers"),
        pytest.param(named("a_01.png") + named("a_02.png", label="notumor"), id="two classes"),
    ],
)
def test_names_that_do_not_follow_each_other_link_nothing(scans):
    others = numbered(HEADS * SLICES)
    same = np.tile(slices_of_heads()[:1], (2, 1))
    linked = list(neighbours([*scans, *others], np.concatenate([same, slices_of_heads(seed=5)])))
    assert linked
    assert not any({0, 1} & set(pair) for pair in linked)


def moved(scans, to):
    """Return the scans with every fifth one moved to another folder."""
    return [
        replace(scan, path=Path(to) / scan.path.name) if index % 5 == 2 else scan
        for index, scan in enumerate(scans)
    ]


def test_one_numbering_goes_on_through_several_folders():
    found = groups(moved(numbered(HEADS * SLICES), "others"), slices_of_heads())
    assert len(set(found)) == HEADS


def test_two_numberings_are_two():
    # Every number is in both folders: 0001 of one has nothing to do with 0002 of the other.
    scans, heads = numbered(HEADS * SLICES), slices_of_heads()
    others = [replace(scan, path=Path("others") / scan.path.name) for scan in scans]
    found = groups([*scans, *others], np.concatenate([heads, heads]))
    assert len(set(found)) == 2 * HEADS


def test_slices_in_a_folder_for_each_patient_are_linked_within_it():
    # The folder that follows has the same slices: numbers do not go on from one to the next.
    folders, numbers = range(2 * HEADS), range(1, SLICES + 1)
    names = [f"{folder}/image {number}.jpg" for folder in folders for number in numbers]
    slices = slices_of_heads().reshape(HEADS, SLICES, PIXELS).repeat(2, axis=0)
    found = groups(named(*names), slices.reshape(-1, PIXELS))
    assert found == [folder * SLICES for folder in folders for _ in numbers]


def test_unlike_scans_in_small_folders_are_not_linked():
    thumbnails = np.random.default_rng(3).permutation(slices_of_heads())
    names = [f"{place}/{number}.jpg" for place in range(HEADS * SLICES // 2) for number in (1, 2)]
    assert not list(neighbours(named(*names), thumbnails))


def test_two_files_alone_tell_nothing():
    assert not list(neighbours(named("1.png", "2.png"), slices_of_heads()[:2]))
