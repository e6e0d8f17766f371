import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from btgui.engine.dicom.frames import frame_count, frame_header
from btgui.engine.scan import ScanAddress
from btgui.engine.scan_source import read_scan, read_thumbnail
from tools.make_series import make_series


@pytest.fixture
def file(tmp_path):
    return make_series(tmp_path, slices=4, size=16, enhanced=True)[0]


def test_a_frames_own_groups_win_over_shared_ones(file):
    dataset = dcmread(file)
    own = dataset.PerFrameFunctionalGroupsSequence[2]
    own.PixelMeasuresSequence = dataset.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[:]
    own.PixelMeasuresSequence[0] = (
        dcmread(file).SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0]
    )
    own.PixelMeasuresSequence[0].PixelSpacing = [0.5, 0.25]
    assert frame_count(dataset) == 4
    assert frame_header(dataset, 2).PixelSpacing == [0.5, 0.25]
    assert frame_header(dataset, 1).PixelSpacing == [1.5, 1.5]
    assert frame_header(dataset, 1).ImagePositionPatient[2] == -1.5
    dataset.save_as(file)
    assert read_scan(ScanAddress(file, 2)).spacing_mm == (0.5, 0.25)


def test_a_file_without_groups_has_none(file):
    dataset = dcmread(file)
    del dataset.SharedFunctionalGroupsSequence, dataset.PerFrameFunctionalGroupsSequence
    assert len(frame_header(dataset, 0)) == 0


def test_each_frame_has_its_rescale_and_its_thumbnail(file):
    dataset = dcmread(file)
    plain = read_scan(ScanAddress(file, 2)).values
    shared = dataset.SharedFunctionalGroupsSequence[0]
    shared.PixelValueTransformationSequence[0].RescaleSlope = 2
    shared.PixelValueTransformationSequence[0].RescaleIntercept = -5
    dataset.save_as(file)
    assert (read_scan(ScanAddress(file, 2)).values == plain * 2 - 5).all()
    assert read_thumbnail(ScanAddress(file, 2), 8).shape == (8, 8)


def test_the_facts_name_a_frame_s_own_echo_time(file):
    dataset = dcmread(file)
    dataset.PulseSequenceName = "tse2d"
    for number, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        echo = Dataset()
        echo.EffectiveEchoTime = 14.0 if number < 2 else 98.0
        frame.MREchoSequence = [echo]
    dataset.save_as(file)
    facts = [read_scan(ScanAddress(file, frame)).metadata for frame in (0, 3)]
    assert [one["Echo time (ms)"] for one in facts] == ["14.0", "98.0"]
    assert facts[0]["Sequence"] == "tse2d"
