from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from btgui.engine.geometry import location_of
from btgui.engine.scan import ScanAddress
from btgui.engine.studies.series import Slice
from btgui.engine.studies.stack import Stack, stack_of_file

AXIAL = (1.0, 0, 0, 0, 1, 0)
FROM_ABOVE = (1.0, 0, 0, 0, -1, 0)  # the same planes, seen from the other side
CORONAL = (1.0, 0, 0, 0, 0, -1)


def tilted(degrees):
    angle = np.radians(degrees)
    return (1.0, 0, 0, 0, float(np.cos(angle)), float(np.sin(angle)))


def stack(heights, orientation=AXIAL, study="one"):
    """Slices at these positions along the body; None where the header states no position."""
    slices = []
    for number, height in enumerate(heights):
        position = None if height is None else (-100.0, -100.0, float(height))
        place = location_of(position, orientation)
        slices.append(
            Slice(ScanAddress(Path("made"), number), number + 1, position, orientation, place)
        )
    return Stack("made", "", study, tuple(slices))


FINE = stack(range(0, 30, 1))


def test_while_the_patient_is_hidden_only_a_title_that_names_none_is_told():
    described = replace(FINE, title="Knee of Mrs Doe", bare_title="Series 3")
    assert described.called(patient_visible=True) == "Knee of Mrs Doe"
    assert described.called(patient_visible=False) == "Series 3"
    assert FINE.called(patient_visible=False) == FINE.title


def test_slices_of_one_study_are_matched_by_millimetres():
    coarse = stack([0, 6, 12, 18, 24])
    assert [coarse.slice_at(FINE, index) for index in (0, 2, 4, 11, 29)] == [0, 0, 1, 2, 4]
    assert [FINE.slice_at(coarse, index) for index in range(5)] == [0, 6, 12, 18, 24]


def test_a_series_in_the_other_order_or_seen_from_the_other_side_is_matched_too():
    downwards = stack([24, 18, 12, 6, 0], FROM_ABOVE)
    assert downwards.slice_at(FINE, 18) == 1
    assert FINE.slice_at(downwards, 0) == 24


def test_what_lies_outside_is_met_by_the_end():
    assert FINE.slice_at(stack([-50, 50]), 0) == 0
    assert FINE.slice_at(stack([-50, 50]), 1) == 29


@pytest.mark.parametrize(("degrees", "index"), [(4, 10), (6, 15)])
def test_planes_are_parallel_within_five_degrees(degrees, index):
    moved = stack([-10, 10, 30], tilted(degrees))
    assert abs(FINE.slice_at(moved, 1) - index) <= 1


@pytest.mark.parametrize(
    "other",
    [
        stack([0, 6, 12, 18, 24], study="another"),
        stack([0, 6, 12, 18, 24], CORONAL),
        stack([None] * 5),
        stack([1e300, 1e308, -1e308, 1e308, -1e300], (0.0,) * 6),
    ],
    ids=["study", "plane", "no position", "no plane"],
)
def test_elsewhere_the_share_of_the_way_counts(other):
    assert [FINE.slice_at(other, index) for index in range(5)] == [0, 7, 14, 22, 29]


@pytest.mark.parametrize(
    ("frames", "index"), [(("1", "1"), 6), (("1", ""), 6), (("", ""), 6), (("1", "2"), 7)]
)
def test_millimetres_of_two_frames_of_reference_are_not_compared(frames, index):
    coarse, fine = (
        replace(one, frame_of_reference=frame)
        for one, frame in zip((stack([0, 6, 12, 18, 24]), FINE), frames, strict=True)
    )
    assert fine.slice_at(coarse, 1) == index


def test_of_a_series_in_several_planes_only_the_parallel_slices_are_met():
    mixed = Stack("scout", "", "one", (*stack([3, 9], CORONAL).slices, *stack([3, 9]).slices))
    assert mixed.slice_at(FINE, 8) == 3
    assert FINE.slice_at(mixed, 2) == 3


def test_absurd_positions_do_no_harm():
    absurd = stack([1e308, -1e308])
    assert FINE.slice_at(absurd, 0) in range(30)
    assert absurd.slice_at(FINE, 0) in range(2)


def test_a_single_file_is_a_stack_of_one():
    file = stack_of_file(ScanAddress(Path("folder/head.png")))
    assert (file.title, file.addresses) == ("head.png", (ScanAddress(Path("folder/head.png")),))
    assert file.slice_at(FINE, 20) == 0
    assert FINE.slice_at(file, 0) == 15


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        (("A", "1"), ("A", "2"), False),
        (("A", "1"), ("B", "1"), True),
        (("A", ""), ("B", ""), True),
        (("A", ""), ("", ""), True),
        (("", "1"), ("", "2"), True),
        (("", "1"), ("", "1"), False),
        (("", "1"), ("", ""), True),
        (("", ""), ("", ""), False),
    ],
)
def test_who_may_be_another_patient(one, other, may_be):
    one, other = (Stack("made", *of, ()) for of in (one, other))
    assert one.may_be_of_another_patient(other) == may_be
    assert other.may_be_of_another_patient(one) == may_be


def test_studies_of_two_patients_are_two_though_their_numbers_agree():
    one, other = (Stack("made", patient, "1", ()) for patient in ("A", "B"))
    assert not one.is_of_the_study_of(other)
    assert not Stack("made", "A", "", ()).is_of_the_study_of(Stack("made", "A", "", ()))
    assert one.is_of_the_study_of(Stack("other", "A", "1", ()))
