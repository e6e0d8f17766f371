"""What a reader can select and search in a PDF as Qt writes it."""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj(.*?)endobj", re.DOTALL)
_CODES = re.compile(rb"<([0-9a-fA-F]+)> <([0-9a-fA-F]+)> \[?((?:<[0-9a-fA-F]+> ?)+)\]?")
_SHOWN = re.compile(rb"/F(\d+) \S+ Tf|<([0-9a-fA-F]+)> Tj|(ET)")


def pdf_text(pdf: bytes) -> str:
    """Return all text of a PDF, one line for each run of letters."""
    objects = _objects(pdf)
    fonts = {
        number: _letters(_stream(objects[int(found[1])]))
        for number, body in objects.items()
        if (found := re.search(rb"/ToUnicode (\d+) 0 R", body))
    }
    lines = []
    for body in objects.values():
        if (found := re.search(rb"/Contents (\d+) 0 R", body)) is not None:
            lines += _runs(_stream(objects[int(found[1])]), fonts)
    return "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")


def pages(pdf: bytes) -> int:
    """Return how many pages a PDF has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def page_size(pdf: bytes) -> tuple[int, int]:
    """Return the first page's width and height in points."""
    width, height = re.search(rb"/MediaBox \[0 0 (\S+) (\S+?)\]", pdf).groups()
    return round(float(width)), round(float(height))


def baselines(pdf: bytes) -> list[float]:
    """Return how high above the page's lower edge each run of letters stands, in points."""
    content = _stream(_objects(pdf)[int(re.search(rb"/Contents (\d+) 0 R", pdf)[1])])
    unit, top = (
        float(part) for part in re.search(rb"(\S+) 0 0 -\S+ \S+ (\S+) cm", content).groups()
    )
    runs = re.findall(rb"1 0 0 -1 0 0 Tm\n\S+ (\S+) Td", content)
    return [top + unit * float(down) for down in runs]


def _objects(pdf: bytes) -> dict[int, bytes]:
    return {int(number): body for number, body in _OBJECT.findall(pdf)}


def _stream(body: bytes) -> bytes:
    head, content = body.split(b"stream", 1)
    content = content.lstrip(b"\r\n").split(b"endstream")[0]
    return zlib.decompressobj().decompress(content) if b"FlateDecode" in head else content


def _letters(mapping: bytes) -> dict[int, str]:
    letters = {}
    for first, _last, texts in _CODES.findall(mapping):
        for offset, text in enumerate(re.findall(rb"<([0-9a-fA-F]+)>", texts)):
            letters[int(first, 16) + offset] = bytes.fromhex(text.decode()).decode("utf-16-be")
    return letters


def _runs(content: bytes, fonts: dict[int, dict[int, str]]) -> list[str]:
    runs, run, font = [], "", {}
    for number, code, end in _SHOWN.findall(content):
        if number:
            font = fonts[int(number)]
        elif code:
            run += font.get(int(code, 16), "?")
        elif end:
            runs.append(run)
            run = ""
    return runs
