"""Likely slips of entry: yuan where ten thousand yuan were meant, a number copied along with a duty,
“三公”经费 of a fund that nobody counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from generator.checks.rule import NotRun, places_of
from generator.fields import place_of
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Select, narrowed
from generator.figures.figure import Figure
from generator.model import ExpenditureLine, RevenueLine
from generator.money import Money
from generator.numerals import prose_text
from generator.problems import Finding, Place
from generator.terms import GOVERNMENT_MANAGED_FUND, STATE_CAPITAL_OPERATIONS

_TOTALS = ("收入总计", "支出总计")
_FUNDS_BESIDE_THE_GENERAL_BUDGET = (GOVERNMENT_MANAGED_FUND, STATE_CAPITAL_OPERATIONS)
_THREE_PUBLIC = ("因公出国境费", "公务用车购置费", "公务用车运行费", "公务接待费")
# 万元 taken for 元 is ten thousand times; few figures grow or shrink by a hundred in a year.
_TIMES = 100

# A spreadsheet keeps 15 digits of a number: 4.1040023E+19, or zeros for the others.
_LOST_DIGITS = re.compile(r"[0-9.]+[eE]\+?[0-9]+|[1-9][0-9]{14}0{3,}")
# Levels of government, with the division or the zone before it: 市级, 高新区本级, 师级.
_LEVEL = re.compile(
    r"(?:本|(?:中央|.*(?:[省市州盟县区旗乡镇师团]|街道))本?)级(?:财政)?|中央(?:财政)?"
)
# A number, and no enumeration: 一、二、三产业, 2、3号楼, 12345、12315热线.
_NUMBER = re.compile(
    r"\s*(?:[（(]?(?:[一二三四五六七八九十]+|\d{1,2})[)）、](?![一二三四五六七八九十\d])"
    r"|\d{1,2}[.．](?!\d)|[①-⑳])"
)


def lines_have_amounts(book: FigureBook) -> Iterator[Finding]:
    """No line is of amount 0: tables would have a row of it where the text says there is none."""
    lines: tuple[ExpenditureLine | RevenueLine, ...]
    lines = (*book.budget.expenditure, *book.budget.revenue)
    for line in lines:
        if isinstance(line.amount, Money) and line.amount == 0:
            yield Finding(
                f"单位 {line.unit} 有一行{line.fund}的金额是 0，表格会多出一行，文字却说没有",
                line.place,
                "删掉这一行；金额还不知道就写 待填",
            )
    for item in book.budget.procurement:
        if item.amount == 0 or item.quantity == 0:
            of = "金额" if item.amount == 0 else "数量"
            message = f"单位 {item.unit} 的采购“{item.name}”{of}是 0"
            hint = "补上数；不买就删掉这一行"
            yield Finding(message, item.place, hint)


def figures_are_of_last_years_size(book: FigureBook) -> Iterator[Finding]:
    """No figure is below 1% or above 100 times of what was published last year.

    Of those that a line is in, the one that changed most is named; of all that are wrong, the totals.
    """
    totals = [_times(book, book.named(name)) for name in _TOTALS]
    if all(times is None for times in totals):
        raise NotRun("没有上年的收支总计可比")
    wrong_totals = any(times and times > _TIMES for times in totals)
    published = dict.fromkeys(f.figure for f in book.last_year.facts if not f.function)
    names = _TOTALS if wrong_totals else [n for n in published if n in DEFINITION_BY_NAME]
    figures = [book.named(name) for name in names]
    found = [(times, f) for f in figures if (times := _times(book, f) or 0) > _TIMES]
    named: set[Place] = set()
    for _, figure in sorted(found, key=lambda pair: pair[0], reverse=True):
        places = set(book.places(figure))
        if wrong_totals or not places & named:
            yield _of_another_size(book, figure)
            named |= places


def _times(book: FigureBook, figure: Figure) -> Decimal | None:
    """How often the smaller of this year's and last year's amount goes into the larger.

    0 if one of them is none; None if there is nothing to compare.
    """
    fact = book.prior_fact(figure) if figure.is_amount else None
    if fact is None or figure.owed:
        return None
    now = Decimal(figure.exact or 0) / book.published_measure.fen
    smaller, larger = sorted((now, book.prior_amount(fact, figure)))
    return larger / smaller if smaller > 0 else Decimal(0)


def _of_another_size(book: FigureBook, figure: Figure) -> Finding:
    fact = book.prior_fact(figure)
    assert fact is not None  # by what is compared
    now = Decimal(figure.exact or 0) / book.published_measure.fen
    before = book.prior_amount(fact, figure)
    return Finding(
        f"{figure.name}今年是 {prose_text(now)}{figure.measure}，上年公布的是 "
        f"{prose_text(before)}{figure.measure}，相差一百倍以上",
        fact.place,
        "是不是把万元当元（或相反）填了：金额以元填写，上年的数以 facts.yaml 的公布单位填写；"
        "确实相差这么多，写进 acknowledged.yaml",
        related=book.places(figure)[:3],
    )


def vehicles_cost_what_there_is(book: FigureBook) -> Iterator[Finding]:
    """Money for running vehicles goes with vehicles; assets.yaml counts those of last year's end."""
    running = book.named("公务用车运行费")
    if running.exact and book.budget.assets is not None and not book.named("车辆").exact:
        yield Finding(
            f"安排了公务用车运行费 {prose_text(running.printed or Decimal(0))}{running.measure}，"
            "车辆却是 0 辆",
            book.budget.assets.place,
            "核对 assets.yaml 的车辆；租用的、新购的，写进 acknowledged.yaml",
            related=book.places(running)[:3],
        )


