"""Which block of one document is which of the other: by identity first, by text only for the rest.

A template line that was edited has a new identity; its paragraphs are found again by their text,
between the same neighbours.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from generator.compare.align import ALIKE, best_pairs, moved
from generator.compare.normal import Naming, base_of, normal_text
from generator.document import FIGURE, Block, Contents, Document, Heading, Paragraph, Table, text_of

# What must be the same of two items without a pair (their kind, the neighbour before, the one after),
# and how much alike their texts must be then.
_STEPS = (
    (itemgetter(0, 1), ALIKE),
    (itemgetter(0, 2), ALIKE),
    (itemgetter(0, 1, 2), 0.3),  # between the same two neighbours less will do
    (itemgetter(0), 0.8),  # a text that moved and was edited must be more alike
)


@dataclass(frozen=True, slots=True)
class Item:
    """A block of a document with what it is recognised by.

    `template` is the template line it was printed by ("" where that is unknown), `path` the
    headings above it.
    """

    index: int
    block: Block
    template: str
    key: tuple[Hashable, int]  # what it is, and the how manieth of it
    text: str
    path: tuple[str, ...]
    orientation: str

    @property
    def where(self) -> str:
        """Where a reader finds it: its headings, or the table's title."""
        if isinstance(self.block, Table):
            return text_of(self.block.title) or self.block.id
        return "／".join(self.path[1:] or self.path)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Both documents' items, and which are the same: indexes into `old` and `new`."""

    old: tuple[Item, ...]
    new: tuple[Item, ...]
    pairs: tuple[tuple[int, int], ...]  # in the order of the new document

    def unpaired(self) -> Iterator[tuple[int, Item]]:
        """The items of one document only, with its side: 0 for those that went, 1 for new ones."""
        for side, items in enumerate((self.old, self.new)):
            paired = {pair[side] for pair in self.pairs}
            yield from ((side, item) for item in items if item.index not in paired)

    def common_templates(self) -> frozenset[str]:
        """The template lines that both documents print."""
        old, new = ({item.template for item in side} for side in (self.old, self.new))
        return frozenset(old & new - {""})

    def both(self) -> Iterator[tuple[Item, Item]]:
        for one, other in self.pairs:
            yield self.old[one], self.new[other]

    def moved(self) -> frozenset[int]:
        """The indexes in `old` of the paired items that stand elsewhere among the others."""
        # Named by both texts: seen from the other side, the same items must have moved. And by both
        # keys: a heading and a paragraph may have one text.
        name_by_old = {
            one: (
                *sorted((self.old[one].text, self.new[other].text)),
                *sorted((repr(self.old[one].key), repr(self.new[other].key))),
            )
            for one, other in self.pairs
        }
        new_order = [name_by_old[one] for one, _ in self.pairs]
        old_order = [name_by_old[one] for one in sorted(name_by_old)]
        names = moved(old_order, new_order)
        return frozenset(one for one, name in name_by_old.items() if name in names)


def template_of(identity: str) -> str:
    """30-explanation:2f32f6db/支出[…]~2 -> 30-explanation:2f32f6db."""
    return identity.partition("/")[0].partition("~")[0]


def pair_documents(old: Document, new: Document, names: tuple[Naming, Naming]) -> Pairing:
    """Pair the blocks of two documents of which `names` are the naming."""
    olds, news = items_of(old, names[0]), items_of(new, names[1])
    pairs = _by_key(olds, news)
    pairs |= _by_text(olds, news, pairs)
    return Pairing(olds, news, tuple(sorted(pairs.items(), key=lambda pair: pair[1])))


def items_of(document: Document, naming: Naming) -> tuple[Item, ...]:
    items: list[Item] = []
    numbers: Counter[Hashable] = Counter()
    path: list[str] = []
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Heading):
                path = [*path[: block.level], text_of(block.segments)]
            template, key, text = _recognised(block, naming)
            numbers[key] += 1
            unique = key, numbers[key]
            items.append(
                Item(len(items), block, template, unique, text, tuple(path), section.orientation)
            )
    return tuple(items)


def _recognised(block: Block, naming: Naming) -> tuple[str, Hashable, str]:
    match block:
        case Heading():
            text = normal_text(block.segments, naming)
            return "", ("heading", block.level, text), text
        case Paragraph():
            text = normal_text(block.segments, naming)
            template = template_of(block.id) if ":" in block.id else ""
            figure = next((s.figure for s in block.segments if s.kind == FIGURE and s.figure), "")
            subject = base_of(figure) if template and figure else text
            return template, ("paragraph", template, subject), text
        case Table():
            return "", ("table", block.id), normal_text(block.title, naming)
        case Contents():
            return "", ("contents",), "目录"


def _by_key(olds: Sequence[Item], news: Sequence[Item]) -> dict[int, int]:
    index_by_key = {item.key: item.index for item in news}
    return {item.index: index_by_key[item.key] for item in olds if item.key in index_by_key}


def _by_text(
    olds: Sequence[Item], news: Sequence[Item], pairs: Mapping[int, int]
) -> dict[int, int]:
    """Pairs of the items without one, whose neighbours are the same and whose texts are alike."""
    left = _surroundings(olds, pairs)
    right = _surroundings(news, {other: other for other in pairs.values()})
    found: dict[int, int] = {}
    for group_of, alike in _STEPS:
        some = {i: (group_of(s), olds[i].text) for i, s in left.items() if i not in found}
        taken = set(found.values())
        others = {i: (group_of(s), news[i].text) for i, s in right.items() if i not in taken}
        found |= dict(best_pairs(some, others, alike))
    return found


def _surroundings(
    items: Sequence[Item], paired: Mapping[int, int]
) -> dict[int, tuple[Hashable, int, int]]:
    """Kind and nearest `paired` neighbours, by their new index, of each item that is not paired."""
    nearest: dict[int, list[int]] = defaultdict(lambda: [-1, -1])
    for side, order in enumerate((items, items[::-1])):
        last = -1
        for item in order:
            if item.index in paired:
                last = paired[item.index]
            else:
                nearest[item.index][side] = last
    return {
        index: (_kind(items[index]), before, after) for index, (before, after) in nearest.items()
    }


def _kind(item: Item) -> Hashable:
    block = item.block
    if isinstance(block, Heading):
        return "heading", block.level
    if isinstance(block, Paragraph):
        return "paragraph", block.role
    return type(block).__name__
