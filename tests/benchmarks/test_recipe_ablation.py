from dataclasses import replace

import numpy as np
import pytest

from benchmarks.recipe_ablation import INGREDIENTS, WHOLE, added, judged, table, variants
from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED, TrainingRequest

# Biases would be fitted to the scans that judge.
JUDGED = replace(RECOMMENDED, bias_correction=False)


def test_a_variant_lacks_one_ingredient_and_nothing_else():
    found = variants(RECOMMENDED)
    assert found[WHOLE] == JUDGED
    assert found["without erasing"] == replace(JUDGED, erase_probability=0.0)
    assert found["without weight averaging"] == replace(JUDGED, weight_average_momentum=None)


def test_what_a_recipe_has_not_got_is_not_left_out_again():
    assert set(variants(AS_PUBLISHED)) == {WHOLE}
    assert set(variants(RECOMMENDED, ["erasing"])) == {WHOLE, "without erasing"}
    assert len(variants(RECOMMENDED)) <= len(INGREDIENTS) + 1


def test_an_ingredient_more_is_a_variant_too():
    found = variants(RECOMMENDED, [], ["mixup"])
    assert set(found) == {WHOLE, "with mixup"}
    assert found["with mixup"] == replace(JUDGED, mix_alpha=0.2)


def figures(loss, right):
    return {"loss": loss, "right": right, "right_added": 0.5, "tumours_added": float("nan")}


def test_differences_are_from_the_mean_of_the_whole_recipe_with_their_spread():
    whole = {1: figures(0.2, 0.9), 2: figures(0.4, 0.8)}
    without = {1: figures(0.3, 0.89), 2: figures(0.5, 0.79)}
    lines = table({WHOLE: whole, "without erasing": without}).splitlines()
    assert lines[2] == "| whole recipe | 2 | 0.300 ± 0.141 | 85.0 ± 7.1 | 50.0 ± 0.0 | - |"
    assert lines[3].startswith("| without erasing | 2 | +0.100 ± 0.141 | -1.0 ± 7.1 | +0.0 ± 0.0 |")
    lines = table({WHOLE: whole, "without erasing": {1: figures(0.35, 0.89)}}).splitlines()
    assert lines[3].startswith("| without erasing | 1 | +0.050 | +4.0 | +0.0 |")


def test_one_seed_alone_has_no_spread():
    lines = table({WHOLE: {1: figures(0.2, 0.9)}}).splitlines()
    assert lines[2] == "| whole recipe | 1 | 0.200 | 90.0 | 50.0 | - |"


@pytest.mark.parametrize(("collection", "expected"), [("", [1, 2]), ("more", [1])])
def test_scans_of_added_folders_are_judged_apart(collection, expected):
    folders = (("far/more/a", "glioma"), ("far/other/b", "glioma"))
    request = TrainingRequest(datasets=("own",), output="", name="", added=folders)
    of_added, of_rest = added(["own", "more/a", "other/b"], request, collection)
    assert np.flatnonzero(of_added).tolist() == expected
    assert np.flatnonzero(of_rest).tolist() == [0]


def test_the_figures_of_a_variant():
    # Healthy is class 1. Added: two tumours, of which one is likelier so than the healthy scan.
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.3, 0.7], [0.4, 0.6]])
    labels = np.array([0, 0, 0, 0, 1])
    of_added = np.array([False, False, True, True, True])
    found = judged(probabilities, labels, of_added, 1)
    assert found["loss"] == pytest.approx(-np.log([0.9, 0.2, 0.6, 0.3, 0.6]).mean())
    assert (found["right"], found["tumours_added"]) == (0.5, 0.5)
    assert found["right_added"] == pytest.approx(2 / 3)
    assert np.isnan(judged(probabilities, labels, ~of_added, None)["tumours_added"])
