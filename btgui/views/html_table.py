"""HTML tables for the pages that views show."""

from __future__ import annotations

from collections.abc import Iterable


def html_table(heads: Iterable[str], rows: Iterable[Iterable[str]], padding: int = 5) -> str:
    """Return an HTML table with a row of headings; all cells must already be HTML."""
    top = "".join(f"<th align='left'>{head}</th>" for head in heads)
    below = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<table cellspacing='0' cellpadding='{padding}'><tr>{top}</tr>{below}</table>"
