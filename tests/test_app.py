import sys

from btgui.app import create_application, create_window
from btgui.engine.settings import Settings
from btgui.views.main_window import MainWindow


def opened(qtbot) -> MainWindow:
    window = create_window()
    qtbot.addWidget(window)  # closed at the end, also of a test that fails
    return window


def test_the_application_has_its_look(qapp):
    app = create_application(["btgui"])
    assert app is qapp
    assert app.styleSheet()
    assert not app.windowIcon().isNull()


def test_the_window_is_made_with_the_models_that_ship_and_without_tensorflow(qtbot, isolated_home):
    heavy_before = "tensorflow" in sys.modules
    window = opened(qtbot)
    window.show()
    shipped = [window.models.choice.itemText(i) for i in range(window.models.choice.count())]
    assert "MobileNetV2" in shipped
    assert ("tensorflow" in sys.modules) == heavy_before


def test_its_columns_and_settings_are_kept_for_the_next_start(qtbot, isolated_home):
    window = opened(qtbot)
    window.show()
    window.resize(1000, 700)
    window.columns.setSizes([300, 420, 260])
    kept = window.columns.sizes()
    window.gradcam.opacity.setValue(31)
    window.close()
    again = opened(qtbot)
    again.show()
    assert again.columns.sizes() == kept
    assert again.gradcam.opacity.value() == 31
    assert again.settings != Settings()


def test_records_that_cannot_be_opened_do_not_keep_the_window_from_opening(qtbot, isolated_home):
    (isolated_home / "data").mkdir(parents=True)
    (isolated_home / "data" / "readings.sqlite").write_bytes(b"this is no data base" * 100)
    window = opened(qtbot)
    assert window.records is None
    qtbot.waitUntil(lambda: window.status.currentMessage() != "")
