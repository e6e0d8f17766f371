import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from btgui.engine.studies.index import index_places
from btgui.engine.studies.words import series_title
from tools.make_series import make_series


def write_volumes(folder, *volumes, slices=4, description="T2 TSE"):
    """Write one series that holds these volumes, each given by its elements."""
    for number, elements in enumerate(volumes):
        for file in make_series(folder / f"{number}", slices=slices, size=16):
            dataset = dcmread(file)
            dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2", "1.2.3"
            dataset.SeriesDescription = description
            dataset.SOPInstanceUID = generate_uid()
            dataset.InstanceNumber += number * slices
            for keyword, value in elements.items():
                setattr(dataset, keyword, value)
            dataset.save_as(file)


def test_the_volumes_of_a_series_are_series_of_their_own(tmp_path):
    echoes = [{"EchoNumbers": 1, "EchoTime": 14}, {"EchoNumbers": 2, "EchoTime": 98}]
    write_volumes(tmp_path, *echoes)
    first, second = index_places([tmp_path]).series
    titles = [series_title(one) for one in (first, second)]
    assert titles == ["T2 TSE, echo 1 (TE 14 ms)", "T2 TSE, echo 2 (TE 98 ms)"]
    assert (first.uid, first.number) == (second.uid, second.number)
    assert first.key != second.key
    for one in (first, second):
        assert (len(one.slices), one.findings, one.breaks) == (4, (), ())


def test_each_volume_says_what_its_pictures_show(tmp_path):
    kinds = [{"ImageType": ["ORIGINAL", "PRIMARY", kind]} for kind in "MP"]
    write_volumes(tmp_path, *kinds)
    assert [one.kind for one in index_places([tmp_path]).series] == ["magnitude", "phase"]


def test_more_volumes_than_are_listed_stay_one_series_that_says_so(tmp_path):
    volumes = [{"TemporalPositionIdentifier": number} for number in range(33)]
    write_volumes(tmp_path / "fewer", *volumes[:32], slices=2)
    assert len(index_places([tmp_path / "fewer"]).series) == 32
    write_volumes(tmp_path / "more", *volumes, slices=2)
    (series,) = index_places([tmp_path / "more"]).series
    assert (len(series.slices), series.volume) == (66, "")
    assert series.findings[0] == "The series holds 33 volumes, too many to list separately."


def test_frames_of_an_enhanced_file_are_volumes_too(tmp_path):
    (file,) = make_series(tmp_path, slices=6, size=16, enhanced=True)
    dataset = dcmread(file)
    frames = dataset.PerFrameFunctionalGroupsSequence
    for number, frame in enumerate(frames):
        place = frames[number % 3].PlanePositionSequence[0].ImagePositionPatient
        frame.PlanePositionSequence[0].ImagePositionPatient = place
        content = dcmread(file).PerFrameFunctionalGroupsSequence[0]
        content.clear()
        content.TemporalPositionIndex = number // 3 + 1
        frame.FrameContentSequence = [content]
    dataset.save_as(file)
    found = index_places([tmp_path]).series
    assert [one.volume for one in found] == ["time point 1", "time point 2"]
    assert [[s.address.frame for s in one.slices] for one in found] == [[0, 1, 2], [3, 4, 5]]


def test_the_sequence_of_each_volume_of_a_file_is_told_by_its_own_times(tmp_path):
    (file,) = make_series(tmp_path, slices=6, size=16, enhanced=True)
    dataset = dcmread(file)
    dataset.SeriesDescription, dataset.EchoPulseSequence = "brain", "SPIN"
    for number, frame in enumerate(dataset.PerFrameFunctionalGroupsSequence):
        frame.PlanePositionSequence[0].ImagePositionPatient = [0, 0, number % 3]
        times = {
            "MREchoSequence": ("EffectiveEchoTime", 100.0),
            "MRModifierSequence": ("InversionTimes", 500.0 if number < 3 else 2500.0),
            "MRTimingAndRelatedParametersSequence": ("RepetitionTime", 9000.0),
        }
        for group, (keyword, value) in times.items():
            setattr(frame, group, [Dataset()])
            setattr(frame[group][0], keyword, value)
    dataset.save_as(file)
    found = [(one.volume, one.sequence) for one in index_places([tmp_path]).series]
    assert found == [("TI 500 ms", ""), ("TI 2500 ms", "FLAIR")]


@pytest.mark.parametrize("uids", [["1.5", "1.5"], ["1.5", "1.6"], ["1.5", ""]])
def test_a_frame_of_reference_counts_where_all_files_share_it(tmp_path, uids):
    files = make_series(tmp_path, slices=2, size=16)
    for file, uid in zip(files, uids, strict=True):
        dataset = dcmread(file)
        dataset.FrameOfReferenceUID = uid
        dataset.save_as(file)
    (series,) = index_places([tmp_path]).series
    assert series.frame_of_reference == ("1.5" if len(set(uids)) == 1 else "")
