"""Rows that are neither details nor totals: repeated headers, notes, another table, or unclear.

Below the last amount anything may stand. What holds a number there is no note: it is reported.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from generator.importing.amounts import declared_measure, header_key, mentions_number, number_in
from generator.importing.cell_names import row_names
from generator.importing.headers import header_index
from generator.importing.labels import TotalLabels
from generator.importing.mapping import ImportMapping
from generator.importing.recognise import Candidate, Layout, header_at
from generator.importing.resolve import name_key
from generator.problems import Problem

_COUNTING = {"栏次", "列次"}
# Of a header's columns the mapping knows one of so many; looking at all of them takes time.
_FIRST = 3
_MARKS = frozenset(" \n*:：(（[【")


class LooseRows:
    """Tells the rows of a sheet that carry no amount of its table."""

    def __init__(self, layout: Layout, labels: TotalLabels, mapping: ImportMapping) -> None:
        self.sheet = layout.sheet
        self.labels = labels
        self.mapping = mapping
        self.header_rows = [
            self.sheet.rows[r]
            for r in range(layout.top, layout.bottom + 1)
            if any(self.sheet.rows[r])
        ]
        self._header_texts = {text for cells in self.header_rows for text in cells} | _COUNTING
        self._headers = {path[-1] for rule in mapping.sheets for path in header_index(rule)}

    # Headers

    def is_header_again(self, row: int) -> bool:
        cells = self.sheet.rows[row]
        first = self.sheet.first(row)
        if cells[first] not in self._header_texts and not cells[first].strip("()（）").isdigit():
            return False
        texts = [(i, text) for i, text in enumerate(cells) if text]
        for header in self.header_rows:
            if all(i < len(header) and header[i] == text for i, text in texts):
                return True
        numbers = [text.strip("()（）") for _, text in texts if text not in _COUNTING]
        return len(numbers) > 2 and numbers == [str(n + 1) for n in range(len(numbers))]

    def another_table(self, row: int) -> Problem | None:
        """That a table begins in this row, with what it holds: a sheet is read as one table."""
        if not any(map(self._names_column, self.sheet.rows[row][:_FIRST])):
            return None
        if any(map(mentions_number, self.sheet.rows[row])):
            return None
        header = header_at(self.sheet, row, self.mapping)
        return None if header is None else self._not_imported(row, header)

    def _names_column(self, text: str) -> bool:
        """Asked of every row; most texts need no normal form to be told from headers."""
        if text in self._headers:
            return True
        return not _MARKS.isdisjoint(text) and header_key(text) in self._headers

    def _not_imported(self, row: int, header: Candidate) -> Problem:
        rows = [
            r for r in range(header.bottom + 1, len(self.sheet.rows)) if any(self.sheet.rows[r])
        ]
        sums = "".join(
            f"，“{name}”合计 {self._sum(rows, column):,}" for column, name in header.amounts.items()
        )
        held = f"第 {row_names(rows)} 行{sums}" if rows else "下面没有行"
        message = f"从这里起像是另一张表（{header.rule.name}），没有导入：{held}"
        hint = "一张工作表只导入一张表：把它剪切到另一张工作表，再导入"
        return self.sheet.problem("another-table", message, (row, self.sheet.first(row)), hint)

    def _sum(self, rows: list[int], column: int) -> Decimal:
        texts = (
            self.sheet.text(row, column)
            for row in rows
            if self.labels.find(self.sheet.rows[row], {column}) is None
        )
        return sum((number_in(text) or Decimal(0) for text in texts), Decimal(0))

    # Notes

    def notes(self, loose: list[int], last: int) -> list[int]:
        """The notes among `loose` rows; `last` is the last row with an amount."""
        return [
            row for row in loose if self._is_note(row) or (row > last and self._is_trailing(row))
        ]

    def _is_note(self, row: int) -> bool:
        texts = [text for text in self.sheet.rows[row] if text]
        first = name_key(texts[0])
        if any(first.startswith(word) for word in self.mapping.note_words):
            return True
        return bool(self.caption(row)) or (len(texts) == 1 and first.startswith(("第", "共")))

    def caption(self, row: int) -> dict[str, str]:
        """What a line such as `预算单位：159001 …` between the rows says of those that follow."""
        texts = [text for text in self.sheet.rows[row] if text]
        if len(texts) != 1:
            return {}
        text = texts[0].split("：")[-1].split(":")[-1].strip()
        resolve = self.labels.resolver.resolve
        return {field: text for field in ("单位", "类别") if resolve(field, text).value}

    def _is_trailing(self, row: int) -> bool:
        """Words at the end of a table: one cell, or a line to sign (制表人：张三  审核人：李四)."""
        texts = [text for text in self.sheet.rows[row] if text]
        if any(map(mentions_number, texts)):
            return False
        return len(texts) == 1 or any("：" in text or ":" in text for text in texts)

    def problems(self, loose: list[int], notes: list[int], measures: set[str]) -> Iterator[Problem]:
        """Loose rows that are no notes, and notes that speak of another measure."""
        for row in sorted(set(loose) - set(notes)):
            yield self._unclear(row)
        for row in notes:
            for column, text in enumerate(self.sheet.rows[row]):
                measure = declared_measure(text)
                if measure and measure not in measures:
                    message = f"附注说单位是{measure}，表头按{'、'.join(sorted(measures))}"
                    cell = row, column
                    yield self.sheet.problem("mixed-measures", message, cell, "改成一致")

    def _unclear(self, row: int) -> Problem:
        texts = [text for text in self.sheet.rows[row] if text]
        shown = "、".join(texts if any(map(mentions_number, texts)) else texts[:1])
        message = f"不知道这一行是什么：“{shown}”，金额一栏是空的，没有导入"
        hint = "是明细就补上金额和科目；是说明就移到表尾，或以“注：”开头"
        return self.sheet.problem("unclear-row", message, (row, self.sheet.first(row)), hint)
