import pytest

from btgui.engine.dicom.traits import Traits
from btgui.engine.studies.trait_words import kind_words, volume_names


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("ORIGINAL\\PRIMARY\\M\\ND", "magnitude"),
        ("ORIGINAL\\PRIMARY\\PHASE MAP\\P\\FFE", "phase"),
        ("ORIGINAL\\PRIMARY\\OTHER\\IMAGINARY", "imaginary part"),
        ("DERIVED\\PRIMARY\\M\\DIXON\\WATER", "water"),
        ("DERIVED\\PRIMARY\\F\\F\\DERIVED", "fat"),
        ("DERIVED\\PRIMARY\\DIXON\\OUT_PHASE", "opposed phase"),
        ("DERIVED\\PRIMARY\\DIFFUSION\\TRACEW\\NORM", "trace"),
        ("DERIVED\\PRIMARY\\M\\ND\\SUB", "subtraction"),
        ("DERIVED\\SECONDARY\\MODULUS SUBTRACT", "subtraction"),
        ("DERIVED\\PRIMARY\\T1\\SUBTRACTION", "subtraction"),
        ("DERIVED\\PRIMARY\\VELOCITY MAP", "phase"),
        ("ORIGINAL\\PRIMARY\\OTHER", ""),
        ("", ""),
    ],
)
def test_kinds_are_told_in_words(kind, words):
    assert kind_words(kind) == words


def named(chosen, *traits):
    return volume_names([Traits(**one) for one in traits], chosen)


def test_kinds_that_have_no_word_are_told_apart_by_what_they_do_not_share():
    kinds = ["ORIGINAL\\PRIMARY\\M_IR\\M\\IR", "ORIGINAL\\PRIMARY\\M_FFE\\M\\FFE"]
    assert named(["kind"], *({"kind": kind} for kind in kinds)) == ["M_IR IR", "M_FFE FFE"]
    kinds = ["ORIGINAL\\PRIMARY\\M\\ND", "ORIGINAL\\PRIMARY\\M\\ND\\NORM"]
    assert named(["kind"], *({"kind": kind} for kind in kinds)) == ["magnitude", "NORM"]
    kinds = ["ORIGINAL\\PRIMARY\\OTHER", "DERIVED\\SECONDARY\\OTHER"]
    assert named(["kind"], *({"kind": kind} for kind in kinds)) == ["original", "derived"]


def test_times_of_day_are_numbered_and_not_told():
    times = [{"acquired": "101500.5"}, {"acquired": "101200.0"}]
    assert named(["acquired"], *times) == ["time point 2", "time point 1"]


def test_what_says_nothing_has_a_name_too():
    assert named(["inversion_ms"], {"inversion_ms": 700.0}, {}) == ["TI 700 ms", "other images"]
    derived = {"kind": "DERIVED\\SECONDARY"}
    assert named(["echo"], {"echo": 1}, derived) == ["echo 1", "derived images"]
    assert named(["echo"], {}, {}) == ["other images (1)", "other images (2)"]
