"""Checks of the finished text: residue, wrong years and units, abolished names, foreign departments.

Each looks at one paragraph or cell at a time and names the template or data line it came from.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, islice
from typing import NamedTuple

from generator.document import (
    LITERAL,
    OWED,
    Cell,
    Contents,
    Document,
    Segment,
    Table,
    text_of,
)
from generator.figures.book import FigureBook
from generator.figures.figure import Figure
from generator.model import Reason
from generator.problems import Finding, Place, Problem
from generator.residue import residues_in_print

_BLOT = "\0"


class Passages(NamedTuple):
    """The paragraphs, headings, notes and text cells of a document, each on a line of its own."""

    text: str
    starts: tuple[int, ...]
    origins: tuple[tuple[Segment, ...] | Cell, ...]  # of each line
    places: tuple[Place, ...]  # of its block

    def place_at(self, offset: int) -> Place:
        """The template or data line of the character at `offset` of `text`."""
        return self.at(offset).place or self.places[self._line(offset)]

    def at(self, offset: int) -> Segment | Cell:
        """What prints the character at `offset` of `text`."""
        return next(self._between(offset, offset + 1))

    def is_literal(self, start: int, end: int) -> bool:
        """Whether all characters from `start` to `end` are literal words, none of them a figure's."""
        return all(segment.kind == LITERAL for segment in self._between(start, end))

    def is_template(self, start: int, end: int) -> bool:
        """Whether they are words of a narrative template, none of a figure, a layout or the data."""
        return all(map(_is_template, self._between(start, end)))

    def figure_before(self, offset: int) -> str | None:
        """The last figure that is printed before `offset` in its line."""
        start = self.starts[self._line(offset)]
        figures = [segment.figure for segment in self._between(start, offset) if segment.figure]
        return figures[-1] if figures else None

    def _between(self, start: int, end: int) -> Iterator[Segment | Cell]:
        number = self._line(start)
        at = self.starts[number]
        origin = self.origins[number]
        for segment in (origin,) if isinstance(origin, Cell) else origin:
            begun, at = at, at + len(segment.text)
            if begun < end and start < at:
                yield segment

    def _line(self, offset: int) -> int:
        return bisect_right(self.starts, offset) - 1


def _is_template(segment: Segment | Cell) -> bool:
    place = segment.place
    if isinstance(segment, Cell) or segment.kind != LITERAL:
        return False
    return place is None or place.path.endswith(".txt")


def passages_of(document: Document) -> Passages:
    """All text in one pass: 2,000 cells taken one by one by each rule take 30 ms a document."""
    texts: list[str] = []
    origins: list[tuple[Segment, ...] | Cell] = []
    places: list[Place] = []
    for block in document.blocks():
        if isinstance(block, Contents):
            continue
        if isinstance(block, Table):
            rows = [row.cells for row in block.rows]
            cells = [c for cells in rows for c in cells if c[0] and c[6] is None]  # no figure
            texts += [cell[0] for cell in cells]
            texts += map(text_of, block.notes)
            origins += cells
            origins += block.notes
        else:
            texts.append(text_of(block.segments))
            origins.append(block.segments)
        places += [block.place or Place(block.id)] * (len(origins) - len(places))
    starts = (0, *accumulate([len(text) + 1 for text in texts]))
    lines = "\0".join(texts).replace("\n", " ").replace("\0", "\n")
    return Passages(lines, starts, tuple(origins), tuple(places))


@dataclass(frozen=True)
class Reviewed:
    """A finished document with its figures, as the rules of this package see it."""

    document: Document
    book: FigureBook
    abolished: tuple[tuple[str, str], ...]  # abolished name, name in force
    explained: tuple[tuple[Figure, Reason], ...] = ()  # printed changes with their printed reasons
    templates: tuple[str, ...] | None = None  # the narrative's texts, if they are at hand
    told: tuple[Problem, ...] = ()  # what was found in the data and the templates

    @cached_property
    def passages(self) -> Passages:
        return passages_of(self.document)

    def is_told(self, start: int, end: int, *rules: str) -> bool:
        """Whether one of these rules said it already of the line of a template or the data.

        They do not see what is printed beside it: words of two places are told by nobody.
        """
        place = self.passages.place_at(start)
        if place != self.passages.place_at(end - 1) or not self.passages.is_literal(start, end):
            return False
        words = self.passages.text[start:end]
        return any(
            problem.rule in rules
            and problem.place.file_line == place.file_line
            and words in (problem.excerpt or words)
            for problem in self.told
        )


