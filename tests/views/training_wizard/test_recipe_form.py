from dataclasses import fields

from PySide6.QtCore import Qt

from btgui.engine.models.published_networks import PUBLISHED
from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED, Recipe
from btgui.views.training_wizard.recipe_fields import FIELDS
from btgui.views.training_wizard.recipe_form import RecipeForm
from training.networks.architectures import architecture


def shown(qtbot, recipe):
    form = RecipeForm()
    qtbot.addWidget(form)
    form.show_recipe(recipe)
    form.show()
    return form


OF_OUTLINES = {"mask_loss_weight", "transplant_probability", "removal_probability"}


def test_every_value_that_needs_no_outlines_is_shown():
    values = {field.name for field in fields(Recipe)}
    assert {field.name for field in FIELDS} == values - OF_OUTLINES


def test_what_a_network_fixes_is_said_as_it_is_built(qtbot):
    form = shown(qtbot, AS_PUBLISHED)
    for network in PUBLISHED:
        form.show_network(network.architecture)
        side = architecture(network.architecture).input_side
        assert f"Adam, categorical cross-entropy, {side} x {side}" in form.fixed.text()
    form.show_recipe(RECOMMENDED)
    assert "AdamW" in form.fixed.text()


def test_what_is_off_is_shown_as_a_word(qtbot):
    form = shown(qtbot, AS_PUBLISHED)
    assert form.boxes["patience"].text() == "off"
    assert form.boxes["batch_norm_momentum"].text() == "default"
    form.boxes["patience"].setValue(4)
    assert form.recipe().patience == 4


def test_what_is_shown_comes_back(qtbot):
    for recipe in (AS_PUBLISHED, RECOMMENDED):
        assert shown(qtbot, recipe).recipe() == recipe


def test_showing_tells_nobody_and_typing_does(qtbot):
    form = shown(qtbot, AS_PUBLISHED)
    told = []
    form.changed.connect(lambda: told.append(True))
    form.show_recipe(RECOMMENDED)
    assert told == []
    epochs = form.boxes["epochs"]
    epochs.selectAll()
    qtbot.keyClicks(epochs, "3")
    qtbot.keyClick(epochs, Qt.Key.Key_Tab)
    assert told
    assert form.recipe().epochs == 3


def test_values_stay_within_their_range(qtbot):
    form = shown(qtbot, AS_PUBLISHED)
    form.boxes["dropout"].setValue(7)
    form.boxes["epochs"].setValue(0)
    assert form.recipe().dropout == 0.9
    assert form.recipe().epochs == 1
