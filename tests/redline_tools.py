"""What the redline tests share: other programs that accept and reject, and what a file then says."""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SOFFICE = shutil.which("soffice")
UNO_PYTHON = "/usr/bin/python3"
NPM_RESOLVER = Path(__file__).with_name("docxodus_revisions.mjs")
ACCEPT, REJECT, AS_IT_IS = "AcceptAllTrackedChanges", "RejectAllTrackedChanges", "-"


def has_uno() -> bool:
    """Whether LibreOffice can be driven: soffice, and a Python with `uno`."""
    if SOFFICE is None or not Path(UNO_PYTHON).is_file():
        return False
    return (
        subprocess.run(
            [UNO_PYTHON, "-c", "import uno"], check=False, capture_output=True
        ).returncode
        == 0
    )


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
    subprocess.run(arguments, check=True, capture_output=True, timeout=300)
    return [target.read_bytes() for target in targets]


def resolved_by_docxodus(content: bytes, folder: Path, modules: Path) -> tuple[bytes, bytes]:
    """The file accepted and rejected by docxodus (npm), which lies in `modules`."""
    source, accepted, rejected = (folder / n for n in ("s.docx", "accepted.docx", "rejected.docx"))
    source.write_bytes(content)
    script = modules.parent / NPM_RESOLVER.name  # Node looks for packages beside the script
    shutil.copyfile(NPM_RESOLVER, script)
    command = ["node", str(script), str(source), str(accepted), str(rejected)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return accepted.read_bytes(), rejected.read_bytes()


def content_of(content: bytes) -> list[object]:
    """Paragraphs (style name, text) and tables (rows of cells with spans and styles), in order.

    Empty paragraphs do not count. Revisions must be resolved already.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        body = etree.fromstring(package.read("word/document.xml"))[0]
        names = {
            style.get(f"{W}styleId"): style.find(f"{W}name").get(f"{W}val").lower()
            for style in etree.fromstring(package.read("word/styles.xml")).iter(f"{W}style")
        }
    found: list[object] = []
    for element in _blocks(body):
        if element.tag == f"{W}tbl":
            rows = element.iter(f"{W}tr")
            found.append([[_cell(cell, names) for cell in row.iter(f"{W}tc")] for row in rows])
        elif _text(element).strip():
            found.append((_style(element, names), _text(element)))
    return found


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables, also those in content controls."""
    for child in parent:
        if child.tag in (f"{W}p", f"{W}tbl"):
            yield child
        elif child.tag != f"{W}sectPr":
            yield from _blocks(child)


def revisions_in(content: bytes) -> list[etree._Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    return list(root.iter(f"{W}ins", f"{W}del"))


def _style(paragraph: etree._Element, names: dict[str, str]) -> str:
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    return "" if style is None else names[style.get(f"{W}val")]


def _text(element: etree._Element) -> str:
    pieces = []
    for node in element.iter(f"{W}t", f"{W}tab", f"{W}br"):
        if node.tag == f"{W}t":
            pieces.append(node.text or "")
        elif node.getparent().tag == f"{W}r":
            pieces.append("\t" if node.tag == f"{W}tab" else "\n")
    return "".join(pieces)


def _cell(cell: etree._Element, names: dict[str, str]) -> tuple[str, int, str, str]:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    merged = "" if merge is None else merge.get(f"{W}val", "continue")
    paragraph = cell.find(f"{W}p")
    columns = 1 if span is None else int(span.get(f"{W}val"))
    return "\n".join(map(_text, cell.iter(f"{W}p"))), columns, merged, _style(paragraph, names)
