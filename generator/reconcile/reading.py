"""What an edited text says of each piece it was printed from: new words, overtyped figures.

Figures and computed words are found again as `verify` finds them; what stands between two of them
belongs to the words there. An edit that takes part of a figure with part of its words has no
meaning for either: it is a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from generator.document import FIGURE, OWED, WORD, YEAR
from generator.reconcile.pieces import PRINTED, TEXT, WORDS, Piece, Pieces, text_of_pieces
from generator.verify.baseline import Line, Printed
from generator.verify.texts import FigureText, compare_text

_NAMES = {
    FIGURE: "数",
    WORD: "程序选的词",
    YEAR: "年份",
    OWED: "待填的空",
    PRINTED: "程序印的文字",
}


class Overtyped(NamedTuple):
    """A piece that nobody can rewrite reads otherwise: `piece` has what it read when built."""

    piece: Piece
    after: str


class Reading(NamedTuple):
    """New texts of all pieces, in the order of preference; or why there are none.

    A `conflict` says in Chinese why the edit cannot be divided among the pieces.
    """

    alternatives: tuple[tuple[str, ...], ...]
    overtyped: tuple[Overtyped, ...] = ()
    conflict: str = ""


class _Conflict(Exception):
    """The edit has no meaning for the pieces; the message says why."""


class _Pin(NamedTuple):
    """A fixed piece, by its number, and where it stands in the edited text."""

    number: int
    start: int
    end: int


def read_edit(
    pieces: Pieces,
    text: str,
    anchors: Mapping[int, int] = {},
    ranges: Mapping[int, tuple[int, int]] = {},
    *,
    shared: frozenset[int] = frozenset(),
) -> Reading:
    """What `text` says of `pieces`. `anchors`: where a figure begins -> its number in `ranges`.

    `shared` are the numbers of pieces that are also printed elsewhere: of two neighbours, the
    other one takes what was added between them.
    """
    try:
        pins = _pinned(pieces, text, anchors, ranges)
        overtyped = tuple(
            Overtyped(pieces[pin.number], text[pin.start : pin.end])
            for pin in pins
            if text[pin.start : pin.end] != pieces[pin.number].text
        )
        ways = [_divided(pieces, text, pins, way, shared) for way in (False, True)]
    except _Conflict as conflict:
        return Reading((), (), str(conflict))
    return Reading(tuple(dict.fromkeys(ways)), overtyped)


def _pinned(
    pieces: Pieces, text: str, anchors: Mapping[int, int], ranges: Mapping[int, tuple[int, int]]
) -> list[_Pin]:
    """Where each piece that cannot be rewritten stands in `text`, in order."""
    ends = tuple(accumulate(len(piece.text) for piece in pieces))
    starts = (0, *ends)
    fixed = [n for n, piece in enumerate(pieces) if not piece.editable and piece.text.strip()]
    printed = []
    for n in fixed:
        anchor = anchors.get(starts[n], 0) if pieces[n].kind == FIGURE else 0
        printed.append(Printed(pieces[n].text, pieces[n].text, starts[n], ends[n], "", anchor))
    before = text_of_pieces(pieces)
    found = compare_text(Line(before, tuple(printed), "", breaks=ends), text, ranges).figures
    pins: list[_Pin] = []
    for number, one in zip(fixed, found, strict=True):
        pins.append(_pin(pieces[number], number, one, text, pins))
    _check_edges(pieces, before, text, pins)
    return pins


def _pin(piece: Piece, number: int, found: FigureText, text: str, pins: list[_Pin]) -> _Pin:
    after = found.text
    start = -1 if after is None else text.find(after, found.start)
    if after is None or start < 0:
        raise _Conflict(f"{_NAMES[piece.kind]}“{piece.text}”被删掉或改写成了别的话")
    if pins and start < pins[-1].end:
        raise _Conflict(f"{_NAMES[piece.kind]}“{piece.text}”和前面的调换了")
    return _Pin(number, start, start + len(after))


def _check_edges(pieces: Pieces, before: str, text: str, pins: list[_Pin]) -> None:
    """An overtyped piece stands between what it stood between, or the edit crosses its edge."""
    by_number = {pin.number: pin for pin in pins}
    last = 0
    for number, piece in enumerate(pieces):
        first, last = last, last + len(piece.text)
        pin = by_number.get(number)
        if pin is None or text[pin.start : pin.end] == piece.text:
            continue
        previous, following = by_number.get(number - 1), by_number.get(number + 1)
        left = previous.end if previous else None
        right = following.start if following else None
        if left is None and before[:first][-1:] == text[: pin.start][-1:]:
            left = pin.start
        if right is None and before[last : last + 1] == text[pin.end : pin.end + 1]:
            right = pin.end
        if (left, right) != (pin.start, pin.end):
            name = f"{_NAMES[piece.kind]}“{piece.text}”"
            raise _Conflict(f"改动跨过了{name}的边界，和旁边的字连在一起")


def _divided(
    pieces: Pieces, text: str, pins: list[_Pin], other_way: bool, shared: frozenset[int]
) -> tuple[str, ...]:
    """The text of each piece: what stands between two pins divided among the pieces there."""
    texts = [piece.text for piece in pieces]
    low = start = 0
    for pin in (*pins, _Pin(len(pieces), len(text), len(text))):
        between = range(low, pin.number)
        new = text[start : pin.start]
        if new != "".join(texts[n] for n in between):
            for number, part in _shares(pieces, between, new, other_way, shared):
                texts[number] = part
        low, start = pin.number + 1, pin.end
    return tuple(texts)


def _shares(
    pieces: Pieces, between: range, new: str, other_way: bool, shared: frozenset[int]
) -> Iterator[tuple[int, str]]:
    if not any(pieces[n].editable for n in between):
        where = pieces[min(between.stop, len(pieces) - 1)].text
        raise _Conflict(f"“{new}”加在程序印出的一句话中间（“{where}”附近），模板里没有放它的地方")
    parts: dict[int, str] = dict.fromkeys(between, "")
    edges = [0, *accumulate(len(pieces[n].text) for n in between)]
    old = "".join(pieces[n].text for n in between)
    for tag, i, j, low, high in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            touching = [
                n
                for n, first, last in zip(between, edges[:-1], edges[1:], strict=True)
                if pieces[n].editable
                and ((first < j and i < last) if i < j else first <= i <= last)
            ]
            takers = _in_order(pieces, touching, shared) if i == j else touching
            taker = (takers or between)[-1 if other_way else 0]
            parts[taker] += new[low:high]
            continue
        for n, first, last in zip(between, edges[:-1], edges[1:], strict=True):
            parts[n] += old[max(first, i) : min(last, j)] if max(first, i) < min(last, j) else ""
    for n in between:
        if parts[n] != pieces[n].text and not pieces[n].editable:
            raise _Conflict(f"改动了程序印的“{pieces[n].text}”")
    yield from parts.items()


def _in_order(pieces: Pieces, touching: list[int], shared: frozenset[int]) -> list[int]:
    """Which of several takes what is put in between: a text printed nowhere else, then words."""
    texts = [n for n in touching if pieces[n].kind == TEXT and n not in shared]
    words = [n for n in touching if pieces[n].kind == WORDS]
    return list(dict.fromkeys([*texts, *words, *touching]))
