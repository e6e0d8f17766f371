import sys

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from btgui.engine.dicom.headers import read_header
from btgui.engine.dicom.traits import traits_in
from tests.dicom_files import put
from tools.make_series import make_series

SIEMENS = (0x19, "SIEMENS MR HEADER")
GE, GE_DIRECTIONS = (0x43, "GEMS_PARM_01"), (0x19, "GEMS_ACQU_01")
PHILIPS, PHILIPS_DIRECTIONS = (
    (0x2001, "Philips Imaging DD 001"),
    (0x2005, "Philips MR Imaging DD 001"),
)

UNITED = (0x65, "Image Private Header")


def traits_of(folder, *, syntax=ExplicitVRLittleEndian, private=(), **elements):
    (file,) = make_series(folder, slices=1, size=16)
    dataset = dcmread(file)
    for keyword, value in elements.items():
        setattr(dataset, keyword, value)
    for (group, creator), element, kind, value in private:
        dataset.private_block(group, creator, create=True).add_new(element, kind, value)
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(file, implicit_vr=syntax.is_implicit_VR, little_endian=True)
    (traits,) = read_header(file).traits
    return traits


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize(
    "private",
    [
        [(SIEMENS, 0x0C, "IS", "1000"), (SIEMENS, 0x0E, "FD", [0.6, 0.8, 0])],
        [
            (GE, 0x39, "IS", ["1000001000", "8", "0", "0"]),
            *((GE_DIRECTIONS, 0xBB + n, "DS", part) for n, part in enumerate(["0.6", "0.8", "0"])),
        ],
        [
            (PHILIPS, 0x03, "FL", 1000.0),
            *((PHILIPS_DIRECTIONS, 0xB0 + n, "FL", part) for n, part in enumerate((0.6, 0.8, 0.0))),
        ],
        [(UNITED, 0x09, "FD", 1000.0), (UNITED, 0x37, "FD", [0.6, 0.8, 0])],
    ],
    ids=["Siemens", "GE", "Philips", "United Imaging"],
)
def test_makers_keep_b_values_in_elements_of_their_own(tmp_path, private, syntax):
    traits = traits_of(tmp_path, private=private, syntax=syntax)
    assert (traits.b_value, traits.direction) == (1000.0, (0.6, 0.8, 0.0))


def test_a_private_element_of_another_maker_says_nothing(tmp_path):
    other = [((0x19, "SOMEBODY ELSE"), 0x0C, "IS", "1000")]
    assert traits_of(tmp_path, private=other).b_value is None


@pytest.mark.parametrize(
    ("name", "b_value", "direction"),
    [("*ep_b1000t", 1000.0, None), ("ep_b50#12", 50.0, (12.0,)), ("*ep2d1_64", None, None)],
)
def test_without_private_elements_siemens_names_of_sequences_tell(
    tmp_path, name, b_value, direction
):
    traits = traits_of(tmp_path, SequenceName=name)
    assert (traits.b_value, traits.direction) == (b_value, direction)


def test_ge_tells_the_part_of_a_complex_picture_in_a_number(tmp_path):
    kind = ["ORIGINAL", "PRIMARY", "OTHER"]
    traits = traits_of(tmp_path, ImageType=kind, private=[(GE, 0x2F, "SS", 1)])
    assert traits.kind == "ORIGINAL\\PRIMARY\\OTHER\\PHASE"


def test_elements_of_the_standard(tmp_path):
    traits = traits_of(
        tmp_path,
        EchoNumbers=2,
        EchoTime=98,
        DiffusionBValue=50.0,
        DiffusionGradientOrientation=[0, 0, 1],
        TemporalPositionIdentifier=3,
        AcquisitionNumber=4,
        AcquisitionTime="101112",
    )
    assert (traits.echo, traits.echo_ms, traits.b_value) == (2, 98.0, 50.0)
    assert (traits.direction, traits.time, traits.acquisition) == ((0, 0, 1), 3, 4)
    assert (traits.acquired, traits.inversion_ms, traits.volume) == ("101112", None, ())


def enhanced(folder, *frames, **top):
    """Write an enhanced file with these functional groups per frame; return the frames' traits."""
    (file,) = make_series(folder, slices=len(frames), size=16, enhanced=True)
    dataset = dcmread(file)
    for keyword, value in top.items():
        setattr(dataset, keyword, value)
    for groups, frame in zip(frames, dataset.PerFrameFunctionalGroupsSequence, strict=True):
        for name, elements in groups.items():
            setattr(frame, name, [item(**elements)])
    dataset.save_as(file)
    return read_header(file).traits


