"""`why`: every tree recomputes to its figure, every leaf is a line holding that amount."""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from departments import Department, write_department
from departments_drawn import departments
from hypothesis import given, settings

from generator.__main__ import main
from generator.build import Built, build_disclosure, printed_figures
from generator.explain import PRIOR_SUFFIX, Leaf, Node, explain, figures_at, node_of, tree_lines
from generator.money import Money, round_decimal

ROOT = Path(__file__).parents[1]
DATA, EXAMPLES = ROOT / "data", ROOT / "examples"
BASE = Path(__file__).parent / "broken/base"
SHIPPED = (
    (DATA, 2023, ROOT / "templates"),
    (EXAMPLES / "data", 2023, EXAMPLES / "templates"),
    (EXAMPLES / "data", 2024, EXAMPLES / "templates"),
    (BASE, 2023, ROOT / "templates"),
)


@pytest.fixture(scope="module")
def built() -> Built:
    return build_disclosure(DATA, 2023)


def is_published(node: Node) -> bool:
    """Whether it is a fact of last year."""
    return node.name.endswith(PRIOR_SUFFIX)


def compared(node: Node, built: Built) -> Decimal:
    """What differences and percentages are computed from: the printed figure, or the exact one."""
    exactly = built.book.department.change_basis == "元" and not is_published(node)
    if exactly and node.measure in ("万元", "元") and isinstance(node.exact, int):
        return Decimal(node.exact) / built.book.published_measure.fen
    return node.printed or Decimal(0)


def recomputed(node: Node, built: Built) -> int | Decimal | None:
    """A tree's value from its leaves and published facts alone."""
    if is_published(node) and node.formula == "上年公布的数按 recode.yaml 的对照换算":
        return sum(int(child.exact or 0) for child in node.children)
    if is_published(node):
        return node.exact
    if not node.children:
        counted = node.formula.startswith("计数：")  # nothing counted is 0, nothing added blank
        return sum(leaf.amount for leaf in node.leaves) if node.leaves or counted else None
    if node.name.endswith(".增减额"):
        now, before = (compared(child, built) for child in node.children)
        amount = node.measure in ("万元", "元")
        return int((now - before) * built.book.published_measure.fen) if amount else now - before
    if node.measure == "%":
        part, whole_node = node.children
        if compared(whole_node, built) == 0:  # printed as nothing
            return Decimal(part.exact or 0) * 100 / Decimal(whole_node.exact or 0)
        return compared(part, built) * 100 / compared(whole_node, built)
    parts = [recomputed(child, built) for child in node.children]
    known = [int(value) for value in parts if value is not None]
    return sum(known) if known else None


def every_node(built: Built) -> list[Node]:
    """The nodes of the trees of all printed figures, each once."""
    found: dict[str, Node] = {}

    def add(node: Node) -> None:
        if node.name not in found:
            found[node.name] = node
            for child in node.children:
                add(child)

    for name in {name for name, _, _ in printed_figures(built.document)}:
        add(node_of(built.book, built.book.resolve(name)))
    return list(found.values())


def assert_recomputes(built: Built) -> None:
    for node in every_node(built):
        value = recomputed(node, built)
        assert value == node.exact, node.name
        if isinstance(value, Decimal) and node.measure == "%":
            assert round_decimal(value, built.book.rate_decimals) == node.printed
        elif node.measure in ("万元", "元") and value is not None:
            measure = built.book.published_measure
            assert is_published(node) or measure.round(int(value)) == node.printed


def assert_stands_on_lines(built: Built, data: Path) -> None:
    """Every leaf is a line of a file with that amount; where there is none the tree says so."""

    @cache
    def line_of(path: str, line: int) -> str:
        return (data / path).read_text(encoding="utf-8").split("\n")[line - 1]

    for node in every_node(built):
        for leaf in node.leaves:
            assert_holds(line_of(*leaf.place[:2]), leaf, node)
        if is_published(node) and not node.children:
            place = node.place
            assert place is None or holds(line_of(*place[:2]), "数值", node.printed, built)
            assert (place is None) == (node.formula == "上年各科目已全部公布，没有列出的是零")
        assert node.children or node.leaves or node.empty or is_published(node), node.name
        assert not (node.empty and node.leaves)


def assert_holds(line: str, leaf: Leaf, node: Node) -> None:
    if leaf.measure == "分":
        written = re.findall(r"(?:金额|其中财政拨款): \"?(-?[0-9.]+)", line)
        assert leaf.amount in [int(Money.from_yuan(text)) for text in written], line
    elif "计数" in node.formula:
        assert leaf.amount == 1
        assert "名称: " in line
    else:
        given = re.search(node.name + ": ([0-9]+)", line)
        assert leaf.amount == (int(given[1]) if given else 0)


