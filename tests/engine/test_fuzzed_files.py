"""Files that fuzzing found (tools/fuzz_reader.py) and that once brought the reader down.

Each stays as it was found, under a name that says what happened: a crash in a decoder's own
code ends the whole test run, as it would have ended the application.
"""

from pathlib import Path

import pytest

from btgui.engine.dicom.headers import read_header
from btgui.engine.errors import ScanError
from btgui.engine.scan_source import read_scan, read_thumbnail

FILES = sorted((Path(__file__).parent / "fuzzed").iterdir())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
@pytest.mark.parametrize("read", [read_scan, read_header, lambda file: read_thumbnail(file, 64)])
def test_it_is_read_or_refused_in_words(file, read):
    try:
        assert read(file) is not None
    except ScanError as refused:
        assert file.name in str(refused)  # noqa: PT017  (either may be right)
