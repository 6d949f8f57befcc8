"""Rendered templates to the document: lines become blocks, directives open pages and place tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b

from generator.document import LITERAL, Block, Contents, Heading, Paragraph, Section, Segment, Table
from generator.narrative.environment import END_MARK, LINE_MARK, VALUE_MARK, Rendered
from generator.narrative.markup import PARAGRAPH_DIRECTIVES, Line, parse_line
from generator.problems import Place, Problem

_LINE = re.compile(f"{LINE_MARK}([0-9]+){END_MARK}")
_VALUE = re.compile(f"{VALUE_MARK}([0-9]+){END_MARK}")
_LOOP, _LOOP_END = re.compile(r"\{%-?\s*for\s"), re.compile(r"\{%-?\s*endfor\s*-?%\}")
PORTRAIT, LANDSCAPE = "portrait", "landscape"

Tables = Callable[[str], tuple[Table, str]]


class Assembler:
    """Collects blocks into sections. `table_of` gives a table and its orientation by id.

    `problems` are the tables that are placed a second time.
    """

    def __init__(self, sources: dict[str, str], table_ids: Sequence[str], table_of: Tables) -> None:
        self._sources = sources
        self._lines = {path: _template_lines(path, source) for path, source in sources.items()}
        self._table_ids = table_ids
        self._table_of = table_of
        self._sections: list[Section] = []
        self._blocks: list[Block] = []
        self._orientation = PORTRAIT
        self._numbered = True
        self._heading_path: list[str] = []
        self._used_ids = dict.fromkeys(table_ids, 1)
        self._placed: dict[str, Place] = {}
        self.problems: list[Problem] = []
        self._paragraph: list[tuple[str, int]] = []

    def add(self, rendered: Rendered) -> None:
        """Append one rendered template."""
        for text, number in _numbered_lines(rendered.text):
            line = parse_line(text)
            if line.kind == "text":
                self._paragraph.append((line.text, number))
                continue
            self._end_paragraph(rendered)
            if line.kind == "heading":
                self._heading(line, Place(rendered.path, number), rendered)
            elif line.kind == "directive":
                self._directive(line, Place(rendered.path, number), rendered)
        self._end_paragraph(rendered)

    def sections(self) -> tuple[Section, ...]:
        self._new_section(PORTRAIT)
        return tuple(self._sections)

    def _end_paragraph(self, rendered: Rendered) -> None:
        if self._paragraph:
            place = Place(rendered.path, self._paragraph[0][1])
            text = "".join(text for text, _ in self._paragraph)
            self._add_paragraph("正文", text, place, rendered)
            self._paragraph = []

    def _add_paragraph(self, role: str, text: str, place: Place, rendered: Rendered) -> None:
        segments = _segments(text, rendered, place)
        if segments:
            identity = self._identity(place, segments)
            self._blocks.append(Paragraph(identity, role, segments, place))

    def _heading(self, line: Line, place: Place, rendered: Rendered) -> None:
        level = line.level - 1
        if level == 0 and self._blocks:
            self._new_section(PORTRAIT)
        segments = _segments(line.text, rendered, place)
        own = "".join(s.text if s.kind == LITERAL else "{}" for s in segments)
        self._heading_path[level:] = [own]
        identity = self._unique("/".join(self._heading_path))
        self._blocks.append(Heading(identity, level, segments, place))

    def _directive(self, line: Line, place: Place, rendered: Rendered) -> None:
        name = line.directive
        if name in PARAGRAPH_DIRECTIVES:
            self._add_paragraph(name, line.text, place, rendered)
        elif name == "封面":
            self._new_section(PORTRAIT, numbered=False)
        elif name == "目录":
            self._blocks.append(Contents())
        elif name == "分页":
            self._new_section(self._orientation)
        elif name == "横向":
            self._new_section(LANDSCAPE)
        elif name == "纵向":
            self._new_section(PORTRAIT)
        elif name == "表":
            self._tables([line.text], place)
        elif name == "全部表":
            self._tables(self._table_ids, place)

    def _tables(self, identities: Sequence[str], place: Place) -> None:
        """Place tables, each once; those that units do not publish are not there."""
        wanted = [identity for identity in identities if identity in self._table_ids]
        repeated = [identity for identity in wanted if identity in self._placed]
        if repeated:
            which = f"“{repeated[0]}”" + (f"等 {len(repeated)} 张" if len(repeated) > 1 else "")
            first = self._placed[repeated[0]].file_line
            message = f"表{which}在 {first} 已经放过，一张表只能放一处"
            hint = "删掉其中一处；:::全部表 已包括每一张表，也不要放在 {% for %} 里"
            excerpt = self._sources[place.path].split("\n")[place.line - 1].rstrip()
            self.problems.append(Problem("table-twice", message, place, hint, excerpt=excerpt))
        for identity in wanted:
            if identity not in self._placed:
                self._placed[identity] = place
                table, orientation = self._table_of(identity)
                only_tables = all(isinstance(block, Table) for block in self._blocks)
                if orientation != self._orientation or not only_tables:
                    self._new_section(orientation)
                self._blocks.append(table)

    def _new_section(self, orientation: str, numbered: bool = True) -> None:
        if self._blocks:
            self._sections.append(Section(self._orientation, tuple(self._blocks), self._numbered))
        self._blocks = []
        self._orientation, self._numbered = orientation, numbered

    def _identity(self, place: Place, segments: tuple[Segment, ...]) -> str:
        """The template line a paragraph comes from, and for a repeated line its first figure.

        Lines inserted elsewhere do not change it, so years can be compared.
        """
        identity, in_loop = self._lines[place.path][place.line - 1]
        if in_loop or identity in self._used_ids:
            figure = next((s.figure for s in segments if s.figure), None)
            if figure:
                identity = f"{identity}/{figure}"
        return self._unique(identity)

    def _unique(self, identity: str) -> str:
        count = self._used_ids[identity] = self._used_ids.get(identity, 0) + 1
        return identity if count == 1 else f"{identity}~{count}"


@lru_cache(maxsize=64)
def _template_lines(path: str, source: str) -> tuple[tuple[str, bool], ...]:
    """Of each line of a template: a name, and whether it stands in a {% for %} begun above it."""
    stem = path.rsplit("/", 1)[-1].removesuffix(".txt")
    lines = []
    depth = 0
    for line in source.split("\n"):
        digest = blake2b(line.strip().encode(), digest_size=4).hexdigest()
        lines.append((f"{stem}:{digest}", depth > 0))
        depth += len(_LOOP.findall(line)) - len(_LOOP_END.findall(line))
    return tuple(lines)


def _numbered_lines(text: str) -> Iterator[tuple[str, int]]:
    number = 1
    for line in text.split("\n"):
        if LINE_MARK not in line:
            yield line, number
            continue
        parts = _LINE.split(line)  # text, number, text, …
        if len(parts) > 1:
            number = int(parts[1])
        yield "".join(parts[::2]), number


def _segments(text: str, rendered: Rendered, place: Place) -> tuple[Segment, ...]:
    """The typed segments of a line; neighbouring literals of one place are merged."""
    merged: list[Segment] = []
    for position, part in enumerate(_VALUE.split(text)):
        if position % 2:
            segments = rendered.segments[int(part)]
        else:
            segments = (Segment(part, LITERAL, None, place),) if part else ()
        for segment in segments:
            last = merged[-1] if merged else None
            if last and last.kind == segment.kind == LITERAL and last.place == segment.place:
                merged[-1] = Segment(last.text + segment.text, LITERAL, last.figure, last.place)
            elif segment.text:
                merged.append(segment)
    return tuple(merged)
