import errno
import os
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import Cancelled, ModelPackError, ScanError
from btgui.engine.models.pack import ModelPack
from btgui.engine.network_process.client import ProcessRuntime, RuntimeStoppedError

ROOT = Path(__file__).resolve().parents[3]


def child(runtime):
    """Return the child's process object."""
    return psutil.Process(runtime._process.pid)


def kill(runtime):
    runtime._process.kill()
    runtime._process.join(10)


@pytest.fixture(scope="module")
def shared_runtime(tiny_pack):
    """A child process shared by several tests, because starting one takes seconds."""
    runtime = ProcessRuntime(tiny_pack)
    yield runtime
    runtime.close()


@pytest.fixture
def fresh_runtime(tiny_pack):
    runtime = ProcessRuntime(tiny_pack)
    yield runtime
    runtime.close()


def test_a_child_killed_at_work_gives_a_readable_error_and_the_next_request_works(
    shared_runtime, tiny_runtime, inputs
):
    shared_runtime.start()
    process = child(shared_runtime)
    process.suspend()  # so that it cannot answer before it is killed
    shared_runtime.begin_warm_up()
    kill(shared_runtime)
    with pytest.raises(RuntimeStoppedError, match=r"stopped unexpectedly.*open the scan or choose"):
        shared_runtime.finish_warm_up()
    assert not process.is_running()
    assert shared_runtime.logits(inputs) == pytest.approx(tiny_runtime.logits(inputs), abs=1e-5)


def test_the_child_gives_the_logits_of_the_runtime_in_this_process(
    shared_runtime, tiny_runtime, inputs
):
    assert shared_runtime.logits(inputs) == pytest.approx(tiny_runtime.logits(inputs), abs=1e-5)
    assert shared_runtime.device.kind == "cpu"
    assert shared_runtime.device.runtime.startswith("OpenVINO")


@pytest.mark.parametrize("method", ["grad_cam", "grad_cam_plus_plus"])
def test_the_child_gives_the_maps_of_the_runtime_in_this_process(
    shared_runtime, tiny_runtime, inputs, method
):
    theirs = shared_runtime.stage_maps(inputs[0], 2, method)
    ours = tiny_runtime.stage_maps(inputs[0], 2, method)
    assert [one.any() for one in theirs] == [one.any() for one in ours]
    for one, other in zip(theirs, ours, strict=True):
        assert one == pytest.approx(other, abs=1e-4)


def test_what_the_child_cannot_do_is_said_and_it_goes_on(shared_runtime, inputs):
    before = shared_runtime.logits(inputs[:1])
    pid = child(shared_runtime).pid
    with pytest.raises(RuntimeError, match="Traceback"):
        shared_runtime.logits(inputs[:, :32])
    assert np.array_equal(shared_runtime.logits(inputs[:1]), before)
    assert child(shared_runtime).pid == pid


def test_a_child_killed_while_idle_is_replaced_without_a_word(fresh_runtime):
    fresh_runtime.start()
    killed = child(fresh_runtime).pid
    kill(fresh_runtime)
    fresh_runtime.begin_warm_up()
    assert child(fresh_runtime).pid != killed
    assert child(fresh_runtime).is_running()


def test_a_child_that_ended_while_it_loaded_is_waited_for_no_longer(fresh_runtime, monkeypatch):
    def poll():  # as it is on Windows
        raise BrokenPipeError

    fresh_runtime.begin_warm_up()
    kill(fresh_runtime)
    monkeypatch.setattr(fresh_runtime._pipe, "poll", poll)
    assert fresh_runtime.is_warm()
    with pytest.raises(RuntimeStoppedError):
        fresh_runtime.finish_warm_up()


def test_close_leaves_no_process_even_while_the_child_loads(fresh_runtime):
    fresh_runtime.begin_warm_up()
    assert not fresh_runtime.is_warm()
    process = child(fresh_runtime)
    fresh_runtime.close()
    assert not process.is_running()
    fresh_runtime.close()  # a second time is harmless


