"""Run pydicom's test files through the reader and write docs/dicom-files.md.

    python tools/dicom_table.py

Only files that come with the installed package are read; nothing is downloaded. It ends
with an error where the reader raises anything but ScanError.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pydicom
from pydicom import dcmread
from pydicom.uid import UID

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from btgui.engine.errors import ScanError  # noqa: E402  (the path first)
from btgui.engine.scan_source import read_scan  # noqa: E402

OUTPUT = ROOT / "docs" / "dicom-files.md"
_HEAD = """# What is read of pydicom's test files

Made by `python tools/dicom_table.py` with pydicom {version}; do not edit. Each file that comes
with pydicom is opened as the application opens it.

| File | Transfer syntax | Shown, or the sentence it is refused with |
|---|---|---|
"""


def files() -> list[Path]:
    """Return the DICOM files among pydicom's installed test data, by name."""
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    other = {".py", ".json", ".txt", ".gz", ".dump", ".md"}
    found = [p for p in folder.rglob("*") if p.is_file() and p.suffix not in other]
    return sorted((p for p in found if p.name != "README"), key=lambda p: p.relative_to(folder))


def rows() -> Iterator[tuple[str, str, str]]:
    """Yield each file's place, its transfer syntax and what became of it."""
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    for path in files():
        name = path.relative_to(folder).as_posix()
        yield name, _syntax(path), _outcome(path)


def _syntax(path: Path) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            meta = dcmread(path, force=True, stop_before_pixels=True).file_meta
            return UID(str(meta.TransferSyntaxUID)).name
        except Exception:  # noqa: BLE001  (these files are broken on purpose)
            return "not told"


def _outcome(path: Path) -> str:
    try:
        scan = read_scan(path)
    except ScanError as error:
        return f"refused: {error}"
    height, width = scan.shape
    frame = f", frame {scan.metadata['Frame']}" if "Frame" in scan.metadata else ""
    loss = f", {scan.lossy}" if scan.lossy else ""
    return f"{width} x {height}{frame}{loss}; {scan.window_source}"


def page() -> str:
    """Return the whole page, as Markdown."""
    lines = (f"| {name} | {syntax} | {outcome} |\n" for name, syntax, outcome in rows())
    return _HEAD.format(version=pydicom.__version__) + "".join(lines)


if __name__ == "__main__":
    OUTPUT.write_text(page(), encoding="utf-8")
    print(f"{OUTPUT.name} was written.")
