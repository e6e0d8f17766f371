import signal
import subprocess
import sys

import pytest
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QFileOpenEvent

from btgui import app
from btgui.app import create_application, create_window
from btgui.engine import notifications
from btgui.engine.paths import user_data_folder
from btgui.engine.runtime_names import RuntimeName
from btgui.engine.sample_scan import sample_scan_path
from btgui.engine.settings import Settings, load_settings
from btgui.views.main_window import MainWindow
from tests.conftest import when_asked


def opened(qtbot) -> MainWindow:
    window = create_window()
    qtbot.addWidget(window)  # closed at the end, also of a test that fails
    return window


@pytest.fixture
def start(monkeypatch, qapp):
    """Return a function that runs the application until its first scan is shown, or a model."""
    hooks = []
    monkeypatch.setattr(notifications, "install_exception_hooks", lambda: hooks.append("installed"))

    def run(*paths, until: str = "scan_loaded", **options) -> MainWindow:
        windows = []

        def watched(runtime: RuntimeName) -> MainWindow:
            windows.append(create_window(runtime))
            windows[0].told = []
            getattr(windows[0].service, until).connect(windows[0].told.append)
            getattr(windows[0].service, until).connect(windows[0].close)
            return windows[0]

        monkeypatch.setattr(app, "create_window", watched)
        assert app.run_app(list(paths), **options) == 0
        assert hooks.pop() == "installed"
        return windows[0]

    return run


