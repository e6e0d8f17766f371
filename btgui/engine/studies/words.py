"""Texts on series, slices and their verdict; they never contain the patient's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from btgui.engine.counting import counted, one_or
from btgui.engine.dicom.patient import patient_text
from btgui.engine.geometry import (
    MIXED_ORIENTATIONS,
    UNKNOWN_ORDER,
    location_words,
    plane_of,
)
from btgui.engine.models.card import ModelCard
from btgui.engine.one_line import one_line
from btgui.engine.percentages import percent
from btgui.engine.studies.body_parts import ELSEWHERE
from btgui.engine.studies.series import MIXED_PLANES, MOSAICS
from btgui.engine.studies.series_verdict import LIMIT, SeriesVerdict, SliceReading
from btgui.engine.studies.trait_words import UNUSUAL_KINDS

if TYPE_CHECKING:
    from btgui.engine.studies.series import Series, Slice

NOT_VALIDATED = "Not validated on whole series: the models were trained on single slices."

CHANGED = (
    "Files of this series have changed on the disk since they were listed; results from them are "
    "no longer valid. Open the folder again."
)


def series_title(series: Series, *, patient_visible: bool = True) -> str:
    """Return the title of a series: its name and that of the volume."""
    name = series_name(series, patient_visible=patient_visible)
    return ", ".join(filter(None, (name, series.volume)))


def series_name(series: Series, *, patient_visible: bool) -> str:
    """Return the name of a series with all its volumes: its description, or its number.

    It contains both where another series has the same description: "T1 MPRAGE, series 7". A
    description from the header may contain names, so it is omitted where the patient is hidden.
    """
    description = one_line(series.description) if patient_visible or series.named_by_file else ""
    number = f"Series {series.number}" if series.number else "Series"
    if description and series.is_namesake and series.number:
        return f"{description}, {number.lower()}"
    return description or number


def series_facts(series: Series) -> str:
    """Return the number of slices, plane and sequence, as far as they are known.

    The number comes first because narrow lists elide the middle of a text, and "…76 slices" would
    read as a complete number. The plane is omitted where the volume's name begins with it, as in
    localizers.
    """
    plane = "" if series.volume.startswith(series.plane) else series.plane
    return ", ".join(filter(None, (f"{len(series.slices)} slices", plane, series.sequence)))


def study_title(series: Series, number: int, *, patient_visible: bool) -> str:
    """Return a study's number and date and, on a second line, its description or modality.

    Where the patient is hidden, return the number only.
    """
    if not patient_visible:
        return f"Study {number}"
    date = patient_text("StudyDate", series.study_date)
    words = one_line(series.study_description) or series.modality
    first = ", ".join(filter(None, (f"Study {number}", date)))
    return "\n".join(filter(None, (first, words)))


def numbered(found: Sequence[Series]) -> list[tuple[int, int]]:
    """Return the patient number and study number of each series, both from 1.

    The patient number is 0 where the file states no patient. Studies are numbered within each
    patient, in the order of the series.
    """
    patients = sorted({"", *(series.patient for series in found)})
    studies: dict[str, dict[str, int]] = {patient: {} for patient in patients}
    numbers = []
    for series in found:
        of_patient = studies[series.patient]
        study = of_patient.setdefault(series.study, len(of_patient) + 1)
        numbers.append((patients.index(series.patient), study))
    return numbers


def slice_place(series: Series, index: int) -> str:
    """Return "Slice 12 of 24, H 34.5 mm"; without millimetres where the position is unknown."""
    return f"Slice {index + 1} of {len(series.slices)}{where_it_lies(series.slices[index])}"


def where_it_lies(one: Slice) -> str:
    """Return ", H 34.5 mm"; "" where the position is unknown."""
    if one.location_mm is None:
        return ""
    return f", {location_words(one.location_mm, plane_of(one.orientation))}"


def slice_range(indexes: Sequence[int]) -> str:
    """Return indexes from 0 as slice numbers from 1: "slices 11 to 13", "slices 4, 5 and 7"."""
    numbers = [index + 1 for index in indexes]
    if len(numbers) == 1:
        return f"slice {numbers[0]}"
    if numbers[-1] - numbers[0] == len(numbers) - 1 and len(numbers) > 2:  # noqa: PLR2004
        return f"slices {numbers[0]} to {numbers[-1]}"
    return f"slices {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def verdict_word(verdict: SeriesVerdict | None, card: ModelCard) -> str:
    """Return a series' verdict as the heading of its verdict card."""
    if verdict is None:
        return "No verdict"
    return card.display_names[verdict.class_index] if verdict.is_complete else "Incomplete"


