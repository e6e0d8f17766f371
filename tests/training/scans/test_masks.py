import os

import cv2
import numpy as np
import pytest

from btgui.engine.errors import DatasetError
from btgui.engine.preprocessing import CropBox
from training.scans.masks import mask_on_crop, read_masks


@pytest.fixture
def scans(tmp_path):
    """A data set with one scan and one mask."""
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "one.png").touch()
    (tmp_path / "mask.png").touch()
    return folder


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_as_spreadsheets_write_it_is_read(scans, tmp_path, separator, mark):
    rows = (("Image", "mask"), ("one.png", "mask.png"), ("", ""), ("gone.png", "mask.png"))
    text = "\r\n".join(separator.join(cells) for cells in rows)
    (tmp_path / "masks.csv").write_bytes((mark + text).encode())
    found = read_masks(tmp_path / "masks.csv", [scans])
    assert found == {(scans / "one.png").resolve(): tmp_path / "mask.png"}


def test_a_scan_that_is_a_link_keeps_its_outline(scans, tmp_path):
    real = (scans / "one.png").rename(tmp_path / "elsewhere.png")
    (scans / "one.png").symlink_to(real)
    (tmp_path / "masks.csv").write_text("image,mask\none.png,mask.png\n")
    found = read_masks(tmp_path / "masks.csv", [scans])
    assert found.get((scans / "one.png").resolve()) == tmp_path / "mask.png"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "columns image and mask in masks.csv, received none"),
        (b"scan;mask\n", "received scan, mask"),
        (
            b"image,mask\nother.png,mask.png\n",
            "in the column image, received 'other.png', for example",
        ),
        (b"image,mask\none.png\n", "in the column mask, received none"),
        (b"image,mask\none.png,no.png\n", "column mask, received 'no.png', for example"),
        (b"mask,image\nmask.png\n", "No scan named in masks.csv .* column image, received none"),
        (bytes(np.arange(128, 200, dtype=np.uint8)), "cannot be read as UTF-8"),
    ],
)
def test_what_is_no_table_of_outlines_is_told(scans, tmp_path, content, words):
    (tmp_path / "masks.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=words):
        read_masks(tmp_path / "masks.csv", [scans])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a system with pipes")
@pytest.mark.timeout(20)
def test_a_pipe_is_no_table_and_not_waited_for(scans, tmp_path):
    os.mkfifo(tmp_path / "masks.csv")
    with pytest.raises(DatasetError, match="not an ordinary file"):
        read_masks(tmp_path / "masks.csv", [scans])


def test_a_folder_is_no_table(scans):
    with pytest.raises(DatasetError, match="not an ordinary file"):
        read_masks(scans, [scans])


def test_a_table_in_a_place_that_cannot_be_looked_at_is_told(scans, tmp_path):
    with pytest.raises(DatasetError, match=r"cannot be opened \(file name too long\)"):
        read_masks(tmp_path / f"{'x' * 300}.csv", [scans])


def test_of_a_data_set_that_is_a_table_scans_are_sought_beside_it(scans, tmp_path):
    (scans / "scans.csv").write_text("path,label\none.png,glioma\n")
    (tmp_path / "masks.csv").write_text("image,mask\none.png,mask.png\n")
    found = read_masks(tmp_path / "masks.csv", [scans / "scans.csv"])
    assert found == {(scans / "one.png").resolve(): tmp_path / "mask.png"}


def test_rows_that_give_no_outline_are_counted_aloud(scans, tmp_path, said):
    for name in ("two.png", "three.png"):
        (scans / name).touch()
    rows = "one.png,mask.png\ntwo.png,gone.png\nthree.png\nelsewhere.png,mask.png\n"
    (tmp_path / "masks.csv").write_text("image,mask\n" + rows)
    assert len(read_masks(tmp_path / "masks.csv", [scans], said.append)) == 1
    (sentence,) = said
    assert sentence == (
        "Of 4 rows in masks.csv, 1 name no scan of the data sets and 2 name no mask that exists: "
        "these give no outline."
    )


def test_of_two_masks_of_a_scan_the_first_is_used_and_the_other_counted_aloud(
    scans, tmp_path, said
):
    (tmp_path / "other.png").touch()
    rows = "one.png,mask.png\none.png,other.png\none.png,mask.png\n"
    (tmp_path / "masks.csv").write_text("image,mask\n" + rows)
    found = read_masks(tmp_path / "masks.csv", [scans], said.append)
    assert found == {(scans / "one.png").resolve(): tmp_path / "mask.png"}
    (sentence,) = said
    assert "1 name a second mask of a scan: these give no outline" in sentence


def test_a_mask_is_read_whatever_letters_are_in_its_path(tmp_path, monkeypatch):
    monkeypatch.setattr(cv2, "imread", lambda *_: None)  # as on Windows with such a path
    file = tmp_path / "Läsion.png"
    mask = np.zeros((20, 20), np.uint8)
    mask[:10] = 255
    file.write_bytes(cv2.imencode(".png", mask)[1].tobytes())
    crop = mask_on_crop(file, CropBox(0, 0, 20, 20), (20, 20), 20)
    assert crop.mean() == pytest.approx(255 / 2)
    file.write_bytes(b"")
    with pytest.raises(DatasetError, match="cannot be read as a picture"):
        mask_on_crop(file, CropBox(0, 0, 20, 20), (20, 20), 20)


@pytest.mark.parametrize("side", [9_000, 30_000, 60_000])
def test_a_mask_of_too_many_pixels_costs_that_mask_and_no_memory(tmp_path, monkeypatch, side):
    file = tmp_path / "mask.bmp"
    content = bytearray(cv2.imencode(".bmp", np.zeros((20, 20), np.uint8))[1].tobytes())
    content[18:26] = side.to_bytes(4, "little") * 2  # width and height
    file.write_bytes(content)
    monkeypatch.delattr(cv2, "imdecode")  # which would take memory first
    with pytest.raises(DatasetError, match="cannot be read as a picture of at most 64 million"):
        mask_on_crop(file, CropBox(0, 0, 20, 20), (20, 20), 20)


@pytest.mark.parametrize(
    ("inside", "dtype"),
    [
        pytest.param(255, np.uint8, id="drawn"),
        pytest.param(1, np.uint8, id="one label"),
        pytest.param(3, np.uint8, id="the third label"),
        pytest.param(1, np.uint16, id="one label, 16 bits"),
        pytest.param(65535, np.uint16, id="drawn, 16 bits"),
        pytest.param((0, 0, 255), np.uint8, id="drawn in red"),
    ],
)
def test_a_mask_may_be_drawn_or_hold_labels(tmp_path, inside, dtype):
    shape = (20, 20, 3) if isinstance(inside, tuple) else (20, 20)
    mask = np.zeros(shape, dtype)
    mask[:10] = inside
    file = tmp_path / "mask.png"
    cv2.imwrite(str(file), mask)
    crop = mask_on_crop(file, CropBox(0, 0, 20, 20), (20, 20), 20)
    assert (crop[:10] == 255).all()
    assert not crop[10:].any()


@pytest.mark.parametrize(
    ("values", "outside"),
    [
        pytest.param([0, 1, 2, 3], 1, id="all labels"),
        pytest.param([9, 9, 250, 250], 2, id="not what compression leaves around"),
        pytest.param([0, 90, 110, 200], 2, id="of soft edges half the brightest"),
    ],
)
def test_which_values_of_a_mask_are_the_tumour(tmp_path, values, outside):
    mask = np.repeat(np.array(values, np.uint8), 5)[:, None].repeat(20, axis=1)
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    crop = mask_on_crop(tmp_path / "mask.png", CropBox(0, 0, 20, 20), (20, 20), 20)
    assert not crop[: 5 * outside].any()
    assert (crop[5 * outside :] == 255).all()


@pytest.mark.parametrize("side", [60, 400])
def test_an_outline_keeps_its_size_at_any_resolution(tmp_path, side):
    # A disc of three pixels, smoothed on the way: what is half covered is its edge.
    mask = np.zeros((41, 41), np.uint8)
    cv2.circle(mask, (20, 20), 3, 255, -1)
    cv2.imwrite(str(tmp_path / "mask.png"), mask)
    share = (mask > 0).mean()
    crop = mask_on_crop(tmp_path / "mask.png", CropBox(0, 0, side, side), (side, side), 410)
    assert (crop > 0).mean() == pytest.approx(share, rel=0.06)
