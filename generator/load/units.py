"""A unit's own files: `<year>/units/<code>/`, and `<year-1>/published/units/<code>/facts.yaml`.

All of them may be absent. Everything else about a unit is in the department's files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from generator.fields import References
from generator.load.budget import Loaded, references_of
from generator.load.files import is_there, read_file, with_public_excerpts
from generator.load.reader import Unreadable
from generator.load.records import Converter
from generator.model import Acknowledgement, Assets, Performance, Published, Reason, Unit
from generator.problems import Place, Problem, raise_errors, suggestion
from generator.units import UnitProfile, UnitRecords

UNIT_FILES: Mapping[str, type] = {
    "unit.yaml": UnitProfile,
    "performance.yaml": Performance,
    "assets.yaml": Assets,
    "reasons.yaml": Reason,
    "acknowledged.yaml": Acknowledgement,
}

Record = TypeVar("Record")


def load_unit_records(
    data: Path, loaded: Loaded, unit: Unit
) -> tuple[UnitRecords, tuple[Problem, ...]]:
    """What `unit` alone says, with what it still owes; ProblemsFound with all that is wrong."""
    reader = _UnitReader(data, loaded, unit)
    records = reader.records()
    problems = with_public_excerpts(reader.problems, data, reader.year)
    raise_errors(problems)
    return records, problems


def stray_folders(data: Path, loaded: Loaded) -> Iterator[Problem]:
    """Folders below units/ that are no unit's: what is written there would never be read."""
    department = loaded.budget.department
    codes = [unit.code for unit in department.units]
    root = data / str(department.year) / "units"
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if path.is_dir() and path.name not in codes:
            hint = suggestion(path.name, codes) or f"单位代码有：{'、'.join(codes)}"
            place = Place(f"{department.year}/units/{path.name}/")
            yield Problem("unknown-unit", f"没有代码为“{path.name}”的单位", place, hint)


class _UnitReader:
    """Reads the files of one unit, collecting problems."""

    def __init__(self, data: Path, loaded: Loaded, unit: Unit) -> None:
        department = loaded.budget.department
        self.data = data
        self.unit = unit
        self.year = department.year
        self.folder = f"{self.year}/units/{unit.code}"
        self.problems: list[Problem] = []
        self.references: References = references_of(
            loaded.catalogue,
            tuple(unit.code for unit in department.units),
            tuple(n for p in loaded.budget.projects for n in (p.name, p.code) if n),
        )

    def records(self) -> UnitRecords:
        self._names_are_known()
        profile = self._record("unit.yaml", UnitProfile)
        performance = self._record("performance.yaml", Performance)
        return UnitRecords(
            profile or UnitProfile(),
            performance or Performance(),
            self._record("assets.yaml", Assets),
            self._list("reasons.yaml", Reason),
            self._list("acknowledged.yaml", Acknowledgement),
            self._published(),
        )

    def _names_are_known(self) -> None:
        folder = self.data / self.folder
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            if path.suffix.lower() in (".yaml", ".yml") and path.name not in UNIT_FILES:
                known = "、".join(UNIT_FILES)
                hint = suggestion(path.name, UNIT_FILES) or f"可用的文件：{known}"
                place = Place(f"{self.folder}/{path.name}")
                self.problems.append(Problem("unknown-file", "不认识的文件", place, hint))

    def _published(self) -> Published | None:
        path = f"{self.year - 1}/published/units/{self.unit.code}/facts.yaml"
        published = self._convert(path, lambda c, node: c.record(Published, node))
        if isinstance(published, Published) and published.year != self.year - 1:
            message = f"年度写的是 {published.year}，文件夹是 {self.year - 1}"
            self.problems.append(Problem("wrong-year", message, published.place, "改成一致"))
        return published if isinstance(published, Published) else None

    def _record(self, name: str, cls: type[Record]) -> Record | None:
        path = f"{self.folder}/{name}"
        record: Record | None = self._convert(path, lambda c, node: c.record(cls, node))
        return record

    def _list(self, name: str, cls: type[Record]) -> tuple[Record, ...]:
        path = f"{self.folder}/{name}"
        return self._convert(path, lambda c, node: c.records(cls, node)) or ()

    def _convert(self, path: str, convert: Any) -> Any:
        """`convert(converter, node)` of a file that is there and holds something, else None."""
        if not is_there(self.data, path):
            return None
        try:
            node, doubts = read_file(self.data, path)
        except Unreadable as error:
            self.problems += error.problems
            return None
        self.problems += doubts
        if node is None:
            return None
        converter = Converter(path, self.references)
        found = convert(converter, node)
        self.problems += converter.problems
        return found
