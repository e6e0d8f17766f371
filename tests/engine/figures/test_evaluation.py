import json
from math import isnan

import pytest

from btgui.engine.errors import DatasetError
from btgui.engine.figures.evaluation import read_figures
from tests.evaluation_values import VALUES


@pytest.fixture
def file(tmp_path):
    def write(values):
        place = tmp_path / "figures.json"
        place.write_text(values if isinstance(values, str) else json.dumps(values))
        return place

    return write


def test_everything_that_the_command_wrote_is_read(file):
    figures = read_figures(file(VALUES))
    assert (figures.model, figures.protocol, figures.count) == ("Mine", "honest", 4)
    assert (figures.accuracy.value, figures.accuracy.low) == (0.75, 0.3)
    assert figures.names == ("Tumour", "Healthy")
    count, shares = figures.per_class["Tumour"]
    assert (count, shares["recall"].value) == (2, 0.5)
    assert figures.confusion == ((1, 1), (0, 2))
    assert figures.bins[0].count == 4
    assert figures.milliseconds == (10.0, 20.0)
    assert figures.cautions == tuple(VALUES["cautions"])
    assert figures.calibration_by_chance == 0.02


def test_a_class_that_was_not_tested_has_no_recall(file):
    nothing = {"value": None, "low": 0.0, "high": 1.0}
    classes = VALUES["classes"] | {"tumour": VALUES["classes"]["tumour"] | {"recall": nothing}}
    _, shares = read_figures(file(VALUES | {"classes": classes})).per_class["Tumour"]
    assert isnan(shares["recall"].value)


def test_the_scans_of_a_cell_come_with_the_surest_first(file):
    figures = read_figures(file(VALUES))
    assert [scan.path.name for scan in figures.scans_of(1, 1)] == ["4.png", "3.png"]
    assert [scan.path.name for scan in figures.scans_of(0, 1)] == ["2.png"]
    assert figures.scans_of(1, 0) == []


def test_rows_of_all_are_those_of_no_class(file):
    share = {"value": 0.5, "low": 0.0, "high": 1.0}
    row = {"stage": "Stage 1", "method": "grad_cam"}
    names = ("near", "exact", "heat_inside", "tumour_share", "near_share")
    row |= dict.fromkeys(names, share)
    rows = [row | {"class": "all classes", "count": 4}, row | {"class": "all", "count": 2}]
    kept = ("class_order", "per_class", "classes")
    renamed = json.loads(json.dumps({name: VALUES[name] for name in kept}).replace("tumour", "all"))
    scans = [one | {"is": "all", "said": "all"} for one in VALUES["scans"]]
    figures = read_figures(file(VALUES | renamed | {"scans": scans, "pointing": rows}))
    assert [one.count for one in figures.pointing] == [4]


def test_only_differences_beyond_chance_are_said(file):
    assert read_figures(file(VALUES)).comparison() == [
        "Better than Theirs on Healthy: 100.0 % correct, against 40.0 %."
    ]
    even = VALUES | {"against": {"model": "Theirs", "parts": {}}}
    assert read_figures(file(even)).comparison() == []
    part = {"count": 4, "first": 0.5, "second": 0.75, "p_value": 0.6}
    unclear = VALUES | {"against": {"model": "Theirs", "parts": {"all": part}}}
    assert read_figures(file(unclear)).comparison() == [
        "No clear difference from Theirs on these scans."
    ]
    worse = VALUES | {"against": {"model": "Theirs", "parts": {"all": part | {"p_value": 0.01}}}}
    assert read_figures(file(worse)).comparison() == [
        "Worse than Theirs overall: 50.0 % correct, against 75.0 %."
    ]


def test_without_another_model_nothing_is_compared(file):
    assert read_figures(file({**VALUES, "against": None})).comparison() == []


@pytest.mark.parametrize(
    "values", ["", "[]", "{}", VALUES | {"class_order": ["tumour"]}, VALUES | {"scans": [{}]}]
)
def test_what_is_no_result_is_refused(file, values):
    with pytest.raises(DatasetError, match="Measure again"):
        read_figures(file(values))
