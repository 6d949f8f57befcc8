"""Checks of what people wrote: reasons against the changes they explain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.checks.rule import NotRun
from generator.fields import OWED_TEXT
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import narrowed
from generator.figures.figure import (
    BOTH_ZERO,
    DECREASE,
    GONE,
    INCREASE,
    NEW,
    UNCHANGED,
    Change,
    Figure,
    NegativeBase,
)
from generator.model import Reason
from generator.numerals import prose_text
from generator.problems import ROUNDING, WARNING, Problem, suggestion

_DOWNWARD = re.compile("减少|压缩|压减|厉行节约|下降|缩减|核减|降低")
_UPWARD = re.compile("增加|增长|新增|提高|上升|扩大|增多|上涨|追加")
# Residue of a form that nobody filled in, or that was pasted twice.
_RESIDUE = re.compile(
    r"[XxＸ×]{2,}|（?增加/减少）?|增加（减少）|减少（增加）|。。|，，|、、|…+$|^主要原因|_{2,}"
)
# One sentence for more figures than this explains none of them.
MOST_FIGURES_PER_REASON = 3


def reason_names_a_figure(book: FigureBook) -> Iterator[Problem]:
    """指标 names a registered figure; 功能科目 goes with a figure that has function items."""
    for reason in book.budget.reasons:
        if reason.figure and reason.figure not in DEFINITION_BY_NAME:
            yield Problem(
                "reason-unknown-figure",
                f"没有名为“{reason.figure}”的指标",
                reason.place,
                suggestion(reason.figure, DEFINITION_BY_NAME) or "make figures 列出全部指标",
            )


def figure_has_one_reason(book: FigureBook) -> Iterator[Problem]:
    """No figure, section or document has two reasons: only one of them could be printed."""
    seen: dict[tuple[str, str, str], Reason] = {}
    for reason in book.budget.reasons:
        target = (reason.figure, reason.function, reason.section)
        first = seen.setdefault(target, reason)
        if first is not reason:
            yield Problem(
                "reason-duplicate",
                f"“{_target(reason)}”有两条原因",
                reason.place,
                "只留一条",
                related=(first.place,),
            )


def reason_agrees_with_change(book: FigureBook) -> Iterator[Problem]:
    """减少、压缩、厉行节约 beside an increase or no change, and the reverse. Rule C11."""
    for reason, change in _reasons_with_change(book):
        text = reason.reason if reason.reason != OWED_TEXT else ""
        down, up = _DOWNWARD.search(text), _UPWARD.search(text)
        words = None
        if change.kind in (UNCHANGED, BOTH_ZERO) and (down or up) and text:
            words = (down or up), "没有增减"
        elif change.kind in (INCREASE, NEW) and down and not up:
            words = down, f"增加{_amount(change)}"
        elif change.kind in (DECREASE, GONE) and up and not down:
            words = up, f"减少{_amount(change)}"
        if words is not None and words[0] is not None:
            yield Problem(
                "reason-contradicts",
                f"“{_target(reason)}”{words[1]}，原因却说“{words[0][0]}”：{text}",
                reason.place,
                "改原因，或核对这个指标的明细行和上年公布数",
                WARNING,
                related=(change.prior_place,) if change.prior_place else (),
            )
        elif reason.remark and (_DOWNWARD.search(reason.remark) or _UPWARD.search(reason.remark)):
            yield Problem(
                "reason-contradicts",
                f"“{_target(reason)}”的说明说成了有增减：{reason.remark}",
                reason.place,
                "说明只写没有变动时的情况；有增减的写进 原因",
                WARNING,
            )


def reason_has_no_residue(book: FigureBook) -> Iterator[Problem]:
    """XX, （增加/减少）, 。。 and the like left over from a form. Rule C19."""
    for reason in book.budget.reasons:
        for text in (reason.reason, reason.remark):
            residue = _RESIDUE.search(text)
            if residue:
                yield Problem(
                    "reason-residue",
                    f"“{_target(reason)}”的原因里有残留“{residue[0]}”",
                    reason.place,
                    "改成完整的话",
                    WARNING,
                )


def reason_is_specific(book: FigureBook) -> Iterator[Problem]:
    """The same words explain at most a few figures."""
    by_text: dict[str, list[Reason]] = {}
    for reason in book.budget.reasons:
        if reason.figure and reason.reason and reason.reason != OWED_TEXT:
            by_text.setdefault(reason.reason, []).append(reason)
    for text, reasons in by_text.items():
        if len(reasons) > MOST_FIGURES_PER_REASON:
            yield Problem(
                "reason-overused",
                f"同一句原因用于 {len(reasons)} 个指标：{text}",
                reasons[0].place,
                "分别写出各个指标增减的具体原因",
                WARNING,
                related=tuple(reason.place for reason in reasons[1:]),
            )


def reason_is_new(book: FigureBook) -> Iterator[Problem]:
    """A reason that repeats last year's published words may be stale."""
    prior = book.budget.prior
    if prior is None or not prior.reasons:
        raise NotRun("上年没有公布原因可比")
    former = {(r.figure, r.function): r for r in prior.reasons if r.reason}
    for reason in book.budget.reasons:
        last = former.get((reason.figure, reason.function))
        if last is not None and last.reason == reason.reason != OWED_TEXT:
            yield Problem(
                "reason-stale",
                f"“{_target(reason)}”的原因和上年公布的一字不差：{reason.reason}",
                reason.place,
                "确认今年仍是这个原因，或改写",
                WARNING,
                related=(last.place,),
            )


