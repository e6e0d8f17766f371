"""What kind of picture each file holds, and whether sizes or kinds tell the classes apart.

A class whose files have another size or another kind than the rest was saved elsewhere or in
another way. That a network is fed grey pictures of one size does not undo the difference:
scaling and compression leave their marks in the pixels.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PIL import Image

from btgui.engine.percentages import percent_exactly
from btgui.engine.scan import Scan

_GREY_MODES = frozenset({"1", "L", "LA", "La", "I", "F", "I;16", "I;16B", "I;16L", "I;16N"})
_INTERPRETATION = "PhotometricInterpretation (0028,0004)"
_UNEVEN = 0.3
_BY_CHANCE = 0.001
_A_PAIR = 2


@dataclass(frozen=True)
class Uneven:
    """A value that the files of one class have far more often, or more seldom, than the others'.

    ``share`` is the class's, ``others`` that of all other classes together, 0 to 1.
    """

    label: str
    value: str
    share: float
    others: float

    @property
    def words(self) -> str:
        """It as half a sentence."""
        share, others = percent_exactly(self.share, 0), percent_exactly(self.others, 0)
        return f"{share} of “{self.label}” are {self.value}, of the others {others}"


def mode_of(scan: Scan) -> str:
    """Return the depth of a scan's file, and whether it holds grey or colour: "8 bits, grey"."""
    depth = scan.metadata.get("Depth", "depth unknown")
    return f"{depth}, {'colour' if _has_colour(scan) else 'grey'}"


def find_uneven(
    labels: Sequence[str], values: Sequence[Hashable], patients: Sequence[int]
) -> list[Uneven]:
    """Find the classes whose files have another distribution of a property than the rest.

    Of each class the value is looked at whose share differs most from the others' share; it
    counts where they differ by 30 points or more, which chance alone would hardly bring about
    (Fisher's exact test of patients: all slices of one are of one size). Of two classes, the
    first stands for both.

    Parameters
    ----------
    labels, values, patients
        Of the same scans, in the same order; a patient is a number, one's own where not known.
    """
    from scipy.stats import fisher_exact

    by_class: dict[str, Counter[Hashable]] = {}
    for label, value in zip(labels, values, strict=True):
        by_class.setdefault(label, Counter())[value] += 1
    everything = Counter(values)
    by_patient = set(zip(labels, values, patients, strict=True))
    names = sorted(by_class)
    found = []
    for label in names[:1] if len(names) == _A_PAIR else names:
        own = by_class[label]
        mine, rest = own.total(), everything.total() - own.total()
        if not rest:
            continue
        differences = {
            value: own[value] / mine - (everything[value] - own[value]) / rest
            for value in everything
        }
        value = max(differences, key=lambda one: abs(differences[one]))
        if abs(differences[value]) < _UNEVEN:
            continue
        others = (everything[value] - own[value]) / rest
        if fisher_exact(_of_patients(by_patient, label, value)).pvalue < _BY_CHANCE:
            found.append(Uneven(label, str(value), own[value] / mine, others))
    return found


def _of_patients(
    by_patient: set[tuple[str, Hashable, int]], label: str, value: Hashable
) -> list[list[int]]:
    """Return how many patients of a class, and of the others, have the value and another one."""
    counts = Counter((one == label, which == value) for one, which, _ in by_patient)
    return [[counts[mine, True], counts[mine, False]] for mine in (True, False)]


def _has_colour(scan: Scan) -> bool:
    if scan.file_format == "DICOM":
        return not scan.header.get(_INTERPRETATION, "MONOCHROME").startswith("MONOCHROME")
    if scan.file_format not in {"JPEG", "PNG", "BMP", "TIFF"}:
        return False
    with Image.open(scan.path) as image:  # its header only
        return image.mode not in _GREY_MODES
