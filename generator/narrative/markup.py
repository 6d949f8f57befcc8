"""The strict small markup of the narrative: headings, paragraphs, directives; all else is text.

`#`…`####` begin headings, a blank line ends a paragraph, a line beginning with `:::` is a directive.
Not Markdown: Markdown renumbers `3.` and turns indented text into code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from generator.problems import suggestion

# A paragraph of the role that is called so.
PARAGRAPH_DIRECTIVES = ("封面标题", "封面单位", "封面日期", "目录标题", "居中", "注")
WITH_ARGUMENT = ("表", *PARAGRAPH_DIRECTIVES)
DIRECTIVES = ("封面", "目录", "表", "全部表", "横向", "纵向", "分页", *PARAGRAPH_DIRECTIVES)

_HEADING = re.compile(r"(#{1,4})(?!#)[ \u3000]*(.*)")
_DIRECTIVE = re.compile(r":::[ \u3000]*([^\s\u3000:：]*)[ \u3000]*(.*)")

# Too few colons or too many, or a single one before nothing but a directive.
_ALMOST = re.compile(
    rf"(?:::(?!:)|:{{4,}})[ \u3000]*([^\s:：]*).*|[:：][ \u3000]*({'|'.join(DIRECTIVES)})(?:[ \u3000].*)?"
)


class Line(NamedTuple):
    """A line of a template or of its rendering: `kind` is blank, heading, directive or text."""

    kind: str
    text: str  # without the mark
    level: int = 0
    directive: str = ""


class Mistake(NamedTuple):
    """What is wrong with a mark: the rule it breaks, and what to do about it."""

    rule: str
    message: str
    hint: str


@lru_cache(maxsize=4096)  # values are marks here: departments of one place print the same lines
def parse_line(text: str) -> Line:
    """What a line is. A full-width ＃ or ：：： is not a mark; `mark_mistakes` reports it."""
    stripped = text.strip()
    if not stripped:
        return Line("blank", "")
    if stripped.startswith(":::"):
        match = _DIRECTIVE.fullmatch(stripped)
        assert match is not None
        return Line("directive", match[2].strip(), 0, match[1])
    match = _HEADING.fullmatch(stripped)
    if match is not None:
        return Line("heading", match[2].strip(), len(match[1]))
    return Line("text", stripped)


def mark_mistakes(text: str, tables: tuple[str, ...]) -> Iterator[Mistake]:
    """What is wrong with the markup of one template line (braces are not looked at)."""
    stripped = text.strip()
    if stripped.startswith(("＃", "：：")):
        yield Mistake("full-width-mark", "行首的记号写成了全角", "用半角 # 或 :::")
        return
    if almost := _ALMOST.fullmatch(stripped):
        hint = f"写成 :::{almost[1] or almost[2]}"
        yield Mistake("wrong-mark", "前面要有三个半角冒号", hint)
        return
    line = parse_line(text)
    if line.kind == "heading" and not line.text:
        yield Mistake("empty-heading", "标题是空的", "# 后面写标题文字")
    elif line.kind == "heading" and (line.text[0] in "#＃" or line.text[-1] in "#＃"):
        hint = "几级标题就连写几个半角 #，只写在行首"
        yield Mistake("bad-heading", "标题文字里有多出来的 #，会印出来", hint)
    if stripped.startswith("#####"):
        yield Mistake("bad-heading", "标题最多四级", "用 # 到 ####")
    if line.kind == "directive":
        yield from _directive_mistakes(line, tables)


def _directive_mistakes(line: Line, tables: tuple[str, ...]) -> Iterator[Mistake]:
    name = f"“:::{line.directive}”"
    if line.directive not in DIRECTIVES:
        hint = suggestion(line.directive, DIRECTIVES) or f"可用：{'、'.join(DIRECTIVES)}"
        yield Mistake("unknown-directive", f"没有{name}这个记号", hint)
    elif line.directive == "表" and line.text not in tables:
        hint = suggestion(line.text, tables) or f"可用：{'、'.join(tables)}"
        yield Mistake("unknown-table", f"没有名为“{line.text}”的表", hint)
    elif line.directive in WITH_ARGUMENT and not line.text:
        yield Mistake("missing-argument", f"{name}后面缺内容", "在同一行写上")
    elif line.directive not in WITH_ARGUMENT and line.text:
        yield Mistake("extra-argument", f"{name}后面不能再写内容“{line.text}”", "另起一行写")
