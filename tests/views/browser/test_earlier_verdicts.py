import sqlite3
from dataclasses import replace

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt

from btgui.engine.record_store import RecordStore
from btgui.views.browser.earlier_verdicts import EarlierVerdicts
from btgui.views.browser.file_browser import FileBrowser
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
    return browser.list.scans.index(number).data(Qt.ItemDataRole.AccessibleTextRole)


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
    qtbot.waitUntil(lambda: verdict in said(browser))
    records.close()


def test_a_verdict_from_before_the_model_had_prototypes_is_not_shown(
    browser, qtbot, analysis, tiny_pack, tmp_path
):
    records = RecordStore(tmp_path / "readings.sqlite")
    records.add(analysis.reading)
    earlier = EarlierVerdicts(browser, records)
    with qtbot.waitSignal(browser.content_known, timeout=PATIENCE):
        browser.show_files([analysis.scan.path])
    earlier.set_model(replace(tiny_pack.card, novelty_limit=0.5))
    qtbot.waitUntil(lambda: not earlier._looking.is_busy())
    assert verdict_of(analysis) not in said(browser)
    earlier.set_model(tiny_pack.card)
    qtbot.waitUntil(lambda: verdict_of(analysis) in said(browser))
    records.close()


@pytest.fixture
def read_before(browser, qtbot, analysis, tiny_pack, tmp_path):
    """A listed scan with an earlier verdict, given by the model in use."""
    records = RecordStore(tmp_path / "readings.sqlite")
    records.add(analysis.reading)
    earlier = EarlierVerdicts(browser, records)
    earlier.set_model(tiny_pack.card)
    scan = tmp_path / "IM0001.png"
    scan.write_bytes(analysis.scan.path.read_bytes())
    list_again(browser, qtbot, scan)
    qtbot.waitUntil(lambda: verdict_of(analysis) in said(browser))
    yield scan, earlier
    records.close()


def verdict_of(analysis):
    return analysis.prediction.display_names[analysis.prediction.verdict_index]


def list_again(browser, qtbot, scan):
    with qtbot.waitSignal(browser.content_known, timeout=PATIENCE):
        browser.show_files([scan])


def test_another_picture_under_the_same_name_does_not_take_over_the_verdict(
    browser, qtbot, analysis, tiny_pack, read_before
):
    scan, earlier = read_before
    cv2.imwrite(str(scan), np.full((64, 64), 30, np.uint8))
    with qtbot.waitSignal(browser.files_listed):
        browser.show_files([scan])
    assert said(browser) == scan.name
    with qtbot.waitSignal(browser.content_known, timeout=PATIENCE):
        earlier.set_model(tiny_pack.card)  # by the old list's content it would be marked again
        assert said(browser) == scan.name
    qtbot.waitUntil(lambda: not earlier._looking.is_busy())
    assert said(browser) == scan.name  # the new content was looked up too


def test_a_picture_that_is_replaced_while_it_is_listed_loses_the_verdict(browser, read_before):
    scan, _ = read_before
    browser.content_known.emit(scan, "the digest of another picture")
    assert said(browser) == scan.name


def test_the_same_picture_listed_again_has_its_verdict_again(browser, qtbot, analysis, read_before):
    scan, _ = read_before
    list_again(browser, qtbot, scan)
    qtbot.waitUntil(lambda: verdict_of(analysis) in said(browser))


def test_a_record_that_fails_is_told_once_and_left(
    browser, qtbot, analysis, tiny_pack, tmp_path, monkeypatch
):
    records = RecordStore(tmp_path / "readings.sqlite")
    earlier = EarlierVerdicts(browser, records)
    earlier.set_model(tiny_pack.card)
    records.close()
    told = []
    monkeypatch.setattr("btgui.views.browser.earlier_verdicts.notify", told.append)
    for _ in range(2):
        browser.content_known.emit(analysis.scan.path, "abc")
        qtbot.waitUntil(lambda: not earlier._looking.is_busy())
    assert [note.level for note in told] == ["warning"]


def test_the_window_does_not_wait_while_another_one_holds_the_records(
    browser, qtbot, analysis, tiny_pack, tmp_path
):
    records = RecordStore(tmp_path / "readings.sqlite")
    records.add(analysis.reading)
    earlier = EarlierVerdicts(browser, records)
    earlier.set_model(tiny_pack.card)
    browser.list.scans.set_paths([analysis.scan.path])
    other = sqlite3.connect(tmp_path / "readings.sqlite")
    other.execute("BEGIN EXCLUSIVE")
    browser.content_known.emit(analysis.scan.path, analysis.reading.sha256)
    assert said(browser) == analysis.scan.path.name
    other.rollback()
    other.close()
    qtbot.waitUntil(lambda: verdict_of(analysis) in said(browser))
    records.close()
