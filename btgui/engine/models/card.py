"""A model's card: everything about a network that prediction, explanation and a reader need."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import asdict, dataclass, fields
from math import isfinite
from typing import Any

from btgui.engine.class_names import healthy_index
from btgui.engine.errors import ModelPackError
from btgui.engine.preprocessing import PreprocessingParameters
from btgui.engine.training_request import Protocol

FORMAT_VERSION = 1
REFERENCE_INPUTS = 2
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,79}")
_LONGEST_ID = 80
_NO_ID_CHARACTERS = re.compile(r"[^a-z0-9._-]+")
_PROTOCOLS = ("honest", "published")
# Cards may lack these: they were added after the first models had been made.
_ADDED_LATER = {"notes", "reference_logits", "novelty_limit"}
_LONGEST_TEXT = 1000  # characters; a window that shows many more stands still
_OF_A_CLASS = {"count", "recall", "precision", "f1"}
# What JSON could bring of another kind and no other check would notice.
_KINDS: dict[str, type] = {
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
    """A stage of the network that Grad-CAM explains: its label and its layer's name."""

    label: str
    layer: str


@dataclass(frozen=True)
class TestResult:
    """What one test measured.

    Attributes
    ----------
    protocol
        "honest" (no copy of a test scan was trained on) or "published".
    data
        What was tested on, in words.
    accuracy, interval
        0 to 1, with its 95 % confidence interval (Wilson; of patients, where these were known).
    per_class
        Class name to ``count``, ``recall``, ``precision`` and ``f1``; None where that is not
        defined, as the recall of a class without test scans. (Older cards have 0 there.)
    confusion
        Row: true class, column: predicted class, in the card's order.
    leak_free
        ``count``, ``correct``, ``accuracy`` and ``interval`` on those scans that have
        no copy anywhere in the training folder; None where that is not known.
    expected_calibration_error
        0 to 1, over 15 bins of confidence.
    """

    __test__ = False  # it is not a test case

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
        """The classes of which no scan was tested: of those it says nothing."""
        return tuple(name for name, figures in self.per_class.items() if figures.get("count") == 0)


