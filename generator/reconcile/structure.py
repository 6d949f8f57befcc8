"""Paragraphs that were added or deleted in Word, as lines of the template put in or taken out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from generator.document import FIGURE, Heading
from generator.narrative.markup import parse_line
from generator.reconcile.files import Change, SourceFile, SourceFiles
from generator.reconcile.printed import PrintedText
from generator.reconcile.trial import Edit, Proposal


class Conflict(NamedTuple):
    """An edit that no patch can make, and why; `place` is the line that prints the text."""

    where: str
    before: str
    after: str
    reason: str
    place: str = ""


def added(
    files: SourceFiles,
    printed: Sequence[PrintedText],
    around: tuple[int | None, int | None],
    texts: Sequence[str],
    where: str,
) -> Proposal | Conflict:
    """New paragraphs between two texts of the document, None for its ends and for tables."""
    before, after = around
    whole = "\n".join(texts)
    above = _source(files, printed[before]) if before is not None else None
    if before is None or above is None:
        return Conflict(where, "", whole, "前面不是情况说明里的段落，看不出放在哪一行")
    source = above.file
    last = _last_line(source, above.line)
    below = _source(files, printed[after]) if after is not None else None
    inside = below is not None and below.file == source
    end = below.line if below is not None and inside else source.text.count("\n") + 2
    place = f"{source.path}:{last}"
    if any(line.strip() for line in source.text.split("\n")[last : end - 1]):
        reason = f"{place} 后面有 {{% … %}} 或别的内容，放在里面还是外面，由人来定"
        return Conflict(where, "", whole, reason)
    if any(parse_line(text).kind != "text" for text in texts):
        return Conflict(where, "", whole, f"是标题或记号，在 {place} 后面由人来写")
    at = source.offset_of(last) + len(source.text.split("\n")[last - 1])
    change = Change(source.path, at, at, "".join(f"\n\n{text}" for text in texts))
    edits = tuple(Edit(before + 1, text, added=True) for text in texts)
    return Proposal(edits, ((change,),), f"新增段落，写在 {place} 后面")


def removed(
    files: SourceFiles, printed: Sequence[PrintedText], number: int
) -> Proposal | Conflict | None:
    """A paragraph that was deleted; None for a line of the contents, which is computed."""
    gone = printed[number]
    if gone.contents:
        return None
    block, printing = gone.block, _source(files, gone)
    if block is None or printing is None:
        return Conflict(gone.where, gone.text, "", "不是情况说明里的段落，由人来删")
    source, line = printing
    if isinstance(block, Heading):
        reason = f"是标题，连同它下面的内容由人来删：{source.path}:{line}"
        return Conflict(gone.where, gone.text, "", reason)
    last = _last_line(source, line)
    start, end = source.offset_of(line), source.offset_of(last + 1)
    end += source.text[end : end + 1] == "\n"
    figures = dict.fromkeys(s.figure for s in block.segments if s.kind == FIGURE and s.figure)
    note = f"删除段落；这一行还印着 {'、'.join(figures)}" if figures else "删除段落"
    change = Change(source.path, start, end, "")
    return Proposal((Edit(number, None),), ((change,),), note)


class _Source(NamedTuple):
    """The line of the narrative that a paragraph begins at."""

    file: SourceFile
    line: int


def _source(files: SourceFiles, text: PrintedText) -> _Source | None:
    place = text.block.place if text.block is not None else None
    file = files.get(place.path) if place is not None else None
    return _Source(file, place.line) if file is not None and place is not None else None


def _last_line(source: SourceFile, number: int) -> int:
    """The last line of the paragraph that begins at a line: its text goes on below."""
    lines = source.text.split("\n")
    last = number
    if parse_line(lines[number - 1]).kind == "text":
        while last < len(lines) and parse_line(lines[last]).kind == "text":
            if lines[last].lstrip().startswith("{%"):
                break
            last += 1
    return last
