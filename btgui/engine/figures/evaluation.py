"""What an evaluation found, as the ``evaluate`` command writes it, read back for the window."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from btgui.engine.figures.written import patients_in, read_written

_CLEAR = 0.05  # a p-value below which a difference is called one
_KINDS = ("recall", "specificity", "precision", "f1")


@dataclass(frozen=True)
class Share:
    """A share, 0 to 1, with its 95 % confidence interval; NaN where not defined."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, value: float | None, low: float | None, high: float | None) -> Share:
        """Return a share as it is written: null where it is not defined."""
        return cls(_number(value), _number(low), _number(high))


@dataclass(frozen=True)
class TestedScan:
    """A scan of the test: its true class and the verdict as indices, and the verdict's probability."""

    path: Path
    true: int
    said: int
    probability: float


@dataclass(frozen=True)
class Bin:
    """A bin of the reliability diagram: mean probability, share right, number of scans."""

    probability: float
    right: float
    count: int


@dataclass(frozen=True)
class Compared:
    """How often the tested model and the other were right on the same scans of one class.

    ``name`` is "" for all classes together; ``p_value`` is of McNemar's exact test,
    corrected for the number of parts (Holm).
    """

    name: str
    count: int
    ours: float
    theirs: float
    p_value: float


@dataclass(frozen=True)
class Pointing:
    """How often a stage's heatmaps point at outlined tumours, of all classes together.

    ``near`` and ``exact``: the hottest point lies within 15 pixels of the tumour, or in it;
    ``heat`` is the share of the heat in it, ``by_chance`` what a map that knew nothing had there.
    """

    stage: str
    method: str
    count: int
    near: Share
    exact: Share
    heat: Share
    by_chance: float


@dataclass(frozen=True)
class EvaluationFigures:
    """One model on one set of labelled scans.

    Attributes
    ----------
    per_class
        A class (its display name) to its number of scans and to recall, specificity,
        precision and F1.
    confusion
        Rows are true classes, columns verdicts.
    cautions
        What a reader must know before believing the figures, in sentences.
    patients
        Whose scans they are, in words: "12 patients"; "" where that is not known. Intervals and
        p-values are of patients where it is, and else of scans.
    calibration_by_chance
        The calibration error that perfectly calibrated confidences would show on as many scans.
    milliseconds
        Median and 95th percentile of one prediction here.
    chose
        Whether the scans chose the model's best epoch: then this is no test.
    outlined, pointing
        How many scans have an outline of their tumour (None where none was given), and how
        the heatmaps fit those, the last stage first.
    other, compared
        The model that was compared with, "" if none, and how they compare.
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
        """What their report is called."""
        return f"{self.model} on {self.data}"

    def scans_of(self, true: int, said: int) -> list[TestedScan]:
        """Return the scans of a cell of the confusion matrix, the surest verdict first."""
        chosen = [scan for scan in self.scans if (scan.true, scan.said) == (true, said)]
        return sorted(chosen, key=lambda scan: -scan.probability)

    def comparison(self) -> list[str]:
        """Say in sentences how the model compares with the other, beyond chance."""
        if not self.compared:
            return []
        found = [_sentence(one, self.other) for one in self.compared if one.p_value < _CLEAR]
        return found or [f"No clear difference from {self.other} on these scans."]


def read_figures(file: Path) -> EvaluationFigures:
    """Read what ``evaluate --json`` wrote.

    Raises
    ------
    DatasetError
        It is not that.
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
            if row["class"] not in classes  # of all together
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
    chance = _number(row["tumour_share"]["value"])
    method = str(row["method"])
    return Pointing(str(row["stage"]), method, int(row["count"]), near, exact, heat, chance)


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
    where = f" on {one.name}" if one.name else " in all"
    return f"{word} than {other}{where}: {one.ours * 100:.1f} % against {one.theirs * 100:.1f} %."
