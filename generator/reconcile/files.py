"""The files a document is built from, as texts with LF line ends, and changes to parts of them.

A changed file differs from the old one in the changed places alone: its other bytes stay.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Sequence, Unreadable, decode, read_yaml
from generator.narrative.place_loading import SHIPPED_TEMPLATES, place_files


class Change(NamedTuple):
    """`start:end` of a file's text reads `new` then; `path` is as places show it."""

    path: str
    start: int
    end: int
    new: str

    def meets(self, other: Change) -> bool:
        """Whether both change the same place; two insertions at one place do."""
        if self.path != other.path:
            return False
        if (self.start, self.end) == (other.start, other.end):
            return True
        return self.start < other.end and other.start < self.end


Changes = tuple[Change, ...]


class SourceFile:
    """One file: `text` has LF line ends; Unreadable."""

    def __init__(self, path: str, file: Path) -> None:
        self.path = path
        self.file = file
        self.content = file.read_bytes()
        self.text = decode(self.content, path)

    @cached_property
    def node(self) -> Node | None:
        """The content as YAML; None where it is none."""
        try:
            return read_yaml(self.content, self.path)
        except Unreadable:
            return None

    @cached_property
    def value_at(self) -> Mapping[tuple[int, int], Node]:
        """The outermost YAML value that begins at a line and column; keys are none."""
        found: dict[tuple[int, int], Node] = {}
        waiting = [self.node] if self.node is not None else []
        while waiting:
            node = waiting.pop()
            found.setdefault((node.line, node.column), node)
            if isinstance(node, MappingNode):
                waiting += [value for _, value in node.pairs]
            elif isinstance(node, Sequence):
                waiting += node.items
        return found

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer("\n", self.text))]

    def line_of(self, offset: int) -> int:
        return bisect_right(self._starts, offset)

    def offset_of(self, line: int, column: int = 1) -> int:
        """The offset of a place; beyond the last line, the end of the text."""
        if line > len(self._starts):
            return len(self.text)
        return self._starts[line - 1] + column - 1

    def changed(self, changes: Iterable[Change]) -> bytes:
        """The file with `changes` made, which do not meet; line ends stay its own."""
        raw = self.content.decode("utf-8")
        pairs = [match.start() - n for n, match in enumerate(re.finditer("\r\n", raw))]
        for change in sorted(changes, key=lambda c: (c.start, c.end), reverse=True):
            start, end = (at + bisect_left(pairs, at) for at in (change.start, change.end))
            new = change.new.replace("\n", "\r\n") if pairs else change.new
            raw = raw[:start] + new + raw[end:]
        return raw.encode("utf-8")


class SourceFiles:
    """The files of a year and of its place, by the paths that places show."""

    def __init__(self, data: Path, templates: Path, place: str) -> None:
        self.data = data
        self.templates = templates
        self.place = place
        self.template_files = dict(place_files(templates, place).values())
        self._read: dict[str, SourceFile | None] = {}

    def is_template(self, path: str) -> bool:
        return path in self.template_files

    def get(self, path: str) -> SourceFile | None:
        """The file of a shown path; None if it is absent or no text."""
        if path not in self._read:
            file = self.template_files.get(path, self.data / path)
            try:
                self._read[path] = SourceFile(path, file)
            except (OSError, Unreadable):
                self._read[path] = None
        return self._read[path]

    def __getitem__(self, path: str) -> SourceFile:
        source = self.get(path)
        assert source is not None, path
        return source

    def place_yaml_files(self) -> Iterator[tuple[str, Path]]:
        """Every place.yaml below the template roots by its path, the own ones first."""
        seen: set[str] = set()
        for root in (self.templates, SHIPPED_TEMPLATES):
            for file in sorted(root.glob("*/place.yaml")):
                shown = f"{file.parent.name}/{file.name}"
                if shown not in seen:
                    seen.add(shown)
                    yield shown, file


def by_path(changes: Iterable[Change]) -> Mapping[str, list[Change]]:
    found: dict[str, list[Change]] = {}
    for change in changes:
        found.setdefault(change.path, []).append(change)
    return found
