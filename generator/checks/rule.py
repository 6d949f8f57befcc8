"""What a rule is, and the ledger of a run: every rule with what it found, or why it was not run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

from generator.figures.measures import Entry as DataLine
from generator.problems import ERROR, OWED, ROUNDING, WARNING, Finding, Place, Problem

Subject = TypeVar("Subject")
# The first lines of a sum are enough to find the others by.
_LINES_TO_NAME = 3


class NotRun(Exception):
    """Raised by a rule that cannot be judged on these data; the reason is shown in the ledger."""


class Rule(NamedTuple, Generic[Subject]):
    """One rule: `find` reads as a sentence and yields what breaks it (a Problem has an id of its own).

    `basis` names the identities of the reconciliation rules (A01 …) or the document it rests on.
    A rule's `version` is raised when its meaning changes: acknowledgements of the former lapse.
    """

    id: str
    title: str
    basis: str
    find: Callable[[Subject], Iterable[Finding | Problem]]
    version: int = 1


_STATES = ((ERROR, "不符"), (OWED, "待填"), (WARNING, "存疑"), (ROUNDING, "尾差"))


class Entry(NamedTuple):
    """A ledger line. `not_run` says why, or is empty; a rule that was not run has not passed."""

    id: str
    title: str
    basis: str
    findings: tuple[Problem, ...]
    acknowledged: tuple[Problem, ...] = ()
    not_run: str = ""

    @property
    def state(self) -> str:
        if self.not_run:
            return "未运行"
        severities = {problem.severity for problem in self.findings}
        for severity, state in _STATES:
            if severity in severities:
                return state
        return "已确认" if self.acknowledged else "通过"


def places_of(lines: Iterable[DataLine]) -> tuple[Place, ...]:
    """The first data lines of an amount, in file order."""
    return tuple(sorted({line.place for line in lines})[:_LINES_TO_NAME])


def run_rules(rules: Sequence[Rule[Subject]], subject: Subject) -> tuple[Entry, ...]:
    """Every rule, in order."""
    return tuple(_run(rule, subject) for rule in rules)


def _run(rule: Rule[Subject], subject: Subject) -> Entry:
    try:
        findings = tuple(_problem(rule, found) for found in rule.find(subject))
    except NotRun as reason:
        return Entry(rule.id, rule.title, rule.basis, (), (), str(reason))
    return Entry(rule.id, rule.title, rule.basis, findings)


def _problem(rule: Rule[Subject], found: Finding | Problem) -> Problem:
    if isinstance(found, Problem):
        return replace(found, version=rule.version)
    message, place, hint, severity, related = found
    return Problem(rule.id, message, place, hint, severity, related=related, version=rule.version)
