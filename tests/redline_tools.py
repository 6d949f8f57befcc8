"""What the redline tests share: other programs that accept and reject, and what a file then says."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from lxml import etree
from office import absent, office

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
THINNEST = 60  # twips: a millimetre
SOFFICE = shutil.which("soffice")
UNO_PYTHON = "/usr/bin/python3"
NPM_RESOLVER = Path(__file__).with_name("docxodus_revisions.mjs")
ACCEPT, REJECT, AS_IT_IS = "AcceptAllTrackedChanges", "RejectAllTrackedChanges", "-"


def require_uno() -> None:
    """Without soffice and a Python that has `uno` the test is skipped, or fails where CI=true."""
    command = [UNO_PYTHON, "-c", "import uno"]
    if SOFFICE is None or not Path(UNO_PYTHON).is_file():
        absent("LibreOffice")
    elif subprocess.run(command, check=False, capture_output=True).returncode:
        absent("python3-uno")


def docxodus_modules() -> Path:
    """Where the npm package docxodus is installed."""
    folder = Path(os.environ.get("DOCXODUS_MODULES", "node_modules"))
    if not (folder / "docxodus").is_dir() or shutil.which("node") is None:
        absent("docxodus（npm 包，DOCXODUS_MODULES 指明 node_modules）")
    return folder.resolve()


def resolved_by_office(jobs: list[tuple[bytes, str]], folder: Path) -> list[bytes]:
    """The files after LibreOffice accepted or rejected everything in them, through UNO."""
    script = Path(__file__).with_name("office_revisions.py")
    arguments = [UNO_PYTHON, str(script), str(folder / "profile")]
    targets = []
    for number, (content, command) in enumerate(jobs):
        source, target = folder / f"{number}.docx", folder / f"{number}-resolved.docx"
        source.write_bytes(content)
        targets.append(target)
        arguments += [str(source), str(target), command]
    # Looking for absent fonts is most of LibreOffice's time.
    environment = {**os.environ, "FONTCONFIG_FILE": str(office().fonts_file)}
    subprocess.run(arguments, check=True, capture_output=True, timeout=1200, env=environment)
    return [target.read_bytes() for target in targets]


def resolved_by_docxodus(
    contents: Sequence[bytes], folder: Path, modules: Path
) -> list[tuple[bytes, bytes]]:
    """The files accepted and rejected by docxodus (npm), which lies in `modules`."""
    script = folder / NPM_RESOLVER.name  # Node looks for packages beside the script
    shutil.copyfile(NPM_RESOLVER, script)
    (folder / "node_modules").symlink_to(modules)
    jobs = []
    for number, content in enumerate(contents):
        jobs.append([folder / f"{number}-{name}.docx" for name in ("both", "new", "old")])
        jobs[-1][0].write_bytes(content)
    command = ["node", str(script), *(str(path) for job in jobs for path in job)]
    subprocess.run(command, check=True, capture_output=True, timeout=1200)
    return [(new.read_bytes(), old.read_bytes()) for _, new, old in jobs]


def content_of(content: bytes) -> list[object]:
    """Paragraphs (style name, text) and tables (rows of cells with spans and styles), in order.

    Empty paragraphs do not count. Revisions must be resolved already.
    """
    body = body_of(content)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = {
            style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val").lower()
            for style in etree.fromstring(package.read("word/styles.xml")).iter(f"{W}style")
        }
    found: list[object] = []
    for element in _blocks(body):
        if element.tag == f"{W}tbl":
            found.append(_table(element, names))
        elif _text(element).strip():
            found.append((_style(element, names), _text(element)))
    return found


def sections_of(content: bytes) -> list[tuple[str, bool]]:
    """Of each section, its orientation and whether page numbers start in it."""
    found = []
    for properties in body_of(content).iter(f"{W}sectPr"):
        size, number = properties.find(f"{W}pgSz"), properties.find(f"{W}pgNumType")
        starts = number is not None and number.get(f"{W}start") is not None
        found.append((size.get(f"{W}orient", "portrait"), starts))
    return found


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, also those in content controls."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag != f"{W}sectPr":
            yield from _blocks(child)


def body_of(content: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read("word/document.xml"))[0]


def _style(paragraph: etree._Element, names: dict[str, str]) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else names[style.get(f"{W}val")]


def _text(element: etree._Element) -> str:
    """The text; LibreOffice writes a new page as a w:br with a type, and a joiner into the first
    cell of a changed row that is empty.
    """
    pieces = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if node.tag == f"{W}t":
            pieces.append(node.text or "")
        elif node.get(f"{W}type") is None and node.getparent().tag == f"{W}r":
            pieces.append("\t" if node.tag == f"{W}tab" else "\n")
    return "".join(pieces).replace("\u200d", "")


def _table(table: etree._Element, names: dict[str, str]) -> list[list[tuple[str, int, str, str]]]:
    """Rows of cells; hair-thin grid columns, which LibreOffice leaves where edges are rounded, do
    not count.
    """
    widths = [int(c.get(f"{W}w")) for c in table.iterfind(f"{W}tblGrid/{W}gridCol")]
    rows = []
    for row in table.iter(f"{W}tr"):
        cells, start = [], 0
        for cell in row.iter(f"{W}tc"):
            span = cell.find(f"{W}tcPr/{W}gridSpan")
            end = start + (1 if span is None else int(span.get(f"{W}val")))
            columns = sum(width >= THINNEST for width in widths[start:end])
            cells.append(_cell(cell, columns, names))
            start = end
        rows.append(cells)
    return rows


def _cell(cell: etree._Element, columns: int, names: dict[str, str]) -> tuple[str, int, str, str]:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    merged = "" if merge is None else merge.get(f"{W}val", "continue")
    paragraph = cell.find(f"{W}p")
    return "\n".join(map(_text, cell.iter(f"{W}p"))), columns, merged, _style(paragraph, names)
