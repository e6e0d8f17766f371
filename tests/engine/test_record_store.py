import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import BtguiError
from btgui.engine.record_store import RecordedVerdict, RecordStore
from btgui.engine.results import NOVEL
from btgui.engine.scan import Greys, Window

FIRST_COLUMNS = ["sha256", "model_id", "verdict", "class_index", "probability", "read_at"]


@pytest.fixture
def store(tmp_path):
    store = RecordStore(tmp_path / "readings.sqlite")
    yield store
    store.close()


@pytest.fixture(scope="module")
def read(tiny_pack, tmp_path_factory):
    from tests.conftest import write_head

    return Analyser(tiny_pack).read(write_head(tmp_path_factory.mktemp("s") / "patient name.png"))


def test_a_verdict_is_found_by_content_and_model(store, read):
    store.add(read.reading)
    kept = store.verdict_for(read.scan.sha256, read.model_id)
    index = read.prediction.verdict_index
    assert kept.class_index == index
    assert kept.verdict == read.prediction.display_names[index]
    assert kept.probability == pytest.approx(read.prediction.probabilities[index])
    assert store.verdict_for(read.scan.sha256, "other model") is None
    assert store.verdict_for("0" * 64, read.model_id) is None


def test_what_made_a_verdict_doubtful_is_kept_with_it(store, read):
    store.add(replace(read.reading, note=""))
    assert store.verdict_for(read.scan.sha256, read.model_id).doubt == read.prediction.doubt
    store.add(replace(read.reading, note="No head was found."))
    assert "No head was found." in store.verdict_for(read.scan.sha256, read.model_id).doubt


def test_a_verdict_without_novelty_is_none_of_a_model_that_measures_it(store, read):
    asked = read.scan.sha256, read.model_id
    store.add(read.reading)
    assert store.verdict_for(*asked) is not None
    assert store.verdict_for(*asked, with_novelty=True) is None
    novel = replace(read.prediction, novelty=1.5)
    store.add(replace(read.reading, prediction=novel))
    assert NOVEL in store.verdict_for(*asked, with_novelty=True).doubt


def test_a_second_reading_replaces_the_first(store, read):
    store.add(read.reading)
    turned = replace(read.prediction, probabilities=tuple(reversed(read.prediction.probabilities)))
    store.add(replace(read.reading, prediction=turned))
    kept = store.verdict_for(read.scan.sha256, read.model_id)
    assert kept.class_index == turned.verdict_index


def test_it_outlives_the_application(tmp_path, read):
    first = RecordStore(tmp_path / "kept.sqlite")
    first.add(read.reading)
    first.close()
    second = RecordStore(tmp_path / "kept.sqlite")
    assert second.verdict_for(read.scan.sha256, read.model_id) is not None
    second.close()


def test_it_holds_no_name_and_no_path(tmp_path, read):
    store = RecordStore(tmp_path / "kept.sqlite")
    store.add(read.reading)
    store.close()
    assert b"patient name" not in (tmp_path / "kept.sqlite").read_bytes()


def test_several_threads_may_write(store, read):
    readings = [replace(read.reading, model_id=f"model {number}") for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(store.add, readings))
    assert all(store.verdict_for(read.scan.sha256, one.model_id) for one in readings)


def test_a_file_that_is_no_data_base_is_refused_in_words(tmp_path):
    (tmp_path / "bad.sqlite").write_bytes(b"no data base at all" * 100)
    with pytest.raises(BtguiError, match="Move it elsewhere"):
        RecordStore(tmp_path / "bad.sqlite")


def test_a_place_where_nothing_can_be_written_is_told(tmp_path):
    with pytest.raises(BtguiError, match=r"readings\.sqlite cannot be used") as refused:
        RecordStore(tmp_path / "none" / "readings.sqlite")
    assert "check that there is free disk space" in str(refused.value)


def test_a_full_disk_is_no_reason_to_move_the_record_away(tmp_path, monkeypatch):
    whole = sqlite3.connect

    def connect(*arguments, **named):
        connection = whole(*arguments, **named)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(sqlite3, "connect", connect)
    with pytest.raises(BtguiError, match="database or disk is full") as refused:
        RecordStore(tmp_path / "readings.sqlite")
    assert "check that there is free disk space" in str(refused.value)
    assert "Move it elsewhere" not in str(refused.value)


