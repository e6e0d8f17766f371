"""Creating the application and its window, and running them.

Little is imported before the start screen is shown: importing the window's libraries takes most
of the start-up time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMessageBox

from btgui.command_line.parser import EXIT_MISUSE
from btgui.engine.errors import BtguiError
from btgui.engine.paths import (
    resource_folder,
    shipped_models_folder,
    user_data_folder,
    user_models_folder,
)
from btgui.views.application import Application
from btgui.views.ending_signals import closed_by_signals
from btgui.views.start_screen import StartScreen
from btgui.views.theme import apply_theme
from btgui.views.widgets.decimal_box import plain_locale

if TYPE_CHECKING:
    from btgui.engine.notifications import Notification
    from btgui.engine.runtime_names import RuntimeName
    from btgui.views.main_window import MainWindow

# The environment variables that tell Qt on Linux which display or platform to use.
_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def create_application(arguments: list[str]) -> Application:
    """Return the application object with its theme applied."""
    # PyQtGraph would otherwise choose another Qt binding if one happened to be installed.
    os.environ.setdefault("PYQTGRAPH_QT_LIB", "PySide6")
    existing = Application.instance()
    app = existing if isinstance(existing, Application) else Application(arguments)
    app.setApplicationName("btgui")
    app.setWindowIcon(QIcon(str(resource_folder() / "icons" / "btgui.svg")))
    apply_theme(app)
    QLocale.setDefault(plain_locale())  # numbers look alike in text, fields and tables
    return app


def create_window(runtime: RuntimeName | None = None) -> MainWindow:
    """Return the window with its library, settings and background thread, not yet shown.

    ``runtime`` executes the networks until another is chosen; None: the one in the settings.

    Raises
    ------
    BtguiError
        The user's folders cannot be created.
    """
    from btgui.engine.models.library import ModelLibrary
    from btgui.engine.notifications import Notification
    from btgui.engine.record_store import RecordStore
    from btgui.engine.runtime_names import known_runtime
    from btgui.engine.settings import load_settings
    from btgui.views.main_window import MainWindow
    from btgui.workers.analysis_worker import AnalysisService

    data, library = user_data_folder(), ModelLibrary(shipped_models_folder(), user_models_folder())
    try:
        records = RecordStore(data / "readings.sqlite")
    except BtguiError as error:
        records = None
        _notify_later(Notification("warning", str(error)))
    settings = load_settings(data, tell=_notify_later)
    # Created last, because its thread starts here.
    service = AnalysisService(records, runtime or known_runtime(settings.runtime))
    return MainWindow(service, library, settings, records)


def run_app(paths: list[Path], *, sample: bool = False, runtime: RuntimeName | None = None) -> int:
    """Show the window, open the given paths, and run until the window is closed.

    Returns the exit status: 0, or 2 if there is no display or the user's folders cannot be created.
    """
    if sys.platform == "linux" and not any(map(os.environ.get, _SCREENS)):  # Qt would abort
        sys.stderr.write(
            "btgui: There is no display for the window. These commands work without one: "
            "btgui analyze, btgui series, btgui models and btgui train.\n"
        )
        return EXIT_MISUSE
    app = create_application(sys.argv[:1])
    screen = StartScreen()
    screen.show()
    app.processEvents()
    from btgui.engine.notifications import install_exception_hooks

    install_exception_hooks()
    try:
        window = create_window(runtime)
    except BtguiError as error:
        screen.close()
        sys.stderr.write(f"btgui: {error}\n")
        box = QMessageBox(QMessageBox.Icon.Critical, "btgui cannot start", str(error))
        with closed_by_signals(box):
            box.exec()
        return EXIT_MISUSE
    window.show()
    screen.close()
    app.files_requested.connect(window.take_files)
    # Deferred until the window is on the screen, because the model takes a moment to load.
    QTimer.singleShot(
        0, lambda: _begin(window, paths, sample=sample, requested=app.take_requests())
    )
    with closed_by_signals(window):
        return app.exec()


def _notify_later(notification: Notification) -> None:
    """Send a message once the event loop runs and the window can receive it."""
    from btgui.engine.notifications import notify

    QTimer.singleShot(0, lambda: notify(notification))


def _begin(
    window: MainWindow, paths: list[Path], *, sample: bool, requested: Sequence[Path] = ()
) -> None:
    from btgui.engine.disk.private_folder import remove_left_behind
    from btgui.engine.notifications import notify_exception
    from btgui.views.dialogs.visited_folders import forget_visited_folders

    remove_left_behind()  # scans that a killed process left unpacked
    forget_visited_folders()  # recorded by the file dialogs of a killed process
    window.start()
    first_start = not window.kept.now.sample_shown
    if wanted := [path.absolute() for path in paths] or list(requested):
        window.take_files(wanted)
    elif sample or first_start:
        try:
            window.open_sample()
        except OSError as error:
            notify_exception(error, "The sample scan could not be prepared.")
    if first_start:
        window.kept.change(sample_shown=True)
