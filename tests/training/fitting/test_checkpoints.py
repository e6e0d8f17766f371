import math
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from btgui.engine.errors import TrainingError
from training.fitting.checkpoints import Checkpoints, Kept, RunState


def arrays(value, count=12):
    return [np.full((2, index + 1), value, np.float32) for index in range(count)]


def kept(value):
    return Kept(arrays(value), arrays(value + 1), arrays(value + 2))


@pytest.fixture
def checkpoints(tmp_path):
    return Checkpoints(tmp_path)


def test_an_epoch_s_means_weigh_every_scan_alike():
    state = RunState().after_step(3, 1.0, 1.0).after_step(1, 2.0, 0.0)
    assert state.step == 2
    assert state.means() == (1.25, 0.75)


def test_an_epoch_goes_into_the_history_and_the_best_one_is_known():
    state = RunState()
    for loss in (0.9, 0.5, 0.7):
        state = state.after_step(4, loss, 0.5).after_epoch(loss + 0.1, 0.25)
    assert (state.epoch, state.step, state.sums) == (3, 0, (0, 0, 0))
    assert (state.best_epoch, state.smallest_loss) == (2, 0.6)
    assert state.history == {
        "loss": [0.9, 0.5, 0.7],
        "accuracy": [0.5] * 3,
        "validation_loss": [1.0, 0.6, 0.8],
        "validation_accuracy": [0.25] * 3,
    }


def test_of_epochs_that_are_as_good_the_first_is_the_best():
    state = RunState()
    for loss in (0.6, 0.5, 0.5):
        state = state.after_step(4, 1.0, 0.5).after_epoch(loss, 0.25)
    assert (state.best_epoch, state.smallest_loss) == (2, 0.5)


def test_what_was_kept_comes_back_in_order(checkpoints):
    assert not checkpoints.exists()
    assert checkpoints.state() == RunState()
    state = replace(RunState(), step=3, batch_size=8, sums=(24.0, 12.0, 20.0))
    checkpoints.save(state, kept(1))
    assert checkpoints.state() == state
    assert math.isinf(checkpoints.state().smallest_loss)
    loaded = checkpoints.load()
    for ours, value in ((loaded.weights, 1), (loaded.optimizer, 2), (loaded.average, 3)):
        for one, other in zip(ours, arrays(value), strict=True):
            assert np.array_equal(one, other)


def test_a_run_without_an_average_has_none(checkpoints):
    checkpoints.save(RunState(), Kept(arrays(1), arrays(2), []))
    assert checkpoints.load().average == []


def test_only_the_newest_state_and_the_best_epoch_stay_on_the_disk(checkpoints, tmp_path):
    first = RunState().after_step(1, 0.5, 1).after_epoch(0.5, 1)
    checkpoints.save(first, kept(1), best=arrays(9))
    (tmp_path / "run-999-00000.npz").write_bytes(b"left by a kill")
    (tmp_path / "run-999-00001.npz.new").write_bytes(b"left unfinished by a kill")
    checkpoints.save(first.after_step(1, 0.9, 0), kept(2))
    assert {file.name for file in tmp_path.iterdir()} == {
        "checkpoint.json",
        "run-001-00001.npz",
        "best-001.npz",
    }
    assert np.array_equal(checkpoints.load_best()[0], arrays(9)[0])
    assert np.array_equal(checkpoints.load().weights[0], arrays(2)[0])


def test_what_a_kill_left_behind_goes_and_the_checkpoint_stays(checkpoints, tmp_path):
    checkpoints.save(RunState().after_step(1, 0.5, 1), kept(1))
    (tmp_path / "run-000-00000.npz").write_bytes(b"the one before")
    (tmp_path / "best-001.npz.new").write_bytes(b"left unfinished by a kill")
    checkpoints.tidy()
    assert {file.name for file in tmp_path.iterdir()} == {"checkpoint.json", "run-000-00001.npz"}
    assert checkpoints.load().weights


@pytest.mark.parametrize("with_a_run", [False, True])
def test_files_that_no_run_wrote_stay(checkpoints, tmp_path, with_a_run):
    names = (
        "my_own_results.npz",
        "run-01.npz",
        "best-of-all.npz",
        "xrun-000-00000.npz",
        "a.npz.new",
    )
    for name in names:
        (tmp_path / name).write_bytes(b"somebody's own")
    if with_a_run:
        checkpoints.save(RunState().after_step(1, 0.5, 1), kept(1))
    checkpoints.tidy()
    assert set(names) <= {file.name for file in tmp_path.iterdir()}


def test_a_run_of_very_many_epochs_and_steps_is_tidied_alike(checkpoints, tmp_path):
    state = replace(RunState(), epoch=1000, step=100_000)
    checkpoints.save(state, kept(1))
    checkpoints.save(replace(state, step=100_001), kept(2))
    assert {file.name for file in tmp_path.iterdir()} == {
        "checkpoint.json",
        "run-1000-100001.npz",
    }


def test_before_the_first_epoch_there_is_no_best_one(checkpoints):
    for _ in range(2):
        with pytest.raises(TrainingError, match="No epoch has been finished"):
            checkpoints.load_best()
        checkpoints.save(RunState(), kept(1))


