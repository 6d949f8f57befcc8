"""The files of a data folder read into records, with everything that is wrong with any of them."""

from __future__ import annotations

import os
import re
from collections.abc import Collection
from pathlib import Path

from generator.fields import References
from generator.load.files import is_left_behind, read_file
from generator.load.reader import Node, Unreadable
from generator.load.records import AnyRecord, Converter
from generator.model import Published
from generator.problems import Place, Problem, suggestion

# What people call a file in Chinese.
_FILE_BY_WORD = {
    "单位": "unit.yaml",
    "部门": "department.yaml",
    "支出": "expenditure.yaml",
    "收入": "revenue.yaml",
    "项目": "projects.yaml",
    "绩效": "performance.yaml",
    "采购": "procurement.yaml",
    "资产": "assets.yaml",
    "原因": "reasons.yaml",
    "控制数": "controls.yaml",
    "确认": "acknowledged.yaml",
    "新旧": "recode.yaml",
}
# Of the same name as facts.yaml, and written by `publish`.
_FROZEN_BESIDE = frozenset(("facts.json",))
# Of a file of text: Windows hides the second ending of expenditure.yaml.txt.
_TEXT_ENDING = re.compile(r"(?:\.ya?ml|\.txt)*")


class FilesReader:
    """Reads files by their paths below `data`, collecting problems; those that are absent are empty."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.problems: list[Problem] = []
        self.references = References()
        self.unreadable: set[str] = set()
        self._ahead: dict[str, Node | None] = {}
        self._names: dict[str, frozenset[str]] = {}

    def names(self, folder: str) -> frozenset[str]:
        """What is in a folder below `data`, looked at once; nothing if there is none."""
        names = self._names.get(folder)
        if names is None:
            try:
                with os.scandir(self.data / folder) as entries:
                    names = frozenset(entry.name for entry in entries)
            except (FileNotFoundError, NotADirectoryError):
                names = frozenset()
            self._names[folder] = names
        return names

    def _is_there(self, path: str) -> bool:
        """Whether something of that name is there, be it a folder or a link to nothing."""
        folder, _, name = path.rpartition("/")
        return name in self.names(folder)

    def node_ahead(self, path: str) -> Node | None:
        """The content of a file, which is kept until it is converted; None if there is none."""
        self._ahead[path] = node = self._node(path)
        return node

    def _node(self, path: str) -> Node | None:
        if path in self._ahead:
            return self._ahead.pop(path)
        if not self._is_there(path):
            return None
        try:
            node, doubts = read_file(self.data, path)
        except Unreadable as error:
            self.problems += error.problems
            self.unreadable.add(path)
            return None
        self.problems += doubts
        return node

    def records_at(
        self, path: str, cls: type[AnyRecord], if_empty: str = ""
    ) -> tuple[AnyRecord, ...]:
        """The records of a list; `if_empty` as of `record_at`."""
        node = self._node(path)
        if node is None:
            self._is_not_empty(path, if_empty)
            return ()
        converter = Converter(path, self.references)
        records = converter.records(cls, node)
        self.problems += converter.problems
        return records

    def record_at(self, path: str, cls: type[AnyRecord], if_empty: str = "") -> AnyRecord | None:
        """The record of a file; `if_empty` is the hint where an empty one is an error."""
        node = self._node(path)
        if node is None:
            self._is_not_empty(path, if_empty)
            return None
        converter = Converter(path, self.references)
        record = converter.record(cls, node)
        self.problems += converter.problems
        return record

    def _is_not_empty(self, path: str, hint: str) -> None:
        if hint and self._is_there(path) and path not in self.unreadable:
            self._wrong("empty-file", "文件是空的", Place(path, 1), hint)

    def published_at(self, path: str, year: int, if_empty: str = "") -> Published | None:
        """The facts that were published of a year."""
        self._endings_of_published(path)
        published = self.record_at(path, Published, if_empty)
        if published is not None:
            self.year_agrees(published.year, year, published.place)
        return published

    def year_agrees(self, written: int, year: int, place: Place) -> None:
        if written != year:
            message = f"年度写的是 {written}，文件夹是 {year}"
            self._wrong("wrong-year", message, place, "改成一致")

    def names_are_known(
        self, folder: str, names: Collection[str], known: Collection[str]
    ) -> Collection[str]:
        """No file has a name that only nearly is one of `known`: it would never be read.

        Those of `known` that are there but for the ending of their name.
        """
        misnamed = self.endings_are_right(folder, names, known)
        for name in sorted(set(names).difference(known, misnamed)):
            if name.lower().endswith((".yaml", ".yml")) and not is_left_behind(name):
                called = [file for word, file in _FILE_BY_WORD.items() if word in name]
                meant = "、".join(f"“{file}”" for file in dict.fromkeys(called) if file in known)
                hint = f"是不是{meant}？" if meant else suggestion(name, known)
                hint = hint or f"可用的文件：{'、'.join(known)}"
                self._wrong("unknown-file", "不认识的文件", Place(f"{folder}/{name}"), hint)
        return [meant for meant in misnamed.values() if meant]

    def endings_are_right(
        self, folder: str, names: Collection[str], known: Collection[str]
    ) -> dict[str, str]:
        """The names that are a known one but for their ending, with what to rename them to or ""."""
        known_by_stem = {_stem(name): name for name in known}
        misnamed = {}
        for name in sorted(set(names).difference(known)):
            meant = known_by_stem.get(_stem(name))
            if meant is None or is_left_behind(name) or (self.data / folder / name).is_dir():
                continue
            ending = "".join(name.partition(".")[1:]).lower()
            is_text = _TEXT_ENDING.fullmatch(ending) is not None
            if is_text:
                more = "多了 .txt" if ending.endswith(".yaml.txt") else "不对"
                message, hint = f"文件名{more}，不会用它", f"改名为“{meant}”"
                if meant in names:
                    hint = f"已经有“{meant}”：看哪个是对的，只留一个，名称用“{meant}”"
            elif meant in names:  # kept beside the file that is read
                continue
            else:
                message = f"只读 {meant}，不会用这个文件"
                hint = "表格用 import 导入；只是留底的，移出这个文件夹"
            misnamed[name] = meant if is_text else ""
            self._wrong("unknown-file", message, Place(f"{folder}/{name}"), hint)
        return misnamed

    def _endings_of_published(self, path: str) -> None:
        folder, _, name = path.rpartition("/")
        self.endings_are_right(folder, self.names(folder) - _FROZEN_BESIDE, (name,))

    def _wrong(self, rule: str, message: str, place: Place, hint: str) -> None:
        self.problems.append(Problem(rule, message, place, hint))


def _stem(name: str) -> str:
    return name.partition(".")[0].rstrip().lower()
