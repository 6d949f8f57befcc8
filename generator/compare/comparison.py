"""Two sides to a change list: the one entry point of this package, a pure function."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.collector import collector_paused
from generator.compare import cautions
from generator.compare.branches import Branches
from generator.compare.changes import EDITED, RENAMED, WORDING, Change, Comparison, in_layers
from generator.compare.facts import (
    measure_of,
    measure_remarks,
    numbers_of,
    owed_facts,
    printed_facts,
)
from generator.compare.facts_only import compare_facts
from generator.compare.figures import (
    cell_changes,
    figure_changes,
    figures_between,
    switched_changes,
    word_changes,
)
from generator.compare.pairing import Item, Pairing, pair_documents
from generator.compare.recoding import Recoding, recoding_between
from generator.compare.sides import Side
from generator.compare.structure import compare_structure
from generator.compare.titles import Titles, code_labels
from generator.compare.wording import Wording, is_date
from generator.compare.words import Classes, classes_of
from generator.document import text_of

_BY_TEXT = "有一方是 Word 文件而不是生成结果：按读出的文字比较，段落和词语靠相似程度认定"
_NO_ANCHORS = "Word 文件没有本程序的内部标记：正文里的数靠前面的字句认定，可能有误"


@collector_paused()
def compare(old: Side, new: Side, *, ignore_year: bool = False) -> Comparison:
    """All changes from `old` to `new`, figures, wording and layout apart.

    `ignore_year` leaves out that the year and the cover's date differ.
    """
    recoding = recoding_between(old, new)
    if old.document is None or new.document is None:
        found = compare_facts(old, new, recoding)
    else:
        found = _compared(*recoding.sides(old, new), recoding, ignore_year=ignore_year)
    named = _name_and_year(old, new, ignore_year=ignore_year)
    return replace(found, changes=in_layers((*named, *found.changes)))


def _compared(old: Side, new: Side, recoding: Recoding, *, ignore_year: bool) -> Comparison:
    """Both sides under the same codes, but for the department's name and the year."""
    assert old.document is not None
    assert new.document is not None
    names = old.naming, new.naming
    pairing = pair_documents(old.document, new.document, names)
    printed = printed_facts(pairing.old, old.values), printed_facts(pairing.new, new.values)
    own = recoding.both(printed)
    shown = numbers_of(own[0]), numbers_of(own[1])
    by_side = (
        classes_of(pairing.old, old.values, shown[0]),
        classes_of(pairing.new, new.values, shown[1]),
    )
    classes = Classes(by_side, shown, new.by_text)
    labels = code_labels(pairing.old, names[0]), code_labels(pairing.new, names[1])
    titles = Titles(recoding.labels(labels))
    measures = measure_of(printed[0], old.measure), measure_of(printed[1], new.measure)
    owed = owed_facts(pairing.old), owed_facts(pairing.new)
    figures = figures_between(own, measures, titles, owed)
    branches = Branches(pairing, (old.templates, new.templates))
    structure = compare_structure(branches, names, recoding)
    relabelled = {c: (labels[0].get(c, ""), labels[1].get(c, "")) for c in recoding.new_codes}
    wording = Wording(names, classes, branches, relabelled, structure.item_labels())
    wording.compare_blocks(pairing)
    cells: list[Change] = []
    for table in structure.tables:
        cells += cell_changes(table, figures)
        wording.compare_cells(table)
    changes = (
        *figure_changes(figures, structure, classes),
        *word_changes(classes, wording.computed, titles),
        *switched_changes(wording.switched),
        *recoding.changes(labels),
        *cells,
        *(() if ignore_year else _cover_dates(pairing)),
        *wording.changes(),
        *structure.changes,
    )
    found = (
        *cautions.stale_reasons(pairing.old, pairing.new, classes, titles),
        *cautions.wrong_bases(old, new, by_side[1], figures),
        *cautions.two_ways(printed[0], old.name, titles),
        *cautions.two_ways(printed[1], new.name, titles),
        *cautions.not_adding_up(figures),
    )
    remarks = (*_remarks(old, new), *measure_remarks(*measures))
    return Comparison(old.title, new.title, changes, found, remarks)


def _remarks(old: Side, new: Side) -> tuple[str, ...]:
    """How far the comparison can be trusted."""
    if not new.by_text:
        return ()
    settled = tuple(f"{side.name}：{remark}" for side in (old, new) for remark in side.remarks)
    anchored = old.anchored and new.anchored
    return (_BY_TEXT, *(() if anchored else (_NO_ANCHORS,)), *settled)


def _name_and_year(old: Side, new: Side, *, ignore_year: bool) -> Iterator[Change]:
    """The department's name and the year: everywhere, and said once, where both are known."""
    names = old.department, new.department
    if all(names) and names[0] != names[1]:
        yield Change(WORDING, RENAMED, "部门名称", "部门名称", *names, ("全文",))
    years = old.year, new.year
    if None not in years and years[0] != years[1] and not ignore_year:
        yield Change(WORDING, EDITED, "年度", "年度", str(years[0]), str(years[1]), ("全文",))


def _cover_dates(pairing: Pairing) -> Iterator[Change]:
    """The cover's date, which changes with the year; on one cover alone it is a paragraph more."""
    old, new = (_date(items) for items in (pairing.old, pairing.new))
    if old and new and old != new:
        yield Change(WORDING, EDITED, "公布日期", "封面日期", old, new, ("封面",))


def _date(items: tuple[Item, ...]) -> str:
    blocks = (item.block for item in items)
    return next((text_of(b.segments) for b in blocks if is_date(b)), "")
