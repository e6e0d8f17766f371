"""The figures of a report are legible whatever the classes are."""

import warnings
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from training.evaluating.figures import class_figures
from training.evaluating.pictures import draw_confusion, draw_reliability, draw_roc


def examined(names):
    """Return the parts of an examination that the figures show, with ten scans per class."""
    labels = np.repeat(np.arange(len(names)), 10)
    probabilities = np.random.default_rng(0).dirichlet([1] * len(names), len(labels))
    return SimpleNamespace(
        pack=SimpleNamespace(card=SimpleNamespace(classes=names, display_names=names)),
        result=SimpleNamespace(confusion=np.eye(len(names), dtype=int) * 10),
        readings=SimpleNamespace(labels=labels, probabilities=probabilities),
        classes=class_figures(labels, probabilities, names),
    )


@pytest.fixture
def drawn(monkeypatch):
    """The Matplotlib figures in the order in which they were written."""
    import matplotlib.figure

    figures = []
    save = matplotlib.figure.Figure.savefig
    monkeypatch.setattr(
        matplotlib.figure.Figure,
        "savefig",
        lambda figure, file: (save(figure, file), figures.append(figure)),
    )
    return figures


@pytest.mark.parametrize(
    "names",
    [
        ("glioma", "meningioma", "notumor", "pituitary"),
        tuple(f"a rare kind, {number}" for number in range(6)),
        tuple(f"class {number:02d}" for number in range(30)),
    ],
    ids=["four", "long", "many"],
)
def test_no_name_covers_another_and_no_legend_the_curves(names, tmp_path, drawn):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Matplotlib's, where something has no room
        draw_confusion(examined(names), tmp_path / "confusion.png")
        draw_roc(examined(names), tmp_path / "roc.png")
    confusion, roc = drawn
    boxes = [label.get_window_extent() for label in confusion.axes[0].get_xticklabels()]
    assert not any(one.overlaps(two) for one, two in pairwise(boxes))
    assert roc.axes[0].get_window_extent().width > 300
    if roc.legends:
        legend = roc.legends[0].get_window_extent()
        assert not legend.overlaps(roc.axes[0].get_window_extent())
        assert roc.bbox.x1 >= legend.x1


def test_chinese_names_are_taken_for_as_wide_as_they_are(tmp_path, drawn):
    names = tuple(
        f"\u8111\u819c\u7624\u7684\u7b2c\u51e0\u4e2a\u7c7b\u578b{number}" for number in range(4)
    )
    draw_confusion(examined(names), tmp_path / "confusion.png")
    (confusion,) = drawn
    assert {label.get_rotation() for label in confusion.axes[0].get_xticklabels()} == {90}


def test_the_numbers_of_a_reliability_diagram_can_be_read(tmp_path, drawn):
    # Many sure scans, half of them right, and a few doubtful ones that are nearly all wrong.
    sure = np.repeat([[0.99, 0.01], [0.55, 0.45]], [12_000, 50], axis=0)
    labels = np.concatenate([np.arange(12_000) % 2, np.arange(50) > 0]).astype(np.int64)
    examination = SimpleNamespace(
        pack=SimpleNamespace(card=SimpleNamespace(temperature=1.0)),
        readings=SimpleNamespace(labels=labels, probabilities=sure),
        calibration_error={way: SimpleNamespace(value=0.1) for way in ("before", "after")},
    )
    draw_reliability(examination, tmp_path / "reliability.png")
    for axes in drawn[0].axes:
        numbers = {text.get_text(): text for text in axes.texts}
        assert set(numbers) == {"50", "12,000"}
        bars = {bar.get_height(): bar.get_window_extent() for bar in axes.patches}
        assert numbers["12,000"].get_window_extent().width < bars[0.5].width
        assert not numbers["50"].get_window_extent().overlaps(bars[0.02])
