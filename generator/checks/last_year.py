"""Checks of last year's facts: a slip there makes a wrong comparison, and nothing else shows it."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from itertools import permutations

from generator.checks.rule import NotRun
from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME, DEFINITIONS, selection_named
from generator.figures.expressions import Add, Select
from generator.figures.last_year import has_items, qualified_name
from generator.figures.measures import DIMENSIONS, within
from generator.model import Published, PublishedFact
from generator.money import rounding_slack
from generator.numerals import prose_text
from generator.problems import ERROR, WARNING, Finding, Place, suggestion
from generator.terms import CARRIED_ORIGINS, FISCAL_FUNDS

# One character of four is another: 三公经废. 政府采购金额, which is no figure, is further off.
_NEAR = 3 / 4
# Words that stand for one another in names of figures: all of them are published.
_SIDE = re.compile("收入|支出|收支|合计|总计")
_COMPARED = (
    *("收入总计", "支出总计", "一般公共预算收支", "政府性基金收支", "国有资本经营预算收支"),
    *("一般公共预算支出", "政府性基金支出", "国有资本经营预算支出", "三公经费", "因公出国境费"),
    *("公务用车购置费", "公务用车运行费", "公务接待费", "机关运行经费"),
)
# The largest part of a total, which nothing is compared with: it need not be listed.
_UNCOMPARED = {"本年收入合计", "支出合计"}
# What the forms of many places have two rows for, and no sum.
_PRINTED_APART = {"上年结转结余": Add(CARRIED_ORIGINS)}
_ORDINARY = frozenset(_SIDE.sub("*", name) for name in DEFINITION_BY_NAME)


def fact_is_published_once(book: FigureBook) -> Iterator[Finding]:
    """No figure has two values of last year: only one of them would be compared with."""
    first_by_name: dict[str, PublishedFact] = {}
    for fact in _published(book).facts:
        first = first_by_name.setdefault(qualified_name(fact.figure, fact.function), fact)
        if first is not fact:
            yield Finding(
                f"“{_called(fact)}”有两行，先见于第 {first.place.line} 行",
                fact.place,
                "对照上年公布的文件，只留一行",
                ERROR,
                related=(first.place,),
            )


def fact_has_a_value(book: FigureBook) -> Iterator[Finding]:
    """A figure that was published has a value: blank is not zero, and no base."""
    for fact in _published(book).facts:
        if fact.amount is None:
            yield Finding(
                f"“{_called(fact)}”没有数值，不作为比较的基数",
                fact.place,
                "公布的是零就写 数值: 0；上年没有公布就删掉这一行",
            )


def compared_figures_have_facts(book: FigureBook) -> Iterator[Finding]:
    """What the text compares with last year was published then, as far as there is money now."""
    published = _published(book)
    figures = map(book.named, _COMPARED)
    missing = [f.name for f in figures if f and book.last_year.base_of(f) is None]
    if missing:
        yield Finding(
            f"上年的数里没有 {'、'.join(missing)}，文件里不写它们的增减",
            published.place,
            "对照上年公布的文件补上；上年没有公布的，写进 acknowledged.yaml",
        )


def items_are_still_public(book: FigureBook) -> Iterator[Finding]:
    """What was published of an item that is 涉密 as a whole now is compared with nothing."""
    published = _published(book)
    first = {fact.function: fact for fact in reversed(published.facts) if fact.amount}
    for code in sorted(book.last_year.hidden & first.keys()):
        yield Finding(
            f"科目 {code} 今年的支出都是涉密的：文件里不列这一项，也不与上年比较",
            first[code].place,
            "合计的上年数里仍有这一项，增减的说法按保密要求核对；确认后写进 acknowledged.yaml",
        )


def fact_names_a_figure(book: FigureBook) -> Iterator[Finding]:
    """指标 names a figure; one that this edition no longer has is doubted, a slip is wrong."""
    published = _published(book)
    names = {fact.figure for fact in published.facts}
    for fact in published.facts:
        if not _is_figure(book, fact.figure):
            yield _unknown(fact.figure, place_of(fact.figure) or fact.place, names)
        elif fact.function and not has_items(fact.figure):
            message = f"“{fact.figure}”不分功能科目，“{_called(fact)}”不会与今年比较"
            hint = "删掉 功能科目，或核对指标"
            yield Finding(message, fact.place, hint)
    without_items = {name for name in DEFINITION_BY_NAME if not has_items(name)}
    for name in published.complete:
        place = place_of(name) or published.place
        if name not in DEFINITION_BY_NAME:
            yield _unknown(name, place, without_items)
        elif not has_items(name):
            message = f"“{name}”不分功能科目，不能写在 完整 里"
            hint = "完整 只写分功能科目公布的指标，如 一般公共预算支出"
            yield Finding(message, place, hint, ERROR)


def fact_code_is_in_the_catalogue(book: FigureBook) -> Iterator[Finding]:
    """A code that is no longer there is compared with nothing, unless recode.yaml says what became of it."""
    published = _published(book)
    recoded = {line.old for line in book.budget.recodes}
    places_by_code: dict[str, list[Place]] = {}
    for fact in published.facts:
        for dimension, code in _codes_of(fact):
            known = (
                book.catalogue.functions if dimension == "功能科目" else book.catalogue.economics
            )
            if code not in known and code not in recoded:
                places_by_code.setdefault(f"{dimension} {code}", []).append(fact.place)
    local = f"catalogue/{book.catalogue.edition}/local.csv"
    for title, (first, *others) in places_by_code.items():
        yield Finding(
            f"{book.catalogue.edition} 版科目里没有上年的{title}，它的数不会与今年比较",
            first,
            f"核对编码；今年换了编码就写进 recode.yaml，是地方科目就写进 {local}",
            related=tuple(others),
        )


def fact_parts_add_up(book: FigureBook) -> Iterator[Finding]:
    """What was published of a sum's parts is the sum, as far as rounding lets one tell."""
    published = _published(book)
    step = _step_of(book)
    facts = _of_figures(published)
    for definition in DEFINITIONS:
        total = facts.get(definition.name)
        if not isinstance(definition.expression, Add) or total is None or total.amount is None:
            continue
        parts, missing = _listed_parts(definition.expression, facts)
        added = _sum(parts)
        if added < total.amount and not _UNCOMPARED.isdisjoint(missing):
            continue
        gap = abs(added - total.amount)
        # What is not listed may have been less than is printed.
        terms = len(parts) + bool(missing)
        slack = 0 if definition.measure else rounding_slack(terms, step)
        if parts and gap and gap >= slack:
            absent = f"（没有 {'、'.join(missing)} 的数）" if missing else ""
            supply = "补上没有的数，" if missing else ""
            measure = definition.measure or published.measure
            yield Finding(
                f"上年的{definition.name}是 {prose_text(total.amount)}{measure}，"
                f"各项之和是 {prose_text(added)}{measure}{absent}",
                total.place,
                f"{supply}对照上年公布的文件核对这几行；公布的就是这样，写进 acknowledged.yaml",
                related=tuple(part.place for part in parts),
            )


