"""Coverage-guided fuzzing of the readers of external files: pictures, DICOM, NIfTI and archives.

    python -m venv fuzzing
    fuzzing/bin/pip install -r requirements.txt && fuzzing/bin/pip install atheris==3.0.0
    fuzzing/bin/python tools/fuzz_reader.py dicom CORPUS -max_total_time=600

CORPUS is a folder of small files of that kind, to which inputs that reach new code are added; if it is
empty or missing, it is filled with files that come with the libraries. Further arguments go to
libFuzzer. An input that raises anything but an error for the user, or takes more than ten seconds or two
gigabytes, is kept as ``crash-…``, ``timeout-…`` or ``oom-…``: fix the reader and reduce the input to a
test. Runs on Linux, x86-64.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import atheris  # type: ignore[import-not-found]

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["btgui", "pydicom", "nibabel", "PIL", "zipfile"]):
    import nibabel
    import pydicom
    from PIL import Image

    from btgui.engine.dicom.headers import read_header
    from btgui.engine.errors import BtguiError
    from btgui.engine.image_source import page_count
    from btgui.engine.scan import ScanAddress
    from btgui.engine.scan_source import read_scan, read_thumbnail
    from btgui.engine.studies.archives import UnpackedArchives
    from btgui.engine.studies.dicomdir import missing_files

_LIMITS = ("-timeout=10", "-rss_limit_mb=2048", "-max_len=65536")
_LARGEST_SEED = 65_536


def _read_pictures(file: Path) -> None:
    _calmly(lambda: page_count(file))
    _calmly(lambda: read_thumbnail(file, 64))
    for frame in (0, 1):
        _calmly(lambda frame=frame: read_scan(ScanAddress(file, frame)))


def _read_dicom(file: Path) -> None:
    _calmly(lambda: read_header(file))
    _calmly(lambda: missing_files(file))
    _read_pictures(file)


def _read_archive(file: Path) -> None:
    with UnpackedArchives() as archives:
        _calmly(lambda: archives.unpack(file))


def _calmly(read: Callable[[], object]) -> None:
    with contextlib.suppress(BtguiError):  # an error with a message for the user is expected
        read()


_KINDS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "dicom": (".dcm", _read_dicom),
    "picture": (".png", _read_pictures),
    "nifti": (".nii", _read_pictures),
    "packed-nifti": (".nii.gz", _read_pictures),
    "archive": (".zip", _read_archive),
}


def main() -> None:
    """Fuzz one kind until a fault is found or libFuzzer's own limits end it."""
    kind, corpus = sys.argv[1], Path(sys.argv[2])
    suffix, read = _KINDS[kind]
    corpus.mkdir(parents=True, exist_ok=True)
    if not any(corpus.iterdir()):
        _fill(corpus, kind, suffix)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"scan{suffix}"

        def one(content: bytes) -> None:
            file.write_bytes(content)
            read(file)

        atheris.Setup([sys.argv[0], str(corpus), *_LIMITS, *sys.argv[3:]], one)
        atheris.Fuzz()


def _fill(corpus: Path, kind: str, suffix: str) -> None:
    if kind == "dicom":
        _copy(Path(pydicom.__file__).parent / "data" / "test_files", "*.dcm", corpus)
    elif kind == "archive":
        source = Path(pydicom.__file__).parent / "data" / "test_files" / "dicomdirtests"
        shutil.make_archive(str(corpus / "study"), "zip", source / "98892001")
    elif kind == "picture":
        for mode in ("L", "RGB", "I;16", "P", "RGBA"):
            for form in ("PNG", "TIFF", "BMP", "JPEG"):
                with contextlib.suppress(OSError):  # not every format supports every mode
                    Image.new(mode, (24, 16)).save(corpus / f"{mode.replace(';', '')}.{form}", form)
    else:
        _copy(Path(nibabel.__file__).parent / "tests" / "data", f"*{suffix}", corpus)


def _copy(source: Path, pattern: str, corpus: Path) -> None:
    for file in sorted(source.rglob(pattern)):
        if file.stat().st_size <= _LARGEST_SEED:
            shutil.copyfile(file, corpus / file.name)


if __name__ == "__main__":
    main()
