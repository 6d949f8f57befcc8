"""What the comparison tests share: sides from random departments, and edits of their documents."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from departments import Department, write_department

from generator.build import build_disclosure
from generator.compare.changes import DELETED, GONE, INSERTED, NEW, Comparison
from generator.compare.facts import printed_facts
from generator.compare.pairing import items_of
from generator.compare.sides import Side, side_of_built, side_of_year
from generator.document import Table

ROOT = Path(__file__).resolve().parents[1]
DATA, TEMPLATES = ROOT / "data", ROOT / "templates"
MIRRORED_KINDS = {NEW: GONE, GONE: NEW, INSERTED: DELETED, DELETED: INSERTED}
EXAMPLES, EXAMPLE_TEMPLATES = ROOT / "examples" / "data", ROOT / "examples" / "templates"


def side_of(department: Department, templates: Path = TEMPLATES) -> Side:
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        built = build_disclosure(Path(folder), department.year, templates)
    return side_of_built(built, str(department.year))


def edited_sample(folder: Path, *edits: tuple[str, str, str]) -> Side:
    """The sample year after edits (file below data/2023 or templates/henan, old, new)."""
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    for file, old, new in edits:
        path = next(
            p
            for p in (folder / "data/2023" / file, folder / "templates/henan" / file)
            if p.exists()
        )
        text = path.read_text(encoding="utf-8")
        assert old in text, (file, old)
        path.write_text(text.replace(old, new), encoding="utf-8")
    return side_of_year(2023, folder / "data", folder / "templates")


def with_table(side: Side, identity: str, edit: Callable[[Table], Table]) -> Side:
    """The side with one table of its document exchanged."""
    assert side.document is not None
    sections = tuple(
        replace(
            section,
            blocks=tuple(
                edit(block) if isinstance(block, Table) and block.id == identity else block
                for block in section.blocks
            ),
        )
        for section in side.document.sections
    )
    return replace(side, document=replace(side.document, sections=sections))


def numbers(side: Side) -> dict[str, object]:
    """What the side prints, by fact."""
    assert side.document is not None
    facts = printed_facts(items_of(side.document, side.naming), side.values)
    return {name: fact.value for name, fact in facts.items()}


def counts(comparison: Comparison) -> tuple[int, int, int]:
    found = comparison.counts()
    return found["figures"], found["wording"], found["layout"]


def seen(comparison: Comparison, *, mirrored: bool = False) -> list[tuple[str, ...]]:
    """The changes as they must be found from the other side."""
    return sorted(
        (c.layer, MIRRORED_KINDS.get(c.kind, c.kind), c.new, c.old)
        if mirrored
        else (c.layer, c.kind, c.old, c.new)
        for c in comparison.changes
    )