def fact_totals_agree(book: FigureBook) -> Iterator[Finding]:
    """What was published as 收入总计 was 支出总计, too, and no part was larger than its whole."""
    published = _published(book)
    facts = _of_figures(published)
    revenue, expenditure = facts.get("收入总计"), facts.get("支出总计")
    if revenue and expenditure and revenue.amount != expenditure.amount:
        yield _disagree((expenditure,), revenue, "不等于", published.measure)
    for part, whole in _parts_and_wholes(published, facts):
        if _sum((part,)) > _sum((whole,)):
            yield _disagree((part,), whole, "大于", published.measure)
    funds = tuple(fact for fund in FISCAL_FUNDS if (fact := facts.get(f"{fund}收支")))
    total = revenue or expenditure
    slack = rounding_slack(len(funds), _step_of(book))
    if total and funds and _sum(funds) - _sum((total,)) >= slack:
        yield _disagree(funds, total, "大于", published.measure)


def _parts_and_wholes(
    published: Published, facts: Mapping[str, PublishedFact]
) -> Iterator[tuple[PublishedFact, PublishedFact]]:
    """Which facts are some of which: figures of others, function items of their fund's."""
    pairs = permutations(facts.values(), 2)
    yield from ((part, whole) for part, whole in pairs if _is_part(part.figure, whole.figure))
    for fund in FISCAL_FUNDS:
        whole = facts.get(f"{fund}收支") or facts.get(f"{fund}支出")
        if whole is not None:
            spent = (fact for fact in published.facts if fact.figure == f"{fund}支出")
            yield from ((item, whole) for item in spent if item.function)


def _sum(facts: Iterable[PublishedFact]) -> Decimal:
    return sum((fact.amount or Decimal(0) for fact in facts), Decimal(0))


def _disagree(
    parts: tuple[PublishedFact, ...], whole: PublishedFact, verb: str, measure: str
) -> Finding:
    added = f"（相加 {prose_text(_sum(parts))}{measure}）" if len(parts) > 1 else ""
    shown = "、".join(f"{_called(part)} {prose_text(_sum((part,)))}{measure}" for part in parts)
    return Finding(
        f"上年的{shown}{added}{verb}{_called(whole)} {prose_text(_sum((whole,)))}{measure}",
        parts[0].place,
        "对照上年公布的文件核对这几行；公布的就是这样，写进 acknowledged.yaml",
        related=(*(part.place for part in parts[1:]), whole.place),
    )


