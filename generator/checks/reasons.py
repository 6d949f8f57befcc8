"""Checks of the reasons people wrote, and of the changes by function item.

What a reason says beside the figures it is printed for is judged in review/explanations.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.checks.rule import NotRun
from generator.fields import OWED_TEXT, place_of
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.figure import Change, NegativeBase
from generator.figures.last_year import has_items
from generator.model import Reason
from generator.money import rounding_slack
from generator.numerals import prose_text
from generator.problems import ERROR, ROUNDING, WARNING, Finding, suggestion
from generator.residue import residues_of

# A reason that breaks off, or begins with what its sentence says before it and does not leave out.
_UNFINISHED = re.compile("…+$|^主要原因(?![是为：:])", re.MULTILINE)
# What stands in a form instead of a reason.
_NO_REASON = re.compile(
    r"\W*(?:无|没有|略|暂无|待定|待补充?|待核实?|不详|其[他它](?:原因)?|详?见附[件表]|[同见](?:上|前)文?"
    r"|同[上去]年|同(?:收入|支出)?总计|(?:与上年)?(?:无|没有)?(?:增减)?变化|(?:与上年)?持平|无增减)?\W*"
)


def reason_names_a_figure(book: FigureBook) -> Iterator[Finding]:
    """指标 names a registered figure; 功能科目 goes with a figure that has function items."""
    for reason in book.budget.reasons:
        if reason.function and not reason.figure:
            yield Finding(
                f"写了功能科目 {reason.function}，没有写 指标",
                reason.place,
                "补上 指标，例如 指标: 一般公共预算支出",
                ERROR,
            )
        elif reason.figure and reason.figure not in DEFINITION_BY_NAME:
            yield Finding(
                f"没有名为“{reason.figure}”的指标",
                place_of(reason.figure) or reason.place,
                suggestion(reason.figure, DEFINITION_BY_NAME) or "make figures 列出全部指标",
                ERROR,
            )
        elif reason.figure and reason.function and not has_items(reason.figure):
            yield Finding(
                f"“{reason.figure}”不分功能科目，没有“{reason.figure} {reason.function}”这个指标",
                reason.place,
                "删掉 功能科目；要说明一个科目的增减，指标 写 一般公共预算支出",
                ERROR,
            )


def figure_has_one_reason(book: FigureBook) -> Iterator[Finding]:
    """No figure, section or document has two reasons: only one of them could be printed."""
    seen: dict[tuple[str, str, str], Reason] = {}
    for reason in book.budget.reasons:
        target = (reason.figure, reason.function, reason.section)
        first = seen.setdefault(target, reason)
        if first is not reason:
            yield Finding(
                f"“{target_of(reason)}”有两条原因",
                reason.place,
                "只留一条",
                ERROR,
                related=(first.place,),
            )


def reason_has_no_residue(book: FigureBook) -> Iterator[Finding]:
    """XX, （增加/减少）, 。。 and the like left over from a form, or words that are none. Rule C19."""
    texts = [
        (reason, text) for reason in book.budget.reasons for text in (reason.reason, reason.remark)
    ]
    is_any_left = any(_left_in("\n".join([text for _, text in texts])))
    for reason, text in texts:
        if text and _NO_REASON.fullmatch(text):
            yield Finding(
                f"“{target_of(reason)}”的原因只写着“{text}”，会照样印出来",
                place_of(text) or reason.place,
                f"写上原因；还不知道就写 {OWED_TEXT}",
            )
        elif text == OWED_TEXT or not is_any_left:  # owed, if it is to be printed
            continue
        elif found := list(_left_in(text)):
            first = min(found, key=re.Match.start)
            yield Finding(
                f"“{target_of(reason)}”的原因里有残留“{first[0]}”",
                place_of(text) or reason.place,
                "改成完整的话",
            )


def _left_in(text: str) -> Iterator[re.Match[str]]:
    yield from (match for _, match in residues_of(text))
    yield from _UNFINISHED.finditer(text)


def reason_is_new(book: FigureBook) -> Iterator[Finding]:
    """A reason that repeats last year's published words may be stale; a general one, any of them."""
    prior = book.budget.prior
    if prior is None or not prior.reasons:
        raise NotRun("上年没有公布原因可比")
    by_target = {(r.figure, r.function): r for r in prior.reasons}
    by_words = {r.reason: r for r in prior.reasons}
    for reason in book.budget.reasons:
        target = reason.figure, reason.function
        last = by_target.get(target) if reason.figure else by_words.get(reason.reason)
        if last is not None and last.reason == reason.reason != OWED_TEXT:
            yield Finding(
                f"“{target_of(reason)}”的原因和上年公布的一字不差：{reason.reason}",
                reason.place,
                "确认今年仍是这个原因，或改写",
                related=(last.place,),
            )


def item_changes_add_up(book: FigureBook) -> Iterator[Finding]:
    """The changes of the function items add up to the total's change, within rounding. Rule C07."""
    family = book.general_public_budget
    total = book.select(family)
    if book.last_year.hidden:
        raise NotRun("有的科目今年涉密，不比较")
    codes = book.functions(family)
    gone = (
        fact.function
        for fact in book.last_year.facts
        if fact.figure == total.name and len(fact.function) == 7 and fact.function not in codes
    )
    items = book.divided(family, 功能科目=codes)
    try:
        changes = [
            book.change(figure) for figure in (*items, *book.divided(family, 功能科目=tuple(gone)))
        ]
        whole = book.change(total)
    except NegativeBase:
        raise NotRun("上年有负数") from None
    if whole.prior is None or any(change.prior is None for change in changes):
        raise NotRun("没有上年各科目的公布数")
    if any(figure.owed for figure in (total, *items)):
        raise NotRun("今年的数还没有填全")
    delta = signed(whole)
    parts = sum((signed(change) for change in changes), Decimal(0))
    if parts != delta:
        # A change is the difference of two printed amounts.
        step = book.published_measure.step
        within = abs(parts - delta) < 2 * rounding_slack(len(changes), step)
        yield Finding(
            f"各功能科目增减之和是 {prose_text(parts)}{total.measure}，"
            f"{total.name}的增减是 {prose_text(delta)}{total.measure}",
            whole.prior_place or book.department.place,
            "四舍五入造成的尾差，文中有说明" if within else "核对上年公布数：各科目之和与合计不符",
            ROUNDING if within else WARNING,
        )


def signed(change: Change) -> Decimal:
    """The printed difference with its sign; zero if there is none."""
    printed = change.difference.printed if change.difference is not None else None
    return printed or Decimal(0)


def target_of(reason: Reason) -> str:
    """What a reason is written for, in words."""
    return reason.figure + (f" {reason.function}" if reason.function else "") or (
        f"章节‘{reason.section}、’" if reason.section else "全文"
    )
