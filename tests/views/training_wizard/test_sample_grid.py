import json

import cv2
import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel

from btgui.engine.errors import DatasetError
from btgui.views.training_wizard.sample_grid import SampleGrid, ShownSample, read_samples


def sample(label, count):
    return ShownSample(label, (QImage(8, 8, QImage.Format.Format_RGB888),) * count)


def test_written_samples_are_read_with_their_colours(tmp_path):
    red = np.zeros((8, 8, 3), np.uint8)
    red[..., 2] = 200  # OpenCV's order
    cv2.imwrite(str(tmp_path / "0.png"), red)
    one = {"label": "glioma", "plain": str(tmp_path / "0.png"), "changed": []}
    (tmp_path / "samples.json").write_text(json.dumps([one]))
    (read,) = read_samples(tmp_path / "samples.json")
    assert read.label == "glioma"
    assert read.pictures[0].pixelColor(0, 0) == QColor(200, 0, 0)


@pytest.mark.parametrize("content", ["", "[1]", '[{"label": "a"}]'])
def test_what_is_no_list_of_samples_is_refused(tmp_path, content):
    (tmp_path / "samples.json").write_text(content)
    with pytest.raises(DatasetError, match="cannot be read"):
        read_samples(tmp_path / "samples.json")


def test_a_file_that_is_no_picture_is_refused(tmp_path):
    (tmp_path / "0.png").write_bytes(b"nothing")
    one = {"label": "glioma", "plain": str(tmp_path / "0.png"), "changed": []}
    (tmp_path / "samples.json").write_text(json.dumps([one]))
    with pytest.raises(DatasetError, match="is not a picture"):
        read_samples(tmp_path / "samples.json")


def test_new_samples_take_the_place_of_those_before(qtbot):
    grid = SampleGrid()
    qtbot.addWidget(grid)
    grid.show_samples([sample("a", 3), sample("b", 3)], {"a": "Glioma"})
    assert len(grid.pictures) == 6
    assert grid.pictures[0].accessibleName() == "Glioma, original"
    # A class stands above its pictures.
    labels = {label.text(): label for label in grid.findChildren(QLabel)}
    rows = {name: grid._grid.getItemPosition(grid._grid.indexOf(labels[name]))[0] for name in "b"}
    assert rows["b"] + 1 == grid._grid.getItemPosition(grid._grid.indexOf(grid.pictures[3]))[0]
    grid.show_samples([sample("b", 2)], {})
    assert [one.accessibleName() for one in grid.pictures] == ["b, original", "b, changed"]
