"""Mistakes that editors make in table layouts: each is reported, at its line, all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from table_grids import load_layouts, sample_book

from generator.catalogue import load_catalogue
from generator.load.budget import SHIPPED_CATALOGUE
from generator.problems import WARNING, ProblemsFound
from generator.tables.build import build_table
from generator.tables.codes import code_problems
from generator.tables.layout import parse_layouts

ROOT = Path(__file__).resolve().parents[1]


def write(root: Path, text: str, name: str = "x") -> Path:
    folder = root / "henan" / "tables"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


GOOD = """\
标题: "{年}年表"
目录名: 一、表
纸张: 横向
取自: 支出
行: [合计, 部门, 功能科目]
列:
  - {名称: 类, 内容: 功能类}
  - {名称: 名称, 内容: 功能科目名称、合计}
  - {名称: 合计}
  - 名称: 基本支出
    条件: {支出性质: 基本支出}
    列:
      - {名称: 小计}
      - {名称: 人员, 条件: {经济科目: 301、303}, 空: 零}
"""
SIDES = """\
标题: 表
目录名: 一、表
纸张: 纵向
左:
  名称: 收入
  列: [{名称: 项目, 内容: 标签}, {名称: 金额}]
  各行:
    - {标签: 合计, 指标: 收入总计}
右:
  名称: 支出
  列: [{名称: 项目, 内容: 标签}, {名称: 金额}]
  各行:
    - {标签: "{序号}、{名称}", 取自: 支出, 按类: 是}
"""
FORM = (
    GOOD
    + """\
表单:
  - 标签: 部门
    各行:
      - 单元格: [{内容: 部门名称, 跨列: 4}]
