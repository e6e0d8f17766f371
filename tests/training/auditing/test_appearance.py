import cv2
import numpy as np
import pytest

from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file
from training.auditing.appearance import Uneven, find_uneven, mode_of


@pytest.mark.parametrize(
    ("shape", "kind", "words"),
    [
        ((40, 40), np.uint8, "8 bits, grey"),
        ((40, 40, 3), np.uint8, "8 bits, colour"),
        ((40, 40), np.uint16, "over 8 bits, grey"),
    ],
)
def test_depth_and_colour_are_those_of_the_file(tmp_path, shape, kind, words):
    picture = np.random.default_rng(0).integers(0, 200, shape).astype(kind)
    cv2.imwrite(str(tmp_path / "scan.png"), picture)
    assert mode_of(read_scan(tmp_path / "scan.png")) == words


def test_a_dicom_file_says_itself_whether_it_is_in_colour():
    modes = [
        mode_of(read_scan(dicom_test_file(n))) for n in ("SC_rgb_rle_2frame.dcm", "MR_small.dcm")
    ]
    assert [mode.rpartition(", ")[2] for mode in modes] == ["colour", "grey"]


def test_a_class_apart_is_named_with_its_share_and_the_others():
    labels = ["a"] * 20 + ["b"] * 20 + ["c"] * 20
    sizes = ["512"] * 40 + ["225"] * 15 + ["512"] * 5
    (found,) = [one for one in find_uneven(labels, sizes, range(60)) if one.label == "c"]
    assert found == Uneven("c", "512", 0.25, 1.0)
    assert found.words == "25 % of “c” are 512, against 100 % of the others"
    # The size that distinguishes a class need not be its most frequent size.
    sizes = ["512"] * 30 + ["256"] * 10 + ["512"] * 10 + ["225"] * 10
    (found,) = [one for one in find_uneven(labels, sizes, range(60)) if one.label == "c"]
    assert found == Uneven("c", "225", 0.5, 0.0)


def test_of_two_classes_one_stands_for_both():
    assert len(find_uneven(["a"] * 20 + ["b"] * 20, ["1"] * 20 + ["2"] * 20, range(40))) == 1


def test_what_chance_brings_about_or_is_little_is_no_alarm():
    # Every scan has a size of its own: no size is a class's.
    assert find_uneven(["a"] * 30 + ["b"] * 30, [str(n) for n in range(60)], range(60)) == []
    # Three of four against one of four is too few to say.
    assert (
        find_uneven(["a"] * 4 + ["b"] * 4, ["1", "1", "1", "2", "1", "2", "2", "2"], range(8)) == []
    )
    assert find_uneven(["a"] * 9, ["1"] * 9, range(9)) == []
    # With very many files, a difference of 15 points is significant but small.
    sizes = ["1"] * 600 + ["2"] * 400 + ["1"] * 450 + ["2"] * 550
    assert find_uneven(["a"] * 1000 + ["b"] * 1000, sizes, range(2000)) == []


def test_many_slices_of_few_patients_are_few():
    # Four of five patients against two of five, thirty slices each.
    labels, sizes = (
        ["a"] * 150 + ["b"] * 150,
        ["512"] * 120 + ["256"] * 30 + ["512"] * 60 + ["256"] * 90,
    )
    assert find_uneven(labels, sizes, range(300))
    assert find_uneven(labels, sizes, [number // 30 for number in range(300)]) == []
