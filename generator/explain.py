"""Why a figure is what it is: its formula as a tree, down to the lines of the data files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from generator.build import printed_figures
from generator.document import WORD, Document, Table, text_of
from generator.fields import OWED_TEXT
from generator.figures.book import FigureBook
from generator.figures.definitions import DEFINITION_BY_NAME
from generator.figures.expressions import Count, Given, Ratio, Subtract
from generator.figures.figure import Figure
from generator.figures.last_year import qualified_name
from generator.figures.recoding import recoded
from generator.model import PublishedFact
from generator.money import FEN_PER_MEASURE, Money
from generator.numerals import prose_text
from generator.problems import Place

PRIOR_SUFFIX = ".上年"
# What a number of last year is: it is known only as it was printed.
_PUBLISHED, _FROM_PUBLISHED = "公布数", "按公布数算"
_WITH_CODE = re.compile(r"(\w+?)\s*([0-9]{7}|[0-9]{5}|[0-9]{3})")


class Leaf(NamedTuple):
    """A data line that goes into a sum: its amount in fen, or the number it gives."""

    place: Place
    amount: int
    measure: str  # 分 for amounts, else the figure's own measure
    owed: bool = False

    @property
    def text(self) -> str:
        if self.owed:
            return OWED_TEXT
        return (
            f"{Money(self.amount).yuan} 元"
            if self.measure == "分"
            else f"{self.amount}{self.measure}"
        )


class Node(NamedTuple):
    """A figure of the tree. `exact` is in fen for amounts, in percent for rates; None is blank.

    `empty` is true where a selection has no line at all. `rounded` says what a number is whose
    `exact` is no more exact than what was printed.
    """

    name: str
    meaning: str
    formula: str
    exact: int | Decimal | None
    printed: Decimal | None
    measure: str
    children: tuple[Node, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    empty: bool = False
    place: Place | None = None
    owed: bool = False  # some of its lines are still 待填
    rounded: str = ""


class Explanation(NamedTuple):
    """The tree of a figure, last year's fact, and where the document prints it."""

    tree: Node
    prior: Node | None
    printed_at: tuple[tuple[str, str], ...]  # (text, place)


def explain(book: FigureBook, document: Document, name: str) -> Explanation:
    """The explanation of a figure by name, with or without a function code; KeyError if unknown."""
    figure = _figure_of(book, name)
    printed_at = tuple(
        (text, where) for n, text, where in printed_figures(document) if n == figure.name
    )
    return Explanation(node_of(book, figure), _prior_node(book, figure), printed_at)


def _figure_of(book: FigureBook, name: str) -> Figure:
    """三公经费, 一般公共预算支出 2010301, or any name the document prints."""
    coded = _WITH_CODE.fullmatch(name)
    return book.resolve_qualified(coded[1], coded[2]) if coded else book.resolve(name)


def node_of(book: FigureBook, figure: Figure) -> Node:
    """The formula tree of a figure."""
    expression = figure.expression
    definition = DEFINITION_BY_NAME.get(figure.name)
    children = [node_of(book, part) for part in book.parts(figure)]
    prior = _base_name(figure)
    if prior is not None:
        node = _prior_node(book, book.resolve(prior.removesuffix(PRIOR_SUFFIX)))
        children += [node] if node is not None else []
    leaves = _leaves(book, figure)
    return Node(
        figure.name,
        definition.meaning if definition else "",
        book.formula(figure),
        figure.exact,
        figure.printed,
        figure.measure,
        tuple(children),
        leaves,
        empty=not children and not leaves and not isinstance(expression, Given),
        owed=figure.owed,
    )


def figures_at(document: Document, text: str) -> Iterator[tuple[str, str, str]]:
    """(figure, sentence, place) of the figures printed where `text` stands in the document."""
    for block in document.blocks():
        if isinstance(block, Table):
            for row in block.rows:
                for cell in row.cells:
                    if cell.figure and text in cell.text:
                        where = f"{block.contents_name or block.id} {row.key}"
                        yield cell.figure, cell.text, where
            continue
        whole = text_of(block.segments)
        start = whole.find(text)
        while start >= 0:
            end, offset = start + len(text), 0
            for segment in block.segments:
                inside = offset < end and start < offset + len(segment.text)
                if inside and segment.figure and segment.kind != WORD:
                    place = segment.place.file_line if segment.place else block.id
                    yield segment.figure, whole[max(0, start - 20) : end + 20], place
                offset += len(segment.text)
            start = whole.find(text, end)


def _base_name(figure: Figure) -> str | None:
    expression = figure.expression
    if isinstance(expression, Subtract):
        return expression.figure + PRIOR_SUFFIX
    if isinstance(expression, Ratio) and expression.whole.endswith(PRIOR_SUFFIX):
        return expression.whole
    return None


