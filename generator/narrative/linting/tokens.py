"""The words inside a template's braces with their offsets; wrong characters are mended.

They are reported. Mending them lets the rest of the expression be checked in the same run.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import NamedTuple

from generator.narrative.linting.scanner import Source
from generator.narrative.vocabulary import FILTERS, TESTS
from generator.problems import suggestion

NAME, STRING, NUMBER, OPERATOR = "name", "string", "number", "operator"

# Stands for a name that was reported already, so that it is not reported again as unknown.
REPORTED_NAME = "reported__"

MAX_TOKENS, MAX_DEPTH = 200, 20

_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
HIDDEN = re.compile(f"[{_INVISIBLE}]")
_TOKEN = re.compile(
    rf"""(?P<space>[\s{_INVISIBLE}]+)
    |(?P<string>"[^"\n]*"|'[^'\n]*'|“[^”\n]*”|‘[^’\n]*’)
    |(?P<number>[0-9]+(?:\.[0-9]+)?(?![\w]))
    |(?P<name>\w[\w{_INVISIBLE}]*)
    |(?P<operator>\*\*|//|==|!=|<=|>=|.)""",
    re.VERBOSE | re.DOTALL,
)
_MARKS = "“”‘’\"'·•・（）()《》"
_MARK = re.compile(f"[{_MARKS}]")
_MARKED = re.compile(rf"\w[\w{_MARKS}]*")
_KEYWORDS = ("and", "or", "not", "in", "is", "if", "else")
_QUOTED_NAME = re.compile(rf"[\"“‘'《]\w+[\"”’'》](?!(?:{'|'.join(_KEYWORDS)})\b)\w+|\w+[·•・]\w+")
_ALLOWED = (".", "|", "(", ")", ",", "=", "==", "!=", "<", ">", "<=", ">=")
_ARITHMETIC = ("+", "-", "*", "/", "%", "**", "//", "~")
_CHINESE_PUNCTUATION = {"、": ",", "。": "."}
# Words and signs of other languages for those of a condition.
_SPELLED = {
    **dict.fromkeys(("和", "且", "并且", "而且", "AND", "And"), "and"),
    **dict.fromkeys(("或", "或者", "OR", "Or"), "or"),
    **dict.fromkeys(("不", "非", "没有", "NOT", "Not"), "not"),
    **dict.fromkeys(("是", "为", "IS", "Is"), "is"),
}
_INSTEAD = {
    ":": "后面不写冒号，直接写 %}",
    "&": "“并且”写 and",
    "!": "“不”写 not",
    "[": "逐项印用 {% for %}",
    "]": "",
}
_FILTER_AFTER_COLON = re.compile(rf"[:：]\s*({'|'.join(FILTERS)})\b")
USUAL_HINT = "写法如 {{ 三公经费 | 金额 }}、{% if 三公经费 is 增加 %}"


def syntax_hint(previous: str, text: str, known: Collection[str]) -> str:
    """What is probably meant by the token `text` that cannot stand after `previous`."""
    if text in _SPELLED:
        return f"“{text}”写成 {_SPELLED[text]}，前后留空格"
    if (previous, text) == ("<", ">"):
        return "“不等于”写成 !="
    if (previous, text) == ("|", "|"):
        return "“或者”写成 or；竖线后面写 金额 等"
    if text == "|":
        return "竖线前面写名字，如 {{ 三公经费 | 金额 }}"
    if previous + text in known:
        return f"名字中间没有空格：{previous}{text}"
    if text == "=":
        return "条件里的“等于”写两个等号 =="
    if text in FILTERS:
        return f"“{text}”前面要有竖线 |"
    return f"“{text}”前面要有 is" if text in TESTS else USUAL_HINT


class Token(NamedTuple):
    kind: str
    text: str
    offset: int


class Tokens(NamedTuple):
    """`mended`: something was wrong and is reported, so a failure to parse is not news."""

    words: tuple[Token, ...]
    mended: bool
    parseable: bool


def tokens_of(source: Source, start: int, end: int, known: Collection[str]) -> Tokens:
    """The tokens of the inside of a tag. `known` are the names that exist here."""
    reader = _Reader(source, known)
    reader.read(start, end)
    depth = deepest = 0
    for token in reader.tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        deepest = max(deepest, depth)
    if len(reader.tokens) > MAX_TOKENS or deepest > MAX_DEPTH:
        reader.complain("too-complex", "这里写得太长、太复杂", start, "拆成几句来写")
        return Tokens(tuple(reader.tokens[:MAX_TOKENS]), True, False)
    mended = bool(reader.rules)
    return Tokens(tuple(reader.tokens), mended, "unclosed-string" not in reader.rules)


