import numpy as np
from PySide6.QtCore import Qt

from btgui.views.widgets.picture_label import PictureLabel, to_image
from btgui.views.widgets.picture_place import Place
from tests.views.conftest import heard


def test_grey_and_colour_pixels_become_images_with_the_same_values():
    grey = np.arange(15, dtype=np.uint8).reshape(3, 5)
    assert to_image(grey).pixelColor(4, 2).red() == 14
    colour = np.zeros((2, 3, 3), np.uint8)
    colour[1, 2] = 10, 20, 30
    assert to_image(colour).pixelColor(2, 1).getRgb()[:3] == (10, 20, 30)


def test_an_image_keeps_its_pixels_when_the_array_changes():
    pixels = np.full((4, 4), 7, np.uint8)
    image = to_image(pixels)
    pixels[:] = 200
    assert image.pixelColor(0, 0).red() == 7


def test_a_picture_is_drawn_at_its_own_proportions(qtbot):
    label = PictureLabel()
    qtbot.addWidget(label)
    label.resize(200, 100)
    label.show_pixels(np.full((50, 50), 255, np.uint8))
    drawn = label.grab().toImage()
    assert drawn.pixelColor(100, 50).red() == 255
    assert drawn.pixelColor(20, 50).red() == 0  # beside the square picture
    assert label.has_picture()


def test_a_part_of_a_picture_fills_the_place_and_the_next_picture_is_shown_so_too(qtbot):
    label = PictureLabel()
    qtbot.addWidget(label)
    label.resize(100, 100)
    left_is_white = np.repeat([[255] * 20 + [0] * 20], 40, axis=0).astype(np.uint8)
    label.show_pixels(left_is_white)
    label.show_part(Place(0.25, 0.5, 4.0))
    assert all(label.grab().toImage().pixelColor(x, 50).red() == 255 for x in (2, 50, 97))
    label.show_pixels(255 - left_is_white)
    assert all(label.grab().toImage().pixelColor(x, 50).red() == 0 for x in (2, 50, 97))
    label.show_part(Place())
    assert label.grab().toImage().pixelColor(90, 50).red() == 255


def test_a_sentence_takes_the_picture_s_place(qtbot):
    label = PictureLabel()
    qtbot.addWidget(label)
    label.show_pixels(np.zeros((4, 4), np.uint8))
    label.show_text("Nothing here")
    assert not label.has_picture()
    assert label.text() == "Nothing here"
    label.resize(200, 60)
    drawn = label.grab().toImage()
    assert any(drawn.pixelColor(x, 30).red() > 60 for x in range(200))


def test_a_sentence_is_heard_as_long_as_it_is_shown(qtbot):
    label = PictureLabel()
    qtbot.addWidget(label)
    label.setAccessibleName("Heatmap")
    label.show_text("No heatmaps: the network's process ended.")
    assert heard(label) == ("Heatmap", "No heatmaps: the network's process ended.")
    label.show_pixels(np.zeros((4, 4), np.uint8), "No evidence for glioma at this stage")
    assert heard(label) == ("Heatmap", "No evidence for glioma at this stage")
    label.show_pixels(np.zeros((4, 4), np.uint8))
    assert heard(label) == ("Heatmap", "")


def test_a_left_click_is_told(qtbot):
    label = PictureLabel()
    qtbot.addWidget(label)
    with qtbot.waitSignal(label.clicked):
        qtbot.mouseClick(label, Qt.MouseButton.LeftButton)
    with qtbot.assertNotEmitted(label.clicked):
        qtbot.mouseClick(label, Qt.MouseButton.RightButton)
