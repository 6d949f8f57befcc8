"""尾差: printed sums whose printed parts do not add up, because each was rounded by itself.

What lies beyond the slack of rounding is a mismatch. The figures are exact sums by construction, so
a mismatch here is a mistake of the program or of an edited file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from generator.document import Table
from generator.figures.book import FigureBook
from generator.figures.definitions import (
    DEFINITION_BY_NAME,
    DEFINITIONS,
    PERSONNEL_ECONOMICS,
    RUNNING_ECONOMICS,
)
from generator.figures.expressions import Add, Select, narrowed
from generator.figures.figure import NegativeBase
from generator.figures.measures import BASIC, NATURES, PROJECT_EXPENDITURE
from generator.money import rounding_slack
from generator.numerals import prose_text
from generator.problems import ERROR, ROUNDING, WARNING, Place, Problem
from generator.review.table_sums import Sum, table_sums
from generator.terms import OWN_FUND_KINDS, PROJECT_KINDS

OK, WITHIN, MISMATCH = "ok", "rounding", "mismatch"
_PARTS_TO_NAME = 4
_LAYOUT_HINT = (
    "核对版式里这些列、行的条件和表题；不是合计的，名称里不写合计、小计、总计，分项前写“其中：”"
)


def judge(total: Decimal, parts: Sequence[Decimal], unit: Decimal) -> str:
    """ok, rounding or mismatch, for a total and parts printed in steps of `unit`."""
    gap = abs(sum(parts, Decimal(0)) - total)
    if gap == 0:
        return OK
    return WITHIN if gap < rounding_slack(len(parts), unit) else MISMATCH


def judge_ratio(
    printed: Decimal, part: Decimal, whole: Decimal, unit: Decimal, step: Decimal
) -> str:
    """A share or rate in percent, printed in steps of `step`, of amounts printed in steps of `unit`.

    ok if the printed amounts give it; rounding if amounts within their intervals do.
    """
    if whole < 0:
        part, whole = -part, -whole
    half = unit / 2
    if whole > 0 and abs(part * 100 / whole - printed) <= step / 2:
        return OK
    ends = (part - half, part + half)
    if whole <= half:  # the base may be next to nothing: any rate of the part's sign
        return WITHIN if ends[0] < 0 < ends[1] or printed * part > 0 else MISMATCH
    ratios = [end * 100 / base for end in ends for base in (whole - half, whole + half)]
    inside = min(ratios) - step / 2 <= printed <= max(ratios) + step / 2
    return WITHIN if inside else MISMATCH


def judge_shares(
    shares: Sequence[Decimal], parts: Sequence[Decimal], whole: Decimal, step: Decimal
) -> str:
    """Shares in percent that make 100 together, printed in steps of `step`.

    They miss it by what each was rounded, and by what the printed parts miss the printed whole.
    """
    gap = abs(sum(shares, Decimal(0)) - 100)
    if gap == 0:
        return OK
    drift = abs(sum(parts, Decimal(0)) - whole) * 100
    return WITHIN if abs(whole) * (gap - len(shares) * step / 2) <= drift else MISMATCH


def rounding_differences(book: FigureBook, tables: Iterable[Table]) -> tuple[Problem, ...]:
    """Every printed sum that does not add up on paper, each once."""
    found: dict[tuple[str, str], Problem] = {}
    step = book.published_measure.step
    for printed_sum in (*table_sums(book, tables), *figure_sums(book)):
        problem = _problem(book, printed_sum, step)
        if problem is not None:
            found.setdefault((printed_sum.total.name, problem.message.partition("：")[2]), problem)
    return tuple(found.values())


def ratio_differences(book: FigureBook) -> tuple[Problem, ...]:
    """Sets of shares that do not make 100 on paper; rates that the printed amounts do not give."""
    return (*_share_sums(book), *_rates(book))


def figure_sums(book: FigureBook) -> Iterator[Sum]:
    """Sums that the text and different tables print: natures, kinds, categories, items."""
    for definition in DEFINITIONS:
        if isinstance(definition.expression, Add) and not definition.measure:
            parts = tuple(map(book.named, definition.expression.names))
            yield Sum(f"{definition.name}的构成", book.named(definition.name), parts)
    parts = tuple(map(book.named, ("政府采购货物", "政府采购工程", "政府采购服务")))
    yield Sum("政府采购的构成", book.named("政府采购"), parts)
    for family in ("支出合计", "一般公共预算支出", "政府性基金支出", "国有资本经营预算支出"):
        expression = DEFINITION_BY_NAME[family].expression
        assert isinstance(expression, Select)
        if book.select(expression):
            yield from _family_sums(book, family, expression)
    yield from _economic_sums(book)


def _family_sums(book: FigureBook, family: str, expression: Select) -> Iterator[Sum]:
    codes = book.functions(expression)
    yield from _row_sums(book, family, expression)
    categories = sorted({code[:3] for code in codes})
    parts = book.divided(expression, 功能科目=categories)
    yield Sum(f"{family}各类", book.select(expression), parts)
    for category in categories:
        items = [code for code in codes if code.startswith(category)]
        name = f"{family} {category} {book.catalogue.function_name(category)}各项"
        parts = book.divided(expression, 功能科目=items)
        yield Sum(name, book.select(narrowed(expression, 功能科目=category)), parts)
    for code in codes:
        name = f"{family} {code} {book.catalogue.function_name(code)}"
        yield from _row_sums(book, name, narrowed(expression, 功能科目=code))


def _row_sums(book: FigureBook, name: str, row: Select) -> Iterator[Sum]:
    """Across a row of the expenditure tables, where there is more than one part to add up."""
    entries = book.lines(row).entries
    found = {entry.nature for entry in entries}
    natures = [nature for nature in NATURES if nature in found]
    if len(natures) > 1:
        parts = book.divided(row, 支出性质=natures)
        yield Sum(f"{name}：{'与'.join(natures)}", book.select(row), parts)
    if len({entry.economic_category for entry in entries if entry.nature == BASIC}) > 1:
        basic = narrowed(row, 支出性质=BASIC)
        parts = book.divided(basic, 经济科目=(*PERSONNEL_ECONOMICS, "302", ("309", "310")))
        yield Sum(f"{name}：基本支出各类", book.select(basic), parts)
    if len({entry.kind for entry in entries if entry.nature == PROJECT_EXPENDITURE}) > 1:
        project = narrowed(row, 支出性质=PROJECT_EXPENDITURE)
        parts = book.divided(project, 类别=PROJECT_KINDS)
        yield Sum(f"{name}：项目支出各类", book.select(project), parts)


def _economic_sums(book: FigureBook) -> Iterator[Sum]:
    """Table 6 against table 5: economic categories, and items whose 款 no other item uses."""
    basic = narrowed(book.general_public_budget, 支出性质=BASIC)
    codes = book.economics(basic)
    for category in (*PERSONNEL_ECONOMICS, *RUNNING_ECONOMICS):
        own = [code for code in codes if code.startswith(category)]
        if own:
            total = book.select(narrowed(basic, 经济科目=category))
            parts = book.divided(basic, 经济科目=own)
            yield Sum(f"一般公共预算基本支出 {category} 各款", total, parts)
    used: dict[str, set[str]] = {}
    for entry in book.lines(basic).entries:
        used.setdefault(entry.economic, set()).add(entry.function)
    for item in book.functions(basic):
        own = [code for code in codes if item in used[code]]
        if all(used[code] == {item} for code in own):
            total = book.select(narrowed(basic, 功能科目=item))
            parts = book.divided(basic, 经济科目=own)
            yield Sum(f"{item} {book.catalogue.function_name(item)}的经济科目", total, parts)


def _problem(book: FigureBook, printed_sum: Sum, step: Decimal) -> Problem | None:
    where, total, parts, layout = printed_sum
    if total.owed or any(part.owed for part in parts) or total.printed is None:
        return None
    # A part that prints 0.0 was rounded too: nine of 0.04 make 0.4.
    verdict = judge(total.printed, [p.printed for p in parts if p.printed is not None], step)
    if verdict == OK:
        return None
    values = [part.printed for part in parts if part.printed]
    shown = "、".join(prose_text(value) for value in values[:_PARTS_TO_NAME])
    shown += "…" if len(values) > _PARTS_TO_NAME else ""
    added = sum(values, Decimal(0))
    message = f"{where}：{len(values)} 项（{shown}）相加得 {added}，印的合计是 {total.printed}"
    if len(values) <= 1:
        message = f"{where}：印的是 {total.printed}，应当等于 {added}"
    if layout is not None and verdict == MISMATCH:
        return Problem("rounding-difference", message, layout, _LAYOUT_HINT, WARNING)
    return _difference(message, book.first_place(total), verdict)


def _share_sums(book: FigureBook) -> Iterator[Problem]:
    """Sets of shares that the text prints, when they do not print 100 together."""
    general = book.general_public_budget
    categories = sorted({code[:3] for code in book.functions(general)})
    named = book.named
    natures = (BASIC, PROJECT_EXPENDITURE, *filter(named, OWN_FUND_KINDS))
    sets = (
        ("、".join(natures), "支出合计", tuple(map(named, natures))),
        (
            "基本支出、项目支出",
            "一般公共预算支出",
            (named("一般公共预算基本支出"), named("一般公共预算项目支出")),
        ),
        (
            "各类",
            "一般公共预算支出",
            book.divided(general, 功能科目=categories),
        ),
        (
            "人员经费、公用经费",
            "一般公共预算基本支出",
            (named("一般公共预算人员经费"), named("一般公共预算公用经费")),
        ),
    )
    smallest_share = Decimal(1).scaleb(-book.rate_decimals)
    for what, name, parts in sets:
        whole = named(name)
        shares = [share.printed for part in parts if (share := book.share(part, whole))]
        if None in shares or len(shares) != len(parts) or whole.printed is None or not parts:
            continue
        printed = [share for share in shares if share is not None]
        amounts = [part.printed or Decimal(0) for part in parts]
        verdict = judge_shares(printed, amounts, whole.printed, smallest_share)
        if verdict != OK:
            added = sum(printed, Decimal(0))
            message = f"{what}占{name}的比例：{len(printed)} 项相加得 {added}%，不是 100%"
            yield _difference(message, book.first_place(parts[0]), verdict)


def _rates(book: FigureBook) -> Iterator[Problem]:
    """Rates of 变动口径 元 that the printed amounts do not give."""
    if book.department.change_basis != "元":
        return
    family = book.general_public_budget
    items = book.divided(family, 功能科目=book.functions(family))
    smallest_rate = Decimal(1).scaleb(-book.rate_decimals)
    step = book.published_measure.step
    for figure in (*map(book.named, DEFINITION_BY_NAME), *items):
        try:
            change = book.change(figure)
        except NegativeBase:
            continue
        rate = change.rate.printed if change.rate else None
        difference = change.difference.printed if change.difference else None
        if rate is None or difference is None or change.prior is None:
            continue
        verdict = judge_ratio(rate, difference, change.prior, step, smallest_rate)
        if verdict != OK:
            message = (
                f"{book.label(figure)}的增幅：公布的增减额 {difference}、上年数 {change.prior} "
                f"算不出 {rate}%"
            )
            yield _difference(message, book.first_place(figure), verdict)


def _difference(message: str, place: Place, verdict: str) -> Problem:
    rounded = verdict == WITHIN
    hint = "四舍五入造成的尾差，文中有说明" if rounded else "不是四舍五入造成的，核对"
    return Problem("rounding-difference", message, place, hint, ROUNDING if rounded else ERROR)