def three_public_is_of_the_general_budget(book: FigureBook) -> Iterator[Finding]:
    """No other 财政拨款 pays for “三公”经费: its section and its table would not count it, and say
    that there is none.
    """
    for name in _THREE_PUBLIC:
        general = DEFINITION_BY_NAME[name].expression
        assert isinstance(general, Select)
        for fund in _FUNDS_BESIDE_THE_GENERAL_BUDGET:
            found = book.lines(narrowed(general, 资金来源=fund))
            if found.fen:
                first, *others = places_of(found.entries)
                yield Finding(
                    f"{fund}安排了{name} {Money(found.fen).yuan} 元，"
                    "“三公”经费只算一般公共预算的，没有算进去",
                    first,
                    "核对资金来源和经济科目；确实这样安排的，写进 acknowledged.yaml",
                    related=tuple(others),
                )


def project_codes_are_whole(book: FigureBook) -> Iterator[Finding]:
    """No project code went through a spreadsheet as a number, which keeps 15 digits."""
    for project in book.budget.projects:
        if _LOST_DIGITS.fullmatch(project.code):
            yield Finding(
                f"项目编码“{project.code}”像是在表格里当成数存过，后面的位数已经丢了",
                place_of(project.code) or project.place,
                "对照原来的编码改正；表格里这一列设成文本",
            )


def duties_bring_no_number(book: FigureBook) -> Iterator[Finding]:
    """主要职责 are numbered where they are printed; a number copied along is printed besides."""
    for number, duty in enumerate(book.department.duties, 1):
        if found := _NUMBER.match(duty):
            yield Finding(
                f"主要职责第 {number} 条自己带着编号“{found[0].strip()}”，会印成两个编号",
                place_of(duty) or book.department.place,
                "删掉编号，生成时按次序编",
            )


def fiscal_level_is_a_level(book: FigureBook) -> Iterator[Finding]:
    """财政级次 stands in every sentence that says who pays; misspelt, it is wrong in all of them."""
    level = book.department.fiscal_level
    if not _LEVEL.fullmatch(level):
        yield Finding(
            f"财政级次写的是“{level}”，不像一级财政，会照样印出来",
            place_of(level) or book.department.place,
            "写 省级、市级、县级、区级、乡级、镇级 等",
        )
