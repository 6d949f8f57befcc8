"""Reads a place's phrases.yaml and constants.yaml; everything that is wrong in them at once."""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from generator.fields import OWED_TEXT, References
from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Scalar, Sequence, Unreadable, read_with_doubts
from generator.load.records import OWED_IN_TEMPLATE, Converter
from generator.narrative.phrases import Frame, Phrases
from generator.narrative.vocabulary import Vocabulary
from generator.problems import ERROR, Place, Problem, with_excerpts
from generator.residue import residues_of
from generator.terms import COMPARISON_BASES
from generator.typed_figures import typed_figures

Value = TypeVar("Value")

_NAMED_SECTIONS = ("句式", "基数名称")
_QUOTED = re.compile("[“\"][^“”\"]*[”\"]|[‘'][^‘’']*[’']|「[^」]*」")
_RESERVED = ("loop", "true", "false", "none")  # of Jinja, besides Python's own words


def parse_phrases(
    file: tuple[str, bytes], constants: Mapping[str, str]
) -> tuple[Phrases | None, tuple[Problem, ...]]:
    """phrases.yaml, as (path, content): None if it is not valid, and what is wrong."""
    reading = _Reading(*file)
    root = reading.root()
    if root is None:
        return None, reading.found()
    sections: dict[str, Node] = {}
    for name, node in root.pairs:
        if name.text in _NAMED_SECTIONS:
            reading.add(sections, name, node)
    fixed_pairs = [(k, node) for k, node in root.pairs if k.text not in _NAMED_SECTIONS]
    converter = Converter(reading.path, References(), may_owe=False)
    fixed = converter.record(Phrases, MappingNode(fixed_pairs, root.line, root.column))
    frames: dict[str, Frame] = {}
    for name, node in reading.pairs(sections.get("句式"), "句式"):
        frame = converter.record(Frame, node)
        if frame is not None:
            reading.add(frames, name, frame)
    bases = _bases(reading, reading.pairs(sections.get("基数名称"), "基数名称"))
    reading.problems += converter.problems
    _doubtful_words(reading, root)
    if fixed is None or reading.is_wrong:
        return None, reading.found()
    return replace(fixed, frames=frames, bases=bases, constants=constants), reading.found()


def parse_constants(
    file: tuple[str, bytes],
) -> tuple[Mapping[str, str] | None, tuple[Problem, ...]]:
    """constants.yaml (名称: 文字, such as 通用设备单价起点: 50万元): None if it is not valid."""
    reading = _Reading(*file)
    root = reading.root()
    constants: dict[str, str] = {}
    for name, node in root.pairs if root is not None else ():
        if not name.text.isidentifier():
            hint = "名称只用汉字、字母和数字，不以数字开头"
            reading.report("bad-name", f"“{name.text}”不能作名称", name, hint)
        elif _has_meaning(name.text):
            reading.report("shadowed-name", f"“{name.text}”已经有别的意思", name, "换一个名称")
        elif not isinstance(node, Scalar) or not node.text.strip():
            rule = "blank-value" if isinstance(node, Scalar) else "wrong-shape"
            hint = f"写成 {name.text}: 要印的字"
            reading.report(rule, f"“{name.text}”应当是一段文字", name, hint)
        elif node.text == OWED_TEXT:
            reading.owed(name, node)
        else:
            reading.residue(node)
            reading.add(constants, name, node.text)
    return (None if reading.is_wrong else constants), reading.found()


class _Reading:
    """A file as it is read; `problems` collects what is wrong in it."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content
        self.problems: list[Problem] = []

    @property
    def is_wrong(self) -> bool:
        return any(problem.severity == ERROR for problem in self.problems)

    def found(self) -> tuple[Problem, ...]:
        return with_excerpts(self.problems, self.content)

    def report(self, rule: str, message: str, node: Node, hint: str) -> None:
        place = Place(self.path, node.line, node.column)
        self.problems.append(Problem(rule, message, place, hint))

    def owed(self, name: Scalar, node: Scalar) -> None:
        self.report("owed-not-allowed", f"“{name.text}”不能写 待填", node, OWED_IN_TEMPLATE)

    def residue(self, node: Scalar) -> None:
        """Report what a form or a note to oneself left in words that are printed."""
        for kind, match in residues_of(node.text):
            self.report(kind, f"有残留的字样“{match[0]}”", node, "改成要印的字")

    def add(self, known: dict[str, Value], name: Scalar, value: Value) -> None:
        """Add what a key stands for; the second of two is complained about."""
        if name.text in known:
            self.report("duplicate-key", f"“{name.text}”重复了", name, "只留一个")
        known.setdefault(name.text, value)

    def root(self) -> MappingNode | None:
        try:
            node, doubts = read_with_doubts(self.content, self.path)
        except Unreadable as error:
            self.problems += error.problems
            return None
        self.problems += doubts
        if node is None:  # perhaps comments
            return MappingNode([], 1, 1)
        if not isinstance(node, MappingNode):
            message, hint = "文件应当一行一个“键: 值”", "键后面写半角冒号“:”，再空一格"
            self.problems.append(Problem("wrong-shape", message, Place(self.path, 1), hint))
            return None
        return node

    def pairs(self, node: Node | None, name: str) -> list[tuple[Scalar, Node]]:
        if isinstance(node, MappingNode):
            return node.pairs
        line = node.line if node is not None else 1
        message = f"缺少“{name}”，或它下面不是“键: 值”"
        place = Place(self.path, line)
        self.problems.append(Problem("missing-key", message, place, f"补上 {name}:"))
        return []


def _has_meaning(name: str) -> bool:
    reserved = keyword.iskeyword(name) or name in _RESERVED
    return reserved or Vocabulary().kind_of(name) is not None


def _bases(reading: _Reading, pairs: list[tuple[Scalar, Node]]) -> Mapping[str, str]:
    words: dict[str, str] = {}
    for name, node in pairs:
        if name.text not in COMPARISON_BASES:
            hint = f"可用：{'、'.join(COMPARISON_BASES)}"
            reading.report("unknown-key", f"不认识的基数“{name.text}”", name, hint)
        elif not isinstance(node, Scalar) or not node.text.strip():
            hint = f"写成 {name.text}: 预算"
            reading.report("blank-value", f"“{name.text}”没有写怎么说", name, hint)
        elif node.text == OWED_TEXT:
            reading.owed(name, node)
        else:
            reading.add(words, name, node.text)
    return dict.fromkeys(COMPARISON_BASES, "预算") | words


def _doubtful_words(reading: _Reading, node: Node, key: str = "") -> None:
    """Report figures written out where the program fills them in (接近100% is a phrase), what a
    form left, and quotes that were meant for the file and would be printed.
    """
    if isinstance(node, MappingNode):
        for name, value in node.pairs:
            _doubtful_words(reading, value, name.text)
    elif isinstance(node, Sequence):
        for item in node.items:
            _doubtful_words(reading, item, key)
    elif node.text != OWED_TEXT:  # that is reported
        for typed in typed_figures(node.text.replace("100%", "全部")):
            hint = "数由程序填，写 {差额}、{增幅}、{年}、{上年} 等空"
            reading.report(typed.rule, typed.message, node, hint)
        if _QUOTED.fullmatch(node.text):
            hint = '删掉引号；要加就用半角的 "'
            reading.report("printed-quotes", "整句加了中文引号，会印出来", node, hint)
        if key != OWED_TEXT:
            reading.residue(node)
