"""Argument parsers of the command line, and the exit statuses."""

from __future__ import annotations

import argparse
from pathlib import Path

from btgui import __version__
from btgui.engine.runtime_names import RUNTIME_NAMES

EXIT_OK, EXIT_FAILED, EXIT_MISUSE, EXIT_SOME_FAILED = 0, 1, 2, 3

_NOTE = "For research use and second reading. Not a medical device."


def window_parser() -> argparse.ArgumentParser:
    """Return the parser for starting without a command, which opens the window."""
    parser = argparse.ArgumentParser(
        prog="btgui",
        description="Classify brain-MRI scans and explain the verdicts with Grad-CAM heatmaps.",
        epilog=f"Other commands: btgui analyze, btgui series, btgui models, btgui train. {_NOTE}",
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="scans, volumes, folders or ZIP files"
    )
    parser.add_argument("--sample", action="store_true", help="open the sample scan")
    _add_runtime(parser, default=None, words="the one chosen in the Models menu")
    parser.add_argument(
        "--self-test",
        action="store_true",
        help="check this installation, print the result as JSON and exit",
    )
    parser.add_argument("--version", action="version", version=f"btgui {__version__}")
    return parser


def analyze_parser() -> argparse.ArgumentParser:
    """Return the parser of ``analyze``."""
    parser = argparse.ArgumentParser(
        prog="btgui analyze",
        description="Classify scans without opening the window.",
        epilog=f"Exit status: 0 all scans read, 2 usage error, 3 some scans failed. {_NOTE}",
    )
    _add_reading(
        parser,
        paths="scans, volumes or folders; no ZIP files",
        json="print one JSON object per scan; values_sha256 is the digest of its pixel values",
    )
    parser.add_argument(
        "--explain",
        type=Path,
        metavar="DIR",
        help="write the five heatmaps of each scan to this folder",
    )
    parser.add_argument(
        "--target",
        metavar="CLASS",
        help="with --explain: the class to explain (default: the verdict)",
    )
    parser.add_argument(
        "--method",
        choices=["grad_cam", "grad_cam_plus_plus"],
        default="grad_cam",
        help="with --explain: the method (default: grad_cam)",
    )
    return parser


def series_parser() -> argparse.ArgumentParser:
    """Return the parser of ``series``."""
    parser = argparse.ArgumentParser(
        prog="btgui series",
        description="Read whole series (DICOM, NIfTI) without opening the window. The verdict follows "
        "the same rule as in the window, which is not validated on whole series.",
        epilog="Exit status: 0 all slices read, 2 usage error, 3 some slices could not be read. "
        f"{_NOTE}",
    )
    _add_reading(
        parser,
        paths="folders of studies, ZIP files or NIfTI volumes",
        json="print one JSON object per series, with the probabilities of each slice",
    )
    return parser


def _add_reading(parser: argparse.ArgumentParser, paths: str, json: str) -> None:
    """Add the arguments of all commands that read scans."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=paths)
    parser.add_argument(
        "--model",
        metavar="ID",
        help="a model in the library (default: the one last used in the window, else the shipped one)",
    )
    parser.add_argument("--json", action="store_true", help=json)
    parser.add_argument("--csv", type=Path, metavar="FILE", help="write a table to this new file")
    _add_runtime(parser, default="auto", words="auto, TensorFlow on a CUDA GPU, else OpenVINO")


def _add_runtime(parser: argparse.ArgumentParser, default: str | None, words: str) -> None:
    parser.add_argument(
        "--runtime",
        choices=RUNTIME_NAMES,
        default=default,
        help=f"the runtime that executes the networks (default: {words})",
    )


def models_parser() -> argparse.ArgumentParser:
    """Return the parser of ``models``."""
    parser = argparse.ArgumentParser(prog="btgui models", description="Manage the models.")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    listing = actions.add_parser("list", help="list the models")
    listing.add_argument("--json", action="store_true", help="print one JSON object per model")
    verify = actions.add_parser("verify", help="verify models in full")
    verify.add_argument("model", nargs="*", help="IDs, folders or .btmodel files (default: all)")
    importing = actions.add_parser("import", help="add a model to the library")
    importing.add_argument("file", type=Path, help="a .btmodel file or a model's folder")
    exporting = actions.add_parser("export", help="write a model to a single file")
    exporting.add_argument("model", help="the model's ID")
    exporting.add_argument("file", type=Path, help="the new .btmodel file")
    return parser
