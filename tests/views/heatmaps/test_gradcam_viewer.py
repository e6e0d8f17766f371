from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget

from btgui.engine.exports import heat_pictures
from btgui.engine.pictures.turn import PictureTurn
from btgui.views.heatmaps.gradcam_viewer import GradCamViewer
from btgui.views.theme import apply_theme
from btgui.views.widgets.picture_place import Place


def captions(viewer) -> list[str]:
    return [caption.text().removesuffix(", none") for caption in viewer.strip.captions]


def picture(viewer) -> bytes:
    image = viewer.large.grab().toImage()  # named: its bits go when it goes
    return bytes(image.constBits())


def test_the_original_and_five_stages_are_side_by_side(viewer):
    assert captions(viewer) == ["Original", *(f"Stage {n}" for n in range(1, 6))]
    assert viewer.stage() == 5


def test_a_click_on_a_stage_shows_it_large(viewer, qtbot):
    before = picture(viewer)
    qtbot.mouseClick(viewer.strip.pictures[2], Qt.MouseButton.LeftButton)
    assert viewer.stage() == 2
    assert viewer.large.toolTip() == "Stage 2"
    assert picture(viewer) != before


def test_the_large_view_and_the_small_ones_show_the_part_of_the_scan_that_is_seen(viewer):
    shown = (viewer.large, *viewer.strip.pictures)
    whole = [one.grab().toImage() for one in shown]
    viewer.show_part(Place(0.4, 0.5, 4.0), PictureTurn())
    assert all(one.grab().toImage() != before for one, before in zip(shown, whole, strict=True))


def test_it_explains_the_verdict_and_shows_the_signs_of_other_classes(viewer, analysis):
    texts = [viewer.target.itemText(index) for index in range(viewer.target.count())]
    verdict = analysis.prediction.verdict_index
    assert texts[verdict].startswith("Why ")
    assert sum(text.startswith("Signs of ") for text in texts) == 3


def test_choosing_another_class_by_keyboard_asks_for_its_heatmaps(viewer, qtbot, analysis):
    viewer.target.setCurrentIndex(0)
    with qtbot.waitSignal(viewer.explanation_requested) as asked:
        qtbot.keyClick(viewer.target, Qt.Key.Key_Down)
    assert asked.args[1:] == [1, "grad_cam"]


def test_next_target_goes_round(viewer, qtbot):
    viewer.target.setCurrentIndex(3)
    with qtbot.waitSignal(viewer.explanation_requested) as asked:
        viewer.select_next_target()
    assert asked.args[1] == 0


def test_the_other_method_is_asked_for_and_told(viewer, qtbot):
    told = []
    viewer.view_options_changed.connect(told.append)
    with qtbot.waitSignal(viewer.explanation_requested) as asked:
        qtbot.keyClick(viewer.method, Qt.Key.Key_Down)
    assert asked.args[2] == "grad_cam_plus_plus"
    assert told == [{"cam_method": "grad_cam_plus_plus"}]


def test_another_scan_or_class_changes_no_option_that_another_window_may_have(
    viewer, qtbot, analysis
):
    with qtbot.assertNotEmitted(viewer.view_options_changed):
        viewer.show_analysis(analysis)
        viewer.show_explanation(analysis)
        qtbot.keyClick(viewer.target, Qt.Key.Key_Down)


def test_colours_opacity_and_contours_change_the_picture_and_are_told(viewer, qtbot):
    for change in (
        lambda: qtbot.keyClick(viewer.look.opacity, Qt.Key.Key_PageUp),
        lambda: qtbot.keyClick(viewer.look.colours, Qt.Key.Key_Down),
        lambda: qtbot.keyClick(viewer.look.contours, Qt.Key.Key_Space),
    ):
        before = picture(viewer)
        with qtbot.waitSignal(viewer.view_options_changed):
            change()
        assert picture(viewer) != before


