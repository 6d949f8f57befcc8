"""What leaves the office: no exact amounts, remarks, secret lines, names, paths or anchors."""

from __future__ import annotations

import getpass
import io
import json
import re
import shutil
import socket
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from docx_editing import DATA, Editable, compared, sample_baseline, sample_built, sample_docx
from openxml_audit import OpenXmlValidator

from generator.__main__ import main
from generator.build import Built, build_disclosure
from generator.outputs import FORMATS, render_outputs
from generator.problems import ProblemsFound
from generator.release.copying import problems_of_released, release_file
from generator.verify.package import UnusableFile
from generator.writers.docx.document import write_docx

BY = 'w:id="901" w:author="王小明" w:date="2023-02-20T10:00:00Z"'
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
NUMERAL = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
SECRETS = (
    "绝密专项甲",
    "保密机要费",
    "特供密码机",
    "密码指标乙",
    "987654.32",
    "987,654.32",
    "98.8",
    "98.765432",
)
SECRET_LINES = {
    "expenditure.yaml": '- {单位: "159001", 类别: 特定目标类, 项目: 绝密专项甲, 功能科目: "2010302", '
    '经济科目: "30299", 资金来源: 一般公共预算, 金额: 987654.32, 备注: 王小明经手}\n'
    '- {单位: "159001", 类别: 公用经费, 功能科目: "2010301", 经济科目: "30201", '
    "资金来源: 一般公共预算, 金额: 987654.32, 涉密: 是, 备注: 保密机要费}\n",
    "revenue.yaml": '- {单位: "159001", 资金来源: 一般公共预算, 金额: 987654.32, 涉密: 是}\n'
    '- {单位: "159001", 资金来源: 一般公共预算, 金额: 987654.32, 涉密: 是, 备注: 保密机要费}\n',
    "procurement.yaml": '- {单位: "159001", 功能科目: "2010301", 采购项目: 特供密码机, '
    "采购目录: 货物, 金额: 987654.32, 涉密: 是}\n",
    "projects.yaml": '- 名称: 绝密专项甲\n  单位: "159001"\n  类别: 特定目标类\n  涉密: 是\n'
    "  绩效指标:\n    - {一级指标: 产出指标, 三级指标: 密码指标乙, 指标值: 1个}\n",
}  # fmt: skip


def strings(content: bytes) -> Iterator[str]:
    """Every part of an Office file, unpacked, its name, and its text without markup."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.comment == b""
        for entry in package.infolist():
            assert (entry.comment, entry.extra) == (b"", b"")
            text = package.read(entry).decode()
            yield entry.filename
            yield unescape(text)
            yield unescape(re.sub(r"<[^>]*>", "", text))


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with remarks on every line, and with secret lines, projects and purchases."""
    root = tmp_path_factory.mktemp("数据")
    shutil.copytree(DATA, root, dirs_exist_ok=True)
    for name in ("expenditure.yaml", "revenue.yaml"):
        file = root / "2023" / name
        text = re.sub(
            r"(?m)^(- \{.*[0-9])\}$", r"\1, 备注: 内部口径勿外传}", file.read_text("utf-8")
        )
        assert "内部口径勿外传" in text
        file.write_text(text, "utf-8")
    for name, lines in SECRET_LINES.items():
        with (root / "2023" / name).open("a", encoding="utf-8") as file:
            file.write(lines)
    return root


@pytest.fixture(scope="module")
def built(data: Path) -> Built:
    return build_disclosure(data, 2023)


def released(built: Built) -> bytes:
    return write_docx(built.document, built.place.style, anchors=False)


def private_numerals(data: Path) -> frozenset[str]:
    """Amounts in yuan and 万元 that say more than the published decimal, as people write them."""
    found: set[str] = set()
    for name in ("expenditure.yaml", "revenue.yaml", "procurement.yaml"):
        for text in re.findall(r"金额: ([0-9.]+)", (data / "2023" / name).read_text("utf-8")):
            fen = round(float(text) * 100)
            if fen % 100_000:
                yuan, wan = f"{fen / 100:.2f}", f"{fen / 1_000_000:.6f}".rstrip("0")
                found |= {yuan, yuan.removesuffix(".00"), wan, f"{fen / 100:,.2f}"}
                found.add(f"{fen / 100:,.2f}".removesuffix(".00"))
    return frozenset(number for number in found if len(number) > 4)


