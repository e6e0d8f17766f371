"""Lookup tables of every width and size, in both byte orders, checked against manual look-ups."""

import itertools

import numpy as np
import pytest
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from btgui.engine.errors import ScanError
from tests.dicom_files import ramp_dataset, read

_LUT_DATA = 0x00283006
_SYNTAXES = (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian)
_TAKEN = {
    *("SOPClassUID", "SOPInstanceUID", "Rows", "Columns", "SamplesPerPixel"),
    *("PhotometricInterpretation", "BitsAllocated", "BitsStored", "HighBit"),
}
_PALETTES = {0x00281201: "Red", 0x00281202: "Green", 0x00281203: "Blue"}


def _written_in(syntax, values):
    """Return an image of these values, encoded as in a file of this transfer syntax."""
    dataset, ramp = Dataset(), ramp_dataset()
    dataset.update({one.tag: one for one in ramp if one.keyword in _TAKEN})
    dataset.file_meta = ramp.file_meta
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset["PixelData"] = DataElement(0x7FE00010, "OW", _words(values, syntax))
    dataset.PixelRepresentation = 0
    return dataset


def _words(values, syntax):
    return values.astype(">u2" if syntax == ExplicitVRBigEndian else "<u2").tobytes()


def _packed(entries, syntax):
    """Return 8-bit entries packed two to a word."""
    padded = np.append(entries, [0] * (len(entries) % 2)).astype(np.uint8)
    return _words(padded.view("<u2"), syntax)


def _item(count, first, bits, entries, syntax):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [count % 2**16, first, bits])
    item["LUTData"] = DataElement(_LUT_DATA, "OW", _words(entries, syntax))
    return Sequence([item])


@pytest.mark.parametrize(
    ("syntax", "count", "bits", "first"),
    itertools.product(_SYNTAXES, (256, 3000, 65536), (8, 12, 16), (0, 100)),
)
def test_values_and_greys_are_those_of_the_table(syntax, count, bits, first):
    stored = np.arange(64 * 64).reshape(64, 64)
    entries = np.arange(count) * 7919 % 2**bits
    entries[-1] = 2**bits - 1
    expected = entries[np.clip(stored - first, 0, count - 1)]
    for name in ("ModalityLUTSequence", "VOILUTSequence"):
        dataset = _written_in(syntax, stored)
        setattr(dataset, name, _item(count, first, bits, entries, syntax))
        scan = read(dataset)
        if name == "ModalityLUTSequence":
            np.testing.assert_array_equal(scan.values, expected)
        else:
            np.testing.assert_allclose(scan.grey, expected * 255 / (2**bits - 1), atol=0.51)


@pytest.mark.parametrize(
    ("syntax", "count", "packed", "bits"),
    itertools.product(_SYNTAXES, (255, 4000), (False, True), (8, 16)),
)
def test_a_palettes_colours_are_those_of_its_table(syntax, count, packed, bits):
    stored = np.arange(64 * 64).reshape(64, 64)
    deep = bits == 16 and not packed
    tables = [np.arange(count) * step % 2 ** (16 if deep else 8) for step in (7919, 104729, 31)]
    dataset = _written_in(syntax, stored)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for (tag, name), table in zip(_PALETTES.items(), tables, strict=True):
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [count, 0, bits])
        content = _packed(table, syntax) if packed else _words(table, syntax)
        dataset[f"{keyword}Data"] = DataElement(tag, "OW", content)
    places = np.clip(stored, 0, count - 1)
    weights = zip((0.299, 0.587, 0.114), tables, strict=True)
    expected = sum(weight * table[places] for weight, table in weights) / (256 if deep else 1)
    np.testing.assert_allclose(read(dataset).values, expected, atol=0.01)


