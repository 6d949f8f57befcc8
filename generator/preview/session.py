"""What the preview shows: the last good document, and what is wrong with the files as they are now.

A thread looks at the files' times and rebuilds when they change; readers wait for a newer state.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Condition, Event, Thread

from generator.build import Built, build_disclosure
from generator.problems import Problem, ProblemsFound
from generator.writers.html import document_html

# Looking at some fifty files takes 1 ms.
_LOOK_EVERY = 0.15
_FAILED = "程序出错，不是您的文件有误：{error}。详细内容在启动预览的窗口里。"

Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class State:
    """`number` grows with every build. `built` and `html` are the last good document, if there was
    one; `current` says that it is of the files as they are now. `failure` is a bug of ours.
    """

    number: int = 0
    built: Built | None = None
    html: str = ""
    problems: tuple[Problem, ...] = ()
    current: bool = False
    failure: str = ""


class Session:
    """A department's year under edit, or a unit's."""

    def __init__(self, data: Path, year: int, templates: Path, unit: str = "") -> None:
        self.data = data
        self.year = year
        self.templates = templates
        self.unit = unit
        self._changed = Condition()
        self._look_now = Event()
        self._closed = False
        self._state = State()
        self._stamp: Stamp = ()
        self._watcher = Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Build once, then again after every change until `close`."""
        self._rebuild_if_changed()
        self._watcher.start()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._look_now.set()
        self._watcher.join()

    @property
    def closed(self) -> bool:
        return self._closed

    @property
    def state(self) -> State:
        return self._state

    def look(self) -> None:
        """Look at the files at once: one has just been saved."""
        self._look_now.set()

    def newer_than(self, number: int, timeout: float) -> State:
        """The state as soon as its number is greater than `number`, or as it is after `timeout` s."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._state.number > number, timeout)
            return self._state

    def _watch(self) -> None:
        while not self._closed:
            self._look_now.wait(_LOOK_EVERY)
            self._look_now.clear()
            self._rebuild_if_changed()

    def _rebuild_if_changed(self) -> None:
        # Taken before the build: a change during it leads to another one.
        stamp = tuple(self._files())
        if stamp == self._stamp:
            return
        self._stamp = stamp
        state = self._built()
        with self._changed:
            self._state = replace(state, number=self._state.number + 1)
            self._changed.notify_all()

    def _built(self) -> State:
        last = replace(self._state, current=False, failure="")
        try:
            built = build_disclosure(self.data, self.year, self.templates, self.unit)
            html = document_html(built.document, places=True)
        except ProblemsFound as error:
            return replace(last, problems=error.problems)
        except Exception as error:  # a bug must not end the preview: the editor's text is in it
            traceback.print_exc(file=sys.stderr)
            failure = _FAILED.format(error=f"{type(error).__name__}: {error}")
            return replace(last, problems=(), failure=failure)
        return State(0, built, html, built.problems, current=True)

    def _files(self) -> Iterator[tuple[str, int, int]]:
        """(path, time, size) of every file a build may read."""
        years = (self.data / str(year) for year in (self.year, self.year - 1))
        for folder in (self.templates, *years, self.data / "catalogue", self.data / "duties"):
            for path, folders, names in os.walk(folder):
                folders.sort()
                for name in sorted(names):
                    if name.startswith("."):
                        continue
                    try:
                        status = Path(path, name).stat()
                    except OSError:  # gone since it was listed
                        continue
                    yield f"{path}/{name}", status.st_mtime_ns, status.st_size
