import threading
from pathlib import Path
from time import perf_counter
from types import SimpleNamespace

import numpy as np
import pytest

from btgui.engine import analysis as analysis_module
from btgui.engine.analysis import Analyser, BatchSize
from btgui.engine.errors import ScanError
from btgui.engine.results import Analysis
from btgui.engine.scan_source import read_scan


@pytest.fixture
def analyser(tiny_pack, tiny_runtime):
    return Analyser(tiny_pack, tiny_runtime)


@pytest.fixture
def quick(tiny_pack, stand_in):
    """An analyser that reads and preprocesses, but whose network is a stand-in."""
    return Analyser(tiny_pack, stand_in())


@pytest.fixture
def mixed_files(make_heads, tmp_path):
    """A list of scans with a broken, an empty and a missing file, and these by their index."""
    files = make_heads(5)
    broken, empty = tmp_path / "broken.png", tmp_path / "empty.jpg"
    broken.write_bytes(files[0].read_bytes()[:40])
    empty.write_bytes(b"")
    files[1:1] = [broken]
    files[3:3] = [empty, tmp_path / "missing.png"]
    return files, {1: "broken.png", 3: "empty.jpg", 4: "missing.png"}


@pytest.fixture
def clock(monkeypatch):
    """A clock for the analysis module whose seconds are set by the test."""
    clock = SimpleNamespace(now=0.0)
    stood_in = SimpleNamespace(perf_counter=lambda: clock.now)
    monkeypatch.setattr(analysis_module, "time", stood_in)
    return clock


def collect(analyser, files):
    said: list[tuple[Path, object]] = []
    analyser.classify_many(files, lambda path, outcome: said.append((path, outcome)))
    return said


def test_each_steps_milliseconds_are_told_and_lie_within_the_time_that_passed(analyser, scan_file):
    start = perf_counter()
    analysis = analyser.explain(analyser.read(scan_file))
    passed = (perf_counter() - start) * 1000
    assert list(analysis.milliseconds) == ["read", "preprocess", "predict", "explain"]
    assert all(value > 0 for value in analysis.milliseconds.values())
    assert sum(analysis.milliseconds.values()) <= passed


def test_without_a_request_nothing_is_explained(analyser, scan_file):
    analysis = analyser.read(scan_file)
    assert analysis.explanation is None
    assert set(analysis.milliseconds) == {"read", "preprocess", "predict"}


def test_a_slow_disk_shows_in_the_time_to_read(analyser, scan_file, monkeypatch, clock):
    def slow(*asked):
        clock.now += 0.125
        return read_scan(*asked)

    monkeypatch.setattr(analysis_module, "read_scan", slow)
    times = analyser.read(scan_file).milliseconds
    assert times == {"read": 125, "preprocess": 0, "predict": 0}


def test_an_analysis_says_which_model_and_device_it_is_by(analyser, scan_file):
    analysis = analyser.read(scan_file)
    assert (analysis.model_id, analysis.model_name) == ("small", "Small test model")
    assert analysis.device == analyser.runtime.device
    assert analysis.scan.path == scan_file


def test_a_scan_in_memory_is_classified_as_its_file_is(analyser, scan_file):
    from_file = analyser.read(scan_file)
    in_memory = analyser.classify(read_scan(scan_file), milliseconds_to_read=12.5)
    assert in_memory.prediction == from_file.prediction
    assert in_memory.milliseconds["read"] == 12.5


def test_the_verdict_is_explained_unless_another_class_is_named(analyser, scan_file):
    verdict = analyser.explain(analyser.read(scan_file))
    assert verdict.explanation.target_index == verdict.prediction.verdict_index
    named = analyser.explain(verdict, analyser.target_index("pituitary"), "grad_cam_plus_plus")
    assert (named.explanation.target_index, named.explanation.method) == (3, "grad_cam_plus_plus")
    assert [stage.label for stage in named.explanation.stages] == [
        f"Stage {number}" for number in range(1, 6)
    ]


def test_a_class_that_the_model_does_not_know_is_refused_with_those_it_does(analyser):
    with pytest.raises(ValueError, match="glioma, meningioma, notumor, pituitary, received 'cyst'"):
        analyser.target_index("cyst")


