"""Cells that announce a total: 合计, 159001小计, 小计（人员类）; and what they say it sums up."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from generator.importing.mapping import ImportMapping
from generator.importing.resolve import Resolver, name_key

GRAND, SUBTOTAL, IMPLICIT = "合计", "小计", "上级行"
# What a total may be limited to.
SCOPED = ("单位", "类别", "资金来源", "功能科目", "经济科目")
_MARKS = ":：(（[【 "


class TotalLabel(NamedTuple):
    """Where a row says it is a total, of which kind, and the rest of that cell."""

    column: int
    kind: str
    rest: str


class TotalLabels:
    """Finds total labels; each distinct text is looked at once."""

    def __init__(self, resolver: Resolver, mapping: ImportMapping) -> None:
        self.resolver = resolver
        self.grand = tuple(sorted(mapping.grand_words, key=len, reverse=True))
        self.subtotal = tuple(sorted(mapping.subtotal_words, key=len, reverse=True))
        words = ("\\s*".join(map(re.escape, word)) for word in (*self.grand, *self.subtotal))
        self._any = re.compile("|".join(words))
        self._known: dict[str, tuple[str, str] | None] = {}

    def find(self, cells: Iterable[str], amount_columns: set[int]) -> TotalLabel | None:
        """The first cell of a row that says 合计 or 小计, amounts aside."""
        for column, text in enumerate(cells):
            if text and column not in amount_columns:
                if text not in self._known:
                    self._known[text] = self._kind(text)
                found = self._known[text]
                if found:
                    return TotalLabel(column, *found)
        return None

    def _kind(self, text: str) -> tuple[str, str] | None:
        if not self._any.search(text):
            return None
        key = name_key(text).rstrip(":")
        for kind, words in ((GRAND, self.grand), (SUBTOTAL, self.subtotal)):
            if key in words:
                return kind, ""
        for kind, words in ((SUBTOTAL, self.subtotal), (GRAND, self.grand)):
            for word in words:
                if key.endswith(word):
                    return kind, key.removesuffix(word)
                if key.startswith(word) and any(mark in text for mark in _MARKS):
                    return kind, key.removeprefix(word).strip(":")
        return None

    def scope(self, label: str) -> dict[str, tuple[str, ...]]:
        """The field and values that the rest of a total's label names; {} if it names none."""
        for field in SCOPED:
            scope = self.resolver.resolve(field, label).scope
            if scope and scope != ("",):
                return {field: scope}
        return {}
