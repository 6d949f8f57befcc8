"""Paragraphs of segments, and the pen that numbers bookmarks while the document is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.document import FIGURE, OWED, Document, Heading, Segment, Table
from generator.writers.docx.package import ANCHORS_NAMESPACE
from generator.writers.docx.roles import OWED_TEXT
from generator.writers.docx.xml import DECLARATION, escape, run


@dataclass(slots=True)
class Pen:
    """What changes while a document is written: the numbers given out, the anchors collected.

    `name_by_target` has the bookmark of every heading and table. Names begin with "_": Word hides
    such bookmarks. With `anchors` false, figures and rows get none.
    """

    style_ids: Mapping[str, str]
    name_by_target: Mapping[str, str]
    anchors: bool
    bookmarks: int = 0
    figures: int = 0
    rows: int = 0
    anchored: list[str] = field(default_factory=list)

    def target(self, target: str, content: str) -> str:
        """`content` inside the bookmark of a heading or table."""
        return self._bookmark(self.name_by_target[target], content)

    def figure(self, segment: Segment) -> str:
        """A figure's run inside a bookmark, entered in the list of anchors."""
        self.figures += 1
        name = f"_F{self.figures}"
        self.anchored.append(
            f'<figure bookmark="{name}" fact="{escape(segment.figure or "")}" '
            f'text="{escape(segment.text)}"/>'
        )
        return self._bookmark(name, run(segment.text))

    def row(self, table_id: str, key: str, content: str) -> str:
        """The content of a row's first cell inside a bookmark, entered in the list of anchors."""
        self.rows += 1
        name = f"_R{self.rows}"
        self.anchored.append(
            f'<row bookmark="{name}" table="{escape(table_id)}" key="{escape(key)}"/>'
        )
        return self._bookmark(name, content)

    def _bookmark(self, name: str, content: str) -> str:
        self.bookmarks += 1
        number = self.bookmarks
        return (
            f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}'
            f'<w:bookmarkEnd w:id="{number}"/>'
        )

    def anchors_part(self) -> Iterator[str]:
        """The custom part, in chunks: which bookmark stands for which fact, as printed."""
        yield f'{DECLARATION}<anchors xmlns="{ANCHORS_NAMESPACE}">'
        yield from self.anchored
        yield "</anchors>"


def new_pen(document: Document, style_ids: Mapping[str, str], anchors: bool) -> Pen:
    targets = [block.id for block in document.blocks() if isinstance(block, Heading | Table)]
    if len(set(targets)) != len(targets):
        raise ValueError(f"ids of headings and tables are not unique: {sorted(targets)}")
    names = {target: f"_T{number}" for number, target in enumerate(targets, 1)}
    return Pen(style_ids, names, anchors)


def paragraph(style_id: str, content: str, section: str = "") -> str:
    """A w:p; `section` is the w:sectPr of the section that ends with it."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style_id}"/>{section}</w:pPr>{content}</w:p>'


def runs_of(pen: Pen, segments: tuple[Segment, ...]) -> str:
    """Segments as runs: neighbours without a mark of their own become one run."""
    pieces: list[str] = []
    plain: list[str] = []
    for segment in segments:
        anchored = pen.anchors and segment.kind == FIGURE
        if not anchored and segment.kind != OWED:
            plain.append(segment.text)
            continue
        pieces.append(run("".join(plain)))
        plain.clear()
        if anchored:
            pieces.append(pen.figure(segment))
        else:
            pieces.append(run(segment.text, pen.style_ids[OWED_TEXT]))
    pieces.append(run("".join(plain)))
    return "".join(pieces)
