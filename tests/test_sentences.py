"""What sentences say of a small department: of zeros, of remainders, of what nobody has filled in."""

from __future__ import annotations

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

from generator.build import build_disclosure
from generator.numerals import chinese_numeral
from generator.review.duties import DONE, UNFILLED
from generator.writers.text import write_text

__all__ = ["data", "templates"]  # fixtures


def test_without_assets_the_paragraph_is_owed_and_the_document_a_draft(data: Path) -> None:
    assert build(data).owed == ()
    (data / "2024/assets.yaml").unlink()
    built = build(data)
    assert section(built, "国有资产占用情况") == "【待填：国有资产占用情况（缺少 assets.yaml）】"
    assert built.document.draft
    states = {s.duty.name: s.state for s in built.ledger.duties}
    assert (states["国有资产占用"], states["政府采购"]) == (UNFILLED, DONE)
    assert [(p.rule, p.place.path) for p in built.owed] == [("missing-assets", "2024/assets.yaml")]


INDICATOR = "{一级指标: 产出指标, 三级指标: 场次, 指标值: 6场}"
PROJECT = f'- {{名称: 直播, 单位: "301001", 类别: 其他运转类, 绩效指标: [{INDICATOR}]}}\n'
SPENT_ON_IT = LINE.format("其他运转类", "30227", "项目: 直播, ", "事业收入", "50000")


@pytest.mark.parametrize(
    ("goal", "project", "said"),
    [
        (False, "", ""),
        (True, "", "按要求编制了部门整体绩效目标，综合反映了部门预期"),
        (False, PROJECT, "按要求编制了项目支出绩效目标，综合反映了各项目预期"),
        (
            True,
            PROJECT,
            "按要求编制了绩效目标，包括部门整体绩效目标和项目支出绩效目标，综合反映了部门及各项目预期",
        ),
    ],
)
def test_only_targets_that_exist_are_spoken_of(
    data: Path, goal: bool, project: str, said: str
) -> None:
    if not goal:
        (data / "2024/performance.yaml").unlink()
    if project:
        add(data, "projects.yaml", project)
        add(data, "expenditure.yaml", SPENT_ON_IT)
        add(data, "revenue.yaml", REVENUE.format("事业收入", "50000", "本年"))
    found = section(build(data), "绩效目标设置情况").partition("完成的数量")
    assert found[0].removeprefix("绿江县融媒体中心") == said if said else found[1:] == ("", "")


def test_without_last_years_figures_there_is_one_warning_that_can_be_answered(data: Path) -> None:
    (data / "2023/published/facts.yaml").unlink()
    built = build(data)
    (warning,) = built.problems
    assert (warning.rule, warning.severity) == ("no-prior-year", "警告")
    assert "2023 年公布的数" in warning.message
    text = write_text(built.document).decode()
    assert "### （一）一般公共预算当年预算规模情况。" in text
    assert "规模变化" not in text
    answered = f'- {{发现: "{warning.fingerprint}", 原因: 今年新设的部门, 确认人: 甲}}\n'
    add(data, "acknowledged.yaml", answered)
    assert build(data).problems == ()


