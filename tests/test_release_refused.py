"""What is not released: fields in pieces, hidden text, paths, embedded files."""

from __future__ import annotations

import pytest
from docx_editing import Editable, sample_built, sample_docx
from test_release import BY, R

from generator.problems import ProblemsFound
from generator.release.copying import release_file


def field_of(*pieces: str) -> str:
    runs = "".join(f"<w:r><w:instrText>{piece}</w:instrText></w:r>" for piece in pieces)
    start, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"{start}{runs}{end}"


@pytest.mark.parametrize("pieces", [(" AUTHOR ",), (" AUT", "HOR "), ("A", "UTHOR\\* MERGEFORMAT")])
def test_a_field_split_over_runs_is_refused(pieces: tuple[str, ...]) -> None:
    editable = Editable(sample_docx())
    xml = editable.xml.replace("</w:pPr>", "</w:pPr>" + field_of(*pieces), 1)
    with pytest.raises(ProblemsFound) as found:
        release_file(editable.with_xml(xml), sample_built().document)
    assert [problem.rule for problem in found.value.problems] == ["revealing-field"]


STYLES = (
    '<w:style w:type="character" w:styleId="Hid"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="Below"><w:basedOn w:val="Hid"/></w:style>'
    '<w:style w:type="character" w:styleId="Shown"><w:basedOn w:val="Hid"/>'
    '<w:rPr><w:vanish w:val="0"/></w:rPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="HidP"><w:rPr><w:vanish/></w:rPr></w:style>'
    '<w:style w:type="character" w:styleId="A"><w:basedOn w:val="B"/></w:style>'
    '<w:style w:type="character" w:styleId="B"><w:basedOn w:val="A"/></w:style></w:styles>'
)


@pytest.mark.parametrize(
    ("paragraph", "run", "hidden"),
    [
        ("", '<w:rStyle w:val="Hid"/>', True),
        ("", '<w:rStyle w:val="Below"/>', True),
        ("", '<w:rStyle w:val="Shown"/>', False),
        ("", '<w:rStyle w:val="A"/>', False),
        ("", '<w:rStyle w:val="Hid"/><w:vanish w:val="0"/>', False),
        ('<w:pPr><w:pStyle w:val="HidP"/></w:pPr>', "", True),
        ('<w:pPr><w:pStyle w:val="HidP"/></w:pPr>', '<w:rStyle w:val="Hid"/>', False),
    ],
)
def test_text_hidden_by_a_style_is_not_released(paragraph: str, run: str, hidden: bool) -> None:
    editable = Editable(sample_docx())
    styles = editable.parts["word/styles.xml"].decode().replace("</w:styles>", STYLES).encode()
    added = f"<w:p>{paragraph}<w:r><w:rPr>{run}</w:rPr><w:t>内部数</w:t></w:r></w:p>"
    xml = editable.xml.replace("<w:body>", f"<w:body>{added}", 1)
    content = editable.with_xml(xml, {"word/styles.xml": styles})
    copy = release_file(content, sample_built().document)
    assert ("内部数" in Editable(copy.content).xml) is not hidden
    assert any("隐藏的文字 1 处" in line for line in copy.removed) is hidden


REFUSED = {
    "tracked-changes-left": ("<w:r><w:t>28%</w:t></w:r>", f"<w:ins {BY}><w:r><w:t>28%</w:t></w:r></w:ins>"),
    "draft": ("<w:t>28%</w:t>", "<w:t>【待填：增幅】</w:t>"),
    "revealing-field": ("</w:pPr>", '</w:pPr><w:fldSimple w:instr=" FILENAME \\p "/>'),
    "path-in-release": ("<w:t>28%</w:t>", "<w:t>见C:\\预算\\底稿.xlsx</w:t>"),
}  # fmt: skip


@pytest.mark.parametrize(
    "path", ["D:\\\\预算", "见/home/wangxm/底稿", "file:///media/a", "\\\\局\\共享"]
)
def test_a_path_of_a_computer_is_found_wherever_it_begins(path: str) -> None:
    editable = Editable(sample_docx())
    xml = editable.xml.replace("<w:t>28%</w:t>", f"<w:t>28%{path}</w:t>", 1)
    with pytest.raises(ProblemsFound) as found:
        release_file(editable.with_xml(xml), sample_built().document)
    assert [problem.rule for problem in found.value.problems] == ["path-in-release"]


@pytest.mark.parametrize("rule", REFUSED)
def test_what_a_person_must_decide_is_refused(rule: str) -> None:
    editable = Editable(sample_docx())
    old, new = REFUSED[rule]
    content = editable.with_xml(editable.xml.replace(old, new, 1))
    with pytest.raises(ProblemsFound) as found:
        release_file(content, sample_built().document, "改.docx")
    assert [problem.rule for problem in found.value.problems] == [rule]
    assert found.value.problems[0].hint


@pytest.mark.parametrize("kind", ["oleObject", "package", "chart", "aFChunk"])
def test_embedded_files_are_refused(kind: str) -> None:
    editable = Editable(sample_docx())
    links = editable.parts["word/_rels/document.xml.rels"].decode()
    link = f'<Relationship Id="rIdX" Type="{R}/{kind}" Target="embeddings/a.xlsx"/></Relationships>'
    part = links.replace("</Relationships>", link).encode()
    content = editable.with_xml(editable.xml, {"word/_rels/document.xml.rels": part})
    with pytest.raises(ProblemsFound) as found:
        release_file(content, sample_built().document)
    assert [problem.rule for problem in found.value.problems] == ["embedded-content"]
