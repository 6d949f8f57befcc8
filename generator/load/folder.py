"""The files of a data folder read into records, with everything that is wrong with any of them."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TypeVar

from generator.fields import References
from generator.load.files import is_there, read_file
from generator.load.reader import Node, Unreadable
from generator.load.records import Converter
from generator.model import Published
from generator.problems import Place, Problem, suggestion

Record = TypeVar("Record")


class FilesReader:
    """Reads files by their paths below `data`, collecting problems; those that are absent are empty."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.references = References()
        self.unreadable: set[str] = set()
        self._ahead: dict[str, Node | None] = {}

    def node_ahead(self, path: str) -> Node | None:
        """The content of a file, which is kept until it is converted; None if there is none."""
        self._ahead[path] = node = self._node(path)
        return node

    def _node(self, path: str) -> Node | None:
        if path in self._ahead:
            return self._ahead.pop(path)
        if not is_there(self.data, path):
            return None
        try:
            node, doubts = read_file(self.data, path)
        except Unreadable as error:
            self.problems += error.problems
            self.unreadable.add(path)
            return None
        self.problems += doubts
        return node

    def records_at(self, path: str, cls: type[Record]) -> tuple[Record, ...]:
        node = self._node(path)
        converter = Converter(path, self.references)
        records = converter.records(cls, node)
        self.problems += converter.problems
        return records

    def record_at(self, path: str, cls: type[Record], if_empty: str = "") -> Record | None:
        """The record of a file; `if_empty` is the hint where an empty one is an error."""
        node = self._node(path)
        if node is None:
            if if_empty and is_there(self.data, path) and path not in self.unreadable:
                self._wrong("empty-file", "文件是空的", Place(path, 1), if_empty)
            return None
        converter = Converter(path, self.references)
        record = converter.record(cls, node)
        self.problems += converter.problems
        return record

    def published_at(self, path: str, year: int, if_empty: str = "") -> Published | None:
        """The facts that were published of a year."""
        published = self.record_at(path, Published, if_empty)
        if published is not None:
            self.year_agrees(published.year, year, published.place)
        return published

    def year_agrees(self, written: int, year: int, place: Place) -> None:
        if written != year:
            message = f"年度写的是 {written}，文件夹是 {year}"
            self._wrong("wrong-year", message, place, "改成一致")

    def names_are_known(self, folder: str, names: Collection[str], known: Collection[str]) -> None:
        for name in sorted(set(names).difference(known)):
            if name.lower().endswith((".yaml", ".yml")):
                hint = suggestion(name, known) or f"可用的文件：{'、'.join(known)}"
                self._wrong("unknown-file", "不认识的文件", Place(f"{folder}/{name}"), hint)

    def _wrong(self, rule: str, message: str, place: Place, hint: str) -> None:
        self.problems.append(Problem(rule, message, place, hint))
