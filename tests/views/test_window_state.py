import pytest
from PySide6.QtWidgets import QLabel, QMainWindow, QSplitter

from btgui import app
from btgui.engine.paths import user_data_folder
from btgui.views.theme import TEXT
from btgui.views.widgets.verdict_label import VerdictLabel
from btgui.views.window_state import bring_up, open_at, restore_state, save_state


def window(qtbot):
    made, columns = QMainWindow(), QSplitter()
    for text in "ab":
        columns.addWidget(QLabel(text))
    made.setCentralWidget(columns)
    qtbot.addWidget(made)
    made.show()
    return made, columns


def test_size_and_columns_come_back(qtbot):
    first, columns = window(qtbot)
    first.resize(640, 360)
    columns.setSizes([100, 500])
    before = columns.sizes()
    save_state(first, columns)
    again, others = window(qtbot)
    restore_state(again, others)
    assert (again.width(), again.height()) == (640, 360)
    assert others.sizes() == before


def test_a_spoilt_file_changes_nothing(qtbot):
    (user_data_folder() / "window.ini").write_bytes(b"\x00[General\xff")
    made, columns = window(qtbot)
    size = made.size()
    restore_state(made, columns)
    assert made.size() == size


def test_a_first_size_is_no_larger_than_the_screen(qtbot):
    made, _columns = window(qtbot)
    room = made.screen().availableSize()
    open_at(made, 500, 400)
    assert (made.width(), made.height()) == (500, 400)
    open_at(made, room.width() + 100, room.height() + 100)
    assert made.width() <= room.width()
    assert made.height() < room.height()  # its title has room, too


@pytest.mark.parametrize("maximised", [False, True])
@pytest.mark.qt_log_ignore("This plugin does not support raise", extend=True)
def test_a_minimised_window_comes_back_as_large_as_it_was(qtbot, maximised):
    made, _columns = window(qtbot)
    if maximised:
        made.showMaximized()
    made.showMinimized()
    assert made.isMinimized()
    bring_up(made)
    assert (made.isVisible(), made.isMinimized()) == (True, False)
    assert made.isMaximized() is maximised


def test_the_lists_are_wide_enough_for_large_letters_at_first(request, qtbot):
    request.getfixturevalue("large_letters")
    app.create_application(["btgui"])
    made = app.create_window()
    qtbot.addWidget(made)
    made.resize(3000, 1000)
    made.show()
    assert made.columns.sizes()[0] > 30 * made.fontMetrics().averageCharWidth()
    made.close()


def test_no_column_is_dragged_away_nor_comes_back_without_width(qtbot):
    app.create_application(["btgui"])
    made = app.create_window()
    qtbot.addWidget(made)
    made.show()
    room = made.columns.width()
    for widths in ([0, room, 0], [room, 0, 0]):
        made.columns.setSizes(widths)
        assert min(made.columns.sizes()) > 100
    earlier, columns = window(qtbot)
    columns.addWidget(QLabel("c"))
    columns.setSizes([0, 600, 0])
    save_state(earlier, columns)  # as a former version let it be
    restore_state(made, made.columns)
    assert min(made.columns.sizes()) > 100
    made.close()


@pytest.mark.parametrize(
    ("points", "width", "height"),
    [(9, 944, 452), (15, 1024, 600)],  # a screen of 1,920 by 1,080 at 200 %, and large letters
)
def test_a_series_is_read_in_a_small_window(qtbot, qapp, points, width, height):
    before, font = qapp.font(), qapp.font()
    font.setPointSizeF(points)
    qapp.setFont(font)
    try:
        app.create_application(["btgui"])
        made = app.create_window()
        qtbot.addWidget(made)
        made.resize(width, height)
        made.show()
        bar, card = made.page.series_bar, made.series.whole.card
        bar.set_place("Slice 101 of 200, H 100.0 mm")
        for part in (bar, made.page.curve, card, card.show_deciding, card.save, made.status.device):
            part.show()
        made.browser.series_progress.show_progress(100, 200)
        made.status.device.setText("CPU: a processor with a long name, half precision")
        made.gradcam.target.setMinimumWidth(280)  # once there was a verdict
        for verdict in made.centralWidget().findChildren(VerdictLabel):
            verdict.show_verdict("Meningioma", TEXT)
        qapp.processEvents()  # the column follows
        qtbot.waitUntil(made.page.gradcam.isVisible)
        assert (made.width(), made.height()) == (width, height)
        legend = made.gradcam.look.legend
        assert legend.width() >= legend.minimumSizeHint().width()
        made.resize(made.minimumSizeHint())
        look = made.gradcam.look
        for control in (made.gradcam.target, made.gradcam.save, look.colours, look.contours):
            qtbot.waitUntil(lambda c=control: c.visibleRegion().boundingRect() == c.rect())
        made.close()
    finally:
        qapp.setFont(before)
