"""Rules of raw lines: carried-over money, 财政拨款, narrowed controls, what was typed twice."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from generator.build import build_disclosure
from generator.checks import BUDGET_RULES
from generator.checks.lines import (
    carried_over_pays_for_itself,
    controls_are_met,
    fiscal_part_pays_for_itself,
    revenue_equals_expenditure,
)
from generator.checks.repetition import lines_differ
from generator.checks.rule import run_rules
from generator.checks.slips import figures_are_of_last_years_size
from generator.figures.book import FigureBook
from generator.figures.expressions import select
from generator.load.budget import load_budget
from generator.model import Budget, CarriedOut, Control
from generator.money import Money
from generator.problems import ERROR, Problem, ProblemsFound

BASE = Path(__file__).parent / "broken/base"
GENERAL = "一般公共预算"
LOADED = load_budget(BASE, 2023)
BUDGET = LOADED.budget


def book_of(budget: Budget) -> FigureBook:
    return FigureBook(budget, LOADED.catalogue)


def found_by(check: Callable[[FigureBook], object], book: FigureBook) -> tuple[Problem, ...]:
    """What the ledger's rule of this check finds."""
    return run_rules([rule for rule in BUDGET_RULES if rule.find is check], book)[0].findings


def with_lines(
    *changes: tuple[int, dict[str, object]], revenue: tuple[dict[str, object], ...] = ()
) -> Budget:
    """The base with some expenditure lines changed, and revenue lines of the first unit after
    its first one, which pays for them.
    """
    lines = list(BUDGET.expenditure)
    for number, change in changes:
        lines[number] = replace(lines[number], **change)  # type: ignore[arg-type]  # any attribute
    first, *others = BUDGET.revenue
    more = [replace(first, **change) for change in revenue]  # type: ignore[arg-type]  # any attribute
    rest = int(first.amount) - sum(int(line.amount) for line in more)  # type: ignore[arg-type, call-overload]
    paid = [replace(first, amount=Money(rest)), *more, *others]
    return replace(BUDGET, expenditure=tuple(lines), revenue=tuple(paid))


def kept(budget: Budget, fen: int) -> Budget:
    """301001 carries `fen` of its general public budget out, and has as much more this year."""
    item = CarriedOut("301001", GENERAL, Money(fen))
    first, *others = budget.revenue
    paid = replace(first, amount=Money(int(first.amount) + fen))  # type: ignore[arg-type, call-overload]
    department = replace(budget.department, carried_out=(item,))
    return replace(budget, department=department, revenue=(paid, *others))


CARRIED_PROJECT = (3, {"origin": "结转"})  # 300,000 yuan
NOT_FISCAL = (3, {"fiscal": False})


def carried(fen: int, **more: object) -> tuple[dict[str, object], ...]:
    return ({"amount": Money(fen), "origin": "结转", **more},)


@pytest.mark.parametrize(
    ("budget", "found"),
    [
        (with_lines(), []),
        (with_lines(CARRIED_PROJECT, revenue=carried(30_000_000)), []),
        (with_lines(CARRIED_PROJECT), ["收入 0.00 元，支出 300000.00 元，支出多 300000.00 元"]),
        (with_lines(revenue=carried(1)), ["收入 0.01 元，支出 0.00 元，收入多 0.01 元"]),
        (
            with_lines(CARRIED_PROJECT, revenue=carried(29_999_999)),
            ["收入 299999.99 元，支出 300000.00 元，支出多 0.01 元"],
        ),
        # What is carried out may be of this year's money or of what was carried over.
        (kept(with_lines(CARRIED_PROJECT, revenue=carried(30_000_000)), 500), []),
        (kept(with_lines(CARRIED_PROJECT, revenue=carried(30_000_500)), 500), []),
        (
            kept(with_lines(CARRIED_PROJECT, revenue=carried(30_000_501)), 500),
            ["收入 300005.01 元，支出 300000.00 元，年终结转结余 5.00 元，收入多 0.01 元"],
        ),
    ],
)
def test_carried_over_money_pays_for_what_uses_it(budget: Budget, found: list[str]) -> None:
    problems = list(carried_over_pays_for_itself(book_of(budget)))
    assert [(p.severity, p.message.partition("：")[2]) for p in problems] == [
        (ERROR, message) for message in found
    ]
    assert all(problem.hint.endswith("来源年度: 结转") for problem in problems)


