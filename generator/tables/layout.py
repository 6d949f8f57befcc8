"""Table layouts of a place: read, checked and planned once per content of their files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

from generator.fields import OWED_TEXT, References
from generator.load.reader import (
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unreadable,
    child,
    read_with_doubts,
)
from generator.load.records import Converter
from generator.problems import (
    ERROR,
    WARNING,
    Place,
    Problem,
    raise_errors,
    suggestion,
    with_excerpts,
)
from generator.residue import residues_of
from generator.tables.plan import Layout, Layouts, plan_layout
from generator.tables.spec import LayoutSpec
from generator.typed_figures import typed_figures

# What a text of a layout may have filled in, everywhere and in the label of a line 按类.
WORDS = ("年", "上年", "部门名称", "部门代码", "部门或单位", "公布单位")
CATEGORY_WORDS = ("序号", "名称")
CELL_WORDS = ("序号",)  # of a form
# Keys of sentences and of names that are printed.
_SENTENCES = ("标题", "目录名", "副题", "左上角", "右上角", "注", "空表说明")
_NAMES = ("名称", "标签", "合计名称")
_STANDARD = re.compile("[（(]?(?:含|以上|以下|以内)")
_WORD = re.compile(r"\{([^{}]*)\}|[{}｛｝]")


@lru_cache(maxsize=16)
def parse_layouts(
    files: tuple[tuple[str, bytes], ...],
) -> tuple[Layouts, tuple[Problem, ...]]:
    """The layouts of (path, content) pairs, in their order, and what is doubtful in them;
    ProblemsFound with every mistake.
    """
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
    return layouts, tuple(problems)


def parse_layout(data: bytes, path: str) -> tuple[Layout | None, list[Problem]]:
    """One layout file; None if it is not valid, and everything that is wrong with it."""
    try:
        node, doubts = read_with_doubts(data, path)
    except Unreadable as error:
        return None, list(error.problems)
    if node is None:
        return None, [Problem("empty-file", "文件是空的", Place(path, 1), "写上标题和各列")]
    converter = Converter(path, References(), may_owe=False)
    spec = converter.record(LayoutSpec, node)
    problems = [*converter.problems, *doubts]
    problems += (*_text_problems(node, path), *_twice_problems(node, path))
    layout = None
    find = _value_finder(node, path)
    if spec is not None and not (spec.left or spec.right or (spec.columns and spec.rows)):
        place = find(spec.place, "列" if spec.columns else "行")
        hint = "写 列 和 行，或写 左 和 右"
        problems.append(Problem("no-columns", "没有写“列”或“行”", place, hint))
    elif spec is not None:
        name = path.rpartition("/")[2].removesuffix(".yaml")
        layout, found = plan_layout(name, spec, find)
        problems += found
    wrong = any(problem.severity == ERROR for problem in problems)
    return (None if wrong else layout), list(with_excerpts(problems, data))


def _mappings(node: Node) -> Iterator[Mapping]:
    pending = [node]
    while pending:
        node = pending.pop()
        if isinstance(node, Sequence):
            pending += node.items
        elif isinstance(node, Mapping):
            yield node
            pending += [value for _, value in node.pairs]


def _cells_of(line: Mapping) -> Iterator[Node]:
    """The cells of a line of a form."""
    for key, value in line.pairs:
        if key.text == "单元格" and isinstance(value, Sequence):
            yield from value.items


def _text_problems(node: Node, path: str) -> Iterator[Problem]:
    """Words in braces that nothing fills in, wherever they stand; figures typed into words."""
    form_cells: set[int] = set()
    for mapping in _mappings(node):
        known = WORDS + (CELL_WORDS if id(mapping) in form_cells else ())
        if any(key.text == "按类" for key, _ in mapping.pairs):
            known = (*WORDS, *CATEGORY_WORDS)
        form_cells |= {id(cell) for cell in _cells_of(mapping)}
        for key, value in mapping.pairs:
            texts = value.items if isinstance(value, Sequence) else [value]
            for text in texts:
                if isinstance(text, Scalar):
                    yield from _brace_problems(text, path, known)
                    yield from _typed_problems(key.text, text, path)
                    yield from _residue_problems(key.text, text, path)


def _brace_problems(node: Scalar, path: str, known: tuple[str, ...]) -> Iterator[Problem]:
    for match in _WORD.finditer(node.text):
        place = Place(path, node.line, node.column)
        if match[1] is None:
            message = f"“{match[0]}”没有成对，或是全角的"
            yield Problem("bad-braces", message, place, "用成对的半角花括号，例如 {年}")
        elif match[1] not in known:
            hint = suggestion(match[1], known) or f"可用：{'、'.join(known)}"
            yield Problem("unknown-word", f"花括号里没有“{match[1]}”可填", place, hint)


def _typed_problems(key: str, node: Scalar, path: str) -> Iterator[Problem]:
    """Years in any words that are printed, amounts in sentences (50万元以上 is a standard)."""
    for typed in typed_figures(node.text) if key in (*_SENTENCES, *_NAMES) else ():
        is_amount = typed.rule == "typed-amount"
        if is_amount and (key in _NAMES or _STANDARD.match(node.text, typed.end)):
            continue
        hint = "删掉它，数由程序填在表里" if is_amount else "写成 {年}年 或 {上年}年"
        yield Problem(typed.rule, typed.message, Place(path, node.line, node.column), hint)


def _residue_problems(key: str, node: Scalar, path: str) -> Iterator[Problem]:
    """What a form left in any words that are printed."""
    printed = key in (*_SENTENCES, *_NAMES) and node.text != OWED_TEXT  # that is reported
    for kind, match in residues_of(node.text) if printed else ():
        message, place = f"有残留的字样“{match[0]}”", Place(path, node.line, node.column)
        yield Problem(kind, message, place, "改成要印的字", WARNING)


def _value_finder(root: Node, path: str) -> Callable[[Place, str], Place]:
    """Where the value of a key stands in the record at a place; the place itself without one."""
    by_place = {(m.line, m.column): m for m in _mappings(root)}

    def find(place: Place, key: str) -> Place:
        value = child(by_place.get((place.line, place.column)), key)
        return place if value is None else Place(path, value.line, value.column)

    return find


def _twice_problems(node: Node, path: str) -> Iterator[Problem]:
    """Columns side by side with one name; rows and 类 that would be printed twice."""
    for mapping in _mappings(node):
        for key, value in mapping.pairs:
            items = value.items if isinstance(value, Sequence) else []
            if key.text == "列":
                yield from _same(
                    items, "名称", path, ("duplicate-column", "列", "改名，或删去一列")
                )
            elif key.text == "类名":
                yield from _same(items, "类", path, ("duplicate-category", "类", "只留一个"))
            elif key.text == "行":
                yield from _same(items, "", path, ("duplicate-rows", "行", "只留一个"))


def _same(
    items: list[Node], key: str, path: str, complaint: tuple[str, str, str]
) -> Iterator[Problem]:
    """The second of two items with one value of `key` ("": that are one value)."""
    rule, what, hint = complaint
    first_line: dict[str, int] = {}
    for item in items:
        value = child(item, key) if key else item
        if not isinstance(value, Scalar):
            continue
        if value.text in first_line:
            message = f"{what}“{value.text}”重复，先见于第 {first_line[value.text]} 行"
            yield Problem(rule, message, Place(path, value.line, value.column), hint)
        first_line.setdefault(value.text, value.line)
