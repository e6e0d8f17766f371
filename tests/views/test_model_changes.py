"""Another model, or none, while a scan or a series is open: all parts of the window agree."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QAction

from btgui.engine.models.pack import write_pack
from btgui.engine.notifications import subscribe
from tests.views.compare_scans.conftest import write_series
from tests.views.conftest import PATIENCE, choose, drop, opens_a_list, read, steps_drawn

SMALL = "Small test model"


@pytest.fixture
def messages():
    told = []
    unsubscribe = subscribe(lambda message: told.append(message.text))
    yield told
    unsubscribe()


@pytest.fixture
def refused(window, qtbot, tiny_pack, tmp_path):
    """Return a function that chooses a model which is damaged; the small one reads afterwards."""
    card = replace(tiny_pack.card, id="damaged", name="Damaged model")
    made = write_pack(tmp_path / "made", card, tiny_pack.model_file)
    damaged = window.library.import_model(made.folder)
    damaged.model_file.write_bytes(b"cut off")
    window.models.set_models(window.library.models())
    window.models.set_current("small")

    def choose_it():
        with qtbot.waitSignal(window.service.model_failed, timeout=PATIENCE):
            choose(qtbot, window.models.choice, "Damaged model")

    yield choose_it
    window.library.delete("damaged")
    window.models.set_models(window.library.models())
    with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
        window.use_model(window.library.get("small"))
    window.series.leave()


@opens_a_list
def test_without_a_model_nothing_of_the_one_before_is_left_on_the_screen(
    window, qtbot, scan_file, refused
):
    read(qtbot, window, scan_file)
    assert window.status.device.isVisible()
    rows = window.desk.window.rows
    assert rows.index(rows.row_of("small"), 0).data() == f"{SMALL} (in use)"
    refused()
    assert window.prediction._verdict.text() == "Not read"
    assert "changed or damaged" in window.prediction.sentence.text()
    assert "Choose another model" in window.prediction.sentence.text()
    assert not window.gradcam.isEnabled()
    assert not window.gradcam.strip.pictures[0].isVisible()
    assert not any(steps_drawn(window))
    assert not window.scan_view.picture.crop.getData()[0]
    assert window.status.model.text() == "No model"
    assert not window.status.device.isVisible()
    assert rows.index(rows.row_of("small"), 0).data() == SMALL
    assert window.desk.window.back.text() == f"Back to {SMALL}"


@opens_a_list
def test_without_a_model_a_folder_that_is_to_be_read_is_answered(window, qtbot, folder, refused):
    read(qtbot, window, folder)
    refused()
    with qtbot.waitSignal(window.service.folder_finished, timeout=PATIENCE):
        window.findChild(QAction, "read_folder").trigger()
    assert window.status.currentMessage() == "There is no model. Choose one, then try again."


@opens_a_list
def test_without_a_model_a_series_says_why_and_is_read_with_the_next(
    window, qtbot, tmp_path, refused
):
    refused()
    write_series(tmp_path / "study", slices=6)
    assert drop(window, [tmp_path / "study"])
    card = window.series.whole.card
    qtbot.waitUntil(lambda: window.scan_view.scan is not None and card.isVisible())
    assert card.verdict.text() == "Not read"
    assert "changed or damaged" in card.sentence.text()
    for part in (card.progress, card.stop, card.save, window.page.curve):
        assert not part.isVisible()
    assert "changed or damaged" in window.prediction.sentence.text()
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        choose(qtbot, window.models.choice, SMALL)
        assert card.sentence.text() == "The model is being loaded …"
        assert window.prediction.sentence.text() == "The model is being loaded …"
    assert len(window.series.whole.readings) == 6
    assert window.page.curve.isVisible()


@opens_a_list
def test_when_the_next_model_is_refused_a_series_verdict_is_put_away(
    window, qtbot, tmp_path, refused
):
    write_series(tmp_path / "study", slices=6)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        assert drop(window, [tmp_path / "study"])
    qtbot.waitUntil(lambda: not window.series.whole.card.is_running(), timeout=PATIENCE)
    refused()
    assert (window.series.whole.card.verdict.text(), window.series.whole.readings) == (
        "Not read",
        (),
    )
    assert window.prediction._verdict.text() == "Not read"
    assert not window.gradcam.isEnabled()


@opens_a_list
def test_before_any_scan_the_next_model_takes_the_failure_away(window, qtbot, tmp_path, refused):
    window._open_path = None
    window.prediction.clear()
    refused()
    assert window.prediction._verdict.text() == "Not read"
    with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
        choose(qtbot, window.models.choice, SMALL)
    assert window.prediction._verdict.text() == "No scan"


def test_another_choice_of_what_computes_reads_a_half_read_series_again_without_alarm(
    window, qtbot, tmp_path, monkeypatch, messages
):
    series, began = window.series, []
    show = series.curve.show_readings

    def show_and_change(readings):
        show(readings)
        if not began:
            began.append(len(readings))
            window.compute.chosen.emit("openvino")

    monkeypatch.setattr(series.curve, "show_readings", show_and_change)
    write_series(tmp_path / "study", slices=120)
    with qtbot.waitSignal(window.service.series_finished, timeout=PATIENCE):
        assert drop(window, [tmp_path / "study"])
        qtbot.waitUntil(lambda: bool(began), timeout=PATIENCE)
        assert series.whole.card.sentence.text() == "The model is being loaded …"
    assert began[0] < 120
    assert [reading.index for reading in series.whole.readings] == list(range(120))
    assert series.whole.card.verdict.text() not in {"Stopped", "Not read", "…"}
    assert not [text for text in messages if "stopped" in text]
    series.leave()
    with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
        window.compute.chosen.emit("auto")


def test_the_slice_that_is_shown_is_read_again_with_the_next_model(window, qtbot, tmp_path):
    write_series(tmp_path / "study", slices=6)
    with qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE):
        assert drop(window, [tmp_path / "study"])
    with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
        window.use_model(window.library.get("small"))
    assert window.prediction._verdict.text() == "…"
    assert not window.gradcam.isEnabled()
    qtbot.waitSignal(window.service.explanation_ready, timeout=PATIENCE).wait()
    assert window.gradcam.analysis.scan == window.scan_view.scan
    window.series.leave()


def test_a_model_that_becomes_ready_leaves_a_series_whose_first_slice_is_damaged(
    window, qtbot, scan_file, tmp_path
):
    read(qtbot, window, scan_file)
    place = tmp_path / "study"
    write_series(place, slices=6)
    damaged = sorted(place.iterdir())[3]
    damaged.write_bytes(damaged.read_bytes()[:-400])
    assert drop(window, [place])
    qtbot.waitUntil(lambda: window.prediction._verdict.text() == "Not read", timeout=PATIENCE)
    assert not any(steps_drawn(window))
    with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
        window.use_model(window.library.get("small"))
    assert window.series.series is not None
    assert window.prediction._verdict.text() == "Not read"
    window.series.leave()


def test_a_reload_of_the_model_leaves_the_default_that_another_window_chose(window, qtbot):
    before = window.kept.now
    window.kept.apply(lambda now: now.with_default_model("chosen elsewhere"))
    try:
        with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
            window.compute.chosen.emit("openvino")
        assert window.kept.now.default_model_id == "chosen elsewhere"
    finally:
        window.kept.apply(lambda _now: before)
        with qtbot.waitSignal(window.service.model_ready, timeout=PATIENCE):
            window.compute.chosen.emit(before.runtime)
