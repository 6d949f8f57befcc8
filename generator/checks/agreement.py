"""Checks between files: units, projects, targets and procurement against the line items."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.checks.rule import places_of
from generator.figures.book import FigureBook
from generator.figures.expressions import select
from generator.figures.measures import PROJECT_EXPENDITURE
from generator.figures.projects import lines_of
from generator.model import ProcurementItem, Unit
from generator.money import FEN_PER_MEASURE, Money
from generator.problems import Finding
from generator.terms import FISCAL_FUNDS, INDICATOR_GROUPS

# A total in wan or yuan: ≤257.84万元, <=30000元, 不超过50万元, 8万元; 300元/人 is none.
_BOUND = re.compile(
    r"(?:^|≤|<=|＜=|不超过|不高于|小于等于|控制在)\s*([0-9]+(?:\.[0-9]+)?)\s*(万元|元)(?!\s*[/／])"
)
_CAPITAL_AND_GOODS = ("302", "309", "310")


def unit_has_one_name(book: FigureBook) -> Iterator[Finding]:
    """A unit is named alike in the list of units and in the tables."""
    for unit in book.department.units:
        if unit.composition_name and unit.composition_name != unit.name:
            yield Finding(
                f"单位 {unit.code} 有两个名称：表格里是“{unit.name}”，"
                f"单位构成里是“{unit.composition_name}”",
                unit.place,
                "两处用同一个名称（删掉 构成名称）",
            )


def units_have_different_names(book: FigureBook) -> Iterator[Finding]:
    """No two units have one name: in tables and contents they could not be told apart."""
    first_by_name: dict[str, Unit] = {}
    for unit in book.department.units:
        first = first_by_name.setdefault(unit.name, unit)
        if first is not unit:
            yield Finding(
                f"单位 {first.code} 和 {unit.code} 都叫“{unit.name}”",
                unit.place,
                "核对单位名称和代码；同一个单位只写一次",
                related=(first.place,),
            )


def one_unit_is_the_own_level(book: FigureBook) -> Iterator[Finding]:
    """The department itself is one of its units, said of one only: else it is a part of itself."""
    department = book.department
    marked = [unit for unit in department.units if unit.own_level]
    for unit in marked[1:]:
        yield Finding(
            f"单位 {marked[0].code} 和 {unit.code} 都写着 本级: 是",
            unit.place,
            "本级只有一个，所属单位删掉 本级",
            related=(marked[0].place,),
        )
    namesakes = [unit for unit in department.units if unit.name == department.name]
    if namesakes and not marked and len(department.units) > 1:
        message = f"单位 {namesakes[0].code} 和部门同名，没有写 本级: 是，会印成部门自己的所属单位"
        yield Finding(message, namesakes[0].place, "写上 本级: 是")


def unit_has_a_budget(book: FigureBook) -> Iterator[Finding]:
    """Every unit of the department has revenue or expenditure that is no secret."""
    secretive = {unit for unit, _ in book.budget.secret_items}
    for unit in book.department.units:
        money = (book.lines(select(name, 单位=unit.code)) for name in ("收入", "支出"))
        if not any(lines.entries for lines in money):
            said, hint = "没有收入也没有支出", "补上它的明细行，或从单位名单里删掉"
            if unit.code in secretive:
                said = "的收支都是涉密的，名称仍印在单位构成和收入预算表里"
                hint = "名称也涉密的，这个单位和它的明细行都不录进来；可以公开的，写进 acknowledged.yaml"
            yield Finding(f"单位 {unit.code} {unit.name} {said}", unit.place, hint)


def project_has_a_budget(book: FigureBook) -> Iterator[Finding]:
    """Every registered project has expenditure lines: tables 10 and 12 then list the same ones."""
    for project in book.budget.projects:
        if not book.lines(lines_of(project)).entries:
            yield Finding(
                f"项目“{project.name}”没有支出明细，不会公布",
                project.place,
                "在 expenditure.yaml 补上它的支出，或删掉这个项目",
            )


def project_has_indicators(book: FigureBook) -> Iterator[Finding]:
    """Every project with a budget publishes performance targets."""
    for project in book.budget.projects:
        if book.lines(lines_of(project)).entries and not project.indicators:
            hint = "照随附的 data/2023/projects.yaml 补上 绩效指标"
            yield Finding(f"项目“{project.name}”没有绩效指标", project.place, hint)


def indicators_are_complete(book: FigureBook) -> Iterator[Finding]:
    """A project's targets cover cost, output, benefit and satisfaction, without blanks."""
    for project in book.budget.projects:
        missing = [g for g in INDICATOR_GROUPS if g not in {i.group for i in project.indicators}]
        if project.indicators and missing:
            yield Finding(
                f"项目“{project.name}”没有{'、'.join(missing)}",
                project.place,
                "补上这几类指标；确实不适用的写进 acknowledged.yaml",
            )


