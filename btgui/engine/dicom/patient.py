"""The patient and study date of a header in words, without loading pydicom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

# Keyword to the prefix shown over a scan and the label in a report.
WHO = {
    "PatientName": ("", "Patient"),
    "PatientID": ("ID ", "ID"),
    "PatientBirthDate": ("born ", "Born"),
    "StudyDate": ("study of ", "Study date"),
}


def patient_text(keyword: str, text: str) -> str:
    """Return an element's text as displayed: "DOE, JANE", "1961-03-02"; "" where it is empty."""
    text = text.strip()
    if keyword == "PatientName":
        # The first group with text: alphabetic, then ideographic, then phonetic (PS3.5 6.2.1.1).
        groups = (", ".join(filter(None, group.split("^"))) for group in text.split("="))
        return next(filter(None, groups), "")
    if keyword.endswith("Date") and len(text) == 8 and text.isdecimal():  # noqa: PLR2004
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    return text


def patient_facts(header: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return label and text of each patient element in a :attr:`~btgui.engine.scan.Scan.header`."""
    return tuple((WHO[keyword][1], text) for keyword, text in _present(header))


def patient_lines(header: Mapping[str, str]) -> tuple[str, ...]:
    """Return the patient elements as lines for display over a scan: "DOE, JANE", "ID 0042"."""
    return tuple(WHO[keyword][0] + text for keyword, text in _present(header))


def _present(header: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    texts = {key.split(" ")[0]: text for key, text in header.items()}
    for keyword in WHO:
        if text := patient_text(keyword, texts.get(keyword, "")):
            yield keyword, text
