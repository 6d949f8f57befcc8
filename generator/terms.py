"""The closed lists of the field: funds, kinds of unit and of expenditure, bases; and the forms of its codes."""

from __future__ import annotations

from functools import lru_cache

from generator.fields import choice, code, reference

GENERAL_PUBLIC_BUDGET = "一般公共预算"
GOVERNMENT_MANAGED_FUND = "政府性基金"
STATE_CAPITAL_OPERATIONS = "国有资本经营预算"
SPECIAL_ACCOUNT_FUND = "财政专户管理资金"
OWN_FUND = "单位资金"
OWN_FUND_SOURCES = ("事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入")
FISCAL_FUNDS = (GENERAL_PUBLIC_BUDGET, GOVERNMENT_MANAGED_FUND, STATE_CAPITAL_OPERATIONS)
FUND_GROUPS = (*FISCAL_FUNDS, SPECIAL_ACCOUNT_FUND, OWN_FUND)
FUNDS = (*FUND_GROUPS, *OWN_FUND_SOURCES)

THIS_YEAR, CARRIED = "本年", "结转"
CARRIED_OVER, OWN_SURPLUS = "上年结转", "使用非财政拨款结余"
# What the forms of most places print apart, and Henan's as one sum: CARRIED of a selection is both,
# of a data line the first of them, as it was before there was the second.
CARRIED_ORIGINS = (CARRIED_OVER, OWN_SURPLUS)
PERSONNEL, RUNNING = "人员类", "公用经费"
OTHER_OPERATING, TARGETED = "其他运转类", "特定目标类"
BASIC_KINDS = (PERSONNEL, RUNNING)
PROJECT_KINDS = (OTHER_OPERATING, TARGETED)
# Neither basic nor project expenditure, and never paid by 财政拨款.
OWN_FUND_KINDS = ("事业单位经营支出", "上缴上级支出", "对附属单位补助支出")

ADMINISTRATIVE, CIVIL_SERVICE_MANAGED, PUBLIC_INSTITUTION = "行政", "参公", "事业"
INDICATOR_GROUPS = ("成本指标", "产出指标", "效益指标", "满意度指标")
BUDGET_BASES = ("上年年初预算", "上年预算")  # what 比2023年 means where nothing else is said
COMPARISON_BASES = (*BUDGET_BASES, "上年执行数", "上年决算")
USUAL_PLACE = "henan"  # the templates of a department that names none

FUND = choice("资金来源", *FUNDS)
ORIGIN = choice("来源年度", THIS_YEAR, CARRIED, OWN_SURPLUS)
SELECTED_ORIGIN = choice("来源年度", THIS_YEAR, CARRIED, *CARRIED_ORIGINS)
KIND = choice("类别", *BASIC_KINDS, *PROJECT_KINDS, *OWN_FUND_KINDS)
UNIT_KIND = choice("单位性质", ADMINISTRATIVE, CIVIL_SERVICE_MANAGED, PUBLIC_INSTITUTION)
PROCUREMENT_CATEGORY = choice("采购目录", "货物", "工程", "服务")
INDICATOR_GROUP = choice("项目指标", *INDICATOR_GROUPS)
MEASURE = choice("公布单位", "万元", "元")
DECIMALS = choice("小数位数", "0", "1", "2")
CHANGE_BASIS = choice("变动口径", "公布数", "元")
COMPARISON_BASIS = choice("比较基数", *COMPARISON_BASES)

UNIT_CODE = code("单位代码", "[0-9]{6,12}", "159001")
DEPARTMENT_CODE = code("部门代码", "[0-9]{3,6}", "159")
UNIT = reference("单位", "[0-9]{6,12}", "159001")
FUNCTION = reference("功能科目", "[0-9]{7}", "2010301")
FUNCTION_ANY = reference("功能科目类款项", "[0-9]{3}|[0-9]{5}|[0-9]{7}", "2010301")
ECONOMIC = reference("经济科目", "[0-9]{5}", "30101")
GOVERNMENT_ECONOMIC = reference("政府经济科目", "[0-9]{5}", "50101")
PROJECT = reference("项目", "", "综窗劳务费")


@lru_cache(maxsize=256)  # asked for every line
def fund_group(fund: str) -> str:
    """The fund a line is disclosed under: the five 单位资金 sources are one group."""
    return OWN_FUND if fund in OWN_FUND_SOURCES else fund


@lru_cache(maxsize=256)
def origin_group(origin: str) -> str:
    """本年 or 结转: what was carried over and the surplus of own funds are both money of other years."""
    return THIS_YEAR if origin == THIS_YEAR else CARRIED
