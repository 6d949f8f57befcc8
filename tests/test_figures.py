"""Figures: the published ones of the sample, changes in seven classes, shares, calibres, bases."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from departments import Department, random_department, totals_of, write_department
from hypothesis import given, settings
from hypothesis import strategies as st
from test_money import half_up

from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITIONS, name_of, selection_named
from generator.figures.expressions import Select, select
from generator.figures.figure import (
    BOTH_ZERO,
    DECREASE,
    GONE,
    INCREASE,
    NEW,
    NO_BASE,
    UNCHANGED,
    UNKNOWN,
    NegativeBase,
)
from generator.load.budget import load_budget

ROOT = Path(__file__).resolve().parents[1]


def book_of(department: Department) -> FigureBook:
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        loaded = load_budget(Path(folder), department.year)
    return FigureBook(loaded.budget, loaded.catalogue)


def small(
    yuan: str = "1000000.00",
    prior: dict[str, str] | None = None,
    complete: list[str] | None = None,
    **head: object,
) -> FigureBook:
    """One unit with one line of 公用经费 30217, and what was published last year by figure."""
    unit = {"代码": "301001", "名称": "局", "性质": "行政", "本级": "是"}
    line: dict[str, object] = {"单位": "301001", "资金来源": "一般公共预算", "金额": yuan}
    codes = {"类别": "公用经费", "功能科目": "2010301", "经济科目": "30217"}
    published: dict[str, object] | None = None
    if prior is not None:
        published = {"年度": "2023", "部门名称": "局", "公布单位": "万元", "完整": complete or []}
        published["数据"] = [
            {"指标": name.partition("/")[0], "数值": value}
            | ({"功能科目": name.partition("/")[2]} if "/" in name else {})
            for name, value in prior.items()
        ]
    basics = {
        "年度": "2024",
        "部门名称": "局",
        "部门代码": "301",
        "公布日期": "2024-02-01",
        "科目版本": "2023",
        "单位": [unit],
        "年终结转结余": [],
    }
    return book_of(Department(2024, basics | head, [line | codes], [line], prior=published))


@pytest.fixture(scope="module")
def sample() -> FigureBook:
    loaded = load_budget(ROOT / "data", 2023)
    return FigureBook(loaded.budget, loaded.catalogue)


# Figure (with function item), printed, class of change, difference, rate: as published in 2023.
PUBLISHED = (
    ("收入总计", "", "832.3", INCREASE, "182.2", "28.0"),
    ("支出总计", "", "832.3", INCREASE, "182.2", "28.0"),
    ("基本支出", "", "621.3", NO_BASE, None, None),
    ("项目支出", "", "211.0", NO_BASE, None, None),
    ("一般公共预算收支", "", "832.3", INCREASE, "182.2", "28.0"),
    ("一般公共预算支出", "", "832.3", INCREASE, "182.2", "28.0"),
    ("一般公共预算支出", "2010301", "664.8", INCREASE, "128.8", "24.0"),
    ("一般公共预算支出", "2080501", "16.2", INCREASE, "10.8", "200.0"),
    ("一般公共预算支出", "2080505", "57.6", INCREASE, "21.8", "60.9"),
    ("一般公共预算支出", "2101101", "36.9", INCREASE, "4.4", "13.5"),
    ("一般公共预算支出", "2210201", "43.2", INCREASE, "16.3", "60.6"),
    ("一般公共预算支出", "2010350", "13.6", UNCHANGED, None, None),
    ("人员经费", "", "546.6", NO_BASE, None, None),
    ("公用经费", "", "74.7", NO_BASE, None, None),
    ("三公经费", "", "6.5", INCREASE, "0.5", "8.3"),
    ("公务接待费", "", "2.5", INCREASE, "0.5", "25.0"),
    ("公务用车购置及运行费", "", "4.0", UNCHANGED, None, None),
    ("机关运行经费", "", "74.7", DECREASE, "-5.3", "-6.6"),
    ("政府采购", "", "45.7", NO_BASE, None, None),
    ("政府采购货物", "", "41.7", NO_BASE, None, None),
    ("政府采购服务", "", "4.0", NO_BASE, None, None),
)


@pytest.mark.parametrize(
    ("name", "function", "printed", "kind", "difference", "rate"),
    PUBLISHED,
    ids=[name + function for name, function, *_ in PUBLISHED],
)
def test_the_sample_prints_what_was_published(
    sample: FigureBook,
    name: str,
    function: str,
    printed: str,
    kind: str,
    difference: str | None,
    rate: str | None,
) -> None:
    figure = sample.resolve_qualified(name, function)
    change = sample.change(figure)
    assert str(figure.printed) == printed
    assert change.kind == kind
    assert (change.difference and str(change.difference.printed)) == difference
    assert (change.rate and str(change.rate.printed)) == rate


def test_the_shares_of_the_sample(sample: FigureBook) -> None:
    """As in section 五; section 三 of the published text contradicts it (74.7, 25.3)."""
    general = sample.named("一般公共预算支出")
    categories = {"201": "81.5", "208": "8.9", "210": "4.4", "221": "5.2"}
    printed = {
        code: str(sample.share(sample.resolve_qualified(general.name, code), general).printed)  # type: ignore[union-attr]  # the whole is not zero
        for code in categories
    }
    assert printed == categories
    whole = sample.named("支出合计")
    shares = (sample.share(sample.named(name), whole) for name in ("基本支出", "项目支出"))
    assert [str(share.printed) for share in shares if share] == ["74.6", "25.4"]


@pytest.mark.parametrize(
    ("yuan", "prior", "kind", "difference", "rate"),
    [
        ("1000000", {"支出合计": "80"}, INCREASE, "20.0", "25.0"),
        ("1000000", {"支出合计": "160"}, DECREASE, "-60.0", "-37.5"),
        ("1000000", {"支出合计": "100.0"}, UNCHANGED, None, None),
        ("1000000", {"支出合计": "0"}, NEW, "100.0", None),
        ("1000000", {"支出合计": ""}, NO_BASE, None, None),  # blank is not zero
        ("0", {"支出合计": "80"}, GONE, "-80.0", "-100.0"),
        ("0", {"支出合计": "0.0"}, BOTH_ZERO, None, None),
        ("1000000", {"收入总计": "80"}, NO_BASE, None, None),
        ("1000000", None, NO_BASE, None, None),
        ("待填", {"支出合计": "80"}, UNKNOWN, None, None),
        # Printed alike: no change, although the exact amounts differ.
        ("1000499.99", {"支出合计": "100.0"}, UNCHANGED, None, None),
        ("1000500.00", {"支出合计": "100.0"}, INCREASE, "0.1", "0.1"),
        # A change so small that its rate prints as nothing.
        ("9000001000", {"支出合计": "900000"}, INCREASE, "0.1", "0.0"),
        # Too little to print: nothing this year.
        ("499.99", {"支出合计": "0"}, BOTH_ZERO, None, None),
        ("499.99", {"支出合计": "0.1"}, DECREASE, "-0.1", "-100.0"),
    ],
)
def test_the_classes_of_change(
    yuan: str, prior: dict[str, str] | None, kind: str, difference: str | None, rate: str | None
) -> None:
    book = small(yuan, prior)
    change = book.change(book.named("支出合计"))
    assert change.kind == kind
    assert (change.difference and str(change.difference.printed)) == difference
    assert (change.rate and str(change.rate.printed)) == rate


def test_a_negative_base_is_a_sentence_for_a_person() -> None:
    book = small(prior={"支出合计": "-3.5"})
    with pytest.raises(NegativeBase):
        book.change(book.named("支出合计"))


@pytest.mark.parametrize(
    ("complete", "kind"), [([], NO_BASE), (["一般公共预算支出"], NEW), (["三公经费"], NO_BASE)]
)
def test_an_absent_item_was_zero_only_in_a_complete_list(complete: list[str], kind: str) -> None:
    book = small(prior={"一般公共预算支出": "50"}, complete=complete)
    item = book.resolve_qualified("一般公共预算支出", "2010301")
    assert book.change(item).kind == kind


def test_changes_from_exact_amounts() -> None:
    """变动口径 元: this year's side is exact, last year's is what was published."""
    printed, exact = (
        small("1000449.00", {"支出合计": "33.3"}, 变动口径=basis, 比例小数位数="2")
        for basis in ("公布数", "元")
    )
    rates = [b.change(b.named("支出合计")).rate for b in (printed, exact)]
    assert [str(rate.printed) for rate in rates if rate] == ["200.30", "200.44"]
    shares = [b.share(b.named("三公经费"), b.named("支出合计")) for b in (printed, exact)]
    assert [str(share.printed) for share in shares if share] == ["100.00", "100.00"]


def test_last_year_may_have_been_published_in_another_measure() -> None:
    book = small("1000000", {"支出合计": "80"}, 公布单位="元", 小数位数="2")
    change = book.change(book.named("支出合计"))
    assert change.prior == 800_000
    assert change.difference is not None
    assert (str(change.difference.printed), change.difference.measure) == ("200000.00", "元")


def test_a_share_of_nothing_is_none_and_of_almost_nothing_is_exact() -> None:
    nothing = small("0")
    assert nothing.share(nothing.named("三公经费"), nothing.named("支出合计")) is None
    little = small("499.99")
    share = little.share(little.named("三公经费"), little.named("支出合计"))
    assert share is not None
    assert str(share.printed) == "100.0"


@pytest.mark.parametrize(
    ("calibre", "kinds"),
    [
        (["行政", "参公"], ("行政", "参公")),
        (["行政"], ("行政",)),
        (["行政", "参公", "事业"], ("行政", "参公", "事业")),
    ],
)
def test_agency_running_cost_follows_its_calibre(
    calibre: list[str], kinds: tuple[str, ...]
) -> None:
    department = random_department(3, units=5, lines=60)
    department = replace(department, head=department.head | {"机关运行经费口径": calibre})
    expected = totals_of(department)["机关运行经费", ""]
    book = book_of(department)
    assert (book.named("机关运行经费").exact or 0) == expected
    entries = book.entries(book.named("机关运行经费"))
    assert {department.unit_kind(entry.unit) for entry in entries} <= set(kinds)
    assert entries


@pytest.mark.parametrize(("fiscal", "said"), [("是", "财政拨款"), ("否", "非财政拨款")])
def test_what_is_fiscal_is_called_so(sample: FigureBook, fiscal: str, said: str) -> None:
    figure = sample.select(select("支出", 资金来源="一般公共预算", 财政拨款=fiscal))
    assert sample.label(figure) == f"支出（{said}，一般公共预算）"


def test_fiscal_appropriation_is_the_part_that_is_said_or_the_whole() -> None:
    """Of all three fiscal funds, and of the general budget alone."""
    for seed in range(30):
        department = random_department(seed, units=2, lines=25)
        book, totals = book_of(department), totals_of(department)
        for name in ("财政拨款收入", "一般公共预算财政拨款收入"):
            assert (book.named(name).exact or 0) == totals.get((name, ""), 0)


@given(st.integers(1, 10**13), st.integers(1, 10**13), st.integers(0, 2))
@settings(max_examples=60)
def test_shares_and_rates_are_recomputed_from_what_is_printed(
    fen: int, base: int, decimals: int
) -> None:
    """Anyone can recompute them from the document: half up, from the printed figures."""
    prior = half_up(Decimal(base) / 10**6, 1)
    yuan = f"{fen // 100}.{fen % 100:02d}"
    book = small(yuan, {"支出合计": str(prior)}, 比例小数位数=str(decimals))
    figure = book.named("支出合计")
    change = book.change(figure)
    assert figure.printed == half_up(Decimal(fen) / 10**6, 1)
    if change.kind in (INCREASE, DECREASE, GONE):
        assert change.difference is not None
        assert change.rate is not None
        assert change.difference.printed == figure.printed - prior
        assert change.rate.printed == half_up((figure.printed - prior) * 100 / prior, decimals)


@pytest.mark.parametrize(
    "selection",
    [
        select("支出"),
        select("支出", 资金来源="一般公共预算"),
        select("支出", 功能科目=("2010301", "2010302"), 单位="159001"),
        select("支出", 单位="159001", 项目="平台[二期],新建", 资金来源="一般公共预算"),
    ],
)
def test_a_selection_is_found_by_its_name(selection: Select) -> None:
    assert selection_named(name_of(selection)) == selection


@pytest.mark.parametrize("name", ["三公经费", "单位个数", "支出[功能科目=201].增幅", "没有"])
def test_a_sum_a_count_or_a_change_is_no_selection(name: str) -> None:
    assert selection_named(name) is None


def test_every_definition_is_documented_and_computes() -> None:
    book = small()
    assert len({d.name for d in DEFINITIONS}) == len(DEFINITIONS)
    for definition in DEFINITIONS:
        assert definition.name.isidentifier()
        assert definition.meaning
        assert definition.basis
        figure = book.named(definition.name)
        assert figure.measure
        assert book.formula(figure)
        assert book.resolve(figure.name) == figure
