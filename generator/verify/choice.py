"""Which of several documents a file was made from: its anchors decide, else its words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from generator.document import Document
from generator.verify.baseline import Baseline
from generator.verify.comparison import likeness_of
from generator.verify.package import UnusableFile, document_part, open_package
from generator.verify.reading import Found, furniture_of
from generator.verify.walking import FoundLine
from generator.writers.docx.document import write_docx

# The text of another year's disclosure of the same department is 0.5 to 0.6 alike.
_LEAST_LIKENESS = 0.2
_YEAR = re.compile(r"((?:19|20)[0-9]{2})年?[^0-9]{0,60}?(?:部门|单位)预算", re.ASCII)


class Candidate(NamedTuple):
    """A document a file may have been made from; `name` says to people where it is kept."""

    name: str
    baseline: Baseline


def choose(found: Found, candidates: Iterable[Candidate]) -> Candidate:
    """The candidate whose figures are the file's anchors, else the most alike; UnusableFile."""
    known = tuple(candidates)
    for candidate in known:
        if _built_from(found, candidate.baseline):
            return candidate
    alike = [(likeness_of(candidate.baseline, found), candidate) for candidate in known]
    best, chosen = max(alike, key=lambda one: one[0], default=(0.0, None))
    ours = found.figure_anchors is not None
    if chosen is None:
        message = (
            "没有可以对照的内容：既没有生成它时的 model.json，现在的数据也生成不了这一年的文件；"
            "生成时写了 --data、--templates、--out 的，这里也要写"
        )
        raise UnusableFile(message)
    if best < _LEAST_LIKENESS and not ours:
        raise UnusableFile("这不是本程序生成的部门预算公开文件，文字几乎都对不上，无法核对")
    return chosen


def _built_from(found: Found, baseline: Baseline) -> bool:
    if not found.figure_anchors:
        return False
    anchors = [(anchor.figure, anchor.text) for anchor in found.figure_anchors.values()]
    return anchors == [(printed.figure, printed.text) for printed in baseline.figure_anchors]


def year_of(found: Found, file_name: str) -> int | None:
    """The budget year a file says it is of: in its title, its first lines, or its name."""
    first = [block.text for block in found.blocks[:8] if isinstance(block, FoundLine)]
    for text in (found.title, "".join(first), file_name):
        if match := _YEAR.search(text.replace("\n", "")):
            return int(match[1])
    return None


def furniture_of_style(style: bytes, *, draft: bool) -> frozenset[str]:
    """The texts of headers and footers that style.docx gives every document, and its watermark
    every draft.
    """
    package = open_package(write_docx(Document("", "", "", "", (), draft), style))
    return frozenset(furniture_of(package, document_part(package)))
