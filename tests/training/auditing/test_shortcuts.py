"""Shortcuts, alone and as found by the whole audit."""

import shutil
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from btgui.engine.datasets.dataset import read_dataset
from tests.training.conftest import Teller
from training.auditing.audit import audit
from training.auditing.shortcuts import FEATURE_NAMES, Shortcut, cheap_features, find_shortcuts

SILENT = Teller()


@pytest.fixture
def small_forests(monkeypatch):
    monkeypatch.setattr("training.auditing.shortcuts._TREES", 20)


def found_in(folder):
    return audit(read_dataset(folder), SILENT)


@pytest.mark.usefixtures("small_forests")
def test_a_class_that_is_brighter_throughout_raises_the_alarm(small_dataset):
    for file in (small_dataset / "Training" / "tumour").iterdir():
        brighter = cv2.add(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), 60)
        cv2.imwrite(str(file), brighter)
    shutil.rmtree(small_dataset / "Testing")
    shortcut = found_in(small_dataset / "Training").shortcuts[0]
    assert shortcut.alarm
    assert shortcut.auc > 0.95


@pytest.mark.usefixtures("small_forests")
def test_classes_that_only_anatomy_tells_apart_raise_none(small_dataset):
    generator = np.random.default_rng(0)
    files = [*(small_dataset / "Training").rglob("*.png")]
    pictures = [cv2.imread(str(file), cv2.IMREAD_GRAYSCALE) for file in files]
    for file, index in zip(files, generator.permutation(len(files)), strict=True):
        cv2.imwrite(str(file), pictures[index])
    assert not any(one.alarm for one in found_in(small_dataset / "Training").shortcuts)


@pytest.mark.usefixtures("small_forests")
def test_copies_do_not_give_a_class_away_to_each_other():
    """The features identify only the group of a scan, so that only a copy's label could give it away."""
    generator = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 6)
    features = np.repeat(generator.normal(size=(40, len(FEATURE_NAMES))), 6, axis=0)
    labels = np.repeat(generator.permutation(["a", "b"] * 20), 6).tolist()
    kept_together = find_shortcuts(features.astype(np.float32), labels, groups)
    assert all(one.auc < 0.8 for one in kept_together)
    each_alone = find_shortcuts(features.astype(np.float32), labels, np.arange(240))
    assert all(one.auc > 0.95 for one in each_alone)


@pytest.mark.usefixtures("small_forests")
def test_scans_of_one_patient_do_not_give_a_class_away_to_each_other(tmp_path):
    """Each patient's scans have a size of their own, which is unrelated to the class."""
    generator = np.random.default_rng(0)
    rows = ["path,label,patient"]
    for patient in range(20):
        size = generator.integers(60, 140, 2)
        for number in range(8):
            file = tmp_path / f"{patient:02d}-{number}.png"
            cv2.imwrite(str(file), generator.integers(0, 256, size, np.uint8))
            rows.append(f"{file.name},{'ab'[patient % 2]},{patient}")
    table = tmp_path / "scans.csv"
    table.write_text("\n".join(rows), encoding="utf-8")
    assert [one.auc < 0.7 for one in found_in(table).shortcuts] == [True, True]
    table.write_text("\n".join(row.rpartition(",")[0] for row in rows), encoding="utf-8")
    assert [one.auc > 0.8 for one in found_in(table).shortcuts] == [True, True]


@pytest.mark.shared
def test_the_public_data_set_s_shortcut_is_found(shared_data):
    found = audit(read_dataset(shared_data / "brain-tumor-mri")[::10], SILENT)
    assert "notumor" in {one.label for one in found.shortcuts if one.alarm}


def test_the_properties_of_a_scan_by_hand():
    small = np.zeros((64, 64), np.uint8)
    small[4:60, 4:60] = 40
    small[16:48, 16:48] = 200
    small[:4] = 8
    found = cheap_features(SimpleNamespace(shape=(30, 20)), small)
    of = dict(zip(FEATURE_NAMES, found.tolist(), strict=True))
    bright, grey, border = 32**2, 56**2 - 32**2, 64**2 - 56**2
    mean = (200 * bright + 40 * grey + 8 * 4 * 64) / 64**2
    assert (of["width"], of["height"]) == (20, 30)
    assert of["border brightness"] == pytest.approx(8 * 4 * 64 / border)
    assert of["share of black"] == pytest.approx(border / 64**2)
    assert of["mean grey level"] == pytest.approx(mean)
    assert of["contrast"] == pytest.approx(small.std())
    assert of["centre brightness"] == pytest.approx(200 / mean)
    assert of["grey levels 32 to 47"] == pytest.approx(grey / (bright + grey))
    assert of["grey levels 192 to 207"] == pytest.approx(bright / (bright + grey))


@pytest.mark.parametrize(("auc", "alarm"), [(0.949, False), (0.95, True)])
def test_the_alarm_is_raised_from_an_area_of_95_hundredths_on(auc, alarm):
    assert Shortcut("glioma", auc, ()).alarm == alarm
