"""What can be compared: a year, an output folder or a Word file, each as one kind of record."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from generator.build import Built, build_disclosure
from generator.compare.changes import SideTitle
from generator.compare.normal import Naming
from generator.compare.pairing import Item, items_of
from generator.compare.word.slots import with_common_names
from generator.compare.word.text import read_word
from generator.document import Document, text_of
from generator.figures.last_year import qualified_name
from generator.load.budget import PUBLISHED_FILE, load_budget, missing_year
from generator.load.records import parse_record
from generator.model import Published, Recode
from generator.narrative.place_loading import SHIPPED_TEMPLATES
from generator.problems import Place, Problem, ProblemsFound
from generator.verify.package import UnusableFile
from generator.writers.docx.document import write_docx
from generator.writers.evidence import write_facts
from generator.writers.model_reader import UnreadableModel, read_model

MODEL, FACTS = "model.json", "facts.json"
_YEAR_IN_TITLE = re.compile(r"(?<![0-9])((?:19|20|21)[0-9]{2})(?=年|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison.

    `document` is None where only published facts are known. `values` are printed numbers by fact
    name, with their sign; `complete` names the figures of which absent items were zero.
    `by_text` means that the document was read from a Word file and has no identities of its own;
    `remarks` say what was settled in it before. `templates` are the sources of the narrative, by
    path, of what has been built just now.
    """

    name: str
    department: str
    year: int | None
    origin: str
    document: Document | None
    values: Mapping[str, Decimal | None] = field(default_factory=dict)
    complete: frozenset[str] = frozenset()
    measure: str = "万元"
    by_text: bool = False
    anchored: bool = True
    style: bytes | None = None
    recodes: tuple[Recode, ...] = ()
    content: bytes | None = None  # the Word file itself
    remarks: tuple[str, ...] = ()
    templates: Mapping[str, str] = field(default_factory=dict)

    @property
    def title(self) -> SideTitle:
        return SideTitle(self.name, self.department, self.year, self.origin)

    @property
    def naming(self) -> Naming:
        return Naming(self.year, self.department)

    def items(self) -> tuple[Item, ...]:
        """The blocks of its document; none where only facts are known."""
        return () if self.document is None else items_of(self.document, self.naming)


def open_side(argument: str, data: Path, templates: Path = SHIPPED_TEMPLATES) -> Side:
    """The side that a year, a folder or a .docx names; ProblemsFound if it is none of them."""
    path = Path(argument)
    if len(argument) == 4 and argument.isascii() and argument.isdigit() and not path.is_dir():
        return side_of_year(int(argument), data, templates)
    if path.is_dir():
        return side_of_folder(path, argument)
    if path.suffix.lower() == ".docx" and path.is_file():
        return side_of_word(path.read_bytes(), argument)
    hint = "写四位年度（2023）、生成结果的文件夹（out/2023），或一个 .docx 文件"
    raise ProblemsFound([Problem("no-such-side", f"没有“{argument}”可比较", Place(argument), hint)])


def side_of_year(year: int, data: Path, templates: Path = SHIPPED_TEMPLATES) -> Side:
    """What the year published; if it has not, what its data make; or its published facts alone."""
    folder = data / str(year)
    if (folder / "published" / MODEL).is_file():
        side = side_of_folder(folder / "published", str(year), "已公布的文件", year)
        return replace(side, recodes=_recodes(data, year))
    if (folder / "department.yaml").is_file():
        return side_of_built(build_disclosure(data, year, templates), str(year))
    if (folder / PUBLISHED_FILE).is_file():
        return _side_of_facts(read_published(data, year), str(year))
    raise ProblemsFound([missing_year(data, year)])


def side_of_built(built: Built, name: str) -> Side:
    department = built.book.department
    return Side(
        name=name,
        department=department.name,
        year=department.year,
        origin="按现在的数据生成" + ("（草稿）" if built.document.draft else ""),
        document=built.document,
        values=_values(json.loads(write_facts(built))),
        measure=built.book.published_measure.name,
        style=built.place.style,
        recodes=built.book.budget.recodes,
        templates=built.place.sources,
    )


