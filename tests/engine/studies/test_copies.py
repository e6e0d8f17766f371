import shutil

import pytest
from pydicom import dcmread

from btgui.engine.studies.index import index_places
from tools.make_series import make_series


@pytest.fixture
def slices(tmp_path):
    """Five slices of one series that share one number."""
    files = make_series(tmp_path / "made", slices=5, size=16)
    for file in files:
        change(file, SOPInstanceUID="1.2.3")
    return files


def change(file, **changes):
    dataset = dcmread(file)
    for keyword, value in changes.items():
        if value is None:
            delattr(dataset, keyword)
        else:
            setattr(dataset, keyword, value)
    dataset.save_as(file)


def test_slices_that_share_a_number_are_all_kept_and_told(slices):
    index = index_places([slices[0].parent])
    (series,) = index.series
    assert [one.number for one in series.slices] == [1, 2, 3, 4, 5]
    assert "yet differ from it: 5. All are kept." in series.findings[-1]
    assert index.passed_over == ()


def test_a_copy_of_one_of_them_is_passed_over(slices):
    shutil.copy(slices[2], slices[2].with_name("z copy.dcm"))
    index = index_places([slices[0].parent])
    assert len(index.series[0].slices) == 5
    (told,) = index.passed_over
    assert told.reason == f"z copy.dcm is a copy of {slices[2].name}."


def test_without_place_and_instance_number_the_bytes_decide(slices):
    for file in slices:
        change(file, InstanceNumber=None, ImagePositionPatient=None)
    for number in (0, 3):
        shutil.copy(slices[number], slices[number].with_name(f"z copy {number}.dcm"))
    index = index_places([slices[0].parent])
    assert len(index.series[0].slices) == 5
    assert [told.reason for told in index.passed_over] == [
        f"z copy {number}.dcm is a copy of {slices[number].name}." for number in (0, 3)
    ]


def test_one_number_in_two_series_makes_no_copy(slices):
    change(slices[4], SeriesInstanceUID="1.2.99")
    index = index_places([slices[0].parent])
    assert sorted(len(series.slices) for series in index.series) == [1, 4]
    assert all("All are kept" in series.findings[-1] for series in index.series)
