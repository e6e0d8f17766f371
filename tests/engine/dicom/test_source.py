import io

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset
from pydicom.pixels.processing import convert_color_space
from pydicom.sequence import Sequence
from pydicom.uid import MPEG2MPML, HTJ2KLossless, RLELossless

from btgui.engine.dicom.source import looks_like_dicom
from btgui.engine.errors import ScanError
from btgui.engine.pictures.presets import header_windows
from btgui.engine.scan import Greys, Window
from btgui.engine.scan_source import read_scan
from tests.dicom_files import dicom_test_file, ramp_dataset, read, read_bytes


@pytest.fixture
def dataset():
    return ramp_dataset()


def test_12_bit_jpeg_has_the_values_of_another_decoder():
    """Values decoded by JPEG's reference code (libjpeg by Richter), which must not be shipped here."""
    values = read_scan(dicom_test_file("JPGExtended.dcm")).values
    assert (values.min(), values.max()) == (0, 264)
    known = [1, 1, 1, 1, 4, 4, 4, 6, 9, 13, 16, 19, 22, 27, 33, 37]
    assert np.abs(values[100, 100:116] - known).max() <= 1  # decoders may round differently
    known = [244, 242, 249, 260, 218, 219, 221, 223, 220, 210]
    assert np.abs(values[420, 140:150] - known).max() <= 1


def test_12_bit_jpeg_with_a_bad_marker_is_read_like_the_sound_file():
    bad, sound = (read_scan(dicom_test_file(n)) for n in ("JPEG-lossy.dcm", "JPGExtended.dcm"))
    assert np.array_equal(bad.values, sound.values)


def test_a_compression_without_a_decoder_is_named(dataset):
    dataset.file_meta.TransferSyntaxUID = MPEG2MPML
    dataset.PixelData = encapsulate([bytes(64)])
    dataset["PixelData"].VR = "OB"
    with pytest.raises(ScanError, match="MPEG2 Main Profile / Main Level"):
        read(dataset)


@pytest.mark.parametrize("unknown", ["1.2.3", "1.2.840.113619.5.2"])
def test_a_transfer_syntax_that_is_not_known_is_named(dataset, unknown):
    dataset.file_meta.TransferSyntaxUID = unknown  # any, or a maker's own
    stream = io.BytesIO()
    dataset.save_as(stream, implicit_vr=False, little_endian=True)
    with pytest.raises(ScanError, match=rf"its compression \({unknown}\) is not supported"):
        read_bytes(stream.getvalue())


def test_the_rescale_comes_first(dataset):
    dataset.RescaleSlope, dataset.RescaleIntercept = 2, -1000
    scan = read(dataset)
    assert scan.values[0, 0] == -1000
    assert scan.values[63, 63] == 2 * 4095 - 1000


@pytest.mark.parametrize(
    ("function", "centre", "width", "greys"),
    [
        # PS3.3 C.11.2.1.2.1: y = ((x - (c - 0.5)) / (w - 1) + 0.5) * 255
        pytest.param("LINEAR", 2048, 1001, {1547: 0, 2048: 128, 2548: 255}, id="linear"),
        pytest.param("LINEAR", 2000, 1, {1999: 0, 2000: 255, 2001: 255}, id="a threshold"),
        pytest.param("LINEAR_EXACT", 2000, 1000, {1500: 0, 1750: 64, 2500: 255}, id="exact"),
        # PS3.3 C.11.2.1.3.1: y = 255 / (1 + exp(-4 (x - c) / w)), of which exp must not overflow
        pytest.param("SIGMOID", 2000, 800, {2000: 128, 2400: 225}, id="sigmoid"),
        pytest.param("SIGMOID", 2000, 10, {0: 0, 2000: 128, 4000: 255}, id="narrow sigmoid"),
    ],
)
def test_the_window_of_the_header_is_applied_as_the_standard_says(
    dataset, function, centre, width, greys
):
    dataset.VOILUTFunction, dataset.WindowCenter, dataset.WindowWidth = function, centre, width
    scan = read(dataset)
    shown = scan.grey.ravel()
    assert {value: shown[value] for value in greys} == greys
    assert "window in the DICOM header" in scan.window_source


def test_of_several_windows_the_first_is_used(dataset):
    dataset.WindowCenter, dataset.WindowWidth = [1000, 3000], [100, 100]
    scan = read(dataset)
    assert scan.window.centre == pytest.approx(999.5)


