import pytest
from PySide6.QtCore import Qt

from btgui.engine.record_store import RecordStore
from btgui.views.earlier_verdicts import EarlierVerdicts
from btgui.views.file_browser import FileBrowser
from tests.views.conftest import PATIENCE


@pytest.fixture
def browser(qtbot):
    browser = FileBrowser()
    qtbot.addWidget(browser)
    browser.resize(300, 600)
    browser.show()
    yield browser
    browser.close_workers()


def said(browser, number=0):
    return browser.model.index(number).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_scan_read_before_by_the_model_is_marked_by_its_content(
    browser, qtbot, analysis, tiny_pack, tmp_path
):
    records = RecordStore(tmp_path / "readings.sqlite")
    records.add(analysis.reading)
    earlier = EarlierVerdicts(browser, records)
    copy = tmp_path / "another name.png"
    copy.write_bytes(analysis.scan.path.read_bytes())
    with qtbot.waitSignal(browser.content_known, timeout=PATIENCE):
        browser.show_files([copy])
    verdict = analysis.prediction.display_names[analysis.prediction.verdict_index]
    assert verdict not in said(browser)  # no model reads yet
    earlier.set_model(tiny_pack.card)
    assert verdict in said(browser)
    records.close()


def test_a_record_that_fails_is_told_once_and_left(
    browser, qtbot, analysis, tiny_pack, tmp_path, monkeypatch
):
    records = RecordStore(tmp_path / "readings.sqlite")
    earlier = EarlierVerdicts(browser, records)
    earlier.set_model(tiny_pack.card)
    records.close()
    told = []
    monkeypatch.setattr("btgui.views.earlier_verdicts.notify", told.append)
    for _ in range(2):
        browser.content_known.emit(analysis.scan.path, "abc")
    assert [note.level for note in told] == ["warning"]
