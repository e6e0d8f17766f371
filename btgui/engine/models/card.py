"""Model cards: all facts about a network needed for prediction, explanation and documentation."""

from __future__ import annotations

import hashlib
import re
import sys
import unicodedata
from dataclasses import asdict, dataclass, fields
from math import inf, isfinite
from typing import Any

from btgui.engine.class_names import healthy_index
from btgui.engine.errors import ModelPackError
from btgui.engine.feature_grid import FeatureGrid
from btgui.engine.novelty import SMALLEST_LIMIT
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import Protocol

FORMAT_VERSION = 1
REFERENCE_INPUTS = 2
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LONGEST_ID = 80
_NO_ID_CHARACTERS = re.compile(r"[^a-z0-9._-]+")
_PROTOCOLS = ("honest", "published")
# Cards of older versions lack these fields.
_ADDED_LATER = {"notes", "reference_logits", "novelty_limit"}
_LONGEST_TEXT = 1000  # characters; displaying far more would freeze the window
_OF_A_CLASS = {"count", "recall", "precision", "f1"}
# Fields whose type in JSON may be wrong without any other check noticing.
_KINDS: dict[str, type] = {
    "id": str,
    "name": str,
    "architecture": str,
    "logits_layer": str,
    "parameter_count": int,
    "training": dict,
    "dataset_fingerprint": str,
    "library_versions": dict,
    "created": str,
    "licence": str,
    "files": dict,
    "notes": str,
}


@dataclass(frozen=True)
class GradCamStage:
    """A stage of the network that Grad-CAM explains.

    Attributes
    ----------
    label
        The stage's name for the reader ("Stage 5").
    layer
        Name of the layer in Keras.
    grid
        Where the cells of the layer's output lie on the network's input; None: they divide it
        evenly, as in models of older versions and those fine-tuned from one.
    """

    label: str
    layer: str
    grid: FeatureGrid | None = None

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> GradCamStage:
        """Read a stage from plain JSON values.

        Raises
        ------
        TypeError, KeyError, ValueError, AttributeError
            The values are not those of a stage.
        """
        grid = values.get("grid")
        return cls(**values | {"grid": None if grid is None else FeatureGrid.from_json(grid)})


@dataclass(frozen=True)
class TestResult:
    """The result of one test of a model.

    Attributes
    ----------
    protocol
        "honest" (no copy of a test scan was trained on) or "published".
    data
        The test data in words.
    accuracy, interval
        0 to 1, with the 95 % confidence interval (Wilson; based on patients if these are known).
    per_class
        Class name to ``count``, ``recall``, ``precision`` and ``f1``; None for undefined values,
        such as the recall of a class without test scans. (Older cards have 0 there.)
    confusion
        Row: true class, column: predicted class, in the card's order.
    leak_free
        ``count``, ``correct``, ``accuracy`` and ``interval`` on the test scans without a copy
        anywhere in the training folder; None if these scans are not known.
    expected_calibration_error
        0 to 1, over 15 confidence bins.
    """

    __test__ = False  # not a test case of pytest

    protocol: str
    data: str
    count: int
    correct: int
    accuracy: float
    interval: tuple[float, float]
    per_class: dict[str, dict[str, float | None]]
    confusion: list[list[int]]
    leak_free: dict[str, Any] | None = None
    expected_calibration_error: float | None = None

    @property
    def untested(self) -> tuple[str, ...]:
        """The classes without test scans, about which the result says nothing."""
        return tuple(name for name, figures in self.per_class.items() if figures.get("count") == 0)

    def specificity(self, place: int) -> float | None:
        """Return the share of other classes' scans that were not read as the class at this place.

        None without such scans, and if the card has no confusion matrix.
        """
        others = [row for true, row in enumerate(self.confusion) if true != place]
        count = sum(map(sum, others))
        if count <= 0 or any(len(row) <= place for row in others):
            return None
        return 1 - sum(row[place] for row in others) / count


