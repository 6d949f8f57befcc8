"""Jinja for the narrative: sandboxed, strict, and every printed value knows its template line.

`finalize` sees a value but not its line, so the syntax tree is rewritten: each printed expression
is passed through a filter with its line, and literal text carries the numbers of its lines.
"""

from __future__ import annotations

import marshal
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import NamedTuple

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from generator.document import Segment
from generator.narrative.phrasing import Doubtful, EditorMistake, Phrasing, Span
from generator.narrative.vocabulary import FILTERS, TESTS
from generator.problems import WARNING, Place, Problem

# Marks in the rendered text; the loader refuses these characters in data and templates.
LINE_MARK, VALUE_MARK, END_MARK = "\x01", "\x02", "\x03"

_PRINT = "__print__"

ENGINE = jinja2.__version__  # what compiled one version, another may not run


class Compiled(NamedTuple):
    """A template of a place, checked and compiled."""

    path: str
    code: bytes  # marshalled


class Rendered(NamedTuple):
    """Text with marks, and the segments that the value marks number."""

    path: str
    text: str
    segments: list[tuple[Segment, ...]]


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=False,  # True would glue paragraphs
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # the writers escape, once
        cache_size=0,
        optimized=False,  # there is nothing to compute ahead, and looking for it takes 12 ms
    )
    environment.globals.clear()
    environment.filters |= {name: _bound(name) for name in FILTERS} | {_PRINT: _print}
    environment.tests |= {name: _bound(name) for name in TESTS}
    return environment


class Rendering:
    """One rendering of one template: where its printed values go, and at which line it is."""

    def __init__(self, path: str, phrasing: Phrasing) -> None:
        self.path = path
        self.phrasing = phrasing
        self.words = {**phrasing.filters(), **phrasing.tests()}
        self.segments: list[tuple[Segment, ...]] = []

    def print(self, value: object, line: int) -> str:
        """Remember the segments of a printed value; returns the mark that stands for them."""
        place = Place(self.path, line)
        segments: tuple[Segment, ...]
        if type(value) is Span:
            segments = value
        elif isinstance(value, Doubtful):
            doubt = Problem(value.rule, value.message, place, value.hint, WARNING)
            self.phrasing.doubts.append(doubt)
            segments = value
        elif isinstance(value, str | int):
            segments = self.phrasing.text(value if isinstance(value, str) else str(value))
        else:
            hint = "数后面写 | 金额，清单用 {% for %} 逐项印"
            raise EditorMistake("这里的内容不能直接印出来", hint, "not-printable")
        self.segments.append(
            tuple([s if s.place else Segment(s.text, s.kind, s.figure, place) for s in segments])
        )
        return f"{VALUE_MARK}{len(self.segments) - 1}{END_MARK}"


_RENDERING: ContextVar[Rendering] = ContextVar("rendering")


def _print(value: object, line: int) -> str:
    return _RENDERING.get().print(value, line)


def _bound(name: str) -> Callable[..., object]:
    """The filter or test of that name, as the rendering that goes on has it."""

    def apply(value: object, *args: object, **kwargs: object) -> object:
        return _RENDERING.get().words[name](value, *args, **kwargs)

    return apply


ENVIRONMENT = _environment()


@lru_cache(maxsize=256)
def compile_template(source: str, path: str) -> Compiled:
    """Compile a template that `lint` found clean."""
    tree = _Marker(source).visit(ENVIRONMENT.parse(source, path))
    code = ENVIRONMENT.compile(tree, path, path)
    return Compiled(path, marshal.dumps(code))


@lru_cache(maxsize=256)
def _template(compiled: Compiled) -> jinja2.Template:
    code = marshal.loads(compiled.code)  # noqa: S302  # ours, or the user's own: see kept.py
    return jinja2.Template.from_code(ENVIRONMENT, code, {})


def render(compiled: Compiled, context: Mapping[str, object], phrasing: Phrasing) -> Rendered:
    """Render one template; EditorMistake becomes a Problem at the line that printed it."""
    rendering = Rendering(compiled.path, phrasing)
    token = _RENDERING.set(rendering)
    try:
        text = _template(compiled).render(context)
    finally:
        _RENDERING.reset(token)
    return Rendered(compiled.path, text, rendering.segments)


def problem_of(error: Exception, path: str, source: str) -> Problem | None:
    """What went wrong during rendering, at its template line; None if it is a mistake of ours.

    The linter has seen the template: little is left to find. Jinja rewrites tracebacks: a frame
    whose file is the template's carries the template's line.
    """
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    if not frames or not isinstance(error, EditorMistake | jinja2.TemplateError | TypeError):
        return None
    line = frames[-1].lineno or 0
    excerpt = source.split("\n")[line - 1].rstrip()
    if not isinstance(error, EditorMistake):
        message, hint = f"这一行印不出来：{error}", "对照用户指南检查这一行的写法"
        return Problem("template-error", message, Place(path, line), hint, excerpt=excerpt)
    if error.place is not None:
        return Problem(error.rule, error.message, error.place, f"{error.hint}（{path}:{line}）")
    return Problem(error.rule, error.message, Place(path, line), error.hint, excerpt=excerpt)


class _Marker(NodeTransformer):
    """Adds line marks to literal text, the line to every printed expression, and the section
    to every 原因 (a reason may be given for a whole section).
    """

    def __init__(self, source: str) -> None:
        self._section_by_line = tuple(_sections(source))

    def visit_Output(self, node: nodes.Output) -> nodes.Output:
        self.generic_visit(node)
        node.nodes = [
            _marked_text(child)
            if isinstance(child, nodes.TemplateData)
            else nodes.Filter(
                child, _PRINT, [nodes.Const(child.lineno)], [], None, None, lineno=child.lineno
            )
            for child in node.nodes
        ]
        return node

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Expr:
        """项.名称 is an entry of 项: looking for an attribute of that name first takes longer."""
        self.generic_visit(node)
        if node.attr.isascii():  # loop.index
            return node
        name = nodes.Const(node.attr, lineno=node.lineno)
        return nodes.Getitem(node.node, name, node.ctx, lineno=node.lineno)

    def visit_Filter(self, node: nodes.Filter) -> nodes.Filter:
        self.generic_visit(node)
        if node.name == "原因":
            section = nodes.Const(self._section_by_line[node.lineno - 1])
            keyword = nodes.Keyword("section", section, lineno=node.lineno)
            node.kwargs.append(keyword)  # type: ignore[arg-type]  # the stub says Pair
        return node


def _sections(source: str) -> Iterator[str]:
    """For each template line, the number of the section it stands in: 五 below ## 五、…"""
    section = ""
    for line in source.split("\n"):
        match = re.match(r"##[ \u3000]*([一二三四五六七八九十]+)、", line)
        if match:
            section = match[1]
        yield section


def _marked_text(node: nodes.TemplateData) -> nodes.TemplateData:
    first, *others = node.data.split("\n")
    marked = [first] + [
        f"{LINE_MARK}{node.lineno + offset}{END_MARK}{text}"
        for offset, text in enumerate(others, 1)
    ]
    return nodes.TemplateData("\n".join(marked), lineno=node.lineno)
