"""Size, depth and colour of the image files, and whether these distinguish the classes.

A class whose files differ in size, depth or colour from the rest was saved elsewhere or in another
way. Converting all scans to grey levels and one size does not remove the difference: scaling and
compression leave traces in the pixels.
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
    """A value of a property that is far more, or far less, frequent in one class than in the others.

    ``share`` is the share of the class's files that have the value, ``others`` that of all other
    classes together, 0 to 1.
    """

    label: str
    value: str
    share: float
    others: float

    @property
    def words(self) -> str:
        """The difference in words, as part of a sentence."""
        share, others = percent_exactly(self.share, 0), percent_exactly(self.others, 0)
        return f"{share} of “{self.label}” are {self.value}, against {others} of the others"


def mode_of(scan: Scan) -> str:
    """Return the depth of a scan's file and whether its image is grey or colour: "8 bits, grey"."""
    depth = scan.metadata.get("Depth", "depth unknown")
    return f"{depth}, {'colour' if _has_colour(scan) else 'grey'}"


def find_uneven(
    labels: Sequence[str], values: Sequence[Hashable], patients: Sequence[int]
) -> list[Uneven]:
    """Find the classes in which a property of the files is distributed differently.

    For each class, the value is examined whose share differs most from its share among the other
    classes. The class is reported if the shares differ by 30 percentage points or more and the
    difference is significant (Fisher's exact test on patients, as all slices of a patient have one
    size; p < 0.001). With two classes, only the first is examined: the second mirrors it.

    Parameters
    ----------
    labels, values, patients
        Class, value of the property and patient number of each scan, in the same order; a scan
        whose patient is not known has a number of its own.
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
    """Return the 2 x 2 table of patients: the class or the others, with the value or another one."""
    counts = Counter((one == label, which == value) for one, which, _ in by_patient)
    return [[counts[mine, True], counts[mine, False]] for mine in (True, False)]


def _has_colour(scan: Scan) -> bool:
    if scan.file_format == "DICOM":
        return not scan.header.get(_INTERPRETATION, "MONOCHROME").startswith("MONOCHROME")
    if scan.file_format not in {"JPEG", "PNG", "BMP", "TIFF"}:
        return False
    with Image.open(scan.path) as image:  # reads only the header
        return image.mode not in _GREY_MODES
