"""Table layouts of a place: read, checked and planned once per content of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from generator.fields import References
from generator.load.reader import Mapping, Node, Scalar, Sequence, Unreadable, read_yaml
from generator.load.records import Converter
from generator.problems import Place, Problem, raise_errors, suggestion, with_excerpts
from generator.tables.plan import Layout, Layouts, plan_layout
from generator.tables.spec import LayoutSpec

# What a text of a layout may have filled in, everywhere and in the label of a line 按类.
WORDS = ("年", "上年", "部门名称", "部门代码", "部门或单位", "公布单位")
CATEGORY_WORDS = ("序号", "名称")
_WORD = re.compile(r"\{([^{}]*)\}|[{}｛｝]")


@lru_cache(maxsize=16)
def parse_layouts(files: tuple[tuple[str, bytes], ...]) -> Layouts:
    """The layouts of (path, content) pairs, in their order; ProblemsFound with every mistake."""
    problems: list[Problem] = []
    layouts = {}
    contents_names: dict[str, Place] = {}
    for path, data in files:
        layout, found = parse_layout(data, path)
        problems += found
        if layout is None:
            continue
        layouts[layout.id] = layout
        name, place = layout.spec.contents_name, layout.spec.place
        first = contents_names.setdefault(name, place)
        if first is not place:
            message = f"目录名“{name}”与 {first.path} 的相同"
            problems.append(Problem("duplicate-contents", message, place, "改成各不相同"))
    raise_errors(problems)
    return layouts


def parse_layout(data: bytes, path: str) -> tuple[Layout | None, list[Problem]]:
    """One layout file; None if it is not valid, and everything that is wrong with it."""
    try:
        node = read_yaml(data, path)
    except Unreadable as error:
        return None, list(error.problems)
    if node is None:
        return None, [Problem("empty-file", "文件是空的", Place(path, 1), "写上标题和各列")]
    converter = Converter(path, References())
    spec = converter.record(LayoutSpec, node)
    problems = [*converter.problems, *_text_problems(node, path), *_name_problems(node, path)]
    layout = None
    if spec is not None:
        name = path.rpartition("/")[2].removesuffix(".yaml")
        layout, found = plan_layout(name, spec)
        problems += found
    return (None if problems else layout), list(with_excerpts(problems, data))


def _mappings(node: Node) -> Iterator[Mapping]:
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending += node.items
        elif isinstance(node, Mapping):
            yield node
            pending += [value for _, value in node.pairs]


def _text_problems(node: Node, path: str) -> Iterator[Problem]:
    """Words in braces that nothing fills in, wherever they stand."""
    for mapping in _mappings(node):
        by_category = any(key.text == "按类" for key, _ in mapping.pairs)
        known = (*WORDS, *CATEGORY_WORDS) if by_category else WORDS
        for _, value in mapping.pairs:
            texts = value.items if isinstance(value, Sequence) else [value]
            for text in texts:
                if isinstance(text, Scalar):
                    yield from _brace_problems(text, path, known)


def _brace_problems(node: Scalar, path: str, known: tuple[str, ...]) -> Iterator[Problem]:
    for match in _WORD.finditer(node.text):
        place = Place(path, node.line, node.column)
        if match[1] is None:
            message = f"“{match[0]}”没有成对，或是全角的"
            yield Problem("bad-braces", message, place, "用成对的半角花括号，例如 {年}")
        elif match[1] not in known:
            hint = suggestion(match[1], known) or f"可用：{'、'.join(known)}"
            yield Problem("unknown-word", f"花括号里没有“{match[1]}”可填", place, hint)


def _name_problems(node: Node, path: str) -> Iterator[Problem]:
    """Two columns side by side with one name."""
    for mapping in _mappings(node):
        for key, value in mapping.pairs:
            if key.text == "列" and isinstance(value, Sequence):
                yield from _same_names(value, path)


def _same_names(columns: Sequence, path: str) -> Iterator[Problem]:
    first_line: dict[str, int] = {}
    for column in columns.items:
        for key, name in column.pairs if isinstance(column, Mapping) else ():
            if key.text != "名称" or not isinstance(name, Scalar):
                continue
            if name.text in first_line:
                message = f"列“{name.text}”重复，先见于第 {first_line[name.text]} 行"
                place = Place(path, name.line, name.column)
                yield Problem("duplicate-column", message, place, "改名，或删去一列")
            first_line.setdefault(name.text, name.line)
