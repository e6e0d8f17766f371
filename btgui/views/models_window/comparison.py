"""Two or more models side by side, from the content of their cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QTabWidget, QTextBrowser, QVBoxLayout, QWidget

from btgui.engine.models.card import ModelCard
from btgui.views.confusion_grid import ConfusionGrid, ModelCounts
from btgui.views.html_table import html_table
from btgui.views.models_window.accuracy_plot import AccuracyPlot, ModelPoint
from btgui.views.text import milliseconds, percent_exactly
from btgui.views.widgets.curves_plot import CurvesPlot, curves_of

_NOT_KNOWN = "not known"


def comparison_page(cards: Sequence[ModelCard], times: Mapping[str, float]) -> str:
    """Return a table of models as HTML, one column per model.

    Parameters
    ----------
    times
        From model id to milliseconds per scan on this computer, for the models measured here.
    """
    rows = [("Network", [escape(card.architecture) for card in cards])]
    rows.append(("Parameters", [f"{card.parameter_count / 1e6:.2f} million" for card in cards]))
    rows.append(
        (
            "Time per scan here",
            [milliseconds(times[c.id]) if c.id in times else "not measured yet" for c in cards],
        )
    )
    results = [card.main_result for card in cards]
    rows.append(
        (
            "Test accuracy",
            [
                f"<b>{percent_exactly(r.accuracy)}</b><br>{_range(r.interval)}"
                if r
                else "not tested on all classes"
                for r in results
            ],
        )
    )
    rows.append(("Protocol", [escape(r.protocol) if r else "" for r in results]))
    rows.append(("Tested on", [escape(r.data) if r else "" for r in results]))
    for name in dict.fromkeys(name for card in cards for name in card.classes):
        found = [
            r.per_class[name]["recall"] if r and name in r.per_class else None for r in results
        ]
        rows.append((f"Sensitivity: {escape(_shown(cards, name))}", _percents(found)))
    errors = [r.expected_calibration_error if r else None for r in results]
    rows.append(("Calibration error", _percents(errors)))
    heads = ("", *(escape(card.name) for card in cards))
    table = html_table(heads, ((heading, *cells) for heading, cells in rows), padding=6)
    caution = f"<p><b>{words}</b></p>" if (words := _caution(cards)) else ""
    return f"<h2>Side by side</h2>{caution}{table}"


def _percents(shares: Iterable[float | None]) -> list[str]:
    return [_NOT_KNOWN if share is None else percent_exactly(share) for share in shares]


def _range(interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{low * 100:.1f} to {percent_exactly(high)}"


def _shown(cards: Sequence[ModelCard], name: str) -> str:
    for card in cards:
        if name in card.classes:
            return card.display_names[card.classes.index(name)]
    return name


def _caution(cards: Sequence[ModelCard]) -> str:
    """Return why the models' accuracies cannot be ranked, or "" if they can."""
    tested = [card.main_result for card in cards if card.main_result]
    if len({result.protocol for result in tested}) > 1:
        return (
            "Do not compare these accuracies: one model was tested on scans whose copies it was "
            "trained on (published protocol), another was not (honest protocol)."
        )
    if len({result.data for result in tested}) > 1:
        return "The models were tested on different scans: compare their accuracies with care."
    return ""


class Comparison(QWidget):
    """A table of the models, their accuracy against size and time, and their training curves."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.page = QTextBrowser()
        self.page.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # many columns scroll
        self.page.setAccessibleName("Models side by side")
        self.by_size = AccuracyPlot("Parameters (million)")
        self.by_time = AccuracyPlot("Time per scan on this computer (ms)")
        self.curves = CurvesPlot()
        self.confusion = ConfusionGrid()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.addTab(self.page, "Table")
        self.tabs.addTab(self.by_size, "Accuracy and size")
        self.tabs.addTab(self.by_time, "Accuracy and time")
        self.tabs.addTab(self.curves, "Training curves")
        self.tabs.addTab(self.confusion, "Confusion")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)

    def show_cards(self, cards: Sequence[ModelCard], times: Mapping[str, float]) -> None:
        """Show these models; ``times`` as for :func:`comparison_page`."""
        self.page.setHtml(comparison_page(cards, times))
        tested = [card for card in cards if card.main_result]
        untested = _listed(
            "Not tested on all classes", [card for card in cards if not card.main_result]
        )
        caution = _caution(cards)
        self.by_size.show_points(
            [_point(card, card.parameter_count / 1e6) for card in tested],
            remark=" ".join(filter(None, (caution, untested))),
        )
        timed = [card for card in tested if card.id in times]
        untimed = _listed("Not timed here", [card for card in tested if card.id not in times])
        self.by_time.show_points(
            [_point(card, times[card.id]) for card in timed],
            remark=" ".join(filter(None, (caution, untested, untimed))),
        )
        self._offer(self.by_time, bool(timed), "No model has been timed on this computer yet.")
        counted = [
            _counts(card) for card in tested if card.main_result and card.main_result.confusion
        ]
        self.confusion.show_counts(counted)
        self._offer(
            self.confusion, bool(counted), "None of these models was tested on all its classes."
        )
        drawn = [curves for card in cards if (curves := curves_of(card))]
        self.curves.show_curves(drawn, [card.name for card in cards if curves_of(card) is None])
        self._offer(self.curves, bool(drawn), "The training of these models was not recorded.")

    def _offer(self, tab: QWidget, has_content: bool, why_not: str) -> None:  # noqa: FBT001
        index = self.tabs.indexOf(tab)
        self.tabs.setTabEnabled(index, has_content)
        self.tabs.setTabToolTip(index, "" if has_content else why_not)


def _listed(what: str, cards: Sequence[ModelCard]) -> str:
    """Return a sentence that names the models that a plot omits, and why; "" without any."""
    return f"{what}: {', '.join(card.name for card in cards)}." if cards else ""


def _counts(card: ModelCard) -> ModelCounts:
    confusion = card.main_result.confusion if card.main_result else []
    return ModelCounts(card.name, card.display_names, confusion)


def _point(card: ModelCard, cost: float) -> ModelPoint:
    result = card.main_result
    if result is None:
        raise ValueError(f"expected a tested model, received {card.id}")
    return ModelPoint(card.name, max(cost, 1e-3), result.accuracy, *result.interval)
