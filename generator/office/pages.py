"""On which page each entry of the contents stands: measured with LibreOffice, remembered in a file.

Page 1 is the first numbered page; the cover is not counted. The record is keyed by the content of
the Word file without page numbers, so that a build whose record fits needs no LibreOffice, gives the
same bytes everywhere, and never prints a number that was measured for another text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from generator.document import Document, Heading, Table, contents_entries, text_of
from generator.office.pdf import OutlineEntry, fonts_of, outline_of, with_fixed_bytes
from generator.office.soffice import Office, convert_to_pdf
from generator.problems import WARNING, Place, Problem, ProblemsFound
from generator.writers.docx.document import content_key, write_docx

RECORD_FILE = "page-map.json"
_MOST_PASSES = 3
# Where nothing is recorded: as wide as most page numbers, so that lines break as they will.
_UNKNOWN_PAGE = 10

# Where the numbers of the contents come from.
RECORDED, MEASURED, MISSING = "recorded", "measured", "missing"
NOT_NEEDED = "not needed"


@dataclass(frozen=True, slots=True)
class PageMap:
    """The page of each target of the contents. `fonts` are the PostScript names it was made with."""

    content: str
    fonts: tuple[str, ...]
    page_by_target: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Paging:
    """What is known of the pages: `page_by_target` is None if nothing is, `pdf` if none was made."""

    source: str
    page_map: PageMap | None = None
    pdf: bytes | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def page_by_target(self) -> Mapping[str, int] | None:
        return None if self.page_map is None else self.page_map.page_by_target


def read_page_map(content: bytes) -> PageMap | None:
    """A record written by `write_page_map`; None if it is anything else: it will be measured anew."""
    try:
        record = json.loads(content)
        pages = record["页码"]
        fonts = tuple(str(font) for font in record["字体"])
        if all(isinstance(page, int) for page in pages.values()):
            return PageMap(str(record["内容"]), fonts, pages)
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return None


def write_page_map(page_map: PageMap) -> bytes:
    record = {
        "说明": "目录页码的记录，由程序写成，不用手改；内容变了会重新排",
        "内容": page_map.content,
        "字体": list(page_map.fonts),
        "页码": dict(page_map.page_by_target),
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def page_numbers(
    document: Document, style: bytes, recorded: PageMap | None, office: Office | None
) -> Paging:
    """The recorded pages if they are of this content, else those LibreOffice finds, else none.

    A LibreOffice that fails costs the numbers, not the document: its problems become warnings.
    """
    key = content_key(document, style)
    if recorded is not None and recorded.content == key:
        return Paging(RECORDED, recorded)
    if office is None:
        return Paging(MISSING)
    try:
        return replace(_measured(document, style, key, recorded, office), pdf=None)
    except ProblemsFound as found:
        warnings = tuple(replace(problem, severity=WARNING) for problem in found.problems)
        return Paging(MISSING, problems=warnings)


def print_pages(
    document: Document, style: bytes, recorded: PageMap | None, office: Office | None
) -> Paging:
    """The PDF, and the pages its contents name; ProblemsFound if it cannot be made."""
    if office is None:
        raise ProblemsFound([_no_office()])
    key = content_key(document, style)
    paging = _measured(document, style, key, recorded, office)
    assert paging.page_map is not None
    if recorded is not None and recorded.content == key:
        same = recorded.page_by_target == paging.page_by_target
        return replace(paging, source=RECORDED, page_map=recorded) if same else paging
    return paging


def _measured(
    document: Document, style: bytes, key: str, recorded: PageMap | None, office: Office
) -> Paging:
    """Write, print, look, until the contents name the pages they are printed with."""
    before = recorded.page_by_target if recorded is not None else {}
    targets = [entry.target for entry in contents_entries(document)]
    pages = {target: before.get(target, _UNKNOWN_PAGE) for target in targets}
    for _ in range(_MOST_PASSES):
        docx = write_docx(document, style, pages=pages, anchors=False)
        pdf = convert_to_pdf(office, {document.title: docx})[document.title]
        printed = pages_in(document, outline_of(pdf))
        found = {target: printed[target] for target in targets}
        if found == pages:
            page_map = PageMap(key, fonts_of(pdf), pages)
            return Paging(MEASURED, page_map, with_fixed_bytes(pdf, document.date))
        pages = found
    raise ProblemsFound([_unsettled()])


def pages_in(document: Document, outline: tuple[OutlineEntry, ...]) -> dict[str, int]:
    """Target -> page, for every heading and table; ProblemsFound if the outline is another's."""
    expected = [
        (block.id, text_of(block.segments if isinstance(block, Heading) else block.title))
        for block in document.blocks()
        if isinstance(block, Heading | Table)
    ]
    for number, (target, title) in enumerate(expected):
        found = outline[number].title if number < len(outline) else "（没有了）"
        if _plain(title) != _plain(found):
            raise ProblemsFound([_other_outline(target, title, found)])
    unnumbered = _pages_before_numbers(document)
    return {
        target: entry.page + 1 - unnumbered
        for (target, _), entry in zip(expected, outline, strict=False)
    }


def _pages_before_numbers(document: Document) -> int:
    """Unnumbered sections before the first numbered one: covers, a page each."""
    count = 0
    for section in document.sections:
        if section.numbered:
            return count
        count += bool(section.blocks)
    return count


def _plain(text: str) -> str:
    return "".join(text.split())


def _other_outline(target: str, title: str, found: str) -> Problem:
    return Problem(
        "pages-outline",
        f"排版后的标题与文档对不上：“{title}”（{target}）处是“{found}”",
        Place("style.docx"),
        "请检查 style.docx 里标题 1—4 和表标题样式的大纲级别是不是被改了",
    )


def _unsettled() -> Problem:
    return Problem(
        "pages-unsettled",
        f"排了 {_MOST_PASSES} 遍，目录页码还在变",
        Place("LibreOffice"),
        "请在 Word 里打开，右键目录选“更新域”",
    )


def _no_office() -> Problem:
    return Problem(
        "office-missing",
        "要生成 PDF，但这台电脑上没有 LibreOffice",
        Place("LibreOffice"),
        "安装 LibreOffice；或不写 pdf 格式，用 Word、WPS 打开 .docx 另存为 PDF",
    )


def page_map_file(data: Path, folder: str) -> Path:
    """The record of a disclosure; `folder` is where its data are: 2023, or 2023/units/159002."""
    return data / folder / RECORD_FILE
