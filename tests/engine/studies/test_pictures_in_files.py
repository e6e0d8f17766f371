import numpy as np
from PIL import Image

from btgui.engine.scan import ScanAddress
from btgui.engine.studies.pictures_in_files import pictures_in
from tests.nifti_files import world_volume, write_nifti
from tools.make_series import make_series


def test_every_frame_page_and_slice_is_listed_in_order(tmp_path):
    (frames,) = make_series(tmp_path / "made", slices=3, size=16, enhanced=True)
    volume = write_nifti(tmp_path / "v.nii.gz", np.stack([world_volume()] * 2, axis=-1))
    pages = tmp_path / "pages.tif"
    first, second = (Image.fromarray(np.full((4, 4), n, np.uint8)) for n in (1, 2))
    first.save(pages, save_all=True, append_images=[second])
    assert pictures_in([frames, volume, pages]) == [
        *(ScanAddress(frames, n) for n in range(3)),
        *(ScanAddress(volume, n) for n in range(6)),
        *(ScanAddress(pages, n) for n in range(2)),
    ]


def test_files_of_one_picture_or_none_are_listed_as_themselves(tmp_path):
    (single,) = make_series(tmp_path / "made", slices=1, size=16)
    jpeg, broken, missing = (tmp_path / n for n in ("a.jpg", "b.nii", "c.tif"))
    Image.fromarray(np.zeros((4, 4), np.uint8)).save(jpeg)
    broken.write_bytes(b"nothing")
    files = [single, jpeg, broken, missing, tmp_path]
    assert pictures_in(files) == files


def test_frames_are_listed_whatever_the_file_is_called(tmp_path):
    (frames,) = make_series(tmp_path / "made", slices=3, size=16, enhanced=True)
    for name in ("a.jpg", "b.tif", "c.img"):
        renamed = frames.rename(tmp_path / name)
        assert pictures_in([renamed]) == [ScanAddress(renamed, n) for n in range(3)]
        frames = renamed
