"""`why`: every tree recomputes to its figure, every leaf is a line holding that amount."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from generator.build import Built, build_disclosure, printed_figures
from generator.explain import Node, explain, figures_at, tree_lines
from generator.money import Money, round_decimal

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"


@pytest.fixture(scope="module")
def built() -> Built:
    return build_disclosure(DATA, 2023)


def recomputed(node: Node, fen: int) -> int | Decimal | None:
    """A tree's value from its leaves and published facts alone."""
    if node.published:
        return node.exact
    if not node.children:
        return sum(leaf.amount for leaf in node.leaves) if node.leaves else None
    if node.name.endswith(".增减额"):
        now, before = (child.printed or Decimal(0) for child in node.children)
        return int((now - before) * fen) if node.measure in ("万元", "元") else now - before
    if node.measure == "%":
        part, whole = (child.printed or Decimal(0) for child in node.children)
        return part * 100 / whole
    values = [recomputed(child, fen) for child in node.children]
    known = [int(value) for value in values if value is not None]
    return sum(known) if known else None


def leaves(node: Node):
    yield from node.leaves
    for child in node.children:
        yield from leaves(child)


def bottoms(node: Node):
    if not node.children:
        yield node
    for child in node.children:
        yield from bottoms(child)


def test_every_printed_figure_recomputes_from_its_tree(built: Built) -> None:
    names = {name for name, _, _ in printed_figures(built.document)}
    fen = built.book.published_measure.fen
    for name in names:
        tree = explain(built.book, built.document, name).tree
        value = recomputed(tree, fen)
        assert value == tree.exact, name
        if isinstance(value, Decimal) and tree.measure == "%":
            assert round_decimal(value, 1) == tree.printed
        elif tree.measure == "万元" and value is not None:
            assert built.book.published_measure.round(int(value)) == tree.printed


def test_every_leaf_is_a_line_that_holds_the_amount(built: Built) -> None:
    lines = {}
    for name in {name for name, _, _ in printed_figures(built.document)}:
        tree = explain(built.book, built.document, name).tree
        for leaf in leaves(tree):
            file = DATA / leaf.place.path
            lines.setdefault(file, file.read_text(encoding="utf-8").split("\n"))
            line = lines[file][leaf.place.line - 1]
            if leaf.measure == "分":
                assert f"金额: {Money(leaf.amount).yuan}" in line
            else:
                assert line.strip()
        for bottom in bottoms(tree):
            assert bottom.leaves or bottom.empty or bottom.published


def test_printed_text_is_found(built: Built) -> None:
    found = {name for name, _, _ in figures_at(built.document, "增长28%")}
    assert found == {
        "收入总计.增幅",
        "支出总计.增幅",
        "一般公共预算收支.增幅",
        "一般公共预算支出.增幅",
    }


def test_the_tree_reads_as_a_calculation(built: Built) -> None:
    tree = explain(built.book, built.document, "公务接待费").tree
    assert list(tree_lines(tree)) == [
        "公务接待费 = 2.5万元（精确 25000.00 元）",
        "  算法：支出明细之和（经济科目 = 30217，资金来源 = 一般公共预算）"
        "  经济科目 30217，含基本支出和项目支出",
        "    2023/expenditure.yaml:30  15000.00 元",
        "    2023/expenditure.yaml:31  10000.00 元",
    ]


def test_an_unknown_name_is_a_key_error(built: Built) -> None:
    with pytest.raises(KeyError):
        explain(built.book, built.document, "三工经费")
