"""Texts as a report shows them: what people cannot see is written out."""

from __future__ import annotations

import unicodedata

_SEEN = " \u3000\t"


def visible(text: str) -> str:
    """`text` on one line, its line breaks as ⏎ and what cannot be seen as 〔U+200B〕."""
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def shortened(text: str, most: int) -> str:
    """`text` as it begins, in at most so many characters."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def has_invisible(text: str) -> bool:
    """Whether something in the text cannot be seen, or looks like a common space."""
    return any(char != "\n" and _shown(char) != char for char in text)


def _shown(char: str) -> str:
    if char == "\n":
        return "⏎"
    if char in _SEEN or unicodedata.category(char) not in ("Cc", "Cf", "Co", "Zs", "Zl", "Zp"):
        return char
    return f"〔U+{ord(char):04X}〕"
