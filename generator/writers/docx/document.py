"""The Word writer: a document and a style file in, the bytes of a .docx out. It computes nothing.

The body is written as text, a thousand times faster than through python-docx's tables; the package
around it is python-docx's business (`package`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from generator.document import (
    Block,
    Contents,
    Document,
    Heading,
    Paragraph,
    Section,
    Table,
    contents_entries,
)
from generator.writers.docx import roles
from generator.writers.docx.contents import contents_texts
from generator.writers.docx.fit import Page, is_too_wide
from generator.writers.docx.opening import open_shell
from generator.writers.docx.package import PageSetup, Shell, write_package
from generator.writers.docx.tables import table_texts
from generator.writers.docx.text import Pen, new_pen, paragraph, runs_of
from generator.writers.docx.xml import DECLARATION, R, W


def write_docx(
    document: Document,
    style: bytes,
    *,
    pages: Mapping[str, int] | None = None,
    anchors: bool = True,
) -> bytes:
    """The .docx of `document` in the look of `style` (the bytes of style.docx).

    `pages` gives the page of each target of the contents; without it entries have no numbers.
    `anchors` marks figures and rows with hidden bookmarks: for the working copy, not for release.
    ProblemsFound if the style file lacks something; ValueError if a table's cells do not tile it.
    """
    shell = open_shell(style, document.draft)
    pen = new_pen(document, shell.style_ids, anchors)
    body = _body(document, shell, pen, pages)
    return write_package(shell, document, body, pen.anchors_part() if anchors else None)


def content_key(document: Document, style: bytes) -> str:
    """Identifies what decides the pages: the Word file without page numbers, before it is packed."""
    shell = open_shell(style, document.draft)
    key = sha256()
    for name, part in sorted(shell.part_by_name.items()):
        key.update(f"{name}:{len(part.blob)}:".encode() + part.blob)
    for text in _body(document, shell, new_pen(document, shell.style_ids, anchors=False), None):
        key.update(text.encode())
    return key.hexdigest()


def tables_too_wide(document: Document, style: bytes) -> Iterator[Table]:
    """Those in which a number takes two lines, whatever is done."""
    shell = open_shell(style, document.draft)
    for section in document.sections:
        width = shell.page_setup(section.orientation, section.numbered).page.width
        for block in section.blocks:
            if isinstance(block, Table) and is_too_wide(block, width):
                yield block


def _body(
    document: Document, shell: Shell, pen: Pen, pages: Mapping[str, int] | None
) -> Iterator[str]:
    yield f'{DECLARATION}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
    sections = [section for section in document.sections if section.blocks]
    first_numbered = next((section for section in sections if section.numbered), None)
    properties = ""
    for section in sections:
        setup = shell.page_setup(section.orientation, section.numbered)
        properties = section_properties(setup, starts=section is first_numbered)
        is_last = section is sections[-1]
        writer = _SectionWriter(document, pen, pages, section, setup.page)
        yield from writer.texts("" if is_last else properties)
    if not sections:
        properties = section_properties(shell.portrait, starts=True)
        yield paragraph(pen.style_ids[roles.SECTION_END], "")
    yield f"{properties}</w:body></w:document>"


def section_properties(setup: PageSetup, *, starts: bool) -> str:
    """A w:sectPr; page numbers run through the document and start at 1 where `starts`."""
    number = '<w:pgNumType w:start="1"/>' if starts else ""
    return (
        f'<w:sectPr>{setup.references}<w:type w:val="nextPage"/>{setup.size}{number}'
        f"{setup.columns}</w:sectPr>"
    )


class _SectionWriter:
    """Writes the blocks of one section; the section's properties go into its last paragraph."""

    def __init__(
        self,
        document: Document,
        pen: Pen,
        pages: Mapping[str, int] | None,
        section: Section,
        page: Page,
    ) -> None:
        self.document = document
        self.pen = pen
        self.pages = pages
        self.section = section
        self.page = page

    def texts(self, properties: str) -> Iterator[str]:
        blocks = self.section.blocks
        before: Block | None = None
        for block in blocks[:-1]:
            yield from self._block(block, before, "")
            before = block
        yield from self._block(blocks[-1], before, properties)
        if isinstance(blocks[-1], Table) and not blocks[-1].notes and not properties:
            # Word adds a paragraph of its own, as high as a line, to a table that ends the body.
            yield paragraph(self.pen.style_ids[roles.SECTION_END], "")

    def _block(self, block: Block, before: Block | None, properties: str) -> Iterator[str]:
        pen = self.pen
        match block:
            case Heading():
                style = pen.style_ids[roles.STYLE_BY_HEADING_LEVEL[block.level]]
                content = pen.target(block.id, runs_of(pen, block.segments))
                yield paragraph(style, content, properties)
            case Paragraph():
                style = pen.style_ids[roles.STYLE_BY_PARAGRAPH_ROLE[block.role]]
                yield paragraph(style, runs_of(pen, block.segments), properties)
            case Contents():
                yield from contents_texts(contents_entries(self.document), pen, self.pages)
                if properties:
                    # Not in the last entry: refreshing the field would take the break with it.
                    yield paragraph(pen.style_ids[roles.SECTION_END], "", properties)
            case Table():
                yield from table_texts(
                    block,
                    pen,
                    self.section.orientation,
                    self.page,
                    same_page=isinstance(before, Heading),
                    section=properties,
                )