def test_a_voi_table_is_looked_up(dataset):
    table = Dataset()
    table.LUTDescriptor = [4096, 0, 16]
    table.add_new("LUTData", "OW", np.arange(4095, -1, -1, dtype=np.uint16).tobytes())
    dataset.VOILUTSequence = Sequence([table])
    scan = read(dataset)
    assert scan.grey[0, 0] == 255
    assert scan.grey[63, 63] == 0
    assert scan.window_source == "VOI LUT in the DICOM header"
    assert scan.greys == Greys(scan.window_source, None)  # no window made it


def test_a_voi_table_s_own_range_decides_not_the_values_present(dataset):
    table = Dataset()
    table.LUTDescriptor = [4096, 0, 16]
    table.add_new("LUTData", "OW", np.arange(4096, dtype=np.uint16).tobytes())
    dataset.VOILUTSequence = Sequence([table])
    dataset.PixelData = np.full((64, 64), 2048, np.int16).tobytes()
    assert np.all(read(dataset).grey == 128)


def test_monochrome1_is_shown_with_high_values_dark(dataset):
    plain = read(dataset).grey
    dataset.PhotometricInterpretation = "MONOCHROME1"
    turned = read(dataset)
    assert np.array_equal(turned.grey, 255 - plain)
    assert turned.inverted


def test_without_a_window_the_values_themselves_decide(dataset):
    scan = read(dataset)
    assert "percentile" in scan.window_source
    assert (scan.grey.min(), scan.grey.max()) == (0, 255)


def test_values_over_eight_bits_do_not_wrap_around(dataset):
    grey = read(dataset).grey.ravel().astype(int)
    assert np.all(np.diff(grey) >= 0)


def test_spacing_and_sequence_are_kept_and_no_patient_data(dataset):
    dataset.PatientName, dataset.InstitutionName = "Somebody^Known", "Some hospital"
    dataset.PixelSpacing = [0.5, 0.75]
    scan = read(dataset)
    assert scan.spacing_mm == (0.5, 0.75)
    assert scan.metadata["Modality"] == "MR"
    assert "Frame" not in scan.metadata
    told = " ".join(scan.metadata.values())
    assert "Somebody" not in told
    assert "hospital" not in told


def test_damaged_facts_are_left_out_and_do_not_keep_the_picture_from_being_read(dataset):
    dataset.ContrastBolusAgent, dataset.LossyImageCompression = "Gadolinium", "01"
    stream = io.BytesIO()
    dataset.save_as(stream)
    content = stream.getvalue()
    for said in (b"\x08\0\x60\0CS", b"\x18\0\x10\0LO", b"\x28\0\x10\x21CS"):
        assert content.count(said) == 1
        content = content.replace(said, said[:4] + b"C]")  # no kind of value that there is
    scan = read_bytes(content)
    assert scan.metadata.keys() == read(dataset).metadata.keys() - {"Modality", "Contrast agent"}
    assert scan.lossy == ""
    assert np.array_equal(scan.values, read(dataset).values)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.__delattr__("PixelData"), "without an image"),
        (lambda d: setattr(d, "Rows", 0), "no pixels"),
        (lambda d: (setattr(d, "Rows", 9000), setattr(d, "Columns", 9000)), "81 million pixels"),
        (lambda d: setattr(d, "PixelData", d.PixelData[:100]), "damaged or incomplete"),
    ],
    ids=["no picture", "no rows", "bomb", "truncated"],
)
def test_what_cannot_be_read_is_told(dataset, change, words):
    change(dataset)
    with pytest.raises(ScanError, match=r"slice\.dcm") as refused:
        read(dataset)
    assert words in str(refused.value)


def test_of_a_truncated_file_the_frames_that_are_there_are_shown(dataset):
    dataset.NumberOfFrames = 5
    assert read(dataset, 0).metadata["Frame"] == "1 of 5"
    with pytest.raises(ScanError, match="damaged or incomplete"):
        read(dataset, 1)
    for frame in (5, -1):
        with pytest.raises(ScanError, match=f"has 5 frames; there is no frame {frame + 1}"):
            read(dataset, frame)


@pytest.mark.parametrize("syntax", ["plain", "rle"])
def test_ybr_colours_become_the_same_grey_as_rgb(syntax):
    rgb = dcmread(dicom_test_file("SC_rgb_rle.dcm"))
    ybr = dcmread(dicom_test_file("SC_ybr_full_422_uncompressed.dcm"))
    converted = convert_color_space(rgb.pixel_array, "RGB", "YBR_FULL")
    ybr.PhotometricInterpretation, ybr.PixelData = "YBR_FULL", converted.tobytes()
    if syntax == "rle":
        ybr.compress(RLELossless, generate_instance_uid=False)
    assert np.abs(read(ybr).grey.astype(int) - read(rgb).grey).max() <= 2


