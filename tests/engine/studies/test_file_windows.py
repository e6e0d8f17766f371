import shutil

import pytest
from pydicom import dcmread

from btgui.engine.errors import Cancelled
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan
from btgui.engine.studies import file_windows, series_window
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series_window import window_of_series
from tests.conftest import write_head
from tests.dicom_files import series_without_windows
from tools.make_series import make_series


@pytest.fixture
def files(tmp_path):
    """A series whose headers give no window and whose slices differ in brightness."""
    return series_without_windows(tmp_path / "series", slices=6)


def in_the_application(place):
    """The window with which the application displays and reads the only series of a folder."""
    (series,) = index_places([place]).series
    return window_of_series([one.address for one in series.slices])


def windows_of(files, *go_on):
    """The windows of the files' first images."""
    found = file_windows.windows_of(files, *go_on)
    return {place.path: window for place, window in found.items() if not place.frame}


def changed(file, **elements):
    dataset = dcmread(file)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    dataset.save_as(file)


def test_a_series_has_the_application_s_window_wherever_its_slices_lie(files, tmp_path):
    expected = in_the_application(tmp_path / "series")
    others = series_without_windows(tmp_path / "other", slices=3)
    moved = []
    for number, file in enumerate(files):
        folder = tmp_path / "ab"[number % 2]
        folder.mkdir(exist_ok=True)
        moved.append(file.rename(folder / f"{9 - number}"))
    found = windows_of([*moved, *others])
    assert {found[file] for file in moved} == {expected}
    assert {found[file] for file in others} == {in_the_application(tmp_path / "other")}
    assert found[others[0]] != expected


def test_of_a_series_that_is_there_in_part_this_part_decides(files):
    part = files[1:3]
    expected = window_of_series([ScanAddress(file) for file in part])
    assert windows_of(part) == dict.fromkeys(part, expected)
    assert expected != windows_of(files)[part[0]]
    assert windows_of(files[:1]) == {}


def test_a_copy_does_not_count_twice_and_has_its_original_s_window(files, tmp_path):
    expected = windows_of(files)
    copy = shutil.copyfile(files[5], tmp_path / "copy.dcm")
    assert windows_of([copy, *files]) == {**expected, copy: expected[files[0]]}


def test_each_volume_of_a_series_has_its_own_as_in_the_application(files, tmp_path):
    for number, file in enumerate(files):
        changed(file, EchoNumbers=number % 2 + 1, ImagePositionPatient=[0, 0, number // 2])
    first, second = index_places([tmp_path / "series"]).series
    found = file_windows.windows_of(files)
    for volume in (first, second):
        places = [one.address for one in volume.slices]
        assert {found[place] for place in places} == {window_of_series(places)}
    assert len(set(found.values())) == 2


def test_a_copy_of_a_copy_has_a_window_too(files):
    expected = windows_of(files)[files[5]]
    longer, shorter = files[5].with_name("longer"), files[5].with_name("shorter")
    longer.write_bytes(files[5].read_bytes() + b"\0" * 8)
    shutil.copyfile(files[5], shorter)
    found = windows_of([shorter, *files, longer])
    assert {found[file] for file in (files[5], longer, shorter)} == {expected}


def test_all_frames_of_a_file_decide(tmp_path):
    (file,) = make_series(tmp_path / "enhanced", slices=5, size=64, enhanced=True)
    dataset = dcmread(file)
    del dataset.SharedFunctionalGroupsSequence[0].FrameVOILUTSequence
    dataset.save_as(file)
    frames = [ScanAddress(file, frame) for frame in range(5)]
    found = file_windows.windows_of([file])
    window = found[frames[0]]
    assert found == dict.fromkeys(frames, window_of_series(frames))
    assert window != read_scan(file).window


def test_files_that_name_no_series_have_none_though_they_lie_in_one_folder(files):
    for file in files:
        changed(file, SeriesInstanceUID="")
    assert windows_of(files) == {}


def test_where_headers_give_windows_there_is_none_and_one_slice_is_read(tmp_path, monkeypatch):
    read = []
    reading = series_window.read_scan
    monkeypatch.setattr(series_window, "read_scan", lambda one: read.append(one) or reading(one))
    assert windows_of(make_series(tmp_path / "series", slices=6, size=64)) == {}
    assert len(read) == 1


def test_pictures_and_volumes_are_not_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(file_windows, "read_header", lambda file: pytest.fail(f"{file} was read"))
    picture = write_head(tmp_path / "head.png")
    assert windows_of([picture, tmp_path / "gone.JPG", tmp_path / "gone.nii.gz"]) == {}


def test_what_cannot_be_read_or_is_no_slice_is_passed_over(files, tmp_path):
    expected = windows_of(files[:5])
    (tmp_path / "damaged.dcm").write_bytes(b"damaged")
    changed(files[5], Modality="SEG")
    assert windows_of([tmp_path / "gone.dcm", tmp_path / "damaged.dcm", *files]) == expected


def test_it_can_be_stopped(files):
    asked = []

    def go_on():
        asked.append(1)
        if len(asked) > len(files):  # the headers have been read
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        windows_of(files, go_on)
