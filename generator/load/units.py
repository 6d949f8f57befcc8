"""A unit's own files: `<year>/units/<code>/`, and `<year-1>/published/units/<code>/facts.yaml`.

All of them may be absent. Everything else about a unit is in the department's files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from generator.load.budget import Loaded, references_of
from generator.load.files import with_public_excerpts
from generator.load.folder import FilesReader
from generator.load.reader import Scalar, Unreadable, child, read_yaml
from generator.model import Acknowledgement, Assets, Performance, Reason, Unit
from generator.problems import Place, Problem, raise_errors, suggestion
from generator.units import UnitProfile, UnitRecords

UNIT_FILES: Mapping[str, type] = {
    "unit.yaml": UnitProfile,
    "performance.yaml": Performance,
    "assets.yaml": Assets,
    "reasons.yaml": Reason,
    "acknowledged.yaml": Acknowledgement,
}


def load_unit_records(
    data: Path, loaded: Loaded, unit: Unit
) -> tuple[UnitRecords, tuple[Problem, ...]]:
    """What `unit` alone says, with what it still owes; ProblemsFound with all that is wrong."""
    reader = _UnitReader(data, loaded, unit)
    records = reader.records()
    problems = with_public_excerpts(reader.problems, data, reader.year)
    raise_errors(problems)
    return records, problems


def unused_files(data: Path, year: int) -> tuple[str, ...]:
    """What lies below units/ although department.yaml, whatever else is wrong in it or elsewhere,
    says that no disclosures of units are made: as paths below the data root.
    """
    folder = data / str(year)
    try:
        node = read_yaml((folder / "department.yaml").read_bytes(), f"{year}/department.yaml")
    except (OSError, Unreadable):
        return ()
    said = child(node, "单位预算公开")
    if not isinstance(said, Scalar) or said.text != "否":
        return ()
    return tuple(sorted(f.relative_to(data).as_posix() for f in folder.glob("units/*/*.yaml")))


def stray_folders(data: Path, loaded: Loaded) -> Iterator[Problem]:
    """Folders below units/ that are no unit's: what is written there would never be read."""
    department = loaded.budget.department
    if not department.discloses_units:
        return
    codes = [unit.code for unit in department.units]
    root = data / str(department.year) / "units"
    for path in sorted(root.iterdir()) if root.is_dir() else ():
        if path.is_dir() and path.name not in codes:
            meant = suggestion(path.name, codes) or f"单位代码有：{'、'.join(codes)}。"
            hint = f"{meant}今年撤销、并走的单位，删掉这个文件夹"
            place = Place(f"{department.year}/units/{path.name}/")
            yield Problem("unknown-unit", f"没有代码为“{path.name}”的单位", place, hint)


class _UnitReader(FilesReader):
    """Reads the files of one unit, collecting problems."""

    def __init__(self, data: Path, loaded: Loaded, unit: Unit) -> None:
        super().__init__(data)
        department = loaded.budget.department
        self.unit = unit
        self.year = department.year
        self.folder = f"{self.year}/units/{unit.code}"
        self.references = references_of(
            loaded.catalogue,
            tuple(unit.code for unit in department.units),
            tuple(n for p in loaded.budget.projects for n in (p.name, p.code) if n),
        )

    def records(self) -> UnitRecords:
        self.names_are_known(self.folder, self.names(self.folder), UNIT_FILES)
        before = f"{self.year - 1}/published/units/{self.unit.code}/facts.yaml"
        return UnitRecords(
            self.record_at(f"{self.folder}/unit.yaml", UnitProfile) or UnitProfile(),
            self.record_at(f"{self.folder}/performance.yaml", Performance) or Performance(),
            self.record_at(f"{self.folder}/assets.yaml", Assets),
            self.records_at(f"{self.folder}/reasons.yaml", Reason),
            self.records_at(f"{self.folder}/acknowledged.yaml", Acknowledgement),
            self.published_at(before, self.year - 1),
        )
