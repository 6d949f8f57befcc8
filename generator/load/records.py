"""Nodes to declared records: every key, type and state checked, all problems collected."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container
from collections.abc import Mapping as ReadOnly
from functools import cache
from typing import Any, NamedTuple, TypeVar

from generator.fields import (
    AMOUNT,
    COUNT,
    DATE,
    OWED_TEXT,
    TEXT,
    FieldType,
    ListOf,
    PlacedText,
    Record,
    RecordOf,
    References,
    Unacceptable,
)
from generator.load.reader import Mapping, Node, Scalar, Sequence, read_yaml
from generator.problems import OWED, Place, Problem, ProblemsFound, suggestion

AnyRecord = TypeVar("AnyRecord", bound=Record)

_EMPTY_ITEM = "补上内容，或删掉这一项"
OWED_IN_TEMPLATE = "模板里写上要印的字；待填 只写在数据文件里"


class Declared(NamedTuple):
    """A declared field: its position among those of the record, key, type and default."""

    position: int
    key: str
    type: FieldType | ListOf | RecordOf
    meaning: str
    default: object
    required: bool


class Shape(NamedTuple):
    """The fields of a record class by key, their defaults by position, and the required keys."""

    fields: ReadOnly[str, Declared]
    defaults: tuple[object, ...]
    required: frozenset[str]


def declared_fields(record: type) -> ReadOnly[str, Declared]:
    """The declared fields of a record class by their Chinese key, in declaration order."""
    return _shape_of(record).fields


@cache
def _shape_of(record: Any) -> Shape:
    declared: dict[str, Declared] = {}
    for field in dataclasses.fields(record):
        if "key" in field.metadata:
            required = field.default is dataclasses.MISSING
            declared[field.metadata["key"]] = Declared(
                len(declared),
                field.metadata["key"],
                field.metadata["type"],
                field.metadata["meaning"],
                None if required else field.default,
                required,
            )
    return Shape(
        declared,
        tuple(field.default for field in declared.values()),
        frozenset(field.key for field in declared.values() if field.required),
    )


def parse_record(cls: type[AnyRecord], content: bytes, path: str) -> AnyRecord:
    """The record a whole file holds, without references; ProblemsFound, also if something is owed."""
    converter = Converter(path, References())
    record = converter.record(cls, read_yaml(content, path))
    if record is None or converter.problems:
        raise ProblemsFound(converter.problems)
    return record


class Converter:
    """Converts the nodes of one file; `problems` collects what is wrong with them or still owed.

    Nothing can be owed unless it `may_owe`: templates are finished before there are data.
    """

    def __init__(self, path: str, references: References, *, may_owe: bool = True) -> None:
        self.path = path
        self.references = references
        self.may_owe = may_owe
        self.problems: list[Problem] = []
        self._errors = 0
        # By type and text: 2,000 lines have a few dozen different codes.
        self._parsed: dict[tuple[int, str], Any] = {}
        self._refused: dict[tuple[int, str], Unacceptable] = {}

    def record(self, cls: type[AnyRecord], node: Node | None) -> AnyRecord | None:
        """One record from a mapping node; None if it is not valid."""
        if not isinstance(node, Mapping):
            where = node or Scalar("", 1, 1, True)
            self._report(
                "wrong-shape",
                "这里应当写成“键: 值”",
                where,
                "键后面写半角冒号“:”，再空一格",
            )
            return None
        shape = _shape_of(cls)  # type: ignore[arg-type]  # classes are hashable
        values = list(shape.defaults)
        line_by_key: dict[str, int] = {}
        unknown: list[str] = []
        errors = self._errors
        for key_node, value in node.pairs:
            name = key_node.text
            field = shape.fields.get(name)
            if field is None:
                self._unknown_key(key_node, shape.fields)
                unknown.append(name)
            elif name in line_by_key:
                hint = f"先见于第 {line_by_key[name]} 行，只留一个"
                self._report("duplicate-key", f"键“{name}”重复了", key_node, hint)
            else:
                line_by_key[name] = key_node.line
                type_ = field.type
                try:
                    values[field.position] = (
                        self._scalar(type_, value, field)
                        if type(type_) is FieldType
                        else self._nested(field, value)
                    )
                except Unacceptable as error:
                    self._report(error.rule, error.message, value, error.hint)
        if not line_by_key.keys() >= shape.required:
            self._missing_keys(shape, line_by_key, unknown, node)
        if self._errors > errors:
            return None
        return cls(*values, place=Place(self.path, node.line, node.column))

    def _missing_keys(
        self, shape: Shape, given: Container[str], unknown: list[str], node: Node
    ) -> None:
        for field in shape.fields.values():
            misspelt = any(
                text.startswith(field.key) or suggestion(text, [field.key]) for text in unknown
            )
            if field.required and field.key not in given and not misspelt:
                message = f"缺少“{field.key}”（{field.meaning}）"
                self._report("missing-key", message, node, f"补上 {field.key}: …")

    def records(self, cls: type[AnyRecord], node: Node) -> tuple[AnyRecord, ...]:
        """A list of records from a sequence node."""
        if not isinstance(node, Sequence):
            self._report("wrong-shape", "这里应当一条一条地列", node, "每条一行，以“- ”开头")
            return ()
        return tuple(r for item in node.items if (r := self.record(cls, item)) is not None)

    def _nested(self, field: Declared, node: Node) -> Any:
        type_ = field.type
        assert not isinstance(type_, FieldType)
        if isinstance(type_, RecordOf):
            if _is_blank(node):
                raise _blank_record(field.key, type_)
            if isinstance(node, Scalar):
                raise _unnamed_record(field.key, type_)
            return self.record(type_.record, node)
        if not field.required and _is_blank(node):
            return field.default
        if isinstance(type_.item, FieldType):
            return self._scalars(type_.item, node, field)
        return self.records(type_.item, node)

    def _scalar(self, type_: FieldType, node: Node, field: Declared) -> Any:
        if not isinstance(node, Scalar):
            raise Unacceptable(
                f"“{field.key}”只写一项内容", "不要写成几项，也不要写成“键: 值”", "wrong-shape"
            )
        text = node.text
        if text == OWED_TEXT:
            self._owed(type_, node, field)
        if type_ is TEXT and not _is_blank(node):
            words = text.strip() if node.plain else text
            return PlacedText(words, Place(self.path, node.line, node.column))
        known = id(type_), text
        if known in self._parsed:
            return self._parsed[known]
        if self._refused and known in self._refused:
            raise self._refused[known]
        if _is_blank(node):
            return _blank(type_, field)
        try:
            value = type_.parse(text.strip() if node.plain else text, self.references)
        except Unacceptable as error:
            self._refused[known] = error
            raise
        if type_ is DATE:
            return PlacedText(value, Place(self.path, node.line, node.column))
        self._parsed[known] = value
        return value

    def _owed(self, type_: FieldType, node: Scalar, field: Declared) -> None:
        if type_ not in (AMOUNT, TEXT) or not self.may_owe:
            hint = "只有金额和文字可以写 待填" if self.may_owe else OWED_IN_TEMPLATE
            raise Unacceptable(f"“{field.key}”不能写 待填", hint, "owed-not-allowed")
        if field.key != "原因":  # a reason is owed only if a figure changed
            place = Place(self.path, node.line, node.column)
            message = f"“{field.key}”还没有填"
            self.problems.append(Problem("owed", message, place, "填好以后重新生成", OWED))

    def _scalars(self, type_: FieldType, node: Node, field: Declared) -> tuple[Any, ...]:
        if not isinstance(node, Sequence):
            raise Unacceptable(
                f"“{field.key}”应当列成几项",
                "一项一行，以“- ”开头；或写成 [甲, 乙]，只有一项也要方括号：[甲]",
                "wrong-shape",
            )
        values = []
        for item in node.items:
            try:
                if isinstance(item, Scalar) and (_is_blank(item) or not item.text.strip()):
                    raise Unacceptable(f"“{field.key}”里有一项是空的", _EMPTY_ITEM, "blank-value")
                values.append(self._scalar(type_, item, field))
            except Unacceptable as error:
                self._report(error.rule, error.message, item, error.hint)
        return tuple(values)

    def _unknown_key(self, node: Scalar, declared: ReadOnly[str, Declared]) -> None:
        text = node.text
        if text.startswith("\u3000"):
            hint = "行首是全角空格，删掉；缩进只用半角空格"
        elif re.search("[：:]", text):
            hint = "键后面写半角冒号“:”，再空一格"
        elif re.fullmatch(r"[0-9.]+", text):
            amounts = any(field.type is AMOUNT for field in declared.values())
            hint = "金额里不写千分位逗号" if amounts else "几项之间用顿号“、”，不用逗号"
        else:
            hint = suggestion(text, declared) or f"可用的键：{'、'.join(declared)}"
        self._report("unknown-key", f"不认识的键“{text}”", node, hint)

    def _report(self, rule: str, message: str, node: Node, hint: str) -> None:
        self._errors += 1
        place = Place(self.path, node.line, node.column)
        self.problems.append(Problem(rule, message, place, hint))


def _is_blank(node: Node) -> bool:
    return isinstance(node, Scalar) and (
        not node.text or (node.plain and node.text in ("~", "null"))
    )


def _blank_record(key: str, type_: RecordOf) -> Unacceptable:
    """Whoever writes a key means something: only a key that is absent stands for its default."""
    first = next(iter(declared_fields(type_.record)))
    hint = f"写上内容，例如 {key}: {{{first}: …}}；没有可写的就删掉“{key}”"
    return Unacceptable(f"“{key}”是空的", hint, "blank-value")


def _unnamed_record(key: str, type_: RecordOf) -> Unacceptable:
    """A number or a word where each part has a key of its own."""
    names = list(declared_fields(type_.record))
    hint = f"例如 {key}: {{{names[0]}: …}}；可写：{'、'.join(names)}"
    return Unacceptable(f"“{key}”要分项写成“键: 值”", hint, "wrong-shape")


def _blank(type_: FieldType, field: Declared) -> object:
    if type_ is COUNT:
        raise Unacceptable(f"“{field.key}”是空的", "写上数；没有就写 0", "blank-value")
    if not field.required:
        return field.default
    hint = "还不知道就写 待填" if type_ is AMOUNT else "补上内容"
    rule = "blank-amount" if type_ is AMOUNT else "blank-value"
    raise Unacceptable(f"“{field.key}”是空的", hint, rule)
