from dataclasses import replace

import pytest

from btgui.engine.analysis import Analyser
from btgui.engine.errors import BtguiError
from btgui.workers.explaining import explained
from tests.conftest import write_head


@pytest.fixture
def analyser(tiny_pack):
    return Analyser(tiny_pack)


@pytest.fixture
def analysis(analyser, tmp_path):
    return analyser.read(write_head(tmp_path / "head.png"))


def test_heatmaps_are_of_the_wanted_class_and_method(analyser, analysis):
    explanation = explained(analyser, analysis, 2, "grad_cam_plus_plus").explanation
    assert (explanation.target_index, explanation.method) == (2, "grad_cam_plus_plus")


def test_the_verdict_of_another_model_has_none_and_both_are_named(analyser, analysis):
    other = replace(analysis, model_id="other", model_name="Other model")
    why = explained(analyser, other, 0, "grad_cam")
    assert "Other model" in why
    assert "the model in use is now Small test model" in why


@pytest.mark.parametrize(
    ("error", "words", "shown"),
    [
        (BtguiError("Out of memory."), "No heatmaps: Out of memory.", 0),
        (ZeroDivisionError(), "The heatmaps could not be computed.", 1),
    ],
)
def test_a_failure_is_put_in_words_and_one_that_was_not_expected_is_shown_in_full(
    analyser, analysis, monkeypatch, told, error, words, shown
):
    def fail(*_):
        raise error

    monkeypatch.setattr(analyser, "explain", fail)
    assert explained(analyser, analysis, 0, "grad_cam").startswith(words)
    assert ["ZeroDivisionError" in message.details for message in told] == [True] * shown
