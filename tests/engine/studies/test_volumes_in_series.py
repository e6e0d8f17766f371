from itertools import product
from pathlib import Path

import pytest

from btgui.engine.dicom.traits import Traits
from btgui.engine.geometry import location_of
from btgui.engine.scan import ScanAddress
from btgui.engine.studies.series import Slice
from btgui.engine.studies.volumes_in_series import volumes_of

AXIAL = (1.0, 0, 0, 0, 1, 0)
CORONAL = (1.0, 0, 0, 0, 0, -1)
SAGITTAL = (0, 1.0, 0, 0, 0, -1)


def made(*pictures):
    """Slices, each given as (position along the normal or None, traits[, orientation])."""
    slices = []
    for number, (place, _, *turned) in enumerate(pictures, 1):
        orientation = turned[0] if turned else AXIAL
        position = None if place is None else (float(place),) * 3
        height = location_of(position, orientation)
        address = ScanAddress(Path(f"{number}"))
        slices.append(Slice(address, number, position, orientation, height))
    return slices, [picture[1] for picture in pictures]


def names(*pictures):
    return [volume.name for volume in volumes_of(*made(*pictures))]


def volumes(places, each):
    """Slices of one volume after another: ``each`` returns the traits of a position in a volume."""
    return [(place, traits(place)) for traits in each for place in range(places)]


def test_echoes_are_volumes_whatever_order_they_come_in():
    echoes = [Traits(echo=1, echo_ms=14.0), Traits(echo=2, echo_ms=98.0)]
    found = volumes_of(*made(*((place, echo) for place in range(4) for echo in echoes)))
    assert [one.name for one in found] == ["echo 1 (TE 14 ms)", "echo 2 (TE 98 ms)"]
    assert [one.indexes for one in found] == [(0, 2, 4, 6), (1, 3, 5, 7)]


def test_long_inversion_times_that_differ_by_less_than_a_hundredth_are_one():
    pictures = volumes(
        3, [lambda n, ti=ti: Traits(inversion_ms=ti + 9.0 * n) for ti in (500, 2500)]
    )
    assert names(*pictures) == [""]  # 500, 509 and 518 are three
    pictures = volumes(
        3, [lambda n, ti=ti: Traits(inversion_ms=ti + 9.0 * n) for ti in (1500, 2500)]
    )
    assert names(*pictures) == ["TI 1500 ms", "TI 2500 ms"]


def test_times_that_differ_by_rounding_are_one():
    long, short = (98.0, 98.004, 97.99), (4.9, 4.92, 4.9)
    pictures = [
        (n, Traits(echo_ms=time)) for times in (long, short) for n, time in enumerate(times)
    ]
    assert names(*pictures) == ["echo 1 (TE 4.9 ms)", "echo 2 (TE 97.99 ms)"]


@pytest.mark.parametrize(
    "traits",
    [
        lambda place: Traits(acquisition=place, trigger_ms=10.0 * place, echo_ms=3 + place / 1000),
        lambda place: Traits(acquisition=place % 2),
    ],
    ids=["changing from slice to slice", "interleaved"],
)
def test_one_volume_stays_one(traits):
    assert names(*volumes(6, [traits])) == [""]


def test_numbers_of_interleaved_acquisitions_do_not_tear_volumes_apart():
    phases = [lambda place, n=n: Traits(acquisition=2 * n + place % 2) for n in range(3)]
    assert names(*volumes(6, phases)) == [""]
    timed = [lambda place, n=n: Traits(acquisition=2 * n + place % 2, time=n + 1) for n in range(3)]
    assert names(*volumes(6, timed)) == ["time point 1", "time point 2", "time point 3"]


def test_several_traits_tell_volumes_apart_together():
    kinds = ("ORIGINAL\\PRIMARY\\M", "ORIGINAL\\PRIMARY\\P")
    each = [
        lambda _, kind=kind, echo=echo: Traits(kind=kind, echo=echo, acquisition=1)
        for kind, echo in product(kinds, (1, 2))
    ]
    assert names(*volumes(3, each)) == [
        "magnitude, echo 1",
        "magnitude, echo 2",
        "phase, echo 1",
        "phase, echo 2",
    ]


def test_directions_of_diffusion_follow_the_picture_without_one():
    gradients = [(1.0, 0, 0), (0, 1.0, 0), None]
    each = [lambda _, g=g: Traits(b_value=1000.0 if g else 0.0, direction=g) for g in gradients]
    assert names(*volumes(3, each)) == ["b 0", "b 1000, direction 1", "b 1000, direction 2"]


