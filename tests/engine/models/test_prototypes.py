from dataclasses import replace

import numpy as np
import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import ModelPackError
from btgui.engine.models.pack import ModelPack, export_pack, import_pack, open_pack, write_pack
from btgui.engine.models.prototypes import PROTOTYPES_FILE, read_detector, write_prototypes
from btgui.engine.novelty import features_of
from btgui.engine.results import NOVEL

WIDTH = 16


def npy(header, content=b""):
    """Return the bytes of a NumPy file with any header."""
    line = header.encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + len(line).to_bytes(2, "little") + line + content


def array_of(shape):
    return npy(f"{{'descr': '<f2', 'fortran_order': False, 'shape': {shape}}}", bytes(64))


@pytest.fixture
def with_prototypes(tiny_pack, tmp_path):
    """Return a function that writes the small pack anew, with prototypes and a limit."""

    def write(prototypes, limit=0.5):
        file = write_prototypes(tmp_path, np.asarray(prototypes, np.float32))
        card = replace(tiny_pack.card, novelty_limit=limit)
        return write_pack(tmp_path / "pack", card, tiny_pack.model_file, (file,))

    return write


@pytest.fixture
def damaged(tiny_pack, tmp_path):
    """Return a function that gives the small pack a file of prototypes, checked by nothing."""

    def write(content):
        if isinstance(content, bytes):
            (tmp_path / PROTOTYPES_FILE).write_bytes(content)
        elif content is not None:
            np.save(tmp_path / PROTOTYPES_FILE, content)
        return ModelPack(tmp_path, replace(tiny_pack.card, novelty_limit=0.5))

    return write


def test_prototypes_come_back_as_they_were_written(with_prototypes):
    pack = open_pack(with_prototypes(np.eye(3, WIDTH)).folder)
    detector = read_detector(pack.folder, pack.card)
    assert np.array_equal(detector.prototypes, np.eye(3, WIDTH))
    assert detector.limit == 0.5


def test_they_travel_with_the_pack(with_prototypes, tmp_path):
    export_pack(with_prototypes(np.eye(3, WIDTH)), tmp_path / "sent.btmodel")
    received = import_pack(tmp_path / "sent.btmodel", tmp_path / "library")
    assert len(read_detector(received.folder, received.card).prototypes) == 3


def test_a_model_without_prototypes_has_no_detector_and_says_nothing_of_novelty(
    tiny_pack, analysis
):
    assert read_detector(tiny_pack.folder, tiny_pack.card) is None
    assert analysis.prediction.novelty is None
    assert not analysis.prediction.is_novel


@pytest.mark.parametrize(("side", "is_novel"), [(1, False), (-1, True)])
def test_a_scan_far_from_all_prototypes_is_doubtful_and_one_at_a_prototype_is_not(
    with_prototypes, tiny_pack, scan_file, side, is_novel
):
    plain = Analyser(tiny_pack)
    own = plain.read(scan_file)
    means = plain.runtime.outputs(own.preprocessed.network_input[None]).stage_means
    found = Analyser(with_prototypes(side * features_of(means))).read(scan_file)
    assert found.prediction.novelty == pytest.approx(4 if is_novel else 0, abs=0.01)
    assert found.prediction.is_novel is is_novel
    assert (NOVEL in found.reading.doubt) is is_novel
    assert found.prediction.probabilities == own.prediction.probabilities


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "No such file"),
        (b"", "No data left|magic string|cannot be used"),
        (b"PK no array", "cannot be used"),
        (b"PK\x03\x04 no archive", "a NumPy array"),
        (npy("{'descr': ("), "a NumPy array"),  # the tokenizer's error
        (npy("{[1]}"), "a NumPy array"),  # a TypeError
        (array_of((10**30, WIDTH)), "a NumPy array"),  # an OverflowError
        (array_of((900, 50_000)), "a NumPy array"),  # more than the file holds
        (np.zeros(WIDTH, np.float16), "a matrix"),
        (np.zeros((2, WIDTH), np.float32), "half-precision"),
        (np.zeros((0, WIDTH), np.float16), "at most 1,000 prototypes"),
        (np.zeros((1001, 1), np.float16), "received 1,001"),
        (np.full((2, WIDTH), np.nan, np.float16), "finite"),
        (np.array([[None]]), "cannot be used"),  # would need pickle
    ],
)
def test_damaged_prototypes_are_refused_with_a_reason(damaged, content, complaint):
    pack = damaged(content)
    with pytest.raises(ModelPackError, match=complaint):
        read_detector(pack.folder, pack.card)


def test_prototypes_of_another_network_are_refused(with_prototypes, scan_file):
    with pytest.raises(
        ModelPackError, match=r"do not fit its network: expected \d+ features, received 3"
    ):
        Analyser(with_prototypes(np.eye(3))).read(scan_file)


def test_a_pack_is_opened_only_with_prototypes_that_can_be_used(with_prototypes, tmp_path):
    pack = with_prototypes(np.full((2, WIDTH), np.nan))
    with pytest.raises(ModelPackError, match="expected finite numbers"):
        open_pack(pack.folder)
    with pytest.raises(ModelPackError, match="expected finite numbers"):
        import_pack(pack.folder, tmp_path / "library")


def test_a_card_with_a_limit_needs_prototypes(tiny_pack, tmp_path):
    card = replace(tiny_pack.card, novelty_limit=0.5)
    with pytest.raises(ModelPackError, match=r"has a novelty limit but no prototypes\.npy"):
        write_pack(tmp_path / "new", card, tiny_pack.model_file)
    assert not (tmp_path / "new").exists()