def holds(line: str, key: str, printed: Decimal | None, built: Built) -> bool:
    """Whether a line of last year's facts gives the value, in its own measure."""
    prior = built.book.budget.prior
    assert prior is not None
    written = re.search(f"{key}: (-?[0-9.]+)", line)
    value = Decimal(written[1]) if written else Decimal(0)
    fen = {"元": 100, "万元": 1_000_000}
    own = built.book.published_measure.fen
    return printed in (value, value * fen[prior.measure] / own)


@pytest.mark.parametrize(("data", "year", "templates"), SHIPPED)
def test_every_tree_of_the_shipped_data(data: Path, year: int, templates: Path) -> None:
    built = build_disclosure(data, year, templates)
    assert_recomputes(built)
    assert_stands_on_lines(built, data)


@given(departments(max_units=4, max_lines=25))
@settings(max_examples=25)
def test_every_tree_of_random_departments(department: Department) -> None:
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        built = build_disclosure(Path(folder), department.year)
        assert_recomputes(built)
        assert_stands_on_lines(built, Path(folder))


def test_a_recoded_base_names_the_facts_it_was_made_of(tmp_path: Path) -> None:
    """40 of 2130306 and 60 % of 2130301's 60 are the base of 2130306."""
    shutil.copytree(BASE, tmp_path, dirs_exist_ok=True)
    (tmp_path / "2023/recode.yaml").write_text(
        '- {旧科目: "2130301", 新科目: "2130306", 比例: 60}\n'
        '- {旧科目: "2130301", 新科目: "2130302", 比例: 40}\n',
        encoding="utf-8",
    )
    (tmp_path / "2023/reasons.yaml").write_text("- {原因: 工作需要}\n", encoding="utf-8")
    built = build_disclosure(tmp_path, 2023)
    prior = explain(built.book, built.document, "一般公共预算支出 2130306").prior
    assert prior is not None
    assert (prior.printed, prior.formula) == (76, "上年公布的数按 recode.yaml 的对照换算")
    own, shared = prior.children if prior.children[0].printed == 40 else prior.children[::-1]
    assert (own.printed, own.place) == (40, built.book.budget.prior.facts[5].place)  # type: ignore[union-attr]  # there is one
    assert shared.printed == 36
    assert [(child.printed, child.place.line) for child in shared.children if child.place] == [
        (60, 9)
    ]


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


@pytest.mark.parametrize("name", ["三工经费", "三工经费 2010301", "2010301", ""])
def test_an_unknown_name_is_a_key_error(built: Built, name: str) -> None:
    with pytest.raises(KeyError):
        explain(built.book, built.document, name)


@pytest.mark.parametrize("name", ["一般公共预算支出 2010301", "一般公共预算支出2010301"])
def test_an_item_is_named_by_its_code(built: Built, name: str) -> None:
    explanation = explain(built.book, built.document, name)
    assert explanation.tree.printed == Decimal("664.8")
    assert ("664.8万元", "henan/narrative/30-explanation.txt:33") in explanation.printed_at


# The command


def why(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["why", "2023", *arguments])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_why_shows_the_tree_last_year_and_where_it_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = why(capsys, "三公经费")
    assert (code, err) == (0, "")
    lines = out.strip().split("\n")
    assert lines[0] == "三公经费 = 6.5万元（精确 65000.00 元）"
    assert "    没有符合条件的明细行" in [line[2:] for line in lines]
    assert "三公经费.上年 = 6万元（公布数）  2022/published/facts.yaml:23" in lines
    assert lines[-1] == "印在 八、一般公共预算“三公”经费预算表 “合计”行第 1 列：6.5"


def test_why_by_the_printed_text(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = why(capsys, "--at", "增长28%")
    assert code == 0
    assert "henan/narrative/30-explanation.txt:5: 收入总计.增幅" in out
    assert "\n收入总计.增幅 = 28%\n" in out
    code, out, _ = why(capsys, "--at", "增长28%", "--json")
    trees = [record["tree"]["name"] for record in json.loads(out)]
    assert trees == [
        "收入总计.增幅",
        "支出总计.增幅",
        "一般公共预算收支.增幅",
        "一般公共预算支出.增幅",
    ]


def test_no_exact_amount_is_claimed_for_last_year(capsys: pytest.CaptureFixture[str]) -> None:
    (record,) = json.loads(why(capsys, "三公经费", "--json")[1])
    assert (record["tree"]["exact"], record["prior"]["exact"]) == ("6500000", None)


def test_why_by_the_text_of_a_cell(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = why(capsys, "--at", "211.0")
    assert code == 0
    assert "三、部门支出预算表 合计: 项目支出\n    …211.0…\n" in out
    assert out.count("\n项目支出 = 211万元") == 1


def test_why_without_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = why(capsys, "三工经费")
    assert (code, err) == (
        1,
        "没有名为“三工经费”的指标。是不是“三公经费”、“公用经费”、“人员经费”？\n",
    )
    code, _, err = why(capsys, "--at", "增长99%")
    assert (code, err) == (1, "文中没有“增长99%”，或那里没有算出的数。\n")
    assert why(capsys)[0] == why(capsys, "三公经费", "--at", "28%")[0] == 2