def test_a_subsampled_ybr_file_shows_black_as_black_and_grey_as_grey():
    grey = read_scan(dicom_test_file("SC_ybr_full_422_uncompressed.dcm")).grey
    # The test card's bars, from top: red, green, blue, black and a light grey.
    assert np.abs(grey[[5, 25, 45, 65, 85], 50] - np.array([76.0, 150, 29, 0, 192])).max() <= 2


def test_header_values_that_come_in_several_are_shown_together(dataset):
    dataset.ScanningSequence = ["SE", "IR"]
    dataset.SliceThickness = None
    scan = read(dataset)
    assert scan.metadata["Scanning sequence"] == "SE, IR"
    assert "Slice thickness (mm)" not in scan.metadata


def test_that_a_contrast_agent_was_given_is_shown_without_its_name(dataset):
    dataset.ContrastBolusAgent = "Some product"
    metadata = read(dataset).metadata
    assert metadata["Contrast agent"] == "yes"
    assert "Some product" not in metadata.values()


@pytest.mark.parametrize("implicit", [True, False])
def test_a_bare_data_set_is_read_like_the_whole_file(dataset, implicit):
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, implicit
    write_dataset(stream, dataset)
    content = stream.getvalue()
    assert looks_like_dicom(content)
    scan = read_bytes(content)
    assert np.array_equal(scan.values, read(dataset).values)


@pytest.mark.parametrize("function", ["", None, "LINEAR"])
def test_a_window_without_a_named_function_is_linear(dataset, function):
    dataset.WindowCenter, dataset.WindowWidth = 100, 11
    dataset.VOILUTFunction = function
    scan = read(dataset)
    assert scan.window == Window(99.5, 10)
    assert header_windows(scan.header) == (("", Window(99.5, 10)),)


def test_an_empty_voi_table_leaves_the_window_in_force(dataset):
    dataset.WindowCenter, dataset.WindowWidth = 2048, 1001
    windowed = read(dataset)
    dataset.VOILUTSequence = Sequence([])
    scan = read(dataset)
    assert scan.window_source == "window in the DICOM header"
    assert scan.greys == Greys(scan.window_source, scan.window)
    assert np.array_equal(scan.grey, windowed.grey)


def test_a_modality_table_comes_before_the_window(dataset):
    table = Dataset()
    table.LUTDescriptor = [4096, 0, 16]
    table.ModalityLUTType = "US"
    table.add_new("LUTData", "OW", (np.arange(4096, dtype=np.uint16) * 3).tobytes())
    dataset.ModalityLUTSequence = Sequence([table])
    dataset.WindowCenter, dataset.WindowWidth = 6000, 1001
    scan = read(dataset)
    assert scan.values.ravel()[100] == 300
    assert (scan.grey.ravel()[1800], scan.grey.ravel()[2200]) == (0, 255)


@pytest.mark.parametrize(
    ("ratio", "size"),
    [
        ([30, 25], (1.2, 1.0)),
        ([1, 2], (1.0, 2.0)),
        (None, (1.0, 1.0)),
        ([0, 1], (1.0, 1.0)),
        ([1], (1.0, 1.0)),
        ([1, 500], (1.0, 1.0)),
    ],
)
def test_the_proportion_of_pixels_is_known_without_millimetres(dataset, ratio, size):
    dataset.PixelAspectRatio = ratio
    assert read(dataset).pixel_size == tuple(dataset.PixelSpacing)
    del dataset.PixelSpacing
    scan = read(dataset)
    assert (scan.spacing_mm, scan.pixel_size) == (None, size)


@pytest.mark.parametrize("keyword", ["EchoTime", "ScanningSequence", "PixelSpacing"])
def test_a_damaged_fact_of_the_header_does_not_cost_the_picture(dataset, keyword):
    plain = read(dataset)
    tag, vr, damaged = dataset[keyword].tag, dataset[keyword].VR, b"\xff!%&" * 2
    dataset[keyword] = RawDataElement(tag, vr, len(damaged), damaged, 0, False, True)
    assert np.array_equal(read(dataset).grey, plain.grey)


@pytest.mark.parametrize("signed", [False, True])
def test_high_throughput_jpeg_2000_is_read(dataset, signed):
    values = dataset.pixel_array.astype(np.int16 if signed else np.uint16) - (2000 if signed else 0)
    dataset.PixelRepresentation = int(signed)
    dataset.PixelData = encapsulate([imagecodecs.htj2k_encode(values, reversible=True)])
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True
    dataset.file_meta.TransferSyntaxUID = HTJ2KLossless
    assert np.array_equal(read(dataset).values, values)
