"""A copy of the sources of one document, to build it with changes that nobody has accepted yet."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from generator.build import Built
from generator.reconcile.files import Change, SourceFiles, by_path

# Builds from a data folder and a templates folder.
Rebuild = Callable[[Path, Path], Built]


class Workbench:
    """Copies of the year's and the place's files below `folder`, changed and built there."""

    def __init__(self, folder: Path, files: SourceFiles, year: int, rebuild: Rebuild) -> None:
        self._files = files
        self._rebuild = rebuild
        self._data = folder / "data"
        self._templates = folder / "templates"
        self._changed: set[str] = set()
        self._writes = 0
        for name in (str(year), str(year - 1), "catalogue", "duties"):
            if (files.data / name).is_dir():
                shutil.copytree(files.data / name, self._data / name)
        for shown, file in (*files.template_files.items(), *files.place_yaml_files()):
            target = self._templates / shown
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)

    def built(self, changes: Iterable[Change]) -> Built:
        """The document as it is with `changes` and no others; ProblemsFound."""
        changes_by_path = by_path(changes)
        for path in self._changed | changes_by_path.keys():
            source = self._files[path]
            self._write(path, source.changed(changes_by_path.get(path, ())))
        self._changed = set(changes_by_path)
        return self._rebuild(self._data, self._templates)

    def _write(self, path: str, content: bytes) -> None:
        root = self._templates if self._files.is_template(path) else self._data
        (root / path).write_bytes(content)
        # Places are compiled again when a file's time or size changes: a tick may hold two writes.
        self._writes += 1
        os.utime(root / path, ns=(self._writes, self._writes))