@dataclass(frozen=True)
class ModelCard:
    """The card of a model pack.

    Attributes
    ----------
    classes, display_names
        In the order of the network's outputs: the data set's names, and those to display.
    preprocessing
        All parameters of the path from a scan to the network's input.
    stages
        Grad-CAM stages, early to late.
    logits_layer
        The layer whose output is the logits, one per class.
    temperature
        Probabilities are softmax(logits / temperature) (Guo et al. 2017).
    training
        How the model was trained, as plain JSON values; folder names only, no paths.
    files
        Name of every other file of the pack to its SHA-256 digest.
    reference_logits
        (REFERENCE_INPUTS, classes) logits computed by Keras for the patterns of
        :mod:`btgui.engine.runtimes.reference_check`; empty for models of older versions.
    novelty_limit
        Scans whose distance to the nearest prototype exceeds this are unlike the training scans
        (:mod:`btgui.engine.novelty`); None for models without prototypes.
    """

    format_version: int
    id: str
    name: str
    architecture: str
    classes: tuple[str, ...]
    display_names: tuple[str, ...]
    preprocessing: PreprocessingParameters
    stages: tuple[GradCamStage, ...]
    logits_layer: str
    temperature: float
    results: tuple[TestResult, ...]
    parameter_count: int
    training: dict[str, Any]
    dataset_fingerprint: str
    library_versions: dict[str, str]
    seed: int
    created: str
    licence: str
    files: dict[str, str]
    notes: str = ""
    reference_logits: tuple[tuple[float, ...], ...] = ()
    novelty_limit: float | None = None

    @property
    def main_result(self) -> TestResult | None:
        """The result to show beside the name: one on all classes, preferably by the honest protocol."""
        whole = [result for result in self.results if not result.untested]
        ordered = sorted(whole, key=lambda result: _PROTOCOLS.index(result.protocol))
        return ordered[0] if ordered else None

    @property
    def healthy_index(self) -> int | None:
        """The index of the class without a tumour; None for a model without such a class."""
        return healthy_index(self.classes, self.display_names)

    @property
    def has_even_cells(self) -> bool:
        """Whether heatmaps are placed as if the cells of each stage divided the input evenly."""
        return all(stage.grid is None for stage in self.stages)

    @property
    def protocol(self) -> Protocol:
        """The protocol that the model was trained by; "published" if none is recorded."""
        return "honest" if self.request.get("protocol") == "honest" else "published"

    @property
    def request(self) -> dict[str, Any]:
        """The training request as recorded; empty if there is none."""
        recorded = self.training.get("request")
        return recorded if isinstance(recorded, dict) else {}

    def to_json(self) -> dict[str, Any]:
        """Return the card as plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Any) -> ModelCard:  # noqa: ANN401  (whatever a file held)
        """Read a card as written by :meth:`to_json`.

        Raises
        ------
        ModelPackError
            An entry is missing, unknown or of the wrong type; the message states what was
            expected and what was received.
        """
        if not isinstance(values, dict):
            raise ModelPackError(
                "Expected the model card to be a JSON object. Obtain a new copy of the model."
            )
        version = values.get("format_version")
        if version != FORMAT_VERSION:
            raise ModelPackError(
                f"Expected a model card of format {FORMAT_VERSION}, received format {version}. "
                f"Update the application to open this model."
            )
        known = {f.name for f in fields(cls)}
        missing = known - set(values) - _ADDED_LATER
        unknown = set(values) - known
        if missing or unknown:
            raise ModelPackError(
                f"The model card does not have the expected entries: missing "
                f"{sorted(missing) or 'none'}, unknown {sorted(unknown) or 'none'}. "
                f"Obtain a new copy of the model, or update the application."
            )
        try:
            card = cls(
                **values
                | {
                    "classes": tuple(values["classes"]),
                    "display_names": tuple(values["display_names"]),
                    "preprocessing": PreprocessingParameters.from_json(values["preprocessing"]),
                    "stages": tuple(map(GradCamStage.from_json, values["stages"])),
                    "results": tuple(
                        TestResult(**result | {"interval": tuple(result["interval"])})
                        for result in values["results"]
                    ),
                    "reference_logits": tuple(map(tuple, values.get("reference_logits", ()))),
                }
            )
            card.check()
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError) as error:
            raise ModelPackError(
                f"The model card cannot be understood: {error}. Obtain a new copy of the model."
            ) from error
        return card

    def check(self) -> None:
        """Check that all values are valid and consistent.

        Raises
        ------
        ModelPackError
            A value is outside its range or does not agree with another one.
        """
        smallest = 2
        for name, kind in _KINDS.items():
            if not isinstance(getattr(self, name), kind):
                raise ModelPackError(
                    f"The model card is invalid: expected {name} to be a {kind.__name__}, "
                    f"received {getattr(self, name)!r:.100}."
                )
        problems = [
            (not _ID.fullmatch(self.id), "an ID of lower-case letters, digits and . _ -"),
            (not self.name.strip(), "a name"),
            (len(self.classes) < smallest, "at least two classes"),
            (len(set(self.classes)) != len(self.classes), "different class names"),
            (len(self.classes) != len(self.display_names), "one display name per class"),
            (
                not all(isinstance(name, str) for name in (*self.classes, *self.display_names)),
                "class names as text",
            ),
            (not self.stages, "at least one Grad-CAM stage"),
            (
                not all(isinstance(t, str) for s in self.stages for t in (s.label, s.layer)),
                "labels and layers of stages as text",
            ),
            (
                any(len(str(text)) > _LONGEST_TEXT for text in self._short_texts()),
                f"names of at most {_LONGEST_TEXT} characters",
            ),
            (not isinstance(self.temperature, (int, float)), "a temperature that is a number"),
            (not 0 < float(self.temperature) < float("inf"), "a temperature above 0"),
            (
                any(result.protocol not in _PROTOCOLS for result in self.results),
                f"protocols among {', '.join(_PROTOCOLS)}",
            ),
            (
                not all(map(_measured, self.results)),
                "results as numbers of scans, and shares from 0 to 1",
            ),
            (
                not all(self._has_sound_confusion(result) for result in self.results),
                "a confusion matrix with one row and one column per class",
            ),
            (not self._has_sound_reference(), "reference logits as numbers, one per class"),
            (
                not self._has_sound_novelty_limit(),
                f"a novelty limit that is a number of at least {SMALLEST_LIMIT:g}",
            ),
        ]
        for wrong, expected in problems:
            if wrong:
                raise ModelPackError(f"The model card is invalid: expected {expected}.")

    def _short_texts(self) -> list[object]:
        stages = (text for stage in self.stages for text in (stage.label, stage.layer))
        of_itself = (self.name, self.architecture, self.logits_layer, self.created, self.licence)
        return [*of_itself, *self.classes, *self.display_names, *stages]

    def _has_sound_confusion(self, result: TestResult) -> bool:
        rows = result.confusion
        return not rows or (
            len(rows) == len(self.classes)
            and all(len(row) == len(self.classes) for row in rows)
            and all(isinstance(n, int) and n >= 0 for row in rows for n in row)
        )

    def _has_sound_novelty_limit(self) -> bool:
        limit = self.novelty_limit
        return limit is None or (isinstance(limit, float) and SMALLEST_LIMIT <= limit < inf)

    def _has_sound_reference(self) -> bool:
        rows = self.reference_logits
        return not rows or (
            len(rows) == REFERENCE_INPUTS
            and all(len(row) == len(self.classes) for row in rows)
            and all(isinstance(n, (int, float)) and isfinite(n) for row in rows for n in row)
        )


def id_of(kind: str, name: str) -> str:
    """Return a model id of the form "kind-name"; ``kind`` is a valid id of at most 60 characters.

    The name is lower-cased, accents are removed, and other characters become "-". If letters are
    lost, or the id would be too long, a digest of the name keeps the ids of two models different.
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    word = _NO_ID_CHARACTERS.sub("-", plain).strip("-._")
    lost = not word or any(sign.isalnum() and not sign.isascii() for sign in plain)
    if not lost and len(kind) + 1 + len(word) <= _LONGEST_ID:
        return f"{kind}-{word}"
    digest = hashlib.sha256(name.encode(errors="surrogatepass")).hexdigest()[:8]
    room = _LONGEST_ID - len(kind) - len(digest) - 2
    return "-".join(filter(None, (kind, word[:room].rstrip("-._"), digest)))


def _measured(result: TestResult) -> bool:
    both_ends = 2
    counts: list[object] = [result.count, result.correct]
    shares: list[object] = [result.accuracy, *result.interval]
    if result.leak_free is not None:
        counts.append(result.leak_free.get("count"))
        shares.append(result.leak_free.get("accuracy"))
    if result.expected_calibration_error is not None:
        shares.append(result.expected_calibration_error)
    for of in result.per_class.values():
        if not of.keys() >= _OF_A_CLASS:
            return False
        counts.append(of["count"])
        shares += [of[name] for name in _OF_A_CLASS - {"count"} if of[name] is not None]
    return (
        len(result.interval) == both_ends
        and isinstance(result.data, str)
        and all(_is_within(count, sys.float_info.max) for count in counts)
        and all(_is_within(share, 1) for share in shares)
    )


def _is_within(value: object, most: float) -> bool:
    """Whether a value is a number from 0 to ``most``; NaN, which JSON files may hold, is not."""
    return isinstance(value, (int, float)) and 0 <= value <= most
