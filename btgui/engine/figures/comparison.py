"""Several models on the same scans, as the ``compare`` command writes it, for the window."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btgui.engine.figures.evaluation import Share
from btgui.engine.figures.written import patients_in, read_written

_CLEAR = 0.05  # a p-value below which a difference is called one
_SMALLEST_P = 0.001  # what is smaller is only said to be


@dataclass(frozen=True)
class ComparedModel:
    """One of the models.

    Attributes
    ----------
    mark, name
        A capital letter that stands for it; its name, or its id where another has that name.
    found, precision
        A share a class, in the order of the classes.
    confusion
        Rows are true classes, columns verdicts.
    milliseconds
        Median time of one prediction here.
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
        """Mark and name together."""
        return f"{self.mark} · {self.name}"


@dataclass(frozen=True)
class Pair:
    """Two models on the same scans; their places, and the scans that only one got right.

    ``p_value`` is of McNemar's exact test, corrected for the number of pairs (Holm).
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
        """The places of the models that named it wrongly."""
        return tuple(i for i, verdict in enumerate(self.said) if verdict != self.true)


@dataclass(frozen=True)
class ComparisonFigures:
    """Several models on one set of labelled scans.

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
        """What their report is called."""
        return f"Comparison on {self.data}"

    def wrong_by(self, models: Sequence[int]) -> list[ReadScan]:
        """Return the scans that all of these models get wrong, whatever the others say."""
        chosen = [scan for scan in self.scans if set(models) <= set(scan.wrong)]
        return _surest_first(chosen, models)

    def wrong_only_by(self, models: Sequence[int]) -> list[ReadScan]:
        """Return the scans that exactly these models get wrong."""
        chosen = [scan for scan in self.scans if scan.wrong == tuple(models)]
        return _surest_first(chosen, models)

    def combinations(self) -> list[tuple[tuple[int, ...], int]]:
        """Return which models get scans wrong together and how many, the most first."""
        counts = Counter(scan.wrong for scan in self.scans if scan.wrong)
        return sorted(counts.items(), key=lambda one: (-one[1], one[0]))

    def of_cell(self, model: int, true: int, said: int) -> list[ReadScan]:
        """Return the scans of a cell of a model's confusion matrix."""
        chosen = [scan for scan in self.scans if (scan.true, scan.said[model]) == (true, said)]
        return _surest_first(chosen, [model])

    def verdicts(self) -> list[str]:
        """Say in sentences which model is better than which, beyond chance."""
        found = [self._sentence(pair) for pair in self.pairs if pair.p_value < _CLEAR]
        return found or ["No clear difference between the models on these scans."]

    def _sentence(self, pair: Pair) -> str:
        first, second = self.models[pair.first], self.models[pair.second]
        ours, theirs = pair.only_first, pair.only_second
        if ours < theirs:
            first, second, ours, theirs = second, first, theirs, ours
        return (
            f"{first.title} is better than {second.title}: it alone is right on {ours:,} scans, "
            f"the other alone on {theirs:,} ({_p(pair.p_value)})."
        )


def _p(value: float) -> str:
    return f"p < {_SMALLEST_P}" if value < _SMALLEST_P else f"p = {value:.2g}"


def read_comparison(file: Path) -> ComparisonFigures:
    """Read what ``compare --json`` wrote.

    Raises
    ------
    DatasetError
        It is not that.
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
