"""Makes a Place of the files of its folder: everything in them is checked, the templates compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from generator.load.reader import Unreadable, decode
from generator.narrative.environment import compile_template
from generator.narrative.linting.parts import repeated_passages
from generator.narrative.linting.templates import template_problems
from generator.narrative.phrases import Phrases
from generator.narrative.phrases_reading import parse_constants, parse_phrases
from generator.narrative.place import Place
from generator.narrative.place_strays import SINGLE_FILES
from generator.narrative.vocabulary import Vocabulary
from generator.problems import ERROR, WARNING, Problem, ProblemsFound, raise_errors
from generator.problems import Place as FilePlace
from generator.tables.layout import parse_layouts
from generator.tables.plan import Layouts
from generator.writers.docx.style_check import problems_of_style


def make_place(
    name: str, content: Mapping[str, tuple[str, bytes]], found: tuple[Problem, ...] = ()
) -> Place:
    """`content`: path within the place -> (path as problems show it, bytes); ProblemsFound.

    `found` is what was wrong before the files could be read.
    """
    problems = [*found, *_missing(name, content, found)]
    constants: Mapping[str, str] | None = None
    if "constants.yaml" in content:
        constants, more = parse_constants(content["constants.yaml"])
        problems += more
    phrases: Phrases | None = None
    if "phrases.yaml" in content:
        phrases, more = parse_phrases(content["phrases.yaml"], constants or {})
        problems += more
    if "style.docx" in content:
        shown, style = content["style.docx"]
        problems += problems_of_style(style, shown)
    tables = tuple(content[within] for within in content if within.startswith("tables/"))
    layouts: Layouts | None = None
    try:
        layouts, doubts = parse_layouts(tables)
        problems += doubts
    except ProblemsFound as error:
        problems += error.problems
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
    complained = {problem.place.path for problem in found}  # of copies: everything is there twice
    problems += repeated_passages({p: s for p, s in sources.items() if p not in complained})
    raise_errors(problems)
    assert phrases is not None
    assert layouts is not None
    compiled = tuple(compile_template(source, path) for path, source in sources.items())
    style = content["style.docx"][1]
    duties = {within: content[within] for within in content if within.startswith("duties/")}
    return Place(name, phrases, compiled, sources, layouts, style, tuple(problems), duties)


def _missing(
    name: str, content: Mapping[str, tuple[str, bytes]], found: tuple[Problem, ...]
) -> Iterator[Problem]:
    """Files that must be there and are not, nor in a shape that is complained about already."""
    complained = tuple(problem.place.path for problem in found if problem.severity == ERROR)
    for required in SINGLE_FILES:
        if required not in content and not any(p.endswith(f"/{required}") for p in complained):
            place = FilePlace(f"{name}/{required}")
            hint = "从别的模板文件夹复制一份，或在 place.yaml 里写 沿用"
            yield Problem("missing-file", "缺少这个模板文件", place, hint)
    inside = (*content, *(path.partition("/")[2] for path in complained))
    if not any(path.startswith("narrative/") for path in inside):
        where = FilePlace(f"{name}/narrative/")
        yield Problem("missing-file", "没有说明书模板（*.txt）", where, "补上模板文件")


def _sources(narrative: list[tuple[str, bytes]], problems: list[Problem]) -> dict[str, str]:
    sources = {}
    for path, data in narrative:
        try:
            sources[path] = decode(data, path)
            if not sources[path].strip():
                hint = "补上文字；确实不要这一部分，就只写一行 {# 不要这一部分 #}"
                message, place = "模板是空的，这一部分不会印", FilePlace(path, 1)
                problems.append(Problem("empty-file", message, place, hint, WARNING))
        except Unreadable as error:
            problems += error.problems
    return sources
