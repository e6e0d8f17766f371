"""The results of an evaluation, as written by the ``evaluate`` command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btgui.engine.figures.written import patients_in, read_written

_CLEAR = 0.05  # a difference with a p-value below this is significant
_KINDS = ("recall", "specificity", "precision", "f1")


@dataclass(frozen=True)
class Share:
    """A fraction, 0 to 1, with its 95 % confidence interval; NaN if undefined."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float | None, low: float | None, high: float | None) -> Share:
        """Return a share from JSON values, where None means undefined."""
        return cls(_number(value), _number(low), _number(high))


@dataclass(frozen=True)
class TestedScan:
    """A test scan: the indices of its true class and of the verdict, and the verdict's probability."""

    path: Path
    true: int
    said: int
    probability: float


@dataclass(frozen=True)
class Bin:
    """A bin of the reliability diagram: mean probability, accuracy, number of scans."""

    probability: float
    right: float
    count: int


@dataclass(frozen=True)
class Compared:
    """The accuracies of the tested model and of another one on the same scans of one class.

    ``name`` is "" for all classes together; ``p_value`` is that of McNemar's exact test,
    corrected for the number of comparisons (Holm).
    """

    name: str
    count: int
    ours: float
    theirs: float
    p_value: float


@dataclass(frozen=True)
class Pointing:
    """How often a stage's heatmaps point at the outlined tumours, over all classes.

    ``near`` and ``exact``: shares of maps whose hottest point lies within 15 pixels of the tumour,
    or inside it; ``heat``: share of the heat inside it. An uninformative map would score
    ``near_by_chance`` for the first and ``by_chance`` for the other two.
    """

    stage: str
    method: str
    count: int
    near: Share
    exact: Share
    heat: Share
    near_by_chance: float
    by_chance: float


@dataclass(frozen=True)
class EvaluationFigures:
    """The results of one model on one set of labelled scans.

    Attributes
    ----------
    per_class
        Display name of a class to its number of scans and to its recall, specificity,
        precision and F1.
    confusion
        Rows are true classes, columns verdicts.
    cautions
        Sentences that a reader must know to interpret the figures.
    patients
        The patients in words: "12 patients"; "" if they are not known. Confidence intervals and
        p-values are based on patients if these are known, else on scans.
    calibration_by_chance
        The calibration error that a perfectly calibrated model would show on as many scans.
    milliseconds
        Median and 95th percentile of the time of one prediction on this computer.
    chose
        Whether the scans selected the model's best epoch, so that this is not a test.
    outlined, pointing
        Number of scans with an outlined tumour (None if no outlines were given), and how
        the heatmaps agree with the outlines, the last stage first.
    other, compared
        The model compared with, "" if none, and the results of the comparison.
    """

    model: str
    protocol: str
    data: str
    count: int
    accuracy: Share
    names: tuple[str, ...]
    per_class: dict[str, tuple[int, dict[str, Share]]]
    confusion: tuple[tuple[int, ...], ...]
    cautions: tuple[str, ...]
    calibration_error: float
    calibration_by_chance: float
    bins: tuple[Bin, ...]
    milliseconds: tuple[float, float]
    unreadable: tuple[str, ...]
    scans: tuple[TestedScan, ...]
    chose: bool = False
    patients: str = ""
    outlined: int | None = None
    pointing: tuple[Pointing, ...] = ()
    other: str = ""
    compared: tuple[Compared, ...] = ()

    @property
    def title(self) -> str:
        """The title of the evaluation's report."""
        return f"{self.model} on {self.data}"

    def scans_of(self, true: int, said: int) -> list[TestedScan]:
        """Return the scans of a cell of the confusion matrix, the most confident verdict first."""
        chosen = [scan for scan in self.scans if (scan.true, scan.said) == (true, said)]
        return sorted(chosen, key=lambda scan: -scan.probability)

    def comparison(self) -> list[str]:
        """Return sentences on significant differences from the other model; [] without one."""
        if not self.compared:
            return []
        found = [_sentence(one, self.other) for one in self.compared if one.p_value < _CLEAR]
        return found or [f"No clear difference from {self.other} on these scans."]


