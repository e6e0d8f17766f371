"""Download of the base networks' ImageNet weights, with progress, before anything long begins.

Keras would download them while it builds the network, after hours of preprocessing, with progress
only on a terminal and without a way to stop. The files and digests are those of
``keras.applications``, which a test compares with this table. The files are stored where Keras keeps
them, so that none is downloaded twice.
"""

from __future__ import annotations

import hashlib
import http.client
import os
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from btgui.engine.disk.files import replacing
from btgui.engine.errors import TrainingError
from btgui.engine.training_runs.events import PhaseStarted
from training.control import Control
from training.event_output import Reporter, begin

if TYPE_CHECKING:
    from collections.abc import Callable

SERVER = "https://storage.googleapis.com/tensorflow/keras-applications"
_TIMEOUT_SECONDS = 15
_CHUNK = 1 << 18
_MEGABYTE = 1e6


@dataclass(frozen=True)
class WeightsFile:
    """A file of a base network's weights.

    Attributes
    ----------
    name
        Name of the file in Keras' folder.
    place
        Path of the file below :data:`SERVER`.
    md5
        MD5 digest published by Keras, hexadecimal; "" if there is none.
    """

    name: str
    place: str
    md5: str = ""


_SUFFIX = "_weights_tf_dim_ordering_tf_kernels_notop.h5"
FILES = {
    "vgg19": WeightsFile(
        f"vgg19{_SUFFIX}", f"vgg19/vgg19{_SUFFIX}", "253f8cb515780f3b799900260a226db6"
    ),
    "resnet50": WeightsFile(
        f"resnet50{_SUFFIX}", f"resnet/resnet50{_SUFFIX}", "4d473c1dd8becc155b73f8504c6f6626"
    ),
    "xception": WeightsFile(
        f"xception{_SUFFIX}", f"xception/xception{_SUFFIX}", "b0042744bf5b25fce3cb969f33bebb97"
    ),
    "inceptionv3": WeightsFile(
        f"inception_v3{_SUFFIX}",
        f"inception_v3/inception_v3{_SUFFIX}",
        "bcbd6486424b2319ff4ef7d526e38f63",
    ),
    "nasnetlarge": WeightsFile(
        "nasnet_large_no_top.h5",
        "nasnet/NASNet-large-no-top.h5",
        "d81d89dc07e6e56530c4e77faddd61b5",
    ),
    "mobilenetv2": WeightsFile(
        "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
        "mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
    ),
}


def fetch_weights(
    architecture: str, weights: str, reporter: Reporter, control: Control | None = None
) -> None:
    """Download an architecture's ImageNet weights if they are requested and not present.

    Parameters
    ----------
    weights
        The initial weights in a training request; only "imagenet" is downloaded.

    Raises
    ------
    TrainingError
        There is no connection, or the file arrives damaged or cannot be written.
    Cancelled
        The run received a stop command; no partial file is left.
    """
    wanted = FILES.get(architecture)
    if weights != "imagenet" or wanted is None:
        return
    file = _folder() / wanted.name
    if _is_whole(file, wanted.md5):
        return
    reporter.emit(PhaseStarted("downloading"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with replacing(file) as temporary:
            with temporary.open("wb") as stream:
                _download(
                    wanted, stream, lambda total: begin(reporter, "downloading", total, control)
                )
            if not _is_whole(temporary, wanted.md5):
                raise TrainingError(
                    f"The file of the ImageNet weights arrived damaged: it differs from the one that "
                    f"Keras publishes. {_advice(wanted)}"
                )
    except OSError as error:
        raise TrainingError(
            f"The ImageNet weights cannot be written to {file.parent} ({error.strerror}). Free some "
            f"space there and start the training again."
        ) from error


def fetched_weights(architecture: str) -> Path | None:
    """Return the file of an architecture's ImageNet weights, or None if it is not present."""
    wanted = FILES.get(architecture)
    file = None if wanted is None else _folder() / wanted.name
    return file if file is not None and file.is_file() else None


def _download(
    wanted: WeightsFile, stream: IO[bytes], begin_with: Callable[[int], Callable[[int], None]]
) -> None:
    """Download a file into a stream.

    ``begin_with`` takes the length in bytes and returns a function that reports the bytes received.
    """
    source = f"{SERVER}/{wanted.place}"
    try:
        answer = urllib.request.urlopen(source, timeout=_TIMEOUT_SECONDS)  # noqa: S310  (our own address)
    except urllib.error.HTTPError as error:
        error.close()  # closes the connection
        raise TrainingError(
            f"The server of the ImageNet weights answered {error.code} ({error.reason}) when asked "
            f"for {source}. {_advice(wanted)}"
        ) from error
    except (OSError, http.client.HTTPException) as error:
        raise _no_connection(wanted, error) from error
    with answer:
        total = int(answer.headers.get("Content-Length") or 0)
        count, done = begin_with(total), 0
        while chunk := _read(answer, wanted):
            stream.write(chunk)
            done += len(chunk)
            count(done)
    if total and done != total:
        raise TrainingError(
            f"The download of the ImageNet weights was interrupted after {done / _MEGABYTE:.0f} of "
            f"{total / _MEGABYTE:.0f} MB. {_advice(wanted)}"
        )


def _read(answer: IO[bytes], wanted: WeightsFile) -> bytes:
    # Separate from writing, to distinguish a lost connection from a full disk.
    try:
        return answer.read(_CHUNK)
    except (OSError, http.client.HTTPException) as error:
        raise _no_connection(wanted, error) from error


def _no_connection(wanted: WeightsFile, error: Exception) -> TrainingError:
    reason = getattr(error, "reason", error)
    return TrainingError(
        f"No connection to the server of the ImageNet weights ({reason}). {_advice(wanted)}"
    )


def _advice(wanted: WeightsFile) -> str:
    return (
        f"Try again, or download the file {wanted.name} on another computer, copy it here and choose "
        f"it under Model. Its address is {SERVER}/{wanted.place}."
    )


def _folder() -> Path:
    """Return the folder in which Keras keeps weights."""
    home = os.environ.get("KERAS_HOME")
    return (Path(home).expanduser() if home else Path.home() / ".keras") / "models"


def _is_whole(file: Path, md5: str) -> bool:
    """Whether a file exists and has the given digest or, without one, is a complete HDF5 file."""
    if not file.is_file():
        return False
    if md5:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, _md5).hexdigest() == md5
    import h5py

    try:
        with h5py.File(file):
            return True  # h5py refuses truncated files
    except OSError:
        return False


def _md5() -> hashlib._Hash:
    return hashlib.md5(usedforsecurity=False)  # Keras publishes no other digest
