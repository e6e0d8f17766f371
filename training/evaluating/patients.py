"""The patients of a test's scans, on which confidence intervals are based."""

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
from training.grouping.patients import patient_numbers
from training.tested_scans import Tested


@dataclass(frozen=True, eq=False)
class Patients:
    """The patient of each scan.

    Attributes
    ----------
    numbers
        (n,) the number of each scan's patient; a scan whose patient is not known has its own number.
    known
        (n,) whether the scan's patient is known.
    """

    numbers: NDArray[np.int64]
    known: NDArray[np.bool_]

    @property
    def count(self) -> int:
        """Number of known patients."""
        return len(np.unique(self.numbers[self.known]))

    @property
    def in_words(self) -> str:
        """What intervals are based on: "12 patients", or "40 scans" if no patient is known."""
        unknown = int((~self.known).sum())
        if not self.count:
            return counted(unknown, "scan")
        patients = counted(self.count, "patient")
        if not unknown:
            return patients
        return f"{patients} (patient unknown for {counted(unknown, 'scan')})"

    @property
    def about_intervals(self) -> str:
        """What a reader must know about all intervals, in one or more sentences."""
        if not self.count:
            return (
                "Intervals treat scans as independent, since their patients are not known: several "
                "slices of one patient make the true intervals wider. Patients are known from DICOM "
                "files, the column patient of a table, or file names (--patients)."
            )
        rest = (
            ""
            if self.known.all()
            else " A scan of an unknown patient counts as another patient's: several slices of one "
            "patient make the true intervals wider."
        )
        if len(np.unique(self.numbers)) == len(self.numbers):
            text = (
                f"Intervals are based on {self.in_words}: no two scans are known to be of one "
                f"patient."
            )
            return f"{text}{rest}"
        return (
            f"Intervals are based on {self.in_words}, not on scans: slices of one patient are alike "
            f"and carry less information than scans of as many patients. Each interval uses the "
            f"effective number of scans (Rao and Scott 1992; for areas Obuchowski 1997); a bootstrap "
            f"resamples whole patients.{rest}"
        )

    def of(self, chosen: NDArray[np.bool_]) -> Patients:
        """Return the patients of some of the scans; ``chosen`` is (n,) whether to include each."""
        return Patients(self.numbers[chosen], self.known[chosen])

    def to_json(self) -> dict[str, Any] | None:
        """Return the number of known patients and of their scans, and both in words; None if none."""
        if not self.count:
            return None
        return {"count": self.count, "scans": int(self.known.sum()), "words": self.in_words}


def patients_of(
    scans: list[LabelledScan],
    say: Callable[[str], None] = lambda _sentence: None,
    beside: Sequence[LabelledScan] = (),
) -> Patients:
    """Look up the patient of each scan; names are not kept.

    Parameters
    ----------
    say
        Called with sentences for the user, as in :func:`patient_numbers`.
    beside
        Other scans of the same data sets. Whether a number distinguishes patients is decided on all
        scans, as a test may contain a single patient.
    """
    of_all, known = patient_numbers([*scans, *beside], say)
    numbers: dict[int, int] = {}
    own = [numbers.setdefault(number, len(numbers)) for number in of_all[: len(scans)].tolist()]
    return Patients(np.array(own, np.int64), known[: len(scans)])


def named_where_found(scans: list[LabelledScan], pattern: str) -> list[LabelledScan]:
    """Return the scans as :func:`named_by_file` does, even if the pattern matches no file name."""
    found = found_in_name(pattern)
    return [scan if scan.patient else replace(scan, patient=found(scan)) for scan in scans]


def named_by_file(scans: list[LabelledScan], pattern: str) -> list[LabelledScan]:
    """Return the scans with patients found in their file names, unless a table gives the patient.

    Parameters
    ----------
    pattern
        Regular expression for :func:`found_in_name`; a scan whose name it does not match stays
        without a patient.

    Raises
    ------
    DatasetError
        The pattern is not a regular expression with one group, or no scan has a patient.
    """
    named = named_where_found(scans, pattern)
    if not any(scan.patient for scan in named):
        raise DatasetError(
            f"Expected --patients to find the patient in file names such as "
            f"{scans[0].path.name}, received {pattern!r}, which finds nothing in any."
        )
    return named


def named_in_test(tested: Tested, pattern: str) -> Tested:
    """Return the tested scans with the patients that :func:`named_by_file` finds.

    Scans of the training part get their patients too, as far as the pattern matches.

    Raises
    ------
    DatasetError
        The pattern is not usable, as in :func:`named_by_file`.
    """
    return replace(
        tested,
        scans=named_by_file(tested.scans, pattern),
        trained=named_where_found(tested.trained, pattern),
    )