def test_a_start_screen_waits_for_no_library_but_the_window_s():
    program = (
        "import sys, main, btgui.app\n"
        "from btgui.command_line import parser; parser.window_parser()\n"
        "late = {'numpy', 'cv2', 'pydicom', 'psutil', 'platformdirs', 'json', 'dataclasses'}\n"
        "print(*late & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.strip() == b""


def test_a_window_waits_for_nothing_that_is_first_wanted_later(isolated_home):
    program = (
        "import os, sys\n"
        "from btgui.app import create_application, create_window\n"
        "application, window = create_application(['btgui']), create_window()\n"
        "late = {'psutil', 'btgui.engine.licences', 'btgui.engine.datasets.dataset'}\n"
        "late |= {f'btgui.views.{name}' for name in ('training_wizard', 'models_window')}\n"
        "print(*late & set(sys.modules), flush=True)\n"
        "os._exit(0)"  # no thread is waited for
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout.strip() == b""


def test_the_first_start_shows_the_sample_and_a_later_one_waits_for_the_user(start):
    first = start()
    assert first.told[0].path == sample_scan_path()
    later = start(until="model_loading")
    assert later.browser.heading.text() == "No folder is open"
    assert start(sample=True).told[0].path == sample_scan_path()


def test_the_start_forgets_the_folders_that_a_killed_application_s_dialog_wrote_down(start):
    kept = QSettings(QSettings.Scope.UserScope, "QtProject")
    kept.setValue("FileDialog/history", ["file:///scans/DOE_JOHN_1950"])
    kept.sync()
    start(until="model_loading")
    kept.sync()
    assert not kept.contains("FileDialog/history")


def test_a_scan_given_at_the_start_is_opened_by_its_full_path(start, scan_file, monkeypatch):
    monkeypatch.chdir(scan_file.parent)
    opened = start(scan_file.relative_to(scan_file.parent))
    assert opened.told[0].path == scan_file


def test_a_model_given_at_the_start_is_imported_like_one_that_is_dropped(
    qtbot, isolated_home, tmp_path
):
    (tmp_path / "bad.BTMODEL").write_bytes(b"nothing")
    window = opened(qtbot)
    window.show()
    app._begin(window, [tmp_path / "bad.BTMODEL"], sample=False)
    qtbot.waitUntil(
        lambda: "bad.BTMODEL is not a readable .btmodel" in window.messages.bar.text.text()
    )


def test_without_its_source_the_sample_is_left_out_and_the_window_says_so(start, monkeypatch):
    monkeypatch.setattr("matplotlib.get_data_path", lambda: "no such folder")
    messages = []
    monkeypatch.setattr(
        notifications, "notify_exception", lambda error, text: messages.append(text)
    )
    start(until="model_loading")
    assert messages == ["The sample scan could not be prepared."]


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


def test_its_columns_and_settings_are_kept_for_the_next_start(qtbot, isolated_home, monkeypatch):
    # The tests' screen, of 800 pixels, has no room for a geometry that leaves the columns any choice.
    monkeypatch.setattr(MainWindow, "restoreGeometry", lambda own, _kept: own.resize(1000, 700))
    window = opened(qtbot)
    window.show()
    window.resize(1000, 700)
    window.columns.setSizes([300, 420, 260])
    kept = window.columns.sizes()
    window.gradcam.look.opacity.setValue(31)
    window.close()
    again = opened(qtbot)
    again.show()
    assert again.columns.sizes() == kept
    assert again.gradcam.look.opacity.value() == 31
    assert again.kept.now != Settings()


@pytest.mark.parametrize("kept", ["geometry=abc\ncolumns=1", "geometry=@ByteArray(abc)", "\0\1"])
def test_a_damaged_window_state_does_not_keep_the_window_from_opening(qtbot, isolated_home, kept):
    (isolated_home / "data").mkdir(parents=True)
    (isolated_home / "data" / "window.ini").write_text(f"[General]\n{kept}\n")
    window = opened(qtbot)
    window.show()
    assert window.isVisible()


def test_records_that_cannot_be_opened_do_not_keep_the_window_from_opening(qtbot, isolated_home):
    (isolated_home / "data").mkdir(parents=True)
    (isolated_home / "data" / "readings.sqlite").write_bytes(b"this is no data base" * 100)
    window = opened(qtbot)
    assert window.records is None
    qtbot.waitUntil(lambda: window.messages.bar.text.text() != "")


@pytest.mark.skipif(sys.platform != "linux", reason="screens are named so on Linux alone")
def test_without_a_screen_the_start_names_the_commands_that_need_none(monkeypatch, capfd):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert app.run_app([]) == 2
    assert "no display" in capfd.readouterr().err


def test_without_a_folder_for_its_files_the_start_says_so_and_ends(
    qtbot, tmp_path, monkeypatch, capsys
):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BTGUI_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(notifications, "install_exception_hooks", lambda: None)
    read = []

    def press_ok(message):
        read.append(message.text())
        qtbot.keyClick(message, Qt.Key.Key_Return)

    when_asked(press_ok)
    assert app.run_app([]) == 2
    assert "cannot be created (Not a directory)" in read[0]
    assert read[0] in capsys.readouterr().err


def test_a_request_to_end_closes_the_message_that_it_cannot_start(qtbot, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("BTGUI_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(notifications, "install_exception_hooks", lambda: None)
    # Not Ctrl+C: what a shell has in the background heeds none.
    when_asked(lambda _message: signal.raise_signal(signal.SIGTERM))
    assert app.run_app([]) == 2


def test_settings_that_start_anew_are_told_in_the_window(qtbot, isolated_home):
    (isolated_home / "data").mkdir(parents=True)
    (isolated_home / "data" / "settings.json").write_text("{broken")
    window = opened(qtbot)
    window.show()
    qtbot.waitUntil(window.messages.bar.isVisible)
    assert "the old file is kept as settings.damaged" in window.messages.bar.text.text()


def test_the_keys_are_the_scan_s_at_first_not_those_of_a_bar_above_it(qtbot):
    window = opened(qtbot)
    window.training.bar.show()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.scan_view.hasFocus()


def test_how_heatmaps_were_liked_last_is_written_down_at_the_end(qtbot):
    window = opened(qtbot)
    window.gradcam.look.opacity.setValue(83)
    window.close()
    assert load_settings(user_data_folder()).heatmap_opacity == 83


def test_a_file_that_the_system_asks_for_is_opened_like_one_that_is_dropped(
    start, scan_file, qapp, monkeypatch
):
    monkeypatch.setattr(qapp, "_has_window", False)  # other tests had one
    qapp.postEvent(qapp, QFileOpenEvent(QUrl.fromLocalFile(str(scan_file))))
    assert start().told[0].path == scan_file  # instead of the sample of a first start