# What comes of words and figures put together: besides what is looked for in templates.
_JOINTS = re.compile("增加增加|减少减少|增加持平|占 *%| (?<![0-9.] )万元")
_CLOSING_BY_OPENING = {"（": "）", "“": "”", "《": "》", "【": "】", "〔": "〕", "(": ")"}
_PAIR = re.compile("[（）“”《》【】〔〕()]")
_PAIR_OR_LINE = re.compile("[（）“”《》【】〔〕()\n]")
# With the character before a closing bracket that may number a list: 1） a) 一）.
_PAIR_OR_NUMBER = "[（）“”《》【】〔〕()]|[0-9A-Za-z一二三四五六七八九十](?=[)）])"
_WORDING_OF_OTHERS = {"部门": re.compile("我单位|本单位"), "单位": re.compile("我部门|本部门")}
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?<![0-9]....)(?=年)")  # a set first: searched faster
_YUAN = re.compile(r"[0-9](?:\.[0-9]+)?\s*元(?!\s*[/／])")  # 300元/人 is a price
_TWICE = re.compile(r"支出（类）支出|支出支出|（类）（类）|（款）（款）|（项）（项）")
# What is searched for first is rare; what stands before it is looked at when it is found.
_DEPARTMENT = (
    r"(?<=[\u4e00-\u9fff]{2})[省市县区][\u4e00-\u9fff]{2,16}?(?:局|厅|委员会|办公室|管理中心)"
)
_PLACE = re.compile("[省市县区]")
_PLACE_NAME = r"[\u4e00-\u9fff]{2,8}\Z"


def text_has_no_residue(reviewed: Reviewed) -> Iterator[Finding]:
    """XX, （增加/减少）, 。。, 待补充, empty reasons. Rule C19."""
    text = reviewed.passages.text
    found = [*residues_in_print(text), *(("", match) for match in _JOINTS.finditer(text))]
    for kind, match in sorted(found, key=lambda one: one[1].start()):
        owed = reviewed.passages.at(match.start()).kind == OWED
        if owed or reviewed.is_told(*match.span(), kind, "reason-residue", "doubled-words"):
            continue
        message = f"有残留的字样“{match[0].strip()}”"
        yield _found(reviewed, match.start(), message, "改成完整的话")


def pairs_are_balanced(reviewed: Reviewed) -> Iterator[Finding]:
    """Brackets and quotes are closed within their paragraph. Rule C19."""
    passages = reviewed.passages
    marks, length = "".join(_PAIR_OR_LINE.findall(passages.text)), 0
    while length != len(marks):
        length = len(marks)
        for opening, closing in _CLOSING_BY_OPENING.items():
            marks = marks.replace(opening + closing, "")
    for number_of_line, left in enumerate(marks.split("\n")):
        if not left:  # all in pairs
            continue
        start = passages.starts[number_of_line]
        line = passages.text[start : passages.starts[number_of_line + 1]]
        number = _unbalanced("".join(re.findall(_PAIR_OR_NUMBER, line)))
        if number is not None:
            found = next(islice(_PAIR.finditer(passages.text, start), number, None))
            if reviewed.is_told(*found.span(), "unbalanced"):
                continue
            message = f"“{found[0]}”不成对"
            yield _found(reviewed, found.start(), message, "补上另一半")


def years_are_known(reviewed: Reviewed) -> Iterator[Finding]:
    """Only the budget year and the one before are spoken of as years. Rule C17."""
    known = {str(reviewed.book.department.year), str(reviewed.book.department.year - 1)}
    for match in _YEAR.finditer(reviewed.passages.text):
        if match[1] not in known and reviewed.passages.is_literal(*match.span()):
            message = f"写着{match[1]}年，既不是预算年度也不是上年"
            hint = "核对年份；确是引用别的年份的，写进 acknowledged.yaml"
            yield _found(reviewed, match.start(), message, hint)


def amounts_are_in_the_measure(reviewed: Reviewed) -> Iterator[Finding]:
    """A bare 元 in the text of a document that publishes in 万元. Rule C16.

    Targets in tables are in any measure, like the amounts in 元 beside them.
    """
    if reviewed.book.published_measure.name == "万元":
        passages = reviewed.passages
        for match in _YUAN.finditer(passages.text):
            in_cell = isinstance(passages.at(match.start()), Cell)
            if passages.is_literal(*match.span()) and not in_cell:
                message = f"“{match[0]}”的单位是元，全文以万元为单位"
                yield _found(reviewed, match.start(), message, "改成万元")


