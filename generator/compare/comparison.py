"""Two sides to a change list: the one entry point of this package, a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.compare import cautions
from generator.compare.causes import Families, code_labels, readable_titles, with_causes
from generator.compare.changes import (
    EDITED,
    RENAMED,
    WORDING,
    Change,
    Comparison,
    in_layers,
)
from generator.compare.facts_only import base_cautions, compare_facts
from generator.compare.figures import (
    FigureSides,
    cell_changes,
    figure_changes,
    numbers_of,
    printed_facts,
    word_changes,
)
from generator.compare.pairing import Item, Pairing, pair_documents
from generator.compare.sides import Side
from generator.compare.structure import compare_structure
from generator.compare.wording import Wording, is_date
from generator.compare.words import Classes
from generator.document import Paragraph, text_of

_BY_TEXT = "有一方是 Word 文件而不是生成结果：按读出的文字比较，段落和词语靠相似程度认定"
_NO_ANCHORS = "Word 文件没有本程序的标记：正文里的数靠前面的字句认定，可能有误"


def compare(
    old: Side, new: Side, *, ignore_year: bool = False, recoded: Mapping[str, str] | None = None
) -> Comparison:
    """All changes from `old` to `new`, figures, wording and layout apart.

    `ignore_year` leaves out that the year and the cover's date differ; `recoded` maps old subject
    codes to new ones where an item was only recoded.
    """
    if old.document is None or new.document is None:
        return compare_facts(old, new, ignore_year=ignore_year)
    names = old.naming, new.naming
    pairing = pair_documents(old.document, new.document, names)
    facts = printed_facts(pairing.old), printed_facts(pairing.new)
    values = numbers_of(facts[0]), numbers_of(facts[1])
    classes = Classes(pairing, (old.values, new.values), values)
    sides = FigureSides(*facts, new.measure)
    titles = readable_titles((*facts[0], *facts[1]), code_labels(pairing, names))
    structure = compare_structure(pairing, names, recoded or {})
    wording = Wording(names, classes)
    wording.compare_blocks(pairing)
    cells, texts = cell_changes(structure, sides)
    for _, table, grid in structure.grids:
        wording.compare_cells(table, grid, [text[1:] for text in texts if text[0] is table])
    families = Families(*values)
    changes = [
        *(
            with_causes(c, families, titles)
            for c in figure_changes(sides, structure, classes, titles)
        ),
        *word_changes(pairing, classes, wording.computed, titles),
        *cells,
        *_identity(old, new, pairing, ignore_year=ignore_year),
        *wording.changes(),
        *structure.changes,
    ]
    remarks = [_BY_TEXT] if new.by_text else []
    remarks += [_NO_ANCHORS] if new.by_text and not (old.anchored and new.anchored) else []
    found = (
        *cautions.stale_reasons(pairing.old, pairing.new, classes, titles),
        *base_cautions(old, new, values, classes),
        *cautions.two_ways(facts[0], old.name),
        *cautions.two_ways(facts[1], new.name),
        *cautions.not_adding_up(sides, families, titles),
    )
    return Comparison(old.title, new.title, in_layers(changes), found, tuple(remarks))


def _identity(old: Side, new: Side, pairing: Pairing, *, ignore_year: bool) -> Iterator[Change]:
    """The year, the cover's date and the department's name: everywhere, and said once."""
    if old.department != new.department:
        yield Change(
            WORDING, RENAMED, "部门名称", "部门名称", old.department, new.department, ("全文",)
        )
    if ignore_year:
        return
    if old.year != new.year:
        years = ["" if side.year is None else str(side.year) for side in (old, new)]
        yield Change(WORDING, EDITED, "年度", "年度", years[0], years[1], ("全文",))
    dates = [_date(items) for items in (pairing.old, pairing.new)]
    if dates[0] != dates[1]:
        yield Change(WORDING, EDITED, "公布日期", "封面日期", dates[0], dates[1], ("封面",))


def _date(items: tuple[Item, ...]) -> str:
    blocks = (item.block for item in items)
    return next(
        (text_of(b.segments) for b in blocks if isinstance(b, Paragraph) and is_date(b)), ""
    )
