"""One unit's own disclosure (单位预算公开): the department's budget narrowed to that unit's lines.

What only the unit can say (duties, reasons, targets, assets, what it published last year) comes
from its own records: the department's words speak of other units too, and are not used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.fields import TEXT, ListOf, Record, key
from generator.model import (
    Acknowledgement,
    Assets,
    Budget,
    Department,
    Performance,
    Published,
    Reason,
    Unit,
)
from generator.problems import OWED, Place, Problem

DEPARTMENT_DISCLOSURE, UNIT_DISCLOSURE = "部门预算公开", "单位预算公开"


@dataclass(frozen=True, slots=True)
class UnitProfile(Record):
    """units/<code>/unit.yaml: what a unit says of itself in its own disclosure."""

    duties: tuple[str, ...] = key("主要职责", ListOf(TEXT), "单位主要职责，一条一段", ())
    offices: tuple[str, ...] = key("内设机构", ListOf(TEXT), "内设机构名称", ())


@dataclass(frozen=True, slots=True)
class UnitRecords:
    """The files of units/<code>/, and what the unit published the year before."""

    profile: UnitProfile = UnitProfile()
    performance: Performance = Performance()
    assets: Assets | None = None
    reasons: tuple[Reason, ...] = ()
    acknowledged: tuple[Acknowledgement, ...] = ()
    prior: Published | None = None


def disclosure_title(name: str, year: int, subject: str) -> str:
    """平顶山市…局2023年部门预算公开: what a disclosure is called, in its properties and as a file."""
    return f"{name}{year}年{subject}"


def disclosed_units(department: Department) -> tuple[Unit, ...]:
    """The units whose own disclosures are made, checked and published with the department's."""
    return department.units if department.discloses_units else ()


def records_folder(budget: Budget) -> str:
    """Where people write for this disclosure, below the data root: 2023, or 2023/units/159002."""
    year = str(budget.department.year)
    return f"{year}/units/{budget.department.code}" if budget.unit_alone else year


def unit_budget(budget: Budget, unit: Unit, records: UnitRecords) -> Budget:
    """The budget of `unit` alone; controls are its own, those of the department are not."""
    code = unit.code
    department = replace(
        budget.department,
        name=unit.name,
        code=code,
        units=(unit,),
        duties=records.profile.duties,
        offices=records.profile.offices,
        carried_out=tuple(item for item in budget.department.carried_out if item.unit == code),
    )
    return replace(
        budget,
        department=department,
        expenditure=tuple(line for line in budget.expenditure if line.unit == code),
        revenue=tuple(line for line in budget.revenue if line.unit == code),
        projects=tuple(project for project in budget.projects if project.unit == code),
        procurement=tuple(item for item in budget.procurement if item.unit == code),
        controls=tuple(control for control in budget.controls if control.unit == code),
        performance=records.performance,
        assets=records.assets,
        reasons=records.reasons,
        acknowledged=records.acknowledged,
        prior=records.prior,
        unit_alone=True,
    )


def owed_by(budget: Budget, code: str, problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """The 待填 of `problems` that stand in the lines of unit `code`.

    A problem belongs to the record that begins at its line or last before it. What the department
    alone publishes (its duties, targets, assets) is not the unit's to fill.
    """
    starts: dict[str, list[tuple[int, str]]] = {}
    for place, owner in _owners(budget):
        starts.setdefault(place.path, []).append((place.line, owner))
    for problem in problems:
        before = [s for s in starts.get(problem.place.path, ()) if s[0] <= problem.place.line]
        if problem.severity == OWED and before and max(before)[1] == code:
            yield problem


def _owners(budget: Budget) -> Iterator[tuple[Place, str]]:
    """Where each record begins, and whose it is; the keys of department.yaml are nobody's."""
    for unit in budget.department.units:
        yield unit.place, unit.code
    lines = (budget.expenditure, budget.revenue, budget.projects, budget.procurement)
    for record in (*budget.department.carried_out, *(r for records in lines for r in records)):
        yield record.place, record.unit
