"""The ``series`` command: verdicts on all series of studies as text, JSON lines and CSV."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from btgui.command_line.opening import check_new_file, check_there, open_analyser
from btgui.command_line.parser import EXIT_MISUSE, EXIT_OK, EXIT_SOME_FAILED
from btgui.command_line.printing import print_json, print_line
from btgui.engine.analysis import Analyser
from btgui.engine.counting import counted
from btgui.engine.disk.private_folder import remove_left_behind
from btgui.engine.errors import BtguiError, ExportError
from btgui.engine.exports.series_list import SeriesRow, series_facts, write_series_list
from btgui.engine.models.card import ModelCard
from btgui.engine.series_analysis import read_series, verdict_on
from btgui.engine.studies import words
from btgui.engine.studies.archives import UnpackedArchives
from btgui.engine.studies.index import index_places
from btgui.engine.studies.series import Index, Series


def run(options: argparse.Namespace) -> int:
    """Run the command with the given options; return the exit status."""
    try:
        for path in options.paths:
            check_there(path)
        analyser = open_analyser(options.model, options.runtime)
        check_new_file(options.csv)
    except BtguiError as error:
        sys.stderr.write(f"btgui: {error}\n")
        return EXIT_MISUSE
    remove_left_behind()  # scans that a killed process left unpacked
    with UnpackedArchives() as archives:
        index = index_places(options.paths, archives=archives)
        found = [series for series in index.series if len(series.slices) > 1]
        _report_what_is_left_out(index)
        if not found:
            sys.stderr.write("btgui: no series of several slices was found there.\n")
            return EXIT_MISUSE
        rows = []
        for series, numbers in zip(found, words.numbered(found), strict=True):
            row = _read(analyser, numbers, series, archives)
            rows.append(row)
            _print(row, analyser.pack.card, as_json=options.json)
    if options.csv:
        try:
            write_series_list(options.csv, rows, analyser.pack.card)
        except ExportError as error:
            sys.stderr.write(f"btgui: {error}\n")
            return EXIT_SOME_FAILED
    unread = sum(not reading.probabilities for row in rows for reading in row.readings)
    if unread:
        sys.stderr.write(
            f"btgui: {counted(unread, 'slice')} could not be read; btgui analyze says why.\n"
        )
    return EXIT_SOME_FAILED if unread else EXIT_OK


def _report_what_is_left_out(index: Index) -> None:
    for passed_over in index.passed_over:
        sys.stderr.write(f"btgui: {passed_over.reason}\n")
    single = sum(len(series.slices) == 1 for series in index.series) + len(index.pictures)
    if single:
        are, them = ("scan is not a", "it") if single == 1 else ("scans are not", "them")
        sys.stderr.write(f"btgui: {single} single {are} series: btgui analyze reads {them}.\n")


def _read(
    analyser: Analyser, numbers: tuple[int, int], series: Series, archives: UnpackedArchives
) -> SeriesRow:
    readings = read_series(analyser, series)
    verdict = verdict_on(series, readings, analyser.pack.card)
    return SeriesRow(*numbers, series, readings, verdict, _place(series, archives))


def _place(series: Series, archives: UnpackedArchives) -> Path:
    """Return the file or common folder of a series; for a ZIP file, with the path inside it.

    A series on several drives of Windows has no common folder; the folder of its first slice is returned.
    """
    paths = dict.fromkeys(one.address.path for one in series.slices)
    files = [archives.source_of(path) or path for path in paths]
    if len({file.is_absolute() for file in files}) > 1:  # its files lie in several given folders
        files = [file.absolute() for file in files]
    try:
        return Path(os.path.commonpath(files))
    except ValueError:
        return files[0].parent


def _print(row: SeriesRow, card: ModelCard, *, as_json: bool) -> None:
    if as_json:
        shares = [list(reading.probabilities) or None for reading in row.readings]
        print_json({**series_facts(row, card), "classes": card.classes, "probabilities": shares})
        return
    series, verdict = row.series, row.verdict
    who = f"Patient {row.patient}" if row.patient else "Patient not stated"
    named = f"{words.series_title(series)} ({words.series_facts(series)})"
    print_line(f"{who}, study {row.study}, {named}: {words.verdict_word(verdict, card)}")
    if verdict is None:
        why = words.why_no_verdict(series, row.readings)
    else:
        why = words.verdict_sentence(verdict, card)
    for line in (why, *words.verdict_warnings(series, card, verdict).splitlines()):
        print_line(f"    {line}")
