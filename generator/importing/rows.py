"""A sheet's rows, each accounted for: a detail, a total, a repeated header, a note, or a problem.

Details have resolved values and exact amounts; whether totals agree is for `totals` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from generator.fields import Unacceptable
from generator.importing.amounts import declared_measure, parse_amount
from generator.importing.filling import Filler
from generator.importing.labels import IMPLICIT, SCOPED, TotalLabel, TotalLabels
from generator.importing.mapping import (
    AMOUNT,
    AMOUNT_FIELDS,
    ECONOMIC_NAME,
    EXPENDITURE,
    FUNCTION_NAME,
    FUNCTION_PARTS,
    GOVERNMENT_ECONOMIC_NAME,
    IGNORED,
    PROCUREMENT,
    PROCUREMENT_SUBJECT,
    UNIT_NAME,
    ImportMapping,
)
from generator.importing.recognise import NEEDED, Layout
from generator.importing.resolve import BLANK, Resolution, Resolver, name_key
from generator.money import Money
from generator.problems import WARNING, Problem

# Codes whose name may stand in a column of its own.
_NAME_OF = {
    "单位": UNIT_NAME,
    "功能科目": FUNCTION_NAME,
    "经济科目": ECONOMIC_NAME,
    "政府经济科目": GOVERNMENT_ECONOMIC_NAME,
}

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
        self.filler = Filler(layout)
        self.problems: list[Problem] = []
        self.columns = {
            c.field: c.position for c in layout.columns if c.field not in (*AMOUNT_FIELDS, IGNORED)
        }
        self.amount_columns = [(c.position, c.measure) for c in layout.amounts]
        self.amount_indexes = {c.position for c in layout.amounts}
        self.parts = [self.columns[part] for part in FUNCTION_PARTS if part in self.columns]
        self.leaf = self._leaf()
        self.headed = {
            index
            for row in range(layout.top, layout.bottom + 1)
            for index, text in enumerate(self.sheet.rows[row])
            if text
        } | {c.position for c in layout.columns}
        self.header_rows = [
            self.sheet.rows[r]
            for r in range(layout.top, layout.bottom + 1)
            if any(self.sheet.rows[r])
        ]
        self._header_texts = {text for cells in self.header_rows for text in cells}
        self._header_texts |= {"栏次", "列次"}
        self.amount_rules = [c.rule.constants for c in layout.amounts if c.field == AMOUNT]
        self.labels = TotalLabels(resolver, mapping)
        self.fields = self._fields()

    def _leaf(self) -> str:
        """The field that every detail row has and group rows lack."""
        target = self.layout.rule.target
        if target == EXPENDITURE:
            return "经济科目"
        if target == PROCUREMENT:
            return "采购项目"
        return "资金来源" if "资金来源" in self.columns else "单位"

    def read(self) -> SheetRows:
        entries: list[Detail | Total] = []
        loose: list[int] = []
        repeated: list[int] = []
        empty: list[int] = []
        for row in range(self.layout.bottom + 1, len(self.sheet.rows)):
            cells = self.sheet.rows[row]
            if not any(cells):
                continue
            if self._is_header_again(cells):
                repeated.append(row)
                continue
            entry = self._entry(row, cells)
            if entry is not None:
                entries.append(entry)
            elif self._is_empty_leaf(row):
                empty.append(row)
            else:
                loose.append(row)
        last = entries[-1].row if entries else -1
        notes = [row for row in loose if row > last or self._is_note(row)]
        self._unclear(set(loose) - set(notes))
        self._note_measures(notes)
        return SheetRows(
            self.layout,
            tuple(entries),
            tuple(notes),
            tuple(repeated),
            tuple(empty),
            tuple(self.filler.filled),
            tuple(self.problems),
        )

    def _entry(self, row: int, cells: list[str]) -> Detail | Total | None:
        """The row as a detail or a total; None if it carries no amount."""
        word = self.labels.find(cells, self.amount_indexes)
        own = self._resolution(self.leaf, lambda column: self.sheet.text(row, column))
        is_leaf = bool(own.value or (own.trouble and not own.scope))
        has_amount = self._has_amount(cells, readable=not (is_leaf or word))
        if word and not (word.rest and is_leaf):
            return self._total(row, word)
        if not has_amount and not self._lacks_amount(cells, is_leaf):
            self._caption(cells)
            return None
        if not is_leaf and has_amount:
            total = self._total(row, None)
            self.filler.follow(row)
            return total
        return self._detail(row, cells)

    def _has_amount(self, cells: list[str], *, readable: bool) -> bool:
        """Whether an amount cell holds text; `readable`: text that is an amount."""
        for index, measure in self.amount_columns:
            if index < len(cells) and cells[index]:
                try:
                    parse_amount(cells[index], measure)
                except Unacceptable:
                    if readable:
                        continue
                return True
        return False

    def _lacks_amount(self, cells: list[str], is_leaf: bool) -> bool:
        """A detail row without its amount; with a column a fund, such a row is an empty unit."""
        return is_leaf and len(self.amount_columns) == 1 and sum(map(bool, cells)) > 2

    def _is_empty_leaf(self, row: int) -> bool:
        own = self._resolution(self.leaf, lambda column: self.sheet.text(row, column))
        return bool(own.value) and len(self.amount_columns) > 1

    # Details

    def _detail(self, row: int, cells: list[str]) -> Detail:
        before = len(self.problems)
        text_of = self.filler.row(row, cells)
        values: dict[str, str] = {}
        for field in self.fields:
            resolution = self._resolution(field, text_of)
            if resolution.trouble or resolution.doubt:
                self._trouble(row, field, resolution)
            value = resolution.value or self.layout.constants.get(field, "")
            if value:
                values[field] = value
        self._complete_constants(values)
        self._needed(row, values)
        amounts = self._amounts(row, cells, detail=True)
        self._stray(row, cells)
        sound = all(p.severity == WARNING for p in self.problems[before:])
        return Detail(row, values, amounts, sound)

    def _fields(self) -> tuple[str, ...]:
        names = set(_NAME_OF.values()) | set(FUNCTION_PARTS)
        fields = [f for f in self.columns if f not in names]
        for code, name in _NAME_OF.items():
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
        for group in NEEDED[self.layout.rule.target]:
            field = group[0]
            if field == AMOUNT or field in values or self._reported(row, field):
                continue
            if all(field in constants for constants in self.amount_rules):
                continue
            message = f"“{field}”是空的"
            hint = "补上；合并单元格拆开过的，每一行都要填"
            self._problem("blank-value", message, row, self._column(field), hint)

    def _reported(self, row: int, field: str) -> bool:
        place = self.sheet.place(row, self._column(field))
        return any(p.place == place for p in self.problems[-12:])

    def _resolution(self, field: str, text_of: Callable[[int], str]) -> Resolution:
        """What the row says of a field: its code column, the name beside it, or both."""
        text = text_of(self.columns[field]) if field in self.columns else ""
        name_field = _NAME_OF.get(field)
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

    def _trouble(self, row: int, field: str, resolution: Resolution) -> None:
        trouble = resolution.trouble or resolution.doubt
        assert trouble is not None
        severity = "错误" if resolution.trouble else WARNING
        column = self._column(field)
        place = self.sheet.place(row, column)
        self.problems.append(Problem(trouble.rule, trouble.message, place, trouble.hint, severity))

    def _column(self, field: str) -> int:
        for name in (field, _NAME_OF.get(field, field), *FUNCTION_PARTS[::-1]):
            if name in self.columns:
                return self.columns[name]
        return self.layout.columns[0].position

    def _amounts(self, row: int, cells: list[str], *, detail: bool) -> Amounts:
        amounts: list[Money | None] = []
        for index, measure in self.amount_columns:
            text = cells[index] if index < len(cells) else ""
            try:
                amounts.append(parse_amount(text, measure) if text else None)
            except Unacceptable as error:
                self._problem(error.rule, error.message, row, index, error.hint)
                amounts.append(None)
        if detail and len(amounts) == 1 and amounts[0] is None and not self._reported_amount(row):
            hint = "补上金额；公式没有算出数的，用 WPS 或 Excel 打开保存一次"
            self._problem("blank-amount", "金额是空的", row, self.amount_columns[0][0], hint)
        return tuple(amounts)

    def _reported_amount(self, row: int) -> bool:
        place = self.sheet.place(row, self.amount_columns[0][0])
        return bool(self.problems) and self.problems[-1].place == place

    def _stray(self, row: int, cells: list[str]) -> None:
        for index, text in enumerate(cells):
            if text and index not in self.headed:
                message = f"这一格“{text}”在表头之外"
                self._problem("outside-table", message, row, index, "看看这一行是不是错了位")

    # Totals

    def _total(self, row: int, word: TotalLabel | None) -> Total:
        cells = self.sheet.rows[row]
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
        amounts = self._amounts(row, cells, detail=False)
        resolved = {
            field: self.resolver.resolve(field, values[0]).scope or values
            for field, values in context.items()
        }
        return Total(row, column, kind, scope, resolved, amounts)

    def _scope(self, row: int, word: TotalLabel | None) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What the row's own cells (not filled ones) say it sums up."""

        def own(column: int) -> str:
            text = self.filler.merged_text(row, column)
            return "" if word and column == word.column else text

        for field in SCOPED:
            resolution = self._resolution(field, own)
            if resolution.scope and resolution.scope != ("",):
                yield field, resolution.scope

    # Rows that carry no amount

    def _is_header_again(self, cells: list[str]) -> bool:
        first = next(i for i, text in enumerate(cells) if text)
        if cells[first] not in self._header_texts and not cells[first].strip("()（）").isdigit():
            return False
        texts = [(i, text) for i, text in enumerate(cells) if text]
        for header in self.header_rows:
            if all(i < len(header) and header[i] == text for i, text in texts):
                return True
        numbers = [text for _, text in texts if text not in ("栏次", "列次")]
        counted = [str(n) for n in range(1, len(numbers) + 1)]
        return len(numbers) > 2 and numbers in (counted, [f"({n})" for n in counted])

    def _caption(self, cells: list[str]) -> None:
        """A line such as `预算单位：159001 …` between the rows sets what follows."""
        texts = [text for text in cells if text]
        if len(texts) != 1:
            return
        text = texts[0].split("：")[-1].split(":")[-1].strip()
        for field in ("单位", "类别"):
            if field in self.columns and self.resolver.resolve(field, text).value:
                self.filler.set(field, text)

    def _is_note(self, row: int) -> bool:
        texts = [text for text in self.sheet.rows[row] if text]
        first = name_key(texts[0])
        if any(first.startswith(word) for word in self.mapping.note_words):
            return True
        caption = texts[0].split("：")[-1].split(":")[-1].strip()
        known = any(self.resolver.resolve(field, caption).value for field in ("单位", "类别"))
        return len(texts) == 1 and (known or first.startswith(("第", "共")))

    def _unclear(self, rows: set[int]) -> None:
        for row in sorted(rows):
            column = next(i for i, text in enumerate(self.sheet.rows[row]) if text)
            message = f"不知道这一行是什么：“{self.sheet.text(row, column)}”，没有金额"
            hint = "是明细就补上金额和科目；是说明就移到表尾，或以“注：”开头"
            self._problem("unclear-row", message, row, column, hint)

    def _note_measures(self, notes: list[int]) -> None:
        used = {measure for _, measure in self.amount_columns}
        for row in notes:
            for column, text in enumerate(self.sheet.rows[row]):
                measure = declared_measure(text) if "元" in text else None
                if measure and measure not in used:
                    message = f"附注说单位是{measure}，表头按{'、'.join(sorted(used))}"
                    self._problem("mixed-measures", message, row, column, "改成一致")

    def _problem(self, rule: str, message: str, row: int, column: int, hint: str) -> None:
        self.problems.append(Problem(rule, message, self.sheet.place(row, column), hint))
