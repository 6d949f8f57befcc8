# ruff: noqa: E501  (one record is one line)
"""A small correct year, and one edit of it for every kind of bad YAML.

A case edits one line: `old` becomes `new`; the loader must then report exactly `rule`, in that
line, at the column where `at` begins in the edited line.
"""

from __future__ import annotations

from typing import NamedTuple

FILES = {
    "2024/department.yaml": """\
年度: 2024
部门名称: 苏州市教育局
部门代码: "201"
公布日期: "2024-02-05"
科目版本: "2023"
单位:
  - {代码: "201001", 名称: 苏州市教育局, 性质: 行政, 本级: 是}
  - {代码: "201002", 名称: 苏州市第一中学, 性质: 事业}
内设机构: [办公室, 人事科]
排列次序: {功能科目: ["2050101"]}
年终结转结余:
  - {单位: "201002", 资金来源: 其他收入, 金额: 10.00}
""",
    "2024/expenditure.yaml": """\
# 支出
- {单位: "201001", 类别: 人员类, 功能科目: "2050101", 经济科目: "30101", 资金来源: 一般公共预算, 金额: 838200.00}
- {单位: "201001", 类别: 公用经费, 功能科目: "2050101", 经济科目: "30201", 资金来源: 一般公共预算, 金额: 1800.5}
- {单位: "201002", 类别: 特定目标类, 项目: 校舍维修, 功能科目: "2050204", 经济科目: "31006", 资金来源: 其他收入, 金额: 90}
- {单位: "201002", 类别: 人员类, 功能科目: "2050204", 经济科目: "30101", 资金来源: 一般公共预算, 来源年度: 结转, 金额: 500}
""",
    "2024/revenue.yaml": """\
- {单位: "201001", 资金来源: 一般公共预算, 金额: 840000.50}
- {单位: "201002", 资金来源: 其他收入, 金额: 100}
- {单位: "201002", 资金来源: 一般公共预算, 来源年度: 结转, 金额: 500.00}
""",
    "2024/projects.yaml": """\
- 名称: 校舍维修
  编码: "P-1"
  单位: "201002"
  类别: 特定目标类
  绩效指标:
    - {一级指标: 产出指标, 三级指标: 完成率, 指标值: 100%}
""",
    "2024/procurement.yaml": """\
- {单位: "201002", 功能科目: "2050204", 采购项目: 维修, 采购目录: 工程, 采购数量: 1, 金额: 50}
""",
    "2024/assets.yaml": """\
截至日期: "2023-12-31"
车辆: {一般公务用车: 2}
""",
    "2024/performance.yaml": """\
年度履职目标: 办好教育
绩效指标:
  - {一级指标: 产出指标, 二级指标: 数量, 三级指标: 入学率, 指标值: 100%}
""",
    "2024/reasons.yaml": """\
- {指标: 三公经费, 原因: 厉行节约}
""",
    "2023/published/facts.yaml": """\
年度: 2023
部门名称: 苏州市教育局
数据:
  - {指标: 收入总计, 数值: 80.5}
""",
}


class Case(NamedTuple):
    """One edit and the one problem it must give."""

    name: str
    file: str
    line: int
    old: str
    new: str
    rule: str
    at: str


_AMOUNT, _LINE = "金额: 1800.5", 3


def _amount(name: str, text: str, rule: str = "bad-amount", at: str = "") -> Case:
    """A bad amount in expenditure.yaml line 3."""
    return Case(f"amount-{name}", "expenditure", _LINE, "1800.5", text, rule, at or text)