@dataclass(frozen=True)
class ModelCard:
    """The card of a model pack.

    Attributes
    ----------
    classes, display_names
        In the order of the network's outputs: as in the data set, and for the reader.
    preprocessing
        Every parameter of the path from scan to network input.
    stages
        Grad-CAM stages, early to late.
    logits_layer
        The layer whose output is one number a class before the softmax.
    temperature
        Probabilities are softmax(logits / temperature) (Guo et al. 2017).
    training
        How it was trained, as plain JSON; folder names only, no paths.
    files
        Name of every other file of the pack to its SHA-256 digest.
    reference_logits
        (REFERENCE_INPUTS, classes) what Keras computed for the patterns of
        :mod:`btgui.engine.runtimes.reference_check`; empty in models made before it was kept.
    novelty_limit
        The distance to the nearest prototype from which on a scan is unlike the training scans
        (:mod:`btgui.engine.novelty`); None in models without prototypes.
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
        """The result to show beside the name, of all classes: an honest one before a published one."""
        whole = [result for result in self.results if not result.untested]
        ordered = sorted(whole, key=lambda result: _PROTOCOLS.index(result.protocol))
        return ordered[0] if ordered else None

    @property
    def healthy_index(self) -> int | None:
        """Which class shows no tumour; None for a model that knows none such."""
        return healthy_index(self.classes, self.display_names)

    @property
    def protocol(self) -> Protocol:
        """Under which protocol the model was trained; not recorded counts as published."""
        return "honest" if self.request.get("protocol") == "honest" else "published"

    @property
    def request(self) -> dict[str, Any]:
        """What its training was asked to do, as recorded; empty where nothing is."""
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
            Something is missing, unknown or of the wrong kind; the message says what
            was expected and what was received.
        """
        if not isinstance(values, dict):
            raise ModelPackError(
                "Expected the model card to be a JSON object. Get the model again."
            )
        version = values.get("format_version")
        if version != FORMAT_VERSION:
            raise ModelPackError(
                f"Expected a model card of format {FORMAT_VERSION}, received {version}. "
                f"Update the application to open this model."
            )
        known = {f.name for f in fields(cls)}
        missing = known - set(values) - _ADDED_LATER
        unknown = set(values) - known
        if missing or unknown:
            raise ModelPackError(
                f"The model card is not complete: missing {sorted(missing) or 'nothing'}, "
                f"unknown {sorted(unknown) or 'nothing'}. Get the model again, or update the application."
            )
        try:
            card = cls(
                **values
                | {
                    "classes": tuple(values["classes"]),
                    "display_names": tuple(values["display_names"]),
                    "preprocessing": PreprocessingParameters.from_json(values["preprocessing"]),
                    "stages": tuple(GradCamStage(**stage) for stage in values["stages"]),
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
                f"The model card cannot be understood: {error}. Get the model again."
            ) from error
        return card

    def check(self) -> None:
        """Check that the values make sense together.

        Raises
        ------
        ModelPackError
            A value is outside its range or does not fit another.
        """
        smallest = 2
        for name, kind in _KINDS.items():
            if not isinstance(getattr(self, name), kind):
                raise ModelPackError(
                    f"The model card is wrong: expected {name} to be a {kind.__name__}, "
                    f"received {getattr(self, name)!r:.100}."
                )
        problems = [
            (not _ID.fullmatch(str(self.id)), "an id of small letters, digits, '.', '_' and '-'"),
            (not self.name.strip(), "a name"),
            (len(self.classes) < smallest, "at least two classes"),
            (len(set(self.classes)) != len(self.classes), "different class names"),
            (len(self.classes) != len(self.display_names), "one display name a class"),
            (
                not all(isinstance(name, str) for name in (*self.classes, *self.display_names)),
                "names of classes in words",
            ),
            (not self.stages, "at least one Grad-CAM stage"),
            (
                not all(isinstance(t, str) for s in self.stages for t in (s.label, s.layer)),
                "labels and layers of stages in words",
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
            (not all(map(_measured, self.results)), "results in numbers"),
            (not self._has_sound_reference(), "reference logits as numbers, one a class"),
            (not self._has_sound_novelty_limit(), "a novelty limit above 0"),
        ]
        for wrong, expected in problems:
            if wrong:
                raise ModelPackError(f"The model card is wrong: expected {expected}.")

    def _short_texts(self) -> list[object]:
        stages = (text for stage in self.stages for text in (stage.label, stage.layer))
        of_itself = (self.name, self.architecture, self.logits_layer, self.created, self.licence)
        return [*of_itself, *self.classes, *self.display_names, *stages]

    def _has_sound_novelty_limit(self) -> bool:
        limit = self.novelty_limit
        return limit is None or (isinstance(limit, float) and isfinite(limit) and limit > 0)

    def _has_sound_reference(self) -> bool:
        rows = self.reference_logits
        return not rows or (
            len(rows) == REFERENCE_INPUTS
            and all(len(row) == len(self.classes) for row in rows)
            and all(isinstance(n, (int, float)) and isfinite(n) for row in rows for n in row)
        )


def id_of(kind: str, name: str) -> str:
    """Return an id made of a kind, itself a valid id of at most 60 characters, and any name.

    Small letters, accents taken off, everything else as "-". Where letters are lost so, or
    at the length that an id may have, a digest of the name keeps two models apart.
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
    numbers: list[object] = [result.count, result.correct, result.accuracy, *result.interval]
    if result.leak_free is not None:
        numbers += [result.leak_free.get("count"), result.leak_free.get("accuracy")]
    if result.expected_calibration_error is not None:
        numbers.append(result.expected_calibration_error)
    both_ends = 2
    return (
        len(result.interval) == both_ends
        and all(isinstance(n, (int, float)) for n in numbers)
        and isinstance(result.data, str)
        and all(of.keys() >= _OF_A_CLASS for of in result.per_class.values())
        and all(isinstance(of["count"], (int, float)) for of in result.per_class.values())
        and all(
            n is None or isinstance(n, (int, float))
            for of in result.per_class.values()
            for n in of.values()
        )
        and all(isinstance(n, int) for row in result.confusion for n in row)
    )
