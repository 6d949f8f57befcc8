"""A sheet's rows, each accounted for: a detail, a total, a repeated header, a note, or a problem.

Details have resolved values and exact amounts; whether totals agree is for `totals` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from generator.fields import Unacceptable
from generator.importing.amounts import is_dash, parse_amount
from generator.importing.filling import Filler
from generator.importing.labels import IMPLICIT, SCOPED, TotalLabel, TotalLabels
from generator.importing.loose import LooseRows
from generator.importing.mapping import ImportMapping
from generator.importing.recognise import Layout
from generator.importing.resolve import BLANK, Resolution, Resolver
from generator.importing.targets import (
    AMOUNT,
    AMOUNT_FIELDS,
    FUNCTION_PARTS,
    IGNORED,
    NAME_OF,
    PROCUREMENT_SUBJECT,
    TARGETS,
)
from generator.money import Money
from generator.problems import ERROR, WARNING, Problem

Amounts = tuple[Money | None, ...]
Scope = Mapping[str, tuple[str, ...]]


class Detail(NamedTuple):
    """A row to import: values by field, amounts in the order of the layout's amount columns."""

    row: int
    values: Mapping[str, str]
    amounts: Amounts
    sound: bool


class Total(NamedTuple):
    """A total row: what its own cells say it sums up (`scope`), and where it stands (`context`)."""

    row: int
    column: int
    kind: str
    scope: Scope
    context: Scope
    amounts: Amounts


class SheetRows(NamedTuple):
    """Everything below a header, in order; the counts account for rows that carry nothing."""

    layout: Layout
    entries: tuple[Detail | Total, ...]
    notes: tuple[int, ...]
    repeated_headers: tuple[int, ...]
    empty_rows: tuple[int, ...]
    filled: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def title(self) -> str:
        return self.layout.sheet.title

    @property
    def details(self) -> list[Detail]:
        return [entry for entry in self.entries if isinstance(entry, Detail)]

    @property
    def totals(self) -> list[Total]:
        return [entry for entry in self.entries if isinstance(entry, Total)]


def read_rows(layout: Layout, resolver: Resolver, mapping: ImportMapping) -> SheetRows:
    """Classify every row below the header."""
    return _RowReader(layout, resolver, mapping).read()


