from pydicom import dcmread

from btgui.engine.studies.index import index_places
from btgui.engine.studies.words import series_title
from tools.make_series import make_series


def write_series(folder, *series, **shared):
    """Write series of one study, each given by its elements."""
    for number, elements in enumerate(series, 1):
        for file in make_series(folder / f"{number}", slices=3, size=16):
            dataset = dcmread(file)
            dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2", f"1.2.{number}"
            for keyword, value in {**shared, **elements}.items():
                setattr(dataset, keyword, value)
            dataset.save_as(file)


def titles(folder, *, patient_visible=True):
    found = index_places([folder]).series
    return [series_title(one, patient_visible=patient_visible) for one in found]


def test_volumes_that_are_series_of_their_own_are_told_apart_by_what_they_differ_in(tmp_path):
    values = [{"DiffusionBValue": 0.0}, {"DiffusionBValue": 1000.0}]
    write_series(tmp_path / "b", *values, SeriesNumber=5, SeriesDescription="DWI")
    assert titles(tmp_path / "b") == ["DWI, b 0", "DWI, b 1000"]
    assert titles(tmp_path / "b", patient_visible=False) == ["Series 5, b 0", "Series 5, b 1000"]
    times = [{"AcquisitionTime": f"10000{second}"} for second in (1, 2, 3)]
    write_series(tmp_path / "t", *times, SeriesNumber=6, SeriesDescription="EPI")
    assert titles(tmp_path / "t") == [f"EPI, time point {number}" for number in (1, 2, 3)]


def test_series_that_differ_in_nothing_are_numbered(tmp_path):
    write_series(tmp_path, {}, {}, SeriesNumber=5, SeriesDescription="T1")
    assert titles(tmp_path) == ["T1, volume 1", "T1, volume 2"]


def test_a_sequence_that_was_repeated_has_its_number_beside_its_description(tmp_path):
    numbers = [{"SeriesNumber": number} for number in (3, 9)]
    write_series(tmp_path, *numbers, SeriesDescription="T1 MPRAGE")
    assert titles(tmp_path) == ["T1 MPRAGE, series 3", "T1 MPRAGE, series 9"]
    assert titles(tmp_path, patient_visible=False) == ["Series 3", "Series 9"]


def test_a_series_is_the_same_whatever_it_is_listed_with(tmp_path):
    numbers = [{"SeriesNumber": number} for number in (3, 9, 9)]
    write_series(tmp_path, *numbers, SeriesDescription="T1")
    together = index_places([tmp_path]).series
    assert {series_title(one) for one in together} == {
        "T1, series 3",
        "T1, series 9, volume 1",
        "T1, series 9, volume 2",
    }
    alone = [one for n in (1, 2, 3) for one in index_places([tmp_path / f"{n}"]).series]
    assert {series_title(one) for one in alone} == {"T1"}
    assert set(alone) == set(together)


def test_others_are_called_as_they_are(tmp_path):
    words = [{"SeriesDescription": word, "SeriesNumber": n} for n, word in enumerate(("T1", "T2"))]
    write_series(tmp_path / "words", *words)
    assert titles(tmp_path / "words") == ["T1", "T2"]
    studies = [{"StudyInstanceUID": uid} for uid in ("1.3", "1.4")]
    write_series(tmp_path / "studies", *studies, SeriesDescription="T1")
    assert titles(tmp_path / "studies") == ["T1", "T1"]
    write_series(tmp_path / "nothing", {}, {}, SeriesNumber=None, SeriesDescription="")
    assert titles(tmp_path / "nothing") == ["Series", "Series"]
