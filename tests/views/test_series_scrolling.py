"""A synthetic series in the whole window: scrolled, played and measured in."""

from dataclasses import astuple

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QGraphicsView

from btgui.engine.pictures.contrast import Contrast
from btgui.engine.pictures.measurement import Measurement
from btgui.engine.pictures.turn import PictureTurn
from btgui.views.widgets.picture_place import Place
from tests.conftest import write_head
from tests.views.conftest import PATIENCE, drop, press, read, send_wheel
from tests.views.dropped_series import scroll_to, write_series


def key(qtbot, window, pressed):
    qtbot.keyClick(window.scan_view.findChild(QGraphicsView), pressed)


def wheel(window, notches, modifier=Qt.KeyboardModifier.NoModifier):
    send_wheel(window.scan_view.findChild(QGraphicsView).viewport(), notches, modifier)


def test_wheel_and_keys_step_and_the_slice_that_is_rested_on_is_explained(opened_series, qtbot):
    bar = opened_series.series.bar
    wheel(opened_series, -2)
    assert bar.slider.value() == 8
    for pressed, slice_index in (
        (Qt.Key.Key_Up, 7),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Down, 1),
        (Qt.Key.Key_End, 11),
    ):
        key(qtbot, opened_series, pressed)
        assert bar.slider.value() == slice_index
    with qtbot.waitSignal(opened_series.service.explanation_ready, timeout=PATIENCE):
        bar.slider.setValue(5)
    assert opened_series.gradcam.analysis.scan.path.name == "slice0005"
    assert opened_series.series.curve._here.value() == 6
    assert (
        opened_series.prediction._verdict.text()
        in opened_series.gradcam.analysis.prediction.display_names
    )


def test_the_wheel_steps_over_the_heatmap_and_the_curve_too(opened_series):
    for step, part in enumerate(
        (opened_series.gradcam.large, opened_series.series.curve.plot.viewport()),
        opened_series.series.bar.slider.value(),
    ):
        send_wheel(part, -1)
        assert opened_series.series.bar.slider.value() == step + 1
    assert opened_series.scan_view.place().zoom == pytest.approx(1.0)
    ctrl = Qt.KeyboardModifier.ControlModifier
    send_wheel(opened_series.gradcam.large, 1, ctrl)
    assert opened_series.scan_view.place().zoom == pytest.approx(1.25)
    assert opened_series.series.bar.slider.value() == step + 1


def test_on_the_way_it_is_said_how_to_see_heatmaps_and_the_class_asked_for_stays(
    opened_series, qtbot
):
    bar, target = opened_series.series.bar, opened_series.gradcam.target
    explained = opened_series.service.explanation_ready
    with qtbot.waitSignal(explained, timeout=PATIENCE):
        bar.slider.setValue(5)
    verdict = opened_series.gradcam.analysis.prediction.verdict_index
    with qtbot.waitSignal(explained, timeout=PATIENCE):
        press(qtbot, opened_series, "next_target")
    wanted = target.currentIndex()
    assert wanted != verdict
    bar.slider.setValue(7)
    qtbot.waitUntil(lambda: opened_series.gradcam.large.text().startswith("Pause on a slice"))
    with qtbot.waitSignal(explained, timeout=PATIENCE):
        pass
    assert (
        opened_series.gradcam.analysis.explanation.target_index == wanted == target.currentIndex()
    )


def test_a_verdict_that_was_on_its_way_is_not_shown_of_the_next_slice(
    opened_series, qtbot, monkeypatch
):
    service, gradcam = opened_series.service, opened_series.gradcam
    with qtbot.waitSignal(service.prediction_ready, timeout=PATIENCE):
        scroll_to(qtbot, opened_series, 2)
    asked, analysis = service.newest_scan, gradcam.analysis
    assert analysis.scan == opened_series.scan_view.scan
    monkeypatch.setattr(service, "classify", lambda _scan: None)  # the next one's takes long
    scroll_to(qtbot, opened_series, 3)
    service._deliver_scan(asked, analysis)
    assert gradcam.analysis is None


