"""The Word file is valid: two validators, and our own tests of what they do not see.

Twenty random departments; two hundred where everything must be checked (CI=true). They share all
parts but the text, so the Open XML SDK, which takes a second to start, sees ten in a file.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from departments import random_department, write_department
from docx_sample import PAGES, STYLE, part, sample, with_part
from office import sdk_validator
from openxml_audit import OpenXmlValidator
from word_structure import faults_of

from generator.build import build_disclosure
from generator.document import Document, Heading, Paragraph, Section, Table, contents_entries
from generator.writers.docx.document import write_docx

DATA = Path(__file__).resolve().parents[1] / "data"
COUNT = 200 if os.environ.get("CI") == "true" else 20
PROCESSES = min(4, os.cpu_count() or 1)


def built(folder: Path, seed: int) -> tuple[Document, bytes]:
    department = random_department(seed)
    write_department(department, folder / str(seed))
    result = build_disclosure(folder / str(seed), department.year)
    return result.document, result.place.style


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Document, bytes]]:
    folder = tmp_path_factory.mktemp("departments")
    found = [built(folder, seed) for seed in range(COUNT)]
    shipped = build_disclosure(DATA, 2023)
    return [(shipped.document, shipped.place.style), *found]


@pytest.fixture(scope="session")
def files(documents: list[tuple[Document, bytes]]) -> list[bytes]:
    return [
        write_docx(d, s, pages=numbered(d), anchors=n % 2 == 0)
        for n, (d, s) in enumerate(documents)
    ]


def numbered(document: Document) -> dict[str, int]:
    return {entry.target: number for number, entry in enumerate(contents_entries(document), 1)}


def test_structure_has_no_fault(files: list[bytes]) -> None:
    assert [
        (number, found) for number, file in enumerate(files) if (found := faults_of(file))
    ] == []


def test_openxml_audit_finds_no_error(files: list[bytes], tmp_path: Path) -> None:
    names = []
    for number, file in enumerate(files):
        names.append(tmp_path / f"{number}.docx")
        names[-1].write_bytes(file)
    with ProcessPoolExecutor(PROCESSES) as pool:
        errors = [error for found in pool.map(audited, names, chunksize=4) for error in found]
    assert errors == []


def audited(file: Path) -> list[str]:
    return [f"{file.name}: {error}" for error in OpenXmlValidator().validate(file).errors]


def test_open_xml_sdk_finds_no_error(
    documents: list[tuple[Document, bytes]], files: list[bytes], tmp_path: Path
) -> None:
    style = documents[0][1]
    assert {style for _, style in documents} == {style}
    by_name = {"shipped": files[0], "draft": write_docx(sample(draft=True), STYLE, pages=PAGES)}
    texts = [document for document, _ in documents]
    for first in range(0, len(texts), 10):
        together = one_document(texts[first : first + 10])
        by_name[f"from {first}"] = write_docx(together, style, pages=numbered(together))
    for name, file in by_name.items():
        (tmp_path / f"{name}.docx").write_bytes(file)
    with ThreadPoolExecutor(PROCESSES) as pool:
        found = list(pool.map(seen_by_sdk, [tmp_path / f"{name}.docx" for name in by_name]))
    assert found == [{"ok": True, "errors": []}] * len(by_name)


def seen_by_sdk(file: Path) -> dict[str, object]:
    answer = subprocess.run([sdk_validator(), str(file)], capture_output=True, check=False)
    said = json.loads(answer.stdout)
    return {"ok": said["ok"], "errors": said["errors"]}


def one_document(documents: Iterable[Document]) -> Document:
    """All sections one after another, with ids of their own."""
    sections = tuple(
        replace(section, blocks=tuple(renamed(block, str(number)) for block in section.blocks))
        for number, document in enumerate(documents)
        for section in document.sections
    )
    return Document("多个部门", "某某局", "公开", "2023-02-15", sections)


def renamed(block: object, prefix: str) -> object:
    if isinstance(block, Heading | Paragraph | Table):
        return replace(block, id=f"{prefix}/{block.id}")
    return block


BROKEN = {
    'w:gridSpan w:val="2"': ('w:gridSpan w:val="3"', "columns of"),
    '<w:gridCol w:w="5102"/>': ('<w:gridCol w:w="5103"/>', "not as wide"),
    '<w:vMerge w:val="restart"/>': ("", "not merged"),
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>': ("", "not ended"),
    '<w:bookmarkEnd w:id="2"/>': ("", "begin and end"),
    'w:name="_T2"': ('w:name="_T1"', "one name"),
    "PAGEREF _T1": ("PAGEREF _T99", "_T99"),
    'w:hyperlink w:anchor="_T1"': ('w:hyperlink w:anchor="_T98"', "_T98"),
    'w:pStyle w:val="BodyIndent"': ('w:pStyle w:val="Nothing"', "Nothing"),
    'w:footerReference w:type="even"': ('w:footerReference w:type="first"', "lacks"),
    '<w:tblHeader/></w:trPr><w:tc><w:tcPr><w:tcW w:w="5102" w:type="dxa"/><w:vMerge w:val="restart"': (
        '</w:trPr><w:tc><w:tcPr><w:tcW w:w="5102" w:type="dxa"/><w:vMerge w:val="restart"',
        "stand first",
    ),
}


@pytest.mark.parametrize("correct", BROKEN, ids=[wanted for _, wanted in BROKEN.values()])
def test_structure_tests_see_what_is_broken(correct: str) -> None:
    wrong, wanted = BROKEN[correct]
    docx = write_docx(sample(), STYLE, pages=PAGES)
    text = part(docx, "word/document.xml").decode()
    assert correct in text
    broken = with_part(docx, "word/document.xml", text.replace(correct, wrong, 1).encode())
    assert faults_of(docx) == []
    assert any(wanted in fault for fault in faults_of(broken)), faults_of(broken)


def test_structure_tests_see_a_link_to_the_outside() -> None:
    docx = write_docx(sample(), STYLE)
    name = "word/_rels/document.xml.rels"
    text = (
        part(docx, name)
        .decode()
        .replace('Target="styles.xml"', 'Target="http://a.b/" TargetMode="External"')
    )
    assert [f for f in faults_of(with_part(docx, name, text.encode())) if "outside" in f] != []


def test_sections_are_kept_when_documents_are_put_together() -> None:
    together = one_document([sample(), sample()])
    assert len(together.sections) == 2 * len(sample().sections)
    assert all(isinstance(section, Section) for section in together.sections)
