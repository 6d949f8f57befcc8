"""WordprocessingML in strings: escaping (once, here), runs and fields."""

from __future__ import annotations

import re
from functools import lru_cache

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

# Word sets these in the Latin face (narrow quotes, a short dash) unless the run says it is Chinese:
# ECMA-376 part 1, 17.3.2.26, w:hint.
_AMBIGUOUS_RANGE = "\u00a7\u00a8\u00b0\u00b1\u00b4\u00b7\u00d7\u00f7\u2010-\u2bff"
_AMBIGUOUS = re.compile(f"[{_AMBIGUOUS_RANGE}]")
# Most texts have none of this, and one search is cheaper than three: 0.3 µs a text.
_SPECIAL_CASE = re.compile(rf'[\s&<>"{_AMBIGUOUS_RANGE}]')
_HINT = '<w:rFonts w:hint="eastAsia"/>'
_BREAKS = re.compile("[\t\n]")
_SPECIAL = re.compile('[&<>"]')
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


@lru_cache(maxsize=8192)  # names of facts and rows, the same in every document
def escape(text: str) -> str:
    """`text` as the content of an element or an attribute value in double quotes."""
    if _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda match: _ENTITIES[match[0]], text)


@lru_cache(maxsize=8192)  # names occur in many tables
def is_plain(text: str) -> bool:
    """Whether its run is `run_opening`, the text itself and the ends of w:t and w:r."""
    return _SPECIAL_CASE.search(text) is None


def run_opening(style_id: str = "") -> str:
    """What stands before a plain text."""
    style = f'<w:rPr><w:rStyle w:val="{style_id}"/></w:rPr>' if style_id else ""
    return f"<w:r>{style}<w:t>"


def run(text: str, style_id: str = "") -> str:
    """A run of `text` in a character style; tabs and newlines become w:tab and w:br."""
    if not text:
        return ""
    if is_plain(text):
        return f"{run_opening(style_id)}{text}</w:t></w:r>"
    return f"<w:r>{_run_properties(text, style_id)}{_run_content(text)}</w:r>"


def _run_properties(text: str, style_id: str) -> str:
    style = f'<w:rStyle w:val="{style_id}"/>' if style_id else ""
    hint = "" if text.isascii() or _AMBIGUOUS.search(text) is None else _HINT
    return f"<w:rPr>{style}{hint}</w:rPr>" if style or hint else ""


def _run_content(text: str) -> str:
    if _BREAKS.search(text) is None:
        return _text_element(text)
    pieces = []
    for piece in re.split("([\t\n])", text):
        if piece == "\t":
            pieces.append("<w:tab/>")
        elif piece == "\n":
            pieces.append("<w:br/>")
        elif piece:
            pieces.append(_text_element(piece))
    return "".join(pieces)


def field(instruction: str, result: str = "") -> str:
    """A complex field in runs of its own; `result` are runs, the cached result."""
    return field_begin(instruction) + result + FIELD_END


def field_begin(instruction: str) -> str:
    """The runs before a field's cached result."""
    return f'{_instruction(instruction)}<w:r><w:fldChar w:fldCharType="separate"/></w:r>'


def field_mark(instruction: str) -> str:
    """A field without a result, such as TC."""
    return _instruction(instruction) + FIELD_END


def _instruction(instruction: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(instruction)} </w:instrText></w:r>'
    )


FIELD_END = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _text_element(text: str) -> str:
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f"<w:t{space}>{escape(text)}</w:t>"
