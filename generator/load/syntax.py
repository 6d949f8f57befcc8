"""What is wrong with a file that is not YAML: the mistake people made, rather than where it was noticed.

A parser notices a mistake late: often on the next line. So the line before is looked at too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from generator.problems import WARNING, Place, Problem

CUT_RULE = "value-cut"
_NO_DASH = "这一行少了开头的横线和空格：“- {”"
_NO_DASH_OF_TEXT = "这一行少了开头的横线和空格：“- ”；是上一条的后半段，就接在上一行后面"
_DASH_OF_TEXT = "每一条以半角的横线和一个空格开头：“- ”"
_SIMPLE_KEY = "while scanning a simple key"  # that the line is none shows in a later one
_GENERIC = "检查括号、引号是否成对，冒号后面要有一个空格"
_QUOTE = "，给整个值加上引号"
# A key that starts a line, or a record in lines of its own.
_KEY = r"\s*(?:- +)?[^\s\"'{}\[\]#:：,，。；;-][^\s\"'{}\[\]#:：,，。；;]{0,15}"
_VALUE = r"(?:\"[^\"]*\"|[^\s,{}\[\]\":]+)"


class Mistake(NamedTuple):
    """A mistake that shows in a line: it begins where `pattern` has its group `at`.

    Compiled when a file has one: most have none.
    """

    pattern: str
    hint: str


_FENCE = Mistake(r"(?P<at>```)", "这是从网页复制来的代码标记，删掉 ``` 这几行")
_MERGE = Mistake(
    r"(?P<at><{7}|={7}|>{7})", "这是两份改动合并时留下的记号：上下两份只留一份，三行记号都删掉"
)
_WIDE_BLANK = Mistake(r" *(?P<at>\u3000)", "行首是全角空格，缩进只用半角空格")
# What a line shows by itself, the surest first.
_IN_LINE = (
    _FENCE,
    _MERGE,
    _WIDE_BLANK,
    Mistake(
        r".*?(?:[:,\[]|^ *-) +(?P<at>\{)[^{}:,]*\}(?=[^\s,}\]#])",
        '以花括号开头的文字，整个值两边要加半角引号，例如 标题: "{年}年收支表"',
    ),
    Mistake(
        r".*?[{,] *[^\s,{}:\"]+(?P<at>:)[,}]", "冒号后面是空的，补上内容；金额还不知道就写 待填"
    ),
    Mistake(r"\s*(?P<at>[－–—])\s*\S", "每条记录以半角的横线和一个空格开头：“- ”"),
    Mistake(r"\s*(?:- *)?(?P<at>[｛［])", "括号是全角的，改成半角的 { } [ ]"),
    Mistake(r".*?(?P<at>，) *[^\s,{}:\"，]+: ", "这个逗号是全角的“，”，改成半角逗号“,”"),
    Mistake(r"\s*(?P<at>-)[{\[]", "横线后面要空一格：“- {”"),
    Mistake(r"(?P<at>[^{\[\"']*)\t", "缩进用空格，不要用制表符（Tab）"),
    Mistake(r".*?[:,{\[-] *[&*](?P<at>\S)", "以 & 或 * 开头的文字要加引号"),
    Mistake(
        rf".*[{{,] *[^\s,{{}}:\"]+: +{_VALUE} +(?P<at>[^\s,{{}}:\"]+): ",
        "这个键前面少了半角逗号“,”",
    ),
    Mistake(r"\s*- +(?P<at>[^\s{\[\"':]+: [^{]*\})\s*(?:#.*)?$", "这一行少了开头的“{”：“- {”"),
    Mistake(r".*?(?:: |[,\[{] *|- +)(?P<at>[@%>|`])(?=\S)", "以 @ % > | ` 开头的文字要加引号"),
    Mistake(r".*?: +(?P<at>[^\s\"'{}\[\],:]+: )", f"文字里有冒号{_QUOTE}"),
    Mistake(
        r"(?![^\"]*\")\s*[^\s#](?:(?! #).)*(?P<at> #).*[}\]]",
        f"空格后面的 # 是注释，后面的都不算；文字里要写{_QUOTE}",
    ),
)
# What the line before shows if a parser stumbles over the start of a line.
_KEY_COLON = (
    Mistake(rf"{_KEY}(?P<at>：)", "键后面是全角冒号“：”，改成半角冒号“:”，再空一格"),
    Mistake(rf"{_KEY}(?P<at>:)[^\s:/]", "键的冒号后面要空一格"),
)
# A mapping by itself, where a list was begun.
_IN_LINE_BEFORE = (
    _MERGE,
    _WIDE_BLANK,
    Mistake(r" *(?P<at>-)[^\s-]", "横线后面要空一格：“- ”"),
    *_KEY_COLON,
    Mistake(r" *(?P<at>\{).*\}\s*$", _NO_DASH),
)
# What people write in front of an item of a list of texts instead of a dash and a blank.
_ITEM_SIGN = re.compile(r" *(?:[•·●○▪◆*]|[0-9]+[.．、)）]|[（(][0-9一二三四五六七八九十]+[)）])")
_WRITTEN_KEY = re.compile(
    r"(?P<margin> *(?P<dash>- +)?)[^\s\"'{}\[\]#:,-][^\s:]*:(?: +(?P<value>[^\s#])|\s|$)"
)
_FULL_WIDTH = re.compile("[｛｝：，“”［］]")
_INDENT = "这一行前面的空格数不对：同一层的键，前面的空格要一样多"
_NO_KEY = "上面少了这几条的键，补上一行，例如“绩效指标:”"
_DASH = re.compile(r"( *)- ")
_RECORD = re.compile(r" *\{")


def syntax_problem(error: Exception, path: str, text: str) -> Problem:
    """The mistake behind an error of the parser, at its own line and column."""
    lines = text.split("\n")
    line, column, message = _noticed(error)
    while line > 1 and not _line(lines, line).strip():
        line, column = line - 1, 1  # noticed after the end
    found = _found(lines, line)
    if found is None:
        place, hint = Place(path, line, column), _hint(_line(lines, line))
    else:
        (line, column), hint = found
        place = Place(path, line, column)
        message = message if line == place.line else "文件格式有误"
    return Problem("yaml-syntax", message, place, hint, excerpt=_line(lines, place.line))


def cut_off(text: str, end: Any, path: str) -> Problem | None:
    """Words that YAML leaves out: what follows a blank and # is a comment to the value before.

    `end` is the parser's mark where a plain value ends in `text`.
    """
    match = _CUT.match(text, end.index)
    if match is None:
        return None
    message = f"“{match['at']}”前面有空格，会被当作注释丢掉"
    hint = "是文字就给整个值加上引号；是注释就在 # 后面空一格"
    column = end.column + match.start("at") - end.index + 1
    return Problem(CUT_RULE, message, Place(path, end.line + 1, column), hint, WARNING)


_CUT = re.compile(r" +(?P<at>#[^\s#!][^\n]*)")


def _noticed(error: Any) -> tuple[int, int, str]:
    """Line, column and message: of an open bracket or quote, where it was opened."""
    mark, opening = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    context = getattr(error, "context", "") or ""
    if context == _SIMPLE_KEY and opening:
        return opening.line + 1, opening.column + 1, "文件格式有误"
    unclosed = re.match("while (parsing a flow|scanning a quoted)", context)
    if unclosed and opening and opening.line + 1 < line:
        message = f"从这里开始的括号或引号没有配对（读到第 {line} 行才发现）"
        return opening.line + 1, opening.column + 1, message
    return line, column, "文件格式有误"


def _found(lines: list[str], line: int) -> tuple[tuple[int, int], str] | None:
    """Place and hint of a mistake that is known."""
    text, before = _line(lines, line), _line_before(lines, line)
    neighbour = _line(lines, before)
    if found := _first(_IN_LINE, text):
        return (line, found[0]), found[1]
    if hint := _of_records(text, neighbour) or _of_texts(text, neighbour):
        return (line, _indent(text) + 1), hint
    # A list of texts may have any colons; in a record in lines of its own the first is a key.
    if not (_DASH.match(neighbour) and _DASH.match(text)):
        if found := _first(_IN_LINE_BEFORE, neighbour):
            return (before, found[0]), found[1]
        if found := _first(_KEY_COLON, text):
            return (line, found[0]), found[1]
    key = _WRITTEN_KEY.match(neighbour)
    if _DASH.match(text) and key and key["value"] and not key["dash"]:
        return (line, _indent(text) + 1), _NO_KEY
    if _is_misplaced(lines, line, before):
        return (line, _indent(text) + 1), _INDENT
    return None


def _first(mistakes: Iterable[Mistake], text: str) -> tuple[int, str] | None:
    """Column and hint of the first mistake that the line shows."""
    for mistake in mistakes:
        if match := re.match(mistake.pattern, text):
            return match.start("at") + 1, mistake.hint
    return None


def _of_records(text: str, before: str) -> str:
    """What is wrong with a record among others like it."""
    own, neighbour = _DASH.match(text), _DASH.match(before)
    if own and neighbour and own[1] != neighbour[1]:
        return "缩进与上一条记录不同，前面的空格要一样多"
    return _NO_DASH if neighbour and _RECORD.match(text) else ""


def _of_texts(text: str, before: str) -> str:
    """What is wrong with the start of a line in a list of texts."""
    above = _DASH.match(before)
    if not above or _DASH.match(text) or "{" in before or _WRITTEN_KEY.match(text):
        return ""
    if text.lstrip().startswith("-"):
        return "横线后面要空一格：“- ”"
    if _ITEM_SIGN.match(text):
        return _DASH_OF_TEXT
    is_key = _indent(text) <= len(above[1]) and _first(_KEY_COLON, text)
    return "" if is_key or _WRITTEN_KEY.match(before) else _NO_DASH_OF_TEXT


def _is_misplaced(lines: list[str], line: int, before: int) -> bool:
    """Whether a key is farther in than a key before that has its value, or stands under none."""
    own = _WRITTEN_KEY.match(_line(lines, line))
    above = _WRITTEN_KEY.match(_line(lines, before))
    if own is None or above is None or own["dash"]:
        return False
    column, column_above = len(own["margin"]), len(above["margin"])
    if column > column_above:
        return above["value"] is not None
    higher = map(_WRITTEN_KEY.match, lines[:before])
    return column < column_above and all(
        key is None or len(key["margin"]) != column for key in higher
    )


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _hint(text: str) -> str:
    if text.count("}") > text.count("{") or text.count("]") > text.count("["):
        extra = "；这一行的右括号比左括号多"
    elif text.count("}") < text.count("{") or text.count("]") < text.count("["):
        extra = "；这一行的右括号比左括号少"
    else:
        extra = ""
    if _FULL_WIDTH.search(text):
        extra = '；标点 { } : , " [ ] 要用半角，这一行有全角的'
    return _GENERIC + extra


def _line(lines: list[str], number: int) -> str:
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _line_before(lines: list[str], line: int) -> int:
    """The number of the last line before this that says something; 0 if there is none."""
    says = (n for n in range(line - 1, 0, -1) if re.match(r"\s*[^\s#]", _line(lines, n)))
    return next(says, 0)
