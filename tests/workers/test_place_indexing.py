import threading
import zipfile

import pytest

from btgui.engine.errors import Cancelled
from btgui.engine.studies.archives import UnpackedArchives
from btgui.workers.place_indexing import PlaceIndexing
from tests.conftest import write_head


@pytest.fixture
def indexing(qapp):
    indexing = PlaceIndexing()
    yield indexing
    indexing.close()


def test_pictures_are_found_and_other_files_named(indexing, qtbot, tmp_path):
    (tmp_path / "inner").mkdir()
    files = [write_head(tmp_path / "inner" / "b.png"), write_head(tmp_path / "a.png")]
    (tmp_path / "read me.txt").write_text("text")
    with qtbot.waitSignal(indexing.indexed) as told:
        indexing.start([tmp_path])
    index = told.args[0]
    assert sorted(index.pictures) == sorted(files)
    assert [file.path.name for file in index.passed_over] == ["read me.txt"]


@pytest.mark.parametrize(
    ("places", "is_all"), [([""], True), (["a.png"], False), (["", "a.png"], False)]
)
def test_the_folder_is_told_first(indexing, qtbot, tmp_path, places, is_all):
    write_head(tmp_path / "a.png")
    told = []
    indexing.reached.connect(lambda *place: told.append(place))
    with qtbot.waitSignal(indexing.indexed):
        indexing.start([tmp_path / place for place in places])
    assert told == [(tmp_path, is_all)]


def test_a_place_that_cannot_be_looked_at_is_listed_for_opening_it_tells_why(
    indexing, qtbot, tmp_path, told
):
    place = tmp_path / ("x" * 300)  # as in a folder without permission, asking about it fails
    with qtbot.waitSignal(indexing.indexed) as listed:
        indexing.start([place])
    assert listed.args[0].pictures == (place,)
    assert told == []


def test_of_two_requests_only_the_newer_is_told(indexing, qtbot, tmp_path):
    told = []
    indexing.indexed.connect(told.append)
    indexing.start([tmp_path])
    indexing.start([write_head(tmp_path / "a.png")])
    qtbot.waitUntil(lambda: bool(told))
    indexing.close()
    assert [len(index.pictures) for index in told] == [1]


def test_what_is_cancelled_is_not_told(indexing, qtbot, tmp_path):
    told = []
    indexing.indexed.connect(told.append)
    indexing.start([tmp_path])
    indexing.cancel()
    indexing.close()
    qtbot.wait(20)
    assert told == []


@pytest.mark.parametrize("then", ["cancelled", "another"])
def test_progress_on_its_way_when_it_is_stopped_is_not_told(
    indexing, qtbot, tmp_path, monkeypatch, then
):
    on_its_way, may_end = threading.Event(), threading.Event()

    def look(_places, tell, _stopped, _archives):
        tell(1, 5)
        on_its_way.set()
        may_end.wait(30)
        raise Cancelled("stopped")

    with monkeypatch.context() as slow:
        slow.setattr("btgui.workers.place_indexing._REPORT_SECONDS", -1.0)
        slow.setattr("btgui.engine.studies.index.index_places", look)
        told = []
        indexing.progressed.connect(lambda *numbers: told.append(numbers))
        indexing.start([tmp_path])
        assert on_its_way.wait(30)
    if then == "cancelled":
        indexing.cancel()
    else:
        indexing.start([tmp_path])
    may_end.set()
    qtbot.wait(50)
    assert (1, 5) not in told


def test_a_zip_is_unpacked_until_other_places_are_shown_and_nothing_in_it_is_in_use(
    indexing, qtbot, tmp_path
):
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        archive.write(write_head(tmp_path / "a.png"), "inner/a.png")
    with qtbot.waitSignal(indexing.indexed) as told:
        indexing.start([tmp_path / "disc.zip"])
    (picture,) = told.args[0].pictures
    assert picture.name == "a.png"
    assert picture.is_file()
    with qtbot.waitSignal(indexing.indexed):
        indexing.start([tmp_path / "a.png"])
    indexing.release([picture])
    assert picture.is_file()
    indexing.release([tmp_path / "a.png"])
    qtbot.waitUntil(lambda: not picture.exists())


def test_what_is_listed_is_never_released(indexing, qtbot, tmp_path):
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        archive.write(write_head(tmp_path / "a.png"), "a.png")
    with qtbot.waitSignal(indexing.indexed) as told:
        indexing.start([tmp_path / "disc.zip"])
    indexing.release()
    assert told.args[0].pictures[0].is_file()


def test_nothing_unpacked_is_left_when_it_is_closed(indexing, qtbot, tmp_path):
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        archive.write(write_head(tmp_path / "a.png"), "a.png")
    with qtbot.waitSignal(indexing.indexed) as told:
        indexing.start([tmp_path / "disc.zip"])
    (picture,) = told.args[0].pictures
    indexing.close()
    qtbot.waitUntil(lambda: not picture.exists())


def test_removing_what_was_unpacked_does_not_hold_up_the_window(
    indexing, qtbot, tmp_path, monkeypatch
):
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        archive.write(write_head(tmp_path / "a.png"), "a.png")
    with qtbot.waitSignal(indexing.indexed) as told:
        indexing.start([tmp_path / "disc.zip"])
    (picture,) = told.args[0].pictures
    removed_on = []
    close = UnpackedArchives.close

    def remove(archives):
        removed_on.append(threading.current_thread())
        close(archives)

    monkeypatch.setattr(UnpackedArchives, "close", remove)
    indexing.forget()
    qtbot.waitUntil(lambda: not picture.exists())
    (thread,) = removed_on
    assert thread is not threading.main_thread()
    assert not thread.daemon  # the program waits for it
