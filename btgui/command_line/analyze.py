"""The ``analyze`` command: verdicts on scans as text, JSON lines and CSV, and heatmap images."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from btgui.command_line.opening import check_new_file, open_analyser
from btgui.command_line.parser import EXIT_MISUSE, EXIT_OK, EXIT_SOME_FAILED
from btgui.command_line.printing import print_json, print_line
from btgui.engine.analysis import Analyser, Outcome
from btgui.engine.counting import counted
from btgui.engine.disk.files import file_name_of, free_name
from btgui.engine.errors import BtguiError, ExportError, ScanError
from btgui.engine.exports.file_title import file_title
from btgui.engine.exports.folder_table import ResultRow, write_results_csv
from btgui.engine.exports.picture import heatmap_overlay, write_picture
from btgui.engine.percentages import percent
from btgui.engine.pictures.square_pixels import with_square_pixels
from btgui.engine.results import Analysis
from btgui.engine.scan import Greys, ScanAddress
from btgui.engine.scan_source import find_scans
from btgui.engine.studies.file_windows import windows_of
from btgui.engine.studies.pictures_in_files import pictures_in


def run(options: argparse.Namespace) -> int:
    """Run the command with the given options; return the exit status."""
    try:
        _refuse_archives(options.paths)
        analyser = open_analyser(options.model, options.runtime)
        target = analyser.target_index(options.target)
        check_new_file(options.csv)
        if options.explain:
            _make_folder(options.explain)
    except (BtguiError, ValueError) as error:
        sys.stderr.write(f"btgui: {error}\n")
        return EXIT_MISUSE
    files = find_scans(options.paths, volumes=True)
    places = pictures_in(files)
    if not places:
        sys.stderr.write(
            "btgui: no scans were found there. Name scan files, or folders that contain them.\n"
        )
        return EXIT_MISUSE
    report = _Report(analyser, options, target)
    analyser.classify_many(places, report.add, windows=windows_of(files))
    if options.csv:
        try:
            write_results_csv(options.csv, report.rows, analyser.pack.card.classes)
        except ExportError as error:
            sys.stderr.write(f"btgui: {error}\n")
            return EXIT_SOME_FAILED
    asked = counted(len(places), "scan")
    if report.failed:
        sys.stderr.write(f"btgui: {report.failed} of {asked} could not be read.\n")
    if report.unexplained:
        sys.stderr.write(f"btgui: no heatmaps for {report.unexplained} of {asked}.\n")
    return EXIT_SOME_FAILED if report.failed or report.unexplained else EXIT_OK


def _refuse_archives(paths: list[Path]) -> None:
    for path in paths:
        zipped = path.suffix.casefold() == ".zip"
        if zipped and os.path.isfile(path):  # noqa: PTH113  (Path's raises where it may not be looked at)
            raise ScanError(
                f"{path} is a ZIP file. Unpack it and name the folder; the window and btgui series "
                f"open ZIP files directly."
            )


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            f"{folder} cannot be used as the folder for heatmaps ({error.strerror}). Name another one."
        ) from error


@dataclass
class _Report:
    analyser: Analyser
    options: argparse.Namespace
    target: int | None
    rows: list[ResultRow] = field(default_factory=list)
    failed: int = 0
    unexplained: int = 0

    def add(self, place: Path | ScanAddress, outcome: Outcome) -> None:
        """Print and store the outcome of one scan, after explaining it if requested."""
        if isinstance(outcome, BtguiError):
            self._failed(place, str(outcome))
            return
        pictures: list[str] = []
        if self.options.explain:
            try:
                outcome = self.analyser.explain(outcome, self.target, self.options.method)
                pictures = _write_heatmaps(outcome, self.options.explain)
            except BtguiError as error:  # the verdict is valid without heatmaps
                self.unexplained += 1
                sys.stderr.write(f"{_words(place)}: no heatmaps. {error}\n")
        self._read(place, outcome, pictures)

    def _read(self, place: Path | ScanAddress, analysis: Analysis, pictures: list[str]) -> None:
        path, frame = _path_and_frame(place)
        prediction, remark = analysis.prediction, analysis.reading.doubt
        probabilities = dict(zip(prediction.classes, prediction.probabilities, strict=True))
        self.rows.append(
            ResultRow(
                path,
                prediction.verdict,
                probabilities,
                analysis.model_id,
                frame=frame,
                remark=remark,
            )
        )
        if self.options.json:
            print_json(
                {
                    **_json_place(place),
                    "verdict": prediction.verdict,
                    "probabilities": probabilities,
                    "novelty": prediction.novelty,
                    "remark": remark,
                    "model": analysis.model_id,
                    "greys": _json_greys(analysis.scan.greys),
                    "milliseconds": {k: round(v, 2) for k, v in analysis.milliseconds.items()},
                    "heatmaps": pictures,
                    "values_sha256": analysis.scan.values_sha256(),
                }
            )
        else:
            share = prediction.probabilities[prediction.verdict_index]
            name = prediction.display_names[prediction.verdict_index]
            words = f"{_words(place)}: {name} ({percent(share)})"
            print_line(f"{words}. {remark}" if remark else words)

    def _failed(self, place: Path | ScanAddress, reason: str) -> None:
        path, frame = _path_and_frame(place)
        self.failed += 1
        self.rows.append(ResultRow(path, "", {}, self.analyser.pack.card.id, reason, frame))
        if self.options.json:
            print_json({**_json_place(place), "error": reason})
        else:
            sys.stderr.write(f"{_words(place)}: {reason}\n")


def _path_and_frame(place: Path | ScanAddress) -> tuple[Path, int | None]:
    """Return the file and the frame number, from 1; None if the file holds a single scan."""
    return (place, None) if isinstance(place, Path) else (place.path, place.frame + 1)


def _json_place(place: Path | ScanAddress) -> dict[str, Any]:
    path, frame = _path_and_frame(place)
    return {"path": str(path)} if frame is None else {"path": str(path), "frame": frame}


def _json_greys(greys: Greys) -> dict[str, Any]:
    """Return the window of the network's input as JSON values; without numbers if there is none."""
    window = greys.window
    numbers = dict(zip(("centre", "width"), window.numbers(), strict=True)) if window else {}
    return {"source": greys.source, **numbers}


def _words(place: Path | ScanAddress) -> str:
    path, frame = _path_and_frame(place)
    return str(path) if frame is None else f"{path}, frame {frame}"


def _write_heatmaps(analysis: Analysis, folder: Path) -> list[str]:
    assert analysis.explanation is not None  # noqa: S101  (the caller has explained)
    # A class name such as "grade 3/4" is not a valid file name.
    target = file_name_of(analysis.prediction.classes[analysis.explanation.target_index])
    scan = analysis.scan
    written = []
    for number, stage in enumerate(analysis.explanation.stages, start=1):
        name = f"{file_title(scan)}-{target}-stage{number}.png"
        file = free_name(folder / name)
        picture = heatmap_overlay(scan.grey, stage.on_scan)
        write_picture(file, with_square_pixels(picture, scan.pixel_size))
        written.append(str(file))
    return written