def test_a_remainder_is_neither_nothing_nor_everything(data: Path) -> None:
    add(data, "expenditure.yaml", LINE.format("公用经费", "30201", "", "一般公共预算", "300"))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "300", "本年"))
    found = section(build(data), "一般公共预算基本支出情况")
    assert "人员经费100万元，占近100%，" in found
    assert "公用经费0万元，占不足0.1%，" in found


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        ("4000", "公务用车运行维护费比2023年减少4999.6万元，下降接近100%，"),
        ("5000000", "公务用车运行维护费比2023年减少4500万元，下降90%，"),
    ],
)
def test_what_is_nearly_gone_is_not_gone(data: Path, amount: str, said: str) -> None:
    add(data, "expenditure.yaml", LINE.format("公用经费", "30231", "", "一般公共预算", amount))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", amount, "本年"))
    published(data, "公务用车运行费", "5000")
    assert said in section(build(data), "“三公”经费支出情况")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("主要是缴费基数提高。", "缴费基数提高"),
        ("主要原因：缴费基数提高；", "缴费基数提高"),
        ("主要原因是缴费基数提高", "缴费基数提高"),
        ("缴费基数主要是逐年提高", "缴费基数主要是逐年提高"),
        ("要是人多", "要是人多"),
        ("。", "。"),
    ],
)
def test_a_reason_does_not_repeat_the_words_around_it(
    data: Path, written: str, printed: str
) -> None:
    published(data, "一般公共预算支出", "90")
    add(data, "reasons.yaml", f"- {{指标: 一般公共预算支出, 原因: {written}}}\n")
    found = section(build(data), "当年预算规模变化情况")
    assert f"比2023年预算数增加10万元，增长11.1%；主要是{printed}。其中" in found


def test_nothing_is_said_of_what_zero_money_is_for(data: Path) -> None:
    found = section(build(data), "“三公”经费支出情况")
    assert "主要用于" not in found
    assert "（一）因公出国（境）费0万元，没有安排此项支出。预算数与2023年持平。" in found
    add(data, "reasons.yaml", "- {指标: 因公出国境费, 说明: 我单位无出国（境）计划。}\n")
    found = section(build(data), "“三公”经费支出情况")
    assert "培训费等支出。预算数与2023年持平，我单位无出国（境）计划。（二）" in found


def test_what_there_is_none_of_has_no_share(data: Path) -> None:
    built = build(data)
    assert section(built, "三、支出预算总体").endswith("基本支出100万元，占100%；没有项目支出。")
    assert section(built, "规模变化").endswith("基本支出100万元，占100%；没有项目支出。")
    assert section(built, "绩效目标设置").endswith("公用经费支出0万元；没有项目支出。")
    assert section(built, "一般公共预算基本支出情况").endswith("基本工资；没有公用经费。")


@pytest.mark.parametrize(
    ("kind", "said"),
    [("事业", "没有纳入机关运行经费统计范围的单位"), ("参公", "没有安排机关运行经费")],
)
def test_schools_and_hospitals_have_no_agency_running_cost(
    data: Path, kind: str, said: str
) -> None:
    replace(data / "2024/department.yaml", "性质: 事业", f"性质: {kind}")
    assert section(build(data), "机关运行经费") == (
        f"绿江县融媒体中心2024年机关运行经费支出预算0万元，{said}，与2023年持平。"
    )
    if kind == "事业":
        unit = build_disclosure(data, 2024, unit="301001")
        assert "支出预算0万元，我单位不在机关运行经费统计范围之内" in section(unit, "机关运行经费")


def test_revenue_with_what_is_carried_over_is_called_as_in_the_table(data: Path) -> None:
    assert section(build(data), "二、收入预算总体") == (
        "绿江县融媒体中心2024年收入合计100万元，其中：一般公共预算100万元。"
    )
    replace(data / "2024/revenue.yaml", "1000000", "800000")
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "200000", "结转"))
    replace(data / "2024/expenditure.yaml", "1000000", "800000")
    carried = LINE.format("人员类", "30102", "来源年度: 结转, ", "一般公共预算", "200000")
    add(data, "expenditure.yaml", carried)
    assert section(build(data), "二、收入预算总体") == (
        "绿江县融媒体中心2024年收入总计100万元，其中：本年收入合计80万元，上年结转结余20万元。"
        "本年收入包括：一般公共预算80万元。"
    )


