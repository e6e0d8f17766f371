import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from btgui.engine.errors import ModelPackError
from btgui.engine.models.library import ModelLibrary
from btgui.engine.models.pack import export_pack
from btgui.engine.paths import shipped_models_folder, user_models_folder
from btgui.views.theme import apply_theme


def click_row(qtbot, models, row, keys=Qt.KeyboardModifier.NoModifier):
    place = models.table.visualRect(models.rows.index(row, 0)).center()
    qtbot.mouseClick(models.table.viewport(), Qt.MouseButton.LeftButton, keys, place)


def click(qtbot, button):
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def worked(qtbot, models):
    qtbot.waitUntil(lambda: not models.work.doing())


def names(models):
    return [models.rows.index(row, 0).data() for row in range(models.rows.rowCount())]


def test_a_click_on_a_model_shows_its_card(models, qtbot):
    click_row(qtbot, models, 1)
    assert "Mine" in models.details.page.toPlainText()
    assert models.details.isVisible()


def test_two_chosen_models_are_shown_side_by_side(models, qtbot):
    click_row(qtbot, models, 0)
    click_row(qtbot, models, 1, Qt.KeyboardModifier.ControlModifier)
    assert models.comparison.isVisible()
    assert all(name in models.comparison.page.toPlainText() for name in ("Shipped", "Mine"))


def test_models_that_are_compared_stay_chosen_when_the_window_is_brought_up_again(models, qtbot):
    click_row(qtbot, models, 0)
    click_row(qtbot, models, 2, Qt.KeyboardModifier.ControlModifier)
    models.refresh()
    assert [pack.card.name for pack in models.table.chosen_packs()] == ["Shipped", "Untested"]
    assert models.comparison.isVisible()


def test_a_folder_that_is_no_model_says_why_and_cannot_be_used(models, qtbot):
    click_row(qtbot, models, 3)
    shown = models.details.page.toPlainText()
    assert "broken is not a model" in shown
    assert str(models.rows.entry(3).folder) in shown
    assert not any(b.isEnabled() for b in (models.use, models.rename, models.export))


def test_a_folder_that_is_no_model_is_deleted_and_comes_back_by_undo(models, qtbot):
    click_row(qtbot, models, 3)
    click(qtbot, models.delete)
    assert "broken" not in names(models)
    assert models.message.text().startswith("Deleted broken.")
    assert models.undo.text() == "Undo: restore broken"
    click(qtbot, models.undo)
    assert "broken" in names(models)
    assert models.message.text() == "Restored broken."
    assert not models.undo.isVisible()


def test_only_one_is_deleted_at_a_time(models, qtbot):
    click_row(qtbot, models, 2)
    assert models.delete.isEnabled()
    click_row(qtbot, models, 3, Qt.KeyboardModifier.ControlModifier)
    assert not models.delete.isEnabled()


@pytest.mark.usefixtures("large_letters")
def test_with_large_letters_models_are_told_apart_by_their_names(request, qtbot):
    models = request.getfixturevalue("models")
    models.resize(800, 500)
    letters = 20 * models.table.fontMetrics().averageCharWidth()
    qtbot.waitUntil(lambda: models.table.columnWidth(0) >= letters)
    models.set_in_use("second", "first")
    models.resize(models.minimumSizeHint())
    qtbot.waitUntil(lambda: models.delete.y() > models.use.y())  # buttons do not widen the window


@pytest.mark.usefixtures("large_letters")
def test_with_large_letters_a_card_is_read_without_scrolling_sideways(request, qtbot):
    apply_theme(QApplication.instance())  # whose letters are smaller than Qt's own
    models = request.getfixturevalue("models")
    models.resize(1540, 800)
    shipped = ModelLibrary(shipped_models_folder(), user_models_folder()).models()[0]
    models.details.show_card(shipped.card)  # with its table of confusions
    qtbot.waitUntil(lambda: models.details.page.horizontalScrollBar().maximum() == 0)


def test_using_another_model_is_asked_for_by_button_or_key(models, qtbot):
    click_row(qtbot, models, 0)
    assert not models.use.isEnabled()  # it is in use
    click_row(qtbot, models, 1)
    with qtbot.waitSignal(models.use_requested) as asked:
        click(qtbot, models.use)
    assert asked.args == ["second"]
    with qtbot.waitSignal(models.use_requested):
        qtbot.keyClick(models.table, Qt.Key.Key_Return)


