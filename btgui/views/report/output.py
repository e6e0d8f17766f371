"""Writes a report to a PDF file or prints it; both may run on a thread."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from btgui import __version__
from btgui.engine.disk.files import not_written, replacing
from btgui.engine.errors import ExportError
from btgui.views.report.page import TITLE, Content, paint_page

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_LETTERS = re.compile(rb"beginbfrange.*?endbfrange", re.DOTALL)
_MARGINS = QMarginsF(15, 12, 15, 12)  # millimetres
_T = QLocale.Country
# Countries that use the Letter paper size (Unicode CLDR, paperSize).
_LETTER = {
    _T.Belize,
    _T.Canada,
    _T.Chile,
    _T.Colombia,
    _T.CostaRica,
    _T.ElSalvador,
    _T.Guatemala,
    _T.Mexico,
    _T.Nicaragua,
    _T.Panama,
    _T.Philippines,
    _T.PuertoRico,
    _T.UnitedStates,
    _T.Venezuela,
}


def page_layout(locale: QLocale | None = None) -> QPageLayout:
    """Return a portrait page of the paper size that is usual in the user's country."""
    country = (locale or QLocale.system()).territory()
    size = QPageSize.PageSizeId.Letter if country in _LETTER else QPageSize.PageSizeId.A4
    return QPageLayout(
        QPageSize(size),
        QPageLayout.Orientation.Portrait,
        _MARGINS,
        QPageLayout.Unit.Millimeter,
    )


def write_pdf(file: Path, content: Content) -> None:
    """Write a report to a PDF file, replacing ``file``: the caller has asked the user.

    The metadata of the PDF does not name the patient.

    Raises
    ------
    ExportError
        The file cannot be written.
    """
    pdf = _pdf(content)  # in memory first: Qt does not report a full disk
    try:
        with replacing(file) as temporary:
            temporary.write_bytes(pdf)
    except OSError as error:
        raise not_written(file, error) from error


def prepare(printer: QPrinter) -> None:
    """Set up a printer for a report, before the user is asked; the job names no patient."""
    printer.setDocName(TITLE)
    printer.setCreator(_creator())
    layout = page_layout()
    if printer.isValid():
        layout.setPageSize(printer.pageLayout().pageSize())
    printer.setPageLayout(layout)


def print_page(printer: QPrinter, content: Content) -> None:
    """Print a report.

    Raises
    ------
    ExportError
        The printer does not accept the report.
    """
    painter = QPainter()
    printed = painter.begin(printer)
    if printed:
        paint_page(painter, content)
        printed = painter.end()
    if not printed or printer.printerState() is printer.PrinterState.Error:
        raise ExportError(
            "The printer did not accept the report. Check that it is on and connected, or save the "
            "report as a PDF."
        )


def _pdf(content: Content) -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageLayout(page_layout())
    writer.setTitle(TITLE)
    writer.setCreator(_creator())
    painter = QPainter(writer)
    paint_page(painter, content)
    painter.end()
    # If a font draws tabs and spaces alike, Qt maps every space in the PDF to a tab.
    return _LETTERS.sub(
        lambda found: found[0].replace(b"<0009>", b"<0020>"), bytes(buffer.data().data())
    )


def _creator() -> str:
    return f"btgui {__version__}"
