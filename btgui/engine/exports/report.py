"""What the report of a reading says: finished results, put together and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from btgui import __version__
from btgui.engine.dicom.patient import patient_facts
from btgui.engine.exports.shown_scan import ShownScan
from btgui.engine.models.card import ModelCard
from btgui.engine.one_line import one_line
from btgui.engine.reading_words import (
    accuracy_sentence,
    greys_words,
    verdict_sentence,
)
from btgui.engine.results import CAM_METHODS, Analysis, Explanation
from btgui.engine.studies import words
from btgui.engine.studies.series_verdict import SeriesVerdict, SliceReading

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series

Fact = tuple[str, str]  # its label, and what it says
_LONGEST = 120  # characters of a fact from a file
_NOT_STATED = "not stated in the file"
_HIDDEN = "hidden"


@dataclass(frozen=True)
class Report:
    """What a report says, but for its pictures.

    Attributes
    ----------
    about
        Who and what was read; where the patient is hidden, nothing that leads to him or her.
    of
        What the verdict is on.
    verdict, class_index
        The headline, and which of the model's classes it is; None where it is none.
    sentence
        What the verdict rests on.
    warnings
        What makes it doubtful, as beside it in the window.
    note
        What holds for every verdict of its kind, or "".
    shares_of
        Of which picture ``shares`` are: "Probabilities", "Slice 12 of 24, H 34.5 mm".
    shares
        Each class's name and its probability, 0 to 1, in the model's order.
    leader
        The index of the likeliest of them.
    facts
        How it was read.
    """

    about: tuple[Fact, ...]
    of: str
    verdict: str
    class_index: int | None
    sentence: str
    warnings: tuple[str, ...]
    note: str
    shares_of: str
    shares: tuple[tuple[str, float], ...]
    leader: int
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class SeriesPart:
    """A series that was read whole, and which of its slices the report shows.

    ``why`` says in words why it is that slice.
    """

    series: Series
    readings: tuple[SliceReading, ...]
    verdict: SeriesVerdict | None
    read_at: datetime
    index: int
    why: str


def scan_report(
    analysis: Analysis, card: ModelCard, header: Series | None, shown: ShownScan
) -> Report:
    """Return what there is to say of a single scan.

    Parameters
    ----------
    header
        What the scan's header says, as a series of one; None of a picture.
    """
    prediction, note = analysis.prediction, analysis.preprocessed.outline.note
    doubts = "" if header is None else words.unfamiliar(header, card)
    named = ("File", str(analysis.scan.address))
    return Report(
        about=_about(header, shown, [named]),
        of="Verdict of the model",
        verdict=prediction.display_names[prediction.verdict_index],
        class_index=prediction.verdict_index,
        sentence=verdict_sentence(prediction).replace("\n", " "),
        warnings=_lines(prediction.doubt, doubts, note),
        note="",
        shares_of="Probabilities",
        shares=_shares(analysis),
        leader=prediction.verdict_index,
        facts=_facts(analysis, card, shown, greys_words(analysis.scan.greys), analysis.read_at),
    )


def series_report(
    analysis: Analysis, card: ModelCard, part: SeriesPart, shown: ShownScan
) -> Report:
    """Return what there is to say of a series; ``analysis`` is of the slice that is shown."""
    series, verdict, prediction = part.series, part.verdict, analysis.prediction
    doubts = words.verdict_warnings(series, card).splitlines()
    doubts += [finding for finding in series.findings if finding not in doubts]
    of_slice = _lines(prediction.doubt, analysis.preprocessed.outline.note)
    place = words.slice_place(series, part.index)
    named = [("Study", series.study_description), ("Series", words.series_title(series))]
    counted = ("Slices", _slices(series))
    told = [counted] if shown.patient_visible else [*_nameless(series), counted]
    if verdict is None:
        sentence = words.why_no_verdict(series, part.readings)
    else:
        sentence = words.verdict_sentence(verdict, card)
    complete = verdict is not None and verdict.is_complete
    greys = words.greys_sentence(part.readings).removeprefix("Greys: ").rstrip(".")
    number = f"slice {part.index + 1}"
    of_it = f"of {number}: {greys_words(analysis.scan.greys)}"
    greys = f"{greys}; {of_it}" if greys else of_it
    return Report(
        about=_about(series, shown, named, *told),
        of="Verdict of the model on the series",
        verdict=words.verdict_word(verdict, card),
        class_index=verdict.class_index if verdict and complete else None,
        sentence=sentence,
        warnings=_lines(*doubts, *(f"{number.capitalize()}: {doubt}" for doubt in of_slice)),
        note=words.NOT_VALIDATED,
        shares_of=place,
        shares=_shares(analysis),
        leader=prediction.verdict_index,
        facts=(
            ("Slice shown", f"{place}: {part.why}."),
            *_facts(analysis, card, shown, greys, part.read_at, of=f" (of {number})"),
        ),
    )


def heatmap_words(analysis: Analysis, explanation: Explanation, stage: int) -> str:
    """Return which heatmap this is: its stage (from 0), its class and its method."""
    name = analysis.prediction.display_names[explanation.target_index].lower()
    shown = explanation.stages[stage]
    said = f"{shown.label}, {CAM_METHODS[explanation.method]}, what speaks for {name}"
    return said if shown.has_evidence else f"{said}: no evidence at this stage"


def moment_words(moment: datetime) -> str:
    """Return a moment in local time with its distance from UTC: "2026-01-05 14:30 (UTC+01:00)"."""
    local = moment.astimezone()
    return f"{local:%Y-%m-%d %H:%M} (UTC{local.isoformat()[-6:]})"


def _about(
    header: Series | None, shown: ShownScan, named: Sequence[Fact], *more: Fact
) -> tuple[Fact, ...]:
    """Return who and what was read; ``named`` may name the patient, ``more`` does not."""
    sequence = ("Sequence", _NOT_STATED if header is None else _sequence(header))
    if not shown.patient_visible:
        return ("Patient", _HIDDEN), sequence, *more
    patient = patient_facts(shown.scan.header) or (("Patient", _NOT_STATED),)
    facts = (*patient, sequence, *named, *more)
    return tuple((label, one_line(text, _LONGEST)) for label, text in facts if text.strip())


def _nameless(series: Series) -> list[Fact]:
    """Return which series it is, and which of its volumes, without a description or a file's name."""
    number = f"number {series.number}" if series.number else ""
    told = ", ".join(filter(None, (number, series.volume)))
    return [("Series", told)] if told else []


