"""Segments and attributes as HTML; escaping happens here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import NamedTuple

from generator.document import OWED, WORD, Segment
from generator.problems import Place


class Pen(NamedTuple):
    """How blocks are written: the HTML id of each target, and whether places are shown."""

    targets: Mapping[str, str]
    places: bool


def tag(name: str, content: str, attributes: Mapping[str, str]) -> str:
    """An element; `content` is HTML, attribute values are text."""
    return f"<{name}{attributes_html(attributes)}>{content}</{name}>"


def attributes_html(attributes: Mapping[str, str]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())


def text_html(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def place_attributes(pen: Pen, place: Place | None, figure: str | None = None) -> dict[str, str]:
    """data-place (file:line) and data-figure, if the pen shows places."""
    if not pen.places:
        return {}
    attributes = {"data-place": place.file_line} if place else {}
    if figure:
        attributes["data-figure"] = figure
    return attributes


def segments_html(segments: tuple[Segment, ...], pen: Pen, place: Place | None) -> str:
    """Text in order; what is owed is marked. `place` is that of the block the segments stand in."""
    return "".join(_segment(segment, pen, place) for segment in segments)


def _segment(segment: Segment, pen: Pen, place: Place | None) -> str:
    content = text_html(segment.text)
    figure = segment.figure if segment.kind != WORD else None
    elsewhere = segment.place is not None and segment.place != place
    own = place_attributes(pen, segment.place, figure) if figure or elsewhere else {}
    if segment.kind == OWED:
        return tag("mark", content, own)
    return tag("span", content, own) if own else content
