"""Every rule has a broken example: the `# error: rule` on the guilty line is the assertion."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from generator.build import Built, build_disclosure
from generator.checks import BUDGET_RULES
from generator.problems import ERROR, Problem, ProblemsFound
from generator.review.ledger import DOCUMENT_RULES

BROKEN = Path(__file__).parent / "broken"
BASE = BROKEN / "base"
EXAMPLES = sorted(path.name for path in BROKEN.iterdir() if path != BASE)
# Rules of the ledger that are not in the two lists; duty-missing is tested with templates.
MORE = {"rounding-difference", "acknowledgement-lapsed", "doubtful-code"}
_MARK = re.compile(r"# error: ([a-z-]+)$")


def broken_department(name: str, root: Path) -> list[tuple[str, int, str]]:
    """Lay the example over the base; returns the marks as (path, line, rule)."""
    shutil.copytree(BASE, root, dirs_exist_ok=True)
    shutil.copytree(BROKEN / name, root, dirs_exist_ok=True)
    return [
        (file.relative_to(root).as_posix(), number, match[1])
        for file in sorted((BROKEN / name).rglob("*.yaml"))
        for file in [root / file.relative_to(BROKEN / name)]
        for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1)
        if (match := _MARK.search(line))
    ]


def findings(root: Path) -> tuple[Problem, ...]:
    try:
        return build_disclosure(root, 2023).problems
    except ProblemsFound as error:
        return error.problems


def test_every_rule_has_an_example() -> None:
    rules = {rule.id for rule in (*BUDGET_RULES, *DOCUMENT_RULES)} | MORE
    assert set(EXAMPLES) == rules


def test_rule_ids_are_unique() -> None:
    ids = [rule.id for rule in (*BUDGET_RULES, *DOCUMENT_RULES)]
    assert len(ids) == len(set(ids))


def test_the_base_is_clean() -> None:
    built: Built = build_disclosure(BASE, 2023)
    assert built.problems == ()
    assert {entry.state for entry in built.ledger.entries} == {"通过"}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_breaks_its_rule(name: str, tmp_path: Path) -> None:
    marks = broken_department(name, tmp_path)
    assert [rule for _, _, rule in marks] == [name]
    found = findings(tmp_path)
    placed = [(p.place.path, p.place.line, p.rule) for p in found]
    assert set(marks) <= set(placed), "\n".join(map(str, found))
    stopping = {p.rule for p in found if p.severity == ERROR}
    assert stopping <= {name}


@pytest.mark.parametrize("name", EXAMPLES)
def test_findings_say_what_to_do(name: str, tmp_path: Path) -> None:
    broken_department(name, tmp_path)
    for problem in findings(tmp_path):
        assert problem.hint
        assert problem.place.line
        assert re.search(r"[\u4e00-\u9fff]", problem.message)
