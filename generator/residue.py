"""What a form or a template left in a text: gaps nobody filled in, words nobody chose, marks twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from generator.typed_figures import BLANK

_CHANGES = "增加|减少|增长|下降|上升|降低"
CHANGE = f"(?:{_CHANGES})"

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
    "doubled-punctuation": re.compile(
        r"([。，、；：！？])(?:\1+|(?<=[，、；：])[。；，、]|(?<=。)[，、；])"
    ),
}


def residues_of(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """What is left in `text`, with the name of its kind, kind by kind."""
    for kind, pattern in RESIDUES.items():
        for match in pattern.finditer(text):
            yield kind, match
