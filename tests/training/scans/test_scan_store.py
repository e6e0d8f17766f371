import errno
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import psutil
import pytest

from btgui.engine.errors import TrainingError
from training.scans.scan_store import FileFacts, NewRow, ScanStore

SIDE = 4


@pytest.fixture
def store(tmp_path):
    return ScanStore(tmp_path / "store", SIDE)


def row(key, value, mask=None):
    drawn = None if mask is None else np.full((SIDE, SIDE), mask, np.uint8)
    return NewRow(key, np.full((SIDE, SIDE), value, np.uint8), drawn)


def kept(store):
    """Return {key: (grey, mask)} by the first value of each."""
    grey, masks = store.mapped()
    return {
        key: (int(grey[place, 0, 0]), int(masks[place, 0, 0]))
        for key, place in store.rows().items()
    }


def test_an_empty_store_holds_nothing(store):
    assert kept(store) == {}
    assert store.digests() == {}


def test_rows_are_found_again_by_their_key(store, tmp_path):
    store.add([row("a", 1), row("b", 2, mask=9)], {FileFacts("a.png", 5, 7): "a"})
    store.add([row("c", 3)], {FileFacts("c.png", 5, 7): "c"})
    again = ScanStore(tmp_path / "store", SIDE)
    assert kept(again) == {"a": (1, 0), "b": (2, 9), "c": (3, 0)}
    assert again.digests() == {FileFacts("a.png", 5, 7): "a", FileFacts("c.png", 5, 7): "c"}


def test_a_file_whose_name_is_no_text_is_known_again(store, tmp_path):
    try:
        (tmp_path / "caf\udce9.png").touch()
    except OSError:
        pytest.skip("this file system has only names that are text")
    facts = FileFacts.of(tmp_path / "caf\udce9.png")
    store.add([], {facts: "a"})
    assert store.digests() == {FileFacts.of(tmp_path / "caf\udce9.png"): "a"}


def test_a_key_is_kept_once(store):
    assert store.add([row("a", 1), row("a", 1)], {}) == {"a": 0}
    assert store.add([row("a", 8)], {}) == {"a": 0}
    assert kept(store) == {"a": (1, 0)}
    assert len(store.mapped()[0]) == 1


def test_what_another_run_kept_meanwhile_is_told_by_its_row(store, tmp_path):
    ScanStore(tmp_path / "store", SIDE).add([row("a", 1), row("b", 2)], {})
    assert (
        store.add([row("c", 3), row("b", 8)], {})
        == {"b": 1, "c": 2}
        == {key: place for key, place in store.rows().items() if key != "a"}
    )


def test_what_a_killed_run_left_behind_is_written_over(store):
    store.add([row("a", 1)], {})
    for file in (store.folder / "grey.bin", store.folder / "masks.bin"):
        with file.open("ab") as stream:
            stream.write(bytes([77] * SIDE * SIDE))
    assert kept(store) == {"a": (1, 0)}
    store.add([row("b", 2)], {})
    assert kept(store) == {"a": (1, 0), "b": (2, 0)}


def test_rows_of_a_shortened_file_are_forgotten(store, tmp_path):
    store.add([row("a", 1), row("b", 2)], {})
    with (store.folder / "grey.bin").open("r+b") as stream:
        stream.truncate(SIDE * SIDE + 3)
    assert kept(ScanStore(tmp_path / "store", SIDE)) == {"a": (1, 0)}


def test_a_spoilt_index_costs_the_rows_and_not_the_run(store, tmp_path, monkeypatch):
    store.add([row("a", 1)], {})
    remove = Path.unlink

    def remove_closed(file):
        assert str(file) not in {one.path for one in psutil.Process().open_files()}  # as on Windows
        remove(file)

    monkeypatch.setattr(Path, "unlink", remove_closed)
    (store.folder / "index.sqlite").write_bytes(b"spoilt " * 1000)
    again = ScanStore(tmp_path / "store", SIDE)
    assert kept(again) == {}
    again.add([row("b", 2)], {})
    assert kept(again) == {"b": (2, 0)}


def test_two_runs_may_add_at_once(tmp_path):
    stores = [ScanStore(tmp_path / "store", SIDE) for _ in range(2)]

    def fill(store, first):
        for value in range(first, first + 20):
            store.add([row(str(value), value)], {})

    threads = [
        threading.Thread(target=fill, args=(store, 100 * number))
        for number, store in enumerate(stores)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept(stores[0]) == {
        str(value): (value, 0) for first in (0, 100) for value in range(first, first + 20)
    }


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_and_what_was_kept_stays(store, monkeypatch, number):
    store.add([row("a", 1)], {})

    def full(_descriptor):
        raise OSError(number, "full")

    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", full)
        with pytest.raises(TrainingError, match="no space left for the cache"):
            store.add([row("b", 2)], {})
    assert kept(store) == {"a": (1, 0)}
    store.add([row("b", 3)], {})
    assert kept(store)["b"] == (3, 0)


def test_a_full_disk_that_the_index_meets_is_told_too(store, monkeypatch):
    def full(*_args, **_options):
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr("sqlite3.connect", full)
    with pytest.raises(TrainingError, match="no space left"):
        store.rows()


def test_a_place_that_is_no_folder_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(TrainingError, match="cannot be used"):
        ScanStore(tmp_path / "file" / "store", SIDE)


def test_the_files_are_measured_when_nobody_adds_to_them(store, tmp_path, monkeypatch):
    store.add([row("a", 1)], {})
    measure, held = ScanStore._written, []

    def look(self):
        with closing(sqlite3.connect(self._index, timeout=0, isolation_level=None)) as other:
            try:
                other.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                held.append(str(error))
        return measure(self)

    monkeypatch.setattr(ScanStore, "_written", look)
    ScanStore(tmp_path / "store", SIDE)
    assert held == ["database is locked"]
