"""pydicom's own test files: those that come with the package, none from the network."""

from pathlib import Path

from pydicom.data import get_testdata_file


def dicom_test_file(name: str) -> Path:
    """Return the path of one of pydicom's test files."""
    found = get_testdata_file(name, download=False)
    assert found, f"pydicom does not bring {name}"
    return Path(found)
