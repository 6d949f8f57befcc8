"""New records into an existing data file: comments, order and untouched lines stay as they are.

A line of the same identity (unit, codes, fund …) with another amount is changed in place; lines the
import does not have are removed, or kept if asked; new lines go to the end. 涉密 lines are neither
changed nor removed: an import cannot say which of its rows are secret.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from generator.importing.records import Imported, Values
from generator.importing.targets import DEFAULTS, FACTS, PROJECTS, TARGETS
from generator.importing.yaml_lines import record_line, scalar
from generator.load.editing import with_line_ends_of
from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Scalar, Sequence, child, decode, read_yaml
from generator.problems import Place

FACTS_LIST = "数据"
SECRET, YES = "涉密", "是"

Canonical = Callable[[Values], Values]


class Merge(NamedTuple):
    """The file as it would be; the records that differ, as they stand in it; where each imported line comes from.

    `kept` counts lines that the import does not have and that stay all the same.
    """

    target: str
    content: bytes
    exists: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[tuple[str, str], ...]
    unchanged: int
    kept: int
    source_by_line: Mapping[int, Imported]

    @property
    def differs(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def place_of(self, line: int) -> Place | None:
        """The cell that a line comes from; None for lines that were there before."""
        source = self.source_by_line.get(line)
        return source.place if source and source.sound else None


class _Item(NamedTuple):
    """An existing record: its node, its lines (from 0, the last not included), its values."""

    node: MappingNode
    first: int
    last: int
    values: Values


def existing_records(content: bytes, path: str) -> list[Values]:
    """The records of a list file as texts; Unreadable if it is not plain YAML."""
    node = read_yaml(content, path)
    items = node.items if isinstance(node, Sequence) else []
    return [_texts(item) for item in items if isinstance(item, MappingNode)]


def merge(
    target: str,
    path: str,
    old: bytes | None,
    records: list[Imported],
    *,
    header: str,
    canonical: Canonical,
    keep_missing: bool,
    secret_projects: frozenset[tuple[str, str]] = frozenset(),
) -> Merge:
    """`records` merged into `old` (None: no file yet), shown as `path`; Unreadable if it is broken.

    `secret_projects` are the unit and name of projects whose lines stay, imported or not.
    """
    sequence = _sequence(read_yaml(old or b"", path), target)
    if old is None or sequence is None or not sequence.items:
        return _new_file(target, old or b"", records, header)
    lines = decode(old, path).rstrip("\n").split("\n")
    merger = _Merger(target, lines, sequence, canonical, keep_missing, secret_projects)
    merged = merger.merge(records)
    return merged._replace(content=with_line_ends_of(old, merged.content))


def _new_file(target: str, old: bytes, records: list[Imported], header: str) -> Merge:
    text = decode(old, target)
    comments = [line for line in text.split("\n") if line.lstrip().startswith("#")]
    head = [line for line in header.split("\n") if not (comments and line.startswith("#"))]
    lines = [*comments, *head]
    indent = "  " if target == FACTS else ""
    added = [record_line(record.values, indent) for record in records]
    start = len(lines) + 1
    content = with_line_ends_of(old, ("\n".join([*lines, *added]) + "\n").encode())
    sources = dict(enumerate(records, start))
    return Merge(target, content, bool(text.strip()), tuple(added), (), (), 0, 0, sources)


@dataclass
class _Merger:
    target: str
    lines: list[str]
    sequence: Sequence
    canonical: Canonical
    keep_missing: bool
    secret_projects: frozenset[tuple[str, str]]

    def __post_init__(self) -> None:
        self.kind = TARGETS[self.target]
        self.identity = self.kind.identity
        self.items = list(self._items())

    def _items(self) -> Iterable[_Item]:
        starts = [item.line - 1 for item in self.sequence.items]
        for position, node in enumerate(self.sequence.items):
            first = starts[position]
            following = starts[position + 1] if position + 1 < len(starts) else len(self.lines)
            last = self._end(first, following)
            if isinstance(node, MappingNode):
                yield _Item(node, first, last, _texts(node))

    def _end(self, first: int, following: int) -> int:
        """The line after a record's last one: comments and blank lines after it are not its own."""
        dash = len(self.lines[first]) - len(self.lines[first].lstrip())
        last = first + 1
        for number in range(first + 1, following):
            text = self.lines[number]
            if text.strip() and not text.lstrip().startswith("#"):
                if len(text) - len(text.lstrip()) <= dash:
                    break
                last = number + 1
        return last

    def merge(self, records: list[Imported]) -> Merge:
        pairs, missing, new = self._pair(records)
        dropped = set() if self.keep_missing or self.target == PROJECTS else missing
        output: list[str] = []
        sources: dict[int, Imported] = {}
        removed: list[str] = []
        changed: list[tuple[str, str]] = []
        at = 0
        for position, item in enumerate(self.items):
            output += self.lines[at : item.first]
            at = item.last
            own = self.lines[item.first : item.last]
            if position in dropped:
                removed.append("\n".join(own))
                continue
            if position in pairs:
                record = pairs[position]
                sources[len(output) + 1] = record
                if self._changing(item.values) != self._changing(record.values):
                    altered = self._altered(item, record)
                    changed.append(("\n".join(own), "\n".join(altered)))
                    own = altered
            output += own
        indent = self._indent()
        added = [record_line(record.values, indent) for record in new]
        sources.update(enumerate(new, len(output) + 1))
        output += added
        output += self.lines[at:]
        kept = len(missing) - len(dropped) if self.target != PROJECTS else 0
        return Merge(
            target=self.target,
            content=("\n".join(output) + "\n").encode(),
            exists=True,
            added=tuple(added),
            removed=tuple(removed),
            changed=tuple(changed),
            unchanged=len(pairs) - len(changed),
            kept=kept,
            source_by_line=sources,
        )

    def _pair(
        self, records: list[Imported]
    ) -> tuple[dict[int, Imported], set[int], list[Imported]]:
        """Existing position -> its record; positions to remove; records without a position.

        A row equal to a 涉密 line in everything is that line: as a new one it would be published.
        """
        secret = {n for n, item in enumerate(self.items) if item.values.get(SECRET) == YES}
        positions = range(len(self.items))
        pairs: dict[int, Imported] = {}
        public_first = sorted(positions, key=secret.__contains__)
        rest = self._place(records, public_first, self._content, pairs)
        free = [n for n in positions if n not in pairs and n not in secret]
        new = self._place(rest, free, self._identity, pairs)
        staying = secret.union(n for n, i in enumerate(self.items) if self._of_secret_project(i))
        return pairs, set(positions) - set(pairs) - staying, new

    def _place(
        self,
        records: Iterable[Imported],
        positions: Iterable[int],
        key: Callable[[Values], tuple[object, ...]],
        pairs: dict[int, Imported],
    ) -> list[Imported]:
        """Put each record at the first free position of the same key; those that find none."""
        free: dict[tuple[object, ...], list[int]] = {}
        for position in positions:
            free.setdefault(key(self.items[position].values), []).append(position)
        rest = []
        for record in records:
            if found := free.get(key(record.values)):
                pairs[found.pop(0)] = record
            else:
                rest.append(record)
        return rest

    def _of_secret_project(self, item: _Item) -> bool:
        values = self.canonical(dict(item.values))
        return (values.get("单位", ""), values.get("项目", "")) in self.secret_projects

    def _content(self, values: Values) -> tuple[object, ...]:
        return (*self._identity(values), *self._changing(values))

    def _identity(self, values: Values) -> tuple[object, ...]:
        plain = self.canonical({k: v for k, v in values.items() if DEFAULTS.get(k) != v})
        return tuple(plain.get(key, "") for key in self.identity)

    def _changing(self, values: Values) -> tuple[object, ...]:
        return tuple(_number(values.get(key, "")) for key in self.kind.changing)

    def _altered(self, item: _Item, record: Imported) -> list[str]:
        """The record's lines with its numbers replaced where they stand."""
        own = self.lines[item.first : item.last]
        nodes = {key.text: value for key, value in item.node.pairs}
        edits = []
        for key in self.kind.changing:
            node, value = nodes.get(key), record.values.get(key, "")
            if node is None and not value:
                continue
            if not isinstance(node, Scalar) or not value or not node.plain:
                return [self._rewritten(item, record)]
            edits.append(
                (node.line - 1 - item.first, node.column - 1, node.text, scalar(key, value))
            )
        for row, column, before, after in sorted(edits, reverse=True):
            if own[row][column : column + len(before)] != before:
                return [self._rewritten(item, record)]
            own[row] = own[row][:column] + after + own[row][column + len(before) :]
        return own

    def _rewritten(self, item: _Item, record: Imported) -> str:
        others = {k: v for k, v in item.values.items() if k not in self.kind.changing}
        merged = {**others, **record.values}
        order = [*self.kind.keys, *merged]
        return record_line({key: merged[key] for key in order if key in merged}, self._indent())

    def _indent(self) -> str:
        line = self.lines[self.items[0].first] if self.items else ""
        return line[: len(line) - len(line.lstrip())]


def _sequence(node: Node | None, target: str) -> Sequence | None:
    if target == FACTS and isinstance(node, MappingNode):
        node = child(node, FACTS_LIST)
    return node if isinstance(node, Sequence) else None


def _texts(node: MappingNode) -> Values:
    return {key.text: value.text for key, value in node.pairs if isinstance(value, Scalar)}


def _number(text: str) -> object:
    try:
        return Decimal(text).normalize() if text else ""
    except ArithmeticError:
        return text
