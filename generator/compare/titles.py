"""What a report calls a fact: 支出[功能科目=2010301,单位=159001] is 支出·2010301行政运行·159001某局."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from generator.compare.normal import Naming, without_ordinal
from generator.compare.pairing import Item
from generator.compare.tables import grids_of
from generator.document import Table
from generator.figures.definitions import DEFINITION_BY_NAME, selection_named

_SHARE = re.compile(r"占比\((.*)\)")
_CATEGORY_DIGITS = 3


class Titles:
    """Readable names of facts; `labels` are the names of codes."""

    def __init__(self, labels: Mapping[str, str]) -> None:
        self._labels = labels
        self._known: dict[str, str] = {}

    def of(self, name: str) -> str:
        if name not in self._known:
            self._known[name] = self._title(name)
        return self._known[name]

    def item(self, name: str, by: str) -> str:
        """An item alone, without what it shares with the total it divides `by`: 2010301行政运行."""
        selection = selection_named(name)
        value = _said(by, dict(selection.filters).get(by, ())) if selection else ""
        pieces = self.of(name).split("·")
        return next((piece for piece in pieces if value and piece.startswith(value)), pieces[0])

    def _title(self, name: str) -> str:
        base, dot, rest = name.partition("].")
        if not dot:
            return self._readable(name)
        whole = _SHARE.fullmatch(rest)
        return f"{self._readable(f'{base}]')} {f'占 {self._readable(whole[1])}' if whole else rest}"

    def _readable(self, name: str) -> str:
        selection = selection_named(name)
        if name in DEFINITION_BY_NAME or selection is None:
            return re.sub(r"\.占比\((.*)\)$", r" 占 \1", name).replace(".增", " 增")
        named = (_said(by, map(self._labelled, values)) for by, values in selection.filters)
        return "·".join([selection.measure, *named])

    def _labelled(self, value: str) -> str:
        return f"{value}{self._labels.get(value, '')}" if value.isdigit() else value


def _said(by: str, values: Iterable[str]) -> str:
    """The values of a filter; of one that is answered 是, what it asks: 财政拨款."""
    value = "、".join(values)
    return {"是": by, "否": f"非{by}"}.get(value, value)


def code_labels(items: Iterable[Item], naming: Naming) -> dict[str, str]:
    """The names of codes, as a document's tables print them beside the codes, without numbers.

    Not the department's: its code may be that of a category too (301 工资福利支出), and no fact has it.
    """
    labels: dict[str, str] = {}
    for item in items:
        if not isinstance(item.block, Table):
            continue
        for row in (row for grid in grids_of(item.block, naming) for row in grid.rows):
            code, _, rest = row.key.partition("#")[0].partition("/")
            if not code.isdigit() or (rest and not rest.isdigit()) or row.label == row.key:
                continue
            if len(code) != _CATEGORY_DIGITS or row.label != naming.department:
                labels[code] = without_ordinal(row.label.partition(" ")[0])
    return labels