def test_only_the_large_view_is_drawn_at_the_scan_s_own_size(viewer, qtbot, analysis, monkeypatch):
    drawn = []

    def counted(grey, *_):
        drawn.append(grey.shape)
        return np.zeros((*grey.shape, 3), np.uint8)

    monkeypatch.setattr(heat_pictures, "heatmap_overlay", counted)
    big = np.repeat(np.repeat(analysis.scan.grey, 8, 0), 8, 1)
    maps = [
        replace(stage, on_scan=np.repeat(np.repeat(stage.on_scan, 8, 0), 8, 1))
        for stage in analysis.explanation.stages
    ]
    larger = replace(
        analysis,
        scan=replace(analysis.scan, grey=big),
        explanation=replace(analysis.explanation, stages=tuple(maps)),
    )
    viewer.show_explanation(larger)
    drawn.clear()
    qtbot.keyClick(viewer.look.opacity, Qt.Key.Key_PageUp)
    assert drawn == [(1024, 1024), *[(256, 256)] * 5]
    drawn.clear()
    viewer.select_stage(2)  # nothing in the strip has changed
    assert drawn == [(1024, 1024)]


def test_playing_goes_through_the_stages_and_stops(viewer, qtbot, monkeypatch):
    viewer.play.set_pace(5)
    viewer.select_stage(0)
    qtbot.mouseClick(viewer.play, Qt.MouseButton.LeftButton)
    seen = set()

    def all_seen() -> bool:
        seen.add(viewer.stage())
        return seen == set(range(6))

    qtbot.waitUntil(all_seen)
    qtbot.mouseClick(viewer.play, Qt.MouseButton.LeftButton)
    assert not viewer.play.isChecked()


def test_from_scan_to_scan_the_box_of_classes_keeps_its_width(viewer, analysis):
    """Otherwise the buttons beside the box would wrap to the next line and back."""
    prediction, width = analysis.prediction, viewer.target.minimumWidth()
    for verdict in range(len(prediction.classes)):
        certain = tuple(float(index == verdict) for index in range(len(prediction.classes)))
        viewer.show_analysis(
            replace(analysis, prediction=replace(prediction, probabilities=certain))
        )
        width = max(width, viewer.target.sizeHint().width())
    viewer.clear()
    assert viewer.target.minimumWidth() == width
    assert viewer.target.currentText() == ""


def test_cancelling_the_dialog_saves_nothing(viewer, answer_dialog, tmp_path):
    answer_dialog("getSaveFileName", ("", ""))
    viewer.save_picture()
    assert not list(tmp_path.iterdir())


def test_before_a_scan_nothing_can_be_done(qtbot):
    viewer = GradCamViewer()
    qtbot.addWidget(viewer)
    assert not viewer.isEnabled()
    assert viewer.large.text() == "Open a scan to see what the network looks at."
    viewer.select_stage(3)
    viewer.select_next_target()
    viewer.save_picture()
    assert viewer.stage() == 0


def test_a_stage_without_evidence_says_so(viewer, analysis):
    last = analysis.explanation.stages[-1]
    nothing = replace(
        last,
        feature_map=np.zeros_like(last.feature_map),
        on_scan=np.zeros_like(last.on_scan),
    )
    stages = (*analysis.explanation.stages[:-1], nothing)
    viewer.show_explanation(
        replace(analysis, explanation=replace(analysis.explanation, stages=stages))
    )
    viewer.select_stage(5)
    verdict = analysis.prediction.display_names[analysis.explanation.target_index]
    said = f"No evidence for {verdict.lower()} at this stage"
    assert viewer.large.text() == said
    assert viewer.strip.captions[5].text() == "5: none"


@pytest.mark.parametrize("asked_by", ["target", "method"])
def test_no_heatmap_stands_under_a_question_that_it_does_not_answer(
    viewer, qtbot, analysis, asked_by
):
    viewer.select_stage(2)
    box = getattr(viewer, asked_by)
    key = Qt.Key.Key_Down if box.currentIndex() == 0 else Qt.Key.Key_Up
    qtbot.keyClick(box, key)
    assert viewer.large.text() == "Computing the heatmaps …"
    assert not any(picture.isVisible() for picture in viewer.strip.pictures)
    computing = picture(viewer)
    viewer.select_stage(5)
    viewer.look.contours.toggle()
    assert picture(viewer) == computing
    viewer.show_explanation(analysis)
    assert viewer.large.text() == ""
    assert viewer.stage() == 2