@pytest.mark.parametrize(
    ("fen", "said"), [(1, "收入多 0.01 元"), (-1_000_000, "支出多 10000.00 元")]
)
def test_unequal_sides_say_which_is_larger(fen: int, said: str) -> None:
    amount = Money(BUDGET.revenue[0].amount + fen)  # type: ignore[operator]  # it is filled in
    lines = (replace(BUDGET.revenue[0], amount=amount), *BUDGET.revenue[1:])
    budget = replace(BUDGET, revenue=lines)
    (problem,) = revenue_equals_expenditure(book_of(budget))
    assert problem.message.rpartition("，")[2] == said
    assert ("年终结转结余" in problem.hint) == (fen > 0)


FISCAL_REST = with_lines(NOT_FISCAL, revenue=({"amount": Money(30_000_000), "fiscal": Money(0)},))


@pytest.mark.parametrize(
    ("budget", "found"),
    [
        (with_lines(), []),
        (FISCAL_REST, []),
        (kept(FISCAL_REST, 500), []),
        (with_lines(NOT_FISCAL), ["收入 900000.00 元，支出 600000.00 元，收入多 300000.00 元"]),
        (
            with_lines(revenue=({"amount": Money(30_000_000), "fiscal": Money(29_999_999)},)),
            ["收入 899999.99 元，支出 900000.00 元，支出多 0.01 元"],
        ),
        # Of another year's money: the sums over both years agree, the tables by year do not.
        (
            with_lines(
                CARRIED_PROJECT,
                (0, {"fiscal": False}),
                revenue=(
                    *carried(30_000_000, fiscal=Money(0)),
                    {"amount": Money(20_000_000), "fiscal": Money(0)},
                ),
            ),
            [
                "收入 400000.00 元，支出 100000.00 元，收入多 300000.00 元",
                "收入 0.00 元，支出 300000.00 元，支出多 300000.00 元",
            ],
        ),
    ],
)
def test_the_fiscal_part_pays_for_what_is_fiscal(budget: Budget, found: list[str]) -> None:
    problems = list(fiscal_part_pays_for_itself(book_of(budget)))
    assert [(p.severity, p.message.partition("：")[2]) for p in problems] == [
        (ERROR, message) for message in found
    ]


@pytest.mark.parametrize(
    ("figure", "unit", "function", "fen", "rules"),
    [
        ("机关运行经费", "", "", 10_000_000, []),
        ("机关运行经费", "301001", "", 10_000_000, []),
        ("机关运行经费", "301002", "", 0, []),  # 事业: outside the calibre
        ("机关运行经费", "301002", "", 10_000_000, ["control-total"]),
        ("机关运行经费", "301001", "2130301", 10_000_000, []),
        ("机关运行经费", "", "2130301", 10_000_000, []),
        ("机关运行经费", "", "2130306", 10_000_000, ["control-total"]),
        ("一般公共预算支出", "301002", "", 40_000_000, []),
        ("一般公共预算支出", "301001", "213", 90_000_000, []),
        ("三公经费", "301001", "", 2_000_000, ["unknown-figure"]),
        ("收入总计", "", "2130301", 140_000_000, ["unknown-figure"]),
    ],
)
def test_a_narrowed_control_constrains_its_part(
    figure: str, unit: str, function: str, fen: int, rules: list[str]
) -> None:
    control = Control(figure, Money(fen), "青财预〔2023〕1号", unit, function)
    book = book_of(replace(BUDGET, controls=(control,)))
    assert [problem.rule for problem in found_by(controls_are_met, book)] == rules