def _sequence(header: Series) -> str:
    of_mri = header.modality in {"", "MR"}
    agent = "with contrast agent" if header.contrast_agent else ""
    known = ["" if of_mri else header.modality, header.sequence, agent, header.plane]
    return ", ".join(filter(None, known)) or _NOT_STATED


def _slices(series: Series) -> str:
    apart = "" if series.distance_mm is None else f", {series.distance_mm:.2f} mm apart"
    return f"{len(series.slices)}{apart}"


def _facts(
    analysis: Analysis,
    card: ModelCard,
    shown: ShownScan,
    greys: str,
    read_at: datetime,
    of: str = "",
) -> tuple[Fact, ...]:
    device = analysis.device
    by = f"{device.runtime} on {device.name}" if device.runtime else device.name
    facts = (
        ("Model", f"{card.name} (id {card.id}, made {card.created[:10]})"),
        ("Tested", accuracy_sentence(card)),
        ("Read", f"{moment_words(read_at)} by btgui {__version__}, {by}"),
        ("Network's greys", greys),
        ("Measured", "; ".join(shown.measured())),
        ("File's SHA-256", f"{analysis.scan.sha256}{of}"),
    )
    return tuple((label, one_line(text, 4 * _LONGEST)) for label, text in facts if text)


def _shares(analysis: Analysis) -> tuple[tuple[str, float], ...]:
    prediction = analysis.prediction
    return tuple(zip(prediction.display_names, prediction.probabilities, strict=True))


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))
