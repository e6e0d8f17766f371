import shutil

import pytest
from pydicom import dcmread

from btgui.engine.studies.index import index_places
from tools.make_series import make_series


@pytest.fixture
def slices(tmp_path):
    """Five slices of one series that share one SOPInstanceUID."""
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
    assert "but differ from it: 5. All are kept." in series.findings[-1]
    assert index.passed_over == ()


def test_without_instance_numbers_their_places_keep_them(slices):
    for file in slices:
        change(file, InstanceNumber=None)
    index = index_places([slices[0].parent])
    assert ([len(one.slices) for one in index.series], index.passed_over) == ([5], ())


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


def test_of_two_copies_the_one_that_broke_off_is_passed_over(slices, tmp_path):
    again = tmp_path / "again"
    shutil.copytree(slices[0].parent, again)
    (again / slices[3].name).write_bytes(slices[3].read_bytes()[:-100])
    whole, cut = slices[1], again / slices[1].name
    content = whole.read_bytes()
    whole.write_bytes(content[:-100])  # the first one that is seen
    index = index_places([whole.parent, again])
    (series,) = index.series
    shown = {one.address.path for one in series.slices}
    assert shown == {file for file in slices if file != whole} | {cut}
    assert series.findings == index_places([again]).series[0].findings
    reasons = {told.path: told.reason for told in index.passed_over}
    assert reasons[whole] == f"{whole.name} is a copy of again/{whole.name}."
    assert (
        reasons[again / slices[3].name] == f"{slices[3].name} is a copy of made/{slices[3].name}."
    )


@pytest.mark.parametrize(
    ("keyword", "one", "two"),
    [("EchoTime", 20, 90), ("TemporalPositionIdentifier", 1, 2), ("AcquisitionNumber", 1, 2)],
)
def test_a_volume_is_no_copy_of_another_that_has_its_numbers_and_places(slices, keyword, one, two):
    for file in slices:
        change(file, **{keyword: one})
        other = file.with_name(f"second {file.name}")
        shutil.copy(file, other)
        change(other, **{keyword: two})
    index = index_places([slices[0].parent])
    assert [len(series.slices) for series in index.series] == [5, 5]
    assert index.passed_over == ()


def test_a_copy_that_lacks_private_elements_is_a_copy(slices):
    for file in slices:
        dataset = dcmread(file)
        block = dataset.private_block(0x19, "SIEMENS MR HEADER", create=True)
        block.add_new(0x0C, "IS", "1000")
        dataset.save_as(file)
        shutil.copy(file, file.with_name(f"z {file.name}"))
        dataset.remove_private_tags()
        dataset.save_as(file)
    index = index_places([slices[0].parent])
    assert [len(series.slices) for series in index.series] == [5]
