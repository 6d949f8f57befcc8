"""What an editor writes in a table layout, declared once: keys, types, meanings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from generator.fields import (
    COUNT,
    NUMBER,
    TEXT,
    YES_NO,
    FieldType,
    ListOf,
    Record,
    RecordOf,
    References,
    Unacceptable,
    choice,
    code,
    key,
)
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.measures import NATURES
from generator.problems import suggestion
from generator.tables.rows import MEASURE_DIMENSIONS, ROW_SOURCES
from generator.terms import FUND, KIND, PROCUREMENT_CATEGORY, SELECTED_ORIGIN

SEPARATOR = "、"
_OTHER_SEPARATOR = re.compile("[,，;；/／]")
_WIDEST = 200  # ordinary columns are 8 to 30

# How an amount that is blank, or zero, is printed.
AS_BLANK, AS_ZERO, AS_DASH = "空白", "零", "横线"


def _known(name: str, known: Iterable[str], rule: str) -> FieldType:
    """One of the program's names; a near one is suggested."""
    names = tuple(known)

    def parse(text: str, _: References) -> str:
        if text not in names:
            hint = suggestion(text, names) or f"可用：{SEPARATOR.join(names)}"
            raise Unacceptable(f"没有{name}“{text}”", hint, rule)
        return text

    return FieldType(name, parse, {"enum": list(names)})


def _several(type_: FieldType) -> FieldType:
    """One or more values of a type, separated by 、."""

    def parse(text: str, references: References) -> tuple[str, ...]:
        return tuple(sorted({type_.parse(part, references) for part in _parts(text)}))

    return FieldType(f"{type_.name}（可用顿号隔开几个）", parse, {"type": "string"})


def _words(text: str, _: References) -> tuple[str, ...]:
    return tuple(_parts(text))


def _parts(text: str) -> list[str]:
    if other := _OTHER_SEPARATOR.search(text):
        parts = SEPARATOR.join(part.strip() for part in _OTHER_SEPARATOR.split(text))
        message = f"几项之间写的是“{other[0]}”"
        raise Unacceptable(message, f"用顿号隔开：{parts}", "bad-separator")
    return [part.strip() for part in text.split(SEPARATOR)]


def _positive(text: str, references: References) -> Decimal:
    value: Decimal = NUMBER.parse(text, references)
    if value <= 0:
        raise Unacceptable(f"“{text}”不是正数", "写一个大于零的数", "bad-number")
    if value > _WIDEST:
        hint = f"宽是各列的比例，如 8、24，最多 {_WIDEST}"
        raise Unacceptable(f"“{text}”太宽，别的列会没有地方", hint, "bad-number")
    return value


WORDS = FieldType("名称", _words, {"type": "string"})
WIDTH = FieldType("列宽", _positive, NUMBER.schema)
SHOWN = choice("印法", AS_BLANK, AS_ZERO, AS_DASH)
ALIGN = choice("对齐", "左", "中", "右")
PAPER = choice("纸张", "纵向", "横向")
FIGURE = _known("指标", DEFINITION_BY_NAME, "unknown-figure")
MEASURE = _known("取数来源", MEASURE_DIMENSIONS, "unknown-measure")
ROWS = _known("行", ROW_SOURCES, "unknown-rows")
_FUNCTION = code("功能科目编码", "[0-9]{3}|[0-9]{5}|[0-9]{7}", "2010301")
_ECONOMIC = code("经济科目编码", "[0-9]{3}|[0-9]{5}", "30101")
_GOVERNMENT_ECONOMIC = code("政府经济科目编码", "[0-9]{5}", "50101")
_FISCAL = choice("财政拨款", "是", "否")
_NATURE = choice("支出性质", *NATURES)


@dataclass(frozen=True, slots=True)
class Conditions(Record):
    """条件: which raw lines count. The keys are the names of dimensions."""

    fund: tuple[str, ...] = key("资金来源", _several(FUND), "资金来源", ())
    origin: tuple[str, ...] = key(
        "来源年度",
        _several(SELECTED_ORIGIN),
        "本年或结转；结转里分开选的，写 上年结转、使用非财政拨款结余",
        (),
    )
    fiscal: tuple[str, ...] = key("财政拨款", _several(_FISCAL), "是或否", ())
    function: tuple[str, ...] = key("功能科目", _several(_FUNCTION), "类、款或项的编码", ())
    economic: tuple[str, ...] = key("经济科目", _several(_ECONOMIC), "类或款的编码", ())
    government_economic: tuple[str, ...] = key(
        "政府经济科目", _several(_GOVERNMENT_ECONOMIC), "款的编码", ()
    )
    kind: tuple[str, ...] = key("类别", _several(KIND), "支出类别", ())
    nature: tuple[str, ...] = key("支出性质", _several(_NATURE), "基本支出、项目支出等", ())
    procurement_category: tuple[str, ...] = key(
        "采购目录", _several(PROCUREMENT_CATEGORY), "货物、工程或服务", ()
    )


# A column holds columns: the list's item is the class below.
_COLUMNS = ListOf(object)


