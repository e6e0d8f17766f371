import threading
import time

import pytest
from pydicom import dcmread
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.uid import generate_uid

from btgui.engine.dicom.headers import header_of
from btgui.engine.errors import Cancelled
from btgui.engine.geometry import UNKNOWN_ORDER
from btgui.engine.studies.index import index_places
from tests.dicom_files import dicom_test_file


@pytest.fixture
def write(tmp_path):
    """Write one slice of a synthetic series; keywords change its header."""

    def write(name, **changes):
        dataset = dcmread(dicom_test_file("MR_small.dcm"))
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=[name])
        for keyword, value in changes.items():
            setattr(dataset, keyword, value)
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        dataset.save_as(path)
        return path

    return write


def test_slices_of_a_series_are_ordered_by_position_not_by_name(write, tmp_path):
    for name, height in (("a", 6), ("deep/er/b", 0), ("c.dcm", 3)):
        write(name, ImagePositionPatient=[0, 0, height])
    (series,) = index_places([tmp_path]).series
    assert [h.address.path.name for h in series.slices] == ["b", "c.dcm", "a"]
    assert (series.plane, series.distance_mm) == ("axial", 3)


def test_without_places_slices_are_ordered_by_number_not_by_name(write, tmp_path):
    for name, number in (("a", 10), ("b", 1), ("c", 2)):
        write(name, InstanceNumber=number, ImagePositionPatient=None)
    (series,) = index_places([tmp_path]).series
    assert [one.number for one in series.slices] == [1, 2, 10]


def test_patients_studies_and_series_are_kept_apart(write, tmp_path):
    write("1", PatientID="A", SeriesInstanceUID="1.1")
    write("2", PatientID="B", SeriesInstanceUID="1.1")
    write("3", PatientID="A", SeriesInstanceUID="1.2", SeriesNumber=0)
    found = [(s.patient, s.uid) for s in index_places([tmp_path]).series]
    assert found == [("A", "1.2"), ("A", "1.1"), ("B", "1.1")]


def test_studies_stand_in_the_order_of_their_dates(write, tmp_path):
    for uid, date in (("1.1", "20250301"), ("1.10", "20200301"), ("1.2", "20220301")):
        write(uid, StudyInstanceUID=uid, SeriesInstanceUID=f"{uid}.1", StudyDate=date)
    dates = [series.study_date for series in index_places([tmp_path]).series]
    assert dates == ["20200301", "20220301", "20250301"]


def test_a_series_says_what_its_headers_say(write, tmp_path):
    write(
        "1", SeriesDescription="t2", StudyDescription="Left", BodyPartExamined="KNEE", Modality="CT"
    )
    (one,) = index_places([tmp_path]).series
    assert (one.description, one.study_description, one.body_part) == ("t2", "Left", "KNEE")
    assert (one.number, one.modality) == (1, "CT")


def test_without_an_id_names_keep_patients_apart(write, tmp_path):
    bare = {"PatientID": "", "StudyInstanceUID": "", "SeriesInstanceUID": ""}
    for number, name in enumerate(["Alpha", "Beta", "Alpha", "Beta"]):
        place = [0, 0, number * 1.5]
        write(f"{number}", PatientName=name, ImagePositionPatient=place, **bare)
    found = index_places([tmp_path]).series
    assert [(one.patient, len(one.slices)) for one in found] == [("Alpha", 2), ("Beta", 2)]


def test_slices_that_nothing_orders_stand_as_their_files_are_named(write, tmp_path):
    for number in range(1, 12):
        write(f"slice{number}", InstanceNumber=None, ImagePositionPatient=None)
    (series,) = index_places([tmp_path]).series
    names = [one.address.path.name for one in series.slices]
    assert names == [f"slice{number}" for number in range(1, 12)]
    assert UNKNOWN_ORDER in series.findings
    assert len(series.breaks) == 10


@pytest.mark.usefixtures("shut_folders")
def test_a_folder_that_cannot_be_listed_is_told(write, tmp_path):
    write("open/1")
    write("shut/2")
    index = index_places([tmp_path])
    assert len(index.series) == 1
    (told,) = index.passed_over
    assert (told.path, told.is_folder) == (tmp_path / "shut", True)
    assert told.reason == (
        "The folder shut cannot be listed (permission denied). Check that you have permission to read it."
    )
    assert index_places([tmp_path / "shut"]).passed_over == (told,)


