import pytest
from PySide6.QtWidgets import QLabel

from btgui.engine.results import Device
from btgui.views.status_bar import StatusBar


@pytest.fixture
def bar(qtbot):
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.show()
    return bar


def test_while_loading_it_is_busy_and_names_the_model(bar):
    bar.show_loading("MobileNetV2")
    assert bar.busy.isVisible()
    assert bar.model.text() == "Loading MobileNetV2 …"


def test_when_ready_it_names_model_and_device(bar):
    bar.show_loading("MobileNetV2")
    bar.show_ready("MobileNetV2", Device("gpu", "Some card"))
    assert not bar.busy.isVisible()
    assert bar.model.text() == "MobileNetV2"
    assert bar.device.text() == "GPU: Some card"
    bar.show_ready("MobileNetV2", Device("cpu", "Some chip", half_precision=True))
    assert bar.device.text() == "CPU: Some chip, half precision"


def test_a_gpu_that_failed_is_told_with_its_reason(bar):
    bar.show_ready("MobileNetV2", Device("cpu", "Some chip", gpu_failed="OOM when allocating"))
    assert bar.device.text() == "CPU: Some chip, GPU failed"
    assert "The GPU could not be used: OOM when allocating" in bar.device.toolTip()


def test_without_a_model_it_says_so(bar):
    bar.show_ready("MobileNetV2", Device("gpu", "Some card"))
    bar.show_failed()
    assert bar.model.text() == "No model"
    assert not bar.device.isVisible()
    assert not bar.busy.isVisible()


def test_messages_appear(bar):
    bar.say("Saved results.csv.")
    assert bar.currentMessage() == "Saved results.csv."


def test_it_always_says_that_nothing_leaves_the_computer(bar):
    shown = [label.text() for label in bar.findChildren(QLabel) if label.isVisible()]
    assert "Nothing leaves this computer" in shown
    assert "For research use" in shown


def test_a_message_that_would_be_cut_has_the_room_of_what_is_always_said(bar):
    bar.show_ready("MobileNetV2", Device("cpu", "A processor with a long name"))
    message = "120 scans will be read as soon as the model is ready."
    parts = [label for label in bar.findChildren(QLabel) if label.text()]
    bar.resize(2000, bar.height())
    bar.say(message)
    assert all(part.isVisible() for part in parts)
    bar.resize(sum(part.sizeHint().width() for part in parts), bar.height())
    bar.say(f"{message} ")
    shown = {part.text() for part in parts if part.isVisible()}
    assert shown == {"MobileNetV2", "For research use"}
    bar.clearMessage()
    assert all(part.isVisible() for part in parts)


def test_the_model_s_tooltip_is_of_what_is_named(bar):
    bar.show_ready("MobileNetV2", Device("gpu", "Some card"))
    assert bar.model.toolTip() == "MobileNetV2"
    bar.show_failed()
    assert bar.model.toolTip() == "No model"
