"""A synthetic series to drop on the window."""

import numpy as np
from pydicom import dcmread
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from tests.dicom_files import dicom_test_file


def write_series(folder, count, *, side=96, description="AX T2 FLAIR", number=None):
    """Write ``count`` slices of a growing and shrinking head."""
    folder.mkdir()
    dataset = dcmread(dicom_test_file("MR_small.dcm"))
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    rows, columns = np.mgrid[:side, :side] - side / 2
    dataset.Rows = dataset.Columns = side
    dataset.SeriesDescription = description
    if number is not None:  # one of several in a study
        dataset.SeriesNumber = number
        dataset.SeriesInstanceUID = generate_uid(entropy_srcs=[f"series {number}"])
    dataset.PatientName, dataset.PatientID = "SECRET^NAME", "SECRET-ID"
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    for index in range(count):
        radius = side * 0.45 * np.sin(np.pi * (index + 0.5) / count)
        head = (np.hypot(rows, columns) < radius) * (600 + 200 * np.cos(rows / 5))
        dataset.PixelData = head.astype(np.int16).tobytes()
        dataset.ImagePositionPatient = [0, 0, index * 1.5]
        dataset.InstanceNumber = index + 1
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=[f"{folder.name} {index}"])
        dataset.save_as(folder / f"slice{index:04d}")
    return folder


def scroll_to(qtbot, window, index):
    """Go to a slice and wait until the slice, or why it cannot be read, is shown."""
    window.series.bar.slider.setValue(index)
    words = f"Slice {index + 1} of "
    qtbot.waitUntil(lambda: window.series.bar.place.text().startswith(words))
    qtbot.waitUntil(lambda: window.scan_view.scan is not None)
    assert window.scan_view.scan.slice_location_mm == index * 1.5
