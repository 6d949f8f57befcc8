"""What must agree in the data: a visible list of rules. Those of the document: review/ledger.py.

Identities between tables that hold by construction are no rules but properties of the tests: one
figure has one definition, so its copies cannot differ. tests/test_ledger_identities.py lists all
69 rules of the reconciliation list (A01 …) and says what covers each.
"""

from __future__ import annotations

from generator.checks import agreement, last_year, lines, reasons, repetition, slips, texts, years
from generator.checks.rule import Rule
from generator.figures.book import FigureBook

BUDGET_RULES: tuple[Rule[FigureBook], ...] = (
    Rule(
        "revenue-expenditure",
        "各单位各项资金收入等于支出",
        "A01、B04",
        lines.revenue_equals_expenditure,
    ),
    Rule(
        "carried-revenue",
        "上年结转的收入等于用结转安排的支出",
        "A01、B04",
        lines.carried_over_pays_for_itself,
    ),
    Rule(
        "fiscal-balance",
        "其中财政拨款收支相等",
        "A06、B04",
        lines.fiscal_part_pays_for_itself,
    ),
    Rule("own-fund-source", "单位资金收入写明来源", "A08", lines.own_fund_source_is_named),
    Rule(
        "own-surplus",
        "使用非财政拨款结余只是单位资金",
        "《事业单位财务规则》",
        lines.surplus_is_of_own_funds,
    ),
    Rule(
        "fiscal-part", "其中财政拨款不大于一般公共预算", "A06", lines.fiscal_within_general_budget
    ),
    Rule("kind-economic", "类别与经济科目相符", "A11、A18", lines.kind_fits_economic),
    Rule(
        "own-fund-kind",
        "经营支出、上缴上级、补助附属单位不用财政拨款",
        "《事业单位财务规则》",
        lines.own_fund_kind_is_paid_by_own_funds,
    ),
    Rule("economic-pair", "部门、政府经济科目对应", "A19", lines.government_economic_fits_unit),
    Rule("control-total", "控制数都已符合", "财政部门下达的控制数", lines.controls_are_met),
    Rule(
        "recode-share", "科目对照的比例合计为100", "recode.yaml", lines.recode_shares_are_complete
    ),
    Rule("unit-named-twice", "单位名称前后一致", "B23", agreement.unit_has_one_name),
    Rule("unit-name-shared", "各单位名称不同", "B23", agreement.units_have_different_names),
    Rule("own-level", "本级写明，只有一个", "B23", agreement.one_unit_is_the_own_level),
    Rule("unit-without-budget", "每个单位都有收支", "B23", agreement.unit_has_a_budget),
    Rule(
        "project-without-budget", "登记的项目都有预算", "B19、C15", agreement.project_has_a_budget
    ),
    Rule(
        "project-without-target",
        "有预算的项目都有绩效目标",
        "B19",
        agreement.project_has_indicators,
    ),
    Rule(
        "indicators-incomplete",
        "项目绩效指标四类齐全",
        "财预〔2015〕88号",
        agreement.indicators_are_complete,
    ),
    Rule("cost-target", "成本指标不超过项目预算", "B20", agreement.cost_target_within_budget),
    Rule(
        "procurement-function",
        "采购科目在本单位支出中",
        "B22",
        agreement.procurement_function_has_expenditure,
    ),
    Rule(
        "procurement-payable", "采购不超过能支付它的支出", "B21", agreement.procurement_is_payable
    ),
    Rule(
        "fund-function",
        "功能科目与资金来源相符",
        "《政府收支分类科目》",
        agreement.function_fits_fund,
    ),
    Rule(
        "code-not-in-force",
        "功能科目在预算年度使用",
        "《政府收支分类科目》",
        years.codes_are_in_force,
    ),
    Rule("assets-date", "资产截至上年年末", "C17", years.assets_are_of_last_years_end),
    Rule("publication-date", "公布日期在预算年度前后", "C17", years.published_in_the_season),
    Rule("reason-unknown-figure", "原因所指的指标存在", "C11", reasons.reason_names_a_figure),
    Rule("reason-duplicate", "一个指标只有一条原因", "C11", reasons.figure_has_one_reason),
    Rule("reason-residue", "原因里没有模板残留", "C19", reasons.reason_has_no_residue),
    Rule("reason-stale", "原因不是上年的原话", "C11", reasons.reason_is_new),
    Rule("line-twice", "没有完全相同的行", "明细录入", repetition.lines_differ),
    Rule(
        "vehicles-missing",
        "有车辆运行费就有车辆",
        "资产与“三公”经费",
        slips.vehicles_cost_what_there_is,
    ),
    Rule(
        "three-public-fund",
        "“三公”经费都由一般公共预算安排",
        "资产与“三公”经费",
        slips.three_public_is_of_the_general_budget,
    ),
    Rule("numbered-duty", "主要职责不自带编号", "明细录入", slips.duties_bring_no_number),
    Rule("fiscal-level", "财政级次是一级政府", "《预算法》第三条", slips.fiscal_level_is_a_level),
    Rule("items-joined", "文字一条一条分开", "明细录入", texts.items_are_apart),
    Rule("inner-blank", "中文里没有空格", "明细录入", texts.chinese_has_no_blank),
    Rule("doubled-words", "没有打重的词", "明细录入", texts.words_stand_once),
    Rule("name-slip", "同一个名称写法一样", "明细录入", texts.names_are_spelt_alike),
    Rule("lost-digits", "项目编码没有丢位数", "明细录入", slips.project_codes_are_whole),
    Rule("zero-line", "没有金额是零的行", "明细录入", slips.lines_have_amounts),
    Rule(
        "total-scale",
        "与上年相差不到一百倍",
        "明细录入",
        slips.figures_are_of_last_years_size,
    ),
    Rule(
        "duplicate-fact",
        "上年的数每个只有一行",
        "上年的 facts.yaml",
        last_year.fact_is_published_once,
    ),
    Rule("fact-blank", "上年的数都有数值", "上年的 facts.yaml", last_year.fact_has_a_value),
    Rule(
        "fact-unknown-figure",
        "上年的数所指的指标存在",
        "上年的 facts.yaml",
        last_year.fact_names_a_figure,
    ),
    Rule(
        "fact-unknown-code",
        "上年的科目今年还在",
        "上年的 facts.yaml、recode.yaml",
        last_year.fact_code_is_in_the_catalogue,
    ),
    Rule("fact-parts", "上年各项之和等于合计", "上年的 facts.yaml", last_year.fact_parts_add_up),
    Rule(
        "fact-missing",
        "上年有今年要比较的数",
        "上年的 facts.yaml",
        last_year.compared_figures_have_facts,
    ),
    Rule(
        "secret-item",
        "上年公布的科目没有整个转为涉密",
        "上年的 facts.yaml",
        last_year.items_are_still_public,
    ),
    Rule(
        "fact-totals",
        "上年收支总计相等，部分不大于合计",
        "上年的 facts.yaml",
        last_year.fact_totals_agree,
    ),
    Rule("items-total-change", "各科目增减之和等于合计增减", "C07", reasons.item_changes_add_up),
)
