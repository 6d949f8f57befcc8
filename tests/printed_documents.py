"""Documents as LibreOffice prints them, once for all tests of a run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from departments import random_department, write_department
from docx_sample import FORM_TABLE, STYLE, paragraph, sample, segments
from office import office

from generator.build import Built, build_disclosure
from generator.document import (
    BODY,
    HEADER,
    Cell,
    Column,
    Contents,
    Document,
    Heading,
    Row,
    Section,
    Table,
)
from generator.office.pages import Paging, print_pages

DATA = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True)
class Printed:
    document: Document
    paging: Paging

    @property
    def pdf(self) -> bytes:
        assert self.paging.pdf is not None
        return self.paging.pdf


@cache
def printed(name: str) -> Printed:
    """`sample` is the year in data/, a number the random department of that seed."""
    document, style = _document(name)
    return Printed(document, print_pages(document, style, None, office()))


def _document(name: str) -> tuple[Document, bytes]:
    if name == "full pages":
        return full_pages(), STYLE
    if name in ("clean", "draft"):
        return sample(draft=name == "draft"), STYLE
    built = build_disclosure(DATA, 2023) if name == "sample" else _random(int(name))
    return built.document, built.place.style


def _random(seed: int) -> Built:
    """Odd seeds are large: tables over several pages."""
    sizes = {"units": 6, "lines": 120} if seed % 2 else {}
    department = random_department(seed, **sizes)
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        return build_disclosure(Path(folder), department.year)


def full_pages() -> Document:
    """A full page of text, a table of several pages, and a form whose list takes several pages."""
    header = (
        Row("h1", HEADER, (Cell("表头甲", 0, 1, 2), Cell("表头乙", 1, 2))),
        Row("h2", HEADER, (Cell("表头丙", 1), Cell("表头丁", 2))),
    )
    rows = tuple(
        Row(str(n), BODY, (Cell(f"第{n}行", 0), *(Cell("1.0", c, align="right") for c in (1, 2))))
        for n in range(80)
    )
    columns = tuple(Column(str(number), 1.0) for number in range(3))
    table = Table("t", segments("大表"), columns, (*header, *rows))
    form = (
        Row("f1", BODY, (Cell("表单", 0, header=True), Cell("内容", 1, 2))),
        Row("f2", HEADER, (Cell("表头戊", 0), Cell("表头己", 1, 2))),
    )
    lines = tuple(Row(f"i{n}", BODY, (Cell(f"第{n}项", 0), Cell("", 1, 2))) for n in range(80))
    form_table = Table("f", segments("长表单"), columns, (*form, *lines))
    sections = (
        Section("portrait", (paragraph(0, "封面", role="封面标题"),), numbered=False),
        Section("portrait", (Contents(),)),
        Section("portrait", (paragraph(1, "国" * 28 * 50),)),
        Section("landscape", (table,)),
        Section("portrait", (form_table,)),
        Section("portrait", (Heading("h", 0, segments("末尾")), FORM_TABLE)),
    )
    return Document("t", "a", "s", "2023-01-01", sections)
