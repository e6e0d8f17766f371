import pytest
from PySide6.QtWidgets import QLabel

from btgui.views.start_screen import StartScreen


def test_it_says_what_starts_and_that_it_is_no_medical_device(qtbot):
    screen = StartScreen()
    screen.show()
    said = " ".join(label.text() for label in screen.findChildren(QLabel))
    assert "btgui" in said
    assert "not for diagnosis" in said
    assert screen.progress.text() == "Starting …"
    screen.close()


@pytest.mark.usefixtures("large_letters")
def test_it_has_room_for_large_letters(qtbot):
    screen = StartScreen()
    screen.show()
    for label in screen.findChildren(QLabel):
        needed = label.heightForWidth(label.width())
        assert label.height() >= max(needed, label.minimumSizeHint().height())
    screen.close()