def test_a_disk_that_is_full_later_is_told_with_what_to_do(tmp_path, read):
    store = RecordStore(tmp_path / "readings.sqlite")
    store._database.execute("PRAGMA max_page_count = 1")

    def fill():
        for number in range(100):
            store.add(replace(read.reading, sha256=f"{number:064}"))

    with closing(store), pytest.raises(BtguiError) as refused:
        fill()
    assert str(refused.value) == (
        "The record of readings readings.sqlite cannot be written (database or disk is full). To record "
        "readings again, check that there is free disk space and that the file is writable, and restart "
        "btgui."
    )


def test_its_columns_are_the_ones_that_hold_no_patient(tmp_path):
    RecordStore(tmp_path / "kept.sqlite").close()
    with closing(sqlite3.connect(tmp_path / "kept.sqlite")) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(reading)")]
        version = database.execute("PRAGMA user_version").fetchone()[0]
    assert columns == [*FIRST_COLUMNS, "greys", "window_centre", "window_width", "doubt", "novelty"]
    assert version == 4


def test_a_newer_version_s_file_is_not_changed(tmp_path):
    file = tmp_path / "newer.sqlite"
    with closing(sqlite3.connect(file)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = file.read_bytes()
    with pytest.raises(BtguiError, match="Update the application"):
        RecordStore(file)
    assert file.read_bytes() == before


def test_a_record_that_fails_later_is_told_in_words(tmp_path, read):
    store = RecordStore(tmp_path / "readings.sqlite")
    store.close()
    with pytest.raises(BtguiError, match=r"readings\.sqlite cannot be written .* restart btgui"):
        store.add(read.reading)
    with pytest.raises(BtguiError, match=r"readings\.sqlite cannot be read .* restart btgui"):
        store.verdict_for("0" * 64, "m")


def rows_of(file):
    with closing(sqlite3.connect(file)) as database:
        return database.execute("SELECT greys, window_centre, window_width FROM reading").fetchall()


def test_the_window_that_fed_the_network_is_recorded(tmp_path, read):
    store = RecordStore(tmp_path / "kept.sqlite")
    header = Greys("window in the DICOM header", Window(350.0, 699.0))
    store.add(replace(read.reading, greys=header))
    store.close()
    assert rows_of(tmp_path / "kept.sqlite") == [("window in the DICOM header", 350.0, 699.0)]


@pytest.mark.parametrize(
    ("version", "added"),
    [
        (1, ()),
        (2, ("greys TEXT", "window_centre REAL", "window_width REAL")),
        (3, ("greys TEXT", "window_centre REAL", "window_width REAL", "doubt TEXT")),
    ],
)
def test_a_record_of_an_earlier_version_keeps_its_verdicts_and_takes_what_is_new(
    tmp_path, read, version, added
):
    file = tmp_path / "earlier.sqlite"
    kinds = ("TEXT", "TEXT", "TEXT", "INTEGER", "REAL", "TEXT")
    columns = ", ".join(f"{n} {k} NOT NULL" for n, k in zip(FIRST_COLUMNS, kinds, strict=True))
    with closing(sqlite3.connect(file)) as earlier, earlier:
        earlier.execute(f"CREATE TABLE reading ({columns}, PRIMARY KEY (sha256, model_id))")
        earlier.execute("INSERT INTO reading VALUES ('a', 'm', 'Glioma', 0, 0.9, '2026-01-01')")
        for column in added:
            earlier.execute(f"ALTER TABLE reading ADD COLUMN {column}")
        earlier.execute(f"PRAGMA user_version = {version}")
    for _ in range(2):  # a migrated file is left as it is
        store = RecordStore(file)
        assert store.verdict_for("a", "m") == RecordedVerdict("Glioma", 0, 0.9, "")
        store.add(replace(read.reading, note="No head was found."))
        assert "No head" in store.verdict_for(read.scan.sha256, read.model_id).doubt
        store.close()
    assert rows_of(file) == [(None, None, None), (read.scan.window_source, None, None)]
