"""Checks of the raw lines: each reads as a sentence and names the line that breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple

from generator.catalogue import Catalogue
from generator.checks.rule import places_of
from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME, PERSONNEL_ECONOMICS, RUNNING_ECONOMICS
from generator.figures.expressions import Select, SelectOfKinds, narrowed, select
from generator.figures.figure import Figure
from generator.figures.measures import Selection, selection_of
from generator.figures.recoding import recode_problems
from generator.model import Control, ExpenditureLine, RevenueLine
from generator.money import Money
from generator.problems import ERROR, Finding, Problem, suggestion
from generator.terms import (
    CARRIED,
    CARRIED_ORIGINS,
    FISCAL_FUNDS,
    FUND_GROUPS,
    GENERAL_PUBLIC_BUDGET,
    OWN_FUND,
    OWN_FUND_KINDS,
    OWN_FUND_SOURCES,
    OWN_SURPLUS,
    PERSONNEL,
    RUNNING,
    THIS_YEAR,
    fund_group,
)

_ECONOMICS_BY_KIND = {PERSONNEL: PERSONNEL_ECONOMICS, RUNNING: RUNNING_ECONOMICS}


def _funds(book: FigureBook) -> tuple[str, ...]:
    """The groups of funds that some line is of."""
    used = {
        fund
        for name in ("收入", "支出", "年终结转")
        for fund in book.measures[name].values("fund_group")
    }
    return tuple(fund for fund in FUND_GROUPS if fund in used)


def revenue_equals_expenditure(book: FigureBook) -> Iterator[Finding]:
    """Per unit and fund: revenue (with carry-over) = expenditure + carried out. Rules A01, B04."""
    for unit, fund in product(book.department.units, _funds(book)):
        sides = _sides(book, "收入", {"单位": unit.code, "资金来源": fund})
        revenue, spent, kept = sides
        income, outgo = revenue.fen or 0, (spent.fen or 0) + (kept.fen or 0)
        if income != outgo and not sides.owed:
            left, right = map(places_of, (revenue.entries, spent.entries + kept.entries))
            first, *others = left + right
            yield Finding(
                f"{unit.name}（{unit.code}）的{fund}收支不等：收入 {Money(income).yuan} 元，"
                f"支出（含年终结转结余）{Money(outgo).yuan} 元，{_larger_side(income, outgo)}",
                first,
                "核对 revenue.yaml 和 expenditure.yaml 里这个单位、这项资金的各行"
                + ("；留到下年用的，写进 department.yaml 的 年终结转结余" * (income > outgo)),
                ERROR,
                related=tuple(others),
            )


def _larger_side(income: int, outgo: int) -> str:
    """Which of two unequal sides is larger, and by how much."""
    side = "收入" if income > outgo else "支出"
    return f"{side}多 {Money(abs(income - outgo)).yuan} 元"


def carried_over_pays_for_itself(book: FigureBook) -> Iterator[Finding]:
    """Per unit and fund: carried-over revenue = expenditure of it + what of it is carried out.

    So it is of 上年结转 and of 使用非财政拨款结余, each by itself.
    """
    for unit, fund in product(book.department.units, _funds(book)):
        filters = {"单位": unit.code, "资金来源": fund}
        if _balanced(book, filters):
            whole = _sides(book, "收入", filters | {"来源年度": CARRIED})
            for name, sides in _uneven_parts(whole).items():
                title = f"{unit.name}（{unit.code}）的{fund}{name}"
                written = OWN_SURPLUS if name == OWN_SURPLUS else CARRIED
                hint = f"{name}的收入和用它安排的支出，两边的行都写 来源年度: {written}"
                yield from _uneven(title, sides, hint)


def fiscal_part_pays_for_itself(book: FigureBook) -> Iterator[Finding]:
    """Per unit, of this year and carried over: the 财政拨款 of revenue = that of expenditure."""
    wrong = {problem.place for problem in fiscal_within_general_budget(book)}
    units = {line.unit for line in book.budget.revenue if line.place in wrong}
    for unit in book.department.units:
        filters = {"单位": unit.code, "资金来源": GENERAL_PUBLIC_BUDGET}
        if unit.code in units or not _balanced(book, filters):
            continue
        for origin in (THIS_YEAR, CARRIED):
            narrower = filters | {"来源年度": origin}
            if _balanced(book, narrower):
                pair = _sides(book, "财政拨款收入", narrower, 财政拨款="是")
                title = (
                    f"{unit.name}（{unit.code}）的{GENERAL_PUBLIC_BUDGET}（{origin}）其中财政拨款"
                )
                hint = "核对 revenue.yaml 的 其中财政拨款 和 expenditure.yaml 的 财政拨款"
                yield from _uneven(title, pair, hint)


class _Sides(NamedTuple):
    """Revenue and what it pays for; what was carried out has no origin: any part of it may count."""

    revenue: Selection
    spent: Selection
    kept: Selection

    @property
    def balanced(self) -> bool:
        """Whether the revenue is the expenditure and no more than all that is carried out."""
        income, spent, kept = (selection.fen or 0 for selection in self)
        return spent <= income <= spent + kept

    @property
    def owed(self) -> bool:
        return any(selection.owed for selection in self)


def _sides(book: FigureBook, revenue: str, filters: Mapping[str, str], **spent: str) -> _Sides:
    carried_out = {name: value for name, value in filters.items() if name != "来源年度"}
    return _Sides(
        book.lines(select(revenue, **filters)),
        book.lines(select("支出", **filters, **spent)),
        book.lines(select("年终结转", **carried_out)),
    )


def _uneven_parts(carried: _Sides) -> Mapping[str, _Sides]:
    """The parts of carried-over money that are uneven, by name; where none is, the whole may be:
    both parts together may leave more than is carried out.
    """
    origins = {entry.origin for entry in carried.revenue.entries + carried.spent.entries}
    if len(origins) == 1:
        return {origins.pop(): carried}
    parts = {
        origin: carried._replace(
            revenue=selection_of([e for e in carried.revenue.entries if e.origin == origin]),
            spent=selection_of([e for e in carried.spent.entries if e.origin == origin]),
        )
        for origin in CARRIED_ORIGINS
    }
    uneven = {origin: sides for origin, sides in parts.items() if not sides.balanced}
    return uneven or {"上年结转结余": carried}


def _balanced(book: FigureBook, filters: Mapping[str, str]) -> bool:
    """Whether the whole is known and balanced: if not, another rule says so already."""
    sides = _sides(book, "收入", filters)
    return sides.balanced and not sides.owed


def _uneven(title: str, sides: _Sides, hint: str) -> Iterator[Finding]:
    if sides.balanced or sides.owed:
        return
    income, spent, kept = (Money(selection.fen or 0) for selection in sides)
    places = places_of(sides.spent.entries) + places_of(sides.revenue.entries)
    carried_out = f"，年终结转结余 {kept.yuan} 元" if kept else ""
    larger = _larger_side(income, spent if income < spent else spent + kept)
    yield Finding(
        f"{title}收支不等：收入 {income.yuan} 元，支出 {spent.yuan} 元{carried_out}，{larger}",
        places[0],
        hint,
        ERROR,
        related=places[1:],
    )


def own_fund_source_is_named(book: FigureBook) -> Iterator[Finding]:
    """This year's 单位资金 revenue is disclosed by its five sources (table 2)."""
    for line in book.budget.revenue:
        if line.fund == OWN_FUND and line.origin == THIS_YEAR:
            yield Finding(
                "本年的单位资金收入要写明是哪一种",
                line.place,
                f"资金来源改为：{'、'.join(OWN_FUND_SOURCES)}",
                ERROR,
            )


