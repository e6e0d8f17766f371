"""Figures of the errors that models share (the published Figure 10)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from training.comparison.shared_errors import SharedErrors
from training.reports.drawing import COLOURS, GRID, INK, picture, shortened

MOST_COMBINATIONS = 24
_DARK = 0.65  # share above which the cell is so dark that white text reads better


def draw_shared(errors: SharedErrors, titles: list[str], file: Path) -> None:
    """Draw the number of errors shared by each pair of models, as a heat map.

    Parameters
    ----------
    titles
        The models' titles, in order; the first letter is the model's mark.
    """
    count = len(titles)
    own = np.maximum(np.diag(errors.matrix), 1)[:, None]
    shares = errors.matrix / own
    with picture(file, 1.6 + 0.62 * count) as figure:
        axis = figure.subplots()
        image = axis.imshow(shares, cmap="Oranges", vmin=0, vmax=1, aspect="auto")
        for (row, column), number in np.ndenumerate(errors.matrix):
            share = shares[row, column]
            text = f"{number}" if row == column else f"{number}\n{share:.0%}"
            pale = "w" if share > _DARK else INK
            axis.text(column, row, text, ha="center", va="center", fontsize=9, color=pale)
        axis.set_xticks(range(count), [title[0] for title in titles])
        axis.set_yticks(range(count), [shortened(title) for title in titles])
        axis.xaxis.tick_top()
        axis.tick_params(length=0)
        axis.spines[:].set_visible(False)
        bar = figure.colorbar(image, ax=axis, shrink=0.9, format=lambda value, _: f"{value:.0%}")
        bar.set_label("share of the row's errors")
        bar.outline.set_visible(False)


def draw_combinations(errors: SharedErrors, titles: list[str], file: Path) -> None:
    """Draw how many scans each combination of models misclassifies, largest first.

    Each column is a combination; filled dots mark its models (UpSet, Lex et al. 2014).
    """
    shown = errors.combinations[:MOST_COMBINATIONS]
    count = len(titles)
    with picture(file, 2.8 + 0.34 * count) as figure:
        bars, dots = figure.subplots(
            2, 1, sharex=True, height_ratios=[2.2, 0.3 * count], gridspec_kw={"hspace": 0.02}
        )
        places = np.arange(len(shown))
        drawn = bars.bar(places, [one.count for one in shown], 0.6, color=COLOURS[0])
        bars.bar_label(drawn, fontsize=9, padding=2)
        bars.set_ylabel("scans")
        bars.yaxis.get_major_locator().set_params(integer=True, min_n_ticks=1)
        bars.spines["bottom"].set_visible(False)
        bars.tick_params(bottom=False)
        for row in range(0, count, 2):
            dots.axhspan(row - 0.5, row + 0.5, color=GRID, alpha=0.4, linewidth=0)
        for place, one in enumerate(shown):
            dots.plot([place] * count, range(count), "o", color=GRID, markersize=8)
            dots.plot([place] * 2, [one.models[0], one.models[-1]], color=COLOURS[0])
            dots.plot([place] * len(one.models), one.models, "o", color=COLOURS[0], markersize=8)
        totals = np.diag(errors.matrix)
        labels = [f"{shortened(t)} ({n} wrong)" for t, n in zip(titles, totals, strict=True)]
        dots.set_yticks(range(count), labels, fontsize=9)
        dots.set(ylim=(count - 0.5, -0.5), xlim=(-0.6, len(shown) - 0.4))
        dots.set_xticks([])
        dots.tick_params(length=0, labelcolor=INK)
        dots.spines[:].set_visible(False)
