"""YAML text to nodes that know their place. Scalars stay text; hostile input is refused.

PyYAML's implicit types never run: 0301 is 193 to it, 832.30 a float, the last duplicate key wins.
Only events are used: composing 100,000 items takes ten times as long as parsing them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

import yaml

from generator.load.syntax import cut_off, syntax_problem
from generator.problems import NOT_UTF_8, Place, Problem, ProblemsFound

MAX_BYTES = 64 * 1024 * 1024
MAX_DEPTH = 20
MAX_MARKS = 10_000_000  # signs that begin a node: a bound of the memory it takes

# Control characters (a lone carriage return would be a line break to YAML but not to editors),
# invisible and format characters, odd spaces, line separators, private use, noncharacters.
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3164\uffa0"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\U000e0000-\U000e0fff\U000f0000-\U0010ffff]"
)
_LINE_OR_TAB = re.compile("[\n\t]")
_PAIRS = ("[[", "[{", "{[", "{{")
_BRACKETS = re.compile(rf"[\[{{]{{{MAX_DEPTH + 1}}}")


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

# libyaml's parser alone, where it is: only events are asked for.
_LOADER = getattr(getattr(yaml, "cyaml", None), "CParser", yaml.SafeLoader)
_CONTAINERS = frozenset((yaml.SequenceStartEvent, yaml.MappingStartEvent))
_DECORATED = _CONTAINERS | {yaml.ScalarEvent}
_SEVERAL_DOCUMENTS = ("several-documents", "一个文件里只能有一份内容", "删掉 --- 行")
_TOO_DEEP = ("too-deep", "括号或缩进的层数太多", "检查括号是否成对")


class Unreadable(ProblemsFound):
    """The file cannot be read at all; `problems` say why."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(problems)


def decode(data: bytes, path: str) -> str:
    """UTF-8 text of a file people edit, or Unreadable naming the encoding and the place."""
    if len(data) > MAX_BYTES or (
        len(data) > MAX_MARKS and sum(map(data.count, b"\n,:[{")) > MAX_MARKS
    ):
        hint = "核对是不是放错了文件"
        raise Unreadable(Problem("too-large", "文件大得不像预算数据", Place(path), hint))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable(_not_utf8(path, 1, "UTF-16"))
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        if error.reason == "unexpected end of data":
            message, hint = "文件末尾只有半个字，像是没有存完", "对照原来的文件补全，再保存一次"
            raise Unreadable(Problem(NOT_UTF_8, message, Place(path, line, 1), hint)) from None
        raise Unreadable(_not_utf8(path, line, _guess_encoding(data))) from None
    if text.startswith("\ufeff"):
        message, hint = "文件存成了“带有 BOM 的 UTF-8”", "另存为“UTF-8”，不要选“带有 BOM 的 UTF-8”"
        raise Unreadable(Problem("byte-order-mark", message, Place(path, 1, 1), hint))
    if "\r" in text and "\n" not in text:
        message, hint = "换行是老式 Mac 的（只有回车）", "用记事本或别的编辑器打开，重新保存一次"
        raise Unreadable(Problem("line-ends", message, Place(path, 1, 1), hint))
    return text.replace("\r\n", "\n")


def character_problems(text: str, path: str) -> list[Problem]:
    """Invisible, control and non-normalised (非 NFC) characters, each with its place."""
    problems = [
        Problem(
            "invisible-character",
            f"有看不见或不能用的字符 U+{ord(match[0]):04X}",
            Place(path, *_position(text, match.start())),
            "删掉这个字符（常由网页或 Word 粘贴带入）",
        )
        for match in _FORBIDDEN.finditer(text)
    ]
    if not unicodedata.is_normalized("NFC", text):
        problems += _not_normalised(text, path)
    return problems


def read_yaml(data: bytes, path: str) -> Node | None:
    """The single document in `data`, or None if it is empty; Unreadable if it is not plain YAML."""
    return read_with_doubts(data, path)[0]


def read_with_doubts(data: bytes, path: str) -> tuple[Node | None, tuple[Problem, ...]]:
    """What `read_yaml` reads, and the words in it that YAML leaves out."""
    text = decode(data, path)
    problems = character_problems(text, path)
    if problems:
        raise Unreadable(*problems)
    nested = _BRACKETS.search(text) if any(pair in text for pair in _PAIRS) else None
    if nested:
        rule, message, hint = _TOO_DEEP
        place = Place(path, *_position(text, nested.start()))
        raise Unreadable(Problem(rule, message, place, hint))
    try:
        builder = _Builder(path, text)
        return builder.build(), tuple(builder.doubts)
    except yaml.YAMLError as error:
        raise Unreadable(syntax_problem(error, path, text)) from None


def child(node: Node | None, key: str) -> Node | None:
    """The value of `key` in a mapping, or None."""
    pairs = node.pairs if isinstance(node, Mapping) else ()
    return next((value for name, value in pairs if name.text == key), None)


def listed_texts(node: Node | None, *keys: str) -> tuple[str, ...]:
    """The texts under `keys` in a list of mappings, whatever else is wrong with them."""
    items = node.items if isinstance(node, Sequence) else ()
    values = (child(item, key) for item in items for key in keys)
    return tuple(value.text for value in values if isinstance(value, Scalar) and value.text)