def test_a_map_of_some_places_is_a_volume_of_its_own():
    sources = [(place, Traits(kind="ORIGINAL\\PRIMARY\\M")) for place in range(6)]
    maps = [(place, Traits(kind="DERIVED\\SECONDARY\\ADC")) for place in (1, 2, 3)]
    found = volumes_of(*made(*sources, *maps))
    assert [(one.name, len(one.indexes)) for one in found] == [("magnitude", 6), ("ADC", 3)]


def test_a_slice_taken_again_does_not_take_a_volume_apart():
    again = [(place, Traits(acquisition=1)) for place in range(6)] + [(3, Traits(acquisition=2))]
    assert names(*again) == [""]


def test_what_was_sent_twice_stays_in_its_volume():
    slices, traits = made(*volumes(4, [lambda _: Traits(echo=1), lambda _: Traits(echo=2)]))
    found = volumes_of([*slices, slices[2]], [*traits, traits[2]])
    assert [one.indexes for one in found] == [(0, 1, 2, 3, 8), (4, 5, 6, 7)]
    assert len(volumes_of([*slices[:4], *slices[:4]], [*traits[:4], *traits[:4]])) == 1


def test_one_place_seen_again_and_again_stays_one_series():
    assert names(*((0, Traits(time=number)) for number in range(5))) == [""]


def test_places_are_those_of_one_direction_though_cosines_are_rounded_in_some_files():
    plain, rounded = AXIAL, (1.0, 0, 0.0002, 0, 1, 0)
    slices, traits = made(
        *((100 + place, Traits(echo=1), plain) for place in range(3)),
        *((100 + place, Traits(echo=2), rounded) for place in range(3)),
    )
    assert abs(slices[0].location_mm - slices[3].location_mm) > 0.01
    assert [one.name for one in volumes_of(slices, traits)] == ["echo 1", "echo 2"]


def test_nothing_is_taken_apart_that_nothing_tells_apart():
    assert names(*volumes(4, [lambda _: Traits(echo=1)] * 3)) == [""]


def test_a_picture_without_a_place_is_apart_unless_its_traits_say_where_it_belongs():
    echoes = volumes(3, [lambda _: Traits(echo=1), lambda _: Traits(echo=2)])
    assert names(*echoes, (None, Traits())) == ["echo 1", "echo 2", "without a position"]
    found = volumes_of(*made(*echoes, (None, Traits(echo=1))))
    assert [len(one.indexes) for one in found] == [4, 3]


def test_no_slice_is_lost_where_volumes_and_pictures_without_a_place_have_no_trait():
    volumes_ = volumes(3, [lambda _: Traits(echo_ms=20.0), lambda _: Traits()])
    found = volumes_of(*made(*volumes_, (None, Traits(echo_ms=90.0))))
    assert [(one.name, len(one.indexes)) for one in found] == [
        ("echo 1 (TE 20 ms)", 3),
        ("other images", 3),
        ("without a position", 1),
    ]


def test_a_localizer_is_a_volume_for_each_plane():
    turned = [
        (place, Traits(), plane) for plane in (SAGITTAL, AXIAL, CORONAL) for place in range(3)
    ]
    assert names(*turned) == ["sagittal", "axial", "coronal"]
    assert names(*turned, *turned[:3]) == ["sagittal", "axial", "coronal"]


def test_planes_of_one_slice_each_stay_together():
    lone = [(0, Traits(), plane) for plane in (AXIAL, CORONAL, SAGITTAL)]
    assert names(*lone) == [""]
    assert names(*((place, Traits()) for place in range(3)), *lone[1:]) == [
        "axial",
        "other images",
    ]


def test_projections_around_an_axis_stay_together():
    from tests.engine.studies.test_stack import tilted

    around = [(place, Traits(), tilted(10 * turn)) for turn in range(9) for place in range(2)]
    assert names(*around) == [""]
    assert len(names(*around[:16])) == 8


def test_stacks_of_one_plane_are_numbered():
    from tests.engine.studies.test_stack import tilted

    stacks = [(place, Traits(), plane) for plane in (AXIAL, tilted(8)) for place in range(3)]
    assert names(*stacks) == ["axial 1", "axial 2"]


def test_a_frame_is_never_a_volume_by_itself():
    slices, traits = made(*((n, Traits()) for n in range(3)), (0, Traits(), CORONAL))
    frames = [
        Slice(ScanAddress(Path("one"), at), at + 1, s.position, s.orientation, s.location_mm)
        for at, s in enumerate(slices)
    ]
    assert len(volumes_of(slices, traits)) == 2
    assert len(volumes_of(frames, traits)) == 1
