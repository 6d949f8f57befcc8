"""Intervals of printed figures: what rounding can do is never called a mismatch, anything else is."""

from __future__ import annotations

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

from generator.build import build_disclosure
from generator.document import text_of
from generator.figures.book import FigureBook
from generator.load.budget import load_budget
from generator.money import PublishedMeasure, round_decimal
from generator.problems import ROUNDING
from generator.review.rounding import (
    MISMATCH,
    OK,
    WITHIN,
    judge,
    judge_ratio,
    judge_shares,
    ratio_differences,
)

BASE = Path(__file__).parent / "broken" / "base"
TENTH, HUNDREDTH = Decimal("0.1"), Decimal("0.01")
CASES = 100_000
MEASURES = {1: TENTH, 2: HUNDREDTH}


def decimals(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def amount(random: Random, unit: int) -> int:
    """Fen, positive or negative, often a half of the unit or a fen beside it: rounding's worst."""
    if random.random() < 0.5:
        return random.randrange(-(10**6), 10**8)
    return random.randrange(0, 500) * unit + unit // 2 - random.randrange(2)


@pytest.mark.parametrize("digits", MEASURES)
def test_no_sum_is_called_a_mismatch(digits: int) -> None:
    """Also: the bound is the least. Half a unit less would call true sums wrong."""
    random, measure, step = Random(digits), PublishedMeasure("万元", digits), MEASURES[digits]
    unit = measure.fen // 10**digits
    widest = dict.fromkeys(range(1, 13), Decimal(0))
    for _ in range(CASES):
        parts = [amount(random, unit) for _ in range(random.randrange(1, 13))]
        printed = [measure.round(fen) for fen in parts]
        total = measure.round(sum(parts))
        assert judge(total, printed, step) != MISMATCH, parts
        gap = abs(sum(printed) - total)
        widest[len(parts)] = max(widest[len(parts)], gap)
    for count in range(2, 10):
        # Reached: the largest whole number of steps below (k + 1)·½.
        assert widest[count] == count // 2 * step, count


def test_the_first_gap_that_rounding_cannot_make_is_a_mismatch() -> None:
    for count in range(1, 30):
        parts = [TENTH] * count
        total = TENTH * count
        possible, impossible = count // 2, count // 2 + 1
        assert judge(total, parts, TENTH) == OK
        for sign in (1, -1):
            if possible:
                assert judge(total + sign * possible * TENTH, parts, TENTH) == WITHIN
            assert judge(total + sign * impossible * TENTH, parts, TENTH) == MISMATCH


@pytest.mark.parametrize("digits", MEASURES)
@pytest.mark.parametrize("rate_digits", [0, 1, 2])
def test_no_share_or_rate_is_called_a_mismatch(digits: int, rate_digits: int) -> None:
    """From printed amounts, and from exact ones under 变动口径 元; small bases included."""
    random, measure, step = Random(digits), PublishedMeasure("万元", digits), MEASURES[digits]
    smallest = Decimal(1).scaleb(-rate_digits)
    unit = measure.fen // 10**digits
    verdicts = set()
    for _ in range(CASES // 6):
        whole = abs(amount(random, unit)) if random.random() < 0.8 else random.randrange(1, unit)
        part = random.randrange(0, whole + 1) if random.random() < 0.5 else amount(random, unit)
        printed = measure.round(part), measure.round(whole)
        if whole == 0:
            continue
        exact = round_decimal(Decimal(part) * 100 / whole, rate_digits)
        verdict = judge_ratio(exact, *printed, step, smallest)
        verdicts.add(verdict)
        assert verdict != MISMATCH, (part, whole)
        if printed[1]:
            shown = round_decimal(printed[0] * 100 / printed[1], rate_digits)
            assert judge_ratio(shown, *printed, step, smallest) == OK
    assert verdicts == {OK, WITHIN}


def test_a_rate_beyond_its_interval_is_a_mismatch() -> None:
    """128.8 of 536.0 is 24.03 %; with ±0.05 in both it is at most 24.042 and at least 24.018."""
    amounts = decimals("128.8", "536.0", "0.1")
    verdicts = {
        text: judge_ratio(Decimal(text), *amounts, Decimal(1).scaleb(-len(text.partition(".")[2])))
        for text in ("24.03", "24.04", "24.05", "24.02", "24.01", "24.0", "24.1", "-24.0", "42.0")
    }
    assert verdicts == {
        "24.03": OK,
        "24.04": WITHIN,
        "24.05": MISMATCH,
        "24.02": WITHIN,
        "24.01": MISMATCH,
        "24.0": OK,
        "24.1": MISMATCH,
        "-24.0": MISMATCH,
        "42.0": MISMATCH,
    }


@pytest.mark.parametrize(
    ("printed", "part", "whole", "verdict"),
    [
        ("40.0", "0.1", "0.0", WITHIN),  # a base that prints 0.0 may be anything below 0.05
        ("-40.0", "0.1", "0.0", MISMATCH),
        ("900.0", "0.0", "0.0", WITHIN),
        ("0.0", "0.0", "5.0", OK),
        ("1.1", "0.0", "5.0", MISMATCH),  # 0.05 of 4.95 is 1.01 %
        ("1.0", "0.0", "5.0", WITHIN),
        ("50.0", "-1.0", "-2.0", OK),
    ],
)
def test_rates_of_next_to_nothing(printed: str, part: str, whole: str, verdict: str) -> None:
    assert judge_ratio(*decimals(printed, part, whole), TENTH, TENTH) == verdict


@pytest.mark.parametrize("digits", MEASURES)
def test_no_set_of_shares_is_called_a_mismatch(digits: int) -> None:
    random, measure = Random(digits), PublishedMeasure("万元", digits)
    unit = measure.fen // 10**digits
    for _ in range(CASES // 4):
        parts = [abs(amount(random, unit)) for _ in range(random.randrange(2, 9))]
        printed, whole = [measure.round(fen) for fen in parts], measure.round(sum(parts))
        if whole:
            from_printed = [round_decimal(part * 100 / whole, 1) for part in printed]
            exact = [round_decimal(Decimal(part) * 100 / sum(parts), 1) for part in parts]
            assert judge_shares(from_printed, printed, whole, TENTH) != MISMATCH
            assert judge_shares(exact, printed, whole, TENTH) != MISMATCH


def test_shares_that_rounding_cannot_make_are_a_mismatch() -> None:
    """Parts that add up: three shares may miss 100 by less than 0.15, so by 0.1 at most."""
    parts, whole = decimals("10.0", "10.0", "10.0"), Decimal("30.0")
    for texts, verdict in (
        (("33.3", "33.3", "33.3"), WITHIN),
        (("33.3", "33.3", "33.4"), OK),
        (("33.3", "33.3", "33.2"), MISMATCH),
        (("74.7", "25.3", "0.2"), MISMATCH),
    ):
        assert judge_shares(decimals(*texts), parts, whole, TENTH) == verdict


def book_of(basis: str) -> FigureBook:
    loaded = load_budget(BASE, 2023)
    department = replace(loaded.budget.department, change_basis=basis)
    lines = list(loaded.budget.expenditure)
    lines[0] = replace(lines[0], amount=type(lines[0].amount)(50_050_100))  # type: ignore[call-overload,arg-type]  # Money
    budget = replace(loaded.budget, department=department, expenditure=tuple(lines))
    return FigureBook(budget, loaded.catalogue)


def test_rates_of_exact_amounts_are_listed_when_the_printed_ones_do_not_give_them() -> None:
    """2130301: 60.0501 prints 60.1, which is 0.2 % more than 60.0; exactly it is 0.08 % more."""
    assert not [p for p in ratio_differences(book_of("公布数")) if "增幅" in p.message]
    found = [p for p in ratio_differences(book_of("元")) if "增幅" in p.message]
    assert [(p.message, p.place.file_line, p.severity) for p in found] == [
        (
            "支出总计的增幅：公布的增减额 30.1、上年数 110.0 算不出 27.3%",
            "2023/expenditure.yaml:1",
            ROUNDING,
        ),
        (
            "一般公共预算支出（2130301 行政运行）的增幅：公布的增减额 0.1、上年数 60.0 算不出 0.1%",
            "2023/expenditure.yaml:1",
            ROUNDING,
        ),
    ]


def test_a_document_with_a_rounding_difference_says_so(tmp_path: Path) -> None:
    """One note covers all of them; without any there is no note."""
    data = Path(__file__).parents[1] / "data"
    for root, expected in ((data, 1), (BASE, 0)):
        document = build_disclosure(root, 2023).document
        notes = [b for b in document.blocks() if getattr(b, "role", "") == "注"]
        assert len(notes) == expected


def test_where_only_shares_miss_100_the_note_speaks_of_shares(tmp_path: Path) -> None:
    """110 and 690 of 800 are 13.75 % and 86.25 %: every sum adds up, the shares print 100.1."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    for name, old, new in (
        ("expenditure", "金额: 300000.00", "金额: 6900000.00"),
        ("revenue", "金额: 900000.00", "金额: 7500000.00"),
        ("projects", "≤30万元", "≤690万元"),
    ):
        file = tmp_path / f"2023/{name}.yaml"
        file.write_text(file.read_text("utf-8").replace(old, new, 1), "utf-8")
    built = build_disclosure(tmp_path, 2023)
    assert {p.rule for p in built.problems if p.severity == ROUNDING} == {"rounding-difference"}
    (note,) = (b for b in built.document.blocks() if getattr(b, "role", "") == "注")
    assert "；部分比例因此有尾差" in text_of(note.segments)
