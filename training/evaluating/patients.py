"""Whose scans are tested: intervals are of patients where several scans are of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from btgui.engine.counting import counted
from btgui.engine.datasets.dataset import LabelledScan
from btgui.engine.errors import DatasetError
from training.evaluating.groups import found_in_name
from training.grouping.patients import patient_names
from training.tested_scans import Tested


@dataclass(frozen=True, eq=False)
class Patients:
    """Which scans are of one patient.

    Attributes
    ----------
    numbers
        (n,) one number for the scans of one patient; of a scan whose patient is not known, its own.
    known
        (n,) whether its patient is known.
    """

    numbers: NDArray[np.int64]
    known: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """How many patients are known."""
        return len(np.unique(self.numbers[self.known]))

    @property
    def in_words(self) -> str:
        """What intervals are of: "12 patients", or "40 scans" where no patient is known."""
        unknown = int((~self.known).sum())
        if not self.count:
            return counted(unknown, "scan")
        patients = counted(self.count, "patient")
        return f"{patients} ({counted(unknown, 'scan')}: not known whose)" if unknown else patients

    @property
    def about_intervals(self) -> str:
        """What a reader must know of all intervals, in a sentence."""
        if not self.count:
            return (
                "Intervals take scans as independent, since nothing tells whose they are: several "
                "slices of one patient make the true ones wider. Patients are known from DICOM "
                "files, the column patient of a table, or file names (--patients)."
            )
        rest = (
            ""
            if self.known.all()
            else " A scan of which that is not known counts as another patient's: several slices of "
            "one make the true intervals wider."
        )
        if len(np.unique(self.numbers)) == len(self.numbers):
            text = f"Intervals are of {self.in_words}: no two scans are known to be of one patient."
            return f"{text}{rest}"
        return (
            f"Intervals are of {self.in_words}, not of scans: slices of one patient are alike, and tell "
            f"less than scans of as many patients. Each is of the effective number of scans (Rao and "
            f"Scott 1992; for areas Obuchowski 1997); a bootstrap draws patients whole.{rest}"
        )

    def of(self, chosen: NDArray[np.bool_]) -> Patients:
        """Return those of some scans; ``chosen`` is (n,)."""
        return Patients(self.numbers[chosen], self.known[chosen])

    def to_json(self) -> dict[str, Any] | None:
        """Return how many are known, of how many scans, and both in words; None where none is."""
        if not self.count:
            return None
        return {"count": self.count, "scans": int(self.known.sum()), "words": self.in_words}


def patients_of(
    scans: list[LabelledScan],
    say: Callable[[str], None] = lambda _sentence: None,
    beside: Sequence[LabelledScan] = (),
) -> Patients:
    """Look up whose scans these are; no name is kept.

    Parameters
    ----------
    say
        As in :func:`patient_names`.
    beside
        Other scans of the same data sets: whether a number tells patients apart is a question of
        all of them, and a test may be of one patient alone.
    """
    names = patient_names([*scans, *beside], say)[: len(scans)]
    numbers: dict[object, int] = {}
    own = [
        numbers.setdefault(index if name is None else name, len(numbers))
        for index, name in enumerate(names)
    ]
    return Patients(np.array(own, np.int64), np.array([name is not None for name in names], bool))


def named_where_found(scans: list[LabelledScan], pattern: str) -> list[LabelledScan]:
    """Return the scans as :func:`named_by_file` does; a pattern that finds nothing names none."""
    found = found_in_name(pattern)
    return [scan if scan.patient else replace(scan, patient=found(scan)) for scan in scans]


def named_by_file(scans: list[LabelledScan], pattern: str) -> list[LabelledScan]:
    """Return the scans with the patients that their files' names tell, where no table does.

    Parameters
    ----------
    pattern
        As :func:`found_in_name` takes it; of a scan in whose name it finds nothing, it tells none.

    Raises
    ------
    DatasetError
        It is no regular expression with one group, or finds nothing in any name.
    """
    named = named_where_found(scans, pattern)
    if not any(scan.patient for scan in named):
        raise DatasetError(
            f"Expected for --patients what tells patients apart in file names such as "
            f"{scans[0].path.name}, received {pattern!r}, which finds nothing in any."
        )
    return named


def named_in_test(tested: Tested, pattern: str) -> Tested:
    """Return what is tested with the patients that :func:`named_by_file` finds.

    The training part's are named too, as far as the pattern finds any.

    Raises
    ------
    DatasetError
        As :func:`named_by_file`.
    """
    return replace(
        tested,
        scans=named_by_file(tested.scans, pattern),
        trained=named_where_found(tested.trained, pattern),
    )