def read_figures(file: Path) -> EvaluationFigures:
    """Read the file written by ``evaluate --json``.

    Raises
    ------
    DatasetError
        The file cannot be read, or holds something else.
    """
    return read_written(file, _figures, "Measure again.")


def _figures(values: dict[str, Any]) -> EvaluationFigures:
    classes = [str(name) for name in values["class_order"]]
    names = tuple(str(name) for name in values["display_names"])
    shown = dict(zip(classes, names, strict=True))
    against = values.get("against")
    return EvaluationFigures(
        model=str(values["model"]),
        protocol=str(values["protocol"]),
        data=str(values["data"]),
        count=int(values["count"]),
        accuracy=Share.of(values["accuracy"], *values["interval"]),
        names=names,
        per_class={
            shown[name]: (
                int(values["per_class"][name]["count"]),
                {kind: _share(values["classes"][name][kind]) for kind in _KINDS},
            )
            for name in classes
        },
        confusion=tuple(tuple(int(n) for n in row) for row in values["confusion"]),
        cautions=tuple(str(text) for text in values["cautions"]),
        calibration_error=float(values["expected_calibration_error"] or 0.0),
        calibration_by_chance=float(values["calibration"]["after"]["by_chance"]),
        bins=tuple(
            Bin(float(one["probability"]), float(one["right"]), int(one["count"]))
            for one in values["reliability"]
        ),
        milliseconds=(
            float(values["milliseconds"]["median"]),
            float(values["milliseconds"]["percentile_95"]),
        ),
        unreadable=tuple(str(text) for text in values["unreadable"]),
        scans=tuple(_scan(row, classes) for row in values["scans"]),
        chose=bool(values.get("chose", False)),
        patients=patients_in(values),
        outlined=values.get("outlined_scans"),
        pointing=tuple(
            _pointing(row)
            for row in reversed(values.get("pointing", ()))
            if row["class"] not in classes  # the rows for all classes together
        ),
        other=str(against["model"]) if against else "",
        compared=_compared(against["parts"], shown) if against else (),
    )


def _share(values: dict[str, Any]) -> Share:
    return Share.of(values["value"], values["low"], values["high"])


def _number(value: Any) -> float:  # noqa: ANN401  (a number, or null where it is not defined)
    return float("nan") if value is None else float(value)


def _scan(row: dict[str, Any], classes: list[str]) -> TestedScan:
    said = classes.index(row["said"])
    return TestedScan(
        Path(row["path"]), classes.index(row["is"]), said, float(row["probabilities"][said])
    )


def _pointing(row: dict[str, Any]) -> Pointing:
    near, exact, heat = (_share(row[name]) for name in ("near", "exact", "heat_inside"))
    return Pointing(
        stage=str(row["stage"]),
        method=str(row["method"]),
        count=int(row["count"]),
        near=near,
        exact=exact,
        heat=heat,
        near_by_chance=_number(row["near_share"]["value"]),
        by_chance=_number(row["tumour_share"]["value"]),
    )


def _compared(parts: dict[str, Any], shown: dict[str, str]) -> tuple[Compared, ...]:
    return tuple(
        Compared(
            shown.get(name, ""),
            int(part["count"]),
            float(part["first"]),
            float(part["second"]),
            float(part["p_value"]),
        )
        for name, part in parts.items()
    )


def _sentence(one: Compared, other: str) -> str:
    word = "Better" if one.ours > one.theirs else "Worse"
    where = f" on {one.name}" if one.name else " overall"
    ours, theirs = one.ours * 100, one.theirs * 100
    return f"{word} than {other}{where}: {ours:.1f} % correct, against {theirs:.1f} %."
