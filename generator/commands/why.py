"""`why YEAR NAME`: the formula of a figure as a tree, down to the data lines."""

from __future__ import annotations

import argparse
import json
import sys

from generator.build import Built, build_disclosure
from generator.commands.common import DONE, TO_MEND, WRONG_USE, add_year_arguments, telling_problems
from generator.document import Document, Table
from generator.explain import Explanation, Node, explain, figures_at, tree_lines
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.problems import suggestion


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_year_arguments(parser)
    parser.add_argument("name", nargs="?", metavar="名称", help="指标名称，如 三公经费")
    parser.add_argument("--at", metavar="文字", help="按印出的文字找，如 “增长28%%”")


@telling_problems
def run(arguments: argparse.Namespace) -> int:
    if bool(arguments.name) == bool(arguments.at):
        print("写一个指标名称，或者用 --at 写印出的文字。", file=sys.stderr)
        return WRONG_USE
    built = build_disclosure(arguments.data, arguments.year, arguments.templates)
    names = [arguments.name] if arguments.name else _names_at(built, arguments.at, arguments.json)
    explanations = []
    for name in names:
        try:
            explanations.append(explain(built.book, built.document, name))
        except KeyError:
            hint = suggestion(name, DEFINITION_BY_NAME) or (
                f"印出的数或文字这样查：why {arguments.year} --at {name}；figures 列出全部指标"
            )
            print(f"没有名为“{name}”的指标。{hint}", file=sys.stderr)
            return TO_MEND
    if arguments.json:
        print(json.dumps([_record(e) for e in explanations], ensure_ascii=False, indent=2))
    else:
        for explanation in explanations:
            _print(explanation, built.document)
    return DONE if explanations else TO_MEND


def _names_at(built: Built, text: str, quiet: bool) -> list[str]:
    found = list(figures_at(built.document, text))
    if not found:
        print(f"文中没有“{text}”，或那里没有算出的数。", file=sys.stderr)
    for name, sentence, place in found if not quiet else ():
        print(f"{place}: {name}\n    …{sentence}…")
    return list(dict.fromkeys(name for name, _, _ in found))


def _print(explanation: Explanation, document: Document) -> None:
    print()
    print("\n".join(tree_lines(explanation.tree)))
    if explanation.prior is not None:
        print("\n".join(tree_lines(explanation.prior)))
    for text, where in explanation.printed_at:
        print(f"印在 {_place_said(where, document)}：{text}")


def _place_said(where: str, document: Document) -> str:
    """A place as `printed_figures` tells it; of a table, by its name, row and column."""
    for block in document.blocks():
        if isinstance(block, Table) and where.startswith(f"{block.id}/"):
            row, _, column = where.removeprefix(f"{block.id}/").rpartition("/")
            return f"{block.contents_name or block.id} “{row}”行第 {int(column) + 1} 列"
    return where


def _record(explanation: Explanation) -> dict[str, object]:
    return {
        "tree": _node(explanation.tree),
        "prior": _node(explanation.prior) if explanation.prior else None,
        "printed_at": [{"text": text, "place": where} for text, where in explanation.printed_at],
    }


def _node(node: Node) -> dict[str, object]:
    return {
        "name": node.name,
        "meaning": node.meaning,
        "formula": node.formula,
        "exact": None if node.exact is None or node.rounded else str(node.exact),
        "printed": None if node.printed is None else str(node.printed),
        "measure": node.measure,
        "place": node.place.file_line if node.place else None,
        "children": [_node(child) for child in node.children],
        "lines": [{"place": leaf.place.file_line, "amount": leaf.text} for leaf in node.leaves],
        "empty": node.empty,
    }
