"""The one table of results."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Row(NamedTuple):
    """A line of the table; without `value` it is a heading. `met` is None where nothing is required."""

    what: str
    value: str = ""
    note: str = ""
    met: bool | None = None


def printed(rows: Iterable[Row]) -> Iterator[str]:
    rows = list(rows)
    widths = [max((_width(row[n]) for row in rows if row.value), default=0) for n in (0, 1)]
    for row in rows:
        if not row.value:
            yield f"\n{row.what}"
            continue
        verdict = {None: "", True: "  达到", False: "  没有达到"}[row.met]
        cells = (_padded(row[n], width) for n, width in enumerate(widths))
        yield f"  {'  '.join(cells)}  {row.note}{verdict}".rstrip()


def _width(text: str) -> int:
    """Columns on a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