def test_another_scan_is_explained_by_its_own_verdict(opened_series, qtbot, tmp_path):
    with qtbot.waitSignal(opened_series.service.explanation_ready, timeout=PATIENCE):
        opened_series.series.bar.slider.setValue(5)
    press(qtbot, opened_series, "next_target")
    read(qtbot, opened_series, write_head(tmp_path / "head.png"))
    prediction = opened_series.gradcam.analysis.prediction
    assert opened_series.gradcam.target.currentIndex() == prediction.verdict_index


def test_measurements_stay_with_their_slice_while_the_series_is_open(
    opened_series, qtbot, tmp_path
):
    bar, measuring = opened_series.series.bar, opened_series.scan_view.measuring

    def go_to(index):
        with qtbot.waitSignal(opened_series.scan_view.scan_changed, timeout=PATIENCE):
            bar.slider.setValue(index)

    go_to(4)
    measuring.measurements.append(Measurement(((1, 1), (9, 9))))
    go_to(5)
    assert measuring.measurements == []
    go_to(4)
    assert measuring.measurements == [Measurement(((1, 1), (9, 9)))]
    read(qtbot, opened_series, write_head(tmp_path / "head.png"))
    assert measuring.measurements == []


def test_the_folder_s_table_can_be_looked_at_and_left_by_a_click_on_the_series(
    opened_series, qtbot
):
    tabs, bar = opened_series.tabs, opened_series.series.bar
    press(qtbot, opened_series, "play_slices")
    assert bar.play.isChecked()
    tabs.show_table()
    assert not bar.play.isChecked()
    qtbot.wait(150)
    assert tabs.shows_table()
    opened_series.browser.series.series_requested.emit(opened_series.series.series)
    assert not tabs.shows_table()
    tabs.show_table()
    press(qtbot, opened_series, "play_slices")
    qtbot.waitUntil(lambda: not tabs.shows_table())
    assert bar.play.isChecked()
    bar.pause()


def test_ctrl_and_wheel_zoom_and_leave_the_slice(opened_series):
    before = opened_series.scan_view.place()
    wheel(opened_series, 3, Qt.KeyboardModifier.ControlModifier)
    assert opened_series.series.bar.slider.value() == 6
    assert opened_series.scan_view.place() != before


def test_slices_play_one_after_the_other_until_paused(opened_series, qtbot):
    bar = opened_series.series.bar
    bar.rate.setValue(30)
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bar.slider.value() >= 9)
    qtbot.mouseClick(bar.play, Qt.MouseButton.LeftButton)
    assert not bar.play.isChecked()


def test_a_click_on_the_curve_goes_to_its_slice(opened_series, qtbot):
    plot = opened_series.page.curve.plot
    scene = plot.getViewBox().mapViewToScene(QPointF(4, 50))
    viewport = plot.viewport()
    qtbot.mouseMove(viewport, plot.mapFromScene(scene))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=plot.mapFromScene(scene))
    assert opened_series.series.bar.slider.value() == 3


def test_another_series_begins_as_its_file_wants_it_and_slices_keep_the_display(
    opened_series, qtbot, tmp_path
):
    view = opened_series.scan_view
    press(qtbot, opened_series, "invert")
    press(qtbot, opened_series, "flip_across")
    wheel(opened_series, 3, Qt.KeyboardModifier.ControlModifier)
    view.set_contrast(Contrast(0.2, 2.0))
    turn, contrast, place = view.turn, view.contrast(), view.place()
    scroll_to(qtbot, opened_series, 2)
    assert view.greys.inverted
    assert view.turn == turn
    assert astuple(view.place()) == pytest.approx(astuple(place))
    assert astuple(view.contrast()) == pytest.approx(astuple(contrast))
    with qtbot.waitSignal(opened_series.service.series_finished, timeout=PATIENCE):
        assert drop(opened_series, [write_series(tmp_path / "other", 4)])
    qtbot.waitUntil(lambda: not view.greys.inverted, timeout=PATIENCE)  # its first slice is there
    assert view.turn == PictureTurn()
    assert view.contrast() == Contrast()
    assert astuple(view.place()) == pytest.approx(astuple(Place()))
