"""Parts of a text file changed where they stand: its other bytes stay, and so do its line ends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property

from generator.load.reader import Scalar, decode

Edit = tuple[int, int, str]  # what stands from the first to before the second reads so then

_QUOTED = {
    '"': re.compile(r'"(?:[^"\\\n]|\\[^\n])*"'),
    "'": re.compile(r"'(?:[^'\n]|'')*'"),
}


class EditableText:
    """A file of a path that problems show: `text` has LF line ends; Unreadable."""

    def __init__(self, path: str, content: bytes) -> None:
        self.path = path
        self.content = content
        self.text = decode(content, path)

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def offset_of(self, line: int, column: int = 1) -> int:
        """The offset of a place; beyond the last line, the end of the text."""
        if line > len(self._starts):
            return len(self.text)
        return self._starts[line - 1] + column - 1

    def span_of(self, scalar: Scalar) -> tuple[int, int] | None:
        """Where a YAML value on one line stands, quotes included; None if on several, or empty."""
        start = self.offset_of(scalar.line, scalar.column)
        pattern = _QUOTED.get(self.text[start : start + 1]) if not scalar.plain else None
        if pattern is not None:
            match = pattern.match(self.text, start)
            return match.span() if match else None
        end = start + len(scalar.text)
        plain = scalar.plain and scalar.text and self.text[start:end] == scalar.text
        return (start, end) if plain else None

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """The file with `edits` made, which do not overlap; those at one place in their order."""
        raw = self.content.decode("utf-8")
        pairs = [match.start() - n for n, match in enumerate(re.finditer("\r\n", raw))]
        pieces, done = list[str](), 0
        for *span, new in sorted(edits, key=lambda edit: edit[:2]):
            start, end = (at + bisect_left(pairs, at) for at in span)
            pieces += raw[done:start], new.replace("\n", "\r\n") if pairs else new
            done = end
        return "".join((*pieces, raw[done:])).encode("utf-8")


def with_line_ends_of(former: bytes, content: bytes) -> bytes:
    """`content`, whose lines end with LF, with the line ends of a former file."""
    return content.replace(b"\n", b"\r\n") if b"\r\n" in former else content
