"""What a template may name: figures, texts, lists and their items' attributes, filters, tests.

The vocabulary is the same for every department and year, so templates are checked once against it,
in every branch, whatever this year's data take.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.figures.definitions import DEFINITION_BY_NAME, DEFINITIONS

# Kinds of a name.
FIGURE, TEXT, LIST, COUNTER = "figure", "text", "list", "counter"

TEXTS: Mapping[str, str] = {
    "年": "预算年度，如 2023",
    "上年": "上一年度，如 2022",
    "部门名称": "部门全称；在单位自己的预算公开里是单位全称",
    "部门或单位": "“部门”，在单位自己的预算公开里是“单位”；如 我{{ 部门或单位 }}",
    "单位预算公开": "在单位自己的预算公开里为“是”，否则为空；用在 {% if 单位预算公开 %}",
    "本级称谓": "部门本级怎么称呼，按 phrases.yaml 的 称谓，如 局机关本级",
    "所属单位称谓": "所属单位怎么称呼，按 phrases.yaml 的 称谓，如 局属单位",
    "内设机构称谓": "内设机构怎么称呼，按 phrases.yaml 的 内设机构称谓，如 科室",
    "财政级次": "department.yaml 写的财政级次，如 市级",
    "公布日期": "公布日期，如 2023年2月24日",
    "公布年月": "公布的年月，如 2023年2月",
    "计量单位": "公布金额的单位，如 万元",
    "变动口径": "差额、增幅、占比按什么计算：公布数 或 元",
    "机关运行经费单位": "有单位算机关运行经费（department.yaml 机关运行经费口径）时为“有”，否则为空",
    "有尾差": "有合计或比例因四舍五入对不上时为“有”，否则为空；用在 {% if 有尾差 %}",
    "合计有尾差": "有合计与各项之和因四舍五入不等时为“有”，只是比例对不上时为空",
    "资产时点": "国有资产的时点，如 2022年期末",
    "国有资产待填": "部门没有 assets.yaml 时为待填的标记，否则为空；用在 {% if 国有资产待填 %}",
    "整体绩效目标": "填了部门整体绩效目标时为“有”，否则为空；用在 {% if 整体绩效目标 %}",
    "项目绩效目标": "有预算的项目填了绩效指标时为“有”，否则为空；用在 {% if 项目绩效目标 %}",
}

_AMOUNT = {"名称": TEXT, "金额": FIGURE}
_SUBJECT = {"编码": TEXT, **_AMOUNT}
_FUNCTION = {"编码": TEXT, "类": TEXT, "款": TEXT, "项": TEXT, "预算数": FIGURE}
_PROJECT = {"名称": TEXT, "单位": TEXT, "类别": TEXT, "金额": FIGURE}

# List name -> (meaning, attributes of an item with their kind).
LISTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "主要职责": ("主要职责各条", {"内容": TEXT}),
    "内设机构": ("内设机构名称", {"名称": TEXT}),
    "预算单位": ("所属预算单位", {"代码": TEXT, "名称": TEXT, "构成名称": TEXT, "性质": TEXT}),
    "收入来源": ("有数的本年收入来源和上年结转", _AMOUNT),
    "其他类别支出": ("有数的事业单位经营支出、上缴上级支出、对附属单位补助支出", _AMOUNT),
    "支出功能类": ("一般公共预算支出有数的类", _SUBJECT),
    "全部支出功能类": ("支出合计（各种资金来源）有数的类", _SUBJECT),
    "支出功能科目": ("一般公共预算支出有数（或上年有数）的功能科目", _FUNCTION),
    "政府性基金功能科目": ("政府性基金支出有数的功能科目", _FUNCTION),
    "国有资本经营功能科目": ("国有资本经营预算支出有数的功能科目", _FUNCTION),
    "人员经费科目": ("一般公共预算人员经费有数的经济科目", _SUBJECT),
    "公用经费科目": ("一般公共预算公用经费有数的经济科目", _SUBJECT),
    "项目": ("有预算的项目", _PROJECT),
    "重点项目": ("有预算的重点项目", _PROJECT),
    "有目标的重点项目": ("有预算、填了绩效指标的重点项目", _PROJECT),
    "没有目标的重点项目": ("有预算、没有填绩效指标的重点项目", _PROJECT),
    "专项转移支付项目": ("专项转移支付项目", _PROJECT),
}


class FilterRule(NamedTuple):
    """A filter's use: the kind it is applied to and its arguments; its result can be printed."""

    applies_to: str
    meaning: str
    maximum: int = 0
    minimum: int = 0
    keywords: tuple[str, ...] = ()
    figure_arguments: bool = False  # its positional arguments are figures


FILTERS: Mapping[str, FilterRule] = {
    "金额": FilterRule(FIGURE, "数和公布单位，如 832.3万元"),
    "万元": FilterRule(FIGURE, "同“金额”，公布单位必须是万元"),
    "数量": FilterRule(FIGURE, "个数和量词，如 2辆"),
    "占比": FilterRule(
        FIGURE, "占某数的百分比，如 占比(支出合计) 印 74.6%", 1, 1, figure_arguments=True
    ),
    "增减": FilterRule(FIGURE, "与上年相比的整句，用哪种句式见 phrases.yaml", 1, 0, ("主语",)),
    "原因": FilterRule(FIGURE, "有增减时的原因，前面（后面）接括号里的话", 2),
    "说明": FilterRule(FIGURE, "没有增减时的说明，前面（后面）接括号里的话", 2),
    "列举": FilterRule(LIST, "把各项的名称用顿号连起来", 2),
    "中文序号": FilterRule(COUNTER, "1、2、3 写成 一、二、三"),
}

USUAL_FRAME = "默认"  # of | 增减 without one
AMOUNT_FILTERS, COUNT_FILTER = ("金额", "万元"), "数量"

# Tests for {% if 三公经费 is 增加 %}.
TESTS: Mapping[str, str] = {
    "增加": "比上年多（含上年没有的）",
    "减少": "比上年少（含今年没有的）",
    "持平": "和上年一样（含两年都是零）",
    "新增": "上年是零，今年有数",
    "取消": "上年有数，今年是零",
    "均为零": "两年都是零",
    "无基数": "没有上年数可比",
    "有说明": "没有增减，reasons.yaml 里写了说明",
    "多个": "大于一",
}

LOOP_ATTRIBUTES = ("index", "first", "last", "length", "revindex")
TAGS = ("if", "elif", "else", "endif", "for", "endfor", "set", "raw", "endraw")


def measure_of(name: str) -> str:
    """The counter word of a figure, "" if it is an amount, as those of lists' items are."""
    definition = DEFINITION_BY_NAME.get(name)
    return definition.measure if definition else ""


def printing_filter(name: str) -> str:
    """The filter that prints a figure with its measure."""
    return COUNT_FILTER if measure_of(name) else AMOUNT_FILTERS[0]


FIGURE_MEANINGS: Mapping[str, str] = {d.name: d.meaning for d in DEFINITIONS}


class Vocabulary(NamedTuple):
    """Everything a place's templates may name: the program's words, and the place's constants."""

    constants: Mapping[str, str] = {}
    frames: tuple[str, ...] | None = ()  # 句式 names of phrases.yaml; None: they are not known
    tables: tuple[str, ...] = ()  # table layout ids

    def kind_of(self, name: str) -> str | None:
        if name in FIGURE_MEANINGS:
            return FIGURE
        if name in TEXTS or name in self.constants:
            return TEXT
        return LIST if name in LISTS else None

    def names(self) -> tuple[str, ...]:
        return (*FIGURE_MEANINGS, *TEXTS, *self.constants, *LISTS)
