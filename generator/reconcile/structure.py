"""Paragraphs that were added or deleted in Word, as lines of the template put in or taken out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.document import FIGURE, Heading
from generator.narrative.markup import parse_line
from generator.reconcile.files import Change, SourceFile, SourceFiles
from generator.reconcile.printed import PrintedText
from generator.reconcile.trial import Edit, Proposal


class Unplaced(NamedTuple):
    """A paragraph that came or went, and why nobody can say what that means for the sources."""

    where: str
    before: str
    after: str
    reason: str


def added(
    files: SourceFiles,
    printed: Sequence[PrintedText],
    around: tuple[int | None, int | None],
    texts: Sequence[str],
) -> Proposal | Unplaced:
    """New paragraphs between two neighbouring texts of the document, None at its ends."""
    before, after = around
    whole = "\n".join(texts)
    if before is None:
        return Unplaced("文首", "", whole, "前面没有段落，看不出放在哪一行")
    above = printed[before]
    where = f"{above.where} 之后"
    source = _source(files, above)
    if source is None or above.block is None or above.block.place is None:
        return Unplaced(where, "", whole, "前面不是情况说明里的段落，看不出放在哪一行")
    last = _last_line(source, above.block.place.line)
    below = printed[after] if after is not None else None
    end = _end(source, below)
    place = f"{source.path}:{last}"
    if any(line.strip() for line in source.text.split("\n")[last : end - 1]):
        reason = f"{place} 后面有 {{% … %}} 或别的内容，放在里面还是外面，由人来定"
        return Unplaced(where, "", whole, reason)
    if any(parse_line(text).kind != "text" for text in texts):
        return Unplaced(where, "", whole, f"是标题或记号，在 {place} 后面由人来写")
    at = source.offset_of(last) + len(source.text.split("\n")[last - 1])
    change = Change(source.path, at, at, "".join(f"\n\n{text}" for text in texts))
    edits = tuple(Edit(before + 1, text, added=True) for text in texts)
    return Proposal(edits, ((change,),), f"新增段落，写在 {place} 后面")


def removed(
    files: SourceFiles, printed: Sequence[PrintedText], number: int
) -> Proposal | Unplaced | None:
    """A paragraph that was deleted; None for a line of the contents, which is computed."""
    gone = printed[number]
    if gone.contents:
        return None
    source = _source(files, gone)
    block = gone.block
    if source is None or block is None or block.place is None:
        return Unplaced(gone.where, gone.text, "", "不是情况说明里的段落，由人来删")
    if isinstance(block, Heading):
        reason = f"是标题，连同它下面的内容由人来删：{block.place.file_line}"
        return Unplaced(gone.where, gone.text, "", reason)
    last = _last_line(source, block.place.line)
    start, end = source.offset_of(block.place.line), source.offset_of(last + 1)
    end += source.text[end : end + 1] == "\n"
    figures = dict.fromkeys(s.figure for s in block.segments if s.kind == FIGURE and s.figure)
    note = f"删除段落；这一行还印着 {'、'.join(figures)}" if figures else "删除段落"
    change = Change(source.path, start, end, "")
    return Proposal((Edit(number, None),), ((change,),), note)


def _source(files: SourceFiles, text: PrintedText) -> SourceFile | None:
    place = text.block.place if text.block is not None else None
    return files.get(place.path) if place is not None else None


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


def _end(source: SourceFile, below: PrintedText | None) -> int:
    """The line before which something new must stand: the next text's, or beyond the last."""
    place = below.block.place if below is not None and below.block is not None else None
    if place is not None and place.path == source.path:
        return place.line
    return source.text.count("\n") + 2


def runs_of(numbers: Sequence[int]) -> Iterator[list[int]]:
    """Neighbouring numbers together."""
    run: list[int] = []
    for number in numbers:
        if run and number != run[-1] + 1:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
