"""Distinct names for series of one study that have the same description.

A repeated sequence has the same description, and some scanners (Siemens' XA software, in
files for older programs) give every volume of a series its own SeriesInstanceUID.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from btgui.engine.dicom.traits import Traits
from btgui.engine.studies.series import Series
from btgui.engine.studies.trait_words import volume_names


def told_apart(found: Sequence[tuple[Series, Traits]]) -> list[Series]:
    """Return the series with namesakes told apart.

    Namesakes of one number are told apart by the traits in which their images differ, and others by
    their numbers.

    Parameters
    ----------
    found
        Series, each with the traits of its first image.
    """
    named = [one for one, _ in found]
    for held in _alike([(*_study(one), one.number, one.description, one.volume) for one in named]):
        if not (named[held[0]].number or named[held[0]].description):
            continue  # without number and description, nothing shows that they belong together
        for at, name in zip(held, _names([found[at][1] for at in held]), strict=True):
            volume = ", ".join(filter(None, (named[at].volume, name)))
            named[at] = replace(named[at], volume=volume)
    for held in _alike([(*_study(one), one.description) for one in named]):
        if len({named[at].number for at in held}) > 1:
            for at in held:
                named[at] = replace(named[at], is_namesake=True)
    return named


def _study(series: Series) -> tuple[str, str]:
    return series.patient, series.study


def _alike(keys: Sequence[Hashable]) -> list[list[int]]:
    """Return the indexes of each key that occurs more than once."""
    places: dict[Hashable, list[int]] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, []).append(at)
    return [held for held in places.values() if len(held) > 1]


def _names(traits: Sequence[Traits]) -> list[str]:
    """Return a distinct name for each: by the first trait in which all differ, else a number."""
    rows = [one._replace(volume=(number,)) for number, one in enumerate(traits)]
    values = ((name, {getattr(row, name) for row in rows}) for name in Traits._fields)
    telling = next(name for name, several in values if len(several) == len(rows))
    return volume_names(rows, (telling,))
