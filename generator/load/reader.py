"""YAML text to nodes that know their place. Scalars stay text; hostile input is refused.

PyYAML's implicit types never run: 0301 is 193 to it, 832.30 a float, the last duplicate key wins.
Only events are used: composing 100,000 items takes ten times as long as parsing them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

import yaml

from generator.problems import Place, Problem

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 20
MAX_NODES = 5_000_000

# Control characters, invisible format characters, line separators, private use, noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_BRACKETS = re.compile(r"[\[{]{%d}" % (MAX_DEPTH + 1))


class Scalar(NamedTuple):
    text: str
    line: int
    column: int
    plain: bool


class Sequence(NamedTuple):
    items: list[Node]
    line: int
    column: int


class Mapping(NamedTuple):
    """Key and value nodes in file order; duplicates are kept for the caller to report."""

    pairs: list[tuple[Scalar, Node]]
    line: int
    column: int


Node = Scalar | Sequence | Mapping


class Unreadable(Exception):
    """The file cannot be read at all; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def decode(data: bytes, path: str) -> str:
    """UTF-8 text of a file people edit, or Unreadable naming the encoding and the place."""
    if len(data) > MAX_BYTES:
        raise Unreadable(_problem("too-large", f"文件超过 {MAX_BYTES // 1024 // 1024} MB", path))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_not_utf8(path, 1, "UTF-16"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Unreadable(_not_utf8(path, line, _guess_encoding(data))) from None
    if text.startswith("\ufeff"):
        raise Unreadable(
            _problem(
                "byte-order-mark",
                "文件开头有 BOM（字节顺序标记）",
                path,
                1,
                1,
                "另存为“UTF-8”，不要选“带有 BOM 的 UTF-8”",
            )
        )
    return text.replace("\r\n", "\n")


def character_problems(text: str, path: str) -> list[Problem]:
    """Invisible, control and non-normalised (非 NFC) characters, each with its place."""
    problems = []
    if not text.isascii():
        for match in _FORBIDDEN.finditer(text):
            line, column = _position(text, match.start())
            problems.append(
                _problem(
                    "invisible-character",
                    f"有看不见或不允许的字符 U+{ord(match[0]):04X}",
                    path,
                    line,
                    column,
                    "删掉这个字符（常由网页或 Word 粘贴带入）",
                )
            )
        if not unicodedata.is_normalized("NFC", text):
            problems += _not_normalised(text, path)
    elif _FORBIDDEN.search(text):
        match = _FORBIDDEN.search(text)
        assert match is not None
        problems.append(
            _problem(
                "invisible-character",
                f"有控制字符 U+{ord(match[0]):04X}",
                path,
                *_position(text, match.start()),
                "删掉这个字符",
            )
        )
    return problems


def read_yaml(data: bytes, path: str) -> Node | None:
    """The single document in `data`, or None if it is empty; Unreadable if it is not plain YAML."""
    text = decode(data, path)
    problems = character_problems(text, path)
    if problems:
        raise Unreadable(*problems)
    if _BRACKETS.search(text):
        raise Unreadable(_too_deep(path, 1, 1))
    try:
        return _Builder(path).build(text)
    except yaml.YAMLError as error:
        raise Unreadable(_syntax_problem(error, path, text)) from None


class _Builder:
    """Builds nodes from the event stream without recursion."""

    def __init__(self, path: str) -> None:
        self.path = path

    def build(self, text: str) -> Node | None:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        root: Node | None = None
        stack: list[Sequence | Mapping] = []
        pending: list[Scalar | None] = []
        documents = nodes = 0
        for event in yaml.parse(text, Loader=loader):
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._refuse_decorations(event)
                mark = event.start_mark
                node: Node = Scalar(event.value, mark.line + 1, mark.column + 1, event.implicit[0])
            elif kind is yaml.SequenceStartEvent or kind is yaml.MappingStartEvent:
                self._refuse_decorations(event)
                mark = event.start_mark
                container = Sequence if kind is yaml.SequenceStartEvent else Mapping
                node = container([], mark.line + 1, mark.column + 1)
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                stack.pop()
                pending.pop()
                continue
            elif kind is yaml.AliasEvent:
                raise Unreadable(self._at(event, "alias", "不能使用别名（*）", "把内容写出来"))
            else:
                documents += kind is yaml.DocumentStartEvent
                if documents > 1:
                    raise Unreadable(
                        self._at(event, "several-documents", "一个文件只能有一段", "删掉 --- 行")
                    )
                continue
            nodes += 1
            if nodes > MAX_NODES:
                raise Unreadable(self._at(event, "too-large", "文件里的数据太多", ""))
            if not stack:
                root = node
            else:
                self._attach(stack[-1], pending, node)
            if not isinstance(node, Scalar):
                stack.append(node)
                pending.append(None)
                if len(stack) > MAX_DEPTH:
                    raise Unreadable(_too_deep(self.path, node.line, node.column))
        return root

    def _attach(
        self, parent: Sequence | Mapping, pending: list[Scalar | None], node: Node
    ) -> None:
        if isinstance(parent, Sequence):
            parent.items.append(node)
            return
        key = pending[-1]
        if key is not None:
            parent.pairs.append((key, node))
            pending[-1] = None
        elif not isinstance(node, Scalar):
            place = Place(self.path, node.line, node.column)
            raise Unreadable(Problem("bad-key", "键必须是文字", place, "检查括号和冒号"))
        elif node.plain and node.text == "<<":
            place = Place(self.path, node.line, node.column)
            raise Unreadable(Problem("merge-key", "不能使用合并键（<<）", place, "把内容写出来"))
        else:
            pending[-1] = node

    def _refuse_decorations(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            raise Unreadable(self._at(event, "anchor", "不能使用锚点（&）", "删掉 &名称"))
        if getattr(event, "tag", None) is not None:
            raise Unreadable(self._at(event, "tag", "不能使用类型标记（!）", "删掉 !标记"))

    def _at(self, event: yaml.Event, rule: str, message: str, hint: str) -> Problem:
        mark = event.start_mark
        return Problem(rule, message, Place(self.path, mark.line + 1, mark.column + 1), hint)


def _syntax_problem(error: yaml.YAMLError, path: str, text: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.split("\n")
    excerpt = lines[line - 1] if line <= len(lines) else ""
    hint = "检查括号、引号是否成对，冒号后面要有一个空格"
    for number in range(min(line, len(lines)), max(0, line - 3), -1):
        guilty = re.search("[｛｝：，“”［］]", lines[number - 1])
        if guilty and not lines[number - 1].lstrip().startswith("#"):
            hint += "；标点 { } : , \" [ ] 要用半角，这附近有全角的"
            break
    if "\t" in excerpt:
        hint = "缩进用空格，不要用制表符（Tab）"
    return _problem("yaml-syntax", "文件格式有误", path, line, column, hint, excerpt.strip("\n"))


def _not_normalised(text: str, path: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        normal = unicodedata.normalize("NFC", line)
        if normal != line:
            pairs = zip(line, normal, strict=False)
            column = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), len(normal))
            problems.append(
                _problem(
                    "not-normalised",
                    "这一行有未规范化（非 NFC）的字符",
                    path,
                    number,
                    column,
                    "重新用输入法打一遍这个字",
                )
            )
    return problems


def _not_utf8(path: str, line: int, encoding: str) -> Problem:
    return _problem(
        "not-utf-8",
        f"文件不是 UTF-8 编码，看起来是 {encoding}",
        path,
        line,
        1,
        "用记事本打开，另存为时编码选“UTF-8”",
    )


def _guess_encoding(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "别的编码"
    return "GBK（ANSI）"


def _too_deep(path: str, line: int, column: int) -> Problem:
    return _problem("too-deep", "括号或缩进的层数太多", path, line, column, "检查括号是否成对")


def _position(text: str, offset: int) -> tuple[int, int]:
    before = text.rfind("\n", 0, offset)
    return text.count("\n", 0, offset) + 1, offset - before


def _problem(
    rule: str,
    message: str,
    path: str,
    line: int = 0,
    column: int = 0,
    hint: str = "",
    excerpt: str = "",
) -> Problem:
    return Problem(rule, message, Place(path, line, column), hint, excerpt=excerpt)