def test_a_code_that_is_in_no_catalogue_is_an_error_of_the_layout(
    data: Path, templates: Path
) -> None:
    file = templates / "henan/tables/03-expenditure.yaml"
    line = (
        file.read_text(encoding="utf-8")
        .split("\n")
        .index('          - {名称: 对个人和家庭的补助, 条件: {经济科目: "303"}, 宽: 8}')
    )
    replace(file, '经济科目: "303"', '经济科目: "351"')
    (problem,) = refused(data, templates)
    assert (problem.rule, problem.place.path) == (
        "unknown-code",
        "henan/tables/03-expenditure.yaml",
    )
    assert problem.place.line == line + 1
    assert problem.message.startswith("2023 版经济科目里没有“351”")


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        ("phrases.yaml", "{差额}，增长{增幅}", "{差客}，增长{增幅}", "unknown-slot"),
        ("constants.yaml", "通用设备单价起点: ", "通用设备 单价起点: ", "bad-name"),
    ],
)
def test_one_mistake_in_the_phrases_is_one_problem(
    data: Path, templates: Path, name: str, old: str, new: str, rule: str
) -> None:
    replace(templates / "henan" / name, old, new)
    (problem,) = refused(data, templates)
    assert problem.rule == rule
    assert new in problem.excerpt


def test_a_list_prints_amounts_as_amounts(data: Path, templates: Path) -> None:
    file = templates / "henan/narrative/40-definitions.txt"
    file.write_text(
        '# 试\n\n{{ 支出功能类 | 列举("金额") }}\n\n{{ 人员经费科目 | 列举("名称", "；") }}\n\n'
        "{% for 单位 in 预算单位 %}{{ 单位.代码 | 中文序号 }}{% endfor %}\n",
        encoding="utf-8",
    )
    (problem,) = refused(data, templates)
    assert (problem.rule, problem.place.line) == ("wrong-kind", 7)
    replace(file, "{% for 单位 in 预算单位 %}{{ 单位.代码 | 中文序号 }}{% endfor %}\n", "")
    assert section(build(data, templates), "试") == "100万元基本工资"


def test_numerals() -> None:
    numbers = (0, 9, 10, 19, 20, 99, 100, 101, 110, 111, 240, 999)
    assert [chinese_numeral(number) for number in numbers] == [
        *("零", "九", "十", "十九", "二十", "九十九", "一百", "一百零一"),
        *("一百一十", "一百一十一", "二百四十", "九百九十九"),
    ]
    with pytest.raises(ValueError, match="1000"):
        chinese_numeral(1000)


@pytest.mark.parametrize(
    ("value", "end"), [("", "为100万元。"), (", 数值: 0", "增加100万元（上年无此项预算）。")]
)
def test_what_was_blank_last_year_is_not_said_to_be_new(
    data: Path, templates: Path, value: str, end: str
) -> None:
    """Neither of an item, nor of its category, which is not published by itself."""
    replace(
        templates / "henan/narrative/30-explanation.txt",
        "，占{{ 类.金额 | 占比(一般公共预算支出) }}",
        "{% if 类.金额 is not 无基数 %}，{{ 类.金额 | 增减 }}{% endif %}",
    )
    facts = data / "2023/published/facts.yaml"
    item = f'  - {{指标: 一般公共预算支出, 功能科目: "2070807"{value}}}\n'
    replace(facts, "数据:\n", f"完整: [一般公共预算支出]\n数据:\n{item}")
    built = build(data, templates)
    assert section(built, "（二）结构情况").endswith(end.removeprefix("为"))
    assert end in section(built, "一般公共预算支出具体使用情况")


def test_a_complete_list_without_items_was_nothing(data: Path) -> None:
    facts = data / "2023/published/facts.yaml"
    spent = LINE.format("其他运转类", "30227", "项目: 直播, ", "政府性基金", "300000")
    add(data, "expenditure.yaml", spent.replace("2070807", "2070701"))
    add(data, "revenue.yaml", REVENUE.format("政府性基金", "300000", "本年"))
    add(data, "projects.yaml", '- {名称: 直播, 单位: "301001", 类别: 其他运转类}\n')
    fund = "八、政府性基金预算支出"
    assert "支出30万元。主要用于" in section(build(data), fund)
    replace(facts, "数据:\n", "完整: [政府性基金支出]\n数据:\n")
    assert "支出30万元，比2023年预算数增加30万元（上年无此项预算）" in section(build(data), fund)