class _RowReader:
    def __init__(self, layout: Layout, resolver: Resolver, mapping: ImportMapping) -> None:
        self.layout = layout
        self.sheet = layout.sheet
        self.resolver = resolver
        self.mapping = mapping
        self.target = TARGETS[layout.rule.target]
        self.filler = Filler(layout)
        self.problems: list[Problem] = []
        self.told_before = 0  # the row that is read
        self.cells_by_doubt: dict[Unacceptable, list[tuple[int, int]]] = {}
        self.columns = {
            c.field: c.position for c in layout.columns if c.field not in (*AMOUNT_FIELDS, IGNORED)
        }
        self.amount_columns = [(c.position, c.measure) for c in layout.amounts]
        self.amount_indexes = {c.position for c in layout.amounts}
        self.parts = [self.columns[part] for part in FUNCTION_PARTS if part in self.columns]
        leaves = self.target.leaf
        self.leaf = next((field for field in leaves if field in self.columns), leaves[-1])
        self.headed = {
            index
            for row in range(layout.top, layout.bottom + 1)
            for index, text in enumerate(self.sheet.rows[row])
            if text
        } | {c.position for c in layout.columns}
        self.amount_rules = [c.rule.constants for c in layout.amounts if c.field == AMOUNT]
        self.labels = TotalLabels(resolver, mapping)
        self.loose = LooseRows(layout, self.labels, mapping)
        self.fields = self._fields()

    def read(self) -> SheetRows:
        entries: list[Detail | Total] = []
        loose: list[int] = []
        repeated: list[int] = []
        empty: list[int] = []
        for row in range(self.layout.bottom + 1, len(self.sheet.rows)):
            if not any(self.sheet.rows[row]):
                continue
            if self.loose.is_header_again(row):
                repeated.append(row)
                continue
            if another := self.loose.another_table(row):
                self.problems.append(another)
                break
            entry = self._entry(row)
            if entry is not None:
                entries.append(entry)
            elif self._is_empty_leaf(row):
                self.filler.row(row)
                empty.append(row)
            else:
                loose.append(row)
        notes = self.loose.notes(loose, entries[-1].row if entries else -1)
        measures = {measure for _, measure in self.amount_columns}
        self.problems += self.loose.problems(loose, notes, measures)
        self.problems += self._doubts()
        return SheetRows(
            self.layout,
            tuple(entries),
            tuple(notes),
            tuple(repeated),
            tuple(empty),
            tuple(self.filler.filled),
            tuple(self.problems),
        )

    def _entry(self, row: int) -> Detail | Total | None:
        """The row as a detail or a total; None if it carries no amount."""
        cells = self.sheet.rows[row]
        word = self.labels.find(cells, self.amount_indexes)
        own = self._resolution(self.leaf, lambda column: self.sheet.text(row, column))
        is_leaf = bool(own.value or (own.trouble and not own.scope))
        has_amount = self._has_amount(row, readable=not (is_leaf or word))
        if word and not (word.rest and is_leaf):
            return self._total(row, word)
        if own.value and self._says_none(row):
            return None
        if not has_amount and not self._lacks_amount(cells, is_leaf):
            for field, text in self.loose.caption(row).items():
                self.filler.set(field, text)
            return None
        if not is_leaf and has_amount:
            total = self._total(row, None)
            self.filler.follow(row)
            return total
        return self._detail(row)

    def _amount_texts(self, row: int) -> list[tuple[str, str]]:
        """The amounts of a row that are not blank, each with the measure of its column."""
        texts = [(self.sheet.text(row, index), measure) for index, measure in self.amount_columns]
        return [(text, measure) for text, measure in texts if text]

    def _has_amount(self, row: int, *, readable: bool) -> bool:
        """Whether an amount cell holds text; `readable`: text that is an amount."""
        for text, measure in self._amount_texts(row):
            try:
                parse_amount(text, measure)
            except Unacceptable:
                if readable:
                    continue
            return True
        return False

    def _lacks_amount(self, cells: list[str], is_leaf: bool) -> bool:
        """A detail row without its amount; with a column a fund, such a row is an empty unit."""
        return is_leaf and len(self.amount_columns) == 1 and sum(map(bool, cells)) > 2

    def _says_none(self, row: int) -> bool:
        """Whether dashes stand for every amount of the row that is not blank."""
        texts = self._amount_texts(row)
        return bool(texts) and all(is_dash(text) for text, _ in texts)

    def _is_empty_leaf(self, row: int) -> bool:
        own = self._resolution(self.leaf, lambda column: self.sheet.text(row, column))
        return bool(own.value) and (len(self.amount_columns) > 1 or self._says_none(row))

    # Details

    def _detail(self, row: int) -> Detail:
        self.told_before = len(self.problems)
        text_of = self.filler.row(row)
        values: dict[str, str] = {}
        for field in self.fields:
            resolution = self._resolution(field, text_of)
            if resolution.trouble:
                self._refused(resolution.trouble, row, self._column(field))
            elif resolution.doubt:
                cell = row, self._column(field)
                self.cells_by_doubt.setdefault(resolution.doubt, []).append(cell)
            value = resolution.value or self.layout.constants.get(field, "")
            if value:
                values[field] = value
        self._complete_constants(values)
        self._needed(row, values)
        amounts = self._amounts(row)
        if amounts == (None,):
            self._blank_amount(row)
        self._stray(row)
        self._errors(row)
        sound = all(p.severity == WARNING for p in self.problems[self.told_before :])
        return Detail(row, values, amounts, sound)

    def _doubts(self) -> Iterator[Problem]:
        """What is doubtful about the words of cells, each once, where it is first."""
        for doubt, cells in self.cells_by_doubt.items():
            rows = f"（{len(cells)} 行）" if len(cells) > 1 else ""
            yield self.sheet.problem(
                doubt.rule, doubt.message + rows, cells[0], doubt.hint, WARNING
            )

    def _fields(self) -> tuple[str, ...]:
        names = set(NAME_OF.values()) | set(FUNCTION_PARTS)
        fields = [f for f in self.columns if f not in names]
        for code, name in NAME_OF.items():
            named = name in self.columns or (code == "功能科目" and self.parts)
            if named and code not in fields:
                fields.append(code)
        return tuple(fields)

    def _complete_constants(self, values: dict[str, str]) -> None:
        for field, text in self.layout.constants.items():
            if field not in values or values[field] == text:
                values[field] = self.resolver.resolve(field, text).value or text
        if "采购目录" not in values and PROCUREMENT_SUBJECT in values:
            category = self.resolver.resolve("采购目录", values[PROCUREMENT_SUBJECT])
            if category.value:
                values["采购目录"] = category.value

    def _needed(self, row: int, values: Mapping[str, str]) -> None:
        for group in self.target.needed:
            field = group[0]
            column = self._column(field)
            if field == AMOUNT or field in values or self._is_told(row, column):
                continue
            if all(field in constants for constants in self.amount_rules):
                continue
            message = f"“{field}”是空的"
            hint = "补上；合并单元格拆开过的，每一行都要填"
            self._problem("blank-value", message, row, column, hint)

    def _is_told(self, row: int, column: int) -> bool:
        """Whether something was said of that cell of the row that is read."""
        place = self.sheet.place(row, column)
        return any(problem.place == place for problem in self.problems[self.told_before :])

    def _resolution(self, field: str, text_of: Callable[[int], str]) -> Resolution:
        """What the row says of a field: its code column, the name beside it, or both."""
        text = text_of(self.columns[field]) if field in self.columns else ""
        name_field = NAME_OF.get(field)
        if name_field is None:
            return self.resolver.resolve(field, text) if text else BLANK
        if field == "功能科目" and self.parts:
            text = "".join(
                part.zfill(3 if i == 0 else 2) if part.isascii() and part.isdigit() else part
                for i, part in enumerate(text_of(column) for column in self.parts)
            )
        name = text_of(self.columns[name_field]) if name_field in self.columns else ""
        if text and name and text.isascii():
            text = f"{text} {name}"
        return self.resolver.resolve(field, text or name) if text or name else BLANK

    def _column(self, field: str) -> int:
        for name in (field, NAME_OF.get(field, field), *FUNCTION_PARTS[::-1]):
            if name in self.columns:
                return self.columns[name]
        return self.layout.columns[0].position

    def _amounts(self, row: int) -> Amounts:
        amounts: list[Money | None] = []
        for index, measure in self.amount_columns:
            try:
                amounts.append(parse_amount(self.sheet.text(row, index), measure))
            except Unacceptable as error:
                self._refused(error, row, index)
                amounts.append(None)
        return tuple(amounts)

    def _blank_amount(self, row: int) -> None:
        ((column, _),) = self.amount_columns
        if not self._is_told(row, column):
            hint = "补上金额；公式没有算出数的，用 WPS 或 Excel 打开保存一次"
            self._problem("blank-amount", "金额是空的", row, column, hint)

    def _stray(self, row: int) -> None:
        for index, text in enumerate(self.sheet.rows[row]):
            if text and index not in self.headed:
                message = f"这一格“{text}”在表头之外"
                self._problem("outside-table", message, row, index, "看看这一行是不是错了位")

    def _errors(self, row: int) -> None:
        errors = self.sheet.unread.errors
        for column in self.columns.values() if errors else ():
            if (row, column) in errors and not self._is_told(row, column):
                message = f"“{self.sheet.text(row, column)}”是公式的错误值"
                self._problem("error-value", message, row, column, "在表格里改好公式，再导入")

    # Totals

    def _total(self, row: int, word: TotalLabel | None) -> Total:
        scope = dict(self._scope(row, word))
        context = {
            field: (value,)
            for field, value in self.filler.context(row).items()
            if field in SCOPED and field not in scope
        }
        if word and word.rest:
            scope |= self.labels.scope(word.rest)
        column = word.column if word else self._column(self.leaf)
        kind = word.kind if word else IMPLICIT
        resolved = {
            field: self.resolver.resolve(field, values[0]).scope or values
            for field, values in context.items()
        }
        return Total(row, column, kind, scope, resolved, self._amounts(row))

    def _scope(self, row: int, word: TotalLabel | None) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What the row's own cells (not filled ones) say it sums up."""

        def own(column: int) -> str:
            text = self.filler.merged_text(row, column)
            return "" if word and column == word.column else text

        for field in SCOPED:
            resolution = self._resolution(field, own)
            if resolution.scope and resolution.scope != ("",):
                yield field, resolution.scope

    def _refused(self, why: Unacceptable, row: int, column: int, severity: str = ERROR) -> None:
        cell = row, column
        self.problems.append(self.sheet.problem(why.rule, why.message, cell, why.hint, severity))

    def _problem(self, rule: str, message: str, row: int, column: int, hint: str) -> None:
        self._refused(Unacceptable(message, hint, rule), row, column)