@pytest.mark.parametrize(
    ("filters", "fen"),
    [
        ({"经济科目": ("302", "30201")}, 50_000_000),
        ({"经济科目": ("30201", "30201")}, 18_000_000),
        ({"经济科目": ("301", "302", "30101", "30217")}, 140_000_000),
        ({"功能科目": ("213", "21303", "2130301")}, 140_000_000),
        ({"资金来源": ("单位资金", "事业收入")}, 10_000_000),
        ({"单位": ("301001", "301002")}, 140_000_000),
    ],
)
def test_values_that_overlap_count_a_line_once(
    filters: dict[str, tuple[str, ...]], fen: int
) -> None:
    figure = book_of(BUDGET).select(select("支出", **filters))
    assert figure.exact == fen


def test_a_blank_count_is_no_money() -> None:
    book = book_of(replace(BUDGET, assets=None))
    amounts = {
        name: book.named(name).is_amount
        for name in ("车辆", "通用设备", "项目个数", "收入总计", "三公经费")
    }
    assert amounts == dict.fromkeys(("车辆", "通用设备", "项目个数"), False) | dict.fromkeys(
        ("收入总计", "三公经费"), True
    )


@pytest.mark.parametrize(
    ("change", "alike"),
    [
        ({}, True),
        ({"remark": "一月"}, True),  # not disclosed
        ({"amount": Money(8_000_001)}, False),
        ({"origin": "结转"}, False),
        ({"fiscal": False}, False),
        ({"economic": "30202"}, False),
        ({"function": "2130306"}, False),
        ({"unit": "301002"}, False),
        ({"fund": "事业收入"}, False),
        ({"project": "河道治理"}, False),
    ],
)
def test_lines_typed_twice_are_alike_in_everything(change: dict[str, object], alike: bool) -> None:
    second = BUDGET.expenditure[1]
    again = replace(second, **change)  # type: ignore[arg-type]  # any attribute
    book = book_of(replace(BUDGET, expenditure=(*BUDGET.expenditure, again)))
    found = [(p.place, p.related) for p in lines_differ(book)]
    assert found == ([(again.place, (second.place,))] if alike else [])


@pytest.mark.parametrize(
    ("published", "rules"),
    [
        ("1.4", []),  # exactly a hundred times as much this year
        ("1.3", ["total-scale"]),
        ("14000", []),
        ("14000.1", ["total-scale"]),
        ("0", []),
        ("110", []),
    ],
)
def test_totals_a_hundred_times_last_years_are_doubted(
    published: str, rules: list[str], tmp_path: Path
) -> None:
    """This year: 1.4 million yuan."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    facts = tmp_path / "2022/published/facts.yaml"
    text = facts.read_text(encoding="utf-8").replace(
        "收入总计, 数值: 110.0", f"收入总计, 数值: {published}"
    )
    facts.write_text(text, encoding="utf-8")
    book = book_of(load_budget(tmp_path, 2023).budget)
    assert [problem.rule for problem in found_by(figures_are_of_last_years_size, book)] == rules


@pytest.mark.parametrize("figure", ["指标: 收入总计, ", ""])
def test_a_reason_for_an_item_of_what_has_none_is_refused(tmp_path: Path, figure: str) -> None:
    """It would have been printed as the reason of the whole, or of every figure."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    reasons = tmp_path / "2023/reasons.yaml"
    text = reasons.read_text(encoding="utf-8").replace(
        "指标: 收入总计, ", f'{figure}功能科目: "2130305", '
    )
    reasons.write_text(text, encoding="utf-8")
    try:
        problems = build_disclosure(tmp_path, 2023).problems
    except ProblemsFound as error:
        problems = error.problems
    found = [(p.rule, p.place.file_line) for p in problems if p.severity == ERROR]
    assert found == [("reason-unknown-figure", "2023/reasons.yaml:1")]
