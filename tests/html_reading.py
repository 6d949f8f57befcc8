"""Reads a page back as the plain text that the text writer gives: by HTML's rules, not by ours."""

from __future__ import annotations

import re

from lxml import html

_SENTENCE_END = re.compile(r"(?<=。)(?=[^”’）】])")


def page_of(data: bytes):
    return html.document_fromstring(data.decode())


def text_of_page(data: bytes) -> str:
    """The article in the form of write_text: blocks, sentences, tables as rows parted by tabs."""
    (article,) = page_of(data).xpath("//article")
    pages = ["\n\n".join(_blocks(section)) for section in article.xpath("section")]
    return "\n\n\n".join(pages) + "\n"


def _blocks(section):
    for block in section:
        if block.tag == "h1":
            yield from (_text(line) for line in block)
        elif re.fullmatch("h[2-5]", block.tag):
            yield "#" * (int(block.tag[1]) - 1) + " " + _text(block)
        elif block.tag == "p":
            yield "\n".join(_SENTENCE_END.split(_text(block)))
        elif block.tag == "nav":
            yield "\n".join(_text(link) for link in block.iter("a"))
        else:
            yield "\n".join(_annex(block))


def _annex(annex):
    (table,) = annex.xpath("div/table")
    for line in table.find("caption"):
        if line.tag == "h3":
            yield f"# {_text(line)}"
        elif line.get("class") == "corners":
            yield "\t".join(filter(None, map(_text, line)))
        else:
            yield _text(line)
    width = len(table.xpath("colgroup/col"))
    for row in grid_of(table):
        texts = [_cell(row[c]) if c in row else "" for c in range(width)]
        yield "\t".join(texts)
    yield from (_text(note) for note in annex.xpath("p"))


def grid_of(table) -> list[dict]:
    """For each row: column -> the cell that begins there, as a browser lays spans out."""
    grid, taken = [], {}
    for row in table.iter("tr"):
        cells, column = {}, 0
        for cell in row:
            while taken.get(column, 0):
                column += 1
            cells[column] = cell
            for covered in range(column, column + int(cell.get("colspan", 1))):
                assert not taken.get(covered), "cells overlap"
                taken[covered] = int(cell.get("rowspan", 1))
            column += int(cell.get("colspan", 1))
        taken = {column: rows - 1 for column, rows in taken.items() if rows > 1}
        grid.append(cells)
    assert not taken, "a cell goes on below the table"
    return grid


def _cell(cell) -> str:
    return re.sub(r"\s+", " ", _text(cell))


def _text(element) -> str:
    for line in element.iter("br"):
        line.tail = "\n" + (line.tail or "")
    return "".join(element.itertext())
