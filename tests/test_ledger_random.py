"""On consistent departments made at random nothing above a warning fires, whatever they hold."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from departments import Department, write_department
from departments_drawn import departments
from hypothesis import given, settings

from generator.build import Built, build_disclosure
from generator.load.completion import NO_PRIOR_YEAR
from generator.problems import ROUNDING, WARNING

# What random departments may deserve; anything else would be a false alarm.
DESERVED = {
    "doubtful-code",  # any code of the catalogue is drawn
    "unit-named-twice",  # the own level always has two names
    "unit-without-budget",
    "project-without-target",
    "reason-overused",  # one reason for everything
    "items-total-change",  # last year is drawn item by item
    "rounding-difference",
    "no-prior-year",
    "fact-parts",  # last year is drawn figure by figure
    "fact-missing",
    "fact-totals",
    "vanishing-amount",  # one fen is among the amounts
    "no-performance",
    "vehicles-missing",  # assets are drawn by themselves
    "three-public-fund",  # funds and economic codes are drawn each by itself
    "zero-line",  # nothing is among the amounts
}


def built(department: Department) -> Built:
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        return build_disclosure(Path(folder), department.year)


@given(departments(max_units=5, max_lines=30))
@settings(max_examples=100)
def test_nothing_above_a_warning_fires(department: Department) -> None:
    ledger = built(department).ledger
    assert {problem.severity for problem in ledger.problems} <= {WARNING, ROUNDING}
    assert {problem.rule for problem in ledger.problems} <= DESERVED
    not_run = {entry.id for entry in ledger.entries if entry.not_run}
    prior = department.prior is not None
    of_facts = {entry.id for entry in ledger.entries if entry.basis.startswith("上年的 facts.yaml")}
    of_facts -= {NO_PRIOR_YEAR}
    assert not_run & of_facts == (set() if prior else of_facts)
    assert not_run - of_facts <= {"reason-stale", "items-total-change", "total-scale"}
    assert "reason-stale" in not_run  # last year's reasons are not drawn
    assert prior or {"items-total-change", "total-scale"} <= not_run
