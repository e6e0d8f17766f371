import os
from dataclasses import replace

import cv2
import numpy as np
import pytest

from btgui.engine.dataset import LabelledScan
from btgui.engine.preprocessing import PreprocessingParameters, preprocess
from btgui.engine.scan_source import read_scan
from training.cache import cache_scans

PARAMETERS = PreprocessingParameters()


@pytest.fixture
def scans(make_heads):
    return [
        LabelledScan(path, "ab"[i % 2], "train", "made") for i, path in enumerate(make_heads(4))
    ]


@pytest.fixture
def cache(tmp_path, said):
    """Return a function that caches scans and says on the way; the masks are by scan file."""

    def make(scans, masks=None, parameters=PARAMETERS):
        return cache_scans(scans, masks or {}, parameters, tmp_path / "cache", said.append)

    return make


@pytest.fixture
def mask_file(tmp_path):
    """A mask at half the scans' size: a square in the middle."""
    mask = np.zeros((48, 48), np.uint8)
    mask[20:28, 22:30] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    return tmp_path / "mask.png"


def test_what_is_cached_is_what_the_app_sees_before_it_colours(scans, cache):
    cached = cache(scans)
    assert cached.grey.shape == (4, 256, 256)
    assert cached.scans == scans
    for grey, scan in zip(cached.grey, scans, strict=True):
        assert np.array_equal(grey, preprocess(read_scan(scan.path).grey, PARAMETERS).filtered)


def test_the_cache_stays_on_disk(scans, cache):
    cached = cache(scans)
    assert isinstance(cached.grey, np.memmap)
    assert isinstance(cached.masks, np.memmap)


def test_a_second_call_maps_the_same_files_without_any_work(scans, cache, said, tmp_path):
    first = cache(scans)
    files = {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").iterdir()}
    said.clear()
    again = cache(scans)
    assert said == []
    assert np.array_equal(first.grey, again.grey)
    assert files == {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").iterdir()}


def touch(scan):
    os.utime(scan.path, ns=(1, 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda scans: (touch(scans[2]), (scans, PARAMETERS))[1],
        lambda scans: (scans[::-1], PARAMETERS),
        lambda scans: (scans[:3], PARAMETERS),
        lambda scans: (scans, replace(PARAMETERS, threshold=60)),
    ],
    ids=["a file changed", "another order", "a file less", "another threshold"],
)
def test_any_change_of_the_scans_or_the_parameters_makes_a_cache_of_its_own(
    scans, cache, said, change
):
    cache(scans)
    said.clear()
    others, parameters = change(scans)
    cached = cache(others, parameters=parameters)
    assert said == [f"Preprocessing {len(others)} scans …"]
    assert cached.scans == others


def test_a_redrawn_mask_makes_a_cache_of_its_own(scans, cache, mask_file):
    masks = {scans[0].path.resolve(): mask_file}
    before = cache(scans, masks).masks[0].copy()
    cv2.imwrite(str(mask_file), 255 - cv2.imread(str(mask_file), cv2.IMREAD_GRAYSCALE))
    assert not np.array_equal(cache(scans, masks).masks[0], before)


def test_an_unfinished_cache_is_made_again(scans, cache, tmp_path):
    expected = cache(scans).grey.copy()
    (note,) = (tmp_path / "cache").glob("*.json")
    note.unlink()  # it is written last
    half_done = np.load(note.with_suffix(".grey.npy"), mmap_mode="r+")
    half_done[2:] = 0
    half_done.flush()
    assert np.array_equal(cache(scans).grey, expected)


def test_an_unreadable_scan_is_reported_and_left_out_every_time(scans, cache, said):
    expected = cache(scans).grey
    scans[1].path.write_bytes(b"not a picture")
    for _ in range(2):
        said.clear()
        cached = cache(scans)
        assert [line for line in said if "head-01.png" in line]
        assert cached.scans == [scans[0], scans[2], scans[3]]
        assert np.array_equal(cached.grey, expected[[0, 2, 3]])
        assert len(cached.masks) == len(cached.has_mask) == 3


def test_a_mask_is_cropped_as_its_scan_is(scans, cache, mask_file):
    cached = cache(scans, {scans[2].path.resolve(): mask_file})
    assert cached.has_mask.tolist() == [False, False, True, False]
    assert not cached.masks[[0, 1, 3]].any()
    assert set(np.unique(cached.masks[2])) == {0, 255}
    # The square covers columns 44 to 60 and rows 40 to 56 of the scan.
    box = preprocess(read_scan(scans[2].path).grey, PARAMETERS).outline.box
    rows, columns = np.nonzero(cached.masks[2])
    expected_column = (52 - box.left) / box.width * 256
    expected_row = (48 - box.top) / box.height * 256
    assert columns.mean() == pytest.approx(expected_column, abs=2)
    assert rows.mean() == pytest.approx(expected_row, abs=2)
    assert np.ptp(columns) == pytest.approx(16 / box.width * 256, abs=4)


def test_a_mask_that_is_no_picture_is_reported_and_its_scan_left_out(scans, cache, said, tmp_path):
    (tmp_path / "mask.png").write_text("nothing", encoding="utf-8")
    cached = cache(scans, {scans[0].path.resolve(): tmp_path / "mask.png"})
    assert cached.scans == scans[1:]
    assert any("mask.png cannot be read" in line for line in said)