def names_are_in_force(reviewed: Reviewed) -> Iterator[Finding]:
    """Abolished names of classes. Rules C05, C20."""
    for abolished, name in reviewed.abolished:
        for match in re.finditer(re.escape(abolished), reviewed.passages.text):
            message = f"“{abolished}”是已停用的科目名称"
            yield _found(reviewed, match.start(), message, f"改成“{name}”")


def class_is_named_once(reviewed: Reviewed) -> Iterator[Finding]:
    """支出（类）支出 and the like."""
    for match in _TWICE.finditer(reviewed.passages.text):
        yield _found(reviewed, match.start(), f"“{match[0]}”重复", "去掉一个")


def department_speaks_of_itself(reviewed: Reviewed) -> Iterator[Finding]:
    """我单位 in a department's disclosure, 我部门 in a unit's. Rule C18."""
    own = "单位" if reviewed.book.budget.unit_alone else "部门"
    for match in _WORDING_OF_OTHERS[own].finditer(reviewed.passages.text):
        message = f"{own}的文件里写着“{match[0]}”"
        yield _found(reviewed, match.start(), message, f"{own}预算公开写“我{own}”")


def template_names_no_other_department(reviewed: Reviewed) -> Iterator[Finding]:
    """Another department's name in the words of a template, left from whoever it was copied from."""
    book = reviewed.book
    own = {book.department.name}
    own |= {name for u in book.department.units for name in (u.name, u.composition_name) if name}
    prior = book.budget.prior
    if prior is not None and not any(prior.department in name for name in own):
        for match in re.finditer(re.escape(prior.department), reviewed.passages.text):
            message = f"还写着上年的部门名称“{prior.department}”"
            hint = "改成现在的名称"
            yield _found(reviewed, match.start(), message, hint)
    if reviewed.templates is not None and not any(map(_PLACE.search, reviewed.templates)):
        return  # a name has one of these, and templates have few
    for start, name in departments_in_templates(reviewed.passages, own):
        message = f"模板里写着“{name}”，不是本部门或所属单位"
        hint = "改用 {{ 部门名称 }}，或删掉"
        yield _found(reviewed, start, message, hint)


def departments_in_templates(passages: Passages, own: set[str]) -> Iterator[tuple[int, str]]:
    """Where templates name a department that is none of `own`, and the name."""
    words = passages.text
    for name in sorted(own, key=len, reverse=True):
        words = words.replace(name, _BLOT * len(name))
    department, place = re.compile(_DEPARTMENT), re.compile(_PLACE_NAME)
    match = department.search(words)
    while match:
        start, end = match.span()
        named = place.search(words, max(start - 8, 0), start)
        assert named is not None  # by what the pattern looks back at
        longest_first = range(named.start(), start - 1)
        begun = next((n for n in longest_first if passages.is_template(n, end)), None)
        if begun is not None:
            yield begun, words[begun:end]
        match = department.search(words, start + 1 if begun is None else end)


def _found(reviewed: Reviewed, offset: int, message: str, hint: str) -> Finding:
    """A warning at `offset`, quoting the words around it."""
    text = reviewed.passages.text
    begin = max(text.rfind("\n", 0, offset) + 1, offset - 12)
    end = text.find("\n", offset)
    nearby = text[begin : min(end if end >= 0 else len(text), offset + 20)]
    place = reviewed.passages.place_at(offset)
    return Finding(f"{message}：…{nearby}…", place, hint)


def _unbalanced(marks: str) -> int | None:
    """The number of the first bracket or quote without its partner; 1） numbers a list."""
    still_open: list[tuple[int, str]] = []
    number, before = -1, ""
    for mark in marks:
        numbered, before = before.isalnum(), mark
        if mark.isalnum():
            continue
        number += 1
        closing = _CLOSING_BY_OPENING.get(still_open[-1][1]) if still_open else None
        if mark in _CLOSING_BY_OPENING:
            still_open.append((number, mark))
        elif mark == closing:
            still_open.pop()
        elif not numbered:
            return number
    return still_open[-1][0] if still_open else None