def test_going_back_is_offered_once_there_is_a_model_before(models, qtbot):
    assert not models.back.isVisible()
    models.set_in_use("second", "first")
    assert models.back.text() == "Back to Shipped"
    assert models.back.toolTip() == "Read with the model that was used before: Shipped."
    with qtbot.waitSignal(models.use_requested) as asked:
        click(qtbot, models.back)
    assert asked.args == ["first"]


def test_a_long_name_on_the_button_that_goes_back_does_not_widen_the_window(models, library):
    name = "Model of the department, trained again on scans of 2026 & 27"
    models.set_in_use("first", "second")
    models.rows.setData(models.rows.index(1, 0), "Model of the dep")
    width = models.minimumSizeHint().width()
    models.rows.setData(models.rows.index(1, 0), name)
    assert models.minimumSizeHint().width() < width + 40
    assert name.replace("&", "&amp;") in models.back.toolTip()


def test_arrow_keys_choose_a_model_from_the_start_on(models, qtbot):
    models.set_in_use("first", "second")
    models.activateWindow()
    qtbot.waitUntil(models.isActiveWindow)
    qtbot.keyClick(models.focusWidget(), Qt.Key.Key_Down)
    assert [pack.card.name for pack in models.table.chosen_packs()] == ["Mine"]


def test_a_model_is_renamed_in_its_row(models, qtbot, library):
    click_row(qtbot, models, 1)
    click(qtbot, models.rename)
    editor = models.table.findChild(QLineEdit)
    assert editor.text() == "Mine"
    editor.selectAll()
    with qtbot.waitSignal(models.library_changed):
        qtbot.keyClicks(editor, "Our hospital")
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert library.get("second").card.name == "Our hospital"
    assert "Our hospital" in models.details.page.toPlainText()


def test_a_shipped_model_can_neither_be_renamed_nor_deleted(models, qtbot):
    click_row(qtbot, models, 0)
    assert not models.rename.isEnabled()
    assert not models.delete.isEnabled()
    assert models.export.isEnabled()


def test_models_deleted_one_after_the_other_come_back_the_last_one_first(
    models, qtbot, answer_dialog, tmp_path
):
    for name in ("Mine", "Untested"):
        click_row(qtbot, models, 1)
        with qtbot.waitSignal(models.library_changed):
            click(qtbot, models.delete)
        assert name not in names(models)
    assert models.undo.text() == "Undo: restore Untested"
    click_row(qtbot, models, 0)
    answer_dialog("getSaveFileName", (str(tmp_path / "shipped.btmodel"), ""))
    click(qtbot, models.export)
    worked(qtbot, models)  # what is said of something else takes no undo away
    assert models.message.text().startswith("Saved")
    with qtbot.waitSignal(models.library_changed):
        click(qtbot, models.undo)
    assert "Untested" in names(models)
    assert models.undo.text() == "Undo: restore Mine"
    click(qtbot, models.undo)
    assert "Mine" in names(models)
    assert not models.undo.isVisible()


