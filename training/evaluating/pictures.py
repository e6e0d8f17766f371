"""The pictures of an evaluation's report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

import numpy as np
from numpy.typing import NDArray

from training.calibration import BINS, confidence_bins
from training.evaluating.examination import Examination, uncalibrated
from training.reports.drawing import (
    GRID,
    INK,
    QUIET,
    colour,
    draw_counts,
    in_percent,
    line_style,
    line_width,
    picture,
    shortened,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# In inches: side of a square picture, side per class, margin, and width of a letter.
_SIDE, _CLASS_SIDE, _AROUND, _LETTER = 4.0, 0.23, 0.6, 0.085
# With more classes than _FEW the legend is beside the curves, with _IN_A_COLUMN entries per column.
_FEW, _IN_A_COLUMN = 6, 22
# A reliability diagram's bar from this height on contains its count; counts from 1000 on are wider than
# the bar and stand upright.
_TALL_BAR, _WIDE_COUNT = 0.15, 1000


def draw_confusion(examination: Examination, file: Path) -> None:
    """Draw the confusion matrix: counts, shaded by each row's share."""
    names = [shortened(name) for name in examination.pack.card.display_names]
    side = max(_SIDE, _CLASS_SIDE * len(names))
    # The "compressed" layout keeps the axis title beside the labels, not at the edge of the figure.
    with picture(file, side + _AROUND, "compressed") as figure:
        axes = figure.add_subplot()
        draw_counts(axes, np.array(examination.result.confusion), side)
        upright = _LETTER * sum(map(_letters, names)) > side
        axes.set_xticks(range(len(names)), names, rotation=90 if upright else 0)
        axes.set_yticks(range(len(names)), names)
        axes.set_xlabel("verdict")
        axes.set_ylabel("true class")
        axes.tick_params(length=0)


def _letters(name: str) -> int:
    """Return the width of a name in letters: a Chinese character is as wide as two letters."""
    return sum(2 if east_asian_width(sign) in {"W", "F"} else 1 for sign in name)


def draw_roc(examination: Examination, file: Path) -> None:
    """Draw each class's ROC curve, one versus rest."""
    from sklearn.metrics import roc_curve

    labels, probabilities = examination.readings.labels, examination.readings.probabilities
    card = examination.pack.card
    many = len(card.classes) > _FEW
    with picture(file, _SIDE + _AROUND) as figure:
        axes = figure.add_subplot()
        for index, (name, shown) in enumerate(zip(card.classes, card.display_names, strict=True)):
            if not 0 < (labels == index).sum() < len(labels):
                continue
            false, true, _ = roc_curve(labels == index, probabilities[:, index])
            area = examination.classes[name]["auc"].value
            axes.plot(
                false,
                true,
                color=colour(index),
                linestyle=line_style(index),
                linewidth=1.0 if many else line_width(index, len(card.classes)),
                label=f"{shortened(shown)} (area {area:.3f})",
            )
        axes.plot([0, 1], [0, 1], color=GRID, linestyle="--")
        axes.set_xlabel("false-positive rate")
        axes.set_ylabel("true-positive rate")
        in_percent(axes, "x")
        in_percent(axes)
        axes.set_aspect("equal")
        if many:
            columns = -(-len(card.classes) // _IN_A_COLUMN)
            figure.legend(loc="outside right upper", ncols=columns, fontsize=8)
        else:
            axes.legend(loc="lower right")


def draw_reliability(examination: Examination, file: Path) -> None:
    """Draw the accuracy at each confidence, before and after calibration."""
    readings = examination.readings
    ways = {
        "before temperature scaling": uncalibrated(readings, examination.pack),
        "after": readings.probabilities,
    }
    errors = [one.value for one in examination.calibration_error.values()]
    with picture(file, 4.2) as figure:
        for place, ((name, probabilities), error) in enumerate(
            zip(ways.items(), errors, strict=True), start=1
        ):
            axes = figure.add_subplot(1, 2, place)
            _draw_reliability(axes, probabilities, readings.labels)
            axes.set_title(f"{name}: error {error:.1%}")


def _draw_reliability(
    axes: Axes, probabilities: NDArray[np.float64], labels: NDArray[np.int64]
) -> None:
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    which = confidence_bins(confidence)
    axes.plot([0, 1], [0, 1], color=GRID, linestyle="--")
    for index in range(BINS):
        inside = which == index
        if inside.any():
            middle, share, count = (index + 0.5) / BINS, right[inside].mean(), inside.sum()
            axes.bar(middle, share, width=0.9 / BINS, color=colour(0), alpha=0.75)
            axes.plot(confidence[inside].mean(), share, "o", color=INK, ms=3, clip_on=False)
            holds_it = share > _TALL_BAR
            axes.annotate(
                f"{count:,}",
                (middle, 0.02 if holds_it else share + 0.03),
                ha="center",
                va="bottom",
                rotation=90 if count >= _WIDE_COUNT else 0,
                fontsize=7,
                color="white" if holds_it else QUIET,
            )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xlabel("confidence")
    axes.set_ylabel("accuracy")
    in_percent(axes, "x")
    in_percent(axes)


def draw_randomisation(examination: Examination, file: Path) -> None:
    """Draw how each stage's map changes as the weights are randomised from the top."""
    steps = examination.forgotten
    with picture(file, 3.6) as figure:
        axes = figure.add_subplot()
        for index, stage in enumerate(examination.pack.card.stages):
            values = [1.0, *(step.correlations[stage.label] for step in steps)]
            axes.plot(
                range(len(values)), values, marker="o", color=colour(index), label=stage.label
            )
        names = ["none", *(f"down to\n{step.down_to}" for step in steps)]
        axes.set_xticks(range(len(names)), names)
        axes.set_xlabel("layers with random weights")
        axes.set_ylabel("rank correlation with\nthe original map")
        axes.set_ylim(-1, 1.05)
        axes.axhline(0, color=GRID)
        axes.legend(loc="upper right", ncols=2)
