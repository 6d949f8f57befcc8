"""A copy of a year's sources at which tests bring edits back, and builds the result from."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from docx_editing import Edit, Editable

from generator.build import Built, build_disclosure
from generator.document import Document
from generator.reconcile.destination import SHARED, contents_of
from generator.reconcile.files import SourceFiles
from generator.reconcile.printed import PrintedText, printed_texts
from generator.reconcile.reconciliation import Reconciliation, reconcile
from generator.reconcile.trial import texts_of
from generator.reconcile.workbench import Workbench
from generator.verify.baseline import baseline_of
from generator.verify.reading import read_returned
from generator.writers.docx.document import write_docx

ROOT = Path(__file__).resolve().parents[1]


class Desk:
    """Sources below `folder`; the sample's unless `data` says otherwise."""

    def __init__(self, folder: Path, data: Path | None = None, year: int = 2023) -> None:
        self.folder = folder
        self.year = year
        self.data, self.templates = folder / "data", folder / "templates"
        if data is None:
            shutil.copytree(ROOT / "data", self.data)
        else:
            self.data = data
        shutil.copytree(ROOT / "templates", self.templates)
        self.built = self.build()
        self.docx = write_docx(self.built.document, self.built.place.style)
        self.editable = Editable(self.docx)

    def build(self, data: Path | None = None, templates: Path | None = None) -> Built:
        return build_disclosure(data or self.data, self.year, templates or self.templates)

    def edit(self, paragraph: str, old: str, new: str) -> Edit:
        """`old` becomes `new` in the last paragraph that holds both texts."""
        number = max(
            n for n, text in enumerate(self.editable.texts) if paragraph in text and old in text
        )
        start = self.editable.texts[number].index(old)
        return Edit(number, start, start + len(old), new)

    def edited(self, paragraph: str, old: str, new: str) -> Reconciliation:
        return self.reconciled(self.editable.edited(self.edit(paragraph, old, new)))

    def reconciled(self, content: bytes, *, repeats: bool = False) -> Reconciliation:
        """What is brought back from a file that was built here; the sources stay."""
        before = self.contents()
        bench = self.folder / "bench"
        shutil.rmtree(bench, ignore_errors=True)
        files = self.files()
        try:
            return reconcile(
                read_returned(content),
                baseline_of(self.built.document),
                self.built,
                files,
                Workbench(bench, files, self.year, self.build),
                repeats=repeats,
            )
        finally:
            assert self.contents() == before

    def files(self) -> SourceFiles:
        return SourceFiles(self.data, self.templates, self.built.place.name)

    def contents(self) -> dict[str, bytes]:
        """Every source by its path."""
        return {
            file.relative_to(root.parent).as_posix(): file.read_bytes()
            for root in (self.data, self.templates)
            for file in sorted(root.rglob("*"))
            if file.is_file()
        }

    def printed(self) -> list[tuple[PrintedText, int]]:
        """Every text of one paragraph, and the number of its paragraph in the file."""
        items = baseline_of(self.built.document).items
        found = []
        at = 0
        for text in printed_texts(self.built, items, self.files()):
            if not text.text:
                continue
            parts = text.text.split("\n")
            while parts[0] != re.sub(r"\t[0-9]+\Z", "", self.editable.texts[at]).rstrip("\t"):
                at += 1
            if len(parts) == 1 and not text.contents:
                found.append((text, at))
            at += 1
        return found

    def rebuilt(self, found: Reconciliation) -> tuple[str, ...]:
        """The texts of the document when what was accepted is written."""
        folder = self.folder / "written"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.data, folder / "data")
        shutil.copytree(self.templates, folder / "templates")
        files = SourceFiles(folder / "data", folder / "templates", self.built.place.name)
        for file, content in contents_of(files, found.accepted, SHARED, self.year).items():
            assert file.is_relative_to(folder)
            file.write_bytes(content)
        return texts(self.build(folder / "data", folder / "templates").document)

    def changed(self, found: Reconciliation) -> list[tuple[str, str, str]]:
        """(file:line, old words, new words) of every accepted change."""
        files = self.files()
        return [
            (
                f"{c.path}:{files[c.path].line_of(c.start)}",
                files[c.path].text[c.start : c.end],
                c.new,
            )
            for c in found.accepted
        ]


def texts(document: Document) -> tuple[str, ...]:
    return texts_of(baseline_of(document))