"""
)

# (layout, old, new, rule, line)
MISTAKES = [
    (GOOD, "纸张: 横向", "纸长: 横向", "unknown-key", 3),
    (GOOD, "纸张: 横向\n", "", "missing-key", 1),
    (GOOD, "纸张: 横向", "纸张: 横", "bad-choice", 3),
    (GOOD, "部门, 功能科目]", "部门, 功能项]", "unknown-rows", 5),
    (GOOD, "取自: 支出", "取自: 支岀", "unknown-measure", 4),
    (GOOD, "内容: 功能类", "内容: 功能雷", "unknown-text", 7),
    (GOOD, "{名称: 合计}", "{名称: 合计, 指标: 收入总记}", "unknown-figure", 9),
    (GOOD, "{名称: 合计}", "{名称: 合计, 指标: 支出总计}", "figure-by-row", 9),
    (GOOD, "条件: {支出性质", "条件: {支出姓质", "unknown-key", 11),
    (GOOD, "{支出性质: 基本支出}", "{支出性质: 基本}", "bad-choice", 11),
    (GOOD, "301、303", "30", "bad-code", 14),
    (GOOD, "空: 零", "空: 无", "bad-choice", 14),
    (GOOD, "{名称: 小计}", "{名称: 人员}", "duplicate-column", 14),
    (GOOD, "{经济科目: 301、303}", "{支出性质: 项目支出}", "contradiction", 14),
    (GOOD, "取自: 支出", "取自: 收入", "no-such-dimension", 9),
    (GOOD, "取自: 支出\n", "", "no-content", 8),
    (GOOD, "{名称: 小计}", "{名称: 小计, 内容: 功能类, 取自: 支出}", "text-and-amount", 13),
    (GOOD, "  - 名称: 基本支出", "  - 宽: 5\n    名称: 基本支出", "group-with-content", 10),
    (GOOD, "{名称: 小计}", "{名称: 小计, 宽: 0}", "bad-number", 13),
    (GOOD, "内容: 功能类", "内容: 功能类, 有数才印: 是", "column-if-any", 7),
    (SIDES, "{名称: 金额}]", "{名称: 金额, 有数才印: 是}]", "column-if-any", 6),
    (FORM, "{名称: 小计}", "{名称: 小计, 有数才印: 是}", "column-if-any", 13),
    (FORM, "- 单元格: [", "- 有数才印: 是\n        单元格: [", "line-if-any", 18),
    (GOOD, "  - 名称: 基本支出", "  - 有数才印: 是\n    名称: 基本支出", "group-with-content", 10),
    (GOOD, "{年}年表", "{念}年表", "unknown-word", 1),
    (GOOD, "{名称: 合计}", '{名称: "{序号}合计"}', "unknown-word", 9),
    (FORM, "标签: 部门", '标签: "{序号}部门"', "unknown-word", 16),
    (GOOD, "{年}年表", "｛年｝年表", "bad-braces", 1),
    (GOOD, "{名称: 合计}", "{名称: 合计， 宽: 5}", "yaml-syntax", 9),
    (GOOD, "{名称: 小计}", "{名称: 小计", "yaml-syntax", 13),
    (GOOD, "取自: 支出", "取自: 支出\n合计跨列: 3", "total-over-amounts", 5),
    (GOOD, "[合计, 部门, 功能科目]", "[部门, 功能科目]\n合计跨列: 1", "no-total", 6),
    (GOOD, GOOD, "标题: 表\n目录名: 表\n纸张: 横向\n", "no-columns", 1),
    (SIDES, SIDES[SIDES.index("右:") :], "", "one-side", 5),
    (SIDES, "纸张: 纵向", "纸张: 纵向\n取自: 支出", "two-shapes", 1),
    (SIDES, "收入总计}", "收入总计, 取自: 收入}", "no-content", 8),
    (
        SIDES,
        "{名称: 金额}]\n  各行:\n    - {标签: 合计",
        "{名称: 金额, 指标: 收入总计}]\n  各行:\n    - {标签: 合计",
        "amount-in-column",
        6,
    ),
    (
        SIDES,
        "{名称: 金额}]\n  各行:\n    - {标签: 合计",
        "{名称: 金额, 条件: {资金来源: 政府性基金}}]\n  各行:\n    - {标签: 合计",
        "figure-by-column",
        8,
    ),
    (SIDES, "取自: 支出, 按类", "取自: 收入, 按类", "no-such-dimension", 13),
    (GOOD, "行: [合计, 部门, 功能科目]\n", "", "no-columns", 6),
    (GOOD, "[合计, 部门, 功能科目]", "[合计, 部门, 合计]", "duplicate-rows", 5),
    (GOOD, "{名称: 小计}", "{名称: 小计, 宽: 99999}", "bad-number", 13),
    (GOOD, "{年}年表", "2023年表", "typed-year", 1),
    (GOOD, "{名称: 合计}", "{名称: 2023年合计}", "typed-year", 9),
    (GOOD, "一、表", "一、2023年表", "typed-year", 2),
    (GOOD, "取自: 支出", "取自: 支出\n空表说明: 结余5万元。", "typed-amount", 5),
    (GOOD, "取自: 支出", "取自: 支出\n注:\n  - 结余5万元。", "typed-amount", 6),
    (
        SIDES,
        "按类: 是}\n",
        "按类: 是}\n  类名: [{类: '201'}, {类: '201'}]\n",
        "duplicate-category",
        14,
    ),
    (GOOD, "301、303", "301，303", "bad-separator", 14),
    (GOOD, "301、303", "'301,303'", "bad-separator", 14),
    (GOOD, "功能科目名称、合计", "功能科目名称，合计", "bad-separator", 8),
    (GOOD, '"{年}年表"', "待填", "owed-not-allowed", 1),
    (GOOD, "{名称: 合计}", "{名称: 待填}", "owed-not-allowed", 9),
    (GOOD, "内容: 功能类", "内容: 待填", "owed-not-allowed", 7),
    (GOOD, "取自: 支出", "取自: 支出\n空表说明: 待填", "owed-not-allowed", 5),
    (GOOD, "取自: 支出", "取自: 支出\n注:\n  - 甲\n  - 待填", "owed-not-allowed", 7),
    (SIDES, "标签: 合计", "标签: 待填", "owed-not-allowed", 8),
    (FORM, "标签: 部门", "标签: 待填", "owed-not-allowed", 16),
    (GOOD, "[合计, 部门, 功能科目]", "[合计, '', 功能科目]", "blank-value", 5),
    (GOOD, "取自: 支出", "取自: 支出\n注:\n  - 甲\n  -", "blank-value", 7),
    (FORM, "跨列: 4", "跨列: 3", "bad-span", 18),
    (FORM, "内容: 部门名称", "内容: 单位名称", "unknown-text", 18),
    (FORM, "{内容: 部门名称, ", "{", "bad-cell", 18),
]


@pytest.mark.parametrize(("layout", "old", "new", "rule", "line"), MISTAKES)
def test_mistakes_are_reported_at_their_line(
    tmp_path: Path, layout: str, old: str, new: str, rule: str, line: int
) -> None:
    assert old in layout
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(write(tmp_path, layout.replace(old, new, 1)), tmp_path)
    found = [(p.rule, p.place.path, p.place.line) for p in caught.value.problems]
    assert (rule, "henan/tables/x.yaml", line) in found, found
    assert all(p.hint and p.excerpt for p in caught.value.problems)


def test_rows_that_have_amounts_of_one_kind_take_no_other(tmp_path: Path) -> None:
    text = (ROOT / "templates/henan/tables/14-procurement.yaml").read_text("utf-8")
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(write(tmp_path, text.replace("取自: 采购", "取自: 支出")), tmp_path)
    (problem,) = caught.value.problems
    assert (problem.rule, problem.place[1:]) == ("other-measure", (5, 5))
    assert problem.hint == "写成 取自: 采购"


def test_a_key_behind_a_full_width_blank_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(write(tmp_path, GOOD.replace("行:", "\u3000行:")), tmp_path)
    assert any("全角空格" in p.hint for p in caught.value.problems if p.rule == "unknown-key")


def test_codes_between_commas_are_told_what_stands_between_them(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(write(tmp_path, GOOD.replace("301、303", "301,303")), tmp_path)
    (problem,) = caught.value.problems
    assert "顿号" in problem.hint


def test_a_mistake_is_shown_at_the_value_and_without_consequences(tmp_path: Path) -> None:
    places = {
        GOOD.replace("行: [合计, 部门, 功能科目]\n", ""): ("no-columns", 6, 3),
        GOOD.replace("内容: 功能类", "内容: 功能雷"): ("unknown-text", 7, 17),
        GOOD.replace("取自: 支出", "取自: 支出\n合计跨列: 3"): ("total-over-amounts", 5, 7),
    }
    for text, expected in places.items():
        with pytest.raises(ProblemsFound) as caught:
            load_layouts(write(tmp_path, text), tmp_path)
        assert [(p.rule, p.place.line, p.place.column) for p in caught.value.problems] == [expected]


def test_an_amount_that_is_a_standard_may_stand_in_a_note(tmp_path: Path) -> None:
    text = GOOD.replace(
        "取自: 支出", "取自: 支出\n注:\n  - 单价50万元以上，依据财预〔2016〕143号。"
    )
    assert load_layouts(write(tmp_path, text), tmp_path)


def test_a_category_of_no_catalogue_is_an_error(tmp_path: Path) -> None:
    text = SIDES.replace("按类: 是}\n", "按类: 是}\n  类名: [{类: '201'}, {类: '298'}]\n")
    layouts = load_layouts(write(tmp_path, text), tmp_path)
    catalogue = load_catalogue(SHIPPED_CATALOGUE / "2023", None)
    (problem,) = code_problems(layouts.values(), catalogue)
    assert (problem.rule, problem.place.line) == ("unknown-code", 14)


def test_a_block_of_lines_without_money_is_not_printed(tmp_path: Path) -> None:
    lines = "".join(
        f"  - 标签: {figure}\n    各行:\n"
        f"      - {{有数才印: 是, 单元格: [{{标签: 金额}}, {{指标: {figure}, 跨列: 3}}]}}\n"
        for figure in ("年终结转结余", "支出合计")
    )
    layout = load_layouts(write(tmp_path, FORM + lines), tmp_path)["x"]
    keys = [row.key for row in build_table(layout, sample_book()).rows]
    assert keys[1:3] == ["支出合计/金额", "表头1"]


def test_columns_that_are_printed_if_any_go_with_their_group(tmp_path: Path) -> None:
    """The sample has personnel expenditure of the general budget, and no government fund."""
    text = GOOD.replace("空: 零", "有数才印: 是") + (
        "  - 名称: 政府性基金\n    条件: {资金来源: 政府性基金}\n"
        "    列: [{名称: 小计, 有数才印: 是}]\n"
        "  - {名称: 结转, 条件: {来源年度: 结转}, 有数才印: 是}\n"
    )
    layout = load_layouts(write(tmp_path, text), tmp_path)["x"]
    table = build_table(layout, sample_book())
    keys = ["类", "名称", "合计", "基本支出/小计", "基本支出/人员"]
    assert [column.key for column in table.columns] == keys
    assert [cell.text for cell in table.rows[2].cells] == ["", "合计", "832.3", "621.3", "546.6"]
    assert [cell.column_span for cell in table.rows[0].cells] == [1, 1, 1, 2]


def test_all_layouts_are_checked_at_once(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("纸张", "纸长").replace("功能科目]", "功能项]"), "a")
    folder = write(tmp_path, SIDES.replace("收入总计", "收入总记").replace("{序号}", "{序}"), "b")
    with pytest.raises(ProblemsFound) as caught:
        load_layouts(folder, tmp_path)
    found = {(p.place.path[-6:], p.rule) for p in caught.value.problems}
    assert found >= {
        *(("a.yaml", "unknown-key"), ("a.yaml", "unknown-rows")),
        *(("b.yaml", "unknown-figure"), ("b.yaml", "unknown-word")),
    }
    assert any("是不是“收入总计”" in p.hint for p in caught.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "rule", "line", "column"),
    [
        ('"{年}年表"', "政府 #采购汇总表", "value-cut", 1, 8),
        ("取自: 支出", "取自: 支出\n注: [甲, 乙 #丙\n]", "value-cut", 5, 10),
        ("目录名: 一、表", "目录名: 一、表（待补充）", "unfinished", 2, 6),
        ("{名称: 合计}", "{名称: 合计XX}", "placeholder", 9, 10),
        ("取自: 支出", "取自: 支出\n注:\n  - 甲\n  - TODO", "unfinished", 7, 5),
    ],
)
def test_what_would_be_printed_wrong_is_doubted_at_its_place(
    old: str, new: str, rule: str, line: int, column: int
) -> None:
    assert old in GOOD
    layouts, doubts = parse_layouts((("x.yaml", GOOD.replace(old, new, 1).encode()),))
    assert list(layouts) == ["x"]
    found = [(p.rule, p.severity, p.place.line, p.place.column) for p in doubts]
    assert found == [(rule, WARNING, line, column)]
    assert doubts[0].excerpt


def test_layouts_are_parsed_once_and_again_when_they_change(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    first = load_layouts(folder, tmp_path)
    assert load_layouts(folder, tmp_path) is first
    assert load_layouts(write(tmp_path, GOOD.replace("年表", "年的表")), tmp_path) is not first
    write(tmp_path, GOOD, "y")
    with pytest.raises(ProblemsFound, match="duplicate-contents"):
        load_layouts(write(tmp_path, GOOD), tmp_path)