@pytest.mark.parametrize("fails", ["run-000-00002.npz.new", "checkpoint.json.new"])
def test_a_full_disk_is_told_and_the_checkpoint_before_is_whole(
    checkpoints, tmp_path, monkeypatch, fails
):
    checkpoints.save(replace(RunState(), step=1), kept(1))
    opened = type(tmp_path).open

    def no_room(path, *arguments, **options):
        if path.name == fails:
            raise OSError(28, "No space left on device")
        return opened(path, *arguments, **options)

    with monkeypatch.context() as patched:
        patched.setattr(type(tmp_path), "open", no_room)
        with pytest.raises(TrainingError, match=r"No space left.*Free some space.*--resume"):
            checkpoints.save(replace(RunState(), step=2), kept(2))
    assert checkpoints.state().step == 1
    assert np.array_equal(checkpoints.load().weights[0], arrays(1)[0])


def test_a_state_that_is_kept_already_is_not_written_again(checkpoints, tmp_path):
    state = replace(RunState(), step=1)
    checkpoints.save(state, kept(1))
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    checkpoints.save(state, kept(1))
    assert before == {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}


def test_a_full_disk_at_the_same_place_of_the_run_costs_nothing(checkpoints, tmp_path, monkeypatch):
    """This happens if a run whose batches were halved is stopped before its first step."""
    checkpoints.save(replace(RunState(), step=1, batch_size=8), kept(1))

    def full(stream, **_arrays):
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("numpy.savez", full)
        with pytest.raises(TrainingError, match="No space left"):
            checkpoints.save(replace(RunState(), step=1, batch_size=4), kept(1))
    assert np.array_equal(checkpoints.load().weights[0], arrays(1)[0])
    assert checkpoints.state().batch_size == 8


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not an archive", None])
def test_a_file_that_is_damaged_or_gone_is_told(checkpoints, tmp_path, content):
    checkpoints.save(replace(RunState(), step=1), kept(1))
    file = tmp_path / "run-000-00001.npz"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(TrainingError, match=r"run-000-00001\.npz .* is damaged or missing"):
        checkpoints.load()


def test_a_file_with_a_flipped_byte_is_told(checkpoints, tmp_path):
    checkpoints.save(replace(RunState(), step=1), kept(1))
    file = tmp_path / "run-000-00001.npz"
    content = bytearray(file.read_bytes())
    content[150] ^= 0xFF  # within the first array
    file.write_bytes(content)
    with pytest.raises(TrainingError, match="is damaged or missing"):
        checkpoints.load()


# The last is another version's: it names something that this one does not know.
@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "{}",
        "7",
        '{"files": {}, "state": {}}',
        '{"files": {}, "state": {"sums": [], "smallest_loss": null, "later": 1}}',
    ],
)
def test_a_note_that_is_damaged_is_told(checkpoints, tmp_path, text):
    (tmp_path / "checkpoint.json").write_text(text)
    with pytest.raises(TrainingError, match="cannot be read"):
        checkpoints.state()


@pytest.mark.parametrize(("held", "fits"), [(False, False), (True, True)])
def test_too_little_room_for_a_state_is_told_before_the_first_step(
    tmp_path, monkeypatch, held, fits
):
    checkpoints = Checkpoints(tmp_path)
    if held:  # then one more needs to fit
        (tmp_path / "checkpoint.json").write_text("{}")
    free = SimpleNamespace(free=500_000_000)
    monkeypatch.setattr("training.fitting.checkpoints.shutil.disk_usage", lambda _folder: free)
    with (
        nullcontext() if fits else pytest.raises(TrainingError, match=r"1,000 MB.* 500 MB are free")
    ):
        checkpoints.check_room(100_000_000, more=1)


def test_all_that_is_kept_fits_into_the_room_that_is_asked_for(checkpoints, tmp_path, monkeypatch):
    one, held = np.zeros(250_000, np.float32), []
    remove = Checkpoints._remove_all_but

    def look(of, names):
        held.append(sum(file.stat().st_size for file in tmp_path.glob("*.npz")))
        remove(of, names)

    monkeypatch.setattr(Checkpoints, "_remove_all_but", look)
    free = SimpleNamespace(free=0)
    monkeypatch.setattr("training.fitting.checkpoints.shutil.disk_usage", lambda _folder: free)
    with pytest.raises(TrainingError) as told:
        checkpoints.check_room(one.nbytes, more=1)
    state = RunState()
    for loss in (0.5, 0.4):
        state = state.after_step(1, loss, 1).after_epoch(loss, 1)
        checkpoints.save(state, Kept([one], [one, one], [one]), best=[one])
    assert f"about {max(held) / 1e6:,.0f} MB" in str(told.value)


def test_the_weights_at_the_start_are_kept_beside_every_state(checkpoints, tmp_path):
    assert not checkpoints.has_start()
    checkpoints.save_start([np.arange(3.0), np.ones((2, 2))])
    (tmp_path / "start.npz.new").touch()
    for epoch in (1, 2):
        checkpoints.save(RunState(epoch=epoch), Kept([np.zeros(1)], [], []), [np.zeros(1)])
        checkpoints.tidy()
    assert checkpoints.has_start()
    assert not (tmp_path / "start.npz.new").exists()
    first, second = checkpoints.load_start()
    np.testing.assert_array_equal(first, [0, 1, 2])
    np.testing.assert_array_equal(second, np.ones((2, 2)))
