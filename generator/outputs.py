"""The files of a build: every requested format, the evidence, and the proof that Word's copy agrees."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generator.build import Built
from generator.collector import collector_paused
from generator.problems import raise_errors
from generator.writers.docx.document import write_docx
from generator.writers.docx.proof import problems_of_written
from generator.writers.evidence import write_facts, write_model
from generator.writers.text import write_text

Pages = Mapping[str, int] | None
_DRAFT, _OLD = "（草稿）", "（旧稿）"


def _docx(built: Built, pages: Pages) -> bytes:
    """The Word file, opened again: its text must be the model's."""
    data = write_docx(built.document, built.place.style, pages=pages)
    raise_errors(problems_of_written(built.document, data))
    return data


def _html(built: Built) -> bytes:
    from generator.writers.html import write_html  # noqa: PLC0415  # 6 ms, for this format alone

    return write_html(built.document)


def _xlsx(built: Built) -> bytes:
    """The annexed tables as a workbook; its library is loaded only when asked for."""
    from generator.writers.xlsx import write_xlsx  # noqa: PLC0415  # 60 ms, for this format alone

    return write_xlsx(built.document)


WRITERS: Mapping[str, Callable[[Built, Pages], bytes]] = {
    "docx": _docx,
    "txt": lambda built, _: write_text(built.document),
    "html": lambda built, _: _html(built),
    "xlsx": lambda built, _: _xlsx(built),
}
FORMATS = tuple(WRITERS)


def file_stem(built: Built) -> str:
    """平顶山市…局2023年部门预算公开, with （草稿） while something is owed."""
    return built.document.title + (_DRAFT if built.document.draft else "")


def put_aside(built: Built, name: str) -> str:
    """What a clean Word file of a former build is called beside a draft; nothing for any other."""
    stem, _, ending = name.rpartition(".")
    if not built.document.draft or ending != "docx" or stem.endswith(_DRAFT):
        return ""
    return f"{stem.removesuffix(_OLD)}{_OLD}.docx"


@collector_paused()
def render_outputs(built: Built, formats: tuple[str, ...], pages: Pages = None) -> dict[str, bytes]:
    """File name -> content. The evidence (model.json, facts.json) is always among them.

    `pages` are those of the contents' targets, for Word; without them it has no page numbers.
    """
    stem = file_stem(built)
    files = {f"{stem}.{name}": WRITERS[name](built, pages) for name in formats}
    return {**files, "model.json": write_model(built.document), "facts.json": write_facts(built)}