def test_why_there_are_no_heatmaps_stands_in_their_place_until_others_come(viewer, qtbot, analysis):
    viewer.select_next_target()
    viewer.show_failure("No heatmaps: gone.")
    for look in (viewer.look.contours.toggle, lambda: viewer.look.opacity.setValue(20)):
        look()
        assert viewer.large.text() == "No heatmaps: gone."
        assert not viewer.large.has_picture()
    assert viewer.isEnabled()
    with qtbot.waitSignal(viewer.explanation_requested):
        viewer.select_next_target()
    assert viewer.large.text() == "Computing the heatmaps …"
    viewer.show_failure("No heatmaps: gone.")
    viewer.show_explanation(analysis)
    assert (viewer.large.text(), viewer.large.has_picture()) == ("", True)


def test_a_failure_that_comes_late_leaves_an_empty_view(viewer):
    viewer.clear()
    viewer.show_failure("No heatmaps: gone.")
    assert viewer.large.text() == "Open a scan to see what the network looks at."


def test_while_heatmaps_are_computed_the_original_is_shown_and_saved(
    viewer, qtbot, analysis, answer_dialog, tmp_path
):
    viewer.show_analysis(replace(analysis, explanation=None))
    assert viewer.large.text() == "Computing the heatmaps …"
    answer_dialog("getSaveFileName", (str(tmp_path / "original.png"), ""))
    qtbot.mouseClick(viewer.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "original.png").exists)
    saved = cv2.imread(str(tmp_path / "original.png"))
    assert (saved == analysis.scan.grey[:, :, None]).all()


def test_playing_may_begin_before_the_heatmaps_are_there(viewer, qtbot, analysis):
    viewer.play.set_pace(5)
    viewer.show_analysis(replace(analysis, explanation=None))
    qtbot.mouseClick(viewer.play, Qt.MouseButton.LeftButton)
    viewer.show_explanation(analysis)
    qtbot.waitUntil(lambda: viewer.stage() == 2)


def test_playing_that_another_scan_ends_leaves_the_stage_that_was_chosen(viewer, qtbot, analysis):
    """Not the stage at which playing stopped: the first stages show next to nothing."""
    viewer.play.set_pace(5)
    viewer.select_stage(5)
    viewer.play.toggle()
    qtbot.waitUntil(lambda: viewer.stage() == 1)
    viewer.clear()
    viewer.show_analysis(replace(analysis, explanation=None))
    viewer.show_explanation(analysis)
    assert viewer.stage() == 5
    viewer.play.toggle()
    qtbot.waitUntil(lambda: viewer.stage() == 2)
    viewer.play.toggle()  # the reader stops here, to look at it
    viewer.clear()
    viewer.show_analysis(replace(analysis, explanation=None))
    viewer.show_explanation(analysis)
    assert viewer.stage() == 2


def test_the_next_scan_is_shown_at_the_stage_that_was_chosen(viewer, qtbot, analysis):
    qtbot.mouseClick(viewer.strip.pictures[2], Qt.MouseButton.LeftButton)
    viewer.clear()
    assert not viewer.strip.pictures[0].isVisible()
    viewer.show_analysis(replace(analysis, explanation=None))
    viewer.show_explanation(analysis)
    assert viewer.stage() == 2


def test_the_original_stays_from_scan_to_scan_until_another_question_is_asked(
    viewer, qtbot, analysis
):
    viewer.select_stage(0)
    viewer.clear()
    viewer.show_analysis(replace(analysis, explanation=None))
    viewer.show_explanation(analysis)
    assert viewer.stage() == 0
    viewer.select_next_target()
    viewer.show_explanation(analysis)
    assert viewer.stage() == 5


