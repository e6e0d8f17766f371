"""Small programs whose start is timed, ours and those that ours is compared with.

Usage: python -m benchmarks.programs NAME [ARGUMENT …]

Each program prints one word when it reaches the measured point, then exits or rests.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path


def empty_window() -> None:
    """Show an empty PySide6 window."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.resize(1440, 900)
    window.show()
    app.processEvents()
    _say("visible")


def our_start_screen() -> None:
    """Show the application's start screen, as :func:`btgui.app.run_app` does."""
    from btgui.app import create_application
    from btgui.views.start_screen import StartScreen

    app = create_application(["btgui"])
    screen = StartScreen()
    screen.show()
    app.processEvents()
    _say("visible")


def our_window() -> None:
    """Show the application's window, as ``main.py`` does."""
    from btgui.app import create_application, create_window

    app = create_application(["btgui"])
    window = create_window()
    window.show()
    app.processEvents()
    _say("visible")


def our_verdict(scan: str) -> None:
    """Start the application with a scan, print a word when its verdict is shown, then rest.

    The process runs until its standard input ends, so that its memory can be measured.
    """
    from PySide6.QtCore import QTimer

    from btgui.app import create_application, create_window

    app = create_application(["btgui"])
    window = create_window()
    window.show()
    app.processEvents()
    window.service.prediction_ready.connect(lambda _: QTimer.singleShot(0, lambda: _say("verdict")))
    window.service.explanation_ready.connect(lambda _: QTimer.singleShot(0, _rest))
    QTimer.singleShot(0, lambda: (window.start(), window.open_paths([Path(scan)])))
    app.exec()


def tensorflow_verdict(model: str, scan: str) -> None:
    """Classify one scan as a script would: import TensorFlow, load the model, ``predict``."""
    import tensorflow as tf

    network = tf.keras.models.load_model(model)
    _, height, width, _ = network.input_shape
    picture = tf.keras.utils.load_img(scan, target_size=(height, width))
    network.predict(tf.keras.utils.img_to_array(picture)[None] / 127.5 - 1, verbose=0)
    _say("verdict")


def tensorflow_imported() -> None:
    """Import TensorFlow and rest, so that the memory can be measured."""
    import tensorflow as tf

    _say(f"imported {tf.__version__}")
    _rest()


def _say(word: str) -> None:
    print(word, flush=True)
    if word == "visible":
        os._exit(0)


def _rest() -> None:
    print("resting", flush=True)
    sys.stdin.read()
    os._exit(0)


_PROGRAMS = {
    function.__name__: function
    for function in (
        empty_window,
        our_start_screen,
        our_window,
        our_verdict,
        tensorflow_verdict,
        tensorflow_imported,
    )
}

if __name__ == "__main__":
    _PROGRAMS[sys.argv[1]](*sys.argv[2:])