CASES = (
    _amount("wan-yuan", "0.18万元"),
    _amount("yuan", "1800.5元"),
    _amount("quoted-separator", '"1,800.50"'),
    _amount("three-decimals", "1800.505"),
    _amount("full-width-digits", "１８００.５"),
    _amount("full-width-point", "1800．5"),
    _amount("exponent", "1e5"),
    _amount("infinity", "Infinity"),
    _amount("yaml-infinity", ".inf"),
    _amount("not-a-number", "NaN"),
    _amount("underscore", "1_800"),
    _amount("hexadecimal", "0x1F"),
    _amount("sexagesimal", "12:30"),
    _amount("plus", "+1800.5"),
    _amount("no-integer-part", ".5"),
    _amount("trailing-point", "1800."),
    _amount("sum", "=900+900.5"),
    _amount("word", "约一千八百"),
    _amount("inner-blank", "1 800.5"),
    _amount("too-many-digits", "1234567890123456"),
    _amount("wrong-owed-word", "待定"),
    _amount("negative", "-1800.5", "negative-amount"),
    _amount("blank", '""', "blank-amount"),
    _amount("tilde", "~", "blank-amount"),
    _amount("list", "[1800.5]", "wrong-shape"),
    _amount("mapping", "{元: 1800.5}", "wrong-shape"),
    _amount("separator", "1,800.5", "unknown-key", "800.5"),
    _amount("no-colon-blank", "1800.5, 备注:无", "unknown-key", "备注:无"),
    Case("code-wrong-level", "expenditure", 2, '"2050101"', '"20501"', "wrong-level", '"20501"'),
    Case("economic-wrong-level", "expenditure", 2, '"30101"', '"301"', "wrong-level", '"301"'),
    Case("code-unknown", "expenditure", 2, '"2050101"', '"2050177"', "unknown-code", '"2050177"'),
    Case("economic-unknown", "expenditure", 2, '"30101"', '"30177"', "unknown-code", '"30177"'),
    Case("economic-side", "expenditure", 2, '"30101"', '"50101"', "wrong-side", '"50101"'),
    Case(
        "government-side",
        "expenditure",
        2,
        "金额",
        '政府经济科目: "30101", 金额',
        "wrong-side",
        '"30101", 金',
    ),
    Case("code-octal", "expenditure", 2, '"30101"', "0301", "bad-code", "0301"),
    Case("code-full-width", "expenditure", 2, '"30101"', '"３０１０１"', "bad-code", '"３'),
    Case("code-with-name", "expenditure", 2, '"30101"', "30101 基本工资", "bad-code", "30101 "),
    Case("code-blank", "expenditure", 2, '"30101"', '" 30101"', "bad-code", '" 3'),
    Case(
        "government-code",
        "expenditure",
        2,
        "金额",
        '政府经济科目: "50177", 金额',
        "unknown-code",
        '"50177"',
    ),
    Case("unit-unknown", "expenditure", 2, '"201001"', '"201009"', "unknown-unit", '"201009"'),
    Case("unit-by-name", "expenditure", 2, '"201001"', "苏州市教育局", "bad-code", "苏州市"),
    Case(
        "project-unknown", "expenditure", 4, "校舍维修", "校舍维护", "unknown-project", "校舍维护"
    ),
    Case("project-missing", "expenditure", 4, " 项目: 校舍维修,", "", "missing-project", "{"),
    Case(
        "project-on-basic",
        "expenditure",
        2,
        "金额",
        "项目: 校舍维修, 金额",
        "project-in-basic",
        "{",
    ),
    Case("project-of-other-unit", "expenditure", 4, "201002", "201001", "project-mismatch", "{"),
    Case(
        "project-of-other-kind",
        "expenditure",
        4,
        "特定目标类",
        "其他运转类",
        "project-mismatch",
        "{",
    ),
    Case("kind-unknown", "expenditure", 2, "人员类", "人员经费", "bad-choice", "人员经费"),
    Case("fund-unknown", "expenditure", 2, "一般公共预算", "公共预算", "bad-choice", "公共预算"),
    Case("origin-unknown", "expenditure", 5, "结转", "上年", "bad-choice", "上年"),
    Case("yes", "expenditure", 2, "金额", "涉密: yes, 金额", "bad-choice", "yes"),
    Case("true", "expenditure", 2, "金额", "财政拨款: true, 金额", "bad-choice", "true"),
    Case("owed-code", "expenditure", 2, '"30101"', "待填", "owed-not-allowed", "待填"),
    Case("owed-unit", "revenue", 1, '"201001"', "待填", "owed-not-allowed", "待填"),
    Case("owed-count", "assets", 2, "2}", "待填}", "owed-not-allowed", "待填"),
    Case("key-unknown", "expenditure", 2, "资金来源", "资金渠道", "unknown-key", "资金渠道"),
    Case("key-duplicate", "expenditure", 2, "金额", "单位: 甲, 金额", "duplicate-key", "单位: 甲"),
    Case("key-missing", "revenue", 2, "资金来源: 其他收入, ", "", "missing-key", "{"),
    Case("key-complex", "revenue", 2, "单位:", "[单位]:", "bad-key", "[单位]"),
    Case("full-width-colon", "revenue", 2, "金额: ", "金额：", "unknown-key", "金额："),
    Case("full-width-brace", "revenue", 2, "}", "｝", "yaml-syntax", "{单位"),
    Case("full-width-comma", "revenue", 2, "收入,", "收入，", "yaml-syntax", "，"),
    Case("full-width-quote", "revenue", 2, '"201002"', "“201002”", "bad-code", "“201002”"),
    Case("unclosed-quote", "revenue", 3, '"201002"', '"201002', "yaml-syntax", '"201002'),
    Case("tab", "department", 8, "  -", "\t-", "yaml-syntax", "\t-"),
    Case("indent", "projects", 3, "  单位", "   单位", "yaml-syntax", "单位"),
    Case("anchor", "expenditure", 2, "人员类", "&a 人员类", "anchor", "&a"),
    Case("anchor-chinese", "expenditure", 2, "人员类", "&甲 人员类", "yaml-syntax", "甲"),
    Case("alias", "expenditure", 3, "公用经费", "*a ", "alias", "*a"),
    Case("alias-chinese", "expenditure", 3, "公用经费", "*甲", "yaml-syntax", "甲"),
    Case("tag", "expenditure", 2, "838200.00", "!!float 838200.00", "tag", "!!float"),
    Case("python-tag", "expenditure", 2, "人员类", "!!python/name:os.system x", "tag", "!!python"),
    Case("merge-key", "expenditure", 2, "类别: 人员类", "<<: {类别: 人员类}", "merge-key", "<<"),
    Case(
        "record-is-text",
        "revenue",
        2,
        '{单位: "201002", 资金来源: 其他收入, 金额: 100}',
        "无",
        "wrong-shape",
        "无",
    ),
    Case("list-for-text", "department", 2, "苏州市教育局", "[苏州市教育局]", "wrong-shape", "["),
    Case(
        "text-for-list",
        "department",
        9,
        "[办公室, 人事科]",
        "办公室、人事科",
        "wrong-shape",
        "办公室",
    ),
    Case("text-for-record", "assets", 2, "{一般公务用车: 2}", "两辆", "wrong-shape", "两辆"),
    Case(
        "invisible-zero-width",
        "expenditure",
        2,
        "人员类",
        "人员\u200b类",
        "invisible-character",
        "\u200b",
    ),
    Case(
        "invisible-no-break-space", "reasons", 1, "厉行", "厉行\xa0", "invisible-character", "\xa0"
    ),
    Case(
        "invisible-right-to-left",
        "reasons",
        1,
        "厉行",
        "\u202e厉行",
        "invisible-character",
        "\u202e",
    ),
    Case(
        "invisible-private-use", "reasons", 1, "厉行", "\ue000厉行", "invisible-character", "\ue000"
    ),
    Case("line-separator", "reasons", 1, "厉行", "厉行\u2028", "invisible-character", "\u2028"),
    Case("control-character", "reasons", 1, "厉行", "厉行\x07", "invisible-character", "\x07"),
    Case("carriage-return", "reasons", 1, "厉行", "厉行\r", "invisible-character", "\r"),
    Case("not-normalised", "reasons", 1, "厉行", "e\u0301厉行", "not-normalised", "e\u0301"),
    Case("compatibility-ideograph", "reasons", 1, "厉行", "行\uf90a", "not-normalised", "\uf90a"),
    Case("wrong-year", "department", 1, "2024", "2023", "wrong-year", "年度"),
    Case("bad-year", "department", 1, "2024", "二〇二四", "bad-year", "二"),
    Case("wrong-published-year", "facts", 1, "2023", "2022", "wrong-year", "年度"),
    Case("bad-date", "department", 4, '"2024-02-05"', '"2024-02-30"', "bad-date", '"2024'),
    Case("date-format", "department", 4, '"2024-02-05"', "2024年2月5日", "bad-date", "2024"),
    Case("department-foreign", "department", 3, '"201"', '"20"', "bad-code", '"20"'),
    Case("unit-kind", "department", 8, "事业", "事业单位", "bad-choice", "事业单位"),
    Case("edition-unknown", "department", 5, '"2023"', '"1999"', "unknown-edition", '"1999"'),
    Case("row-order-code", "department", 10, '"2050101"', '"2050177"', "unknown-code", '"2050177"'),
    Case(
        "decimals", "department", 9, "内设机构: [办公室, 人事科]", "小数位数: 3", "bad-choice", "3"
    ),
    Case("negative-count", "assets", 2, "2}", "-2}", "bad-number", "-2"),
    Case("fractional-count", "assets", 2, "2}", "2.5}", "bad-number", "2.5"),
    Case("negative-quantity", "procurement", 1, "采购数量: 1", "采购数量: -1", "bad-number", "-1"),
    Case("negative-revenue", "revenue", 2, "额: 100", "额: -100", "negative-amount", "-100"),
    Case("published-number", "facts", 4, "80.5", "80.5万元", "bad-number", "80.5万元"),
    Case("blank-name", "department", 2, "苏州市教育局", '""', "blank-value", '""'),
    Case("blank-item", "department", 9, "人事科]", '""]', "blank-value", '""'),
    Case("blank-item-quoted", "department", 9, "人事科]", '"  "]', "blank-value", '"  "'),
    Case("blank-item-tilde", "department", 9, "办公室", "~", "blank-value", "~"),
    Case("blank-order", "department", 10, '"2050101"', '"2050101", ""', "blank-value", '""'),
    Case("blank-count", "assets", 2, "2}", "}", "blank-value", "}"),
    Case("blank-record", "assets", 2, "{一般公务用车: 2}", '""', "blank-value", '""'),
    Case("nested-unknown-key", "projects", 6, "指标值", "目标值", "unknown-key", "目标值"),
    Case("deep-flow", "reasons", 1, "厉行节约", "[" * 30 + "]" * 30, "too-deep", "[" * 30),
    Case("deeper-than-the-stack", "reasons", 1, "厉行节约", "[" * 50_000, "too-deep", "[" * 50_000),
    Case("deep-spaced", "reasons", 1, "{指标", "[ " * 20 + "{指标", "too-deep", "[ {指标"),
)