def surplus_is_of_own_funds(book: FigureBook) -> Iterator[Finding]:
    """使用非财政拨款结余 is 单位资金 of other years, as its name says, on both sides."""
    lines: tuple[RevenueLine | ExpenditureLine, ...]
    lines = (*book.budget.revenue, *book.budget.expenditure)
    for line in lines:
        if line.origin == OWN_SURPLUS and fund_group(line.fund) != OWN_FUND:
            yield Finding(
                f"{line.fund}没有{OWN_SURPLUS}",
                line.place,
                f"{line.fund}的上年结转写 来源年度: {CARRIED}；"
                f"用的是非财政拨款结余，资金来源写 {OWN_FUND}",
                ERROR,
            )


def fiscal_within_general_budget(book: FigureBook) -> Iterator[Finding]:
    """其中：财政拨款 ≤ 一般公共预算, and only there. Rule A06."""
    for line in book.budget.revenue:
        if not isinstance(line.fiscal, Money) or not isinstance(line.amount, Money):
            continue
        if line.fund != GENERAL_PUBLIC_BUDGET:
            message = f"{line.fund}没有“其中财政拨款”"
            yield Finding(message, line.place, "删掉其中财政拨款", ERROR)
        elif line.fiscal > line.amount:
            yield Finding(
                f"其中财政拨款 {line.fiscal.yuan} 元大于金额 {line.amount.yuan} 元",
                line.place,
                "核对这两个数",
                ERROR,
            )


