"""Training and evaluation use the same VOI windows for slices of a series as the application."""

import json
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import read_dataset, under_series_windows
from btgui.engine.disk.files import sha256_of
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.preprocessing import preprocess
from btgui.engine.scan import SERIES_SOURCE
from btgui.engine.scan_source import read_scan
from btgui.engine.studies.index import index_places
from btgui.engine.training_request import TrainingRequest
from tests.dicom_files import series_without_windows
from tests.training.conftest import Teller
from training.augmenting.batches import ScanBatches
from training.evaluating.evaluation import read_all
from training.evaluating.strangers import list_strangers
from training.fitting.material import gather, part_of_run, split
from training.scans.cache import cache_scans
from training.scans.split_note import note_split
from training.tested_scans import choose_tested

HEADS, SLICES = 3, 6


@pytest.fixture
def studies(tmp_path):
    """A study of each of three patients, without VOI windows, as in an archive."""
    for head in range(HEADS):
        for file in series_without_windows(tmp_path / "archive" / f"{head}", slices=SLICES):
            dataset = dcmread(file)
            dataset.PatientID = f"{head}"
            dataset.PixelData = (dataset.pixel_array * (1 + head)).astype(np.uint16).tobytes()
            dataset.save_as(file)
    return tmp_path / "archive"


@pytest.fixture
def dataset(studies, tmp_path):
    """The slices of each study, divided between two classes and between training and test."""
    folder = tmp_path / "scans"
    for file in sorted(studies.rglob("*.dcm")):
        number = int(file.stem[-1])
        part = "Testing" if number in {2, 3} else "Training"
        place = folder / part / ("glioma", "notumor")[number % 2]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{file.parent.name}-{number}.dcm").write_bytes(file.read_bytes())
    return folder


@pytest.fixture
def shown(studies, tiny_pack):
    """The pixel values that the application reads of each slice, by the SHA-256 of its file."""
    analyser = Analyser(tiny_pack)
    return {
        reading.sha256: reading
        for series in index_places([studies]).series
        for batch in analyser.readings([one.address for one in series.slices], as_series=True)
        for _, reading in batch
    }


@pytest.fixture
def request_for(dataset, tiny_architecture, tiny_pack, tmp_path):
    """Return a function that makes a request to train on the slices."""

    def make(**changes):
        return TrainingRequest(
            datasets=(str(dataset),),
            output=str(tmp_path / "model"),
            name="Trial",
            architecture=tiny_architecture,
            weights="none",
            protocol="published",
            validation_fraction=0.34,
            preprocessing=tiny_pack.card.preprocessing,
            **changes,
        )

    return make


def windows(scans):
    """The window of each scan, by the SHA-256 of its file."""
    return {sha256_of(scan.path): scan.window for scan in scans}


def windows_of_application(shown):
    assert {reading.greys.source for reading in shown.values()} == {SERIES_SOURCE}
    found = {digest: reading.greys.window for digest, reading in shown.items()}
    assert len(set(found.values())) == HEADS
    return found


def test_the_network_is_fitted_to_what_the_application_feeds_it(request_for, shown, tmp_path):
    request = request_for()
    material = split(request, gather(request), tmp_path / "work", Teller())
    parameters, seen = material.request.preprocessing, set()
    for part in (material.splits.train, material.splits.validation):
        cached = material.preprocessed(part, print)
        batches = ScanBatches(
            cached,
            material.classes,
            parameters,
            request.recipe,
            grid=FeatureGrid.even((2, 2)),
            seed=1,
            training=False,
        )
        inputs = np.concatenate([batches[index][0] for index in range(len(batches))])
        for one, scan in zip(inputs, cached.scans, strict=True):
            digest = sha256_of(scan.path)
            read = read_scan(scan.path, shown[digest].greys.window)
            assert np.array_equal(one, preprocess(read.grey, parameters).network_input)
            seen.add(digest)
    assert len(seen) == HEADS * SLICES * 2 // 3


def test_what_is_measured_is_what_the_application_says(dataset, shown, tiny_pack):
    tested = choose_tested([dataset])
    readings = read_all(tiny_pack, tested.scans, print)
    for scan, probabilities in zip(readings.scans, readings.probabilities, strict=True):
        expected = shown[sha256_of(scan.path)].prediction.probabilities
        assert probabilities == pytest.approx(expected, abs=1e-5)
    everything = windows([*tested.scans, *tested.trained])
    assert everything == windows_of_application(shown)


