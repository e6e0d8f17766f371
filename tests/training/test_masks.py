import numpy as np
import pytest

from btgui.engine.errors import DatasetError
from training.masks import read_masks


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
        (b"image,mask\nother.png,mask.png\n", "No scan named in masks.csv"),
        (b"image,mask\none.png\n", "No scan named in masks.csv"),
        (bytes(np.arange(128, 200, dtype=np.uint8)), "cannot be read as UTF-8"),
    ],
)
def test_what_is_no_table_of_outlines_is_told(scans, tmp_path, content, words):
    (tmp_path / "masks.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=words):
        read_masks(tmp_path / "masks.csv", [scans])