@pytest.mark.parametrize("syntax", _SYNTAXES)
@pytest.mark.parametrize(("lowest", "intercept"), [(0, -1024), (40_000, 0)])
def test_a_table_for_greys_begins_below_zero_where_rescaled_values_do(syntax, lowest, intercept):
    ramp = np.arange(64 * 64).reshape(64, 64)
    dataset = _written_in(syntax, ramp + lowest)
    dataset.RescaleSlope, dataset.RescaleIntercept = 1, intercept
    first = (lowest + intercept) % 2**16
    dataset.VOILUTSequence = _item(4096, first, 16, np.arange(4096), syntax)
    np.testing.assert_allclose(read(dataset).grey, ramp * 255 / 4095, atol=0.51)


@pytest.mark.parametrize(("syntax", "bits"), itertools.product(_SYNTAXES, (8, 16)))
def test_a_palettes_segments_are_unfolded(syntax, bits):
    size, top = bits // 8, 2**bits - 1
    discrete, up, down = [0, 3, 7, 9, 5], [1, 250, top], [1, 50, 0]
    # The pointer to the second segment counts bytes, from the table's start.
    copy = [2, 2, 5 * size, 0, 0, 0] if size == 1 else [2, 2, 5 * size, 0]
    segments = np.array([*discrete, *up, *down, *copy])
    table = [7, 9, 5, *np.linspace(5, top, 251)[1:], *np.linspace(top, 0, 51)[1:]]
    table += [*np.linspace(0, top, 251)[1:], *np.linspace(top, 0, 51)[1:]]
    stored = np.arange(64 * 64).reshape(64, 64)
    dataset = _written_in(syntax, stored)
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for tag, name in _PALETTES.items():
        keyword = f"{name}PaletteColorLookupTable"
        dataset.add_new(f"{keyword}Descriptor", "US", [len(table), 0, bits])
        content = _packed(segments, syntax) if size == 1 else _words(segments, syntax)
        dataset[f"Segmented{keyword}Data"] = DataElement(tag + 0x20, "OW", content)
    expected = np.rint(table)[np.clip(stored, 0, len(table) - 1)] / 256 ** (size - 1)
    np.testing.assert_allclose(read(dataset).values, expected, atol=0.01)


def test_segments_of_endless_entries_do_not_fill_the_memory():
    dataset = _written_in(ExplicitVRLittleEndian, np.arange(64 * 64).reshape(64, 64))
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    segments = np.array([0, 1, 7, *[1, 65535, 7] * 100_000])
    for tag, name in _PALETTES.items():
        dataset.add_new(f"{name}PaletteColorLookupTableDescriptor", "US", [256, 0, 16])
        keyword = f"Segmented{name}PaletteColorLookupTableData"
        content = _words(segments, ExplicitVRLittleEndian)
        dataset[keyword] = DataElement(tag + 0x20, "OW", content)
    assert read(dataset).values.max() == pytest.approx(7 / 256)


@pytest.mark.parametrize("name", ["ModalityLUTSequence", "VOILUTSequence"])
def test_a_table_of_words_that_ends_early_is_not_taken_for_one_of_bytes(name):
    dataset = _written_in(ExplicitVRLittleEndian, np.arange(64 * 64).reshape(64, 64))
    setattr(dataset, name, _item(4096, 0, 16, np.arange(3000), ExplicitVRLittleEndian))
    with pytest.raises(ScanError, match="damaged or incomplete"):
        read(dataset)


def test_entries_beyond_the_count_are_none_of_the_table():
    dataset = _written_in(ExplicitVRLittleEndian, np.arange(64 * 64).reshape(64, 64))
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [1000, 0, 16])
    item.add_new("LUTData", "US", [*range(1000), 0])
    dataset.ModalityLUTSequence = Sequence([item])
    assert read(dataset).values.max() == read(dataset).values[-1, -1] == 999


def test_a_sequence_without_a_table_leaves_the_window():
    dataset = ramp_dataset()
    dataset.WindowCenter, dataset.WindowWidth = 2000, 4000
    plain = read(dataset)
    item = Dataset()
    item.add_new("LUTExplanation", "LO", "none")
    dataset.VOILUTSequence = Sequence([item])
    scan = read(dataset)
    np.testing.assert_array_equal(scan.grey, plain.grey)
    assert scan.window_source == plain.window_source == "window in the DICOM header"
