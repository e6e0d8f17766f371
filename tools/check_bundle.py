"""Check a packaged application: its self-test, reading of every kind of scan, training and licences.

Usage: python tools/check_bundle.py dist/btgui/btgui

Run this with the project's own Python. The program itself runs with an empty home folder and without
Python on its path. For every scan it must read the same pixel values as this source tree. It trains a
model on synthetic scans and reads one of them with it. Every part must have its licence text beside it,
and none may be under the GPL. Prints one JSON object with size and times; exits with 1 if any check
fails.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.bundle_licences import licence_problems
from tools.bundle_training import run, train_a_model

# pydicom's test files that come with the package, one per transfer syntax.
DICOM_FILES = {
    "implicit little endian": "MR_small_implicit.dcm",
    "explicit little endian": "MR_small.dcm",
    "explicit big endian": "MR_small_bigendian.dcm",
    "deflated": "image_dfl.dcm",
    "RLE lossless": "MR_small_RLE.dcm",
    "JPEG baseline": "SC_rgb_jpeg_dcmtk.dcm",
    "JPEG extended, 12 bits": "JPGExtended.dcm",
    "JPEG lossless": "SC_rgb_jpeg_gdcm.dcm",
    "JPEG-LS lossless": "MR_small_jpeg_ls_lossless.dcm",
    "JPEG-LS near-lossless": "JPEGLSNearLossless_16.dcm",
    "JPEG 2000 lossless": "MR_small_jp2klossless.dcm",
    "JPEG 2000": "693_J2KI.dcm",
}


def main() -> int:
    """Run the checks, print the report, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", type=Path, help="the packaged application's executable")
    program = parser.parse_args().program.resolve()
    folder = program.parent
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        environment = {"HOME": name, "BTGUI_HOME": name, "PATH": "/nonexistent", "LANG": "C.UTF-8"}
        if os.name == "nt":
            environment |= {"SYSTEMROOT": os.environ["SYSTEMROOT"], "TEMP": name}
        start = time.perf_counter()
        tested = run([program, "--self-test"], environment)
        seconds = time.perf_counter() - start
        read = _analyze(program, home, environment)
        training = train_a_model(program, home, environment)
    self_test = json.loads(tested.stdout or "{}")
    failed = [name for name, result in read.items() if result != "read"]
    problems = licence_problems(folder / "_internal")
    report = {
        "ok": bool(self_test.get("ok")) and not failed and not problems and training["ok"],
        "size_mib": round(
            sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink())
            / 2**20
        ),
        "self_test_s": round(seconds, 1),
        "self_test": self_test or tested.stderr[-2000:],
        "read": read,
        "training": training,
        "licence_problems": problems,
    }
    print(json.dumps(report, indent=1))
    return 0 if report["ok"] else 1


def _analyze(program: Path, home: Path, environment: dict[str, str]) -> dict[str, str]:
    """Read a JPEG, a volume and a DICOM file of each transfer syntax; return the outcome of each."""
    files = _dicom_files()
    files["JPEG"] = _jpeg(home)
    files["NIfTI"] = _volume(home)
    done = run([program, "analyze", "--json", *files.values()], environment)
    if not done.stdout:
        return dict.fromkeys(files, done.stderr[-1000:])
    lines: dict[Path, list[dict[str, Any]]] = {path: [] for path in files.values()}
    for line in map(json.loads, done.stdout.splitlines()):
        lines[Path(line["path"])].append(line)
    return {name: _outcome(path, lines[path]) for name, path in files.items()}


def _outcome(file: Path, lines: list[dict[str, Any]]) -> str:
    """Return "read" if every picture has the pixel values that this source tree reads, else why not."""
    from btgui.engine.scan import ScanAddress
    from btgui.engine.scan_source import read_scan

    if not lines:
        return "the program printed nothing for this file"
    for line in lines:
        if "error" in line:
            return str(line["error"])
        scan = read_scan(ScanAddress(file, line.get("frame", 1) - 1))
        if line["values_sha256"] != scan.values_sha256():
            return "read, but its pixel values differ from those that the source tree reads"
    return "read"


def _dicom_files() -> dict[str, Path]:
    from pydicom.data import get_testdata_file

    return {
        name: Path(get_testdata_file(file, download=False) or f"{file}, which pydicom lacks")
        for name, file in DICOM_FILES.items()
    }


def _volume(home: Path) -> Path:
    import nibabel
    import numpy as np

    file = home / "volume.nii.gz"
    voxels = np.random.default_rng(1).integers(0, 999, (40, 30, 2)).astype(np.int16)
    nibabel.save(nibabel.Nifti1Image(voxels, np.eye(4)), file)
    return file


def _jpeg(home: Path) -> Path:
    from PIL import Image

    from btgui.engine.scan_source import read_scan

    os.environ["BTGUI_HOME"] = str(home / "sample")
    from btgui.engine.sample_scan import sample_scan_path

    file = home / "sample scan.jpg"
    Image.fromarray(read_scan(sample_scan_path()).grey).save(file)
    return file


if __name__ == "__main__":
    sys.exit(main())