def side_of_folder(
    folder: Path, name: str, origin: str = "生成结果", year: int | None = None
) -> Side:
    """An output folder, by its model.json and facts.json."""
    if not (folder / MODEL).is_file():
        hint = "先用 python start.py 年度 生成，model.json 和 facts.json 要留在文件夹里"
        problem = Problem("no-model", f"文件夹里没有 {MODEL}", Place(f"{name}/{MODEL}"), hint)
        raise ProblemsFound([problem])
    try:
        document = read_model((folder / MODEL).read_bytes())
    except UnreadableModel as error:
        raise _damaged(f"{name}/{MODEL}", str(error)) from error
    try:
        content = (folder / FACTS).read_bytes() if (folder / FACTS).is_file() else b"{}"
        facts = json.loads(content)
        values = _values(facts)
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        raise _damaged(f"{name}/{FACTS}", f"{FACTS} 的内容不全") from error
    known = year or facts.get("year") or year_of(document.title)
    return Side(name, document.author, known, origin, document, values)


def _damaged(path: str, message: str) -> ProblemsFound:
    return ProblemsFound([Problem("bad-model", message, Place(path), "重新生成一次")])


def side_of_word(content: bytes, name: str, *, use_anchors: bool = True) -> Side:
    """A Word file: ours is recognised by its hidden anchors, any other is compared by text."""
    try:
        word = read_word(content, use_anchors=use_anchors)
    except UnusableFile as error:
        problem = Problem("docx-unreadable", str(error), Place(name), "确认它是 .docx 文件")
        raise ProblemsFound([problem]) from error
    document = word.document
    origin = "Word 文件" if word.anchored else "Word 文件，没有本程序的内部标记，按文字比较"
    return Side(
        name=name,
        department=document.author if _is_named(document) else "",
        year=year_of(document.title),
        origin=origin,
        document=document,
        by_text=True,
        anchored=word.anchored,
        content=content,
        remarks=word.remarks,
    )


def _is_named(document: Document) -> bool:
    """Whether the file's author is the department it speaks of, and not the person who saved it."""
    texts = (text_of(block.segments) for block in document.blocks())
    return bool(document.author) and any(document.author in text for text in texts)


def _recodes(data: Path, year: int) -> tuple[Recode, ...]:
    """The crosswalk of a published year, from its data where they are still there."""
    try:
        return load_budget(data, year).budget.recodes
    except ProblemsFound:
        return ()


def alike(old: Side, new: Side, style: bytes | None) -> tuple[Side, Side]:
    """Both sides as they are; or, where one is only a Word file, both as read from Word.

    `style` is the style file to write the other side with; ProblemsFound if it is needed and absent.
    """
    if old.document is None or new.document is None or not (old.by_text or new.by_text):
        return old, new
    anchored = all(side.anchored for side in (old, new))
    old, new = (_from_word(side, style, anchored=anchored) for side in (old, new))
    if anchored or old.document is None or new.document is None:
        return old, new
    named = with_common_names(old.document, new.document, (old.naming, new.naming))
    return old, replace(new, document=named)


def _from_word(side: Side, style: bytes | None, *, anchored: bool) -> Side:
    """The side as it is, or would be, read from its Word file."""
    if side.content is not None:
        return side_of_word(side.content, side.name, use_anchors=anchored)
    if style is None:
        hint = "用 --style 指明 style.docx"
        place = Place(side.name)
        raise ProblemsFound([Problem("no-style", "不知道用哪个模板的样式", place, hint)])
    assert side.document is not None
    read = read_word(write_docx(side.document, style, anchors=anchored))
    return replace(side, document=read.document, values={}, by_text=True, anchored=anchored)


def year_of(title: str) -> int | None:
    """The year in a document's title; None if there is not exactly one."""
    found = set(_YEAR_IN_TITLE.findall(title))
    return int(found.pop()) if len(found) == 1 else None


def _values(facts: Mapping[str, object]) -> dict[str, Decimal | None]:
    listed: Any = facts.get("facts", ())
    return {
        fact["name"]: None if fact["printed"] is None else Decimal(fact["printed"])
        for fact in listed
    }


def read_published(data: Path, year: int) -> Published:
    """data/<year>/published/facts.yaml; ProblemsFound."""
    path = f"{year}/{PUBLISHED_FILE}"
    return parse_record(Published, (data / path).read_bytes(), path)


def _side_of_facts(published: Published, name: str) -> Side:
    return Side(
        name=name,
        department=published.department,
        year=published.year,
        origin="只有公布过的数",
        document=None,
        values={
            qualified_name(fact.figure, fact.function): fact.amount for fact in published.facts
        },
        complete=frozenset(published.complete),
        measure=published.measure,
    )
