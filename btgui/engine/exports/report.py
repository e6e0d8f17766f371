"""The content of a report on a reading: finished results, compiled and in words."""

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

Fact = tuple[str, str]  # label and text
_LONGEST = 120  # characters of a fact from a file
_NOT_STATED = "not stated in the file"
_HIDDEN = "hidden"


@dataclass(frozen=True)
class Report:
    """The content of a report except its pictures.

    Attributes
    ----------
    about
        The patient and the scan or series; without identifying facts where the patient is hidden.
    of
        Heading that states the object of the verdict.
    verdict, class_index
        The verdict in words, and its class in the model's order; None where it is not a class.
    sentence
        The basis of the verdict.
    warnings
        Reasons to doubt the verdict, as shown beside it in the window.
    note
        A remark that applies to every verdict of this kind, or "".
    shares_of
        Heading of ``shares``: "Probabilities", or the slice, "Slice 12 of 24, H 34.5 mm".
    shares
        Name and probability (0 to 1) of each class, in the model's order.
    leader
        Index of the most likely class.
    facts
        Facts on how the scan was read.
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
    """A completely read series, and the index of the slice that the report shows.

    ``why`` is the reason for showing this slice, in words.
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
    """Return the report on a single scan.

    Parameters
    ----------
    header
        The values of the scan's header as a series of one; None for a plain picture.
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
    """Return the report on a series; ``analysis`` is that of the slice that is shown."""
    series, verdict, prediction = part.series, part.verdict, analysis.prediction
    doubts = words.verdict_warnings(series, card, verdict).splitlines()
    doubts += [finding for finding in series.findings if finding not in doubts]
    of_slice = _lines(prediction.doubt, analysis.preprocessed.outline.note)
    place = words.slice_place(series, part.index)
    named = [("Study", series.study_description), ("Series", words.series_title(series))]
    counted = ("Slices", _slices(series))
    nameless = [counted] if shown.patient_visible else [*_nameless(series), counted]
    if verdict is None:
        sentence = words.why_no_verdict(series, part.readings)
    else:
        sentence = words.verdict_sentence(verdict, card)
    complete = verdict is not None and verdict.is_complete
    greys = words.greys_sentence(part.readings).removeprefix("Network input: ").rstrip(".")
    number = f"slice {part.index + 1}"
    of_it = f"of {number}: {greys_words(analysis.scan.greys)}"
    greys = f"{greys}; {of_it}" if greys else of_it
    return Report(
        about=_about(series, shown, named, *nameless),
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
    """Return the caption of a heatmap: its stage (``stage`` from 0), method and class."""
    name = analysis.prediction.display_names[explanation.target_index].lower()
    shown = explanation.stages[stage]
    said = f"{shown.label}, {CAM_METHODS[explanation.method]}, evidence for {name}"
    return said if shown.has_evidence else f"{said}: no evidence at this stage"


def moment_words(moment: datetime) -> str:
    """Return a moment in local time with its offset from UTC: "2026-01-05 14:30 (UTC+01:00)"."""
    local = moment.astimezone()
    return f"{local:%Y-%m-%d %H:%M} (UTC{local.isoformat()[-6:]})"


def _about(
    header: Series | None, shown: ShownScan, named: Sequence[Fact], *more: Fact
) -> tuple[Fact, ...]:
    """Return the facts on patient and scan; ``named`` may identify the patient, ``more`` does not."""
    sequence = ("Sequence", _NOT_STATED if header is None else _sequence(header))
    if not shown.patient_visible:
        return ("Patient", _HIDDEN), sequence, *more
    patient = patient_facts(shown.scan.header) or (("Patient", _NOT_STATED),)
    facts = (*patient, sequence, *named, *more)
    return tuple((label, one_line(text, _LONGEST)) for label, text in facts if text.strip())


def _nameless(series: Series) -> list[Fact]:
    """Return the number and volume of a series, without description or file name."""
    number = f"number {series.number}" if series.number else ""
    text = ", ".join(filter(None, (number, series.volume)))
    return [("Series", text)] if text else []


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
        ("Model", f"{card.name} (ID {card.id}, created {card.created[:10]})"),
        ("Tested", accuracy_sentence(card)),
        ("Read", f"{moment_words(read_at)} by btgui {__version__}, {by}"),
        ("Network input", greys),
        ("Measured", "; ".join(shown.measured())),
        ("File's SHA-256", f"{analysis.scan.sha256}{of}"),
    )
    return tuple((label, one_line(text, 4 * _LONGEST)) for label, text in facts if text)


def _shares(analysis: Analysis) -> tuple[tuple[str, float], ...]:
    prediction = analysis.prediction
    return tuple(zip(prediction.display_names, prediction.probabilities, strict=True))


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))
