import json
from copy import deepcopy
from math import isnan

import pytest

from btgui.engine.errors import DatasetError
from btgui.engine.figures.comparison import read_comparison
from tests.comparison_values import VALUES


@pytest.fixture
def read(tmp_path):
    def of(values):
        place = tmp_path / "figures.json"
        place.write_text(values if isinstance(values, str) else json.dumps(values))
        return read_comparison(place)

    return of


def names(scans):
    return [scan.path.name for scan in scans]


def test_everything_that_the_command_wrote_is_read(read):
    figures = read(VALUES)
    assert figures.data == "my <scans>"
    assert [model.title for model in figures.models] == ["A · Mine", "B · Shipped", "C · Third <b>"]
    assert figures.models[1].parameters == 4_526_216
    assert figures.models[1].milliseconds == 10
    assert figures.models[0].found[0].low == 0.1
    assert figures.pairs[1].only_second == 9
    assert figures.scans[1].said == (1, 1, 0)
    assert figures.scans[1].wrong == (0, 1)


def test_a_figure_that_is_not_defined_is_read_as_that(read):
    values = deepcopy(VALUES)
    values["models"][0]["by_class"]["tumour"] = VALUES["models"][0]["by_class"]["tumour"] | {
        "recall": None
    }
    model = read(values).models[0]
    assert isnan(model.found[0].value)
    assert model.found[1].value == 0.5


def test_errors_are_found_by_who_makes_them(read):
    figures = read(VALUES)
    assert names(figures.wrong_by([0])) == ["3.png", "2.png"]  # the surest first
    assert names(figures.wrong_by([0, 1])) == ["2.png"]
    assert names(figures.wrong_only_by([0])) == ["3.png"]
    assert names(figures.wrong_only_by([1])) == ["4.png"]
    assert figures.wrong_by([2]) == []
    assert figures.combinations() == [((0,), 1), ((0, 1), 1), ((1,), 1)]


def test_a_cell_of_a_confusion_matrix_has_its_scans(read):
    figures = read(VALUES)
    assert names(figures.of_cell(0, 0, 1)) == ["3.png", "2.png"]
    assert names(figures.of_cell(1, 1, 0)) == ["4.png"]


def test_only_what_is_beyond_chance_is_called_better(read):
    (verdict,) = read(VALUES).verdicts()
    assert verdict == (
        "C · Third <b> is better than A · Mine: it alone classified 9 scans correctly, the other "
        "alone 0 (p = 0.004)."
    )
    clear = {"paired_tests": [VALUES["paired_tests"][-1] | {"p_adjusted": 7.5e-9}]}
    assert read(VALUES | clear).verdicts()[0].endswith("(p < 0.001).")
    even = VALUES | {"paired_tests": []}
    assert read(even).verdicts() == ["No clear difference between the models on these scans."]


@pytest.mark.parametrize("values", ["", "[]", "{}", VALUES | {"scans": [{}]}, VALUES | {"data": 1}])
def test_what_is_no_comparison_is_refused_in_words(read, values):
    with pytest.raises(DatasetError, match="cannot be read"):
        read(values)


def test_a_file_that_is_missing_is_refused_in_words(tmp_path):
    with pytest.raises(DatasetError, match="Compare again"):
        read_comparison(tmp_path / "none.json")
