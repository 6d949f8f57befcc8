"""What the preview's page asks for, as plain values for JSON: state, names, figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from generator.build import Built
from generator.explain import Node, explain
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME, DEFINITIONS, Definition
from generator.figures.figure import NegativeBase
from generator.money import Money
from generator.narrative.names import context_of, named_texts
from generator.narrative.vocabulary import FIGURE, FILTERS, LISTS, TESTS, printing_filter
from generator.numerals import prose_text
from generator.preview.session import State
from generator.preview.sources import SourceText

# So many data lines of a figure are shown; the number of the others is told.
_SHOWN_LINES = 60

Record = Mapping[str, Any]


def state_view(state: State) -> Record:
    """The document's HTML and every problem with its place."""
    document = state.built.document if state.built else None
    return {
        "number": state.number,
        "html": state.html,
        "title": document.title if document else "",
        "draft": document.draft if document else False,
        "current": state.current,
        "failure": state.failure,
        "problems": [
            {**problem.as_json(), "place": str(problem.place), "excerpt": problem.excerpt}
            for problem in state.problems
        ],
    }


def source_view(source: SourceText) -> Record:
    return source._asdict()


def figure_view(built: Built, name: str) -> Record:
    """Meaning, formula, value, last year's, and the data lines; KeyError for an unknown name."""
    explanation = explain(built.book, built.document, name)
    definition = DEFINITION_BY_NAME.get(name)
    return {
        "name": name,
        "basis": definition.basis if definition else "",
        "prior": _value(explanation.prior) if explanation.prior else "",
        "prior_place": _place(explanation.prior) if explanation.prior else "",
        "change": _change(built.book, name) if explanation.prior else "",
        "tree": _node(explanation.tree),
        "printed": len(explanation.printed_at),
    }


def _node(node: Node) -> Record:
    return {
        "name": node.name,
        "meaning": node.meaning,
        "formula": node.formula,
        "value": _value(node),
        "place": _place(node),
        "exact": f"{node.exact.yuan} 元" if isinstance(node.exact, Money) else "",
        "children": [_node(child) for child in node.children],
        "lines": [
            {"place": leaf.place.file_line, "text": leaf.text}
            for leaf in node.leaves[:_SHOWN_LINES]
        ],
        "more": max(0, len(node.leaves) - _SHOWN_LINES),
        "empty": node.empty,
    }


def _value(node: Node) -> str:
    return _printed(node.printed, node.measure)


def _printed(number: Decimal | None, measure: str) -> str:
    return "空白" if number is None else f"{prose_text(number)}{measure}"


def _place(node: Node) -> str:
    return node.place.file_line if node.place else ""


def _change(book: FigureBook, name: str) -> str:
    """增加182.2万元，28% — the class of the change and its printed figures."""
    try:
        change = book.change(book.resolve(name))
    except NegativeBase:
        return "上年是负数，不算增减"
    text = change.said
    if change.difference is not None and change.difference.printed is not None:
        text += _printed(abs(change.difference.printed), change.difference.measure)
    if change.rate is not None:
        text += f"，{_printed(change.rate.printed, '%')}"
    return text


def names_view(built: Built) -> Sequence[Record]:
    """Every name a template may use, with this year's value, and what to insert for it."""
    book, phrases = built.book, built.place.phrases
    context = context_of(book, phrases)
    texts = [_text(*text) for text in named_texts(context, phrases.constants)]
    lists = [_list(name, context[name]) for name in LISTS]
    filters = [_rule(n, r.meaning, _use(n, phrases.frames)) for n, r in FILTERS.items()]
    return [
        {"title": "指标", "names": [_figure(book, definition) for definition in DEFINITIONS]},
        {"title": "文字", "names": texts},
        {"title": "列表", "names": lists},
        {"title": "写法", "names": filters},
        {"title": "判断", "names": [_rule(n, m, f" is {n}") for n, m in TESTS.items()]},
        {"title": "句式", "names": [_rule(n, f.changed, n) for n, f in phrases.frames.items()]},
    ]


def _figure(book: FigureBook, definition: Definition) -> Record:
    figure = book.named(definition.name)
    fact = book.prior_fact(figure)
    value = "待填" if figure.owed else _printed(figure.printed, figure.measure)
    return {
        "name": definition.name,
        "value": value,
        "prior": "" if fact is None or fact.amount is None else prose_text(fact.amount),
        "meaning": definition.meaning,
        "insert": f"{{{{ {definition.name} | {printing_filter(definition.name)} }}}}",
    }


def _text(name: str, value: str, meaning: str) -> Record:
    return {"name": name, "value": value, "meaning": meaning, "insert": f"{{{{ {name} }}}}"}


def _list(name: str, items: object) -> Record:
    meaning, attributes = LISTS[name]
    count = len(items) if isinstance(items, Sequence) else 0
    printed = "".join(
        f"{{{{ 一项.{attribute}{' | 金额' if kind == FIGURE else ''} }}}}"
        for attribute, kind in attributes.items()
    )
    return {
        "name": name,
        "value": f"{count}项",
        "meaning": f"{meaning}；每项有：{'、'.join(attributes)}",
        "insert": f"{{% for 一项 in {name} %}}\n{printed}\n{{% endfor %}}\n",
    }


def _use(name: str, frames: Mapping[str, object]) -> str:
    """A filter as it is written, with an argument where it needs one."""
    if FILTERS[name].figure_arguments:
        return f" | {name}({next(d.name for d in DEFINITIONS if not d.measure)})"
    if name == "增减" and frames:
        return f' | {name}("{next(iter(frames))}")'
    return f" | {name}"


def _rule(name: str, meaning: str, insert: str) -> Record:
    return {"name": name, "value": "", "meaning": meaning, "insert": insert}
