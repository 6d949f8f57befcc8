"""The change list for a terminal: plain lines, what matters first, layers apart."""

from __future__ import annotations

from collections.abc import Iterator

from generator.compare.changes import (
    CAUTION_NAME,
    FIGURES,
    LAYER_NAMES,
    LAYERS,
    SENTENCE,
    WORDING,
    Amounts,
    Change,
    Comparison,
    SideTitle,
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
from generator.money import printed_step
from generator.problems import terminal_cells
from generator.verify.visible import visible

_NAME_CELLS = 44
_PLACES = 3


def text_report(comparison: Comparison) -> str:
    """The whole report, ending in a newline."""
    return "\n".join(map(visible, _lines(comparison))) + "\n"


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"旧：{side_line(comparison.old)}"
    yield f"新：{side_line(comparison.new)}"
    yield count_line(comparison)
    for remark in comparison.remarks:
        yield f"说明：{remark}"
    if comparison.cautions:
        yield ""
        yield f"【{CAUTION_NAME}】{len(comparison.cautions)} 条"
        for caution in comparison.cautions:
            yield f"  {caution.kind}：{caution.message}"
    if summary := summary_of(comparison):
        yield ""
        yield f"【{SUMMARY_NAME}】{len(summary)} 项"
        for change in summary:
            yield from _entry(Entry(change))
    for layer in LAYERS:
        changes = comparison.layer(layer)
        entries = entries_of(changes)
        if entries:
            yield ""
            yield f"【{LAYER_NAMES[layer]}】{listed_count(changes, entries)}"
            for entry in entries:
                yield from _entry(entry)


def side_line(side: SideTitle) -> str:
    """2023（青石市大数据中心，已公布的文件）."""
    return f"{side.name}（{'，'.join(filter(None, (side.department, side.origin)))}）"


def _entry(entry: Entry) -> Iterator[str]:
    change = entry.change
    if change.layer == FIGURES and change.amounts is not None:
        yield f"  {_padded(change.title)} {figure_line(change)}"
    else:
        yield f"  {change.kind}：{change.title}{from_to(change, '　')}"
    if change.layer == WORDING:
        for edit in (edit.closely() for edit in change.edits):
            if edit.old:
                yield f"      - {edit.before}【{edit.old}】{edit.after}"
            if edit.new:
                yield f"      + {edit.before}【{edit.new}】{edit.after}"
    if entry.details:
        yield f"      {'；'.join(entry.details)}"
    for derived in entry.derived:
        yield f"      {entry.label(derived)[1]}　{figure_line(derived)}"
    if entry.alike:
        yield f"      {alike_line(entry)}"
    if change.places and (change.layer != FIGURES or change.kind == SENTENCE):
        yield f"      在：{shortened_places(change.places)}"


def from_to(change: Change, before: str = "") -> str:
    """旧 → 新 after `before`; nothing where edits say it, or where nothing is to be said."""
    if change.edits or not (change.old or change.new):
        return ""
    return f"{before}{change.old or '（无）'} → {change.new or '（无）'}"


def figure_line(change: Change) -> str:
    """650.1万元 → 832.3万元  +182.2（+28.0%）, or 新增/取消 with the one amount."""
    moved = difference_text(change.amounts) or change.kind
    return f"{change.old or '（无）'} → {change.new or '（无）'}  {moved}"


def difference_text(amounts: Amounts | None) -> str:
    """+182.2（+28.0%）, -0.1（不足0.1%）; percentages change by points; empty without two numbers."""
    if amounts is None or amounts.difference is None:
        return ""
    if amounts.measure == "%":
        return f"{amounts.difference:+f} 个百分点"
    if amounts.rate is None:
        return f"{amounts.difference:+f}"
    tiny = amounts.difference and not amounts.rate
    rate = f"不足{printed_step(amounts.rate)}%" if tiny else f"{amounts.rate:+f}%"
    return f"{amounts.difference:+f}（{rate}）"


def shortened_places(places: tuple[str, ...]) -> str:
    shown = "；".join(places[:_PLACES])
    return shown if len(places) <= _PLACES else f"{shown} 等 {len(places)} 处"


def _padded(text: str) -> str:
    return text + " " * max(_NAME_CELLS - terminal_cells(text), 0)