def item(**elements):
    made = Dataset()
    for keyword, value in elements.items():
        setattr(made, keyword, value)
    return made


def test_frames_have_their_own(tmp_path):
    first, second = enhanced(
        tmp_path,
        {"MREchoSequence": {"EffectiveEchoTime": 14.0}},
        {
            "MREchoSequence": {"EffectiveEchoTime": 98.0},
            "MRDiffusionSequence": {
                "DiffusionBValue": 1000.0,
                "DiffusionDirectionality": "ISOTROPIC",
                "DiffusionGradientDirectionSequence": [
                    item(DiffusionGradientOrientation=[0.0, 1.0, 0.0])
                ],
            },
            "MRImageFrameTypeSequence": {
                "FrameType": ["ORIGINAL", "PRIMARY", "DIFFUSION", "NONE"],
                "ComplexImageComponent": "MAGNITUDE",
            },
            "FrameContentSequence": {
                "TemporalPositionIndex": 2,
                "StackID": "1",
                "FrameAcquisitionNumber": 5,
            },
        },
    )
    assert (first.echo_ms, second.echo_ms) == (14.0, 98.0)
    assert (first.b_value, second.b_value) == (None, 1000.0)
    assert (second.direction, second.time, second.stack) == ((0.0, 1.0, 0.0), 2, "1")
    assert (first.acquisition, second.acquisition) == (None, 5)
    assert second.kind == "ORIGINAL\\PRIMARY\\DIFFUSION\\NONE\\MAGNITUDE\\ISOTROPIC"


def test_what_frames_do_not_say_the_header_does(tmp_path):
    first, second = enhanced(
        tmp_path,
        {"MREchoSequence": {"EffectiveEchoTime": 14.0}},
        {},
        EchoTime=98,
        AcquisitionNumber=4,
    )
    assert (first.echo_ms, first.acquisition) == (14.0, 4)
    assert (second.echo_ms, second.acquisition) == (98.0, 4)


def test_one_frame_in_a_file_of_frames_has_its_own_too(tmp_path):
    (only,) = enhanced(tmp_path, {"MREchoSequence": {"EffectiveEchoTime": 14.0}}, EchoTime=98)
    assert (only.echo_ms, only.volume) == (14.0, ())


def test_twice_as_many_frames_take_twice_as_long(tmp_path):
    def calls(frames):
        groups = {"MREchoSequence": {"EffectiveEchoTime": 14.0}}
        enhanced(tmp_path / f"{frames}", *[groups] * frames)
        (file,) = (tmp_path / f"{frames}").iterdir()
        dataset, counted = dcmread(file), []
        sys.setprofile(lambda _frame, event, _of: counted.append(1) if event == "call" else None)
        try:
            traits_in(dataset, frames)
        finally:
            sys.setprofile(None)
        return len(counted)

    assert calls(80) <= 2 * calls(40)


def test_files_made_of_many_keep_theirs_in_groups_of_their_own(tmp_path):
    group = "UnassignedPerFrameConvertedAttributesSequence"
    first, second = enhanced(
        tmp_path, *({group: {"EchoTime": time, "EchoNumbers": n}} for n, time in ((1, 14), (2, 98)))
    )
    assert (first.echo, first.echo_ms) == (1, 14.0)
    assert (second.echo, second.echo_ms) == (2, 98.0)


def test_of_a_frame_s_dimensions_those_in_space_do_not_tell_volumes_apart(tmp_path):
    pointers = (0x00209056, 0x00209057, 0x00209128)  # stack, place in it, time
    content = [{"DimensionIndexValues": [1, place, time]} for time in (1, 2) for place in (1, 2)]
    found = enhanced(
        tmp_path,
        *({"FrameContentSequence": one} for one in content),
        DimensionIndexSequence=[item(DimensionIndexPointer=one) for one in pointers],
        InstanceNumber=7,
    )
    assert [traits.volume for traits in found] == [(7, 1), (7, 1), (7, 2), (7, 2)]


def test_damage_costs_the_traits_not_the_picture(tmp_path):
    (file,) = make_series(tmp_path, slices=1, size=16)
    dataset = dcmread(file)
    broken = ("EchoNumbers", "AcquisitionNumber", "DiffusionBValue", "DimensionIndexSequence")
    for keyword in broken:
        put(dataset, keyword, "no")
    dataset.save_as(file)
    header = read_header(file)
    assert header.frames == 1
    assert (header.traits[0].echo, header.traits[0].b_value) == (None, None)