def verdict_sentence(verdict: SeriesVerdict, card: ModelCard) -> str:
    """Return the basis of a series' verdict in words, and the slices that do not count."""
    name = card.display_names[verdict.likeliest_tumour].lower()
    reached = f"the most likely, {name}, reaches {percent(verdict.score)} on average."
    uncounted = _uncounted(verdict)
    if not verdict.is_complete:
        return f"{uncounted} No three neighbours among the others indicate a tumour; {reached}"
    if verdict.class_index == card.healthy_index:
        words = f"No three neighbouring slices indicate a tumour; {reached}"
    else:
        mean = f"{percent(verdict.score)} on average"
        if verdict.score <= LIMIT and card.healthy_index is not None:
            mean += f", tumours of all kinds {percent(verdict.any_tumour)}"
        words = f"Decided by {slice_range(verdict.deciding)}: {mean}."
    return f"{words} {uncounted}".strip()


def _uncounted(verdict: SeriesVerdict) -> str:
    parts = []
    if verdict.unread:
        parts.append(f"{verdict.unread} of {verdict.total} slices could not be read.")
    for count, one, several in (
        (verdict.headless, "shows no head and does", "show no head and do"),
        (verdict.alone, "lacks neighbours and does", "lack neighbours and do"),
    ):
        if count:
            parts.append(f"{counted(count, 'slice')} {one_or(count, one, several)} not count.")
    return " ".join(parts)


def greys_sentence(readings: Sequence[SliceReading]) -> str:
    """Return the windows of the network's input, most frequent first; "" where none is known."""
    sources = Counter(reading.greys.source for reading in readings if reading.greys)
    total = len(readings)
    named = [
        source if count == total else f"{source}, {count} of {total}"
        for source, count in sources.most_common()
    ]
    return f"Network input: {'; '.join(named)}." if named else ""


def why_no_verdict(series: Series, readings: Sequence[SliceReading]) -> str:
    """Return the reason why a completely read series has no verdict, in words."""
    if MIXED_ORIENTATIONS in series.findings:
        return f"{MIXED_ORIENTATIONS} They are not neighbours; review them one by one."
    if UNKNOWN_ORDER in series.findings:
        return "The order of the slices is unknown; review them one by one."
    if not any(reading.counts for reading in readings):
        return "No readable slice shows a head."
    unread = sum(not reading.probabilities for reading in readings)
    reasons = f"{unread} of {len(readings)} slices could not be read." if unread else ""
    places = [one.location_mm for one in series.slices if one.location_mm is not None]
    if len(set(places)) < len(places):
        reasons += " Several slices lie at the same position, so they are not neighbours."
    return f"{reasons} No three neighbouring slices show a head; review them one by one.".strip()


def verdict_warnings(series: Series, card: ModelCard, verdict: SeriesVerdict | None = None) -> str:
    """Return the reasons to doubt a series' verdict, one per line: unfamiliar scans, gaps.

    Without a ``verdict``, these are the reasons that are known before the slices are read.
    """
    lines = ["" if verdict is None else _novel(verdict), unfamiliar(series, card)]
    unplaced = any(one.position is None for one in series.slices)
    if MIXED_ORIENTATIONS not in series.findings and (series.breaks or unplaced):
        lines += series.findings
    elif MOSAICS in series.findings:
        lines.append(MOSAICS)
    return "\n".join(filter(None, lines))


def _novel(verdict: SeriesVerdict) -> str:
    """Return a warning if most slices behind a verdict are unlike the training scans, else ""."""
    if 2 * verdict.novel <= verdict.based_on:
        return ""
    count = "All" if verdict.novel == verdict.based_on else f"{verdict.novel} of the"
    which = "deciding slices" if verdict.deciding else "slices"
    return (
        f"{count} {verdict.based_on} {which} are unlike the scans that this model was trained on: "
        f"the verdict may be wrong."
    )


def unfamiliar(series: Series, card: ModelCard) -> str:
    """Return a warning if a series differs from the training data, or if that cannot be determined.

    Planes and sequences are checked only if the model card states which were trained on.
    """
    of_mri = series.modality in {"", "MR"}
    planes, sequences = (_trained(card, name) for name in ("planes", "sequences"))
    strange, words, unknown = [] if of_mri else [series.modality], [], []
    if series.plane == MIXED_PLANES:
        words.append("The slices lie in mixed planes.")
    elif series.plane and planes and series.plane not in planes:
        strange.append(series.plane)
    elif planes and not series.plane:
        unknown.append("the plane")
    if series.sequence and sequences and series.sequence not in sequences:
        strange.append(series.sequence)
    elif sequences and not series.sequence and of_mri:
        unknown.insert(0, "the sequence")
    if series.kind in UNUSUAL_KINDS:
        words.append(f"Image type in the header: {series.kind}. Not an ordinary head image.")
    if series.body_part.upper() in ELSEWHERE:
        words.append(f"Body part in the header: {series.body_part}. This is not a head scan.")
    if strange:
        named = " ".join(strange)
        words.append(f"This model was not trained on {named} scans. Do not rely on its verdict.")
    if unknown:
        words.append(f"The header does not state {' or '.join(unknown)}.")
    return " ".join(words)


def _trained(card: ModelCard, name: str) -> list[str]:
    found = card.training.get(name)
    return found if isinstance(found, list) else []
