from PySide6.QtWidgets import QLabel

from btgui.views.widgets.named_text import set_named_text
from tests.views.conftest import heard


def test_a_label_is_heard_with_its_name_and_its_text(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    set_named_text(label, "Verdict", "Glioma")
    assert label.text() == "Glioma"
    assert heard(label) == ("Verdict: Glioma", "")
    set_named_text(label, "Verdict", "")
    assert heard(label) == ("", "")
