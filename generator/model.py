"""The records a year's data files hold. One declaration validates, documents and exports the schema.

Keys are Chinese for the people who keep the files; attributes are the terms of GLOSSARY.
Amounts are exact Money in fen, None (blank), or OWED_AMOUNT (待填).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from generator.fields import (
    AMOUNT,
    COUNT,
    DATE,
    NUMBER,
    QUANTITY,
    TEXT,
    YEAR,
    YES_NO,
    Amount,
    ListOf,
    Record,
    RecordOf,
    choice,
    code,
    key,
    own_words,
)
from generator.money import PublishedMeasure
from generator.terms import (
    ADMINISTRATIVE,
    CHANGE_BASIS,
    CIVIL_SERVICE_MANAGED,
    COMPARISON_BASIS,
    DECIMALS,
    DEPARTMENT_CODE,
    ECONOMIC,
    FUNCTION,
    FUNCTION_ANY,
    FUND,
    GOVERNMENT_ECONOMIC,
    INDICATOR_GROUP,
    KIND,
    MEASURE,
    ORIGIN,
    PROCUREMENT_CATEGORY,
    PROJECT,
    PROJECT_KINDS,
    THIS_YEAR,
    UNIT,
    UNIT_CODE,
    UNIT_KIND,
    USUAL_PLACE,
)


@dataclass(frozen=True, slots=True)
class Unit(Record):
    """预算单位."""

    code: str = key("代码", UNIT_CODE, "预算单位代码，六位以上数字，前几位是部门代码")
    name: str = key("名称", TEXT, "预算单位全称，表格中使用")
    kind: str = key(
        "性质", UNIT_KIND, "行政、参公或事业：决定政府经济科目的对应和机关运行经费的口径"
    )
    own_level: bool = key("本级", YES_NO, "是否部门本级（机关）", False)
    composition_name: str = key("构成名称", TEXT, "“预算单位构成”一节使用的名称，不写就用名称", "")


@dataclass(frozen=True, slots=True)
class CarriedOut(Record):
    """年终结转结余, by unit and fund."""

    unit: str = key("单位", UNIT, "预算单位代码")
    fund: str = key("资金来源", FUND, "资金来源")
    amount: Amount = key("金额", AMOUNT, "元")


@dataclass(frozen=True, slots=True)
class RowOrder(Record):
    """Row orders where they are not by code."""

    functions: tuple[str, ...] = key("功能科目", ListOf(FUNCTION), "功能科目各项的排列次序", ())
    economics: tuple[str, ...] = key("经济科目", ListOf(ECONOMIC), "经济科目各款的排列次序", ())


@dataclass(frozen=True, slots=True)
class Department(Record):
    """department.yaml: the department and how it publishes."""

    year: int = key("年度", YEAR, "预算年度")
    name: str = key("部门名称", TEXT, "部门全称")
    code: str = key("部门代码", DEPARTMENT_CODE, "部门代码")
    units: tuple[Unit, ...] = key("单位", ListOf(Unit), "所属预算单位，一行一个")
    date: str = key("公布日期", DATE, "公布日期，写入封面和文件属性")
    templates: str = key("模板", TEXT, "模板文件夹名", USUAL_PLACE)
    catalogue_edition: str = key("科目版本", TEXT, "政府收支分类科目的版本（年份）", "")
    measure_name: str = key("公布单位", MEASURE, "公布金额的计量单位", "万元")
    decimals: str = key("小数位数", DECIMALS, "公布金额的小数位数；不写时万元一位，元两位", "")
    rate_decimals: str = key("比例小数位数", DECIMALS, "占比和增幅的小数位数", "1")
    change_basis: str = key(
        "变动口径", CHANGE_BASIS, "差额、增幅、占比按公布数还是按元计算", "公布数"
    )
    comparison_basis: str = key("比较基数", COMPARISON_BASIS, "与上年的哪个数比较", "上年年初预算")
    agency_running_cost_kinds: tuple[str, ...] = key(
        "机关运行经费口径",
        ListOf(UNIT_KIND),
        "哪些性质的单位的公用经费计入机关运行经费",
        (ADMINISTRATIVE, CIVIL_SERVICE_MANAGED),
    )
    duties: tuple[str, ...] = key("主要职责", ListOf(TEXT), "部门主要职责，一条一段", ())
    offices: tuple[str, ...] = key("内设机构", ListOf(TEXT), "内设机构名称", ())
    row_order: RowOrder = key(
        "排列次序", RecordOf(RowOrder), "不按编码排列时的次序", RowOrder((), ())
    )
    carried_out: tuple[CarriedOut, ...] = key(
        "年终结转结余", ListOf(CarriedOut), "年终结转结余", ()
    )
    discloses_units: bool = key("单位预算公开", YES_NO, "所属单位各自的预算公开也由这里做", True)
    fiscal_level: str = key("财政级次", TEXT, "由哪一级财政拨款，如 省级、市级、县级", "本级")

    @property
    def published_measure(self) -> PublishedMeasure:
        usual = "2" if self.measure_name == "元" else "1"
        return PublishedMeasure(self.measure_name, int(self.decimals or usual))


@dataclass(frozen=True, slots=True)
class ExpenditureLine(Record):
    """expenditure.yaml: one expenditure line item."""

    unit: str = key("单位", UNIT, "预算单位代码")
    kind: str = key(
        "类别",
        KIND,
        "人员类、公用经费（基本支出）；其他运转类、特定目标类（项目支出）；"
        "事业单位经营支出、上缴上级支出、对附属单位补助支出（不用财政拨款）",
    )
    function: str = key("功能科目", FUNCTION, "支出功能分类科目编码（项，七位）")
    economic: str = key("经济科目", ECONOMIC, "部门预算支出经济分类科目编码（款，五位）")
    fund: str = key("资金来源", FUND, "资金来源")
    amount: Amount = key("金额", AMOUNT, "元")
    project: str = key("项目", PROJECT, "项目名称或编码；项目支出必填", "")
    government_economic: str = key(
        "政府经济科目", GOVERNMENT_ECONOMIC, "政府预算支出经济分类科目编码；不写按对应表推出", ""
    )
    origin: str = key("来源年度", ORIGIN, "本年、结转或使用非财政拨款结余", THIS_YEAR)
    fiscal: bool = key("财政拨款", YES_NO, "一般公共预算中是否财政拨款", True)
    secret: bool = key("涉密", YES_NO, "涉密的行不进入任何输出", False)
    remark: str = key("备注", TEXT, "内部备注，不公布", "")


@dataclass(frozen=True, slots=True)
class RevenueLine(Record):
    """revenue.yaml: one revenue line."""

    unit: str = key("单位", UNIT, "预算单位代码")
    fund: str = key("资金来源", FUND, "收入来源；上年结转的单位资金写 单位资金")
    amount: Amount = key("金额", AMOUNT, "元")
    fiscal: Amount | None = key(
        "其中财政拨款", AMOUNT, "一般公共预算中的财政拨款；不写就是全部", None
    )
    origin: str = key("来源年度", ORIGIN, "本年、结转或使用非财政拨款结余", THIS_YEAR)
    secret: bool = key("涉密", YES_NO, "涉密的行不进入任何输出", False)
    remark: str = key("备注", TEXT, "内部备注，不公布", "")


@dataclass(frozen=True, slots=True)
class ProjectIndicator(Record):
    """绩效指标 of a project."""

    group: str = key("一级指标", INDICATOR_GROUP, "成本、产出、效益或满意度指标")
    name: str = key("三级指标", TEXT, "三级指标名称")
    target: str = key("指标值", TEXT, "指标值")
    subgroup: str = key("二级指标", TEXT, "二级指标；有“…二级指标”列的版式才印", "")


@dataclass(frozen=True, slots=True)
class Project(Record):
    """projects.yaml: a project; its amounts come from the expenditure lines that name it."""

    name: str = key("名称", TEXT, "项目名称")
    unit: str = key("单位", UNIT, "项目单位代码")
    kind: str = key("类别", choice("项目类别", *PROJECT_KINDS), "其他运转类或特定目标类")
    code: str = key("编码", TEXT, "项目编码", "")
    key_project: bool = key("重点项目", YES_NO, "是否重点项目", False)
    special_transfer: bool = key("专项转移支付", YES_NO, "是否专项转移支付项目", False)
    secret: bool = key("涉密", YES_NO, "涉密项目不进入任何输出", False)
    indicators: tuple[ProjectIndicator, ...] = key(
        "绩效指标", ListOf(ProjectIndicator), "项目绩效指标", ()
    )


@dataclass(frozen=True, slots=True)
class AnnualTask(Record):
    name: str = key("任务名称", TEXT, "任务名称")
    content: str = key("主要内容", TEXT, "主要内容")


@dataclass(frozen=True, slots=True)
class Indicator(Record):
    """整体绩效指标."""

    group: str = key("一级指标", TEXT, "一级指标")
    subgroup: str = key("二级指标", TEXT, "二级指标")
    name: str = key("三级指标", TEXT, "三级指标")
    target: str = key("指标值", TEXT, "指标值")
    note: str = key("指标值说明", TEXT, "指标值说明", "")


@dataclass(frozen=True, slots=True)
class Performance(Record):
    """performance.yaml: overall performance target of the department."""

    annual_goal: str = key("年度履职目标", TEXT, "年度履职目标", "")
    tasks: tuple[AnnualTask, ...] = key("年度主要任务", ListOf(AnnualTask), "年度主要任务", ())
    indicators: tuple[Indicator, ...] = key("绩效指标", ListOf(Indicator), "整体绩效指标", ())


@dataclass(frozen=True, slots=True)
class ProcurementItem(Record):
    """procurement.yaml: one procurement item."""

    unit: str = key("单位", UNIT, "预算单位代码")
    function: str = key("功能科目", FUNCTION, "支出功能分类科目编码（项）")
    name: str = key("采购项目", TEXT, "采购项目名称")
    category: str = key("采购目录", PROCUREMENT_CATEGORY, "货物、工程或服务")
    amount: Amount = key("金额", AMOUNT, "元")
    specification: str = key("规格", TEXT, "规格", "")
    measure: str = key("计量单位", TEXT, "计量单位", "")
    quantity: Decimal | None = key("采购数量", QUANTITY, "采购数量", None)
    secret: bool = key("涉密", YES_NO, "涉密的行不进入任何输出", False)


@dataclass(frozen=True, slots=True)
class Vehicles(Record):
    """公务用车 by use, in vehicles."""

    general: int = key("一般公务用车", COUNT, "辆", 0)
    enforcement: int = key("一般执法执勤用车", COUNT, "辆", 0)
    special: int = key("特种专业技术用车", COUNT, "辆", 0)
    other: int = key("其他用车", COUNT, "辆", 0)


@dataclass(frozen=True, slots=True)
class Equipment(Record):
    """单价达到起点的设备, in pieces (台（套）)."""

    general: int = key("通用设备", COUNT, "单价达到起点的通用设备，台（套）", 0)
    special: int = key("专用设备", COUNT, "单位价值达到起点的专用设备，台（套）", 0)


@dataclass(frozen=True, slots=True)
class Assets(Record):
    """assets.yaml: state assets held at the end of last year."""

    as_of: str = key("截至日期", DATE, "国有资产占用的时点，通常是上年年末")
    vehicles: Vehicles = key("车辆", RecordOf(Vehicles), "车辆数量", Vehicles())
    equipment: Equipment = key("设备", RecordOf(Equipment), "大型设备数量", Equipment())


@dataclass(frozen=True, slots=True)
class Reason(Record):
    """reasons.yaml: why a figure changed; for a figure, a section, or (neither given) the whole text."""

    figure: str = key("指标", TEXT, "指标名称，如 三公经费、一般公共预算支出", "")
    function: str = key("功能科目", FUNCTION, "按功能科目说明时的科目编码", "")
    section: str = key("章节", TEXT, "章节序号，如 五", "")
    reason: str = key("原因", TEXT, "主要原因；不带句号", "")
    remark: str = key("说明", TEXT, "没有变动时的补充说明，不得说成有变动", "")


@dataclass(frozen=True, slots=True)
class Control(Record):
    """controls.yaml: a total issued by the finance bureau; the data must meet it exactly."""

    figure: str = key("指标", TEXT, "指标名称")
    amount: Amount = key("金额", AMOUNT, "元")
    document: str = key("文号", TEXT, "下达文件的文号")
    unit: str = key("单位", UNIT, "只约束一个单位时的单位代码", "")
    function: str = key("功能科目", FUNCTION_ANY, "只约束一个功能科目时的编码", "")


@dataclass(frozen=True, slots=True)
class Recode(Record):
    """recode.yaml: a function item of last year that is another this year, wholly or in part."""

    old: str = key("旧科目", code("旧科目", "[0-9]{7}", "2010308"), "上年的功能科目编码（项）")
    new: str = key("新科目", FUNCTION, "今年的功能科目编码（项）")
    share: Decimal = key("比例", NUMBER, "上年的数有百分之几算到新科目，几行合计100", Decimal(100))
    note: str = key("说明", TEXT, "依据，如新科目的文号", "")


@dataclass(frozen=True, slots=True)
class Acknowledgement(Record):
    """acknowledged.yaml: a finding that somebody answers for; lapses when the finding changes."""

    finding: str = key("发现", code("发现编号", "[0-9a-f]{8}", "3f2a91c4"), "make check 列出的编号")
    person: str = key("确认人", own_words("姓名"), "谁确认的")
    reason: str = key("原因", own_words("为什么没有问题"), "为什么照这样公布")


@dataclass(frozen=True, slots=True)
class PublishedFact(Record):
    """A figure as it was published; None is a blank cell."""

    figure: str = key("指标", TEXT, "指标名称")
    amount: Decimal | None = key("数值", NUMBER, "公布的数（公布单位）", None)
    function: str = key(
        "功能科目", code("功能科目", "[0-9]{3}|[0-9]{5}|[0-9]{7}", "2010301"), "编码", ""
    )


@dataclass(frozen=True, slots=True)
class PublishedReason(Record):
    """A reason as it was published."""

    figure: str = key("指标", TEXT, "指标名称")
    reason: str = key("原因", TEXT, "公布的原因")
    function: str = key("功能科目", code("功能科目", "[0-9]{7}", "2010301"), "科目编码", "")


@dataclass(frozen=True, slots=True)
class Published(Record):
    """published/facts.yaml: what the year published; `complete` says absent items were zero."""

    year: int = key("年度", YEAR, "预算年度")
    department: str = key("部门名称", TEXT, "公布时的部门名称")
    measure: str = key("公布单位", MEASURE, "公布金额的计量单位", "万元")
    complete: tuple[str, ...] = key(
        "完整", ListOf(TEXT), "所列指标已全部公布，没有列出的科目当时就是零", ()
    )
    facts: tuple[PublishedFact, ...] = key("数据", ListOf(PublishedFact), "公布的数，一行一个", ())
    reasons: tuple[PublishedReason, ...] = key("原因", ListOf(PublishedReason), "公布的原因", ())


@dataclass(frozen=True, slots=True)
class Budget:
    """Everything one year's folder says, valid and cross-referenced; secret lines are already left out."""

    department: Department
    expenditure: tuple[ExpenditureLine, ...]
    revenue: tuple[RevenueLine, ...]
    projects: tuple[Project, ...] = ()
    performance: Performance = Performance()
    procurement: tuple[ProcurementItem, ...] = ()
    assets: Assets | None = None
    reasons: tuple[Reason, ...] = ()
    controls: tuple[Control, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
    recodes: tuple[Recode, ...] = ()
    prior: Published | None = None
    secret_items: tuple[tuple[str, str], ...] = ()  # unit and function of 涉密 lines
    unit_alone: bool = False  # 单位预算公开: `department` is that one unit, under its own name

    @property
    def unit_by_code(self) -> Mapping[str, Unit]:
        return {unit.code: unit for unit in self.department.units}
