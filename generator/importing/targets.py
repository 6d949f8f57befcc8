"""The data files that an import writes, and what a table for each of them has columns for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from generator.terms import THIS_YEAR

EXPENDITURE, REVENUE, PROCUREMENT = "expenditure.yaml", "revenue.yaml", "procurement.yaml"
PROJECTS, FACTS = "projects.yaml", "published/facts.yaml"

# Virtual fields: not keys of the data files, but what exports have columns for.
FUNCTION_PARTS = ("功能科目类", "功能科目款", "功能科目项")
PROJECT_CODE, PROJECT_NAME = "项目编码", "项目名称"
AMOUNT, FISCAL_PART, ROW_TOTAL, PRICE = "金额", "其中财政拨款", "行合计", "单价"
IS_PROCUREMENT, PROCUREMENT_SUBJECT, IGNORED = "是否政府采购", "品目", "不导入"
# Codes whose name may stand in a column of its own.
NAME_OF = {code: f"{code}名称" for code in ("单位", "功能科目", "经济科目", "政府经济科目")}
AMOUNT_FIELDS = (AMOUNT, FISCAL_PART, ROW_TOTAL)
# Keys a line leaves out when they say nothing new.
DEFAULTS = {"来源年度": THIS_YEAR, "财政拨款": "是"}

UNIT = ("单位", NAME_OF["单位"])
_FUNCTION = ("功能科目", NAME_OF["功能科目"])
_ECONOMIC = ("经济科目", NAME_OF["经济科目"])
_GOVERNMENT_ECONOMIC = ("政府经济科目", NAME_OF["政府经济科目"])
_FUND = ("资金来源", "来源年度")
_ITEM = ("规格", "计量单位", "采购数量")
_PROJECT = (PROJECT_CODE, PROJECT_NAME)
# Where 类, 款 and 项 stand in three cells, the last one tells that there is a code.
_ANY_FUNCTION = (*_FUNCTION, FUNCTION_PARTS[2])


class Target(NamedTuple):
    """A data file: the keys of a line in their order, what may change in a line that stays the same
    one, and how a new file begins.

    Of a table for it: what its columns may be, groups of which it must have one each, and what every
    detail row has and group rows lack (the first that has a column).
    """

    keys: tuple[str, ...]
    changing: tuple[str, ...] = ()
    head: str = ""
    fields: tuple[str, ...] = ()
    needed: tuple[tuple[str, ...], ...] = ()
    leaf: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """What makes a line the same one."""
        return tuple(key for key in self.keys if key not in (*self.changing, "备注"))


# In the order in which they are shown.
TARGETS: Mapping[str, Target] = {
    PROJECTS: Target(
        keys=("名称", "编码", "单位", "类别"),
        head="# 项目。金额来自 expenditure.yaml 里写明该项目的行。",
    ),
    EXPENDITURE: Target(
        keys=(
            *("单位", "类别", "项目", "功能科目", "经济科目", "政府经济科目"),
            *(*_FUND, "财政拨款", AMOUNT, "备注"),
        ),
        changing=(AMOUNT,),
        head="# 支出明细，一行一笔，单位：元。",
        fields=(
            *(*UNIT, "类别", *_FUNCTION, *FUNCTION_PARTS, *_ECONOMIC, *_GOVERNMENT_ECONOMIC),
            *(*_FUND, "财政拨款", *_PROJECT, IS_PROCUREMENT, "备注", AMOUNT, ROW_TOTAL, IGNORED),
        ),
        needed=(UNIT, ("类别",), _ANY_FUNCTION, _ECONOMIC, ("资金来源",), (AMOUNT,)),
        leaf=("经济科目",),
    ),
    REVENUE: Target(
        keys=("单位", *_FUND, AMOUNT, FISCAL_PART, "备注"),
        changing=(AMOUNT, FISCAL_PART),
        head="# 收入，一行一笔，单位：元。",
        fields=(*UNIT, *_FUND, "备注", AMOUNT, FISCAL_PART, ROW_TOTAL, IGNORED),
        needed=(UNIT, ("资金来源",), (AMOUNT,)),
        leaf=("资金来源", "单位"),
    ),
    PROCUREMENT: Target(
        keys=("单位", "功能科目", "采购项目", "采购目录", *_ITEM, AMOUNT),
        changing=("采购数量", AMOUNT),
        head="# 政府采购，一行一项，单位：元。",
        fields=(
            *(*UNIT, *_FUNCTION, *FUNCTION_PARTS, "采购项目", "采购目录", PROCUREMENT_SUBJECT),
            *(*_ITEM, PRICE, AMOUNT, ROW_TOTAL, IGNORED),
        ),
        needed=(
            *(UNIT, _ANY_FUNCTION, ("采购项目",)),
            *(("采购目录", PROCUREMENT_SUBJECT), (AMOUNT,)),
        ),
        leaf=("采购项目",),
    ),
    FACTS: Target(keys=("指标", "功能科目", "数值"), changing=("数值",)),
}
# Those that a table of line items goes to.
OF_TABLES = tuple(name for name, target in TARGETS.items() if target.fields)