def _of_figures(published: Published) -> dict[str, PublishedFact]:
    """The facts with an amount, by figure; those of function items are left out."""
    return {
        fact.figure: fact
        for fact in published.facts
        if not fact.function and fact.amount is not None
    }


@lru_cache(maxsize=4096)  # the same figures are published every year
def _is_part(name: str, whole: str) -> bool:
    """Whether a figure's lines are some of another's: of 支出总计, 一般公共预算支出.

    What a fund spends comes out of what it receives. That the summands themselves make the sum is
    for `fact_parts_add_up`.
    """
    if any((name, whole) == (f"{fund}支出", f"{fund}收支") for fund in FISCAL_FUNDS):
        return True
    own, other = (
        definition.expression if (definition := DEFINITION_BY_NAME.get(n)) else None
        for n in (name, whole)
    )
    if isinstance(other, Add):
        return any(_is_part(name, summand) for summand in other.names)
    return (
        isinstance(own, Select)
        and isinstance(other, Select)
        and own.measure == other.measure
        and own.filters != other.filters
        and within(own.filters, other.filters)
    )


def _listed_parts(
    expression: Add, facts: Mapping[str, PublishedFact]
) -> tuple[list[PublishedFact], list[str]]:
    """The facts of a sum's parts, in place of an absent part its own; and what is not listed."""
    listed: list[PublishedFact] = []
    missing: list[str] = []
    for name in expression.names:
        inner = _PRINTED_APART.get(name, DEFINITION_BY_NAME[name].expression)
        parts, absent = _listed_parts(inner, facts) if isinstance(inner, Add) else ([], [])
        if name in facts:
            listed.append(facts[name])
        elif parts:
            listed += parts
            missing += absent
        else:
            missing.append(name)
    return listed, missing


def _published(book: FigureBook) -> Published:
    if book.budget.prior is None:
        raise NotRun("没有上年公布的数")
    return book.budget.prior


def _called(fact: PublishedFact) -> str:
    return f"{fact.figure} {fact.function}".rstrip()


def _is_figure(book: FigureBook, name: str) -> bool:
    """Whether it is registered, or a selection of lines by a dimension there is."""
    selection = selection_named(name)
    if selection is None:
        return name in DEFINITION_BY_NAME or name in book.measures
    return (
        selection.measure in book.measures and dict(selection.filters).keys() <= DIMENSIONS.keys()
    )


def _unknown(name: str, place: Place, excluded: set[str]) -> Finding:
    """An error if it is a figure's name but for one character; what it may be, if it is near one.

    `excluded` are names that it cannot be.
    """
    ordinary = _SIDE.sub("*", name) in _ORDINARY  # 财政拨款支出 is no slip for 财政拨款收支
    figures = () if ordinary else DEFINITION_BY_NAME.keys() - excluded
    near = difflib.get_close_matches(name, figures, 3, _NEAR)
    slips = [figure for figure in near if _is_slip(name, figure)]
    abolished = "今年已经没有这个指标，就写进 acknowledged.yaml；make figures 列出全部指标"
    return Finding(
        f"没有名为“{name}”的指标，它的数不会与今年比较",
        place,
        suggestion(name, slips) or suggestion(name, near[:1]) + abolished,
        ERROR if slips else WARNING,
    )


def _is_slip(name: str, figure: str) -> bool:
    same_length = len(name) == len(figure)
    return same_length and sum(a != b for a, b in zip(name, figure, strict=True)) == 1


def _codes_of(fact: PublishedFact) -> Iterator[tuple[str, str]]:
    """The classification codes a fact is about, with their dimension."""
    if fact.function:
        yield "功能科目", fact.function
    selection = None if fact.figure in DEFINITION_BY_NAME else selection_named(fact.figure)
    for dimension, values in selection.filters if selection else ():
        if dimension in ("功能科目", "经济科目"):
            yield from ((dimension, value) for value in values)


def _step_of(book: FigureBook) -> Decimal:
    """The last digit that last year's amounts were published with, as most of them show it.

    12 may have been typed for 12.0: where all are whole, they have this year's digits.
    """
    published, usual = _published(book), book.published_measure
    texts = (str(fact.amount) for fact in published.facts if fact.amount is not None)
    times = Counter(len(text.partition(".")[2]) for text in texts if "." in text)
    if times:
        decimals = max(times, key=lambda digits: (times[digits], -digits))
    else:
        decimals = usual.decimals if usual.name == published.measure else 0
    return Decimal(1).scaleb(-decimals)