def test_a_model_is_deleted_and_brought_back_by_keys_too(models, qtbot):
    models.activateWindow()
    qtbot.waitUntil(models.isActiveWindow)
    click_row(qtbot, models, 2)
    qtbot.keyClick(models.table, Qt.Key.Key_Delete)
    assert "Untested" not in names(models)
    for _ in range(2):  # the second time there is nothing to undo
        qtbot.keyClick(models, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Untested" in names(models)


def test_the_model_in_use_cannot_be_deleted(models, qtbot):
    models.set_in_use("second", "first")
    models.activateWindow()
    qtbot.waitUntil(models.isActiveWindow)
    click_row(qtbot, models, 1)
    assert not models.delete.isEnabled()
    with qtbot.assertNotEmitted(models.library_changed):
        qtbot.keyClick(models.table, Qt.Key.Key_Delete)


def test_a_model_that_is_about_to_read_cannot_be_deleted(models, qtbot):
    models.set_in_use("", "first")
    models.set_chosen("second")
    click_row(qtbot, models, 1)
    assert models.use.isEnabled()
    assert not models.delete.isEnabled()


def test_an_exported_model_is_imported_again_after_it_was_deleted(
    models, qtbot, answer_dialog, tmp_path
):
    click_row(qtbot, models, 1)
    file = tmp_path / "mine.btmodel"
    answer_dialog("getSaveFileName", (str(file.with_suffix("")), ""))
    click(qtbot, models.export)
    worked(qtbot, models)
    assert models.message.text() == "Saved Mine as mine.btmodel."
    click(qtbot, models.delete)
    answer_dialog("getOpenFileName", (str(file), ""))
    with qtbot.waitSignal(models.library_changed):
        click(qtbot, models.bring)
    assert "Mine" in names(models)
    assert "Imported Mine" in models.message.text()
    assert not models.undo.isVisible()  # it is back already


def test_a_refused_import_says_why(models, qtbot, answer_dialog, library, tmp_path):
    file = tmp_path / "again.btmodel"
    export_pack(library.get("second"), file)
    answer_dialog("getOpenFileName", (str(file), ""))
    with qtbot.assertNotEmitted(models.library_changed):
        click(qtbot, models.bring)
        worked(qtbot, models)
    assert "is in the library already" in models.message.text()
    click_row(qtbot, models, 1)
    click(qtbot, models.use)
    assert models.message.text() == ""


@pytest.mark.parametrize("button", ["export", "bring"])
def test_a_dialog_that_was_closed_changes_nothing(models, qtbot, answer_dialog, button):
    click_row(qtbot, models, 1)
    answer_dialog("getSaveFileName", ("", ""))
    answer_dialog("getOpenFileName", ("", ""))
    click(qtbot, getattr(models, button))
    assert not models.message.text()


def test_a_measured_time_appears_in_the_comparison(models, qtbot):
    click_row(qtbot, models, 0)
    click_row(qtbot, models, 1, Qt.KeyboardModifier.ControlModifier)
    models.set_time("first", 14.2)
    assert "14 ms" in models.comparison.page.toPlainText()


@pytest.mark.parametrize("button", ["export", "bring"])
def test_a_large_model_does_not_hold_up_the_window(
    models, qtbot, answer_dialog, library, tmp_path, monkeypatch, button
):
    file = tmp_path / "mine.btmodel"
    export_pack(library.get("second"), file)
    answer_dialog("getSaveFileName", (str(file), ""))
    answer_dialog("getOpenFileName", (str(file), ""))
    may_end, threads = threading.Event(), []

    def slow(*_arguments):
        threads.append(threading.current_thread())
        may_end.wait(10)
        raise ModelPackError("The disk is full.")

    monkeypatch.setattr(library, "export_model", slow)
    monkeypatch.setattr(library, "import_model", slow)
    click_row(qtbot, models, 1)
    click(qtbot, getattr(models, button))
    qtbot.waitUntil(lambda: len(threads) == 1)
    assert threads[0] is not threading.main_thread()
    doing = "Importing mine.btmodel …" if button == "bring" else "Saving Mine as mine.btmodel …"
    assert models.message.text() == doing
    click_row(qtbot, models, 2)  # other models can be looked at, and nothing is changed meanwhile
    assert models.use.isEnabled()
    changing = (models.export, models.bring, models.rename, models.delete)
    assert not any(one.isEnabled() for one in changing)
    qtbot.keyClick(models.table, Qt.Key.Key_F2)
    assert models.table.findChild(QLineEdit) is None
    may_end.set()
    worked(qtbot, models)
    assert models.message.text() == "The disk is full."
    assert all(one.isEnabled() for one in changing)
    models.table.setFocus()
    qtbot.keyClick(models.table, Qt.Key.Key_F2)
    assert models.table.findChild(QLineEdit) is not None


def test_several_models_are_imported_one_after_the_other(models, qtbot, library, tmp_path):
    files = [tmp_path / f"{name}.btmodel" for name in ("second", "third")]
    for file in files:
        export_pack(library.get(file.stem), file)
        library.delete(file.stem)
    models.refresh()
    told = []
    for file in (files[0], tmp_path / "none.btmodel", files[1]):
        models.import_model(file, lambda pack: told.append(pack.card.id), told.append)
    worked(qtbot, models)
    assert [told[0], told[2]] == ["second", "third"]
    assert "none.btmodel was not found" in told[1]
    assert {"Mine", "Untested"} <= set(names(models))


def test_closing_waits_for_what_is_being_saved(
    models, qtbot, answer_dialog, library, tmp_path, monkeypatch
):
    began, export = threading.Event(), library.export_model

    def export_and_tell(*arguments):
        began.set()
        export(*arguments)

    monkeypatch.setattr(library, "export_model", export_and_tell)
    answer_dialog("getSaveFileName", (str(tmp_path / "shipped.btmodel"), ""))
    click_row(qtbot, models, 0)
    click(qtbot, models.export)
    assert began.wait(10)
    models.work.close()
    assert (tmp_path / "shipped.btmodel").is_file()
