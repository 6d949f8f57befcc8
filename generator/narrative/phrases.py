"""A place's phrases.yaml and constants.yaml: sentence frames, words and thresholds editors decide."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from generator.fields import YES_NO, FieldType, RecordOf, References, Unacceptable, key
from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Scalar, Unreadable, read_yaml
from generator.load.records import Converter
from generator.problems import Place, Problem, suggestion

_SLOT = re.compile(r"\{([^{}]*)\}")


def phrase(*slots: str) -> FieldType:
    """A phrase with slots in braces; unknown slots and stray braces are refused."""

    def parse(text: str, _: References) -> str:
        for slot in _SLOT.findall(text):
            if slot not in slots:
                hint = suggestion(slot, slots) or f"可用：{'、'.join(f'{{{s}}}' for s in slots)}"
                raise Unacceptable(f"句式里没有“{{{slot}}}”这个空", hint, "unknown-slot")
        if re.search(r"[{}｛｝]", _SLOT.sub("", text)):
            raise Unacceptable("句式里的花括号不成对或是全角", "空写成 {差额}", "bad-slot")
        return text

    return FieldType("句式", parse, {"type": "string"})


_CHANGE = phrase("差额", "增幅", "最小增幅", "上年")
_SHARE = phrase("最小占比")
_FRAME = phrase("主语", "变动", "年", "上年", "基数", "基数全称")


@dataclass(frozen=True, slots=True)
class ChangePhrases:
    """变动: the words of each class of change."""

    increase: str = key("增加", _CHANGE, "增加时")
    decrease: str = key("减少", _CHANGE, "减少时")
    slight_increase: str = key("略增", _CHANGE, "增加但增幅四舍五入为零时")
    slight_decrease: str = key("略减", _CHANGE, "减少但降幅四舍五入为零时")
    new: str = key("新增", _CHANGE, "上年为零、今年有数时，不写百分比")
    gone: str = key("取消", _CHANGE, "上年有数、今年为零时")
    nearly_gone: str = key(
        "接近取消",
        _CHANGE,
        "减少到还剩一点、降幅四舍五入为100%时",
        "减少{差额}，下降接近100%",
    )
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class SharePhrases:
    """占比: the words of a share that is printed as nothing or as everything and is neither."""

    slight: str = key("略多于零", _SHARE, "有数、占比四舍五入为零时", "不足{最小占比}")
    nearly_all: str = key("略少于全部", _SHARE, "不是全部、占比四舍五入为100%时", "近100%")
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence frame: for a change, for no change, and (when it differs) for zero in both years."""

    changed: str = key("变动", _FRAME, "有变动时")
    unchanged: str = key("持平", _FRAME, "没有变动时")
    both_zero: str = key("均为零", _FRAME, "两年都是零时；不写就同持平", "")
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """数字: how numbers look in this place."""

    grouped: bool = key("正文千分位", YES_NO, "正文金额用不用千分位逗号", False)
    table_grouped: bool = key("表格千分位", YES_NO, "表格金额用不用千分位逗号", False)
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything phrases.yaml and constants.yaml say; frames and constants by name."""

    change: ChangePhrases
    shares: SharePhrases
    frames: Mapping[str, Frame]
    bases: Mapping[str, str]  # 比较基数 of department.yaml -> the word printed
    owed: str
    numbers: NumberStyle
    constants: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Fixed:
    change: ChangePhrases = key("变动", RecordOf(ChangePhrases), "增减的说法")
    shares: SharePhrases = key("占比", RecordOf(SharePhrases), "占比的说法", SharePhrases())
    owed: str = key("待填", phrase("内容"), "还没有填的地方怎么印", "【待填：{内容}】")
    numbers: NumberStyle = key("数字", RecordOf(NumberStyle), "数字的写法", NumberStyle())
    place: Place = field(default=Place(""), compare=False)


_BASES = ("上年年初预算", "上年预算", "上年执行数", "上年决算")


def parse_phrases(
    phrases: tuple[str, bytes], constants: tuple[str, bytes]
) -> tuple[Phrases | None, tuple[Problem, ...]]:
    """Both files of a place, as (path, content), with everything that is wrong in them."""
    path, content = phrases
    problems: list[Problem] = []
    root = _mapping(content, path, problems)
    constant_values = _constants(constants[1], constants[0], problems)
    if root is None:
        return None, tuple(problems)
    named = ("句式", "基数名称")
    sections = {k.text: node for k, node in root.pairs if k.text in named}
    fixed_pairs = [(k, node) for k, node in root.pairs if k.text not in named]
    converter = Converter(path, References())
    fixed = converter.record(_Fixed, MappingNode(fixed_pairs, root.line, root.column))
    frames: dict[str, Frame] = {}
    for name, node in _pairs(sections.get("句式"), path, "句式", problems):
        frame = converter.record(Frame, node)
        if frame is not None:
            frames[name.text] = frame
    bases = dict.fromkeys(_BASES, "预算")
    for name, node in _pairs(sections.get("基数名称"), path, "基数名称", problems):
        if name.text not in _BASES or not isinstance(node, Scalar):
            hint = f"可用：{'、'.join(_BASES)}"
            place = Place(path, name.line, name.column)
            problems.append(Problem("unknown-key", f"不认识的基数“{name.text}”", place, hint))
        else:
            bases[name.text] = node.text
    problems += converter.problems
    if fixed is None or problems:
        return None, tuple(problems)
    return (
        Phrases(
            *(fixed.change, fixed.shares, frames, bases),
            *(fixed.owed, fixed.numbers, constant_values),
        ),
        (),
    )


def constants_of(constants: tuple[str, bytes]) -> Mapping[str, str] | None:
    """What constants.yaml says by itself; None if it is wrong (parse_phrases says how)."""
    problems: list[Problem] = []
    values = _constants(constants[1], constants[0], problems)
    return None if problems else values


def _constants(data: bytes, path: str, problems: list[Problem]) -> Mapping[str, str]:
    """名称: 文字, such as 通用设备单价起点: 50万元."""
    root = _mapping(data, path, problems) if data.strip() else None
    constants: dict[str, str] = {}
    for name, node in root.pairs if root is not None else ():
        place = Place(path, name.line, name.column)
        if not name.text.isidentifier():
            hint = "名称只用汉字、字母和数字"
            problems.append(Problem("bad-name", f"“{name.text}”不能作名称", place, hint))
        elif name.text in constants:
            problems.append(Problem("duplicate-key", f"“{name.text}”重复了", place, "只留一个"))
        elif not isinstance(node, Scalar):
            problems.append(Problem("wrong-shape", f"“{name.text}”应当是一段文字", place))
        else:
            constants[name.text] = node.text
    return constants


def _mapping(data: bytes, path: str, problems: list[Problem]) -> MappingNode | None:
    try:
        node = read_yaml(data, path)
    except Unreadable as error:
        problems += error.problems
        return None
    if not isinstance(node, MappingNode):
        problems.append(Problem("wrong-shape", "文件应当由“键: 值”组成", Place(path, 1)))
        return None
    return node


def _pairs(
    node: Node | None, path: str, name: str, problems: list[Problem]
) -> Iterator[tuple[Scalar, Node]]:
    if isinstance(node, MappingNode):
        yield from node.pairs
    else:
        line = node.line if node is not None else 1
        message = f"缺少“{name}”，或它不是“键: 值”"
        problems.append(Problem("missing-key", message, Place(path, line), f"补上 {name}:"))