class _Builder:
    """Builds nodes from the event stream without recursion."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self.escaped = "\\" in text
        self.commented = " #" in text
        self.merged = "<<" in text
        self.doubts: list[Problem] = []

    def build(self) -> Node | None:
        next_event = _LOADER(self.text).get_event
        decorated = "&" in self.text or "!" in self.text
        judged = self.escaped or self.commented
        scalar_event, containers = yaml.ScalarEvent, _CONTAINERS
        new_tuple = tuple.__new__
        children: list[Any] = []  # of the innermost open container; keys and values alternate
        open_containers: list[tuple[list[Any], Any]] = []
        while (event := next_event()) is not None:
            kind = type(event)
            mark = event.start_mark
            if decorated:
                self._refuse_decoration(event)
            if kind is scalar_event:
                if judged:
                    self._judge(event)
                values = event.value, mark.line + 1, mark.column + 1, event.implicit[0]
                # Half the time of Scalar(…), for the one line that runs for every word of the data.
                children.append(new_tuple(Scalar, values))
            elif kind in containers:
                open_containers.append((children, mark))
                children = []
                if len(open_containers) > MAX_DEPTH:
                    raise Unreadable(self._at(mark, *_TOO_DEEP))
            elif kind is yaml.SequenceEndEvent or kind is yaml.MappingEndEvent:
                content = children
                children, mark = open_containers.pop()
                make = self._mapping if kind is yaml.MappingEndEvent else Sequence
                children.append(make(content, mark.line + 1, mark.column + 1))
            elif kind is yaml.AliasEvent:
                raise Unreadable(self._at(mark, "alias", "不能用 * 引用别处的内容", "把内容写出来"))
            elif kind is yaml.DocumentStartEvent and children:
                raise Unreadable(self._at(mark, *_SEVERAL_DOCUMENTS))
        return children[0] if children else None

    def _judge(self, scalar: Any) -> None:
        if self.escaped and scalar.style == '"':
            self._refuse_escaped(scalar)
        elif self.commented and scalar.implicit[0]:
            doubt = cut_off(self.text, scalar.end_mark, self.path)
            self.doubts += (doubt,) if doubt else ()

    def _mapping(self, content: list[Any], line: int, column: int) -> Mapping:
        keys = content[::2]
        for key in keys:
            if type(key) is not Scalar:
                place = Place(self.path, key.line, key.column)
                raise Unreadable(Problem("bad-key", "这里应当写键", place, "检查括号和冒号"))
            if self.merged and key.text == "<<" and key.plain:
                place = Place(self.path, key.line, key.column)
                raise Unreadable(
                    Problem("merge-key", "不能用 << 套用别处的内容", place, "把内容写出来")
                )
        return Mapping(list(zip(keys, content[1::2], strict=True)), line, column)

    def _refuse_decoration(self, event: Any) -> None:
        if type(event) in _DECORATED:
            if event.anchor is not None:
                rule, message, hint = "anchor", "不能用 & 给内容起名字", "删掉 & 和它后面的名字"
                raise Unreadable(self._at(event.start_mark, rule, message, hint))
            if event.tag is not None:
                rule, message, hint = "tag", "不能用 ! 开头的写法", "删掉 ! 和它后面的字"
                raise Unreadable(self._at(event.start_mark, rule, message, hint))

    def _refuse_escaped(self, event: Any) -> None:
        """What an escape (backslash u200b) stands for is refused as the character itself would be."""
        value = event.value
        if found := _FORBIDDEN.search(value) or _LINE_OR_TAB.search(value):
            message = f"引号里写出了不能用的字符 U+{ord(found[0]):04X}"
            hint = "删掉双引号里反斜杠（\\）的写法；分段就分成几项写"
            raise Unreadable(self._at(event.start_mark, "invisible-character", message, hint))
        if not unicodedata.is_normalized("NFC", value):
            message, hint = "引号里写出了看着一样、电脑里不同的字", "重新用输入法打一遍这个字"
            raise Unreadable(self._at(event.start_mark, "not-normalised", message, hint))

    def _at(self, mark: Any, rule: str, message: str, hint: str) -> Problem:
        return Problem(rule, message, Place(self.path, mark.line + 1, mark.column + 1), hint)


def _not_normalised(text: str, path: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(text.split("\n"), 1):
        normal = unicodedata.normalize("NFC", line)
        if normal != line:
            pairs = zip(line, normal, strict=False)
            column = next((i for i, (a, b) in enumerate(pairs, 1) if a != b), len(normal))
            message, hint = "这一行有看着一样、电脑里不同的字", "重新用输入法打一遍这个字"
            problems.append(Problem("not-normalised", message, Place(path, number, column), hint))
    return problems


def _not_utf8(path: str, line: int, encoding: str) -> Problem:
    message = f"文件不是 UTF-8 编码，看起来是 {encoding}"
    hint = "用记事本打开，另存为时编码选“UTF-8”"
    return Problem(NOT_UTF_8, message, Place(path, line, 1), hint)


def _guess_encoding(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return "别的编码"
    return "GBK（ANSI）"


def _position(text: str, offset: int) -> tuple[int, int]:
    before = text.rfind("\n", 0, offset)
    return text.count("\n", 0, offset) + 1, offset - before
