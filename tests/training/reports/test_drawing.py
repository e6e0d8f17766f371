import cv2
import pytest

from training.reports import drawing
from training.reports.drawing import colour, marker, picture, shortened


def test_long_labels_keep_both_ends():
    assert shortened("A · MobileNetV2") == "A · MobileNetV2"
    short = shortened("A · mobilenetv2-20261123-" + "x" * 60 + "-second")
    assert len(short) == 42
    assert short.startswith("A · mobilenetv2-")
    assert short.endswith("x-second")


def test_no_two_of_the_most_models_look_the_same():
    assert len({(colour(place), marker(place)) for place in range(26)}) == 26


@pytest.mark.parametrize("layout", ["constrained", "compressed"])
def test_a_picture_is_written_as_large_as_asked(tmp_path, layout):
    with picture(tmp_path / "made.png", 2.0, layout) as figure:
        figure.subplots().set_title("$ is a sign, not $mathematics{")
    assert cv2.imread(str(tmp_path / "made.png")).shape == (300, 1440, 3)


def test_a_sign_that_the_first_font_lacks_is_drawn_by_another_that_is_here(tmp_path, monkeypatch):
    def drawn(fonts):
        monkeypatch.setattr(drawing, "_FURTHER_FONTS", fonts)
        with picture(tmp_path / "made.png", 1.0) as figure:
            figure.text(0.5, 0.5, "\u65e5\ue000\ue001")
        return cv2.imread(str(tmp_path / "made.png"))

    # Matplotlib brings both; the second has signs for private use. A sign of neither is a box.
    with_it, without_it = drawn(("A font of nowhere", "STIXNonUnicode")), drawn(())
    assert (with_it != without_it).any()
