"""A comparison of models on the same scans, as written by the ``compare`` command."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btgui.engine.figures.evaluation import Share
from btgui.engine.figures.written import patients_in, read_written

_CLEAR = 0.05  # a difference with a p-value below this is significant
_SMALLEST_P = 0.001  # smaller p-values are given as "p < 0.001"


@dataclass(frozen=True)
class ComparedModel:
    """A model of the comparison.

    Attributes
    ----------
    mark, name
        A capital letter that identifies the model; its name, or its id if another has that name.
    found, precision
        Recall and precision of each class, in the order of the classes.
    confusion
        Rows are true classes, columns verdicts.
    milliseconds
        Median time of one prediction on this computer.
    """

    mark: str
    name: str
    protocol: str
    parameters: int
    milliseconds: float
    accuracy: Share
    found: tuple[Share, ...]
    precision: tuple[Share, ...]
    calibration_error: float
    confusion: tuple[tuple[int, ...], ...]

    @property
    def title(self) -> str:
        """The model's letter and name."""
        return f"{self.mark} · {self.name}"


@dataclass(frozen=True)
class Pair:
    """The paired test of two models, given by their indices.

    ``only_first`` and ``only_second`` count the scans that only one of them classified correctly;
    ``p_value`` is that of McNemar's exact test, corrected for the number of pairs (Holm).
    """

    first: int
    second: int
    only_first: int
    only_second: int
    p_value: float


@dataclass(frozen=True)
class ReadScan:
    """A scan that all models read: its true class, and each model's verdict and probability."""

    path: Path
    true: int
    said: tuple[int, ...]
    probabilities: tuple[float, ...]

    @property
    def wrong(self) -> tuple[int, ...]:
        """The indices of the models that misclassified the scan."""
        return tuple(i for i, verdict in enumerate(self.said) if verdict != self.true)


@dataclass(frozen=True)
class ComparisonFigures:
    """The results of several models on one set of labelled scans.

    ``patients`` is as in :class:`btgui.engine.figures.evaluation.EvaluationFigures`.
    """

    data: str
    names: tuple[str, ...]
    cautions: tuple[str, ...]
    models: tuple[ComparedModel, ...]
    pairs: tuple[Pair, ...]
    scans: tuple[ReadScan, ...]
    patients: str = ""

    @property
    def title(self) -> str:
        """The title of the comparison's report."""
        return f"Comparison on {self.data}"

    def wrong_by(self, models: Sequence[int]) -> list[ReadScan]:
        """Return the scans that all of these models misclassify, and possibly others too."""
        chosen = [scan for scan in self.scans if set(models) <= set(scan.wrong)]
        return _surest_first(chosen, models)

    def wrong_only_by(self, models: Sequence[int]) -> list[ReadScan]:
        """Return the scans that exactly these models misclassify."""
        chosen = [scan for scan in self.scans if scan.wrong == tuple(models)]
        return _surest_first(chosen, models)

    def combinations(self) -> list[tuple[tuple[int, ...], int]]:
        """Return the sets of models that misclassify the same scans with counts, largest first."""
        counts = Counter(scan.wrong for scan in self.scans if scan.wrong)
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))

    def of_cell(self, model: int, true: int, said: int) -> list[ReadScan]:
        """Return the scans of a cell of a model's confusion matrix."""
        chosen = [scan for scan in self.scans if (scan.true, scan.said[model]) == (true, said)]
        return _surest_first(chosen, [model])

    def verdicts(self) -> list[str]:
        """Return sentences on which models differ significantly, or that none do."""
        found = [self._sentence(pair) for pair in self.pairs if pair.p_value < _CLEAR]
        return found or ["No clear difference between the models on these scans."]

    def _sentence(self, pair: Pair) -> str:
        first, second = self.models[pair.first], self.models[pair.second]
        ours, theirs = pair.only_first, pair.only_second
        if ours < theirs:
            first, second, ours, theirs = second, first, theirs, ours
        return (
            f"{first.title} is better than {second.title}: it alone classified {ours:,} scans "
            f"correctly, the other alone {theirs:,} ({_p(pair.p_value)})."
        )


def _p(value: float) -> str:
    return f"p < {_SMALLEST_P}" if value < _SMALLEST_P else f"p = {value:.2g}"


def read_comparison(file: Path) -> ComparisonFigures:
    """Read the file written by ``compare --json``.

    Raises
    ------
    DatasetError
        The file cannot be read, or holds something else.
    """
    return read_written(file, _figures, "Compare again.")


def _figures(values: dict[str, Any]) -> ComparisonFigures:
    classes = [str(name) for name in values["classes"]]
    marks = [str(model["mark"]) for model in values["models"]]
    return ComparisonFigures(
        data=", ".join(map(str, values["data"])),
        names=tuple(str(name) for name in values["display_names"]),
        cautions=tuple(str(text) for text in values["cautions"]),
        models=tuple(_model(model, classes) for model in values["models"]),
        pairs=tuple(
            Pair(
                marks.index(pair["first"]),
                marks.index(pair["second"]),
                int(pair["only_first"]),
                int(pair["only_second"]),
                float(pair["p_adjusted"]),
            )
            for pair in values["paired_tests"]
        ),
        scans=tuple(
            ReadScan(
                Path(row["path"]),
                classes.index(row["true"]),
                tuple(classes.index(row["said"][mark]) for mark in marks),
                tuple(float(row["probability"][mark]) for mark in marks),
            )
            for row in values["scans"]
        ),
        patients=patients_in(values),
    )


def _model(values: dict[str, Any], classes: list[str]) -> ComparedModel:
    result = values["result"]
    by_class = [values["by_class"][name] for name in classes]
    return ComparedModel(
        mark=str(values["mark"]),
        name=str(values["label"]),
        protocol=str(values["protocol"]),
        parameters=int(values["parameters"]),
        milliseconds=float(values["milliseconds"]["median"]),
        accuracy=Share.of(result["accuracy"], *result["interval"]),
        found=tuple(Share.of(one["recall"], *one["recall_interval"]) for one in by_class),
        precision=tuple(Share.of(one["precision"], *one["precision_interval"]) for one in by_class),
        calibration_error=float(result["expected_calibration_error"] or 0.0),
        confusion=tuple(tuple(int(n) for n in row) for row in result["confusion"]),
    )


def _surest_first(scans: list[ReadScan], models: Sequence[int]) -> list[ReadScan]:
    return sorted(scans, key=lambda scan: -max(scan.probabilities[model] for model in models))