class _Reader:
    """Reads one tag; each rule complains once a tag, at its first place."""

    def __init__(self, source: Source, known: Collection[str]) -> None:
        self.tokens: list[Token] = []
        self.rules: set[str] = set()
        self._source = source
        self._known = known

    def complain(self, rule: str, message: str, offset: int, hint: str) -> None:
        if rule not in self.rules:
            self.rules.add(rule)
            self._source.report(rule, message, offset, hint)

    def read(self, position: int, end: int) -> None:
        text = self._source.text
        while position < end:
            marked = self._marked_name(position, end)
            if marked:
                position = marked
                continue
            match = _TOKEN.match(text, position, end)
            assert match is not None
            if match.lastgroup == STRING:
                self._string(match[0], position)
            elif match.lastgroup == NUMBER:
                self._add(NUMBER, "1", position)  # its value is of no interest, its size may hurt
            elif match.lastgroup == NAME:
                self._name(match[0], position)
            elif match.lastgroup == OPERATOR:
                self._operator(match[0], position)
            position = match.end()

    def _add(self, kind: str, text: str, offset: int) -> None:
        self.tokens.append(Token(kind, text, offset))

    def _marked_name(self, position: int, end: int) -> int | None:
        """A name with quotes, dots or brackets in it, such as “三公”经费: its end, or None."""
        match = _MARKED.match(self._source.text, position, end)
        if match and match[0].isalnum():
            return None
        marked = match[0].rstrip(_MARKS) if match else ""
        bare = _MARK.sub("", marked)
        if bare == marked or bare not in self._known:
            match = _QUOTED_NAME.match(self._source.text, position, end)
            marked = match[0] if match else ""
            bare = _MARK.sub("", marked)
            if not bare or not suggestion(bare, self._known):
                return None
        found = bare in self._known
        hint = f"写成 {bare}" if found else suggestion(bare, self._known)
        message = f"名字里不能有引号、括号或圆点：{marked}"
        self.complain("marks-in-name", message, position, hint)
        self._add(NAME, bare if found else REPORTED_NAME, position)
        return position + len(marked)

    def _string(self, text: str, offset: int) -> None:
        if text[0] in "“‘":
            self._full_width(offset)
        if "\\" in text:
            hint = "引号里直接写要印的字"
            self.complain("backslash", "引号里不能有反斜线", offset + text.find("\\"), hint)
        content = text[1:-1].replace("\\", "/")  # for Jinja; of the same length, for the offsets
        if '"' in content:
            self._add(STRING, "'" + content.replace("'", "’") + "'", offset)
        else:
            self._add(STRING, f'"{content}"', offset)

    def _name(self, text: str, offset: int) -> None:
        visible = HIDDEN.sub("", text)  # invisible characters are reported elsewhere
        name = unicodedata.normalize("NFKC", visible)
        if name.isascii() and name.isdecimal():
            message = f"数字写成了全角：{text}"
            self.complain("full-width-punctuation", message, offset, f"写成 {name}")
            self._add(NUMBER, "1", offset)
            return
        if not name.isidentifier():
            hint = suggestion(name, self._known) or "名字由汉字、字母、数字组成，不以数字开头"
            self.complain("bad-name", f"“{text}”不能作名字", offset, hint)
            name = REPORTED_NAME
        elif name != visible and unicodedata.is_normalized("NFC", visible):
            message = f"名字里有全角或特殊写法的字：{text}"
            self.complain("unstable-name", message, offset, f"写成 {name}")
            name = name if name in self._known else REPORTED_NAME
        self._add(NAME, name, offset)

    def _operator(self, text: str, offset: int) -> None:
        if text in "\"'“”‘’":
            message = f"引号 {text} 不成对"
            self.complain("unclosed-string", message, offset, '前后各写一个半角引号 "')
            return
        written = text
        plain = _CHINESE_PUNCTUATION.get(text) or unicodedata.normalize("NFKC", text)
        if plain != text and len(plain) == 1 and plain.isascii():
            if plain in _ALLOWED:
                self._full_width(offset)
            text = plain
        if text in _ARITHMETIC:
            hint = "差额、增幅写 {{ 三公经费 | 增减 }}，占比写 {{ 基本支出 | 占比(支出合计) }}"
            self.complain("arithmetic", f"模板只印数，不计算：“{text}”", offset, hint)
        elif text not in _ALLOWED:
            hint = _INSTEAD.get(text) or "只写名字、|、小括号、半角引号和逗号"
            if meant := _FILTER_AFTER_COLON.match(self._source.text, offset):
                hint = f"用竖线：写成 | {meant[1]}"
            self.complain("bad-character", f"花括号里不能用“{written}”", offset, hint)
            if not (text.isascii() and text.isprintable()):
                return
        self._add(OPERATOR, text, offset)

    def _full_width(self, offset: int) -> None:
        hint = '换成半角：( ) " , | = ，如 {{ 三公经费 | 增减("默认") }}'
        char = self._source.text[offset]
        self.complain("full-width-punctuation", f"花括号里用了全角的“{char}”", offset, hint)
