"""Downloads from a local server, without network access."""

import errno
import hashlib
import threading
from contextlib import contextmanager
from functools import partial
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from btgui.engine.errors import Cancelled, TrainingError
from btgui.engine.training_runs.events import Command, PhaseStarted, Progress
from tests.training.conftest import Teller, tiny_net
from training.control import Control
from training.fitting.run import fit
from training.networks import imagenet_weights
from training.networks.architectures import ARCHITECTURES, build_network
from training.networks.imagenet_weights import (
    FILES,
    SERVER,
    WeightsFile,
    fetch_weights,
    fetched_weights,
)

CONTENT = bytes(range(256)) * 8192  # 2 MiB: several chunks
MD5 = hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()


@contextmanager
def serving(content=CONTENT, *, announced=None, status=200):
    """Serve the content under every path; ``announced`` is the Content-Length, 0 for none."""
    length = len(content) if announced is None else announced

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            if length:
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of the weights; the server has weights for the tiny network too."""
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setitem(FILES, "tiny", WeightsFile("tiny.h5", "of/tiny.h5", MD5))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    return tmp_path / "keras" / "models"


def fetch(monkeypatch, server, teller, control=None):
    monkeypatch.setattr(imagenet_weights, "SERVER", server)
    fetch_weights("tiny", "imagenet", teller, control)


def test_they_are_fetched_once_with_progress_in_bytes(folder, monkeypatch, teller):
    monkeypatch.setattr("training.event_output._TELL_SECONDS", 0.0)
    with serving() as server:
        fetch(monkeypatch, server, teller)
    assert (folder / "tiny.h5").read_bytes() == CONTENT
    assert [file.name for file in folder.iterdir()] == ["tiny.h5"]
    assert [(e.phase, e.total) for e in teller.of(PhaseStarted)] == [
        ("downloading", 0),
        ("downloading", len(CONTENT)),
    ]
    done = [event.done for event in teller.of(Progress)]
    assert done == sorted(done)
    assert (len(done) > 4, done[-1]) == (True, len(CONTENT))
    again = Teller()
    fetch(monkeypatch, server, again)  # the server is gone
    assert again.events == []


def test_a_damaged_one_that_lies_there_is_fetched_anew(folder, monkeypatch, teller):
    folder.mkdir(parents=True)
    (folder / "tiny.h5").write_bytes(CONTENT[:-1])
    with serving() as server:
        fetch(monkeypatch, server, teller)
    assert (folder / "tiny.h5").read_bytes() == CONTENT


def test_where_no_length_is_announced_all_that_comes_is_taken(folder, monkeypatch, teller):
    with serving(announced=0) as server:
        fetch(monkeypatch, server, teller)
    assert (folder / "tiny.h5").read_bytes() == CONTENT


def test_it_stops_when_it_is_told_to_and_leaves_nothing(folder, monkeypatch):
    control = Control()

    def stop_early(event):
        if isinstance(event, Progress):
            control.tell(Command.STOP)

    with serving() as server, pytest.raises(Cancelled):
        fetch(monkeypatch, server, Teller(stop_early), control)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("served", "words"),
    [
        ({"announced": len(CONTENT) * 3}, "interrupted after 2 of 6 MB"),
        ({"content": CONTENT[::-1]}, "arrived damaged"),
        ({"status": 404}, "answered 404"),
    ],
)
def test_what_is_not_the_file_is_refused_with_the_way_out(
    folder, monkeypatch, teller, served, words
):
    with serving(**served) as server, pytest.raises(TrainingError, match=words) as failed:
        fetch(monkeypatch, server, teller)
    assert "copy it here and choose it under Model" in str(failed.value)
    assert list(folder.iterdir()) == []


def test_a_shortened_one_without_a_published_digest_is_refused(
    folder, tmp_path, monkeypatch, teller
):
    tiny_net(include_top=False, weights=None, input_shape=(64, 64, 3)).save_weights(
        tmp_path / "of.weights.h5"
    )
    whole = (tmp_path / "of.weights.h5").read_bytes()
    monkeypatch.setitem(FILES, "tiny", WeightsFile("tiny.h5", "tiny.h5"))
    with serving(whole[:-1000]) as server, pytest.raises(TrainingError, match="damaged"):
        fetch(monkeypatch, server, teller)
    with serving(whole) as server:
        fetch(monkeypatch, server, teller)
    assert (folder / "tiny.h5").read_bytes() == whole


def test_without_a_connection_it_fails_before_anything_long_begins(
    folder, monkeypatch, teller, request_for, tmp_path
):
    with serving() as server:
        pass  # a port where no one listens any more
    monkeypatch.setattr(imagenet_weights, "SERVER", server)
    with pytest.raises(TrainingError, match="No connection to the server of the ImageNet weights"):
        fit(request_for(weights="imagenet"), tmp_path / "work", teller)
    assert [event.phase for event in teller.of(PhaseStarted)] == ["reading", "downloading"]


def test_a_connection_that_is_lost_on_the_way_is_told(folder, monkeypatch, teller):
    def lose(*_):
        raise ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")

    monkeypatch.setattr(HTTPResponse, "read", lose)
    with serving() as server, pytest.raises(TrainingError, match=r"No connection .* reset by peer"):
        fetch(monkeypatch, server, teller)
    assert list(folder.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_told(folder, monkeypatch, teller):
    folder.parent.touch()  # no folder
    with pytest.raises(TrainingError, match=r"cannot be written to .*\. Free some space there"):
        fetch(monkeypatch, "http://127.0.0.1:9", teller)


def test_the_network_starts_from_what_was_fetched(folder, monkeypatch, teller, tiny_architecture):
    trained = tiny_net(include_top=False, weights=None, input_shape=(64, 64, 3))
    folder.mkdir(parents=True)
    trained.save_weights(folder / "tiny.weights.h5")
    monkeypatch.setitem(FILES, "tiny", WeightsFile("tiny.weights.h5", "tiny.h5"))
    fetch(monkeypatch, "http://127.0.0.1:9", teller)
    network = build_network(tiny_architecture, 4, weights="imagenet", dropout=0.0)
    for ours, theirs in zip(network.get_weights(), trained.get_weights(), strict=False):
        assert np.array_equal(ours, theirs)


def test_other_weights_are_not_fetched(folder, monkeypatch, teller):
    for weights in ("none", "some/file.h5"):
        fetch_weights("tiny", weights, teller)
    assert teller.events == []
    assert not folder.exists()
    assert fetched_weights("tiny") is None


@pytest.mark.filterwarnings("ignore:`input_shape` is undefined")  # of MobileNetV2's table of sizes
@pytest.mark.parametrize("name", sorted(set(ARCHITECTURES) - {"tiny"}))
def test_the_files_are_those_that_keras_names(name, monkeypatch):
    """Compares the table with the requests of the installed Keras' own code."""
    import keras
    from keras.src.applications import nasnet
    from keras.src.utils import file_utils

    asked = []

    class AskedError(Exception):
        pass

    def note(fname, origin, cache_subdir, file_hash=None):
        asked.append((fname, origin, cache_subdir, file_hash or ""))
        raise AskedError

    monkeypatch.setattr(file_utils, "get_file", note)
    known = ARCHITECTURES[name]
    side = known.input_side
    make = getattr(keras.applications, known.keras_name)
    if name == "nasnetlarge":  # the same function builds it; whole, it takes half a minute
        make = partial(nasnet.NASNet, num_blocks=1, default_size=331)
    with pytest.raises(AskedError):
        make(include_top=False, weights="imagenet", input_shape=(side, side, 3))
    file = FILES[name]
    assert asked == [(file.name, f"{SERVER}/{file.place}", "models", file.md5)]
