import threading
import time

from PySide6.QtCore import Qt

from btgui.engine.disk import time_limit
from btgui.engine.disk.files import sha256_of
from btgui.views import thumbnail_loader
from btgui.views.thumbnail_loader import THUMBNAIL_SIDE, ThumbnailLoader
from tests.conftest import write_head


def test_a_thumbnail_and_the_file_s_digest_arrive(loader, qtbot, scan_file):
    with qtbot.waitSignal(loader.thumbnail_ready) as ready:
        loader.ask(scan_file)
    path, image, digest = ready.args
    assert path == scan_file
    assert max(image.width(), image.height()) == THUMBNAIL_SIDE
    assert digest == sha256_of(scan_file)


def test_a_file_that_is_no_scan_gives_an_empty_tile(loader, qtbot, tmp_path):
    (tmp_path / "notes.png").write_text("not a picture")
    with qtbot.waitSignal(loader.thumbnail_ready) as ready:
        loader.ask(tmp_path / "notes.png")
    assert ready.args[1].isNull()
    assert ready.args[2] == ""


def test_the_work_is_done_away_from_the_window_s_thread(loader, qtbot, scan_file, monkeypatch):
    threads = []
    make = thumbnail_loader.read_thumbnail

    def noting(path, side):
        threads.append(threading.get_ident())
        return make(path, side)

    monkeypatch.setattr(thumbnail_loader, "read_thumbnail", noting)
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.ask(scan_file)
    assert threads[0] != threading.get_ident()


def test_nothing_is_told_after_closing(qtbot, tmp_path):
    loader = ThumbnailLoader()
    for number in range(20):
        loader.ask(write_head(tmp_path / f"{number}.png", seed=number))
    loader.close()
    with qtbot.assertNotEmitted(loader.thumbnail_ready, wait=50):
        loader.ask(tmp_path / "1.png")


def test_closing_leaves_a_drive_without_an_answer(qtbot, scan_file, monkeypatch):
    begun, answer = threading.Event(), threading.Event()

    def silent(*_):
        begun.set()
        answer.wait(60)

    monkeypatch.setattr(thumbnail_loader, "read_thumbnail", silent)
    loader = ThumbnailLoader()
    loader.ask(scan_file)
    assert begun.wait(30)
    start = time.monotonic()
    loader.close()
    assert time.monotonic() - start < 30
    answer.set()


def test_what_was_begun_before_all_was_forgotten_is_not_told(
    loader, qtbot, scan_file, tmp_path, monkeypatch
):
    begun, answer = threading.Event(), threading.Event()
    make = thumbnail_loader.read_thumbnail

    def slow(place, side):
        if place == scan_file:
            begun.set()
            answer.wait(60)
        return make(place, side)

    monkeypatch.setattr(thumbnail_loader, "read_thumbnail", slow)
    told = []
    loader.thumbnail_ready.connect(lambda path, *_: told.append(path))
    loader.ask(scan_file)
    assert begun.wait(30)
    loader.forget()
    answer.set()
    other = write_head(tmp_path / "other.png", seed=5)
    loader.ask(other)
    qtbot.waitUntil(lambda: other in told)
    assert told == [other]


def test_drives_without_an_answer_hold_up_nothing_that_is_asked_for_later(
    loader, qtbot, make_heads, tmp_path, monkeypatch
):
    begun, answer = threading.Semaphore(0), threading.Event()
    make, silent = thumbnail_loader.read_thumbnail, make_heads(2)

    def slow(place, side):
        if place in silent:
            begun.release()
            answer.wait(60)
        return make(place, side)

    monkeypatch.setattr(thumbnail_loader, "read_thumbnail", slow)
    monkeypatch.setattr(time_limit, "_ENDING_SECONDS", 0.01)
    for place in silent:  # one for each thread
        loader.ask(place)
        assert begun.acquire(timeout=30)
    loader.forget()
    other = write_head(tmp_path / "other.png", seed=5)
    with qtbot.waitSignal(loader.thumbnail_ready) as ready:
        loader.ask(other)
    assert ready.args[0] == other
    answer.set()


def test_a_picture_on_its_way_when_all_is_forgotten_is_not_told(
    loader, qtbot, scan_file, monkeypatch
):
    on_its_way = threading.Event()
    loader._made.connect(lambda *_: on_its_way.set(), Qt.ConnectionType.DirectConnection)
    loader.ask(scan_file)
    assert on_its_way.wait(30)
    loader.forget()
    with qtbot.assertNotEmitted(loader.thumbnail_ready, wait=50):
        pass


def test_what_is_not_expected_is_told_once_and_every_tile_is_plain(
    loader, qtbot, make_heads, monkeypatch, told
):
    def broken(*_):
        raise ZeroDivisionError("a defect")

    monkeypatch.setattr(thumbnail_loader, "read_thumbnail", broken)
    ready = []
    loader.thumbnail_ready.connect(lambda path, image, _digest: ready.append((path, image)))
    heads = make_heads(5)
    for head in heads:
        loader.ask(head)
    qtbot.waitUntil(lambda: len(ready) == len(heads))
    assert all(image.isNull() for _, image in ready)
    assert ["a defect" in message.details for message in told] == [True]
