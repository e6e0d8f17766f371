from dataclasses import replace

from benchmarks.recipe_ablation import INGREDIENTS, WHOLE, table, variants
from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED


def test_a_variant_lacks_one_ingredient_and_nothing_else():
    found = variants(RECOMMENDED)
    assert found[WHOLE] == RECOMMENDED
    assert found["without erasing"] == replace(RECOMMENDED, erase_probability=0.0)
    assert found["without weight averaging"] == replace(RECOMMENDED, weight_average_momentum=None)


def test_what_a_recipe_has_not_got_is_not_left_out_again():
    assert set(variants(AS_PUBLISHED)) == {WHOLE}
    assert set(variants(RECOMMENDED, ["erasing"])) == {WHOLE, "without erasing"}
    assert len(variants(RECOMMENDED)) <= len(INGREDIENTS) + 1


def test_differences_are_taken_seed_by_seed_with_their_spread():
    whole = {1: {"loss": 0.2, "accuracy": 0.9}, 2: {"loss": 0.4, "accuracy": 0.8}}
    without = {1: {"loss": 0.3, "accuracy": 0.89}, 2: {"loss": 0.5, "accuracy": 0.79}}
    lines = table({WHOLE: whole, "without erasing": without}).splitlines()
    assert lines[2] == "| whole recipe | 2 | 0.300 ± 0.141 |  | 85.0 ± 7.1 |  |"
    assert lines[3] == (
        "| without erasing | 2 | 0.400 ± 0.141 | +0.100 ± 0.000 | 84.0 ± 7.1 | -1.0 ± 0.0 |"
    )


def test_one_seed_alone_has_no_spread():
    lines = table({WHOLE: {1: {"loss": 0.2, "accuracy": 0.9}}}).splitlines()
    assert lines[2] == "| whole recipe | 1 | 0.200 |  | 90.0 |  |"
