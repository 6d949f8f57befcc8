"""The change list as one HTML file: no network, no other file, usable without a mouse.

Layers stand apart; old and new side by side. The filters only hide rows: without JavaScript, or on
paper, everything shows.
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
from generator.compare.report_page import SCRIPT, STYLE
from generator.compare.report_text import difference_text, side_line


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
    yield from _filters(comparison)
    for layer in LAYERS:
        yield from _layer(layer, comparison.layer(layer))
    yield from _cautions(comparison)


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


def _layer(layer: str, changes: tuple[Change, ...]) -> Iterator[str]:
    name = LAYER_NAMES[layer]
    yield f'<section data-layer="{layer}" aria-labelledby="{layer}">'
    yield f'<h2 id="{layer}">{name}（{len(changes)}）</h2>'
    if not changes:
        yield f"<p>{name}没有变化。</p></section>"
        return
    last = '<th scope="col">变化</th>' if layer == FIGURES else ""
    yield f'<div class="wide" tabindex="0" role="group" aria-label="{name}的变化"><table>'
    yield (
        '<thead><tr><th scope="col">类别</th><th scope="col">内容</th><th scope="col">旧</th>'
        f'<th scope="col">新</th>{last}</tr></thead><tbody>'
    )
    for change in changes:
        yield _row(change)
    yield "</tbody></table></div></section>"


def _row(change: Change) -> str:
    is_figure = change.layer == FIGURES
    derived = ' data-derived=""' if is_figure and is_derived(change.subject) else ""
    subject = f'<th scope="row">{escape(change.title)}{_notes(change)}</th>'
    if change.edits:
        old, new = (
            "".join(f"<p>{_edit(e.closely(), side)}</p>" for e in change.edits)
            for side in ("old", "new")
        )
    else:
        old, new = (_sentence(escape(text)) for text in (change.old, change.new))
    moved = ""
    if is_figure:
        text = difference_text(change.amounts) if change.amounts is not None else ""
        moved = f'<td class="number">{escape(text)}</td>'
    number = ' class="number"' if change.amounts is not None else ""
    return (
        f'<tr data-kind="{escape(change.kind)}"{derived}><td>{escape(change.kind)}</td>{subject}'
        f"<td{number}>{old}</td><td{number}>{new}</td>{moved}</tr>"
    )


def _notes(change: Change) -> str:
    """What belongs to a change, and where it is printed: unfolded on demand."""
    notes = "".join(f"<li>{escape(detail)}</li>" for detail in change.details)
    places = "".join(f"<li>{escape(place)}</li>" for place in change.places)
    pieces = f'<ul class="details">{notes}</ul>' if notes else ""
    if places:
        pieces += (
            f"<details><summary>印在 {len(change.places)} 处</summary><ul>{places}</ul></details>"
        )
    return pieces


def _edit(edit: Edit, side: str) -> str:
    text, tag = (edit.old, "del") if side == "old" else (edit.new, "ins")
    changed = f"<{tag}>{_sentence(escape(text))}</{tag}>" if text else ""
    return f"{escape(edit.before)}{changed}{escape(edit.after)}"


def _sentence(text: str) -> str:
    return text.replace("\n", "<br>")


def _cautions(comparison: Comparison) -> Iterator[str]:
    yield f'<section data-layer="{CAUTIONS}" aria-labelledby="{CAUTIONS}">'
    yield f'<h2 id="{CAUTIONS}">{CAUTION_NAME}（{len(comparison.cautions)}）</h2><ul class="cautions">'
    for caution in comparison.cautions:
        kind, message = escape(caution.kind), escape(caution.message)
        yield f'<li data-kind="{kind}"><strong>{kind}</strong> {message}</li>'
    yield "</ul></section>" if comparison.cautions else "<li>没有。</li></ul></section>"
