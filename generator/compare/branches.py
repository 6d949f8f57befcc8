"""Sentences, clauses and headings that another branch of an unedited template printed.

Of a side that was built just now the lines are known: what they hold is in one of their branches.
A template file was not edited where every line that both documents print has kept its number: a
line put in or taken out would move those below it. What one document alone prints from such a file
stands in a branch ({% if %}) that its figures chose.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import permutations

from generator.compare.normal import Atom
from generator.compare.pairing import Item, Pairing
from generator.document import LITERAL, Heading, Paragraph
from generator.problems import Place

# 尾差说明 is printed where printed sums or shares do not add up, and says which.
ROUNDING_NOTE = "尾差"
_BRACES = re.compile(r"\{[{%#].*?[}%#]\}")
_PUNCTUATION = "，。；：、！？"

Templates = Mapping[str, str]


class Branches:
    """Which blocks of a pairing are there, or not, because of figures."""

    def __init__(self, pairing: Pairing, templates: tuple[Templates, Templates]) -> None:
        """`templates` are the sources of each side by path, where they are known."""
        self.pairing = pairing
        self._templates = templates
        self._common = pairing.common_templates()
        self._unpaired = tuple(pairing.unpaired())
        self._last_line = _last_stable_lines(pairing)

    def switched(self, old: Item, new: Item) -> bool:
        """Whether two paired paragraphs are two branches, and not a line that was edited."""
        if old.template == new.template or not (old.template and new.template):
            return False
        one, other = _place(old), _place(new)
        if one is None or other is None or one.path != other.path or one.line == other.line:
            return False
        if ROUNDING_NOTE in old.text and ROUNDING_NOTE in new.text:
            return True
        return max(one.line, other.line) < self._last_line.get(one.path, 0)

    def exchanged(self, old: Item, new: Item, texts: tuple[str, str]) -> bool:
        """Whether `texts` differ by what the line of either paragraph holds in two branches."""
        return any(
            one and text.replace(one, other, 1) == changed
            for parts in (self._parts(0, old), self._parts(1, new))
            for one, other in permutations(parts, 2)
            for text, changed in (texts, texts[::-1])
        )

    def framed(self, old: Item, new: Item, figures: AbstractSet[str]) -> bool:
        """Whether the line of a paragraph tells the change of each figure in several ways."""
        line = self._line(1, new) or self._line(0, old)
        return all(len(re.findall(rf"\b{re.escape(f)}\s*\|\s*增减\(", line)) > 1 for f in figures)

    def written(self, old: Item, new: Item, sides: Sequence[Sequence[tuple[Atom, ...]]]) -> bool:
        """Whether a clause of `sides` stands in the line of its own side and not in the other's."""
        parts = self._parts(0, old), self._parts(1, new)
        return all(parts) and any(
            words and _stand_in(words, parts[side]) and not _stand_in(words, parts[1 - side])
            for side, clauses in enumerate(sides)
            for words in map(_words, clauses)
        )

    def _parts(self, side: int, item: Item) -> tuple[str, ...]:
        """What the line of a block prints as it stands, of all its branches; empty if unknown."""
        line = self._line(side, item)
        return _parts_of(line) if line else ()

    def _line(self, side: int, item: Item) -> str:
        """The template line that printed a block; empty if unknown."""
        block = item.block
        if not isinstance(block, Heading | Paragraph) or block.place is None:
            return ""
        source = self._templates[side].get(block.place.path)
        return "" if source is None else source.split("\n")[block.place.line - 1]

    def chosen(self, side: int, item: Item) -> bool:
        """Whether a heading or paragraph of one side is a branch that the other's figures did not
        choose.
        """
        block, place = item.block, _place(item)
        if place is None or not isinstance(block, Heading | Paragraph):
            return False
        if item.template and ROUNDING_NOTE in item.text:
            return True  # the program decides whether sums were rounded apart
        if item.template in self._common:
            return False  # a line that prints once more or once less: an item
        if place.line >= self._last_line.get(place.path, 0):
            return False
        places = (_place(one) for where, one in self._unpaired if where != side)
        others = [other for other in places if other is not None and other.path == place.path]
        if place in others:
            return False  # the same line, edited beyond recognition
        figures = any(segment.figure for segment in block.segments)
        return isinstance(block, Heading) or figures or bool(others)


@lru_cache(maxsize=256)
def _parts_of(line: str) -> tuple[str, ...]:
    """What stands between the braces of a line; and nothing, which is what no branch prints."""
    return tuple(dict.fromkeys((*_BRACES.split(line), "")))


def _words(clause: Sequence[Atom]) -> list[str]:
    words = (atom.text.strip(_PUNCTUATION) for atom in clause if atom.kind == LITERAL)
    return list(filter(None, words))


def _stand_in(words: Sequence[str], parts: Sequence[str]) -> bool:
    return all(any(word in part for part in parts) for word in words)


def _place(item: Item) -> Place | None:
    """The template line that printed a block; the file by its name, as places inherit files."""
    block = item.block
    if not isinstance(block, Heading | Paragraph) or block.place is None:
        return None
    return Place(block.place.path.rpartition("/")[2], block.place.line)


def _last_stable_lines(pairing: Pairing) -> dict[str, int]:
    """Template files whose common lines have kept their numbers, with the last such number."""
    last: dict[str, int] = {}
    edited: set[str] = set()
    for old, new in pairing.both():
        one, other = _place(old), _place(new)
        if one is None or other is None or old.template != new.template:
            continue
        if one.path != other.path or one.line != other.line:
            edited |= {one.path, other.path}
        last[other.path] = max(last.get(other.path, 0), other.line)
    return {path: line for path, line in last.items() if path not in edited}
