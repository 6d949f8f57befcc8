"""Numbers that templates type at the beginning of headings and paragraphs: none is left out, none comes twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from generator.document import Document, Heading, text_of
from generator.numerals import chinese_numeral
from generator.problems import WARNING, Place, Problem

_MOST = 99
_FIRST = 3  # the segments that may hold a number: （, 一, ）
_VALUES: Mapping[str, int] = {chinese_numeral(n): n for n in range(1, _MOST + 1)} | {
    str(n): n for n in range(1, _MOST + 1)
}
_CHINESE = "[一二三四五六七八九十]+"
# 一、二、三产业 and 12.5万元 are no numbers of this kind.
_NUMBER = re.compile(
    rf"(?P<before>第?[（(]?)(?P<number>{_CHINESE}|[0-9]{{1,2}})"
    rf"(?P<after>部分|[)）]|[、．](?!{_CHINESE}[、．]|[0-9])|\.(?![0-9]))"
)
_BEGIN = frozenset((1,))


class _Numbered(NamedTuple):
    style: tuple[str, ...]  # what stands around the number
    value: int
    words: str


class _Last(NamedTuple):
    """The last one of a list; after a wrong number the list may go on from it, or as if it were right."""

    style: tuple[str, ...]
    next: frozenset[int]
    words: str


def numbers_follow(document: Document) -> Iterator[Problem]:
    """Headings under one heading, and paragraphs under it, are numbered one after the other.

    A second list of paragraphs begins with 1 again. Parts may end with one without a number: 附件.
    """
    headings: dict[int, _Last] = {}  # of each level under the same heading
    paragraphs: dict[tuple[str, ...], _Last] = {}
    for block in document.blocks():
        if not block.segments or block.place is None:
            continue
        found = _number_of(text_of(block.segments[:_FIRST]))
        if not isinstance(block, Heading):
            if found is not None:
                last = paragraphs.get(found.style)
                if found.value not in _wanted(found, last) | _BEGIN:
                    yield _gap(found, last, block.place)
                paragraphs[found.style] = _after(found, last)
            continue
        last = headings.get(block.level)
        headings = {level: above for level, above in headings.items() if level < block.level}
        paragraphs = {}
        if found is not None:
            # The same twice: linting/parts.py.
            if not {found.value, found.value + 1} & _wanted(found, last):
                yield _gap(found, last, block.place)
            headings[block.level] = _after(found, last)
        elif last is not None and block.level:
            title = text_of(block.segments)
            message = f"标题“{title}”没有序号，前一个是“{last.words}”"
            yield Problem("number-gap", message, block.place, "补上序号", WARNING)
            headings[block.level] = last._replace(next=frozenset(n + 1 for n in last.next))


def _wanted(found: _Numbered, last: _Last | None) -> frozenset[int]:
    return last.next if last is not None and last.style == found.style else _BEGIN


def _after(found: _Numbered, last: _Last | None) -> _Last:
    wanted = _wanted(found, last)
    as_if_right = wanted if found.value not in wanted | _BEGIN else ()
    following = frozenset(number + 1 for number in (found.value, *as_if_right))
    return _Last(found.style, following, found.words)


def _number_of(text: str) -> _Numbered | None:
    match = _NUMBER.match(text)
    if match is None or match["number"] not in _VALUES:
        return None
    kind = "数字" if match["number"].isdecimal() else "汉字"
    style = match["before"], kind, match["after"]
    return _Numbered(style, _VALUES[match["number"]], match[0])


def _gap(found: _Numbered, last: _Last | None, place: Place) -> Problem:
    before, kind, after = found.style
    number = min(_wanted(found, last))
    wanted = str(number) if kind == "数字" else chinese_numeral(number)
    message = f"序号不连续：这里是“{found.words}”，应当是“{before}{wanted}{after}”"
    hint = "是不是删了一项，或写错了序号"
    return Problem("number-gap", message, place, hint, WARNING)
