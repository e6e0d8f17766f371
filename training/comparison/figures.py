"""The comparison's figures on accuracy: Figures 8, 11, 12, 13 and 14 to 16."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from btgui.engine.models.published_networks import PUBLISHED
from training.comparison.ablations import Ablation
from training.comparison.label_placement import Named, write_names
from training.comparison.measuring import Comparison, Measured
from training.reports.drawing import (
    QUIET,
    colour,
    draw_counts,
    in_percent,
    line_width,
    marker,
    picture,
    shortened,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_CURVES = (("loss", "Loss"), ("accuracy", "Accuracy"))


def draw_confusions(comparison: Comparison, file: Path) -> None:
    """Draw one confusion matrix per model (Figure 8), shaded by the share of each true class."""
    models = comparison.models
    columns = 2 if len(models) in {2, 4} else 3
    rows = math.ceil(len(models) / columns)
    names = comparison.display_names
    with picture(file, 0.9 + 7.2 / columns * rows, "compressed") as figure:
        grid = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        for place, axis in enumerate(grid.flat):
            if place >= len(models):
                axis.remove()
                continue
            draw_counts(axis, np.array(models[place].result.confusion), 6 / columns)
            axis.set_title(shortened(models[place].contender.title), fontsize=8)
            axis.set_xticks(range(len(names)), names, rotation=35, ha="right")
            axis.set_yticks(range(len(names)), names)
            lowest = place + columns >= len(models)
            axis.tick_params(length=0, labelsize=8, labelbottom=lowest)
            axis.spines[:].set_visible(False)
        figure.supxlabel("verdict", fontsize=9)
        figure.supylabel("true class", fontsize=9)


def draw_curves(models: list[tuple[int, Measured]], file: Path) -> None:
    """Draw loss and accuracy by epoch (Figures 11 and 16): solid validation, dotted training.

    The last epoch of each curve has a marker, hollow for training, as one epoch alone makes no line.

    Parameters
    ----------
    models
        The models with a recorded history, each with its index in the comparison.
    """
    with picture(file, 4.2) as figure:
        for axis, (key, title) in zip(figure.subplots(1, 2), _CURVES, strict=True):
            for row, (place, model) in enumerate(models):
                history = model.contender.history
                # Later lines are thinner, so that coinciding lines stay visible.
                widths = (line_width(row, len(models)), 1.5)
                styles = ((f"validation_{key}", "-"), (key, ":"))
                for (name, style), width in zip(styles, widths, strict=True):
                    values = history.get(name, [])
                    label = shortened(model.contender.title) if style == "-" else None
                    epochs = range(1, len(values) + 1)
                    axis.plot(
                        epochs, values, style, color=colour(place), label=label, linewidth=width
                    )
                    inside = colour(place) if style == "-" else "white"
                    axis.plot(
                        epochs[-1:],
                        values[-1:],
                        marker(place),
                        color=colour(place),
                        markerfacecolor=inside,
                    )
            axis.set(title=title, xlabel="epoch")
            # A single epoch has a single tick.
            axis.xaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
            axis.grid(visible=True)
        in_percent(axis)
        handles, labels = axis.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=9)


def draw_by_parameters(comparison: Comparison, file: Path) -> None:
    """Draw accuracy against the number of parameters (Figure 12), with the published models."""
    with picture(file, 4.6) as figure:
        axis = figure.subplots()
        axis.set_xscale("log")
        for known in PUBLISHED:
            millions = known.parameters / 1e6
            axis.plot(millions, known.accuracy, "s", color="none", markeredgecolor=QUIET)
        axis.plot([], [], "s", color="none", markeredgecolor=QUIET, label="published figures")
        _draw_points(
            axis, comparison, lambda model: model.contender.pack.card.parameter_count / 1e6
        )
        axis.set(xlabel="parameters, millions (logarithmic)", ylabel="accuracy")
        axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.xaxis.set_minor_formatter(lambda value, _: f"{value:g}" if _labelled(value) else "")
        axis.margins(x=0.14)
        figure.legend(loc="outside lower center", ncols=2, fontsize=9)
        names = [Named(one.name, one.parameters / 1e6, one.accuracy) for one in PUBLISHED]
        taken = [
            (model.contender.pack.card.parameter_count / 1e6, height)
            for model in comparison.models
            for height in (model.result.accuracy, *model.result.interval)
        ]
        write_names(figure, axis, names, taken)


def draw_by_time(comparison: Comparison, file: Path) -> None:
    """Draw accuracy against the time of one prediction and of training (Figure 13)."""
    with picture(file, 4.4) as figure:
        predicting, training = figure.subplots(1, 2, sharey=True)
        _draw_points(predicting, comparison, lambda model: model.times.median)
        predicting.set(xlabel="one prediction, median, ms", ylabel="accuracy")
        _draw_points(training, comparison, lambda model: (model.contender.seconds or np.nan) / 60)
        training.set(xlabel="training, minutes (where recorded)")
        for axis in (predicting, training):
            # The axis begins a little below 0, so that a marker at 0 is not cut off.
            most = axis.get_xlim()[1]
            axis.set_xlim(-0.04 * most, 1.08 * most)
        handles, labels = predicting.get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=2, fontsize=9)


def draw_ablation(comparison: Comparison, pairs: list[Ablation], file: Path) -> None:
    """Draw accuracy with and without the pairs' subject (Figures 14 and 15)."""
    subject = pairs[0].subject
    with picture(file, 1.2 + 0.9 * len(pairs)) as figure:
        axis = figure.subplots()
        titles = []
        for row, pair in enumerate(pairs):
            both = (comparison.models[pair.with_it], comparison.models[pair.without_it])
            sides = ((f"with {subject}", both[0], -0.18), (f"without {subject}", both[1], 0.18))
            for number, (label, model, offset) in enumerate(sides):
                low, high = model.result.interval
                accuracy = model.result.accuracy
                axis.errorbar(
                    accuracy,
                    row + offset,
                    xerr=[[accuracy - low], [high - accuracy]],
                    fmt=marker(number),
                    color=colour(number),
                    label=label if row == 0 else None,
                    capsize=3,
                )
            titles.append("\n".join(shortened(model.contender.title) for model in both))
        axis.set_yticks(range(len(pairs)), titles, fontsize=9)
        axis.set(ylim=(len(pairs) - 0.5, -0.5), xlabel="accuracy")
        axis.grid(visible=True, axis="x")
        in_percent(axis, "x")
        figure.legend(loc="outside lower center", ncols=2, fontsize=9)


def _draw_points(axis: Axes, comparison: Comparison, at: Callable[[Measured], float]) -> None:
    """Draw each model's accuracy with its interval; models at one position stand side by side."""
    taken: Counter[float] = Counter()
    for place, model in enumerate(comparison.models):
        low, high = model.result.interval
        accuracy, x = model.result.accuracy, at(model)
        aside = 1 + 0.035 * taken[x]
        taken[x] += 1
        axis.errorbar(
            x * aside,
            accuracy,
            yerr=[[accuracy - low], [high - accuracy]],
            fmt=marker(place),
            color=colour(place),
            label=f"{shortened(model.contender.title)} ({model.contender.protocol})",
            markersize=6,
            capsize=3,
            linestyle="none",
        )
    axis.grid(visible=True)
    in_percent(axis)


def _labelled(value: float) -> bool:
    """Whether a minor tick of a logarithmic axis has a number: 2 and 5 of each decade."""
    return round(value / 10 ** math.floor(math.log10(value))) in {2, 5}
