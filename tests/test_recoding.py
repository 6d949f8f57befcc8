"""The crosswalk of recoded function items: nothing lost, nothing gained, mistakes named."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.build import build_disclosure
from generator.figures.expressions import select
from generator.figures.recoding import recode_problems, recoded
from generator.model import Published, PublishedFact, Recode
from generator.problems import ERROR, Place, ProblemsFound
from generator.writers.text import write_text

FAMILY = "一般公共预算支出"
OLD, NEW, THIRD = "2010306", "2010302", "2060499"
LINE = Place("2024/recode.yaml", 2, 3)


def published(*facts: tuple[str, str, str | None], complete: bool = True) -> Published:
    return Published(
        2023,
        "青石市数据局",
        complete=(FAMILY,) if complete else (),
        facts=tuple(
            PublishedFact(name, None if amount is None else Decimal(amount), function)
            for name, function, amount in facts
        ),
    )


def line(old: str, new: str, share: str = "100", number: int = 2) -> Recode:
    return Recode(old, new, Decimal(share), place=Place("2024/recode.yaml", number, 3))


def amounts(prior: Published, *lines: Recode) -> dict[tuple[str, str], str | None]:
    return {
        (fact.figure, fact.function): None if fact.amount is None else str(fact.amount)
        for fact in recoded(prior, lines)
    }


def test_without_a_crosswalk_facts_stay_as_published() -> None:
    prior = published((FAMILY, OLD, "227.0"))
    assert recoded(prior, ()) is prior.facts


def test_an_item_is_compared_with_its_old_self() -> None:
    prior = published((FAMILY, OLD, "227.0"), (FAMILY, "2010301", "508.3"))
    assert amounts(prior, line(OLD, NEW)) == {(FAMILY, "2010301"): "508.3", (FAMILY, NEW): "227.0"}


def test_the_base_of_a_recoded_item_stands_at_the_crosswalk() -> None:
    (fact,) = recoded(published((FAMILY, OLD, "227.0")), (line(OLD, NEW),))
    assert fact.place == LINE


def test_what_a_new_code_had_itself_is_added_to() -> None:
    prior = published((FAMILY, OLD, "227.0"), (FAMILY, NEW, "76.0"))
    assert amounts(prior, line(OLD, NEW)) == {(FAMILY, NEW): "303.0"}


def test_two_codes_merge_into_one() -> None:
    prior = published((FAMILY, OLD, "0.1"), (FAMILY, "2010305", "0.2"))
    lines = line(OLD, NEW), line("2010305", NEW, number=3)
    assert amounts(prior, *lines) == {(FAMILY, NEW): "0.3"}


def test_two_codes_that_change_places_do_not_meet() -> None:
    prior = published((FAMILY, OLD, "1.0"), (FAMILY, NEW, "2.0"))
    lines = line(OLD, NEW), line(NEW, OLD, number=3)
    assert amounts(prior, *lines) == {(FAMILY, NEW): "1.0", (FAMILY, OLD): "2.0"}


def test_a_part_may_stay_under_the_old_code() -> None:
    prior = published((FAMILY, OLD, "100.0"))
    lines = line(OLD, OLD, "60"), line(OLD, NEW, "40", 3)
    assert amounts(prior, *lines) == {(FAMILY, OLD): "60.0", (FAMILY, NEW): "40.0"}


def test_thirds_go_to_the_largest_remainders() -> None:
    prior = published((FAMILY, OLD, "0.5"))
    shares = ("33.3", "33.3", "33.4")
    lines = [line(OLD, f"201030{n}", share, n) for n, share in enumerate(shares, 1)]
    found = amounts(prior, *lines)
    assert list(found.values()) == ["0.2", "0.1", "0.2"]


def test_a_blank_stays_blank() -> None:
    assert amounts(published((FAMILY, OLD, None)), line(OLD, NEW)) == {(FAMILY, NEW): None}
    beside = published((FAMILY, OLD, None), (FAMILY, NEW, "3.0"))
    assert amounts(beside, line(OLD, NEW)) == {(FAMILY, NEW): "3.0"}


def test_selections_named_by_their_item_are_recoded_too() -> None:
    name = "支出[功能科目={},支出性质=项目支出]"
    both = "支出[功能科目=2010306|2010301]"
    prior = published((name.format(OLD), "", "5.0"), (both, "", "9.0"))
    assert amounts(prior, line(OLD, NEW)) == {(name.format(NEW), ""): "5.0", (both, ""): "9.0"}


def test_classes_follow_an_item_that_leaves_them() -> None:
    prior = published(
        (FAMILY, "201", "911.7"), (FAMILY, "206", "120.5"), (FAMILY, OLD, "227.0"), complete=False
    )
    assert amounts(prior, line(OLD, THIRD)) == {
        (FAMILY, "201"): "684.7",
        (FAMILY, "206"): "347.5",
        (FAMILY, THIRD): "227.0",
    }


def test_a_class_that_was_not_there_begins_where_all_were_listed() -> None:
    facts = (FAMILY, "201", "300.0"), (FAMILY, OLD, "227.0")
    expected = {(FAMILY, "201"): "73.0", (FAMILY, THIRD): "227.0"}
    assert amounts(published(*facts, complete=False), line(OLD, THIRD)) == expected
    expected[FAMILY, "206"] = "227.0"
    assert amounts(published(*facts), line(OLD, THIRD)) == expected


def test_a_class_never_gets_less_than_nothing() -> None:
    prior = published((FAMILY, "201", "0.1"), (FAMILY, OLD, "0.1"), (FAMILY, "2010305", "0.1"))
    lines = line(OLD, THIRD), line("2010305", THIRD, number=3)
    assert amounts(prior, *lines)[FAMILY, "201"] == "0.0"


SHARES = st.lists(st.integers(1, 997), min_size=1, max_size=6)
AMOUNTS = st.tuples(st.integers(0, 10**9), st.integers(0, 2))


@given(st.lists(AMOUNTS, min_size=1, max_size=4), SHARES)
def test_a_split_keeps_the_sum_and_gives_each_its_share(
    published_amounts: list[tuple[int, int]], weights: list[int]
) -> None:
    total = sum(weights)
    shares = [Decimal(weight * 10**6 // total).scaleb(-4) for weight in weights]
    shares[0] += 100 - sum(shares)
    lines = [line(OLD, f"20104{n:02d}", str(share), n) for n, share in enumerate(shares)]
    facts = [
        (f"指标{n}", OLD, str(Decimal(amount).scaleb(-decimals)))
        for n, (amount, decimals) in enumerate(published_amounts)
    ]
    prior = published(*facts)
    found = recoded(prior, lines)
    for fact in prior.facts:
        parts = [one.amount for one in found if one.figure == fact.figure]
        assert fact.amount is not None
        step = Decimal(1).scaleb(fact.amount.as_tuple().exponent)  # type: ignore[arg-type]  # finite
        assert sum(parts, Decimal(0)) == fact.amount  # type: ignore[arg-type]  # none is blank
        for part, share in zip(parts, shares, strict=True):
            assert part is not None
            assert part.as_tuple().exponent == fact.amount.as_tuple().exponent
            assert abs(part - fact.amount * share / 100) < step


def said(prior: Published | None, *lines: Recode) -> list[tuple[str, int, str]]:
    found = list(recode_problems(lines, prior))
    assert {finding.severity for finding in found} <= {ERROR}
    return [(problem.place.path, problem.place.line, problem.message) for problem in found]


def test_a_complete_crosswalk_is_silent() -> None:
    prior = published((FAMILY, OLD, "1.0"))
    assert said(prior, line(OLD, NEW, "60"), line(OLD, THIRD, "40", 3)) == []


def test_shares_that_do_not_add_up_are_named() -> None:
    prior = published((FAMILY, OLD, "1.0"))
    assert said(prior, line(OLD, NEW, "60"), line(OLD, THIRD, "30", 3)) == [
        ("2024/recode.yaml", 2, "旧科目 2010306 的比例合计是 90，不是 100")
    ]


@pytest.mark.parametrize(("first", "second"), [("150", "-50"), ("100", "0")])
def test_shares_are_parts(first: str, second: str) -> None:
    messages = [text for _, _, text in said(None, line(OLD, NEW, first), line(OLD, THIRD, second))]
    wrong = [share for share in (first, second) if not 0 < Decimal(share) <= 100]
    assert messages == [f"旧科目 2010306 的比例是 {share}" for share in wrong]


def test_a_line_said_twice_is_named_once() -> None:
    prior = published((FAMILY, OLD, "1.0"))
    lines = line(OLD, NEW, "50"), line(OLD, NEW, "50", 3)
    found = list(recode_problems(lines, prior))
    assert [(p.message, p.place.line, [q.line for q in p.related]) for p in found] == [
        ("旧科目 2010306 到新科目 2010302 写了不止一行", 2, [3])
    ]


def test_an_old_code_that_was_not_published_is_named() -> None:
    prior = published((FAMILY, "2010301", "1.0"))
    assert said(prior, line(OLD, NEW)) == [("2024/recode.yaml", 2, "旧科目 2010306 上年没有公布过")]
    assert said(None, line(OLD, NEW)) == []


BASE = Path(__file__).parent / "broken" / "base"


@pytest.mark.parametrize(
    ("text", "column", "rule"),
    [
        ('- {旧科目: "2130306", 新科目: "2139998"}', 25, "unknown-code"),
        ('- {旧科目: "2130306", 新科目: "21303"}', 25, "wrong-level"),
        ('- {旧科目: "21303", 新科目: "2130301"}', 9, "bad-code"),
        ('- {旧科目: "2010101", 新科目: "2130301"}', 3, "recode-share"),
    ],
)
def test_codes_that_are_none_are_reported_with_line_and_column(
    text: str, column: int, rule: str, tmp_path: Path
) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "2023/recode.yaml").write_text(f"# 对照\n{text}\n", encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        build_disclosure(tmp_path, 2023)
    places = {(p.place, p.rule) for p in found.value.problems if "recode" in p.place.path}
    assert places == {(Place("2023/recode.yaml", 2, column), rule)}


def test_only_items_with_a_recoded_base_are_said_to_be_comparable(tmp_path: Path) -> None:
    """2130306 has a part of what was published as 2130301; 2130305 had no base under any code."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "2023/recode.yaml").write_text(
        '- {旧科目: "2130301", 新科目: "2130306", 比例: 60}\n'
        '- {旧科目: "2130301", 新科目: "2130301", 比例: 40}\n',
        encoding="utf-8",
    )
    (tmp_path / "2023/reasons.yaml").write_text("- {原因: 工作需要}\n", encoding="utf-8")
    text = write_text(build_disclosure(tmp_path, 2023).document).decode()
    assert re.findall("\n2023年预算数为.*", text) == [
        "\n2023年预算数为60万元，按可比口径，比2022年预算数增加36万元，增长150%。",
        "\n2023年预算数为30万元，比2022年预算数增加30万元（上年无此项预算）。",
        "\n2023年预算数为40万元，按可比口径，比2022年预算数减少36万元，下降47.4%。",
    ]


def test_an_item_whose_base_went_elsewhere_is_comparable_by_the_crosswalk_only(
    tmp_path: Path,
) -> None:
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "2023/recode.yaml").write_text(
        '- {旧科目: "2130301", 新科目: "2130399"}\n', "utf-8"
    )
    (tmp_path / "2023/reasons.yaml").write_text("- {原因: 工作需要}\n", encoding="utf-8")
    built = build_disclosure(tmp_path, 2023)
    category = select("支出", 资金来源="一般公共预算", 功能科目="213")  # the sum of its items
    assert built.book.last_year.is_recoded(built.book.select(category))
    text = write_text(built.document).decode()
    assert "2023年预算数为60万元，按可比口径，比2022年预算数增加60万元（上年无此项预算）。" in text
