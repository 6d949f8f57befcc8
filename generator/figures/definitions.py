"""The named figures: each published number's one definition, with its meaning and its basis.

A definition selects lines by dimensions, adds other figures up, counts, or takes a given number.
Meanings are Chinese: editors read them (`make figures`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from generator.figures.expressions import (
    Add,
    Count,
    Expression,
    Given,
    Select,
    SelectOfKinds,
    select,
)
from generator.figures.measures import BASIC, PROJECT_EXPENDITURE
from generator.terms import (
    CARRIED,
    CARRIED_OVER,
    FISCAL_FUNDS,
    GENERAL_PUBLIC_BUDGET,
    GOVERNMENT_MANAGED_FUND,
    OWN_FUND,
    OWN_SURPLUS,
    SPECIAL_ACCOUNT_FUND,
    STATE_CAPITAL_OPERATIONS,
    THIS_YEAR,
)


class Definition(NamedTuple):
    """A named figure: Chinese name, expression, meaning, basis, measure.

    `measure` is "" for amounts (the published measure), else a counter word such as 个 or 辆.
    """

    name: str
    expression: Expression
    meaning: str
    basis: str
    measure: str = ""


PERSONNEL_ECONOMICS = ("301", "303")
RUNNING_ECONOMICS = ("302", "309", "310")
VEHICLE_PURCHASE = ("31013", "30913")
VEHICLE_RUNNING = "30231"
OVERSEAS_TRAVEL = "30212"
OFFICIAL_RECEPTION = "30217"
MEETINGS, TRAINING = "30215", "30216"  # many places publish them beside the three

_CLASSIFICATION = "《政府收支分类科目》"
_FORMS = "部门预算公开表"
_DISCLOSURE = "财预〔2016〕143号"
_THREE = "财预〔2016〕143号；中办发〔2013〕13号"
_VEHICLES = ("一般公务用车", "一般执法执勤用车", "特种专业技术用车", "其他用车")


def _revenue(name: str, fund: str, meaning: str) -> Definition:
    expression = select("收入", 来源年度=THIS_YEAR, 资金来源=fund)
    return Definition(name, expression, meaning, f"{_FORMS}一、二")


def _general(name: str, meaning: str, **filters: str | tuple[str, ...]) -> Definition:
    expression = select("支出", 资金来源=GENERAL_PUBLIC_BUDGET, **filters)
    return Definition(name, expression, meaning, f"{_FORMS}五、六")


def _fund_expenditure(name: str, fund: str, table: str) -> Definition:
    meaning = f"资金来源为{fund}的全部支出"
    return Definition(name, select("支出", 资金来源=fund), meaning, f"{_FORMS}{table}")


def _own_fund_kind(name: str, meaning: str) -> Definition:
    return Definition(
        name, select("支出", 支出性质=name), meaning, f"{_FORMS}三；《事业单位财务规则》"
    )


def _fiscal(name: str, fund: str) -> Definition:
    meaning = f"{fund}收入（含上年结转），等于支出加年终结转"
    return Definition(name, select("收入", 资金来源=fund), meaning, f"{_FORMS}四")


def _procurement(name: str, category: str) -> Definition:
    expression = select("采购", 采购目录=category)
    return Definition(name, expression, f"政府采购{category}预算", f"{_FORMS}十四")


def _count(name: str, what: str, meaning: str) -> Definition:
    return Definition(name, Count(what), meaning, f"{_FORMS}十、十二；{_DISCLOSURE}", "个")


def _given(name: str, path: str, meaning: str, measure: str) -> Definition:
    return Definition(name, Given(path), meaning, _DISCLOSURE, measure)


DEFINITIONS: tuple[Definition, ...] = (
    Definition(
        "收入总计",
        Add(("本年收入合计", "上年结转结余")),
        "本年收入合计与上年结转结余之和",
        f"{_FORMS}一",
    ),
    Definition(
        "支出总计",
        Add(("支出合计", "年终结转结余")),
        "本年支出合计与年终结转结余之和",
        f"{_FORMS}一",
    ),
    Definition(
        "本年收入合计",
        select("收入", 来源年度=THIS_YEAR),
        "本年各项资金来源的收入之和，不含上年结转",
        f"{_FORMS}一、二",
    ),
    Definition(
        "上年结转结余",
        select("收入", 来源年度=CARRIED),
        "上年结转到本年使用的各项资金：上年结转和使用非财政拨款结余",
        f"{_FORMS}一、二",
    ),
    Definition(
        CARRIED_OVER,
        select("收入", 来源年度=CARRIED_OVER),
        "上年结转到本年使用的各项资金，不含使用非财政拨款结余；两项分开印的表用",
        f"{_FORMS}一、二",
    ),
    Definition(
        OWN_SURPLUS,
        select("收入", 来源年度=OWN_SURPLUS),
        "单位用以前年度的非财政拨款结余弥补本年收支差额的数；和上年结转分开印的表用",
        f"{_FORMS}一、二",
    ),
    Definition("年终结转结余", select("年终结转"), "结转到下年的资金", f"{_FORMS}一"),
    _revenue("一般公共预算收入", GENERAL_PUBLIC_BUDGET, "本年一般公共预算拨款收入"),
    _revenue("政府性基金收入", GOVERNMENT_MANAGED_FUND, "本年政府性基金预算拨款收入"),
    _revenue("国有资本经营预算收入", STATE_CAPITAL_OPERATIONS, "本年国有资本经营预算拨款收入"),
    _revenue("财政专户管理资金收入", SPECIAL_ACCOUNT_FUND, "本年财政专户管理资金（教育收费）收入"),
    _revenue("事业收入", "事业收入", "事业单位开展专业活动及辅助活动取得的收入"),
    _revenue("事业单位经营收入", "事业单位经营收入", "事业单位非独立核算经营活动取得的收入"),
    _revenue("上级补助收入", "上级补助收入", "从主管部门和上级单位取得的非财政补助收入"),
    _revenue("附属单位上缴收入", "附属单位上缴收入", "附属独立核算单位按规定上缴的收入"),
    _revenue("其他收入", "其他收入", "上述各项以外的收入"),
    Definition(
        "财政拨款收入",
        select("财政拨款收入", 来源年度=THIS_YEAR),
        "本年一般公共预算、政府性基金、国有资本经营预算的财政拨款之和",
        f"{_FORMS}四",
    ),
    Definition(
        "一般公共预算财政拨款收入",
        select("财政拨款收入", 资金来源=GENERAL_PUBLIC_BUDGET, 来源年度=THIS_YEAR),
        "本年一般公共预算收入中的财政拨款",
        f"{_FORMS}一、二、四",
    ),
    Definition("支出合计", select("支出"), "本年全部支出（含用上年结转安排的）", f"{_FORMS}一、三"),
    Definition(
        "基本支出",
        select("支出", 支出性质=BASIC),
        "为保障机构正常运转、完成日常工作任务的支出：人员类和公用经费",
        f"{_FORMS}三",
    ),
    Definition(
        "项目支出",
        select("支出", 支出性质=PROJECT_EXPENDITURE),
        "基本支出之外的支出：其他运转类和特定目标类",
        f"{_FORMS}三",
    ),
    _own_fund_kind("事业单位经营支出", "在专业活动及辅助活动之外开展非独立核算经营活动的支出"),
    _own_fund_kind("上缴上级支出", "按规定上缴上级单位的支出"),
    _own_fund_kind("对附属单位补助支出", "用财政拨款以外的收入补助附属单位的支出"),
    Definition(
        "人员经费",
        select("支出", 支出性质=BASIC, 经济科目=PERSONNEL_ECONOMICS),
        "基本支出中的工资福利支出（301）和对个人和家庭的补助（303）",
        f"{_FORMS}三；{_CLASSIFICATION}",
    ),
    Definition(
        "公用经费",
        select("支出", 支出性质=BASIC, 经济科目=RUNNING_ECONOMICS),
        "基本支出中的商品和服务支出（302）和资本性支出（309、310）",
        f"{_FORMS}三；{_CLASSIFICATION}",
    ),
    _general("一般公共预算支出", "资金来源为一般公共预算的全部支出"),
    _general("一般公共预算基本支出", "一般公共预算中的基本支出", 支出性质=BASIC),
    _general("一般公共预算项目支出", "一般公共预算中的项目支出", 支出性质=PROJECT_EXPENDITURE),
    _general(
        "一般公共预算人员经费",
        "一般公共预算基本支出中的人员经费",
        支出性质=BASIC,
        经济科目=PERSONNEL_ECONOMICS,
    ),
    _general(
        "一般公共预算公用经费",
        "一般公共预算基本支出中的公用经费",
        支出性质=BASIC,
        经济科目=RUNNING_ECONOMICS,
    ),
    _fund_expenditure("政府性基金支出", GOVERNMENT_MANAGED_FUND, "九"),
    _fund_expenditure("国有资本经营预算支出", STATE_CAPITAL_OPERATIONS, "十三"),
    _fiscal("一般公共预算收支", GENERAL_PUBLIC_BUDGET),
    _fiscal("政府性基金收支", GOVERNMENT_MANAGED_FUND),
    _fiscal("国有资本经营预算收支", STATE_CAPITAL_OPERATIONS),
    Definition(
        "财政拨款收支",
        Add(("一般公共预算收支", "政府性基金收支", "国有资本经营预算收支")),
        "政府预算资金：一般公共预算、政府性基金、国有资本经营预算三项之和",
        f"{_FORMS}四、十一",
    ),
    Definition(
        "财政拨款年终结转结余",
        select("年终结转", 资金来源=FISCAL_FUNDS),
        "一般公共预算、政府性基金、国有资本经营预算三项的年终结转",
        f"{_FORMS}四",
    ),
    Definition(
        "财政专户管理资金",
        select("收入", 资金来源=SPECIAL_ACCOUNT_FUND),
        "资金来源中的财政专户管理资金（含上年结转）",
        f"{_FORMS}十一",
    ),
    Definition(
        "单位资金",
        select("收入", 资金来源=OWN_FUND),
        "事业收入、经营收入、上级补助、附属上缴和其他收入（含上年结转）",
        f"{_FORMS}十一",
    ),
    Definition(
        "三公经费",
        Add(("因公出国境费", "公务用车购置及运行费", "公务接待费")),
        "一般公共预算安排的因公出国（境）费、公务用车购置及运行费、公务接待费之和",
        f"{_FORMS}八；{_THREE}",
    ),
    _general("因公出国境费", "经济科目 30212，含基本支出和项目支出", 经济科目=OVERSEAS_TRAVEL),
    Definition(
        "公务用车购置及运行费",
        Add(("公务用车购置费", "公务用车运行费")),
        "公务用车购置费与公务用车运行费之和",
        f"{_FORMS}八；{_THREE}",
    ),
    _general(
        "公务用车购置费", "经济科目 31013、30913，含基本支出和项目支出", 经济科目=VEHICLE_PURCHASE
    ),
    _general("公务用车运行费", "经济科目 30231，含基本支出和项目支出", 经济科目=VEHICLE_RUNNING),
    _general("公务接待费", "经济科目 30217，含基本支出和项目支出", 经济科目=OFFICIAL_RECEPTION),
    _general("会议费", "经济科目 30215，含基本支出和项目支出", 经济科目=MEETINGS),
    _general("培训费", "经济科目 30216，含基本支出和项目支出", 经济科目=TRAINING),
    Definition(
        "机关运行经费",
        SelectOfKinds(
            "支出",
            select(
                "支出",
                资金来源=GENERAL_PUBLIC_BUDGET,
                支出性质=BASIC,
                经济科目=RUNNING_ECONOMICS,
            ).filters,
        ),
        "口径内单位（department.yaml 机关运行经费口径）一般公共预算基本支出中的公用经费",
        f"《机关事务管理条例》；{_DISCLOSURE}",
    ),
    Definition("政府采购", select("采购"), "政府采购预算合计", f"{_FORMS}十四"),
    _procurement("政府采购货物", "货物"),
    _procurement("政府采购工程", "工程"),
    _procurement("政府采购服务", "服务"),
    _count("项目个数", "项目", "有预算的项目个数"),
    _count("重点项目个数", "重点项目", "有预算的重点项目个数"),
    _count("有目标的重点项目个数", "有目标的重点项目", "有预算、填了绩效指标的重点项目个数"),
    _count("专项转移支付项目个数", "专项转移支付项目", "有预算的专项转移支付项目个数"),
    _count("单位个数", "单位", "所属预算单位个数（含本级）"),
    Definition("车辆", Add(_VEHICLES), "期末车辆总数", _DISCLOSURE, "辆"),
    _given("一般公务用车", "vehicles.general", "期末一般公务用车", "辆"),
    _given("一般执法执勤用车", "vehicles.enforcement", "期末执法执勤用车", "辆"),
    _given("特种专业技术用车", "vehicles.special", "期末特种专业技术用车", "辆"),
    _given("其他用车", "vehicles.other", "期末其他用车", "辆"),
    _given("通用设备", "equipment.general", "期末单价达到起点的通用设备", "台（套）"),
    _given("专用设备", "equipment.special", "期末单位价值达到起点的专用设备", "台（套）"),
)

DEFINITION_BY_NAME: Mapping[str, Definition] = {d.name: d for d in DEFINITIONS}

# What name_of writes; a project's name may hold commas and brackets.
_SELECTION = re.compile(r"([^\[\].]+)\[(.+)\]")
_NEXT_FILTER = re.compile(r",(?=[^,=]+=)")

# One selection has one name: 支出[资金来源=一般公共预算] is 一般公共预算支出.
NAME_BY_SELECT: Mapping[Select, str] = {
    d.expression: d.name for d in reversed(DEFINITIONS) if isinstance(d.expression, Select)
}


@lru_cache(maxsize=65536)  # a batch of departments asks for the same selections
def name_of(selection: Select) -> str:
    """The figure's name: registered, or measure[dimension=values,…]."""
    known = NAME_BY_SELECT.get(selection)
    if known is not None:
        return known
    filters = ",".join([f"{d}={'|'.join(values)}" for d, values in selection.filters])
    return f"{selection.measure}[{filters}]" if filters else selection.measure


@lru_cache(maxsize=65536)  # asked again for every total a name is part of
def selection_named(name: str) -> Select | None:
    """The inverse of name_of; None for what has no filters: sums, counts, changes, shares."""
    definition = DEFINITION_BY_NAME.get(name)
    if definition is not None:
        return definition.expression if isinstance(definition.expression, Select) else None
    named = _SELECTION.fullmatch(name)
    if named is None:
        return None
    pairs = (pair.partition("=") for pair in _NEXT_FILTER.split(named[2]))
    filters = sorted((dimension, tuple(values.split("|"))) for dimension, _, values in pairs)
    return Select(named[1], tuple(filters))