def test_the_secret_lines_are_read(data: Path) -> None:
    for name in SECRET_LINES:
        assert "涉密: 是" in (data / "2023" / name).read_text("utf-8") or name == "expenditure.yaml"
    assert len(private_numerals(data)) > 50


def test_secret_lines_change_no_output_and_no_count(built: Built) -> None:
    files = render_outputs(built, tuple(name for name in FORMATS if name != "xlsx"))
    plain = render_outputs(sample_built(), tuple(name for name in FORMATS if name != "xlsx"))
    assert files.keys() == plain.keys()
    for name, content in files.items():
        assert content == plain[name], name


@pytest.mark.parametrize("name", [*FORMATS, "model.json", "facts.json"])
def test_no_output_holds_anything_of_secret_lines(built: Built, name: str) -> None:
    if name in FORMATS:
        files = render_outputs(built, (name,))
        content = next(c for file, c in files.items() if file.endswith(f".{name}"))
    else:
        content = render_outputs(built, ())[name]
    texts = list(strings(content)) if content.startswith(b"PK") else [content.decode()]
    for secret in (*SECRETS, "王小明", "内部口径勿外传"):
        assert not any(secret in text for text in texts)


def test_the_released_file_holds_no_private_strings(built: Built, data: Path) -> None:
    private = private_numerals(data)
    words = [*SECRETS, "王小明", "内部口径勿外传", "备注", str(data), data.name, str(DATA)]
    words += ["expenditure.yaml", "python-docx"]
    # A short name such as "vm" is a part of other words.
    words += [name for name in (getpass.getuser(), socket.gethostname()) if len(name) > 3]
    for text in strings(released(built)):
        assert [word for word in words if word in text] == []
        assert private.isdisjoint(NUMERAL.findall(text))


def test_the_released_file_has_no_anchors_and_known_parts_only(built: Built) -> None:
    editable = Editable(released(built))
    assert re.findall(r'w:name="_[FR][0-9]', editable.xml) == []
    assert not any(name.startswith("customXml") for name in editable.parts)
    assert "docProps/app.xml" not in editable.parts
    core = editable.parts["docProps/core.xml"].decode()
    assert core.count(built.document.author) == 3  # title, creator, last modified by
    assert problems_of_released(released(built)) == ()


def edited_by_people() -> bytes:
    """The working copy after a round through Word and through people."""
    editable = Editable(sample_docx())
    xml = editable.xml.replace("<w:document ", f'<w:document xmlns:w14="{W14}" ', 1)
    xml = xml.replace("<w:p><w:pPr>", '<w:p w:rsidR="00A1B2C3" w14:paraId="1A2B3C4D"><w:pPr>', 5)
    marks = (
        '<w:commentRangeStart w:id="7"/><w:commentRangeEnd w:id="7"/>'
        '<w:r><w:commentReference w:id="7"/></w:r><w:proofErr w:type="spellStart"/>'
        '<w:permStart w:id="5" w:ed="OFFICE\\wangxm"/><w:permEnd w:id="5"/>'
        '<w:bookmarkStart w:id="800" w:name="_GoBack"/><w:bookmarkEnd w:id="800"/>'
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>王小明的备忘</w:t></w:r>"
    )
    xml = xml.replace("</w:pPr>", f"</w:pPr>{marks}", 1)
    kind = "Relationship Id="
    links = editable.parts["word/_rels/document.xml.rels"].decode()
    more = "".join(
        f'<{kind}"rIdX{n}" Type="{R}/{name}" Target="{target}"{mode}/>'
        for n, (name, target, mode) in enumerate(
            [
                ("comments", "comments.xml", ""),
                ("hyperlink", "file:///C:/Users/wangxm/预算.xlsx", ' TargetMode="External"'),
            ]
        )
    )
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    comments = f'<w:comments xmlns:w="{w}"><w:comment {BY}/></w:comments>'
    parts = {
        "word/_rels/document.xml.rels": links.replace(
            "</Relationships>", f"{more}</Relationships>"
        ).encode(),
        "word/comments.xml": comments.encode(),
        "docProps/app.xml": "<Properties><Manager>王小明</Manager></Properties>".encode(),
        "docProps/custom.xml": b"<a>C:\\Users\\wangxm</a>",
        "docProps/core.xml": editable.parts["docProps/core.xml"].replace(
            b"<cp:lastModifiedBy>", "<cp:lastModifiedBy>王小明".encode()
        ),
        "word/settings.xml": editable.parts["word/settings.xml"].replace(
            b"<w:zoom", b'<w:attachedTemplate w:val="C:\\Users\\wangxm"/><w:zoom'
        ),
    }
    return editable.with_xml(xml, parts)


