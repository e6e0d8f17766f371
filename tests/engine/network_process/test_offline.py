"""Tests that the network's process, which reads the scans, communicates with the window only."""

from btgui.engine.network_process.client import ProcessRuntime
from tests.conftest import write_head
from tests.offline import Watch
from tools.make_series import make_series


def test_reading_and_explaining_asks_for_no_connection(tiny_pack, tmp_path, monkeypatch, inputs):
    watch = Watch(tmp_path, monkeypatch)
    runtime = ProcessRuntime(tiny_pack)
    try:
        files = [write_head(tmp_path / f"{n}.png", seed=n) for n in range(3)]
        files += make_series(tmp_path / "series", slices=3, size=64)
        assert sum(len(batch) for batch in runtime.readings(files)) == 6
        assert len(runtime.stage_maps(inputs[0], 0, "grad_cam")) == 5
    finally:
        runtime.close()
    assert watch.processes() >= 1
    assert not watch.events()
