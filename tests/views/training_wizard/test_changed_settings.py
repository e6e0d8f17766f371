from dataclasses import replace
from pathlib import Path

from btgui.views.training_wizard.changed_settings import changed_settings
from btgui.views.training_wizard.draft import Draft


def test_what_differs_is_named(draft):
    asked = draft.request(Path("model"))
    assert changed_settings(draft, asked) == []
    draft.architecture = "vgg19"
    draft.left_out = {draft.scans[0].path}
    draft.recipe = replace(draft.recipe, learning_rate=1e-5)
    assert changed_settings(draft, asked) == ["the network", "the scans left out", "learning rate"]


def test_a_run_of_before_is_not_compared_with_an_empty_draft(draft):
    assert changed_settings(Draft(), draft.request(Path("model"))) == []
