import errno
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter

from btgui.engine.errors import ExportError
from btgui.views.report.output import page_layout, prepare, print_page, write_pdf
from tests.views.report.pdf_text import baselines, page_size, pages, pdf_text


@pytest.mark.parametrize(
    ("locale", "size"),
    [
        ("de_DE", "A4"),
        ("en_GB", "A4"),
        ("en_US", "Letter"),
        ("fr_CA", "Letter"),
        ("es_MX", "Letter"),
    ],
)
def test_the_page_is_of_the_size_that_is_usual_there(locale, size):
    page = page_layout(QLocale(locale)).pageSize()
    assert page.id() is QPageSize.PageSizeId[size]


def test_the_text_of_the_one_page_can_be_searched(qapp, content, tmp_path):
    write_pdf(tmp_path / "x.pdf", content)
    pdf = (tmp_path / "x.pdf").read_bytes()
    text = pdf_text(pdf)
    assert pages(pdf) == 1
    assert page_size(pdf) in {(595, 842), (612, 792)}
    for words in (
        "For research use and second reading. Not a medical device.",
        content.report.verdict,
        "20.0 mm",
        "width 255, centre 128, from the file",
        content.heat.words,
        "Small test model (ID small, created 2026-01-01)",
        "The reader's own findings",
    ):
        assert words in text
    assert list(tmp_path.iterdir()) == [tmp_path / "x.pdf"]


def test_what_was_there_before_stays_where_the_disk_is_full(qapp, content, tmp_path, monkeypatch):
    file = tmp_path / "x.pdf"
    file.write_text("before")

    def full(_path, _bytes):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(ExportError, match=r"x\.pdf cannot be written \(No space left on device\)"):
        write_pdf(file, content)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_the_page_is_printed_and_the_queue_names_nobody(qapp, content, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prepare(printer)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_page(printer, content)
    pdf = (tmp_path / "printed.pdf").read_bytes()
    assert pages(pdf) == 1
    assert content.report.verdict in pdf_text(pdf)
    assert printer.docName() == "Brain MRI: a model's reading"


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_a_printer_that_takes_nothing_is_told(qapp, content, tmp_path):
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prepare(printer)
    printer.setOutputFileName(str(tmp_path / "none" / "printed.pdf"))
    with pytest.raises(ExportError, match="did not accept the report"):
        print_page(printer, content)


@pytest.mark.parametrize("size", ["A5", "Letter", "A3"])
@pytest.mark.parametrize("orientation", ["Portrait", "Landscape"])
def test_all_of_a_long_report_is_on_one_page_of_any_size(
    qapp, content, tmp_path, size, orientation
):
    warnings = tuple(f"Warning {number}: " + "do not rely on it. " * 6 for number in range(6))
    about = tuple((f"Fact {number}", "x" * 120) for number in range(8))
    long = replace(content.report, warnings=warnings, about=about)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    prepare(printer)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId[size]))
    printer.setPageOrientation(page_layout().Orientation[orientation])
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_page(printer, replace(content, report=long))
    pdf = (tmp_path / "printed.pdf").read_bytes()
    assert pages(pdf) == 1
    assert "Signature" in pdf_text(pdf)
    assert min(baselines(pdf)) > 0
    assert max(baselines(pdf)) < page_size(pdf)[1]
