from contextlib import contextmanager

import numpy as np
import pytest

from tests.training.comparison.test_report import HISTORY
from training.comparison import figures
from training.comparison.ablations import Ablation
from training.comparison.label_placement import Named, write_names
from training.reports.drawing import line_width, picture

TRUE = [0, 1, 2, 3] * 9


@pytest.fixture
def drawn(monkeypatch, tmp_path):
    """Return a function that draws a picture and returns its matplotlib figure."""
    kept = []

    @contextmanager
    def noting(*arguments, **options):
        with picture(*arguments, **options) as figure:
            yield figure
            kept.append(figure)

    def draw(function, *arguments):
        monkeypatch.setattr(figures, "picture", noting)
        function(*arguments, tmp_path / "figure.png")
        return kept[-1]

    return draw


def overlaps(texts):
    boxes = [text.get_window_extent() for text in texts]
    return [
        (one.get_text(), other.get_text())
        for i, one in enumerate(texts)
        for j, other in enumerate(texts[:i])
        if boxes[i].overlaps(boxes[j])
    ]


@pytest.mark.parametrize("wrong", [0, 27])
def test_published_names_never_cover_one_another(drawn, comparison, wrong):
    # A weak model widens the axis, and the published points move together.
    said = [(label + 1) % 4 if index < wrong else label for index, label in enumerate(TRUE)]
    figure = drawn(figures.draw_by_parameters, comparison(TRUE, TRUE, said))
    (axis,) = figure.axes
    names = [text for text in axis.texts if text.get_text()]
    assert len(names) == 6
    assert overlaps(names) == []
    whole = axis.get_window_extent()
    for text in names:
        box = text.get_window_extent()
        assert whole.contains(box.x0, box.y0)
        assert whole.contains(box.x1, box.y1)


def test_a_marker_at_no_time_is_whole(drawn, comparison, contender):
    quick = [contender("A", training={"seconds": 1}), contender("B", training={"seconds": 6000})]
    figure = drawn(figures.draw_by_time, comparison(TRUE, TRUE, TRUE, contenders=quick))
    for axis in figure.axes:
        start = axis.transData.transform((0, 1))[0]
        assert start - axis.get_window_extent().x0 > 10


def test_each_pair_shows_the_accuracy_with_and_without_its_subject_and_their_intervals(
    drawn, comparison
):
    half = [label if index % 2 else (label + 1) % 4 for index, label in enumerate(TRUE)]
    made = comparison(TRUE, half, TRUE)
    pairs = [Ablation("augmentation", with_it=1, without_it=0), Ablation("augmentation", 0, 1)]
    (axis,) = drawn(figures.draw_ablation, made, pairs).axes
    bars = [bar.lines for bar in axis.containers]
    shown = [
        (line.get_xdata()[0], tuple(segments.get_segments()[0][:, 0]))
        for (line, _, (segments,)) in bars
    ]
    right = {number: made.models[number].result for number in (0, 1)}
    for (accuracy, interval), number in zip(shown, (1, 0, 0, 1), strict=True):
        assert accuracy == right[number].accuracy
        assert interval == pytest.approx(right[number].interval)
    legend = axis.get_legend_handles_labels()[1]
    assert legend == ["with augmentation", "without augmentation"]
    # Above one another, the first pair at the top, with before without.
    heights = [line.get_ydata()[0] for line, _, _ in bars]
    low, high = axis.get_ylim()
    assert heights == sorted(heights)
    assert high < heights[0] < heights[-1] < low


def test_one_epoch_has_one_tick(drawn, comparison, contender):
    history = {name: values[:1] for name, values in HISTORY.items()}
    one = contender("A", training={"history": history})
    made = comparison(TRUE, TRUE, contenders=[one])
    for axis in drawn(figures.draw_curves, [*enumerate(made.models)]).axes:
        low, high = axis.get_xlim()
        assert [tick for tick in axis.get_xticks() if low <= tick <= high] == [1]


def test_lines_that_coincide_are_seen_beneath_one_another(drawn, comparison, contender):
    both = [contender(mark, training={"history": HISTORY}) for mark in "AB"]
    made = comparison(TRUE, TRUE, TRUE, contenders=both)
    figure = drawn(figures.draw_curves, [*enumerate(made.models)])
    first, second = (
        line
        for line in figure.axes[0].lines
        if line.get_linestyle() == "-" and line.get_label()[0] != "_"
    )
    assert np.array_equal(first.get_ydata(), second.get_ydata())
    assert first.get_linewidth() > second.get_linewidth() + 1


def test_widths_fall_from_the_first_line_to_the_last():
    widths = [line_width(index, 4) for index in range(4)]
    assert widths == sorted(widths, reverse=True)
    assert line_width(0, 1) == widths[-1]


def test_names_at_one_point_are_all_written(tmp_path):
    with picture(tmp_path / "figure.png", 4) as figure:
        axis = figure.subplots()
        axis.plot([0, 1], [0, 1], "o")
        write_names(figure, axis, [Named(f"name {n}", 0.5, 0.5) for n in range(8)], [(0.52, 0.5)])
        assert overlaps([text for text in axis.texts if text.get_text()]) == []