def cost_target_within_budget(book: FigureBook) -> Iterator[Finding]:
    """A cost target that bounds an amount bounds it by the project's budget."""
    for project in book.budget.projects:
        lines = book.lines(lines_of(project))
        for indicator in project.indicators:
            bound = _BOUND.search(indicator.target) if indicator.group == "成本指标" else None
            if bound is None or lines.owed or lines.fen is None:
                continue
            if Decimal(bound[1]) * FEN_PER_MEASURE[bound[2]] > lines.fen:
                budget = book.published_measure.round(lines.fen)
                yield Finding(
                    f"项目“{project.name}”的成本指标“{indicator.name}”是 {indicator.target}，"
                    f"大于项目预算 {budget}{book.published_measure.name}",
                    indicator.place,
                    "核对指标值和项目预算，改正其中一个",
                    related=places_of(lines.entries),
                )


def procurement_function_has_expenditure(book: FigureBook) -> Iterator[Finding]:
    """The function item of a procurement is among its unit's expenditure; one finding per pair."""
    items_by_pair: dict[tuple[str, str], list[ProcurementItem]] = {}
    for item in book.budget.procurement:
        items_by_pair.setdefault((item.unit, item.function), []).append(item)
    for (unit, function), items in items_by_pair.items():
        if not book.lines(select("支出", 单位=unit, 功能科目=function)).entries:
            names = "、".join(item.name for item in items)
            yield Finding(
                f"单位 {unit} 的采购（{names}）用的功能科目 {function} 不在它的支出里",
                items[0].place,
                "核对采购和支出的功能科目",
                related=tuple(item.place for item in items[1:]),
            )


def procurement_is_payable(book: FigureBook) -> Iterator[Finding]:
    """A unit's procurement is at most its goods, services, capital and project lines."""
    for unit in book.department.units:
        bought = book.lines(select("采购", 单位=unit.code))
        if bought.owed or not bought.entries:
            continue
        entries = book.lines(select("支出", 单位=unit.code)).entries
        paying = [
            e
            for e in entries
            if e.nature == PROJECT_EXPENDITURE or e.economic_category in _CAPITAL_AND_GOODS
        ]
        payable = sum(e.fen for e in paying)
        if (bought.fen or 0) > payable and not any(e.owed for e in entries):
            yield Finding(
                f"{unit.name}的政府采购 {Money(bought.fen or 0).yuan} 元，"
                f"大于能支付它的公用经费和项目支出 {Money(payable).yuan} 元",
                bought.entries[0].place,
                "核对采购金额，或补上支付它的支出",
                related=places_of(paying),
            )


def function_fits_fund(book: FigureBook) -> Iterator[Finding]:
    """Items that belong to a fund's own classification are paid by that fund."""
    for line in book.budget.expenditure:
        subject = book.catalogue.functions[line.function]
        if line.fund in FISCAL_FUNDS and subject.fund in FISCAL_FUNDS and line.fund != subject.fund:
            yield Finding(
                f"{line.function} {subject.name} 属于{subject.fund}，资金来源却是{line.fund}",
                line.place,
                "核对功能科目和资金来源",
            )
