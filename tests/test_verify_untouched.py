"""Files that nobody edited: of random departments, drafts, saved by LibreOffice."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from departments import random_department, write_department
from docx_editing import (
    Editable,
    another,
    compared,
    found_in,
    sample_baseline,
    sample_built,
    sample_docx,
)

from generator.build import build_disclosure
from generator.verify.baseline import baseline_of
from generator.verify.choice import furniture_of_style
from generator.verify.comparison import compare
from generator.verify.findings import (
    FIGURE_CHANGED,
    FURNITURE,
    UNCHANGED,
)
from generator.verify.reading import read_returned
from generator.writers.docx.document import write_docx


@pytest.mark.parametrize("seed", range(20))
def test_files_of_random_departments_have_no_differences(seed: int, tmp_path: Path) -> None:
    department = random_department(seed)
    write_department(department, tmp_path)
    built = build_disclosure(tmp_path, department.year)
    baseline = baseline_of(
        built.document, furniture_of_style(built.place.style, draft=built.document.draft)
    )
    for anchors in (True, False):
        content = write_docx(built.document, built.place.style, anchors=anchors)
        comparison = compare(baseline, read_returned(content), baseline)
        assert comparison.findings == ()
        assert comparison.count(UNCHANGED) == len(list(baseline.printed()))


def test_the_watermark_belongs_to_a_draft_and_to_nothing_else() -> None:
    built = sample_built()
    style = built.place.style
    document_by_draft = {draft: replace(built.document, draft=draft) for draft in (False, True)}
    for draft, document in document_by_draft.items():
        returned = read_returned(write_docx(document, style))
        for other, its_document in document_by_draft.items():
            baseline = baseline_of(its_document, furniture_of_style(style, draft=other))
            rules = {finding.rule for finding in compare(baseline, returned, baseline).findings}
            assert rules == (set() if draft == other else {FURNITURE})


@pytest.mark.office
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_a_file_saved_by_libreoffice(tmp_path: Path) -> None:
    original = tmp_path / "公开.docx"
    original.write_bytes(sample_docx())
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", "--headless", f"-env:UserInstallation={Path(profile).as_uri()}"]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "saved")]
        subprocess.run([*command, str(original)], check=True, capture_output=True, timeout=120)
    editable = Editable((tmp_path / "saved" / "公开.docx").read_bytes())
    untouched = compared(editable.edited(), sample_baseline())
    assert untouched.findings == ()
    assert untouched.anchors_found == untouched.anchors_expected
    for place in editable.places(sample_baseline())[::9]:
        printed = place.printed
        new = another(printed.text)
        found = found_in(editable.edited(place.becomes(new)))
        assert found == [(FIGURE_CHANGED, printed.figure, printed.text, new)]
