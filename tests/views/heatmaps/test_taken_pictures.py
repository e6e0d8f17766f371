"""Saving and copying the large view."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from btgui.engine.geometry import Edges
from btgui.engine.pictures.turn import PictureTurn
from btgui.views import saving
from btgui.views.widgets.picture_place import Place


def test_the_picture_is_saved_at_the_scan_s_own_size(viewer, qtbot, answer_dialog, tmp_path):
    answer_dialog("getSaveFileName", (str(tmp_path / "why"), ""))
    qtbot.mouseClick(viewer.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "why.png").exists)
    saved = cv2.imread(str(tmp_path / "why.png"))
    assert saved.shape[:2] == (128, 128)
    assert saved.std(axis=2).max() > 0  # in colour


def test_the_picture_is_saved_turned_as_it_is_seen(viewer, qtbot, answer_dialog, tmp_path):
    as_stored = viewer._pixels(5)
    viewer.show_part(Place(), PictureTurn(mirrored=True))
    answer_dialog("getSaveFileName", (str(tmp_path / "why.png"), ""))
    viewer.save_picture()
    qtbot.waitUntil((tmp_path / "why.png").exists)
    saved = cv2.imread(str(tmp_path / "why.png"))[:, :, ::-1]
    assert (saved == np.fliplr(as_stored)).all()


def test_a_picture_that_is_taken_has_the_letters_of_its_edges_as_they_are_seen(
    viewer, analysis, monkeypatch
):
    told = []
    monkeypatch.setattr(
        "btgui.views.heatmaps.gradcam_viewer.lettered",
        lambda picture, edges: told.append(edges) or picture,
    )
    viewer.copy_picture()
    assert not told  # the file states none
    axial = Edges("R", "L", "A", "P")
    viewer.show_analysis(replace(analysis, scan=replace(analysis.scan, edges=axial)))
    viewer.copy_picture()
    viewer.show_part(Place(), PictureTurn(mirrored=True))
    viewer.copy_picture()
    assert told == [axial, Edges("L", "R", "A", "P")]


def test_the_name_that_is_proposed_tells_how_a_picture_was_turned(viewer, analysis, monkeypatch):
    proposed = []

    def ask(_parent, _title, name, *_):
        proposed.append(Path(name).name)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(ask))
    viewer.save_picture()
    viewer.show_part(Place(), PictureTurn(mirrored=True, quarters=1))
    viewer.save_picture()
    stem = analysis.scan.path.stem
    assert proposed == [f"{stem}-stage-5.png", f"{stem}-stage-5-mirrored-rotated-90.png"]


def test_a_picture_that_cannot_be_saved_is_told(
    viewer, qtbot, answer_dialog, tmp_path, monkeypatch
):
    told = []
    monkeypatch.setattr(saving, "notify", told.append)
    answer_dialog("getSaveFileName", (str(tmp_path / "no folder" / "why.png"), ""))
    viewer.save_picture()
    qtbot.waitUntil(lambda: [message.level for message in told] == ["error"])


def test_what_was_shown_when_saving_was_asked_for_is_saved_whatever_comes_meanwhile(
    viewer, qtbot, analysis, tmp_path, monkeypatch
):
    expected = viewer._pixels(5)
    other = replace(analysis.scan, grey=255 - analysis.scan.grey)

    def meanwhile(*_, **__):
        viewer.show_analysis(replace(analysis, scan=other))  # the next slice of a series
        viewer.clear()  # a model becomes ready
        return str(tmp_path / "why.png"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(meanwhile))
    qtbot.mouseClick(viewer.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "why.png").exists)
    saved = cv2.imread(str(tmp_path / "why.png"))[:, :, ::-1]
    assert (saved == expected).all()
