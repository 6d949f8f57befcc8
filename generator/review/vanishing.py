"""Money that is printed as nothing, because it is less than half of the last digit.

A zero beside an amount that prints is no more than rounding; 0万元 in a sentence, or a row of a
table with nothing but zeros, says that there is none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from itertools import groupby

from generator.document import Cell, Document, Table
from generator.figures.book import FigureBook
from generator.figures.figure import Figure
from generator.money import Money
from generator.problems import Finding, Place
from generator.review.wording import Passages, Reviewed

_NOTHING = re.compile(r"0(?<![0-9.,]0)(?:\.0+)?万?元")  # 0.0万元 under 正文补零
_HINT = "小数位数 写多几位，或 公布单位 写 元；就这样公布，写进 acknowledged.yaml"


def amounts_do_not_vanish(reviewed: Reviewed) -> Iterator[Finding]:
    """Every amount that a sentence prints as nothing; the rows of the tables that do, together."""
    book = reviewed.book
    vanishing = {figure.name: figure for figure in book.vanishing()}
    if not vanishing:
        return
    told: set[Place] = set()
    for name, words in _in_sentences(reviewed.passages, vanishing).items():
        figure = vanishing[name]
        told.update(book.places(figure))
        yield _problem(book, f"{_amount(book, figure)}，印成了“{words}”", [figure])
    rows = []
    for table, figure in _rows_of_zeros(reviewed.document, vanishing):
        lines = book.places(figure)
        if not told.issuperset(lines):
            told.update(lines)
            rows.append((table, figure))
    if rows:
        # All of them: who acknowledges the finding answers for these rows, and for no others.
        named = "、".join(
            f"{table.contents_name or table.id}的{_amount(book, figure)}" for table, figure in rows
        )
        message = f"附表里有钱的行，印出来全是零：{named}"
        yield _problem(book, message, [figure for _, figure in rows])


def _in_sentences(passages: Passages, names: Container[str]) -> dict[str, str]:
    """Of the named figures those that a sentence prints as nothing, with its words."""
    said: dict[str, str] = {}
    for match in _NOTHING.finditer(passages.text):
        name = passages.at(match.start()).figure
        if name is not None and name in names:
            said.setdefault(name, match[0])
    return said


def _rows_of_zeros(
    document: Document, vanishing: Mapping[str, Figure]
) -> Iterator[tuple[Table, Figure]]:
    """The largest amount of each row whose amounts are all printed as nothing.

    Words begin a row of their own: the second side of a two-sided table.
    """
    tables = (block for block in document.blocks() if isinstance(block, Table))
    for table in tables:
        for row in table.rows:
            if vanishing.keys().isdisjoint([cell.figure for cell in row.cells]):
                continue
            for is_words, cells in groupby(row.cells, _is_words):
                amounts = [] if is_words else [(c.figure, c.text) for c in cells if c.figure]
                lost = [vanishing[name] for name, _ in amounts if name in vanishing]
                if lost and not any(_is_an_amount(text) for _, text in amounts):
                    yield table, max(lost, key=lambda figure: abs(int(figure.exact or 0)))


def _is_words(cell: Cell) -> bool:
    return bool(cell.text and cell.figure is None)


def _is_an_amount(text: str) -> bool:
    return not set(text) <= set("0.-")


def _amount(book: FigureBook, figure: Figure) -> str:
    assert figure.exact is not None
    return f"{book.label(figure)}有 {Money(figure.exact).yuan} 元"


def _problem(book: FigureBook, message: str, figures: list[Figure]) -> Finding:
    """A warning at the first data line of the first figure, with the first of each other one."""
    places = [book.first_place(figure) for figure in figures]
    related = tuple(dict.fromkeys(places[1:]))
    return Finding(message, places[0], _HINT, related=related)
