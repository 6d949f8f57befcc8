"""The change list in Markdown, for a mail or a review thread."""

from __future__ import annotations

from collections.abc import Iterator

from generator.compare.changes import (
    CAUTION_NAME,
    FIGURES,
    LAYER_NAMES,
    LAYERS,
    Change,
    Comparison,
    Edit,
    count_line,
)
from generator.compare.reports.digest import (
    SUMMARY_NAME,
    Entry,
    alike_line,
    entries_of,
    listed_count,
    summary_of,
)
from generator.compare.reports.text import difference_text, from_to, shortened_places, side_line
from generator.verify.visible import visible

_SPECIAL = str.maketrans({char: f"\\{char}" for char in "\\`*_{}[]<>#|~"})


def markdown_report(comparison: Comparison) -> str:
    return "\n".join(_lines(comparison)) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"# {_plain(comparison.old.name)} 与 {_plain(comparison.new.name)} 比较"
    yield ""
    yield f"- 旧：{_plain(side_line(comparison.old))}"
    yield f"- 新：{_plain(side_line(comparison.new))}"
    yield f"- {count_line(comparison)}"
    for remark in comparison.remarks:
        yield f"- 说明：{_plain(remark)}"
    if comparison.cautions:
        yield from _heading(f"{CAUTION_NAME}（{len(comparison.cautions)} 条）")
        for caution in comparison.cautions:
            yield f"- **{caution.kind}** {_plain(caution.message)}"
    if summary := summary_of(comparison):
        yield from _heading(f"{SUMMARY_NAME}（{len(summary)} 项）")
        yield from _figures(tuple(map(Entry, summary)))
    for layer in LAYERS:
        changes = comparison.layer(layer)
        entries = entries_of(changes)
        if entries:
            yield from _heading(f"{LAYER_NAMES[layer]}（{listed_count(changes, entries)}）")
            yield from _figures(entries) if layer == FIGURES else _texts(changes)


def _heading(text: str) -> Iterator[str]:
    yield from ("", f"## {text}", "")


def _figures(entries: tuple[Entry, ...]) -> Iterator[str]:
    yield "| 类别 | 数 | 旧 | 新 | 变化 | 由来 |"
    yield "|---|---|--:|--:|--:|---|"
    for entry in entries:
        alike = [alike_line(entry)] if entry.alike else []
        yield _figure(entry.change, entry.change.title, "；".join([*entry.details, *alike]))
        for derived in entry.derived:
            yield _figure(derived, f"　{entry.label(derived)[1]}", "")


def _figure(change: Change, title: str, origin: str) -> str:
    moved = difference_text(change.amounts)
    cells = (change.kind, title, change.old, change.new, moved, origin)
    return "| " + " | ".join(map(_plain, cells)) + " |"


def _texts(changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes:
        yield f"- **{change.kind}** {_plain(change.title + from_to(change, '：'))}"
        for edit in (edit.closely() for edit in change.edits):
            yield f"  - {_edit(edit)}"
        if change.places:
            yield f"  - 在：{_plain(shortened_places(change.places))}"


def _edit(edit: Edit) -> str:
    old = f"~~{_plain(edit.old)}~~" if edit.old else ""
    new = f"**{_plain(edit.new)}**" if edit.new else ""
    return f"{_plain(edit.before)}{old}{new}{_plain(edit.after)}"


def _plain(text: str) -> str:
    return visible(text).translate(_SPECIAL)
