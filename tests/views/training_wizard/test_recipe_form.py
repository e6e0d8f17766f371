from dataclasses import fields

from PySide6.QtCore import Qt

from btgui.engine.training_request import AS_PUBLISHED, RECOMMENDED, Recipe
from btgui.views.training_wizard.recipe_form import FIELDS, RecipeForm


def shown(qtbot, recipe):
    form = RecipeForm()
    qtbot.addWidget(form)
    form.show_recipe(recipe)
    form.show()
    return form


def test_every_value_is_one_of_the_recipe_s():
    assert {field.name for field in FIELDS} <= {field.name for field in fields(Recipe)}


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
