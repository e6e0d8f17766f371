import json
from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui.engine.figures.comparison import read_comparison
from btgui.views.comparison_view.view import ComparisonView
from btgui.views.comparison_view.words import comparison_words
from tests.comparison_values import VALUES
from tests.conftest import write_head
from tests.views.conftest import click_cell


@pytest.fixture
def view(qtbot, tmp_path):
    rows = [
        row | {"path": str(write_head(tmp_path / row["path"], seed=number))}
        for number, row in enumerate(VALUES["scans"])
    ]
    (tmp_path / "figures.json").write_text(json.dumps(VALUES | {"scans": rows}))
    view = ComparisonView()
    qtbot.addWidget(view)
    view.resize(1000, 640)
    view.show()
    view.show_figures(read_comparison(tmp_path / "figures.json"))
    yield view
    view.close_workers()


def test_a_figure_that_is_not_defined_is_a_dash(tmp_path):
    values = deepcopy(VALUES)
    for model in values["models"]:
        undefined = model["by_class"]["tumour"] | {"recall": None}
        model["by_class"] = model["by_class"] | {"tumour": undefined}
    (tmp_path / "figures.json").write_text(json.dumps(values))
    page = comparison_words(read_comparison(tmp_path / "figures.json"))
    assert (
        page.count("\N{EN DASH}") == comparison_words(figures_of(tmp_path)).count("\N{EN DASH}") + 3
    )
    assert "nan" not in page


def test_the_page_says_of_how_many_patients_the_scans_are(tmp_path):
    page = comparison_words(replace(figures_of(tmp_path), patients="4 patients"))
    assert "on 6 scans of 4 patients in" in page
    assert "Intervals are calculated over patients" in page
    assert "McNemar's exact test, patient by patient and corrected" in page


def figures_of(folder):
    (folder / "whole.json").write_text(json.dumps(VALUES))
    return read_comparison(folder / "whole.json")


def listed(grid):
    return [
        Path(grid.scans.item(row).toolTip().split("\n")[0]).name
        for row in range(grid.scans.count())
    ]


def show_tab(view, title):
    titles = [view.tabs.tabText(index) for index in range(view.tabs.count())]
    view.tabs.setCurrentIndex(titles.index(title))


def test_the_page_says_who_is_better_and_shows_every_figure(view):
    said = view.page.toPlainText()
    assert "3 models on 6 scans in my <scans>" in said  # and no markup of theirs
    assert "C · Third <b> is better than A · Mine" in said
    assert "These are few scans" in said
    assert "It is not known which scans are of the same patient" in said
    assert "66.7 % (47 to 87)" in said
    assert "Sensitivity: Tumour" in said
    assert "4.53 million" in said
    assert "A & B were trained elsewhere." in said


def test_a_cell_of_a_model_shows_its_scans_with_what_each_model_says(qtbot, view, tmp_path):
    show_tab(view, "Confusion and scans")
    click_cell(qtbot, view.confusion.tables[0], 0, 1)
    assert listed(view.behind) == ["3.png", "2.png"]
    assert "2 scans of Tumour that A · Mine reads as Healthy" in view.behind.heading.text()
    assert view.behind.scans.item(1).text() == (
        "is Tumour\nA: Healthy, 60 %\nB: Healthy, 90 %\nC: Tumour, 60 %"
    )
    with qtbot.waitSignal(view.open_requested) as asked:
        place = view.behind.scans.visualItemRect(view.behind.scans.item(0)).center()
        qtbot.mouseClick(view.behind.scans.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [tmp_path / "3.png"]


def test_errors_that_two_models_share_open_their_scans(qtbot, view):
    show_tab(view, "Shared errors")
    errors = view.errors
    assert "3 of 6 scans are misclassified by at least one model, 0 by all" in errors.summary.text()
    assert [errors.matrix.item(0, column).text() for column in range(3)] == ["2", "1", "0"]
    click_cell(qtbot, errors.matrix, 0, 1)
    assert listed(errors.scans) == ["2.png"]
    click_cell(qtbot, errors.matrix, 0, 0)
    assert listed(errors.scans) == ["3.png", "2.png"]


def test_a_combination_opens_the_scans_that_only_it_gets_wrong(qtbot, view):
    show_tab(view, "Shared errors")
    together = view.errors.together
    assert [together.item(row).text() for row in range(3)] == [
        "1 only by A",
        "1 only by A, B",
        "1 only by B",
    ]
    place = together.visualItemRect(together.item(1)).center()
    qtbot.mouseClick(together.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert listed(view.errors.scans) == ["2.png"]
    qtbot.keyClick(together, Qt.Key.Key_Down)
    assert listed(view.errors.scans) == ["4.png"]


def test_three_models_that_alone_misclassify_a_scan_are_listed(qtbot, view, tmp_path):
    values = deepcopy(VALUES)
    values["models"].append(values["models"][2] | {"mark": "D", "label": "Fourth"})
    for scan in values["scans"]:
        scan["said"]["D"], scan["probability"]["D"] = scan["true"], 0.9
    values["scans"][5]["said"] |= dict.fromkeys("ABC", "tumour")
    (tmp_path / "four.json").write_text(json.dumps(values))
    view.show_figures(read_comparison(tmp_path / "four.json"))
    show_tab(view, "Shared errors")
    together = view.errors.together
    (item,) = together.findItems("1 only by A, B, C", Qt.MatchFlag.MatchExactly)
    place = together.visualItemRect(item).center()
    qtbot.mouseClick(together.viewport(), Qt.MouseButton.LeftButton, pos=place)
    heading = view.errors.scans.heading.text()
    assert "misclassified by A · Mine, B · Shipped and C · Third <b> only" in heading


def test_accuracy_is_drawn_against_size_and_time(view):
    # Six more are the published networks', of which the page says what they are of.
    assert len(view.by_size.plot.listDataItems()) == 3 + 6
    assert "Grey squares: published accuracy" in view.by_size.legend.text()
    assert "protocol: ResNet-50 98.7 %, Xception 98.6 %" in view.page.toPlainText()
    assert len(view.by_time.plot.listDataItems()) == 3
