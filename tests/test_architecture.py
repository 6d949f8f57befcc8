"""The architecture as tests: one direction, few doors to third parties, no floats, small files."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GENERATOR = ROOT / "generator"

# The stages in their order: a module imports from its own layer's room and from layers above it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("problems", "money", "numerals", "collector", "kept", "residue", "spans"),
    ("fields", "typed_figures"),
    ("terms",),
    ("model",),
    ("catalogue", "units"),
    ("load",),
    ("figures",),
    ("checks",),
    ("document",),
    ("tables",),
    ("writers.docx.roles", "writers.docx.style_check"),  # style.docx is checked with its place
    ("narrative",),
    ("review",),
    ("build",),
    ("explain",),
    ("writers", "review.ledger_page"),
    ("outputs", "importing", "verify"),
    ("office", "compare"),
    ("publishing", "reconcile", "release", "rolling"),
    ("preview",),
    ("commands",),
    ("__main__",),
)
RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}

# Third-party package -> the modules (or rooms, where reading Word's XML is their work) that import
# it: it can be replaced by reading those. _typeshed exists for type checkers only.
DOORS = {
    "yaml": {"load.reader"},
    "babel": {"numerals"},
    "jinja2": {
        "narrative.environment",
        "narrative.linting.templates",
        "narrative.linting.expressions",
    },
    "docx": {"writers", "release"},
    "lxml": {"compare", "office", "release", "verify", "writers"},
    "pypdf": {"office.pdf"},
    "python_calamine": {"importing.sheets"},
    "werkzeug": {"preview.server"},
    "xlsxwriter": {"writers.xlsx"},
    "_typeshed": {"preview.server"},
}
EXACT_ROOMS = (
    "money",
    "fields",
    "terms",
    "model",
    "units",
    "catalogue",
    "load",
    "figures",
    "checks",
)
MODULES = {
    ".".join(path.relative_to(GENERATOR).with_suffix("").parts): path
    for path in sorted(GENERATOR.rglob("*.py"))
}


@cache
def tree_of(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imported(module: str) -> Iterator[str]:
    """Every module that a module imports, anywhere in it."""
    for node in ast.walk(tree_of(module)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            assert node.module
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            own = [name for name in names if name.removeprefix("generator.") in MODULES]
            yield from own or [node.module]


def own_imports(module: str) -> set[str]:
    names = (
        name.removeprefix("generator.")
        for name in imported(module)
        if name.startswith("generator.")
    )
    return {name for name in names if name != module}


def rank_of(module: str) -> int:
    return RANK[module] if module in RANK else RANK[module.partition(".")[0]]


def test_every_module_has_its_layer() -> None:
    unknown = {m for m in MODULES if m != "__init__" and m.partition(".")[0] not in RANK}
    assert unknown == set(), "name the new room in LAYERS, at its place in the order of the stages"


def test_imports_go_one_way() -> None:
    backwards = [
        f"{module} -> {name}"
        for module in MODULES
        if module != "__init__"
        for name in sorted(own_imports(module))
        if rank_of(name) > rank_of(module)
        or (rank_of(name) == rank_of(module) and name.partition(".")[0] != module.partition(".")[0])
    ]
    assert backwards == []


def test_no_module_imports_itself_by_a_detour() -> None:
    done: set[str] = set()

    def visit(module: str, path: tuple[str, ...]) -> None:
        assert module not in path, " -> ".join((*path, module))
        if module not in done:
            for name in sorted(own_imports(module) & MODULES.keys()):
                visit(name, (*path, module))
            done.add(module)

    for module in MODULES:
        visit(module, ())


def test_third_parties_come_in_by_their_doors() -> None:
    entered: dict[str, set[str]] = {}
    for module in MODULES:
        for name in imported(module):
            package = name.partition(".")[0]
            if package != "generator" and package not in sys.stdlib_module_names:
                entered.setdefault(package, set()).add(module)
    through_walls = {
        package: walls
        for package, modules in entered.items()
        if (walls := {m for m in modules if not _may_enter(m, DOORS.get(package, set()))})
    }
    assert through_walls == {}


def _may_enter(module: str, doors: set[str]) -> bool:
    return module in doors or module.partition(".")[0] in doors


def test_money_meets_no_float() -> None:
    found = [
        f"{MODULES[module].relative_to(ROOT)}:{node.lineno}"
        for module in MODULES
        if module.partition(".")[0] in EXACT_ROOMS
        for node in ast.walk(tree_of(module))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float | complex))
        or (isinstance(node, ast.Name) and node.id == "float")
    ]
    assert found == []


def test_no_file_is_over_400_lines() -> None:
    lines = {m: MODULES[m].read_text(encoding="utf-8").count("\n") for m in MODULES}
    assert {module: count for module, count in lines.items() if count > 400} == {}


def test_no_function_is_over_50_lines() -> None:
    long = {
        f"{module}.{node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in MODULES
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {name: count for name, count in long.items() if count > 50} == {}


@pytest.mark.parametrize("word", ["print", "input", "exit", "breakpoint"])
def test_only_commands_speak_and_stop(word: str) -> None:
    calls = [
        f"{module}:{node.lineno}"
        for module in MODULES
        if module.partition(".")[0] not in ("commands", "__main__")
        for node in ast.walk(tree_of(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == word
    ]
    assert calls == []