def test_an_edited_file_is_cleaned_and_says_of_what(tmp_path: Path) -> None:
    copy = release_file(edited_by_people(), sample_built().document)
    for text in strings(copy.content):
        for word in ("王小明", "wangxm", "rsid", "paraId", "_GoBack", "_F1", "comment", "perm"):
            assert word not in text
    assert compared(copy.content, sample_baseline()).findings == ()
    said = "\n".join(copy.removed)
    for words in (
        "内部标记",
        "批注 1 处",
        "隐藏的文字 1 处",
        "保存记录编号",
        "指向这台电脑",
        "customXml/item1.xml",
    ):
        assert words in said
    file = tmp_path / "公布.docx"
    file.write_bytes(copy.content)
    assert list(OpenXmlValidator().validate(file).errors) == []


def test_the_copy_of_a_working_copy_reads_as_the_release(built: Built) -> None:
    copy = Editable(release_file(sample_docx(), sample_built().document).content)
    fresh = Editable(released(sample_built()))
    assert copy.texts == fresh.texts
    assert copy.parts.keys() == fresh.parts.keys()


def with_links(*links: tuple[str, str, bool]) -> str:
    """The links of the working copy and some more: kind, target, and whether it is outside."""
    more = "".join(
        f'<Relationship Id="rIdX{n}" Type="{R}/{kind}" Target="{target}"'
        + (' TargetMode="External"/>' if outside else "/>")
        for n, (kind, target, outside) in enumerate(links)
    )
    known = Editable(sample_docx()).parts["word/_rels/document.xml.rels"].decode()
    return known.replace("</Relationships>", f"{more}</Relationships>")


