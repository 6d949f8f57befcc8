"""Sentences that other departments need: funds with and without a base, what is carried out,
key projects without targets, how a department speaks of itself, what is owed.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sentence_desk import (
    LINE,
    REVENUE,
    add,
    build,
    data,
    published,
    refused,
    replace,
    section,
    templates,
)

from generator.__main__ import main
from generator.build import build_disclosure
from generator.document import Table, text_of
from generator.explain import node_of, tree_lines

__all__ = ["data", "templates"]  # fixtures

FACTS = "2023/published/facts.yaml"
GENERAL = "  - {指标: 一般公共预算收支, 数值: 100}\n"
REASON = "- {原因: 工作需要}\n"


def without(data: Path, figure: str) -> None:
    file = data / FACTS
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if f"指标: {figure}," not in line]
    assert len(kept) == len(lines) - 1
    file.write_text("".join(kept), encoding="utf-8")


def spend(data: Path, fund: str, amount: int, function: str) -> None:
    line = LINE.format("特定目标类", "30201", "项目: 活动, ", fund, amount)
    add(data, "expenditure.yaml", line.replace("2070807", function))
    add(data, "revenue.yaml", REVENUE.format(fund, amount, "本年"))
    project = '- {单位: "301001", 名称: 活动, 类别: 特定目标类}\n'
    add(data, "projects.yaml", project)


def test_revenue_and_expenditure_are_each_compared_with_their_own_base(data: Path) -> None:
    published(data, "收入总计", "90")
    published(data, "支出总计", "90")
    add(data, "reasons.yaml", REASON)
    both = section(build(data), "收入支出预算总体")
    assert both.endswith(
        "与2023年预算相比，收入增加10万元，增长11.1%。主要原因：工作需要；"
        "支出增加10万元，增长11.1%。主要原因：工作需要。"
    )
    without(data, "支出总计")
    assert section(build(data), "收入支出预算总体").endswith(
        "支出总计100万元，与2023年预算相比，收入增加10万元，增长11.1%。主要原因：工作需要。"
    )
    without(data, "收入总计")
    assert section(build(data), "收入支出预算总体").endswith("支出总计100万元。")


def test_expenditure_alone_begins_the_comparison(data: Path) -> None:
    published(data, "支出总计", "90")
    add(data, "reasons.yaml", REASON)
    without(data, "收入总计")
    said = section(build(data), "收入支出预算总体")
    assert said.endswith(
        "支出总计100万元，与2023年预算相比，支出增加10万元，增长11.1%。主要原因：工作需要。"
    )


def test_a_fund_that_ended_is_spoken_of_whatever_the_general_budget_has(data: Path) -> None:
    without(data, "一般公共预算收支")
    published(data, "政府性基金收支", "300")
    replace(
        data / FACTS,
        GENERAL.replace("一般公共预算收支", "三公经费").replace("100", "0"),
        ("  - {指标: 三公经费, 数值: 0}\n  - {指标: 政府性基金支出, 数值: 300}\n"),
    )
    add(data, "reasons.yaml", REASON)
    built = build(data)
    assert section(built, "财政拨款收入支出").endswith(
        "与2023年相比，政府性基金收支预算减少300万元，下降100%，主要原因：工作需要。"
    )
    assert section(built, "政府性基金预算支出") == (
        "我部门2024年无使用政府性基金预算拨款安排的支出，"
        "比2023年预算数减少300万元，下降100%，主要原因：工作需要。"
    )


def test_state_capital_operations_have_a_section_where_there_is_money(data: Path) -> None:
    assert "国有资本经营预算支出情况" not in _headings(data)
    spend(data, "国有资本经营预算", 50000, "2230105")
    built = build(data)
    assert "国有资本经营预算支出5万元" in section(built, "国有资本经营预算支出情况")
    assert "1. 国有资本经营预算支出（类）" in section(built, "国有资本经营预算支出情况")


def _headings(data: Path) -> str:
    return "".join(getattr(block, "id", "") for block in build(data).document.blocks())


def test_what_is_carried_out_is_named_where_it_parts_the_totals(data: Path) -> None:
    text = (data / "2024/department.yaml").read_text(encoding="utf-8")
    carried = '年终结转结余:\n  - {单位: "301001", 资金来源: 一般公共预算, 金额: 50000}\n'
    (data / "2024/department.yaml").write_text(text + carried, encoding="utf-8")
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", 50000, "本年"))
    add(data, "reasons.yaml", REASON)
    built = build(data)
    assert section(built, "三、支出预算总体").startswith(
        "绿江县融媒体中心2024年支出总计105万元，其中：本年支出合计100万元，年终结转结余5万元。"
        "本年支出中：基本支出100万元，占100%"
    )
    assert "收支预算中含年终结转结余5万元。" in section(built, "财政拨款收入支出")
    (table,) = (
        block
        for block in built.document.blocks()
        if isinstance(block, Table) and "整体绩效" in block.contents_name
    )
    carried_out = [[cell.text for cell in row.cells] for row in table.rows]
    assert ["(3)年终结转结余", "5.0"] in carried_out


@pytest.mark.parametrize(
    ("revenue", "fiscal", "carried_out", "total"),
    [
        ("50000", "", ["5.0", "5.0", "5.0"], ["105.0", "105.0", "105.0"]),
        ("50000, 其中财政拨款: 40000", "", ["5.0", "5.0", "4.0"], ["105.0", "105.0", "104.0"]),
        ("50000, 其中财政拨款: 0", "", ["5.0", "5.0", ""], ["105.0", "105.0", "100.0"]),
        ("50000", "财政拨款: 否, ", ["5.0", "5.0", "5.0"], ["105.0", "105.0", "5.0"]),
        ("待填", "", ["5.0", "5.0", "5.0"], ["105.0", "105.0", "105.0"]),
    ],
)
def test_what_is_carried_out_is_fiscal_as_far_as_its_revenue_is(
    data: Path, revenue: str, fiscal: str, carried_out: list[str], total: list[str]
) -> None:
    head = (data / "2024/department.yaml").read_text(encoding="utf-8")
    kept = '  - {{单位: "301001", 资金来源: 一般公共预算, 金额: {}}}\n'
    head += f"年终结转结余:\n{kept.format(30000)}{kept.format(20000)}"
    (data / "2024/department.yaml").write_text(head, encoding="utf-8")
    if fiscal:  # what is spent is not fiscal, what is carried out is
        replace(data / "2024/expenditure.yaml", "金额", f"{fiscal}金额")
        replace(data / "2024/revenue.yaml", "}", ", 其中财政拨款: 0}")
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", revenue, "本年"))
    add(data, "reasons.yaml", REASON)
    (table,) = (
        block
        for block in build(data).document.blocks()
        if isinstance(block, Table) and block.id == "04-fiscal-appropriation"
    )
    texts = {row.key: [cell.text for cell in row.cells] for row in table.rows}
    assert texts["|二、年终结转结余"][3:6] == carried_out
    assert texts["财政拨款收支|支出合计"][3:6] == total


@pytest.mark.parametrize("compared", [True, False])
def test_the_purchase_of_cars_stays_among_what_it_is_a_part_of(data: Path, compared: bool) -> None:
    if not compared:
        without(data, "公务用车运行费")
    said = section(build(data), "“三公”经费支出情况")
    assert (
        "其中，公务用车运行维护费0万元，没有安排此项支出"
        + ("。公务用车运行维护费与2023年持平" if compared else "")
        + "；公务用车购置费0万元，与2023年持平。"
    ) in said


@pytest.mark.parametrize("targets", [True, False])
def test_only_key_projects_with_targets_are_said_to_have_some(data: Path, targets: bool) -> None:
    spend(data, "一般公共预算", 50000, "2070807")
    published(data, "一般公共预算支出", "105")
    indicator = "{一级指标: 产出指标, 三级指标: 次数, 指标值: ≥1次}"
    more = f"重点项目: 是, 绩效指标: [{indicator}]" if targets else "重点项目: 是"
    replace(data / "2024/projects.yaml", "特定目标类}", f"特定目标类, {more}}}")
    add(data, "reasons.yaml", REASON)
    said = section(build(data), "重点项目预算的绩效目标")
    assert said == (
        "我部门2024年对1个重点项目编制了绩效目标：活动5万元，绩效目标见附表。"
        if targets
        else "我部门2024年未开展重点项目预算的绩效目标。"
    )


@pytest.mark.parametrize(
    ("name", "offices", "said"),
    [
        ("绿江县教育局", "[办公室, 人事科]", "局机关本级预算包括：办公室、人事科等科室的预算。"),
        ("绿江省教育厅", "[办公室, 财务处]", "厅机关本级预算包括：办公室、财务处等处室的预算。"),
        ("绿江县人民医院", "[医务科]", "部门本级预算包括：医务科等科室的预算。"),
        ("绿江大学", "[教务处, 机械学院]", "学校本级预算包括：教务处、机械学院等内设机构的预算。"),
        ("绿江职业学院", "[教务处, 办公室]", "学校本级预算包括：教务处、办公室等处室的预算。"),
        ("绿江县水利局", "[人事科, 机关党委]", "预算包括：人事科、机关党委等内设机构的预算。"),
        ("绿江县农科局", "[人事科（党办）]", "局机关本级预算包括：人事科（党办）等科室的预算。"),
        ("政协绿江县委员会", "[办公室, 提案委员会]", "。机关本级预算包括：办公室、提案委员会等"),
        ("绿江县民族委员会", "[人事科]", "委机关本级预算包括：人事科等科室的预算。"),
        ("绿江省社会科学院", "[人事处]", "院机关本级预算包括：人事处等处室的预算。"),
        ("绿江县石桥镇", "[综合办公室]", "部门本级预算包括：综合办公室等内设机构的预算。"),
    ],
)
def test_a_department_is_called_by_the_end_of_its_name(
    data: Path, name: str, offices: str, said: str
) -> None:
    for path in ("2024/department.yaml", FACTS):
        file = data / path
        file.write_text(
            file.read_text(encoding="utf-8").replace("绿江县融媒体中心", name), encoding="utf-8"
        )
    replace(data / "2024/department.yaml", "主要职责", f"内设机构: {offices}\n主要职责")
    assert said in section(build(data), "所属预算单位构成")


@pytest.mark.parametrize("level", ["县级", "县级财政"])
def test_the_level_of_the_budget_is_data(data: Path, level: str) -> None:
    assert "是指本级财政当年拨付的资金" in section(build(data), "名词解释")
    replace(data / "2024/department.yaml", "主要职责", f"财政级次: {level}\n主要职责")
    said = section(build(data), "名词解释")
    assert "是指县级财政当年拨付的资金" in said
    assert "纳入县级财政预算管理" in said


@pytest.mark.parametrize(
    ("basis", "whole"),
    [("上年执行数", "预算执行数"), ("上年决算", "决算数")],
)
def test_the_base_is_called_by_its_whole_name(data: Path, basis: str, whole: str) -> None:
    replace(data / "2024/department.yaml", "主要职责", f"比较基数: {basis}\n主要职责")
    published(data, "收入总计", "90")
    published(data, "一般公共预算支出", "90")
    add(data, "reasons.yaml", REASON)
    built = build(data)
    assert f"与2023年{whole}相比，收入增加" in section(built, "收入支出预算总体")
    assert f"比2023年{whole}增加10万元" in section(built, "一般公共预算当年预算规模")
    assert f"与2023年{whole}持平" in section(built, "“三公”经费支出情况")
    assert f"一般公共预算收支预算与2023年{whole}持平" in section(built, "财政拨款收入支出总体")


def test_yuan_are_printed_with_two_decimals_unless_the_data_say_otherwise(data: Path) -> None:
    replace(data / "2024/department.yaml", "主要职责", "公布单位: 元\n主要职责")
    built = build(data)
    assert "收入总计1000000元" in section(built, "收入支出预算总体")
    cells = [
        cell.text
        for block in built.document.blocks()
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
    ]
    assert "1000000.00" in cells


def test_what_is_owed_is_called_by_words_people_use(data: Path) -> None:
    add(data, "expenditure.yaml", LINE.format("公用经费", "30201", "", "一般公共预算", "待填"))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "待填", "本年"))
    built = build(data)
    assert "占【待填：基本支出占比】" in section(built, "三、支出预算总体")
    texts = "".join(
        cell.text
        for block in built.document.blocks()
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
    )
    assert "【待填：" in texts
    assert "资金来源=" not in texts
    lines = "\n".join(tree_lines(node_of(built.book, built.book.named("一般公共预算支出"))))
    assert "一般公共预算支出 = 待填（已填的共 1000000.00 元）" in lines
    assert "2024/expenditure.yaml:2  待填" in lines


def test_a_negative_base_is_reported_at_the_published_number(data: Path) -> None:
    published(data, "收入总计", "90")
    replace(data / FACTS, "收入总计, 数值: 90", "收入总计, 数值: -90")
    (problem,) = (p for p in refused(data, Path("templates").resolve()) if "负数" in p.message)
    assert problem.place.file_line == f"{FACTS}:5"
    assert "30-explanation.txt:" in problem.hint


def test_a_unit_says_nothing_of_subordinates(data: Path) -> None:
    built = build_disclosure(data, 2024, unit="301001")
    assert "单位预算只包括本单位的预算。" in section(built, "机构设置和预算构成")


def test_a_comparison_without_a_base_is_told_where_the_template_does_not_ask(
    data: Path, templates: Path
) -> None:
    file = templates / "henan/narrative/30-explanation.txt"
    replace(
        file,
        "我{{ 部门或单位 }}{{ 年 }}年没有安排政府采购预算。",
        ("我{{ 部门或单位 }}没有安排政府采购预算，{{ 政府采购 | 增减 }}。"),
    )
    found = [p for p in build(data, templates).problems if p.rule == "no-base"]
    line = next(
        number
        for number, text in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        if "政府采购 | 增减 }}。" in text
    )
    assert [p.place.file_line for p in found] == [f"henan/narrative/30-explanation.txt:{line}"]
    assert "政府采购" in found[0].message
    assert not [p for p in build(data).problems if p.rule == "no-base"]


def test_a_reason_that_is_owed_in_its_line_is_not_written_a_second_time(data: Path) -> None:
    published(data, "收入总计", "90")
    add(data, "reasons.yaml", "- {指标: 收入总计, 原因: 待填}\n")
    (owed,) = (p for p in build(data).owed if "收入总计" in p.message)
    assert owed.place.file_line == "2024/reasons.yaml:1"
    assert owed.hint == "把这一行的 待填 换成原因"


@pytest.mark.parametrize("rest", [", 原因: ", ', 原因: ""', ", 说明: 无", ""])
def test_a_reason_that_is_empty_is_written_in_its_line(rest: str, data: Path) -> None:
    published(data, "收入总计", "90")
    line = f"- {{指标: 收入总计{rest}}}\n"
    add(data, "reasons.yaml", "- {指标: 支出总计, 原因: 新增项目}\n" + line)
    (owed,) = (p for p in build(data).owed if "收入总计" in p.message)
    assert owed.place.file_line == "2024/reasons.yaml:2"
    assert owed.hint == "在这一行的“原因”后面写上"


def test_a_section_line_that_is_empty_is_where_its_reason_goes(data: Path) -> None:
    published(data, "收入总计", "90")
    add(data, "reasons.yaml", "- {原因: }\n")
    (owed,) = (p for p in build(data).owed if "收入总计" in p.message)
    assert owed.place.file_line == "2024/reasons.yaml:1"


def test_a_finished_build_says_how_many_warnings_are_open(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["build", "2024", "--data", str(data), "--out", str(data.parent / "out"), "--no-pages"]
    main(where)
    before = capsys.readouterr().out
    add(data, "expenditure.yaml", LINE.format("公用经费", "30201", "", "一般公共预算", "0"))
    main(where)
    after = capsys.readouterr().out
    counts = [re.findall("另有 ([0-9]+) 条警告", said) for said in (before, after)]
    assert int((counts[0] or ["0"])[0]) + 1 == int(counts[1][0])


def test_a_fund_that_changes_beside_one_that_does_not_says_compared_with_what(data: Path) -> None:
    spend(data, "政府性基金", 300000, "2070701")
    add(data, "reasons.yaml", REASON)
    published(data, "政府性基金收支", "20")
    assert section(build(data), "财政拨款收入支出").endswith(
        "一般公共预算收支预算与2023年持平；政府性基金收支预算比2023年增加10万元，增长50%，主要原因：工作需要。"
    )


def test_a_general_budget_that_ended_is_spoken_of(data: Path) -> None:
    expenditure, revenue = data / "2024/expenditure.yaml", data / "2024/revenue.yaml"
    for file in (expenditure, revenue):
        file.write_text(file.read_text("utf-8").replace("一般公共预算", "事业收入"), "utf-8")
    add(data, "reasons.yaml", "- {指标: 一般公共预算支出, 原因: 转为经费自理}\n")
    assert section(build(data), "一般公共预算支出情况") == (
        "我部门2024年没有使用一般公共预算拨款安排的支出，"
        "比2023年预算数减少100万元，下降100%；主要是转为经费自理。"
    )


def test_table_4_says_why_it_is_empty(data: Path) -> None:
    for file in (data / "2024/expenditure.yaml", data / "2024/revenue.yaml"):
        file.write_text(file.read_text("utf-8").replace("一般公共预算", "事业收入"), "utf-8")
    add(data, "reasons.yaml", "- {指标: 一般公共预算支出, 原因: 转为经费自理}\n")
    tables = [block for block in build(data).document.blocks() if isinstance(block, Table)]
    notes = {table.id: [text_of(note) for note in table.notes] for table in tables}
    assert notes["04-fiscal-appropriation"] == ["我部门2024年没有财政拨款收支，故本表无数据。"]
    assert notes["01-revenue-expenditure"] == []


def test_an_item_that_is_secret_now_has_not_gone(data: Path) -> None:
    published(data, "一般公共预算支出", "145")
    item = '  - {指标: 一般公共预算支出, 功能科目: "2079999", 数值: 45}\n'
    replace(data / FACTS, "数据:\n", f"完整: [一般公共预算支出]\n数据:\n{item}")
    add(data, "reasons.yaml", REASON)
    used = "一般公共预算支出具体使用情况"
    assert "其他文化旅游体育与传媒支出（项）。2024年预算数为0万元" in section(build(data), used)
    line = LINE.format("公用经费", "30201", "", "一般公共预算", "400000").replace(
        "2070807", "2079999"
    )
    add(data, "expenditure.yaml", line.replace("金额: 400000", "金额: 400000, 涉密: 是"))
    built = build(data)
    assert "其他文化" not in section(built, used)
    (found,) = (p for p in built.problems if p.rule == "secret-item")
    assert (found.place.path, found.place.line) == (FACTS, 6)
