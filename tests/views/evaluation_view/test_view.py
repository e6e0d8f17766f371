import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from btgui.engine.figures.evaluation import read_figures
from btgui.views.evaluation_view.view import EvaluationView
from tests.conftest import write_head
from tests.evaluation_values import VALUES
from tests.views.conftest import click_cell


@pytest.fixture
def view(qtbot, tmp_path):
    rows = [
        row | {"path": str(write_head(tmp_path / row["path"], seed=number))}
        for number, row in enumerate(VALUES["scans"])
    ]
    (tmp_path / "figures.json").write_text(json.dumps(VALUES | {"scans": rows}))
    view = EvaluationView()
    qtbot.addWidget(view)
    view.resize(900, 600)
    view.show()
    view.show_figures(read_figures(tmp_path / "figures.json"))
    yield view
    view.close_workers()


def click_confusion(qtbot, view, row, column):
    view.tabs.setCurrentIndex(1)
    click_cell(qtbot, view.confusion, row, column)


def names(view):
    return [
        Path(view.behind.scans.item(row).text().split("\n")[0]).name
        for row in range(view.behind.scans.count())
    ]


def test_the_page_says_what_matters_with_its_interval(view):
    said = view.page.toPlainText()
    assert said.startswith("Mine: accuracy 75.0 %")
    assert "30.0 % to 95.0 %" in said
    assert "the <test> scans" in said  # and no markup of theirs
    assert "honest protocol" in said
    assert "few scans" in said
    assert "On 4 scans: " in said
    assert "It is not known which scans are of the same patient" in said
    assert "Better than Theirs on Healthy" in said
    assert "Calibration error 5.0 %" in said
    assert "chance alone would give about 2.0 %" in said
    assert "Before you rely on this:" in said
    assert "scans names no <test> scans" in said
    assert "Could not be read and not counted:" in said
    assert "5.png is empty." in said
    assert "Compared with Theirs" in said
    assert "Sensitivity of Theirs\n" in said
    assert "40.0 %" in said  # of the healthy scans, by the other model


def pointing(stage, name="all"):
    share = {"value": 0.625, "low": 0.5, "high": 0.7}
    figures = dict.fromkeys(("near", "exact", "tumour_share", "near_share"), share)
    figures["heat_inside"] = {"value": 0.5, "low": None, "high": None}
    return {"stage": stage, "class": name, "method": "grad_cam", "count": 7} | figures


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"outlined_scans": 7, "pointing": [pointing("Stage 1"), pointing("Stage 5")]}, "62.5 %"),
        ({"outlined_scans": 7, "pointing": []}, "no outline of the tested scans can be used"),
        (
            {"outlined_scans": 0, "pointing": []},
            "the table contains no outline of the tested scans",
        ),
    ],
)
def test_how_heatmaps_fit_outlines_is_told_where_that_was_measured(view, tmp_path, values, words):
    assert "Do the heatmaps" not in view.page.toPlainText()
    (tmp_path / "figures.json").write_text(json.dumps(VALUES | values))
    view.show_figures(read_figures(tmp_path / "figures.json"))
    said = view.page.toPlainText()
    assert words in said.partition("Do the heatmaps point at the tumour?")[2]
    if values["pointing"]:
        assert said.index("Stage 5") < said.index("Stage 1")
        assert "nan" not in said


def test_each_figure_of_the_heatmaps_stands_beside_its_own_by_chance(view, tmp_path):
    # A random point is near a tumour far more often than in it.
    chances = {"near_share": {"value": 0.09}, "tumour_share": {"value": 0.027}}
    row = pointing("Stage 1") | {
        name: share | {"low": None, "high": None} for name, share in chances.items()
    }
    values = VALUES | {"outlined_scans": 7, "pointing": [row]}
    (tmp_path / "figures.json").write_text(json.dumps(values))
    view.show_figures(read_figures(tmp_path / "figures.json"))
    table = view.page.toPlainText().partition("Do the heatmaps point at the tumour?")[2]
    cells = table.partition("Could not be read")[0].strip().split("\n")
    of_row = dict(zip(cells[:8], cells[8:], strict=True))
    assert of_row["Hottest point within 15 px of the tumour"].startswith("62.5 %")
    assert of_row["By chance"] == "9.0 %"
    assert of_row["Hottest point in the tumour"].startswith("62.5 %")
    assert of_row["Heat in the tumour"] == "50.0 %"
    assert of_row["Both by chance"] == "2.7 %"


def test_a_model_named_like_markup_is_shown_as_it_is_written(view):
    view.show_figures(replace(view._figures, model="<b>Mine</b> & Co"))
    assert view.page.toPlainText().startswith("<b>Mine</b> & Co: accuracy 75.0 %")


def test_the_model_in_use_is_called_so_as_long_as_it_is(qtbot, view):
    click_confusion(qtbot, view, 1, 1)
    view.page.verticalScrollBar().setValue(view.page.verticalScrollBar().maximum())
    place = view.page.verticalScrollBar().value()
    view.other_is_in_use = True
    said = view.page.toPlainText()
    assert "Compared with the model in use" in said
    assert "Sensitivity of Theirs (in use)" in said
    view.other_is_in_use = False
    said = view.page.toPlainText()
    assert "Compared with Theirs" in said
    assert "in use" not in said
    assert names(view) == ["4.png", "3.png"]  # the user is where he was
    assert view.page.verticalScrollBar().value() == place


def test_a_chosen_cell_keeps_the_colour_of_right_or_wrong(qtbot, view):
    click_confusion(qtbot, view, 1, 1)
    click_confusion(qtbot, view, 0, 1)
    table = view.confusion

    def colour(row, column):
        rectangle = table.visualRect(table.model().index(row, column))
        return table.viewport().grab(rectangle).toImage().pixelColor(14, 6)

    wrong, right = colour(0, 1), colour(1, 1)
    assert wrong.red() > wrong.blue()
    assert right.blue() > right.red()


def test_a_cell_opens_the_scans_behind_it_and_a_scan_is_asked_for(qtbot, view, tmp_path):
    click_confusion(qtbot, view, 1, 1)
    assert names(view) == ["4.png", "3.png"]
    assert "2 scans of Healthy read as Healthy" in view.behind.heading.text()
    assert str(Path(tmp_path.name, "4.png")) in view.behind.scans.item(0).toolTip()
    qtbot.waitUntil(lambda: not view.behind.scans.item(0).icon().isNull())
    with qtbot.waitSignal(view.open_requested) as asked:
        place = view.behind.scans.visualItemRect(view.behind.scans.item(0)).center()
        qtbot.mouseClick(view.behind.scans.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [tmp_path / "4.png"]


def test_keys_move_through_the_cells(qtbot, view):
    click_confusion(qtbot, view, 0, 0)
    qtbot.keyClick(view.confusion, Qt.Key.Key_Right)
    assert names(view) == ["2.png"]


def test_the_calibration_is_drawn(view):
    diagonal, bins = view.calibration.plot.listDataItems()
    assert list(diagonal.xData) == [0, 100]
    assert (list(bins.xData), list(bins.yData)) == ([80.0], [75.0])


def test_the_page_says_of_how_many_patients_the_scans_are(view, tmp_path):
    figures = read_figures(tmp_path / "figures.json")
    view.show_figures(replace(figures, patients="3 patients"))
    said = view.page.toPlainText()
    assert "On 4 scans of 3 patients: " in said
    assert "Intervals are calculated over patients" in said
    assert "not known" not in said