def test_what_people_put_in_stays_without_what_is_around_it() -> None:
    """Controls go and their text stays; pictures and links to the web stay, other links go."""
    links = with_links(
        ("hyperlink", "https://www.gov.cn/", True),
        ("hyperlink", "\\\\server\\底稿", True),
        ("image", "media/a.png", False),
        ("image", "media/lost.png", False),
    )
    control = (
        "<w:sdt><w:sdtPr><w:alias w:val='王小明'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    )
    paragraph = (
        '<w:p><w:smartTag w:uri="x" w:element="y"><w:r><w:t>甲</w:t></w:r></w:smartTag>'
        '<w:hyperlink r:id="rIdX0"><w:r><w:t>乙</w:t></w:r></w:hyperlink>'
        '<w:hyperlink r:id="rIdX1"><w:r><w:t>丙</w:t></w:r></w:hyperlink>'
        "<w:r><w:instrText>没有开头的域</w:instrText></w:r></w:p>"
    )
    editable = Editable(sample_docx())
    xml = editable.xml.replace("<w:body>", f"<w:body>{control.format(paragraph)}", 1)
    parts = {"word/_rels/document.xml.rels": links.encode(), "word/media/a.png": b"PNG /home/x"}
    copy = release_file(editable.with_xml(xml, parts), sample_built().document)
    cleaned = Editable(copy.content)
    first = cleaned.xml.partition("<w:body>")[2].partition("</w:p>")[0]
    assert first == (
        '<w:p><w:r><w:t>甲</w:t></w:r><w:hyperlink r:id="rIdX0"><w:r><w:t>乙</w:t></w:r>'
        "</w:hyperlink><w:hyperlink><w:r><w:t>丙</w:t></w:r></w:hyperlink>"
        "<w:r><w:instrText>没有开头的域</w:instrText></w:r>"
    )
    kept = cleaned.parts["word/_rels/document.xml.rels"].decode()
    assert [n for n in range(4) if f'"rIdX{n}"' in kept] == [0, 2]
    assert cleaned.parts["word/media/a.png"] == b"PNG /home/x"
    said = "\n".join(copy.removed)
    for words in (
        "内容控件或智能标记 2 处",
        "指向这台电脑或单位内网的链接 1 处",
        "原样保留的图片 1 处",
    ):
        assert words in said


def test_a_picture_that_may_hold_more_is_refused() -> None:
    links = with_links(("image", "media/a.emf", False)).encode()
    editable = Editable(sample_docx())
    parts = {"word/_rels/document.xml.rels": links, "word/media/a.emf": b"EMF"}
    with pytest.raises(ProblemsFound) as found:
        release_file(editable.with_xml(editable.xml, parts), sample_built().document)
    assert [problem.rule for problem in found.value.problems] == ["unknown-image"]


def test_a_working_copy_is_not_ready_to_publish() -> None:
    problems = problems_of_released(sample_docx())
    assert {problem.rule for problem in problems} == {"private-part-in-release"}


def test_a_draft_is_not_released(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(data, tmp_path / "data")
    file = tmp_path / "data" / "2023" / "reasons.yaml"
    file.write_text("[]\n", "utf-8")
    out = tmp_path / "out"
    assert main(["release", "2023", "--data", str(tmp_path / "data"), "--out", str(out)]) == 1
    assert "草稿" in capsys.readouterr().err
    assert not out.exists()


def test_the_command_writes_a_clean_copy_of_an_edited_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "领导改过.docx"
    file.write_bytes(edited_by_people())
    assert main(["release", str(file), "--out", str(tmp_path / "none")]) == 0
    out = capsys.readouterr().out
    assert "没有带出去的：" in out
    assert "批注 1 处" in out
    copy = tmp_path / "公布" / "领导改过.docx"
    assert compared(copy.read_bytes()).findings == ()
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK")
    assert main(["release", str(broken)]) == 2


ALTERED = {
    "figure-changed": ("<w:t>832.3万元<", "<w:t>833.3万元<"),
    "figure-removed": ("<w:r><w:t>28%<", "<w:r><w:rPr><w:vanish/></w:rPr><w:t>28%<"),
    "new-numeral": ("根据实际", "（共8323049.00元）根据实际"),
    "table-measure-changed": ("单位：万元", "单位：元"),
}


@pytest.mark.parametrize("rule", ALTERED)
def test_figures_that_people_altered_are_released_only_when_asked(
    rule: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    editable = Editable(sample_docx())
    assert ALTERED[rule][0] in editable.xml
    file = tmp_path / "改过.docx"
    file.write_bytes(editable.with_xml(editable.xml.replace(*ALTERED[rule], 1)))
    command = ["release", str(file), "--out", str(tmp_path / "none")]
    assert main(command) == 1
    said = capsys.readouterr().err
    assert said.count(f"[{rule}]") == 1
    assert "有 1 处要改，什么也没有写" in said
    assert not (tmp_path / "公布").exists()
    assert main([*command, "--with-differences"]) == 0
    assert (tmp_path / "公布" / "改过.docx").is_file()


def test_words_that_people_altered_are_released_and_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    editable = Editable(sample_docx())
    file = tmp_path / "改过.docx"
    file.write_bytes(editable.with_xml(editable.xml.replace("根据实际", "按照实际", 1)))
    assert main(["release", str(file), "--out", str(tmp_path / "none")]) == 0
    said = capsys.readouterr().out
    assert "有 1 处不同" in said
    assert said.index("没有找到生成时的 model.json") < said.index("没有带出去的")
    assert "图片的说明" not in said


def test_an_unusable_file_is_no_release() -> None:
    with pytest.raises(UnusableFile):
        release_file(b"text", sample_built().document)


def test_programs_are_told_of_an_unusable_file_in_their_way(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "没有.docx"
    assert main(["release", str(file), "--json"]) == 2
    (problem,) = json.loads(capsys.readouterr().out)
    assert (problem["rule"], problem["file"]) == ("unusable-file", str(file))
    assert "没有这个文件" in problem["message"]