def test_a_window_does_not_depend_on_the_split_or_on_what_is_left_out(request_for, dataset, shown):
    left_out = sorted((dataset / "Training" / "glioma").iterdir())[:2]
    request = request_for(left_out=tuple(map(str, left_out)))
    expected = windows_of_application(shown)
    found = windows(gather(request))
    assert len(found) == HEADS * SLICES - 2
    assert found.items() <= expected.items()


def test_of_a_series_that_is_there_in_part_this_part_decides(dataset, shown):
    part = windows(choose_tested([dataset / "Testing"]).scans)
    assert len(set(part.values())) == HEADS
    assert not set(part.values()) & set(windows_of_application(shown).values())


def test_strangers_are_read_as_series_too(dataset, studies, shown, tiny_pack):
    (found,) = list_strangers(tiny_pack, [studies], print).values()
    assert windows(found) == windows_of_application(shown)


def test_another_window_of_the_series_makes_the_cache_anew(dataset, tmp_path, said):
    scans = under_series_windows(read_dataset(dataset / "Training"))
    parameters = TrainingRequest((), "", "").preprocessing

    def cached(scans):
        return cache_scans(scans, {}, parameters, tmp_path / "cache", said.append)

    first = cached(scans)
    said.clear()
    assert np.array_equal([*cached(scans).grey], [*first.grey])
    assert said == []
    narrow = [replace(scan, window=replace(scan.window, width=50.0)) for scan in scans]
    second = cached(narrow)
    assert said == [f"Preprocessing {len(scans)} scans …"]
    for grey, scan in zip(second.grey, narrow, strict=True):
        read = read_scan(scan.path, scan.window).grey
        assert np.array_equal(grey, preprocess(read, parameters).filtered)
    assert not np.array_equal([*second.grey], [*first.grey])


@pytest.fixture
def begun(request_for, tmp_path):
    """A run whose scans are preprocessed and whose split is noted."""
    request, work = request_for(), tmp_path / "work"
    scans = gather(request)
    material = split(request, scans, work, Teller())
    splits = material.splits
    train, validation = (
        material.preprocessed(part, print) for part in (splits.train, splits.validation)
    )
    note = material.noted(scans, train, validation)
    (work / "request.json").write_text(json.dumps(request.to_json()))
    note_split(work, note)
    return request, work, note, train


def add_a_bright_slice(dataset):
    file = next((dataset / "Training" / "glioma").iterdir())
    added = dcmread(file)
    added.SOPInstanceUID += ".1"
    added.InstanceNumber = 9
    added.ImagePositionPatient[2] += 90
    added.PixelData = np.minimum(added.pixel_array * 9.0, 65535).astype(np.uint16).tobytes()
    added.save_as(file.with_name("added.dcm"))


@pytest.mark.parametrize("cache_is_lost", [False, True])
def test_a_run_goes_on_under_the_windows_that_it_began_with(
    begun, dataset, said, cache_is_lost, tmp_path
):
    request, work, note, train = begun
    expected = np.stack([*train.grey])
    add_a_bright_slice(dataset)
    material = split(request, gather(request), work, Teller())
    assert material.splits == note.splits
    if cache_is_lost:
        material = replace(material, cache=tmp_path / "another")
    again = material.preprocessed(material.splits.train, said.append)
    assert bool(said) == cache_is_lost
    assert (again.scans, again.keys) == (train.scans, train.keys)
    assert np.array_equal(np.stack([*again.grey]), expected)


def test_a_run_of_an_earlier_version_goes_on_as_it_began_and_is_measured_as_it_is_used(
    begun, shown
):
    request, work, *_ = begun
    content = json.loads((work / "split.json").read_text())
    for part in ("train", "validation", "test"):
        for scan in content[part]:
            del scan["window"]
    (work / "split.json").write_text(json.dumps(content))
    material = split(request, gather(request), work, Teller())
    assert {scan.window for scan in material.splits.train} == {None}
    expected = windows_of_application(shown)
    for test in (False, True):
        part = windows(part_of_run(work, print, test=test).scans)
        assert part
        assert part.items() <= expected.items()
