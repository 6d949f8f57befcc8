"""Makes a Place of the files of its folder: everything in them is checked, the templates compiled."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from generator.load.reader import Unreadable, decode
from generator.narrative.environment import compile_template
from generator.narrative.lint import template_problems
from generator.narrative.phrases import constants_of, parse_phrases
from generator.narrative.place import Place
from generator.narrative.vocabulary import Vocabulary
from generator.problems import Place as FilePlace
from generator.problems import Problem, ProblemsFound, raise_errors
from generator.tables.layout import parse_layouts
from generator.tables.plan import Layouts


def make_place(name: str, content: Mapping[str, tuple[str, bytes]]) -> Place:
    """`content`: path within the place -> (path as problems show it, bytes); ProblemsFound."""
    problems: list[Problem] = []
    for required in ("phrases.yaml", "constants.yaml", "style.docx"):
        if required not in content:
            place = FilePlace(f"{name}/{required}")
            hint = "从别的模板文件夹复制一份，或在 place.yaml 里写 沿用"
            problems.append(Problem("missing-file", "缺少这个模板文件", place, hint))
    raise_errors(problems)
    phrases, found = parse_phrases(content["phrases.yaml"], content["constants.yaml"])
    problems += found
    layouts: Layouts | None = None
    tables = tuple(content[within] for within in content if within.startswith("tables/"))
    try:
        layouts = parse_layouts(tables)
    except ProblemsFound as error:
        problems += error.problems
    constants = phrases.constants if phrases else constants_of(content["constants.yaml"])
    vocabulary = Vocabulary(
        constants or {},
        tuple(phrases.frames) if phrases else None,
        tuple(PurePosixPath(shown).stem for shown, _ in tables),
    )
    narrative = [content[within] for within in content if within.startswith("narrative/")]
    sources = _sources(narrative, problems)
    for path, source in sources.items():
        mistakes = template_problems(source, path, vocabulary)
        # A name nobody knows may be one of the constants that could not be read.
        problems += (p for p in mistakes if constants is not None or p.rule != "unknown-name")
    if not narrative:
        where = FilePlace(f"{name}/narrative/")
        problems.append(Problem("missing-file", "没有说明书模板（*.txt）", where, "补上模板文件"))
    raise_errors(problems)
    assert phrases is not None
    assert layouts is not None
    compiled = tuple(compile_template(source, path) for path, source in sources.items())
    style = content["style.docx"][1]
    return Place(name, phrases, compiled, sources, layouts, style, tuple(problems))


def _sources(narrative: list[tuple[str, bytes]], problems: list[Problem]) -> dict[str, str]:
    sources = {}
    for path, data in narrative:
        try:
            sources[path] = decode(data, path)
        except Unreadable as error:
            problems += error.problems
    return sources
