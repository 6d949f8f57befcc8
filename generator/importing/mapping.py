"""The mapping file of a province's system: which header is which field, which word which value.

A mapping is data: `mappings/*.yaml`, read by the same strict loader as the budget itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.fields import TEXT, YES_NO, ListOf, Record, choice, key
from generator.importing.amounts import FEN_PER_CELL_MEASURE, header_key
from generator.importing.targets import OF_TABLES, TARGETS
from generator.load.records import parse_record
from generator.problems import Place, Problem, ProblemsFound, raise_errors, suggestion
from generator.terms import FUND, KIND, ORIGIN

SHIPPED_MAPPINGS = Path(__file__).resolve().parents[2] / "mappings"
DEFAULT_MAPPING = "yitihua"


@dataclass(frozen=True, slots=True)
class ColumnRule(Record):
    """A field and the headers it goes by, the preferred one first."""

    field_name: str = key("字段", TEXT, "数据文件里的键，或导出表里才有的栏")
    headers: tuple[str, ...] = key("列名", ListOf(TEXT), "表头的写法；上级/下级 表示多行表头")
    fill: bool = key("向下填充", YES_NO, "空白格沿用上一行（合并单元格）", False)
    fund: str = key("资金来源", FUND, "这一栏的金额都是这个来源", "")
    origin: str = key("来源年度", ORIGIN, "这一栏的金额都是本年、结转或使用非财政拨款结余", "")
    kind: str = key("类别", KIND, "这一栏的金额都是这个类别", "")

    @property
    def constants(self) -> dict[str, str]:
        """What every amount in this column is: {资金来源: 政府性基金}."""
        pairs = (("资金来源", self.fund), ("来源年度", self.origin), ("类别", self.kind))
        return {name: value for name, value in pairs if value}

    @property
    def header_keys(self) -> tuple[tuple[str, ...], ...]:
        """Each header as the path of its comparable parts, outermost first."""
        return tuple(tuple(map(header_key, name.split("/"))) for name in self.headers)


@dataclass(frozen=True, slots=True)
class DefaultRule(Record):
    """A value for every row of a table that has no column for it."""

    field_name: str = key("字段", TEXT, "哪个键")
    value: str = key("值", TEXT, "数据文件里的写法")


@dataclass(frozen=True, slots=True)
class SheetRule(Record):
    """One kind of exported table and the data file its rows go to."""

    name: str = key("名称", TEXT, "这种表的名称，用于提示")
    target: str = key("写入", choice("写入", *OF_TABLES), "写入哪个数据文件")
    columns: tuple[ColumnRule, ...] = key("列", ListOf(ColumnRule), "各列，一行一列")
    defaults: tuple[DefaultRule, ...] = key("默认", ListOf(DefaultRule), "没有这一列时的值", ())
    title: tuple[str, ...] = key("表名含", ListOf(TEXT), "表名或标题要含其中一个词；不写就不看", ())


@dataclass(frozen=True, slots=True)
class ValueRule(Record):
    """Words of the system for one value of ours."""

    field_name: str = key("字段", TEXT, "哪个键")
    means: str = key("记作", TEXT, "数据文件里的写法")
    written: tuple[str, ...] = key("写法", ListOf(TEXT), "导出表里的写法")


@dataclass(frozen=True, slots=True)
class FactRule(Record):
    """A published figure in an annexed table: where its row and its column are."""

    figure: str = key("指标", TEXT, "指标名称")
    columns: tuple[str, ...] = key("列", ListOf(TEXT), "表头的写法，在前的优先", ())
    rows: tuple[str, ...] = key("行", ListOf(TEXT), "行名的写法；不写就取第一行数", ())
    by_function: bool = key("按功能科目", YES_NO, "每个功能科目（项）一行", False)
    may_be_blank: bool = key("可空", YES_NO, "常常没有这一行或空着：不提醒", False)
    beside: str = key("同表有", TEXT, "这张表里先取到了这个指标，才取", "")


@dataclass(frozen=True, slots=True)
class PublishedRule(Record):
    """An annexed table, recognised by its title."""

    titles: tuple[str, ...] = key("表名", ListOf(TEXT), "工作表名或标题含其中一个")
    facts: tuple[FactRule, ...] = key("取数", ListOf(FactRule), "取哪些数")


@dataclass(frozen=True, slots=True)
class ImportMapping(Record):
    """mappings/*.yaml: how one system's exports are read."""

    name: str = key("名称", TEXT, "系统或省份的名称")
    sheets: tuple[SheetRule, ...] = key("表", ListOf(SheetRule), "能识别的表")
    measure: str = key(
        "未注明单位时",
        choice("未注明单位时", *FEN_PER_CELL_MEASURE, "报错"),
        "没有注明金额单位",
        "报错",
    )
    grand_words: tuple[str, ...] = key("合计字样", ListOf(TEXT), "全表合计", ("合计", "总计"))
    subtotal_words: tuple[str, ...] = key("小计字样", ListOf(TEXT), "小计", ("小计",))
    note_words: tuple[str, ...] = key("附注字样", ListOf(TEXT), "表尾附注的开头", ("注", "说明"))
    values: tuple[ValueRule, ...] = key("取值", ListOf(ValueRule), "取值对照", ())
    published: tuple[PublishedRule, ...] = key("公布表", ListOf(PublishedRule), "公布的附表", ())


def load_mapping(name: str) -> ImportMapping:
    """The mapping at a path, or a shipped one by its name; ProblemsFound if it is not valid."""
    path = Path(name)
    if not path.suffix:
        path = SHIPPED_MAPPINGS / f"{name}.yaml"
    if not path.is_file():
        shipped = "、".join(sorted(file.stem for file in SHIPPED_MAPPINGS.glob("*.yaml")))
        hint = f"写列名对照文件在哪里，或写自带的名称：{shipped}"
        raise ProblemsFound([Problem("missing-file", "没有这个列名对照文件", Place(name), hint)])
    mapping = parse_record(ImportMapping, path.read_bytes(), path.name)
    raise_errors(_unknown_fields(mapping))
    return mapping


def _unknown_fields(mapping: ImportMapping) -> Iterator[Problem]:
    for sheet in mapping.sheets:
        known = TARGETS[sheet.target].fields
        named = [(column.field_name, column.place) for column in sheet.columns]
        named += [(default.field_name, default.place) for default in sheet.defaults]
        for name, place in named:
            if name not in known:
                hint = suggestion(name, known) or f"可用：{'、'.join(known)}"
                message = f"{sheet.target} 没有键“{name}”"
                yield Problem("unknown-field", message, place, hint)
    every = {name for target in OF_TABLES for name in TARGETS[target].fields}
    for rule in mapping.values:
        if rule.field_name not in every:
            hint = suggestion(rule.field_name, every)
            yield Problem("unknown-field", f"没有键“{rule.field_name}”", rule.place, hint)