def test_after_an_abort_every_request_ends_as_cancelled(fresh_runtime, inputs):
    fresh_runtime.begin_warm_up()
    process = child(fresh_runtime)
    fresh_runtime.abort()
    with pytest.raises(Cancelled, match="closing"):
        fresh_runtime.finish_warm_up()
    with pytest.raises(Cancelled, match="closing"):
        fresh_runtime.logits(inputs)
    assert not process.is_running()


def test_a_network_that_the_child_refuses_is_refused_here_in_the_same_words(tiny_pack, inputs):
    wrong = ModelPack(tiny_pack.folder, replace(tiny_pack.card, logits_layer="nowhere"))
    runtime = ProcessRuntime(wrong)
    try:
        with pytest.raises(ModelPackError, match=r"Small test model lacks the layers nowhere"):
            runtime.warm_up()
    finally:
        runtime.close()


SCRIPT = """
    import sys
    from pathlib import Path

    import numpy as np

    from btgui.engine.models.pack import open_pack
    from btgui.engine.network_process.client import ProcessRuntime

    runtime = ProcessRuntime(open_pack(Path(sys.argv[1])))
    logits = runtime.logits(np.zeros((1, 64, 64, 3), np.float32))
    heavy = sorted({"tensorflow", "keras", "h5py"} & set(sys.modules))
    print(logits.shape, heavy, runtime._process.pid, flush=True)
    sys.stdin.read()  # until the test ends this process without any goodbye
"""


def test_the_parent_imports_no_framework_and_its_child_ends_with_it(tiny_pack):
    command = [sys.executable, "-c", textwrap.dedent(SCRIPT), str(tiny_pack.folder)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as parent:
        said = parent.stdout.readline()
        parent.kill()
    shape_and_heavy, _, pid = said.strip().rpartition(" ")
    assert shape_and_heavy == "(1, 4) []"
    deadline = time.monotonic() + 60
    while psutil.pid_exists(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not psutil.pid_exists(int(pid))


def test_the_child_reads_files_in_order_with_their_errors(shared_runtime, tiny_pack, make_heads):
    files = make_heads(9)
    files[4].write_bytes(b"damaged")
    told = [one for batch in shared_runtime.readings(files) for one in batch]
    assert [path for path, _ in told] == files
    analyser = Analyser(tiny_pack)
    for number, (path, outcome) in enumerate(told):
        if number == 4:
            assert isinstance(outcome, ScanError)
            assert path.name in str(outcome)
        else:
            expected = analyser.read(path).reading
            assert (outcome.sha256, outcome.has_head) == (expected.sha256, expected.has_head)
            assert outcome.prediction.probabilities == pytest.approx(
                expected.prediction.probabilities, abs=1e-5
            )


def test_another_request_comes_between_two_batches_and_reading_can_be_left(
    shared_runtime, make_heads, inputs
):
    readings = shared_runtime.readings(make_heads(40) * 2000)  # they would take minutes
    assert next(readings)
    assert shared_runtime.logits(inputs).shape == (len(inputs), 4)
    assert next(readings)
    start = time.perf_counter()
    readings.close()
    assert time.perf_counter() - start < 60
    assert shared_runtime.logits(inputs).shape == (len(inputs), 4)


def test_a_reading_that_outlives_its_child_starts_no_other(fresh_runtime, make_heads):
    readings = fresh_runtime.readings(make_heads(40))
    next(readings)
    fresh_runtime.close()
    readings.close()
    assert fresh_runtime._process is None


def test_a_child_killed_while_it_reads_is_told(fresh_runtime, make_heads):
    readings = fresh_runtime.readings(make_heads(200))
    next(readings)
    kill(fresh_runtime)
    with pytest.raises(RuntimeStoppedError):
        list(readings)


def test_a_child_that_cannot_be_started_is_told_and_leaves_nothing(
    fresh_runtime, inputs, monkeypatch
):
    from multiprocessing.process import BaseProcess

    def no_memory(_process):
        raise OSError(errno.ENOMEM, os.strerror(errno.ENOMEM))

    with monkeypatch.context() as patch:
        patch.setattr(BaseProcess, "start", no_memory)
        with pytest.raises(RuntimeStoppedError, match=r"could not be started: Cannot allocate"):
            fresh_runtime.begin_warm_up()
        fresh_runtime.abort()  # nothing to kill
        fresh_runtime.close()
