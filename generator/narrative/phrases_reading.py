"""Reads a place's phrases.yaml and constants.yaml; everything that is wrong in them at once."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from generator.fields import OWED_TEXT, ListOf, RecordOf, References, key
from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Scalar, Sequence, Unreadable, read_with_doubts
from generator.load.records import OWED_IN_TEMPLATE, Converter
from generator.narrative.phrases import (
    COMPARABLE,
    ChangePhrases,
    Frame,
    Naming,
    NumberStyle,
    OfficeNaming,
    Phrases,
    SharePhrases,
    phrase,
)
from generator.narrative.vocabulary import Vocabulary
from generator.problems import ERROR, Place, Problem, with_excerpts
from generator.residue import residues_of
from generator.terms import COMPARISON_BASES
from generator.typed_figures import typed_figures

Value = TypeVar("Value")

_NAMED_SECTIONS = ("句式", "基数名称")
_QUOTED = re.compile("[“\"][^“”\"]*[”\"]|[‘'][^‘’']*[’']|「[^」]*」")
_RESERVED = ("loop", "true", "false", "none")  # of Jinja, besides Python's own words


@dataclass(frozen=True, slots=True)
class _Fixed:
    change: ChangePhrases = key("变动", RecordOf(ChangePhrases), "增减的说法")
    shares: SharePhrases = key("占比", RecordOf(SharePhrases), "占比的说法", SharePhrases())
    owed: str = key(
        "待填", phrase("内容", needed=("内容",)), "还没有填的地方怎么印", "【待填：{内容}】"
    )
    numbers: NumberStyle = key("数字", RecordOf(NumberStyle), "数字的写法", NumberStyle())
    comparable: str = key("可比口径", COMPARABLE, "科目改了编码的，增减前面加的话", "")
    namings: tuple[Naming, ...] = key("称谓", ListOf(Naming), "本级、所属单位怎么说", ())
    office_namings: tuple[OfficeNaming, ...] = key(
        "内设机构称谓", ListOf(OfficeNaming), "内设机构合起来怎么说", ()
    )
    place: Place = field(default=Place(""), compare=False)


def parse_phrases(
    file: tuple[str, bytes], constants: Mapping[str, str]
) -> tuple[Phrases | None, tuple[Problem, ...]]:
    """phrases.yaml, as (path, content): None if it is not valid, and what is wrong."""
    path, content = file
    problems: list[Problem] = []
    root = _mapping(content, path, problems)
    if root is None:
        return None, tuple(problems)
    sections: dict[str, Node] = {}
    for name, node in root.pairs:
        if name.text in _NAMED_SECTIONS:
            _add(sections, name, node, path, problems)
    fixed_pairs = [(k, node) for k, node in root.pairs if k.text not in _NAMED_SECTIONS]
    converter = Converter(path, References(), may_owe=False)
    fixed = converter.record(_Fixed, MappingNode(fixed_pairs, root.line, root.column))
    frames: dict[str, Frame] = {}
    for name, node in _pairs(sections.get("句式"), path, "句式", problems):
        frame = converter.record(Frame, node)
        if frame is not None:
            _add(frames, name, frame, path, problems)
    bases = _bases(_pairs(sections.get("基数名称"), path, "基数名称", problems), path, problems)
    problems += (*converter.problems, *_doubtful_words(root, path))
    found = with_excerpts(problems, content)
    if fixed is None or _is_wrong(problems):
        return None, found
    return (
        Phrases(
            *(fixed.change, fixed.shares, frames, bases),
            *(fixed.owed, fixed.numbers, constants, fixed.comparable),
            *(fixed.namings, fixed.office_namings),
        ),
        found,
    )


def parse_constants(
    file: tuple[str, bytes],
) -> tuple[Mapping[str, str] | None, tuple[Problem, ...]]:
    """constants.yaml (名称: 文字, such as 通用设备单价起点: 50万元): None if it is not valid."""
    path, content = file
    problems: list[Problem] = []
    root = _mapping(content, path, problems) if content.strip() else None
    constants: dict[str, str] = {}
    for name, node in root.pairs if root is not None else ():
        place = Place(path, name.line, name.column)
        if not name.text.isidentifier():
            hint = "名称只用汉字、字母和数字，不以数字开头"
            problems.append(Problem("bad-name", f"“{name.text}”不能作名称", place, hint))
        elif _has_meaning(name.text):
            message = f"“{name.text}”已经有别的意思"
            problems.append(Problem("shadowed-name", message, place, "换一个名称"))
        elif not isinstance(node, Scalar) or not node.text.strip():
            rule = "blank-value" if isinstance(node, Scalar) else "wrong-shape"
            message = f"“{name.text}”应当是一段文字"
            problems.append(Problem(rule, message, place, f"写成 {name.text}: 要印的字"))
        elif node.text == OWED_TEXT:
            problems.append(_owed(name, node, path))
        else:
            problems += _residue(node, path)
            _add(constants, name, node.text, path, problems)
    return (None if _is_wrong(problems) else constants), with_excerpts(problems, content)


def _is_wrong(problems: list[Problem]) -> bool:
    return any(problem.severity == ERROR for problem in problems)


def _owed(name: Scalar, node: Scalar, path: str) -> Problem:
    place = Place(path, node.line, node.column)
    message = f"“{name.text}”不能写 待填"
    return Problem("owed-not-allowed", message, place, OWED_IN_TEMPLATE)


def _has_meaning(name: str) -> bool:
    reserved = keyword.iskeyword(name) or name in _RESERVED
    return reserved or Vocabulary().kind_of(name) is not None


def _bases(
    pairs: Iterator[tuple[Scalar, Node]], path: str, problems: list[Problem]
) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for name, node in pairs:
        place = Place(path, name.line, name.column)
        if name.text not in COMPARISON_BASES:
            hint = f"可用：{'、'.join(COMPARISON_BASES)}"
            problems.append(Problem("unknown-key", f"不认识的基数“{name.text}”", place, hint))
        elif not isinstance(node, Scalar) or not node.text.strip():
            message, hint = f"“{name.text}”没有写怎么说", f"写成 {name.text}: 预算"
            problems.append(Problem("blank-value", message, place, hint))
        elif node.text == OWED_TEXT:
            problems.append(_owed(name, node, path))
        else:
            _add(words, name, node.text, path, problems)
    return dict.fromkeys(COMPARISON_BASES, "预算") | words


def _add(
    known: dict[str, Value], name: Scalar, value: Value, path: str, problems: list[Problem]
) -> None:
    """Add what a key stands for; the second of two is complained about."""
    if name.text in known:
        place = Place(path, name.line, name.column)
        problems.append(Problem("duplicate-key", f"“{name.text}”重复了", place, "只留一个"))
    known.setdefault(name.text, value)


def _doubtful_words(node: Node, path: str, key: str = "") -> Iterator[Problem]:
    """Figures written out where the program fills them in (接近100% is a phrase), what a form left,
    and quotes that were meant for the file and would be printed.
    """
    if isinstance(node, MappingNode):
        for name, value in node.pairs:
            yield from _doubtful_words(value, path, name.text)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _doubtful_words(item, path, key)
    elif node.text != OWED_TEXT:  # that is reported
        place = Place(path, node.line, node.column)
        for typed in typed_figures(node.text.replace("100%", "全部")):
            hint = "数由程序填，写 {差额}、{增幅}、{年}、{上年} 等空"
            yield Problem(typed.rule, typed.message, place, hint)
        if _QUOTED.fullmatch(node.text):
            message, hint = "整句加了中文引号，会印出来", '删掉引号；要加就用半角的 "'
            yield Problem("printed-quotes", message, place, hint)
        if key != OWED_TEXT:
            yield from _residue(node, path)


def _residue(node: Scalar, path: str) -> Iterator[Problem]:
    """What a form or a note to oneself left in words that are printed."""
    for kind, match in residues_of(node.text):
        message, place = f"有残留的字样“{match[0]}”", Place(path, node.line, node.column)
        yield Problem(kind, message, place, "改成要印的字")


def _mapping(data: bytes, path: str, problems: list[Problem]) -> MappingNode | None:
    try:
        node, doubts = read_with_doubts(data, path)
    except Unreadable as error:
        problems += error.problems
        return None
    problems += doubts
    if not isinstance(node, MappingNode):
        message, hint = "文件应当一行一个“键: 值”", "键后面写半角冒号“:”，再空一格"
        problems.append(Problem("wrong-shape", message, Place(path, 1), hint))
        return None
    return node


def _pairs(
    node: Node | None, path: str, name: str, problems: list[Problem]
) -> Iterator[tuple[Scalar, Node]]:
    if isinstance(node, MappingNode):
        yield from node.pairs
    else:
        line = node.line if node is not None else 1
        message = f"缺少“{name}”，或它下面不是“键: 值”"
        problems.append(Problem("missing-key", message, Place(path, line), f"补上 {name}:"))