def test_items_stand_in_the_order_of_the_tables_also_those_that_are_gone(data: Path) -> None:
    items = "".join(
        f'  - {{指标: 一般公共预算支出, 功能科目: "{code}", 数值: {value}}}\n'
        for code, value in (("2070199", 7), ("2070807", 93), ("2080505", 0))
    )
    replace(
        data / "2023/published/facts.yaml", "数据:\n", f"完整: [一般公共预算支出]\n数据:\n{items}"
    )
    add(
        data,
        "expenditure.yaml",
        LINE.format("人员类", "30108", "", "一般公共预算", "0.04").replace("2070807", "2210201"),
    )
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "0.04", "本年"))
    found = section(build(data), "一般公共预算支出具体使用情况")
    codes = [
        found.index(name)
        for name in ("其他文化和旅游支出（项）", "传输发射（项）", "住房公积金（项）")
    ]
    assert codes == sorted(codes), found


def test_what_is_too_little_to_print_is_not_said_to_have_gone(data: Path) -> None:
    """Neither with changes by printed amounts, nor by exact ones."""
    line = LINE.format("公用经费", "30217", "", "一般公共预算", "400")
    add(data, "expenditure.yaml", line)
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "400", "本年"))
    published(data, "公务接待费", "0.1")
    add(data, "reasons.yaml", "- {指标: 公务接待费, 原因: 来访减少}\n")
    assert "减少0.1万元，下降接近100%" in section(build(data), "“三公”经费支出情况")
    replace(data / "2024/department.yaml", "公布日期", "变动口径: 元\n公布日期")
    assert "减少0.1万元，下降60%" in section(build(data), "“三公”经费支出情况")


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("是由于人员减少", "由于人员减少"),
        ("不再购置！", "不再购置"),
        ("是非调解增多", "是非调解增多"),
    ],
)
def test_a_reason_fits_between_the_words_around_it(data: Path, written: str, printed: str) -> None:
    published(data, "一般公共预算支出", "90")
    add(data, "reasons.yaml", f"- {{指标: 一般公共预算支出, 原因: {written}}}\n")
    found = section(build(data), "当年预算规模变化情况")
    assert f"增加10万元，增长11.1%；主要是{printed}。其中" in found


def test_what_did_not_exist_last_year_is_said_in_words_of_the_base(data: Path) -> None:
    replace(data / "2024/department.yaml", "公布日期", "比较基数: 上年执行数\n公布日期")
    add(data, "expenditure.yaml", LINE.format("公用经费", "30217", "", "一般公共预算", "10000"))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "10000", "本年"))
    assert "增加1万元（上年无此项预算执行数）" in section(build(data), "“三公”经费支出情况")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("绿江县水利局", "水利局（本级）；"),
        ("绿江县水利局机关", "水利局机关；"),
    ],
)
def test_a_department_is_no_part_of_itself(data: Path, name: str, said: str) -> None:
    file = data / "2024/department.yaml"
    text = file.read_text("utf-8").replace("部门名称: 绿江县融媒体中心", "部门名称: 绿江县水利局")
    unit = f'  - {{代码: "301001", 名称: {name}, 本级: 是, 性质: 行政}}\n'
    other = '  - {代码: "301002", 名称: 绿江县水库, 性质: 事业}\n'
    kept = "".join(f"{line}\n" for line in text.splitlines() if "301001" not in line)
    file.write_text(kept.replace("单位:\n", f"单位:\n{unit}{other}"), "utf-8")
    assert f"局属单位包括：1. 绿江县{said}2. 绿江县水库。" in section(build(data), "构成情况")