@pytest.mark.parametrize("shape", [(128, 128), (90, 150), (150, 90)])
def test_heatmaps_cover_the_crop_of_the_scan_and_nothing_else(analyser, tmp_path, shape):
    import cv2

    picture = np.zeros(shape, np.uint8)
    cv2.ellipse(picture, (shape[1] // 2 + 5, shape[0] // 2), (30, 36), 0, 0, 360, 150, -1)
    cv2.imwrite(str(tmp_path / "head.png"), picture)
    analysis = analyser.explain(analyser.read(tmp_path / "head.png"))
    box = analysis.preprocessed.outline.box
    assert (box.width, box.height) != shape[::-1]
    outside = np.ones(shape, bool)
    outside[box.top : box.bottom, box.left : box.right] = False
    for stage in analysis.explanation.stages:
        assert stage.on_scan.shape == analysis.scan.shape == shape
        assert np.isnan(stage.on_scan[outside]).all()
        inside = stage.on_scan[~outside]
        assert ((inside >= 0) & (inside <= 1)).all()


def test_many_files_give_what_each_gives_alone_in_order(analyser, make_heads):
    files = make_heads(5)
    said = collect(analyser, files)
    assert [path for path, _ in said] == files
    for path, outcome in said:
        alone = analyser.read(path).prediction
        assert outcome.prediction.probabilities == pytest.approx(alone.probabilities, abs=1e-5)


def test_unreadable_files_are_reported_in_their_place_while_the_rest_goes_on(quick, mixed_files):
    files, bad = mixed_files
    said = collect(quick, files)
    assert [path for path, _ in said] == files
    for index, (path, outcome) in enumerate(said):
        if index in bad:
            assert isinstance(outcome, ScanError)
            assert bad[index] in str(outcome)
        else:
            assert isinstance(outcome, Analysis)
            assert outcome.scan.path == path


def test_a_single_unreadable_file_is_an_error_that_names_it(quick, tmp_path):
    with pytest.raises(ScanError, match=r"missing\.png was not found"):
        quick.read(tmp_path / "missing.png")


def test_nothing_but_unreadable_files_never_bothers_the_network(quick, tmp_path):
    said = collect(quick, [tmp_path / f"{name}.png" for name in "abc"])
    assert [type(outcome) for _, outcome in said] == [ScanError] * 3
    assert quick.runtime.batch_sizes == []
    assert collect(quick, []) == []


def test_a_quick_network_gets_ever_larger_batches(quick, make_heads, clock):
    collect(quick, make_heads(60, side=48))
    sizes = quick.runtime.batch_sizes
    assert sum(sizes) == 60
    assert sizes[0] == 2
    assert max(sizes) > 8


def test_the_size_of_a_batch_follows_the_networks_pace():
    size = BatchSize(first=8, largest=32)
    size.fit(8, 1000.0)  # compiling took the time: at most halved
    assert size.now == 4
    size.fit(4, 20.0)  # five a scan: twenty in a tenth of a second, at most doubled
    assert size.now == 8
    size.fit(8, 40.0)
    size.fit(16, 80.0)
    assert size.now == 20
    size.fit(0, 0.0)  # no scan of it could be read: nothing is learned
    assert size.now == 20
    for _ in range(9):
        size.fit(size.now, 300.0 * size.now)
    assert size.now == 1
    for _ in range(9):
        size.fit(size.now, 0.0)
    assert size.now == 32


def test_a_batchs_time_is_shared_out_among_its_scans(quick, make_heads, clock):
    def slow(inputs):
        clock.now += 0.25
        return np.zeros((len(inputs), 4), np.float32)

    quick.runtime.answer = slow
    ((_, first), (_, second)) = next(quick.classified_batches(make_heads(2)))
    times = [first.milliseconds["predict"], second.milliseconds["predict"]]
    assert times == [125, 125]


def test_batches_keep_order_and_size_and_the_errors(quick, mixed_files):
    files, bad = mixed_files
    batches = list(quick.classified_batches(files, BatchSize(3, 3)))
    assert [len(batch) for batch in batches] == [3, 3, 2]
    flat = [pair for batch in batches for pair in batch]
    assert [path for path, _ in flat] == files
    assert {i for i, (_, item) in enumerate(flat) if isinstance(item, ScanError)} == set(bad)


def test_no_more_than_four_batches_are_ahead(quick, make_heads, monkeypatch):
    """Memory must not grow with the folder: one batch is shown, one computed, two are read."""
    read = []

    def counting(path, window):
        read.append(path)
        return read_scan(path, window)

    monkeypatch.setattr(analysis_module, "read_scan", counting)
    batches = quick.classified_batches(make_heads(12, side=48), BatchSize(2, 2))
    next(batches)
    assert len(read) <= 6
    next(batches)
    assert len(read) <= 8
    batches.close()
    assert len(read) <= 8


def test_the_network_works_while_the_caller_does(quick, make_heads):
    began = threading.Event()

    def answer(inputs):
        if answered:
            began.set()
        answered.append(len(inputs))
        return np.zeros((len(inputs), 4), np.float32)

    answered = []
    quick.runtime.answer = answer
    batches = quick.classified_batches(make_heads(6, side=48), BatchSize(2, 2))
    next(batches)
    assert began.wait(60)  # though nobody has asked for the second batch
    batches.close()
