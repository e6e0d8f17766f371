from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.datasets.dataset import LabelledScan, read_dataset
from btgui.engine.errors import DatasetError
from btgui.engine.models.pack import write_pack
from btgui.engine.models.prototypes import write_prototypes
from training.evaluating.effective_number import effective_share
from training.evaluating.evaluation import (
    Readings,
    measure,
    read_all,
    share_interval,
    wilson_interval,
)


def test_wilson_interval_against_published_values():
    # Newcombe 1998, Table I, method 3: 81/263 and 0/20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


def test_figures_by_hand():
    # Truth a a a b; said a a b b.
    probabilities = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9]])
    labels = np.array([0, 0, 0, 1])
    scans = [
        LabelledScan(Path(str(i)), "ab"[label], "test", "made") for i, label in enumerate(labels)
    ]
    result = measure(
        Readings(scans, probabilities, labels, []),
        ("a", "b"),
        protocol="honest",
        data="made",
        leaked=np.array([True, False, False, False]),
    )
    assert (result.correct, result.count, result.accuracy) == (3, 4, 0.75)
    assert result.confusion == [[2, 1], [0, 1]]
    assert result.per_class["a"]["recall"] == pytest.approx(2 / 3)
    assert result.per_class["a"]["precision"] == 1
    assert result.per_class["b"]["f1"] == pytest.approx(2 / 3)
    assert (result.leak_free["correct"], result.leak_free["count"]) == (2, 3)
    # Two right at 0.9, one right at 0.8, one wrong at 0.7, each confidence in a bin of its own.
    assert result.expected_calibration_error == pytest.approx((2 * 0.1 + 0.2 + 0.7) / 4)


def test_the_interval_holds_the_proportion_and_stays_within_0_and_1():
    for correct in range(31):
        low, high = wilson_interval(correct, 30)
        assert 0 <= low <= high <= 1
        assert low - 1e-12 <= correct / 30 <= high + 1e-12
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_an_interval_holds_its_proportion_at_the_ends_too():
    """A plot's error bars begin at the proportion, and their lengths must not be negative."""
    for count in range(1, 100):
        assert wilson_interval(0, count)[0] == 0
        assert wilson_interval(count, count)[1] == 1


def test_of_several_scans_a_patient_it_is_wilsons_of_their_effective_number():
    hits, patients = np.random.default_rng(0).random(60) < 0.8, np.repeat(np.arange(20), 3)
    worth = effective_share(hits - hits.mean(), patients)
    assert 0.5 < worth < 1
    expected = wilson_interval(worth * hits.sum(), worth * 60)
    assert share_interval(hits, patients) == pytest.approx(expected)


def readings_of(said, truth, classes=3):
    probabilities = np.eye(classes)[said] * 0.7 + 0.1
    scans = [LabelledScan(Path(str(i)), "abc"[t], "test", "made") for i, t in enumerate(truth)]
    return Readings(scans, probabilities, np.array(truth), [])


def test_rows_of_the_confusion_are_the_truth_and_columns_what_was_said():
    readings = readings_of(said=[1, 1, 2, 2], truth=[0, 1, 2, 2])
    result = measure(readings, ("a", "b", "c"), protocol="honest", data="made")
    assert result.confusion == [[0, 1, 0], [0, 1, 0], [0, 0, 2]]
    assert result.interval == wilson_interval(3, 4)
    assert result.leak_free is None


def test_what_there_is_nothing_to_measure_on_has_no_figure():
    readings = readings_of(said=[0, 1], truth=[0, 1])
    result = measure(readings, ("a", "b", "c"), protocol="published", data="made")
    assert result.protocol == "published"
    assert result.per_class["c"] == {"count": 0, "recall": None, "precision": None, "f1": None}
    readings = readings_of(said=[0, 0], truth=[0, 1])
    result = measure(readings, ("a", "b", "c"), protocol="published", data="made")
    assert result.per_class["b"] == {"count": 1, "recall": 0, "precision": None, "f1": 0}
    assert result.confusion == [[1, 0, 0], [1, 0, 0], [0, 0, 0]]


def test_where_every_tested_scan_leaked_the_leak_free_figures_are_empty_not_wrong():
    readings = readings_of(said=[0, 1], truth=[0, 1])
    leaked = np.array([True, True])
    result = measure(readings, ("a", "b", "c"), protocol="honest", data="made", leaked=leaked)
    assert result.leak_free["count"] == 0
    assert result.leak_free["interval"] == (0.0, 1.0)


def test_scans_are_read_as_the_app_reads_them_and_unreadable_ones_are_named(
    tiny_pack, four_classes
):
    (four_classes / "Testing" / "meningioma" / "00.png").write_bytes(b"broken")
    tested = [scan for scan in read_dataset(four_classes) if scan.split == "test"]
    readings = read_all(tiny_pack, tested)
    assert len(readings.scans) == len(readings.labels) == len(readings.probabilities) == 7
    assert ["00.png" in line for line in readings.unreadable] == [True]
    assert readings.novelty is None  # this model cannot tell
    names = [tiny_pack.card.classes[label] for label in readings.labels]
    assert names == [scan.label for scan in readings.scans]
    analyser = Analyser(tiny_pack)
    for scan, probabilities in zip(readings.scans, readings.probabilities, strict=True):
        alone = analyser.read(scan.path).prediction.probabilities
        assert probabilities == pytest.approx(alone, abs=1e-5)


def test_the_novelty_of_each_scan_that_could_be_read_is_kept(tiny_pack, four_classes, tmp_path):
    (four_classes / "Testing" / "meningioma" / "00.png").write_bytes(b"broken")
    file = write_prototypes(tmp_path, np.eye(3, 60))  # as wide as the small network's features
    card = replace(tiny_pack.card, novelty_limit=0.5)
    pack = write_pack(tmp_path / "pack", card, tiny_pack.model_file, (file,))
    tested = [scan for scan in read_dataset(four_classes) if scan.split == "test"]
    readings, analyser = read_all(pack, tested), Analyser(pack)
    alone = [analyser.read(scan.path).prediction.novelty for scan in readings.scans]
    assert readings.novelty == pytest.approx(np.array(alone), abs=1e-5)


def test_a_class_that_the_model_does_not_know_is_refused(tiny_pack, small_dataset):
    with pytest.raises(DatasetError, match=r"also received healthy, tumour\. Rename these classes"):
        read_all(tiny_pack, read_dataset(small_dataset))


def test_of_many_unknown_classes_some_are_named(tiny_pack, tmp_path):
    scans = [LabelledScan(tmp_path / "x.png", f"class {n}", "test", "x") for n in range(14)]
    with pytest.raises(DatasetError, match=r"also received class 0, .* class 5 and 4 more\."):
        read_all(tiny_pack, scans)


def test_where_nothing_can_be_read_there_is_nothing_to_evaluate(tiny_pack, tmp_path):
    missing = [LabelledScan(tmp_path / "missing.png", "glioma", "test", "made")]
    with pytest.raises(DatasetError, match="None of the scans can be read"):
        read_all(tiny_pack, missing)
