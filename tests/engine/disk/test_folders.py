from pathlib import PurePosixPath, PureWindowsPath

import pytest

from btgui.engine.disk.folders import folder_name


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        (PureWindowsPath(r"E:\scans\heads"), "heads"),
        (PureWindowsPath("E:\\"), "E:"),
        (PureWindowsPath(r"\\server\scans\heads"), "heads"),
        (PureWindowsPath("\\\\server\\scans\\"), "scans"),
        (PurePosixPath("/media/heads"), "heads"),
        (PurePosixPath("/"), "/"),
    ],
)
def test_every_folder_has_a_name(folder, name):
    assert folder_name(folder) == name
