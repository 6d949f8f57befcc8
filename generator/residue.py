"""What a form or a slip left in a text: gaps nobody filled in, words nobody chose, words twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

BLANKS = " \t\u3000"
BLANK = f"[{BLANKS}]"
_CHANGES = "增加|减少|增长|下降|上升|降低"
CHANGE = f"(?:{_CHANGES})"
# What ends a note to oneself: 待核实 and 待定 go on in 待核实线索, 待定岗位.
_NOTE_ENDS = r"(?=[\s，。；、：！？）)】\]〕”,.;:]|$)"

# Chinese words, with what stands for printed figures in a template (linting/text.py).
_BEFORE_A_MARK = "\u4e00-\u9fff）”》\ue000-\ue004"
_AFTER_A_MARK = "\u4e00-\u9fff（“《\ue000-\ue004"

# Each begins with a set or with words: it is searched for ten times faster than a choice of sets.
RESIDUES: Mapping[str, re.Pattern[str]] = {
    "placeholder": re.compile(  # XXkm, but not taxxi
        r"[XxＸｘ×╳_＿](?:(?<=[_＿])[_＿]+"
        r"|(?<=[XxＸｘ×╳])(?<![A-Za-z]x)[XxＸｘ×╳]+(?!(?<=x)[A-Za-z]))"
    ),
    "unchosen-word": re.compile(
        rf"(?:（{BLANK}*{CHANGE}|\({BLANK}*{CHANGE}|{_CHANGES})"
        rf"{BLANK}*(?:[/／]|[（(][/／]?){BLANK}*{CHANGE}{BLANK}*[）)]?"
    ),
    "empty-reason": re.compile(
        r"原因(?:[是为：:]+[。；;，,]|(?<=主要原因)[。；])|主要是[。；;，,]"
    ),
    "unfinished": re.compile(  # but 接待定点饭店, 有待完善, 认真对待填报
        r"待(?<![对看善招接等期款优厚虐有亟尚仍还]待)(?:填(?![报表充埋])"
        rf"|(?:补充?|核[实对]?|确[认定]|完善|明确|更新|修改|定){_NOTE_ENDS})"
        r"|T(?<![A-Za-z]T)(?:ODO|BD)(?![A-Za-z])|FIXME"
    ),
    "lost-character": re.compile("\ufffd\ufffd*"),
    "page-code": re.compile(
        r"</?(?:p|br|b|i|u|em|strong|span|div|font|td|tr|table|a|img|h[1-6]|sup|sub)(?:\s+[\w-]+=[^<>\n]{0,200})?\s*/?>"
        r"|&(?:nbsp|amp|lt|gt|quot|ldquo|rdquo|mdash|emsp|ensp|#[0-9]{1,6});",
        re.IGNORECASE,
    ),
    "doubled-punctuation": re.compile(
        r"([。，、；：！？])(?:\1+|(?<=[，、；：])[。；，、]|(?<=。)[，、；])"
    ),
    "doubled-particle": re.compile("的的(?<!目的的)"),
    "half-width-mark": re.compile(rf"[,;:?!](?<=[{_BEFORE_A_MARK}].)(?=[{_AFTER_A_MARK}])"),
}
# Searching for it takes as long as for all the others: only where words are written.
DOUBLED_WORDS = re.compile(  # but 一步一步, 二零二零年; 支出支出 has its own rule
    r"([\u4e01-\u9fff][\u4e00-\u9fff]{1,5})\1(?<!支出支出)(?<![零二三四五六七八九十][零一二三四五六七八九十])"
)
_RESIDUES_WRITTEN = {**RESIDUES, "doubled-words": DOUBLED_WORDS}

Residues = Iterator[tuple[str, re.Match[str]]]


def residues_in_print(text: str) -> Residues:
    """What is left in the text of a document, with the name of its kind, kind by kind."""
    return _found(RESIDUES, text)


def residues_of(text: str) -> Residues:
    """What is left in words that somebody wrote."""
    return _found(_RESIDUES_WRITTEN, text)


def _found(patterns: Mapping[str, re.Pattern[str]], text: str) -> Residues:
    for kind, pattern in patterns.items():
        for match in pattern.finditer(text):
            yield kind, match
