"""Checks of reasons against the changes they explain, as written and as printed.

A reason of a section or of the whole text stands beside many figures: it is judged by each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from generator.checks.reasons import signed, target_of
from generator.document import FIGURE, Document, Heading, Table, text_of
from generator.fields import OWED_TEXT, place_of
from generator.figures.book import FigureBook
from generator.figures.figure import (
    BOTH_ZERO,
    DECREASE,
    GONE,
    INCREASE,
    NEW,
    NO_BASE,
    UNCHANGED,
    Change,
    Figure,
    NegativeBase,
)
from generator.model import Reason
from generator.numerals import prose_text
from generator.problems import Finding, Place
from generator.review.wording import Reviewed

_DOWNWARD = re.compile("减少|压缩|压减|厉行节约|下降|缩减|核减|降低")
_LEVEL = re.compile("持平|(?:无|没有|未)(?:发生)?(?:增减)?变[化动]|不变")
_UPWARD = re.compile("增加|增长|新增|提高|上升|扩大|增多|上涨|追加")
_NUMBER = re.compile("[0-9][0-9,]*(?:\\.[0-9]+)?")
_NUMBERED = re.compile("([一二三四五六七八九十百]+)、")
# One sentence for more figures than this explains none of them.
MOST_FIGURES_PER_REASON = 3


class Explanation(NamedTuple):
    """A reason beside one of the figures it explains; `target` says which, in words."""

    reason: Reason
    target: str
    change: Change


def reason_names_a_section(reviewed: Reviewed) -> Iterator[Finding]:
    """章节 is the number of a heading of the document: no other section takes a reason."""
    headings = (b for b in reviewed.document.blocks() if isinstance(b, Heading) and b.level == 1)
    titles = (_NUMBERED.match(text_of(heading.segments)) for heading in headings)
    numbers = dict.fromkeys(title[1] for title in titles if title)
    for reason in reviewed.book.budget.reasons:
        if reason.section and reason.section not in numbers:
            yield Finding(
                f"文中没有章节“{reason.section}、”，这条原因不会印出来",
                place_of(reason.section) or reason.place,
                f"章节 写标题的序号，有：{'、'.join(numbers)}",
            )


def reason_agrees_with_change(reviewed: Reviewed) -> Iterator[Finding]:
    """减少、压缩、厉行节约 beside an increase or no change, and the reverse. Rule C11."""
    for explanation in _explanations(reviewed):
        reason = explanation.reason
        found = _contradiction(reason.reason, explanation.change)
        if found is not None:
            word, change = found
            yield Finding(
                f"“{explanation.target}”{change}，原因却说“{word}”：{reason.reason}",
                reason.place,
                "改原因，或核对这个指标的明细行和上年公布数",
                related=_places(reviewed.book, explanation.change),
            )
        elif _DOWNWARD.search(reason.remark) or _UPWARD.search(reason.remark):
            yield Finding(
                f"“{explanation.target}”的说明说成了有增减：{reason.remark}",
                reason.place,
                "说明只写没有变动时的情况；有增减的写进 原因",
            )


def reason_is_specific(reviewed: Reviewed) -> Iterator[Finding]:
    """The same words explain at most a few of the printed changes.

    Figures with one amount and one base change alike: 收入总计, 支出总计 and 一般公共预算支出 do
    where nothing else pays, and one reason is right for all of them.
    """
    by_text: dict[str, dict[str, Reason]] = {}
    changes_by_text: dict[str, set[tuple[Decimal | None, Decimal | None]]] = {}
    for figure, reason in reviewed.explained:
        by_text.setdefault(reason.reason, {})[figure.name] = reason
        prior = reviewed.book.change(figure).prior
        changes_by_text.setdefault(reason.reason, set()).add((figure.printed, prior))
    for text, reason_by_figure in by_text.items():
        if len(changes_by_text[text]) > MOST_FIGURES_PER_REASON:
            first, *others = dict.fromkeys(r.place for r in reason_by_figure.values())
            yield Finding(
                f"同一句原因用于 {len(reason_by_figure)} 个指标：{text}",
                first,
                "分别写出各个指标增减的具体原因",
                related=tuple(others),
            )


def reason_states_printed_amounts(reviewed: Reviewed) -> Iterator[Finding]:
    """An amount typed into a reason is one that the document prints: else it may be another year's."""
    measure = reviewed.book.published_measure.name
    stated = re.compile(rf"(?<![0-9.,])([0-9][0-9,]*(?:\.[0-9]+)?) *{measure}(?! *[/／])")
    found = [
        (text, reason.place, match)
        for reason in dict.fromkeys(reason for _, reason in reviewed.explained)
        for text in (reason.reason, reason.remark)
        for match in stated.finditer(text)
    ]
    printed = frozenset(_printed_numbers(reviewed.document)) if found else frozenset()
    for text, place, match in found:
        if _number_of(match[1]) not in printed:
            yield Finding(
                f"原因里写着“{match[0]}”，文件里没有别处印这个数：{text}",
                place_of(text) or place,
                "核对是不是往年的数；写的数不会跟着数据变，能不写就不写",
            )


def _printed_numbers(document: Document) -> Iterator[Decimal]:
    """Those of figures, wherever they are printed."""
    for block in document.blocks():
        texts = [segment.text for segment in block.segments if segment.kind == FIGURE]
        if isinstance(block, Table):
            texts += [cell.text for row in block.rows for cell in row.cells if cell.figure]
        for text in texts:
            if match := _NUMBER.match(text):
                yield _number_of(match[0])


def _number_of(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _contradiction(text: str, change: Change) -> tuple[str, str] | None:
    """The word of a reason that does not go with the change, and the change in words."""
    down, up = _DOWNWARD.search(text), _UPWARD.search(text)
    either = down or up
    if change.kind in (UNCHANGED, BOTH_ZERO) and either:
        return either[0], "没有增减"
    if change.kind not in (UNCHANGED, BOTH_ZERO, NO_BASE) and not either:
        level = _LEVEL.search(text)
        return (level[0], f"有增减（{_amount(change)}）") if level else None
    if change.kind in (INCREASE, NEW) and down and not up:
        return down[0], f"增加{_amount(change)}"
    if change.kind in (DECREASE, GONE) and up and not down:
        return up[0], f"减少{_amount(change)}"
    return None


def _explanations(reviewed: Reviewed) -> Iterator[Explanation]:
    """Reasons written for a figure, printed or not; then general ones, beside what they explain."""
    book = reviewed.book
    written = ((_figure_of(book, reason), reason) for reason in book.budget.reasons)
    general = ((figure, reason) for figure, reason in reviewed.explained if not reason.figure)
    for figure, reason in (*written, *general):
        if figure is None or not book.has_prior or reason.reason == OWED_TEXT:
            continue
        target = target_of(reason)
        if not reason.figure:
            target = f"{book.label(figure)}（原因写给{target}）"
        try:
            yield Explanation(reason, target, book.change(figure))
        except NegativeBase:
            continue


def _figure_of(book: FigureBook, reason: Reason) -> Figure | None:
    try:
        return book.resolve_qualified(reason.figure, reason.function)
    except KeyError:
        return None


def _places(book: FigureBook, change: Change) -> tuple[Place, ...]:
    """Where last year's figure stands, and the first line of this year's."""
    prior = (change.prior_place,) if change.prior_place else ()
    return (*prior, *book.places(change.figure)[:1])


def _amount(change: Change) -> str:
    return f"{prose_text(abs(signed(change)))}{change.figure.measure}"
