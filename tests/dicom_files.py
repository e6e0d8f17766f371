"""pydicom's own test files: those that come with the package, none from the network."""

import io
import tempfile
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import RawDataElement
from pydicom.tag import Tag

from btgui.engine.dicom.source import read_dicom
from tools.make_series import make_series


def dicom_test_file(name: str) -> Path:
    """Return the path of one of pydicom's test files."""
    found = get_testdata_file(name, download=False)
    assert found, f"pydicom does not bring {name}"
    return Path(found)


def ramp_dataset():
    """A small MR file to change: 64 by 64, 16 bit, MONOCHROME2, each value once."""
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    for keyword in ("WindowCenter", "WindowWidth", "RescaleSlope", "RescaleIntercept"):
        if keyword in dataset:
            delattr(dataset, keyword)
    values = np.arange(64 * 64, dtype=np.int16).reshape(64, 64)
    dataset.PixelData = values.tobytes()
    return dataset


def put(dataset, keyword, text):
    """Give an element the text as it stands in a file."""
    content = text.encode() + b" " * (len(text) % 2)
    tag = tag_for_keyword(keyword)
    raw = RawDataElement(Tag(tag), "DS", len(content), content, 0, False, True)
    dataset[tag] = raw


def read(dataset, frame=0):
    """Read a data set as it is read from a file."""
    stream = io.BytesIO()
    dataset.save_as(stream)
    return read_bytes(stream.getvalue(), frame)


def read_bytes(content, frame=0):
    """Read the bytes of a file that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "slice.dcm"
        file.write_bytes(content)
        return read_dicom(file, frame)


def series_without_windows(folder, slices):
    """Write a series whose headers give no window, the later slices the brighter; its files."""
    files = make_series(folder, slices=slices, size=64)
    for number, file in enumerate(files, 1):
        dataset = dcmread(file)
        del dataset.WindowCenter, dataset.WindowWidth
        dataset.PixelData = (dataset.pixel_array * number).astype(np.uint16).tobytes()
        dataset.save_as(file)
    return files