def test_a_place_may_write_out_the_zeros_of_its_numbers(data: Path, templates: Path) -> None:
    """Amounts and rates to their decimals, blank ones and differences too; counts have none."""
    phrases = templates / "henan/phrases.yaml"
    replace(phrases, "数字: {正文千分位: 否,", "数字: {正文千分位: 是, 正文补零: 是,")
    replace(data / "2024/department.yaml", "科目版本", "小数位数: 2\n比例小数位数: 2\n科目版本")
    for name in ("expenditure.yaml", "revenue.yaml"):
        replace(data / "2024" / name, "金额: 1000000", "金额: 12505000")
    published(data, "收入总计", "1000")
    add(data, "reasons.yaml", "- {原因: 工作需要}\n")
    narrative = templates / "henan/narrative/40-definitions.txt"
    replace(narrative, "一、", "接待费占{{ 公务接待费 | 占比(支出合计) }}。\n\n一、")
    built = build(data, templates)
    assert "收入总计1,250.50万元" in section(built, "收入支出预算总体")
    assert "收入增加250.50万元，增长25.05%" in section(built, "收入支出预算总体")
    assert "占100.00%" in section(built, "三、支出预算总体")
    assert "接待费占0.00%。" in section(built, "名词解释")
    assert "政府性基金收支预算0.00万元" in section(built, "财政拨款收入支出总体")
    assert "共有车辆0辆" in section(built, "国有资产占用")


def test_categories_of_all_spending_add_up_to_it(data: Path, templates: Path) -> None:
    """An own fund pays for its part of a category; last year's category may be published too."""
    line = LINE.format("人员类", "30107", "", "事业收入", "300000")
    add(data, "expenditure.yaml", line + line.replace("2070807", "2080505"))
    add(data, "revenue.yaml", REVENUE.format("事业收入", "600000", "本年"))
    last_year = '  - {指标: 支出合计, 功能科目: "207", 数值: 120}\n'
    replace(data / "2023/published/facts.yaml", "数据:\n", f"数据:\n{last_year}")
    add(data, "reasons.yaml", "- {原因: 工作需要}\n")
    narrative = templates / "henan/narrative/40-definitions.txt"
    narrative.write_text(
        "# 试\n\n{{ 支出合计 | 金额 }}：{% for 类 in 全部支出功能类 %}{{ 类.名称 }}{{ 类.金额 | 金额 }}"
        '{% if 类.金额 is not 无基数 %}，{{ 类.金额 | 增减("默认") }}{% endif %}'
        "{% if not loop.last %}；{% endif %}{% endfor %}。\n",
        encoding="utf-8",
    )
    assert section(build(data, templates), "试") == (
        "160万元：文化旅游体育与传媒支出130万元，比2023年增加10万元，增长8.3%；"
        "社会保障和就业支出30万元。"
    )


def test_meetings_and_training_are_figures_for_places_that_publish_them(
    data: Path, templates: Path
) -> None:
    add(data, "expenditure.yaml", LINE.format("公用经费", "30215", "", "一般公共预算", "20000"))
    add(data, "expenditure.yaml", LINE.format("公用经费", "30215", "", "事业收入", "70000"))
    add(data, "revenue.yaml", REVENUE.format("一般公共预算", "20000", "本年"))
    add(data, "revenue.yaml", REVENUE.format("事业收入", "70000", "本年"))
    last_year = "  - {指标: 会议费, 数值: 3.5}\n"
    replace(data / "2023/published/facts.yaml", "数据:\n", f"数据:\n{last_year}")
    narrative = templates / "henan/narrative/40-definitions.txt"
    said = '会议费{{ 会议费 | 金额 }}，{{ 会议费 | 增减("默认") }}；培训费{{ 培训费 | 金额 }}。'
    narrative.write_text(f"# 试\n\n{said}\n", encoding="utf-8")
    found = section(build(data, templates), "试")
    assert found == "会议费2万元，比2023年减少1.5万元，下降42.9%；培训费0万元。"
