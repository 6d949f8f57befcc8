"""The change list as one HTML file: no network, no other file, usable without a mouse.

What matters first; then the layers apart, old and new side by side. The filters only hide rows, and
what is folded unfolds by itself: without JavaScript, or on paper, nothing is out of reach.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from generator.compare.changes import (
    CAUTION_NAME,
    CAUTIONS,
    FIGURES,
    LAYER_NAMES,
    LAYERS,
    Change,
    Comparison,
    Edit,
    count_line,
)
from generator.compare.normal import is_derived
from generator.compare.reports.digest import (
    SUMMARY,
    SUMMARY_NAME,
    Entry,
    alike_count,
    entries_of,
    listed_count,
    summary_of,
)
from generator.compare.reports.page import SCRIPT, STYLE
from generator.compare.reports.text import difference_text, figure_line, side_line


def html_report(comparison: Comparison) -> str:
    title = escape(f"{comparison.old.name} 与 {comparison.new.name} 比较")
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">\n"
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{title}</h1>\n" + "\n".join(_body(comparison)) + "\n</main>\n"
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _body(comparison: Comparison) -> Iterator[str]:
    yield '<dl class="sides">'
    yield f"<dt>旧</dt><dd>{escape(side_line(comparison.old))}</dd>"
    yield f"<dt>新</dt><dd>{escape(side_line(comparison.new))}</dd></dl>"
    yield f'<p id="counts">{escape(count_line(comparison))}</p>'
    for remark in comparison.remarks:
        yield f'<p class="remark">说明：{escape(remark)}</p>'
    yield from _cautions(comparison)
    yield from _summary(comparison)
    yield from _filters(comparison)
    for layer in LAYERS:
        yield from _layer(layer, comparison.layer(layer))


def _filters(comparison: Comparison) -> Iterator[str]:
    counts = comparison.counts()
    yield '<form id="filters" role="search" aria-label="筛选"><fieldset><legend>只看</legend>'
    for layer, name in (*LAYER_NAMES.items(), (CAUTIONS, CAUTION_NAME)):
        yield (
            f'<label><input type="checkbox" name="layer" value="{layer}" checked> '
            f"{name}（{counts[layer]}）</label>"
        )
    yield "</fieldset>"
    kinds = dict.fromkeys(change.kind for change in comparison.changes)
    options = "".join(f"<option>{escape(kind)}</option>" for kind in kinds)
    yield f'<label>类别 <select name="kind"><option value="">全部</option>{options}</select></label>'
    yield '<label>包含文字 <input type="search" name="words" autocomplete="off"></label>'
    yield '<label><input type="checkbox" name="derived"> 不看增减额、增幅和占比</label>'
    yield '<p id="shown" role="status" aria-live="polite"></p></form>'


def _summary(comparison: Comparison) -> Iterator[str]:
    """The main points; they are no entries, and the filters leave them alone."""
    changes = summary_of(comparison)
    if not changes:
        return
    yield f'<section aria-labelledby="{SUMMARY}">'
    yield f'<h2 id="{SUMMARY}">{SUMMARY_NAME}（{len(changes)} 项）</h2>'
    rows = [f"<tr>{_cells(c, _title(c.title, c.details))}</tr>" for c in changes]
    yield from _table(SUMMARY_NAME, FIGURES, rows)
    yield "</section>"


def _layer(layer: str, changes: tuple[Change, ...]) -> Iterator[str]:
    name = LAYER_NAMES[layer]
    entries = entries_of(changes)
    yield f'<section data-layer="{layer}" aria-labelledby="{layer}">'
    yield f'<h2 id="{layer}">{name}（{listed_count(changes, entries)}）</h2>'
    if changes:
        yield from _table(f"{name}的变化", layer, [row for e in entries for row in _rows(e)])
    else:
        yield f"<p>{name}没有变化。</p>"
    yield "</section>"


def _table(name: str, layer: str, rows: list[str]) -> Iterator[str]:
    last = '<th scope="col">变化</th>' if layer == FIGURES else ""
    yield f'<div class="wide" tabindex="0" role="group" aria-label="{name}"><table>'
    yield (
        '<thead><tr><th scope="col">类别</th><th scope="col">内容</th><th scope="col">旧</th>'
        f'<th scope="col">新</th>{last}</tr></thead><tbody>'
    )
    yield from rows
    yield "</tbody></table></div>"


def _rows(entry: Entry) -> Iterator[str]:
    change = entry.change
    yield _row(change, _title(change.title, entry.details) + _places(change) + _alike(entry))
    for derived in entry.derived:
        figure, label = map(escape, entry.label(derived))
        title = (f'<span class="of">{figure} </span>' if figure else "") + label
        yield _row(derived, title + _places(derived), ' class="under"')


def _row(change: Change, title: str, look: str = "") -> str:
    derived = change.layer == FIGURES and is_derived(change.subject)
    mark = ' data-derived=""' if derived else ""
    return f'<tr{look} data-kind="{escape(change.kind)}"{mark}>{_cells(change, title)}</tr>'


def _cells(change: Change, title: str) -> str:
    if change.edits:
        old, new = (
            "".join(f"<p>{_edit(e.closely(), side)}</p>" for e in change.edits)
            for side in ("old", "new")
        )
    else:
        old, new = (_sentence(escape(text)) for text in (change.old, change.new))
    moved = ""
    if change.layer == FIGURES:
        moved = f'<td class="number">{escape(difference_text(change.amounts))}</td>'
    number = ' class="number"' if change.amounts is not None else ""
    return (
        f'<td class="kind">{escape(change.kind)}</td><th scope="row">{title}</th>'
        f"<td{number}>{old}</td><td{number}>{new}</td>{moved}"
    )


def _title(title: str, details: tuple[str, ...]) -> str:
    notes = "".join(f"<li>{escape(detail)}</li>" for detail in details)
    return escape(title) + (f'<ul class="details">{notes}</ul>' if notes else "")


def _places(change: Change) -> str:
    """Where a change is printed: unfolded on demand."""
    places = "".join(f"<li>{escape(place)}</li>" for place in change.places)
    summary = f"<summary>印在 {len(change.places)} 处</summary>"
    return f"<details>{summary}<ul>{places}</ul></details>" if places else ""


def _alike(entry: Entry) -> str:
    """The other figures with the same amounts, each with all that belongs to it."""
    items = "".join(
        f'<li data-kind="{escape(change.kind)}">'
        f"{_title(f'{change.title} {figure_line(change)}', change.details)}{_places(change)}</li>"
        for change in entry.alike
    )
    summary = f"<summary>{alike_count(entry)}</summary>"
    return f'<details class="alike">{summary}<ul>{items}</ul></details>' if items else ""


def _edit(edit: Edit, side: str) -> str:
    text, tag = (edit.old, "del") if side == "old" else (edit.new, "ins")
    changed = f"<{tag}>{_sentence(escape(text))}</{tag}>" if text else ""
    return f"{escape(edit.before)}{changed}{escape(edit.after)}"


def _sentence(text: str) -> str:
    return text.replace("\n", "<br>")


def _cautions(comparison: Comparison) -> Iterator[str]:
    if not comparison.cautions:
        return
    yield f'<section data-layer="{CAUTIONS}" aria-labelledby="{CAUTIONS}">'
    yield f'<h2 id="{CAUTIONS}">{CAUTION_NAME}（{len(comparison.cautions)} 条）</h2><ul class="cautions">'
    for caution in comparison.cautions:
        kind, message = escape(caution.kind), escape(caution.message)
        yield f'<li data-kind="{kind}"><strong>{kind}</strong> {message}</li>'
    yield "</ul></section>"
