from dataclasses import replace
from pathlib import Path

import pytest

from btgui.engine.exports.file_title import file_title
from btgui.engine.scan_source import read_scan


@pytest.mark.parametrize(
    ("name", "frame", "title"),
    [
        ("head.png", 0, "head"),
        ("1.2.840.113619.2.4", 0, "1.2.840.113619.2.4"),
        ("IM1.DCM", 0, "IM1"),
        ("enhanced.dcm", 11, "enhanced-frame-12"),
        ("sub-01_T1w.nii.gz", 3, "sub-01_T1w-frame-4"),
    ],
)
def test_a_scan_s_title_tells_it_from_others_of_its_series(scan_file, name, frame, title):
    scan = replace(read_scan(scan_file), path=Path(name), frame=frame)
    assert file_title(scan) == title