def test_the_user_s_own_colours_opacity_and_method_are_taken_over(viewer):
    viewer.set_view_options("viridis", 80, "grad_cam_plus_plus", contours=True)
    assert viewer.look.colours.currentData() == "viridis"
    assert viewer.method.currentData() == "grad_cam_plus_plus"
    assert (viewer.look.opacity.value(), viewer.look.contours.isChecked()) == (80, True)


def test_a_method_that_is_no_longer_known_gives_the_first(viewer):
    viewer.set_view_options("inferno", 50, "no such method", contours=False)
    assert viewer.method.currentIndex() == 0


@pytest.mark.parametrize("width", [280, 306, 366, 700])
def test_nothing_is_cut_off_however_narrow_its_half_of_the_window(viewer, qtbot, width):
    apply_theme(QApplication.instance())
    viewer.target.setCurrentIndex(3)
    viewer.resize(width, 401)
    look = viewer.look
    qtbot.waitUntil(lambda: viewer.width() == width)
    asking = (viewer.target, viewer.method, viewer.play, viewer.save)
    for control in (*asking, look.opacity, look.colours, look.contours):
        place = control.rect().translated(control.mapTo(viewer, control.rect().topLeft()))
        assert viewer.rect().contains(place)
        assert control.width() >= control.sizeHint().width()
    assert viewer.large.height() >= 200
    assert viewer.minimumSizeHint().width() <= 280


@pytest.mark.parametrize("told", ["spacing_mm", "pixel_aspect"])
def test_where_pixels_are_not_square_every_picture_is_in_the_body_s_proportions(
    viewer, qtbot, analysis, tmp_path, monkeypatch, told
):
    height, width = analysis.scan.shape
    scan = replace(analysis.scan, **{told: (1.0, 2.0)})
    wide = replace(analysis, scan=scan, explanation=replace(analysis.explanation))
    viewer.show_analysis(wide)
    viewer.show_explanation(wide)
    assert viewer._pixels(5).shape == (height, 2 * width, 3)
    file = tmp_path / "wide.png"
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", staticmethod(lambda *_, **__: (str(file), ""))
    )
    viewer.save_picture()
    qtbot.waitUntil(file.exists)
    assert cv2.imread(str(file)).shape == (height, 2 * width, 3)
    for small in viewer._small.draw(viewer._analysis, viewer.look.heat_style()):
        assert small.shape[1] == pytest.approx(2 * small.shape[0] * width / height, abs=2)


def test_the_stage_that_is_seen_can_be_taken_and_none_while_the_original_is(viewer, analysis):
    viewer.select_stage(2)
    shown = viewer.shown_heat()
    assert shown.analysis is analysis
    assert shown.stage is analysis.explanation.stages[1]
    assert shown.style.contours is False
    viewer.select_stage(0)
    assert viewer.shown_heat() is None
    viewer.select_stage(5)
    viewer.show_failure("None.")
    viewer.show_analysis(analysis)
    assert viewer.shown_heat() is None
    viewer.clear()
    assert viewer.shown_heat() is None


def test_from_scan_to_scan_the_keys_stay_where_they_were(viewer, analysis):
    viewer.look.contours.setFocus()
    viewer.clear("Heatmaps follow the verdict.")
    assert viewer.focusWidget() is None
    viewer.show_analysis(analysis)
    assert viewer.focusWidget() is viewer.look.contours


def test_keys_that_went_elsewhere_meanwhile_are_not_taken_back(viewer, qtbot, analysis):
    window = QWidget()
    qtbot.addWidget(window)
    other = QLineEdit(window)
    viewer.setParent(window)
    viewer.target.setFocus()
    viewer.clear()
    other.setFocus()
    viewer.show_analysis(analysis)
    assert window.focusWidget() is other
    viewer.setParent(None)


def test_what_is_not_seen_any_more_gets_no_keys(viewer, analysis):
    viewer.target.setFocus()
    viewer.clear()
    viewer.hide()  # as by turning to another tab
    viewer.show_analysis(analysis)
    assert viewer.focusWidget() is None
