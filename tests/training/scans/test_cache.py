import os
from dataclasses import replace
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from PIL import Image

from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import TrainingError
from btgui.engine.preprocessing import PreprocessingParameters, preprocess
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file
from tests.nifti_files import world_volume, write_nifti
from tests.training.conftest import draw_head
from training.scans.cache import cache_scans

PARAMETERS = PreprocessingParameters()


@pytest.fixture
def scans(make_heads):
    return [
        LabelledScan(path, "ab"[i % 2], "train", "made") for i, path in enumerate(make_heads(4))
    ]


@pytest.fixture
def cache(tmp_path, said):
    """Return a function that caches scans and collects its messages; masks are given by scan file."""

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
    assert cached.scans == scans
    for grey, scan in zip(cached.grey, scans, strict=True):
        assert np.array_equal(grey, preprocess(read_scan(scan.path).grey, PARAMETERS).filtered)


def test_the_cache_stays_on_disk(scans, cache):
    cached = cache(scans)
    assert isinstance(cached.grey.mapped, np.memmap)
    assert isinstance(cached.masks.mapped, np.memmap)


def pictures(cached):
    return np.stack(list(cached.grey))


def test_a_second_call_maps_the_same_files_without_any_work(scans, cache, said, tmp_path):
    first = cache(scans)
    files = {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").rglob("*")}
    said.clear()
    again = cache(scans)
    assert said == []
    assert np.array_equal(pictures(first), pictures(again))
    assert files == {file: file.stat().st_mtime_ns for file in (tmp_path / "cache").rglob("*")}


def test_what_is_done_after_the_crop_costs_no_work(scans, cache, said):
    cache(scans)
    said.clear()
    other = PreprocessingParameters(
        input_height=64, input_width=80, colormap="none", pixel_scaling="zero_to_one"
    )
    cache(scans, parameters=other)
    assert said == []
    cache(scans, parameters=replace(other, threshold=40))
    assert said == ["Preprocessing 4 scans …"]


@pytest.mark.parametrize(
    ("what", "version"),
    [("training.scans.cache.PREPROCESSING_VERSION", 99), ("cv2.__version__", "9.1.0")],
)
def test_a_run_that_goes_on_with_other_code_reads_its_scans_anew(
    scans, cache, said, tmp_path, monkeypatch, what, version
):
    before = cache(scans)
    said.clear()
    monkeypatch.setattr(what, version)
    keys = {scan.path: key for scan, key in zip(scans, before.keys, strict=True)}
    again = cache_scans(scans, {}, PARAMETERS, tmp_path / "cache", said.append, keys=keys)
    assert said == ["Preprocessing 4 scans …"]
    assert (again.scans, again.keys) == (before.scans, before.keys)
    assert np.array_equal(pictures(again), pictures(before))


def test_another_order_and_fewer_scans_cost_no_work(scans, cache, said):
    expected = pictures(cache(scans))
    said.clear()
    assert np.array_equal(pictures(cache(scans[::-1])), expected[::-1])
    assert np.array_equal(pictures(cache(scans[2:])), expected[2:])
    assert said == []


def test_of_more_scans_only_the_new_ones_are_preprocessed(scans, cache, said):
    expected = pictures(cache(scans))
    cache(scans[:1])
    said.clear()
    cache(scans[:3], parameters=replace(PARAMETERS, threshold=60))
    cache(scans, parameters=replace(PARAMETERS, threshold=60))
    assert said == ["Preprocessing 3 scans …", "Preprocessing 1 scan …"]
    assert np.array_equal(pictures(cache(scans)), expected)


def test_a_data_set_that_was_moved_is_known_by_its_content(scans, cache, said, tmp_path):
    expected = pictures(cache(scans))
    rows = min((tmp_path / "cache").rglob("grey.bin")).stat().st_size
    moved = []
    for scan in scans:
        place = tmp_path / "elsewhere" / scan.path.name
        place.parent.mkdir(exist_ok=True)
        moved.append(replace(scan, path=scan.path.rename(place)))
    assert np.array_equal(pictures(cache(moved)), expected)
    assert min((tmp_path / "cache").rglob("grey.bin")).stat().st_size == rows


def test_a_file_with_new_content_is_preprocessed_again(scans, cache):
    before = pictures(cache(scans))
    scans[1].path.write_bytes(scans[0].path.read_bytes())
    os.utime(scans[1].path, ns=(1, 1))
    after = pictures(cache(scans))
    assert np.array_equal(after[[0, 1, 2, 3]], before[[0, 0, 2, 3]])


def test_a_redrawn_mask_is_read_again(scans, cache, mask_file):
    masks = {scans[0].path.resolve(): mask_file}
    before = cache(scans, masks).masks[0].copy()
    cv2.imwrite(str(mask_file), 255 - cv2.imread(str(mask_file), cv2.IMREAD_GRAYSCALE))
    os.utime(mask_file, ns=(1, 1))
    assert not np.array_equal(cache(scans, masks).masks[0], before)


def test_an_outline_that_marks_nothing_is_told(scans, cache, mask_file, said):
    cv2.imwrite(str(mask_file), np.zeros((48, 48), np.uint8))
    cache(scans, {scans[0].path.resolve(): mask_file})
    assert f"The outline mask.png marks nothing on the head in {scans[0].path.name}." in said


def test_the_same_scan_with_and_without_a_mask_is_two_rows(scans, cache, mask_file):
    # A scan that was cached without one gets the outline that is drawn later.
    for masks in ({}, {scans[0].path.resolve(): mask_file}, {}):
        cached = cache(scans, masks)
        assert [mask.any() for mask in cached.masks] == [bool(masks), False, False, False]
        assert cached.has_mask.tolist() == [bool(masks), False, False, False]


def test_an_interrupted_call_goes_on_where_it_was(scans, cache, said, monkeypatch):
    expected = pictures(cache(scans, parameters=replace(PARAMETERS, threshold=46)))
    monkeypatch.setattr("training.scans.cache._TOGETHER", 1)
    read = []

    def reading(path, window):
        if len(read) == 2:
            raise KeyboardInterrupt
        read.append(path)
        return read_scan(path, window)

    monkeypatch.setattr("btgui.engine.datasets.dataset.read_scan", reading)
    with pytest.raises(KeyboardInterrupt):
        cache(scans)
    monkeypatch.setattr("btgui.engine.datasets.dataset.read_scan", read_scan)
    said.clear()
    cached = cache(scans)
    assert said == ["Preprocessing 2 scans …"]
    assert cached.scans == scans
    assert pictures(cached).shape == expected.shape


def test_progress_counts_what_is_ready_already(scans, tmp_path):
    counts = []

    def run(some):
        cache_scans(some, {}, PARAMETERS, tmp_path / "cache", lambda _: None, counts.append)

    run(scans[:1])
    run(scans)
    assert counts == [1, 4]


def test_a_disk_without_room_is_told_before_any_work(scans, cache, monkeypatch):
    monkeypatch.setattr("shutil.disk_usage", lambda _folder: SimpleNamespace(free=100_000))
    with pytest.raises(TrainingError, match=r"needs 1 MB .* 0 MB are free"):
        cache(scans)


def test_an_unreadable_scan_is_reported_and_left_out_every_time(scans, cache, said):
    expected = pictures(cache(scans))
    scans[1].path.write_bytes(b"not a picture")
    for _ in range(2):
        said.clear()
        cached = cache(scans)
        assert [line for line in said if "head-01.png" in line]
        assert cached.scans == [scans[0], scans[2], scans[3]]
        assert np.array_equal(pictures(cached), expected[[0, 2, 3]])
        assert len(cached.masks) == len(cached.has_mask) == 3


def test_of_many_unreadable_scans_the_first_five_are_named(make_heads, cache, said):
    scans = [LabelledScan(path, "a", "train", "made") for path in make_heads(8)]
    for scan in scans[1:]:
        scan.path.write_bytes(b"not a picture")
    assert len(cache(scans).scans) == 1
    assert said[1] == "7 scans cannot be used and are left out; the first 5:"
    assert ["head-" in line for line in said[2:]] == [True] * 5


def test_of_a_file_with_several_pictures_the_first_is_used_and_it_is_said(cache, said, tmp_path):
    pages = [Image.fromarray(draw_head(seed, tumour=False)) for seed in range(3)]
    pages[0].save(tmp_path / "pages.tif", save_all=True, append_images=pages[1:])
    frames = dicom_test_file("SC_rgb_rle_2frame.dcm")
    volume = write_nifti(tmp_path / "volume.nii", world_volume((40, 40, 6)))
    files = [tmp_path / "pages.tif", frames, volume, dicom_test_file("MR_small.dcm")]
    cached = cache([LabelledScan(file, "a", "train", "made") for file in files])
    for grey, file in zip(cached.grey, files, strict=True):
        first = read_scan(ScanAddress(file, 0)).grey
        assert np.array_equal(grey, preprocess(first, PARAMETERS).filtered)
    assert [line.partition(".")[0] for line in said[1:]] == ["pages", "SC_rgb_rle_2frame", "volume"]
    assert said[1] == (
        "pages.tif holds 3 pictures; only the first is used. Save the pictures that show the class "
        "as separate files."
    )
    assert ["2 pictures" in said[2], "6 pictures" in said[3]] == [True, True]


def test_of_many_files_with_several_pictures_the_first_five_are_named(cache, said, tmp_path):
    scans = []
    for seed in range(7):
        pages = [Image.fromarray(draw_head(seed + more, tumour=False)) for more in (0, 100)]
        scans.append(LabelledScan(tmp_path / f"{seed}.tif", "a", "train", "made"))
        pages[0].save(scans[-1].path, save_all=True, append_images=pages[1:])
    assert len(cache(scans).scans) == 7
    assert said[1] == "7 files hold several pictures, of which only the first is used; the first 5:"
    assert len(said) == 7


def test_a_dangling_link_is_told_and_left_out(scans, cache, said, tmp_path):
    link = tmp_path / "link.png"
    link.symlink_to(tmp_path / "nothing.png")
    cached = cache([replace(scans[0], path=link), *scans])
    assert cached.scans == scans
    assert any("link.png cannot be read" in line for line in said)


def test_scans_known_by_their_keys_are_not_looked_at_again(scans, tmp_path, said, mask_file):
    folder, masks = tmp_path / "cache", {scans[1].path.resolve(): mask_file}
    first = cache_scans(scans, masks, PARAMETERS, folder, said.append)
    keys = dict(zip((scan.path for scan in scans), first.keys, strict=True))
    before = pictures(first)
    scans[0].path.unlink()
    scans[2].path.write_bytes(scans[3].path.read_bytes())
    said.clear()
    again = cache_scans(scans, {}, PARAMETERS, folder, said.append, keys=keys)
    assert said == []
    assert np.array_equal(pictures(again), before)
    assert again.keys == first.keys
    assert again.has_mask.tolist() == [False, True, False, False]


def test_a_scan_that_changed_and_is_cached_no_more_is_left_out(scans, tmp_path, said):
    keys = {scans[0].path: "another digest"}
    cached = cache_scans(scans, {}, PARAMETERS, tmp_path / "cache", said.append, keys=keys)
    assert cached.scans == scans[1:]
    assert "head-00.png has changed since the run began." in said


def test_a_mask_is_cropped_as_its_scan_is(scans, cache, mask_file):
    cached = cache(scans, {scans[2].path.resolve(): mask_file})
    assert cached.has_mask.tolist() == [False, False, True, False]
    assert not any(cached.masks[index].any() for index in (0, 1, 3))
    assert set(np.unique(cached.masks[2])) == {0, 255}
    # The square covers columns 44 to 60 and rows 40 to 56 of the scan.
    box = preprocess(read_scan(scans[2].path).grey, PARAMETERS).outline.box
    rows, columns = np.nonzero(cached.masks[2])
    expected_column = (52 - box.left) / box.width * 256
    expected_row = (48 - box.top) / box.height * 256
    assert columns.mean() == pytest.approx(expected_column, abs=2)
    assert rows.mean() == pytest.approx(expected_row, abs=2)
    assert np.ptp(columns) == pytest.approx(16 / box.width * 256, abs=4)


@pytest.mark.parametrize("content", [b"damaged", None])
def test_a_scan_whose_mask_cannot_be_read_is_used_without_it(scans, cache, said, tmp_path, content):
    mask = tmp_path / "mask.png"
    if content:
        mask.write_bytes(content)
    masks = {scans[0].path.resolve(): mask}
    cached = cache(scans, masks)
    assert cached.scans == scans
    assert not cached.has_mask.any()
    (told,) = (line for line in said if "cannot be read" in line)
    assert told.startswith("The tumour mask mask.png cannot be read")
    assert told.endswith(f"{scans[0].path.name} is used without an outline.")
    # Each run is told, whichever made the pixels; the outline counts as soon as it is repaired.
    said.clear()
    cache(scans, masks)
    assert told in said
    cv2.imwrite(str(mask), np.full((48, 48), 255, np.uint8))
    assert cache(scans, masks).has_mask.tolist() == [True, False, False, False]
