import threading

import pytest

from btgui.engine.scan import ScanAddress
from btgui.workers import slice_loader
from btgui.workers.slice_loader import SliceLoader
from tests.conftest import write_head


@pytest.fixture
def addresses(tmp_path):
    return [ScanAddress(write_head(tmp_path / f"{n:02d}.png", seed=n)) for n in range(40)]


@pytest.fixture
def loader(qapp):
    loader = SliceLoader()
    yield loader
    loader.close()


def test_the_wanted_slice_comes_and_those_after_it_are_read_ahead(loader, addresses, qtbot):
    loader.open(addresses)
    with qtbot.waitSignal(loader.slice_ready) as ready:
        loader.want(5)
    assert ready.args[0] == 5
    assert ready.args[1].path == addresses[5].path
    qtbot.waitUntil(lambda: addresses[29] in loader.cache)
    with qtbot.waitSignal(loader.slice_ready, timeout=1):  # at once
        loader.want(6)


def test_the_newest_wish_wins(loader, addresses, qtbot, monkeypatch):
    told, go_on, read = [], threading.Event(), slice_loader.read_scan

    def wait_and_read(*asked):
        assert go_on.wait(60)
        return read(*asked)

    monkeypatch.setattr(slice_loader, "read_scan", wait_and_read)
    loader.slice_ready.connect(lambda index, _scan: told.append(index))
    loader.open(addresses)
    for index in (3, 20, 39, 11):
        loader.want(index)
    go_on.set()
    qtbot.waitUntil(lambda: 11 in told)
    assert told == [11]


def test_a_drive_without_an_answer_holds_up_neither_another_series_nor_closing(
    loader, addresses, qtbot, monkeypatch
):
    begun, answer, read = threading.Event(), threading.Event(), slice_loader.read_scan

    def silent(address, window):
        if address in addresses[:9]:
            begun.set()
            answer.wait(60)
        return read(address, window)

    monkeypatch.setattr(slice_loader, "read_scan", silent)
    monkeypatch.setattr(slice_loader, "window_of_series", lambda *_: None)
    loader.open(addresses[:9])
    loader.want(3)
    assert begun.wait(30)
    loader.open(addresses[9:])
    with qtbot.waitSignal(loader.slice_ready) as ready:
        loader.want(0)
    assert ready.args[1].path == addresses[9].path
    begun.clear()
    loader.open(addresses[:9])
    loader.want(3)
    assert begun.wait(30)
    loader.close()
    assert not answer.is_set()
    answer.set()


def test_a_damaged_slice_is_told_with_its_reason(loader, addresses, qtbot):
    addresses[2].path.write_bytes(b"damaged")
    loader.open(addresses)
    with qtbot.waitSignal(loader.slice_failed) as failed:
        loader.want(2)
    assert failed.args[0] == 2
    assert "02.png" in failed.args[1]


def test_a_cache_too_small_for_what_lies_ahead_does_not_read_for_ever(
    qtbot, addresses, monkeypatch
):
    count = []
    read = slice_loader.read_scan
    monkeypatch.setattr(slice_loader, "read_scan", lambda *a: count.append(a) or read(*a))
    loader = SliceLoader(maximum_bytes=300_000)
    loader.open(addresses)
    with qtbot.waitSignal(loader.slice_ready):
        loader.want(0)
    loader._pool.waitForDone()
    assert len(count) == 25
    assert loader.cache.size_bytes <= 300_000
    loader.close()