def test_a_series_of_several_planes_says_so_and_none_are_neighbours(write, tmp_path):
    write("1", ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    write("2", ImageOrientationPatient=[1, 0, 0, 0, 0, -1])
    (series,) = index_places([tmp_path]).series
    assert (series.plane, series.breaks) == ("mixed planes", (1,))


def test_a_screenshot_among_the_slices_leaves_them_their_plane(write, tmp_path):
    for number in range(3):
        write(f"{number}", ImagePositionPatient=[0, 0, 3 * number], InstanceNumber=number + 1)
    write("screenshot", ImagePositionPatient=None, ImageOrientationPatient=None)
    (series,) = index_places([tmp_path]).series
    assert (series.plane, len(series.slices)) == ("axial", 4)
    assert series.findings == ("1 of 4 slices has no position. It comes last.",)


def test_mosaics_are_told(write, tmp_path):
    kind = ["ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"]
    for number in range(3):
        write(f"{number}", SeriesInstanceUID="1.1", InstanceNumber=number, ImageType=kind)
    write("other", SeriesInstanceUID="1.2", ImageType=kind[:-1])
    mosaics, other = index_places([tmp_path]).series
    assert "mosaic" in " ".join(mosaics.findings)
    assert not other.findings


def test_other_files_are_named_with_a_reason(write, tmp_path):
    write("slice", SOPInstanceUID="1.2.3")
    write("slice copy", SOPInstanceUID="1.2.3")
    write("seg", Modality="SEG")
    write("no rows", Rows=0)
    write("mrs", SOPClassUID="1.2.840.10008.5.1.4.1.1.4.2", NumberOfFrames=1)
    (tmp_path / "notes.txt").write_text("hello")
    index = index_places([tmp_path])
    reasons = {p.path.name: p.reason for p in index.passed_over}
    assert len(index.series[0].slices) == 1
    assert "copy of slice" in reasons["slice copy"]
    assert "a segmentation" in reasons["seg"]
    assert "without an image" in reasons["no rows"]
    assert "a spectrum" in reasons["mrs"]
    assert "not a DICOM file" in reasons["notes.txt"]


def test_a_file_without_preamble_is_found(tmp_path):
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, True
    write_dataset(stream, dcmread(dicom_test_file("MR_small_implicit.dcm")))
    (tmp_path / "bare").write_bytes(stream.getvalue())
    assert len(index_places([tmp_path]).series) == 1


@pytest.mark.parametrize("suffix", [".jpg", ".TIF", ".png", ".img", ""])
def test_dicom_is_a_series_whatever_its_ending(write, tmp_path, suffix):
    for number in range(3):
        write(f"{number}{suffix}", ImagePositionPatient=[0, 0, 3 * number])
    index = index_places([tmp_path])
    assert [len(series.slices) for series in index.series] == [3]
    assert (index.pictures, index.passed_over) == ((), ())


def test_a_broken_position_is_a_finding_not_a_crash(write, tmp_path):
    write("1", ImagePositionPatient=[0, 0])
    (series,) = index_places([tmp_path]).series
    assert series.slices[0].position is None
    assert "no position" in series.findings[0]


def test_progress_is_told_and_the_user_can_stop(write, tmp_path):
    write("1")
    write("2")
    told = []
    index_places([tmp_path], lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]
    with pytest.raises(Cancelled):
        index_places([tmp_path], is_cancelled=lambda: True)


def test_a_file_that_its_drive_is_slow_to_open_holds_up_no_other(write, tmp_path, monkeypatch):
    for number in range(4):
        write(str(number), InstanceNumber=number)
    together = threading.Barrier(4, timeout=10)

    def read_slowly(path):
        together.wait()
        return header_of(path)

    monkeypatch.setattr("btgui.engine.studies.index.header_of", read_slowly)
    (series,) = index_places([tmp_path]).series
    assert [one.number for one in series.slices] == [0, 1, 2, 3]


def test_no_file_is_open_any_more_when_looking_was_stopped(write, tmp_path, monkeypatch):
    for number in range(4):
        write(str(number), InstanceNumber=number)
    begun, ended = threading.Event(), []

    def read_slowly(path):
        begun.set()
        time.sleep(0.2)
        ended.append(path)
        return header_of(path)

    monkeypatch.setattr("btgui.engine.studies.index.header_of", read_slowly)
    monkeypatch.setattr("btgui.engine.disk.time_limit._ENDING_SECONDS", 10.0)
    with pytest.raises(Cancelled):
        index_places([tmp_path], is_cancelled=begun.is_set)
    assert len(ended) == 4


def test_truncated_files_are_told_at_any_length(tmp_path):
    content = dicom_test_file("MR_small.dcm").read_bytes()
    for length in range(0, 1500, 37):
        (tmp_path / f"{length:05}").write_bytes(content[:length])
    index = index_places([tmp_path])
    sorted_in = sum(len(series.slices) for series in index.series)
    assert sorted_in + len(index.passed_over) == len(range(0, 1500, 37))