def _prior_node(book: FigureBook, figure: Figure) -> Node | None:
    base = book.last_year.base_of(figure)
    if base is None:
        return None
    fact = base.fact
    contributions = _contributions(book, fact)
    formula = "上年公布的数" if fact.place.path else "上年各科目已全部公布，没有列出的是零"
    if contributions:
        formula = "上年公布的数按 recode.yaml 的对照换算"
    children = tuple(
        _shared(_published(book, figure, source, "上年公布的数"), book, figure, part)
        for source, part in contributions
    )
    if base.items:
        formula = "上年没有单独公布；各科目已全部公布（完整），这是其中各项之和"
        children = tuple(_published(book, figure, item, "上年公布的数") for item in base.items)
    node = _published(book, figure, fact, formula)
    rounded = _FROM_PUBLISHED if children else node.rounded
    return node._replace(name=figure.name + PRIOR_SUFFIX, children=children, rounded=rounded)


def _published(book: FigureBook, figure: Figure, fact: PublishedFact, formula: str) -> Node:
    """A fact of last year in this year's measure."""
    amount = book.prior_amount(fact, figure)
    return Node(
        qualified_name(fact.figure, fact.function) + PRIOR_SUFFIX,
        "",
        formula,
        _in_fen(book, figure, amount),
        amount,
        figure.measure,
        place=fact.place if fact.place.path else None,
        rounded=_PUBLISHED,
    )


def _shared(source: Node, book: FigureBook, figure: Figure, part: PublishedFact) -> Node:
    """The part of a published fact that the crosswalk gives to a figure; the fact itself if all."""
    amount = book.prior_amount(part, figure)
    if amount == source.printed:
        return source
    return source._replace(
        name=f"{source.name}算到这里的",
        formula="按 recode.yaml 的对照",
        exact=_in_fen(book, figure, amount),
        printed=amount,
        children=(source,),
        place=part.place,
        rounded=_FROM_PUBLISHED,
    )


def _contributions(
    book: FigureBook, fact: PublishedFact
) -> tuple[tuple[PublishedFact, PublishedFact], ...]:
    """The published facts a recoded one was made of, each with its part; none if it was not.

    The crosswalk treats every fact by itself: with all others at zero, its part is what remains.
    """
    prior = book.budget.prior
    if prior is None or not book.last_year.is_of_crosswalk(fact):
        return ()
    zeros = tuple(replace(one, amount=Decimal(0)) for one in prior.facts)
    return tuple(
        (source, part)
        for number, source in enumerate(prior.facts)
        for part in recoded(
            replace(prior, facts=(*zeros[:number], source, *zeros[number + 1 :])),
            book.budget.recodes,
        )
        if (part.figure, part.function) == (fact.figure, fact.function) and part.amount
    )


def _in_fen(book: FigureBook, figure: Figure, amount: Decimal) -> int:
    return int(amount * book.published_measure.fen) if figure.is_amount else int(amount)


def _leaves(book: FigureBook, figure: Figure) -> tuple[Leaf, ...]:
    expression = figure.expression
    if isinstance(expression, Count):
        return tuple(Leaf(place, 1, figure.measure) for place in book.counted(expression.what))
    if isinstance(expression, Given):
        return tuple(
            Leaf(place, int(figure.exact or 0), figure.measure) for place in book.places(figure)
        )
    return tuple(
        Leaf(entry.place, entry.fen, "分", entry.owed)
        for entry in sorted(book.entries(figure), key=lambda e: e.place)
    )


def tree_lines(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree as indented Chinese lines."""
    indent = "  " * depth
    value = "空白" if node.printed is None else f"{prose_text(node.printed)}{node.measure}"
    exact = f"（{node.rounded}）" if node.rounded else ""
    if not node.rounded and isinstance(node.exact, int) and node.measure in FEN_PER_MEASURE:
        exact = f"（精确 {Money(node.exact).yuan} 元）"
    if node.owed:
        known = f"（已填的共 {Money(node.exact).yuan} 元）" if exact and node.exact else ""
        value, exact = OWED_TEXT, known
    place = f"  {node.place.file_line}" if node.place else ""
    yield f"{indent}{node.name} = {value}{exact}{place}"
    yield f"{indent}  算法：{node.formula}" + (f"  {node.meaning}" if node.meaning else "")
    for child in node.children:
        yield from tree_lines(child, depth + 1)
    for leaf in node.leaves:
        yield f"{indent}    {leaf.place.file_line}  {leaf.text}"
    if node.empty:
        yield f"{indent}    没有符合条件的明细行"
