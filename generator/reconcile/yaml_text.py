"""A single value in a YAML file: how another text is written in its place.

Only the value's own characters change; comments, order and the style of quotes stay.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.load.reader import Mapping, Node, Scalar, Sequence, Unreadable, read_yaml
from generator.reconcile.files import Change, SourceFile

# What means nothing at all where it is not quoted.
_BLANK = ("", "~", "null")


def rewritten(source: SourceFile, span: tuple[int, int], value: str) -> Change | None:
    """The change that makes the value at `span` read `value` and alters no other; None if none."""
    start, end = span
    before = list(_tokens(source.node))
    quote = source.text[start]
    styles = [json.dumps(value, ensure_ascii=False)]
    if quote == "'":
        styles.insert(0, "'" + value.replace("'", "''") + "'")
    elif quote != '"' and value not in _BLANK:
        styles.insert(0, value)
    for written in styles:
        change = Change(source.path, start, end, written)
        try:
            after = list(_tokens(read_yaml(source.changed([change]), source.path)))
        except Unreadable:
            continue
        if len(before) != len(after):
            continue
        differing = [new for old, new in zip(before, after, strict=True) if old != new]
        if differing == [value]:
            return change
    return None


def _tokens(node: Node | None) -> Iterator[str]:
    """The structure and the texts of a file, in order."""
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        yield "\0["
        for item in node.items:
            yield from _tokens(item)
        yield "\0]"
    elif isinstance(node, Mapping):
        yield "\0{"
        for key, value in node.pairs:
            yield key.text
            yield from _tokens(value)
        yield "\0}"