def item_changes_add_up(book: FigureBook) -> Iterator[Problem]:
    """The changes of the function items add up to the total's change, within rounding. Rule C07."""
    family = book.general_public_budget
    total = book.select(family)
    codes = book.functions(family)
    items = [book.select(narrowed(family, 功能科目=code)) for code in codes]
    gone = _gone_items(book, total.name, codes)
    try:
        changes = [book.change(figure) for figure in (*items, *gone)]
        whole = book.change(total)
    except NegativeBase:
        raise NotRun("上年有负数") from None
    if whole.prior is None or any(change.prior is None for change in changes):
        raise NotRun("没有上年各科目的公布数")
    if any(figure.owed for figure in (total, *items)):
        raise NotRun("今年的数还没有填全")
    delta = _signed(whole)
    parts = sum((_signed(change) for change in changes), Decimal(0))
    if parts != delta:
        half = Decimal(5).scaleb(-book.published_measure.decimals - 1)
        within = abs(parts - delta) <= half * 2 * (len(changes) + 1)
        yield Problem(
            "items-total-change",
            f"各功能科目增减之和是 {prose_text(parts)}{total.measure}，"
            f"{total.name}的增减是 {prose_text(delta)}{total.measure}",
            whole.prior_place or book.department.place,
            "四舍五入造成的尾差，文中有说明" if within else "核对上年公布数：各科目之和与合计不符",
            ROUNDING if within else WARNING,
        )


def _gone_items(book: FigureBook, family: str, codes: tuple[str, ...]) -> list[Figure]:
    facts = book.prior_facts
    expression = book.general_public_budget
    return [
        book.select(narrowed(expression, 功能科目=fact.function))
        for fact in facts
        if fact.figure == family and len(fact.function) == 7 and fact.function not in codes
    ]


def _reasons_with_change(book: FigureBook) -> Iterator[tuple[Reason, Change]]:
    for reason in book.budget.reasons:
        definition = DEFINITION_BY_NAME.get(reason.figure)
        if definition is None or not book.has_prior:
            continue
        figure = book.resolve_qualified(reason.figure, reason.function)
        try:
            change = book.change(figure)
        except NegativeBase:
            continue
        yield reason, change


def _signed(change: Change) -> Decimal:
    printed = change.difference.printed if change.difference is not None else None
    return printed or Decimal(0)


def _amount(change: Change) -> str:
    return f"{prose_text(abs(_signed(change)))}{change.figure.measure}"


def _target(reason: Reason) -> str:
    return reason.figure + (f" {reason.function}" if reason.function else "") or (
        f"第{reason.section}部分" if reason.section else "全文"
    )
