"""Two sides to a change list: the one entry point of this package, a pure function."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from generator.compare import cautions
from generator.compare.causes import Families, causes, readable_titles, selection_of
from generator.compare.changes import (
    CHANGED,
    EDITED,
    FIGURES,
    LAYERS,
    NEW,
    RENAMED,
    WORDING,
    Caution,
    Change,
    Comparison,
)
from generator.compare.figures import (
    FigureSides,
    Printed,
    cell_changes,
    fact_change,
    figure_changes,
    printed_facts,
    word_changes,
)
from generator.compare.pairing import Item, Pairing, pair_documents
from generator.compare.sides import Side
from generator.compare.structure import compare_structure
from generator.compare.tables import grids_of
from generator.compare.wording import Wording, is_date
from generator.compare.words import Classes
from generator.document import Paragraph, Table, text_of

_FACTS_ONLY = "只有公布过的数，没有文件模型：只比较数字；文字和版式不能比较"
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
        return _facts_only(old, new, ignore_year=ignore_year)
    names = old.naming, new.naming
    pairing = pair_documents(old.document, new.document, names)
    facts = printed_facts(pairing.old), printed_facts(pairing.new)
    values = _numbers(facts[0]), _numbers(facts[1])
    classes = Classes(pairing, (old.values, new.values), values)
    sides = FigureSides(*facts, new.measure)
    titles = readable_titles((*facts[0], *facts[1]), _labels(pairing, old, new))
    structure = compare_structure(pairing, names, recoded or {})
    wording = Wording(names, classes)
    wording.compare_blocks(pairing)
    cells, texts = cell_changes(structure, sides)
    for _, table, grid in structure.grids:
        wording.compare_cells(table, grid, [text[1:] for text in texts if text[0] is table])
    families = Families(*values)
    changes = [
        *(_with_causes(c, families, titles) for c in figure_changes(sides, structure, classes, titles)),
        *word_changes(pairing, classes, wording.computed, titles),
        *cells,
        *_identity(old, new, pairing, ignore_year=ignore_year),
        *wording.changes(),
        *structure.changes,
    ]
    remarks = [_BY_TEXT] if new.by_text else []
    remarks += [_NO_ANCHORS] if new.by_text and not (old.anchored and new.anchored) else []
    found = (
        *cautions.stale_reasons(pairing.old, pairing.new, classes),
        *_base_cautions(old, new, values, classes),
        *cautions.two_ways(facts[0], old.name),
        *cautions.two_ways(facts[1], new.name),
        *cautions.not_adding_up(sides, families, titles),
    )
    return Comparison(old.title, new.title, _in_layers(changes), found, tuple(remarks))


def _in_layers(changes: list[Change]) -> tuple[Change, ...]:
    return tuple(c for layer in LAYERS for c in changes if c.layer == layer)


def _numbers(facts: Mapping[str, Printed]) -> dict[str, Decimal]:
    return {name: fact.value for name, fact in facts.items()}


def _with_causes(change: Change, families: Families, titles: Mapping[str, str]) -> Change:
    if change.kind != CHANGED:
        return change
    return replace(change, details=(*change.details, *causes(change.subject, families, titles)))


def _labels(pairing: Pairing, old: Side, new: Side) -> dict[str, str]:
    """The names of codes, as the tables print them beside the codes."""
    labels: dict[str, str] = {}
    for items, side in ((pairing.old, old), (pairing.new, new)):
        for item in items:
            if isinstance(item.block, Table):
                for grid in grids_of(item.block, side.naming):
                    for row in grid.rows:
                        code = row.key.partition("/")[0].partition("#")[0]
                        if code.isdigit() and row.label != row.key:
                            labels[code] = row.label.rpartition(" ")[2]
    return labels


def _identity(old: Side, new: Side, pairing: Pairing, *, ignore_year: bool) -> Iterator[Change]:
    """The year, the cover's date and the department's name: everywhere, and said once."""
    if old.department != new.department:
        yield Change(WORDING, RENAMED, "部门名称", "部门名称", old.department, new.department, ("全文",))
    if ignore_year:
        return
    if old.year != new.year:
        years = ("" if side.year is None else str(side.year) for side in (old, new))
        yield Change(WORDING, EDITED, "年度", "年度", *years, ("全文",))
    dates = [_date(items) for items in (pairing.old, pairing.new)]
    if dates[0] != dates[1]:
        yield Change(WORDING, EDITED, "公布日期", "封面日期", *dates, ("封面",))


def _date(items: tuple[Item, ...]) -> str:
    blocks = (item.block for item in items)
    return next(
        (text_of(b.segments) for b in blocks if isinstance(b, Paragraph) and is_date(b)), ""
    )


def _base_cautions(
    old: Side, new: Side, values: tuple[dict[str, Decimal], dict[str, Decimal]], classes: Classes
) -> Iterator[Caution]:
    if old.year is not None and new.year is not None and old.year + 1 == new.year:
        yield from cautions.wrong_bases(values[0], new.values, classes.by_side[1], values[1])


# A year of which only facts are known


def _facts_only(old: Side, new: Side, *, ignore_year: bool) -> Comparison:
    printed = _printed_or_published(old), _printed_or_published(new)
    titles = readable_titles((*printed[0], *printed[1]), _labels_of(old, new))
    sides = FigureSides(*printed, new.measure)
    values = _numbers(printed[0]), _numbers(printed[1])
    families = Families(*values)
    changes = [
        _with_causes(change, families, titles) for change in _fact_changes(old, new, sides, titles)
    ]
    if old.year != new.year and not ignore_year:
        changes.append(Change(WORDING, EDITED, "年度", "年度", str(old.year), str(new.year), ("全文",)))
    if old.department != new.department:
        pair = old.department, new.department
        changes.append(Change(WORDING, RENAMED, "部门名称", "部门名称", *pair, ("全文",)))
    remarks = [f"{side.name}：{_FACTS_ONLY}" for side in (old, new) if side.document is None]
    remarks += _left_out(old, new)
    found = [*cautions.not_adding_up(sides, families, titles)]
    if new.document is not None:
        items = pair_documents(new.document, new.document, (new.naming, new.naming))
        classes = Classes(items, (new.values, new.values), (values[1], values[1]))
        found += _base_cautions(old, new, values, classes)
    return Comparison(old.title, new.title, _in_layers(changes), tuple(found), tuple(remarks))


def _printed_or_published(side: Side) -> dict[str, Printed]:
    if side.document is not None:
        naming = side.naming
        return printed_facts(pair_documents(side.document, side.document, (naming, naming)).new)
    facts = {}
    for name, amount in side.values.items():
        value = Decimal(0) if amount is None else amount
        text = "" if amount is None else f"{amount}{side.measure}"
        facts[name] = Printed(value, side.measure, [text], ["公布的数"], {value})
    return facts


def _fact_changes(
    old: Side, new: Side, sides: FigureSides, titles: Mapping[str, str]
) -> Iterator[Change]:
    """Facts that both sides know, and items absent from a complete list, which were zero."""
    for name in dict.fromkeys((*sides.new, *sides.old)):
        one, other = sides.old.get(name), sides.new.get(name)
        if one is not None and other is not None:
            if one.value != other.value:
                yield fact_change(CHANGED, name, one, other, titles)
        elif one is None and _listed_completely(name, old.complete):
            yield fact_change(NEW, name, None, other, titles)
        elif other is None and _listed_completely(name, new.complete or old.complete):
            yield replace(fact_change(NEW, name, None, one, titles), kind="取消")


def _listed_completely(name: str, complete: frozenset[str]) -> bool:
    """Whether the name is an item, by function, of a figure of which all items were published."""
    selection = selection_of(name)
    if selection is None:
        return False
    measure, filters = selection
    if [len(code) for code in filters.get("功能科目", ())] != [7]:
        return False
    rest = {d: v for d, v in filters.items() if d != "功能科目"}
    return any(selection_of(family) == (measure, rest) for family in complete)


def _left_out(old: Side, new: Side) -> list[str]:
    known = [set(_printed_or_published(side)) for side in (old, new)]
    left = [
        f"{side.name} 有 {len(known[i] - known[1 - i])} 个数在另一方没有公布，没有比较"
        for i, side in enumerate((old, new))
        if known[i] - known[1 - i]
    ]
    return left


def _labels_of(old: Side, new: Side) -> dict[str, str]:
    for side in (new, old):
        if side.document is not None:
            naming = side.naming
            pairing = pair_documents(side.document, side.document, (naming, naming))
            return _labels(pairing, side, side)
    return {}