def kind_fits_economic(book: FigureBook) -> Iterator[Finding]:
    """人员类 uses 301, 303; 公用经费 uses 302, 309, 310. Rules A11, A18."""
    for line in book.budget.expenditure:
        allowed = _ECONOMICS_BY_KIND.get(line.kind)
        if allowed is not None and line.economic[:3] not in allowed:
            name = book.catalogue.economic_name(line.economic)
            yield Finding(
                f"{line.kind}不能用经济科目 {line.economic} {name}",
                line.place,
                f"{line.kind}只用 {'、'.join(allowed)} 各款；核对类别和经济科目",
                ERROR,
            )


def own_fund_kind_is_paid_by_own_funds(book: FigureBook) -> Iterator[Finding]:
    """What a unit spends on trade, remits or passes on is none of 财政拨款's tables."""
    for line in book.budget.expenditure:
        if line.kind in OWN_FUND_KINDS and line.fund in FISCAL_FUNDS:
            yield Finding(
                f"{line.kind}不能用{line.fund}安排",
                place_of(line.fund) or line.place,
                "核对类别和资金来源；用财政拨款安排的，是基本支出或项目支出",
                ERROR,
            )


def government_economic_fits_unit(book: FigureBook) -> Iterator[Finding]:
    """The pair of economic codes is in the official mapping for the kind of unit. Rule A19.

    A pair that cannot be judged (a code of local.csv is not in the mapping) is doubted once.
    """
    kinds = {unit.code: unit.kind for unit in book.department.units}
    doubted: set[tuple[str, str, str]] = set()
    for line in book.budget.expenditure:
        allowed = _government_codes(book.catalogue, line, kinds[line.unit])
        pair = line.economic, line.government_economic, kinds[line.unit]
        if not allowed and pair not in doubted:
            doubted.add(pair)
            yield Finding(
                f"对应表里没有 {line.economic}，{kinds[line.unit]}单位用它对应政府经济科目"
                f" {line.government_economic} 没有核对过",
                line.place,
                "按增设科目的文件核对",
            )
        elif allowed and line.government_economic not in allowed:
            yield Finding(
                f"{kinds[line.unit]}单位的 {line.economic} 不对应政府经济科目"
                f" {line.government_economic}",
                line.place,
                f"对应表：{'、'.join(allowed)}；不写政府经济科目就按对应表推出",
                ERROR,
            )


def _government_codes(catalogue: Catalogue, line: ExpenditureLine, kind: str) -> tuple[str, ...]:
    found = catalogue.government_by_economic.get((line.economic, kind), ())
    return tuple(subject.code for subject in found)


def controls_are_met(book: FigureBook) -> Iterator[Finding | Problem]:
    """Totals issued by the finance bureau equal the data's, to the fen."""
    for control in book.budget.controls:
        if not isinstance(control.amount, Money):
            continue
        definition = DEFINITION_BY_NAME.get(control.figure)
        narrow = bool(control.unit or control.function)
        if (
            definition is None
            or definition.measure
            or (narrow and not isinstance(definition.expression, Select | SelectOfKinds))
        ):
            yield Problem(
                "unknown-figure",
                f"控制数的指标“{control.figure}”不能这样用",
                place_of(control.figure) or control.place,
                (suggestion(control.figure, DEFINITION_BY_NAME) if definition is None else "")
                or "写一个金额指标的名称（make figures 列出全部）；合成的指标不能再按单位或科目细分",
            )
            continue
        figure = _controlled(book, control)
        fen = int(figure.exact or 0)
        if not figure.owed and fen != control.amount:
            yield Finding(
                f"{control.figure}是 {Money(fen).yuan} 元，"
                f"控制数（{control.document}）是 {control.amount.yuan} 元，"
                f"{'超出' if fen > control.amount else '少'} {Money(abs(fen - control.amount)).yuan} 元",
                control.place,
                "核对明细行，或核对控制数",
                ERROR,
                related=book.places(figure)[:3],
            )


def _controlled(book: FigureBook, control: Control) -> Figure:
    """The figure a control constrains."""
    expression = DEFINITION_BY_NAME[control.figure].expression
    if not control.unit and not control.function:
        return book.named(control.figure)
    counted: tuple[str, ...] = (control.unit,)
    if isinstance(expression, SelectOfKinds):
        expression = book.calibre(expression)
        units = dict(expression.filters)["单位"]
        counted = tuple(unit for unit in units if unit == control.unit)  # none outside the calibre
    assert isinstance(expression, Select)
    if control.unit:
        expression = narrowed(expression, 单位=counted)
    if control.function:
        expression = narrowed(expression, 功能科目=control.function)
    return book.select(expression)


def recode_shares_are_complete(book: FigureBook) -> Iterator[Finding]:
    """Recoded function items were published, and the shares of each add up to 100."""
    # A unit need not have used every code that the department had recoded.
    prior = None if book.budget.unit_alone else book.budget.prior
    yield from recode_problems(book.budget.recodes, prior)
