"""The files a document is built from, as texts with LF line ends, and changes to parts of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from generator.load.editing import EditableText
from generator.load.reader import Mapping as MappingNode
from generator.load.reader import Node, Sequence, Unreadable, read_yaml
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


class SourceFile(EditableText):
    """One file on disk, by the path that places show; Unreadable."""

    def __init__(self, path: str, file: Path) -> None:
        super().__init__(path, file.read_bytes())
        self.file = file

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

    def changed(self, changes: Iterable[Change]) -> bytes:
        """The file with `changes` made, which do not meet."""
        return self.edited((change.start, change.end, change.new) for change in changes)


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