@dataclass(frozen=True, slots=True)
class ColumnSpec(Record):
    """列: a column, or a merged header cell over the columns under it."""

    name: str = key("名称", TEXT, "表头里的名称")
    columns: tuple[ColumnSpec, ...] = key("列", _COLUMNS, "下面的各列", ())
    content: tuple[str, ...] = key("内容", WORDS, "印行的哪个名称或编码；写几个时取第一个有的", ())
    figure: str = key("指标", FIGURE, "印哪个指标", "")
    measure: str = key("取自", MEASURE, "金额取自哪类明细", "")
    conditions: Conditions = key("条件", RecordOf(Conditions), "哪些明细算在内", Conditions())
    blank: str = key("空", SHOWN, "没有数时怎样印", "")
    zero: str = key("零", SHOWN, "数是零时怎样印", "")
    width: Decimal | None = key("宽", WIDTH, "相对列宽", None)
    align: str = key("对齐", ALIGN, "左、中、右", "")
    merge: bool = key("合并", YES_NO, "上下相同的是否合并成一格", False)
    if_any: bool = key("有数才印", YES_NO, "一行也没有数时，这一列不印", False)


object.__setattr__(_COLUMNS, "item", ColumnSpec)


@dataclass(frozen=True, slots=True)
class FormCellSpec(Record):
    """单元格: a label, a text of the data, or a figure."""

    label: str = key("标签", TEXT, "固定的文字；{序号} 接着上一行的号", "")
    content: tuple[str, ...] = key("内容", WORDS, "印行的哪个名称", ())
    figure: str = key("指标", FIGURE, "印哪个指标", "")
    span: int = key("跨列", COUNT, "占几列", 1)
    align: str = key("对齐", ALIGN, "左、中、右", "")
    blank: str = key("空", SHOWN, "没有数时怎样印", AS_BLANK)
    zero: str = key("零", SHOWN, "数是零时怎样印", AS_ZERO)


@dataclass(frozen=True, slots=True)
class FormLineSpec(Record):
    """各行: a line of a form, repeated for every row if 行 says of what."""

    cells: tuple[FormCellSpec, ...] = key("单元格", ListOf(FormCellSpec), "从左到右的单元格")
    rows: str = key("行", ROWS, "按什么重复；不写就是部门，一行", "部门")
    if_any: bool = key("有数才印", YES_NO, "指标没有数时，这一行不印", False)


@dataclass(frozen=True, slots=True)
class FormBlockSpec(Record):
    """表单: lines with one label merged down beside them."""

    lines: tuple[FormLineSpec, ...] = key("各行", ListOf(FormLineSpec), "各行")
    label: str = key("标签", TEXT, "左边的标签，向下合并", "")
    span: int = key("跨列", COUNT, "标签占几列", 1)


@dataclass(frozen=True, slots=True)
class CategoryName(Record):
    """类名: a functional 类 that is always listed, and its name here."""

    code: str = key("类", code("功能科目类", "[0-9]{3}", "201"), "三位编码")
    name: str = key("名称", TEXT, "本表的写法；不写就用科目名称", "")


@dataclass(frozen=True, slots=True)
class SideLineSpec(Record):
    """A line of one side: a label and what it sums; or one line per 类."""

    label: str = key("标签", TEXT, "项目名称；按类时可写 {序号}、{名称}")
    figure: str = key("指标", FIGURE, "印哪个指标", "")
    measure: str = key("取自", MEASURE, "金额取自哪类明细", "")
    conditions: Conditions = key("条件", RecordOf(Conditions), "哪些明细算在内", Conditions())
    by_category: bool = key("按类", YES_NO, "每个功能科目类一行", False)


@dataclass(frozen=True, slots=True)
class SideSpec(Record):
    """左、右: one side of a two-sided table."""

    name: str = key("名称", TEXT, "这一侧的表头")
    columns: tuple[ColumnSpec, ...] = key("列", _COLUMNS, "各列；印标签的一列写 内容: 标签")
    lines: tuple[SideLineSpec, ...] = key("各行", ListOf(SideLineSpec), "各行")
    totals: tuple[SideLineSpec, ...] = key("合计行", ListOf(SideLineSpec), "表底的各行", ())
    categories: tuple[CategoryName, ...] = key("类名", ListOf(CategoryName), "总是列出的类", ())


@dataclass(frozen=True, slots=True)
class LayoutSpec(Record):
    """A layout file. Either 列 and 行 (a list), or 左 and 右 (two sides)."""

    title: str = key("标题", TEXT, "表题，可写 {年}")
    contents_name: str = key("目录名", TEXT, "在目录里的名称")
    paper: str = key("纸张", PAPER, "纵向或横向")
    columns: tuple[ColumnSpec, ...] = key("列", _COLUMNS, "各列", ())
    rows: tuple[str, ...] = key("行", ListOf(ROWS), "依次有哪些行", ())
    measure: str = key("取自", MEASURE, "金额取自哪类明细", "")
    conditions: Conditions = key("条件", RecordOf(Conditions), "哪些明细算在内", Conditions())
    total_label: str = key("合计名称", TEXT, "合计一行的名称", "合计")
    total_span: int = key("合计跨列", COUNT, "合计的名称占左边几列", 0)
    form: tuple[FormBlockSpec, ...] = key("表单", ListOf(FormBlockSpec), "表头上方的表单", ())
    left: SideSpec | None = key("左", RecordOf(SideSpec), "左侧", None)
    right: SideSpec | None = key("右", RecordOf(SideSpec), "右侧", None)
    subtitle: str = key("副题", TEXT, "表题下一行", "")
    corner_left: str = key("左上角", TEXT, "表格左上方", "{部门或单位}名称：{部门名称}")
    corner_right: str = key("右上角", TEXT, "表格右上方", "单位：{公布单位}")
    notes: tuple[str, ...] = key("注", ListOf(TEXT), "表下的注，一条一段", ())
    for_units: bool = key("单位公布", YES_NO, "单位自己的预算公开有没有这张表", True)
    empty_note: str = key("空表说明", TEXT, "没有数据时表下的说明", "")
