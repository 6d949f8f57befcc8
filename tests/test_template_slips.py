"""Slips in templates that only what is printed shows: the line of the template, and nothing besides."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sentence_desk import replace, templates

from generator.build import build_disclosure

__all__ = ["templates"]  # fixture

ROOT = Path(__file__).parents[1]
OVERVIEW = "henan/narrative/20-overview.txt"
EXPLANATION = "henan/narrative/30-explanation.txt"
DEFINITIONS = "henan/narrative/40-definitions.txt"
TABLES = "henan/tables"
OTHER_INCOME = (
    "五、其他收入：是指{{ 部门或单位 }}取得的除“财政拨款”、“事业收入”、"
    "“事业单位经营收入”等以外的收入。\n\n"
)
FUND = f"{TABLES}/09-government-managed-fund.yaml"
STATE_CAPITAL = "{名称: 国有资本经营预算, 条件: {资金来源: 国有资本经营预算}, 宽: 7}\n      - {名称: 财政专户管理资金, "

SLIPS = [
    # numbers that templates type
    (OVERVIEW, "## 一、{{", "## 二、{{", [("number-gap", 4, "应当是“一、”")]),
    (EXPLANATION, "### （六）专项", "### （七）专项", [("number-gap", 110, "应当是“（六）”")]),
    (EXPLANATION, "### （二）政府采购", "### 政府采购", [("number-gap", 79, "前一个是“（一）”")]),
    (EXPLANATION, "（二）公务接待费", "（三）公务接待费", [("number-gap", 57, "应当是“（二）”")]),
    (DEFINITIONS, OTHER_INCOME, "", [("number-gap", 11, "应当是“五、”")]),
    (DEFINITIONS, "二、财政专户", "一、二、三产业。\n\n二、财政专户", []),
    # both branches are printed
    (
        EXPLANATION,
        "{% else %}没有项目支出{% endif %}{% for",
        "没有项目支出{% endif %}{% for",
        [("denied-amount", n, "项目支出却有 211万元") for n in (13, 89)],
    ),
    (
        EXPLANATION,
        "{% endfor %}\n{% else %}\n我{{ 部门或单位 }}{{ 年 }}年没有使用一般",
        "{% endfor %}\n\n我{{ 部门或单位 }}{{ 年 }}年没有使用一般",
        [("denied-amount", 36, "一般公共预算支出却有 832.3万元")],
    ),
    (
        EXPLANATION,
        "（含外宾接待）支出{% else %}",
        "（含外宾接待）支出",
        [("denied-amount", 57, "公务接待费却有 2.5万元")],
    ),
    (
        EXPLANATION,
        "{% if 政府采购 %}",
        "{% if not 政府采购 %}",
        [("denied-amount", 84, "45.7万元")],
    ),
    # a name that is typed
    (
        OVERVIEW,
        "{{ 部门名称 }}部门预算包括",
        "平顶山市政务服务和大数据管理局部门预算包括",
        [("typed-department", 23, "{{ 部门名称 }}")],
    ),
    # the measure of a table
    (
        f"{TABLES}/12-project-performance.yaml",
        "项目金额（{公布单位}）",
        "项目金额（元）",
        [("table-measure", 12, "数是按万元印的")],
    ),
    (
        f"{TABLES}/11-overall-performance.yaml",
        "预算总额({公布单位})",
        "预算总额(元)",
        [("table-measure", 30, "数是按万元印的")],
    ),
    (f"{TABLES}/12-project-performance.yaml", "项目金额（{公布单位}）", "项目金额（万元）", []),
    (f"{TABLES}/12-project-performance.yaml", "项目金额（{公布单位}）", "单位：元氏县教育局", []),
    # names of columns, in tables without a number too
    (
        FUND,
        '名称: 工资福利支出, 条件: {经济科目: "301"',
        '名称: 工资福利支出, 条件: {经济科目: "302"',
        [("name-condition", 25, '写成 条件: {经济科目: "301"}')],
    ),
    (
        f"{TABLES}/02-revenue.yaml",
        STATE_CAPITAL,
        STATE_CAPITAL.replace("条件: {资金来源: 国有资本经营预算}, ", ""),
        [("name-condition", 35, "却没有资金来源的条件")],
    ),
    (FUND, "名称: 资本性支出, ", "名称: 基本建设, ", []),
]


@pytest.mark.parametrize(("path", "old", "new", "told"), SLIPS)
def test_a_slip_is_told_at_its_line(
    templates: Path, path: str, old: str, new: str, told: list[tuple[str, int, str]]
) -> None:
    replace(templates / path, old, new)
    problems = build_disclosure(ROOT / "data", 2023, templates).problems
    found = [p for p in problems if p.place.path == path]
    assert [(p.rule, p.place.line) for p in found] == [(rule, line) for rule, line, _ in told]
    for problem, (_, _, words) in zip(found, told, strict=True):
        assert words in problem.message + problem.hint


def test_a_department_without_project_expenditure_may_say_so(
    templates: Path, tmp_path: Path
) -> None:
    data = Path(shutil.copytree(ROOT / "examples/data", tmp_path / "data"))
    for unit in ("801001", "801002", "801003"):
        problems = build_disclosure(data, 2024, ROOT / "examples/templates", unit).problems
        assert not {p.rule for p in problems} & {"denied-amount", "number-gap", "name-condition"}
