"""Nodes to declared records: every key, type and state checked, all problems collected."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping as ReadOnly
from functools import cache
from typing import Any, NamedTuple, TypeVar

from generator.fields import AMOUNT, OWED_TEXT, FieldType, ListOf, RecordOf, References, Unacceptable
from generator.load.reader import Mapping, Node, Scalar, Sequence
from generator.problems import OWED, Place, Problem, suggestion

Record = TypeVar("Record")


class Declared(NamedTuple):
    """A declared field: its position among the record's attributes, key, type and default."""

    position: int
    key: str
    type: FieldType | ListOf | RecordOf
    meaning: str
    default: object
    required: bool


@cache
def declared_fields(record: type) -> ReadOnly[str, Declared]:
    """The declared fields of a record class by their Chinese key, in declaration order."""
    declared = {}
    for position, field in enumerate(dataclasses.fields(record)):
        if "key" in field.metadata:
            required = field.default is dataclasses.MISSING
            declared[field.metadata["key"]] = Declared(
                position,
                field.metadata["key"],
                field.metadata["type"],
                field.metadata["meaning"],
                None if required else field.default,
                required,
            )
    return declared


class Converter:
    """Converts the nodes of one file; `problems` collects what is wrong with them."""

    def __init__(self, path: str, references: References) -> None:
        self.path = path
        self.references = references
        self.problems: list[Problem] = []
        self._parsed: dict[tuple[int, str], Any] = {}

    def record(self, cls: type[Record], node: Node | None, line: int = 1) -> Record | None:
        """One record from a mapping node; None if it is not valid."""
        if not isinstance(node, Mapping):
            where = node or Scalar("", line, 1, True)
            self._report("wrong-shape", "这里应当是“键: 值”", where, "写成 键: 值")
            return None
        declared = declared_fields(cls)
        values: list[Any] = [d.default for d in declared.values()]
        seen: set[str] = set()
        ok = True
        for key_node, value in node.pairs:
            field = declared.get(key_node.text)
            if field is None:
                self._unknown_key(key_node, declared)
                ok = False
            elif key_node.text in seen:
                self._report("duplicate-key", f"键“{key_node.text}”重复了", key_node, "只留一个")
                ok = False
            else:
                seen.add(key_node.text)
                try:
                    values[field.position] = self._value(field, value)
                except Unacceptable as error:
                    if error.message:
                        self._report(error.rule, error.message, value, error.hint)
                    ok = False
        for field in declared.values():
            if field.required and field.key not in seen:
                ok = False
                message = f"缺少“{field.key}”（{field.meaning}）"
                self._report("missing-key", message, node, f"补上 {field.key}: …")
        return cls(*values, Place(self.path, node.line, node.column)) if ok else None

    def records(self, cls: type[Record], node: Node | None) -> tuple[Record, ...]:
        """A list of records from a sequence node; an empty file is an empty list."""
        if node is None or (isinstance(node, Scalar) and node.plain and node.text in ("", "[]")):
            return ()
        if not isinstance(node, Sequence):
            self._report("wrong-shape", "这里应当是一个列表", node, "每条记录一行，以“- ”开头")
            return ()
        found = (self.record(cls, item) for item in node.items)
        return tuple(item for item in found if item is not None)

    def _value(self, field: Declared, node: Node) -> Any:
        type_ = field.type
        if isinstance(type_, FieldType):
            return self._scalar(type_, node, field)
        if isinstance(type_, RecordOf):
            return self._whole(self.record(type_.record, node))
        if isinstance(type_.item, FieldType):
            return self._scalars(type_.item, node, field)
        before = len(self.problems)
        records = self.records(type_.item, node)
        return self._whole(records if len(self.problems) == before else None)

    def _scalar(self, type_: FieldType, node: Node, field: Declared) -> Any:
        if not isinstance(node, Scalar):
            raise Unacceptable(f"“{field.key}”应当是一个值", "不要写成列表或“键: 值”", "wrong-shape")
        if node.text == OWED_TEXT and field.key != "原因":  # a reason is owed only if a figure changed
            place = Place(self.path, node.line, node.column)
            message = f"“{field.key}”还没有填"
            self.problems.append(Problem("owed", message, place, "填好以后重新生成", OWED))
        cached = self._parsed.get((id(type_), node.text))
        if cached is not None:
            return cached
        if node.text == "" or (node.plain and node.text in ("~", "null")):
            if not field.required:
                return field.default
            if type_ is AMOUNT:
                raise Unacceptable(f"“{field.key}”是空的", "还不知道就写 待填", "blank-amount")
            raise Unacceptable(f"“{field.key}”是空的", "补上内容", "blank-value")
        value = type_.parse(node.text.strip() if node.plain else node.text, self.references)
        self._parsed[id(type_), node.text] = value
        return value

    def _scalars(self, type_: FieldType, node: Node, field: Declared) -> tuple[Any, ...]:
        if not isinstance(node, Sequence):
            raise Unacceptable(f"“{field.key}”应当是一个列表", "写成 [甲, 乙]", "wrong-shape")
        values = []
        for item in node.items:
            try:
                values.append(self._scalar(type_, item, field))
            except Unacceptable as error:
                self._report(error.rule, error.message, item, error.hint)
        return tuple(values)

    def _whole(self, value: Any) -> Any:
        if value is None:
            raise Unacceptable("", "")  # already reported inside
        return value

    def _unknown_key(self, node: Scalar, declared: ReadOnly[str, Declared]) -> None:
        hint = suggestion(node.text, declared) or f"可用的键：{'、'.join(declared)}"
        self._report("unknown-key", f"不认识的键“{node.text}”", node, hint)

    def _report(self, rule: str, message: str, node: Node, hint: str) -> None:
        place = Place(self.path, node.line, node.column)
        self.problems.append(Problem(rule, message, place, hint))
