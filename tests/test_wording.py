"""Where words came from decides what is wrong with them: templates, data or layouts."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.build import build_disclosure
from generator.document import Document, Paragraph, Section, Segment
from generator.problems import Place
from generator.review.wording import departments_in_templates, passages_of

ROOT = Path(__file__).resolve().parents[1]
HEADING = "# 第三部分 名词解释"
OWN = {"安阳市财政局", "安阳市殷都区财政局"}


def template(text: str) -> Segment:
    return Segment(text, place=Place("henan/narrative/30.txt", 7))


def data(text: str) -> Segment:
    return Segment(text, place=Place("2023/projects.yaml", 3))


@pytest.mark.parametrize(
    ("segments", "named"),
    [
        ([template("由金水区民政局负责。")], ["由金水区民政局"]),
        ([data("金水区民政局"), template("负责。")], []),
        ([data("某某区"), template("负责金水区民政局的工作。")], ["负责金水区民政局"]),
        ([data("安阳县农业农村局"), template("和金水区民政局。")], ["和金水区民政局"]),
        ([data("金水区"), template("民政局负责。")], []),
        ([template("安阳市财政局和安阳市殷都区财政局。")], []),
        (
            [template("如金水区民政局，郑东新区管理委员会。")],
            ["如金水区民政局", "郑东新区管理委员会"],
        ),
    ],
)
def test_departments_are_found_in_the_words_of_templates_only(
    segments: list[Segment], named: list[str]
) -> None:
    blocks = tuple(Paragraph(str(n), "正文", tuple(segments)) for n in range(2))
    document = Document("标题", "部门", "主题", "2023-01-01", (Section("portrait", blocks),))
    passages = passages_of(document)
    found = list(departments_in_templates(passages, OWN))
    assert [name for _, name in found] == named * 2
    for start, name in found:
        assert passages.text[start:].startswith(name)
        assert passages.place_at(start) == Place("henan/narrative/30.txt", 7)


@pytest.fixture
def office(tmp_path: Path) -> Path:
    for name in ("data", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("洛阳市水利局编写。", "洛阳市水利局"),
        ("{{ 年 }}年洛阳市水利局编写。", "年洛阳市水利局"),
        ("洛阳市{{ 三公经费 | 金额 }}水利局，平顶山市政务服务和大数据管理局。", ""),
    ],
)
def test_a_template_of_another_department_is_doubted(office: Path, words: str, named: str) -> None:
    file = office / "templates/henan/narrative/40-definitions.txt"
    edit(file, HEADING, f"{HEADING}\n\n{words}")
    edit(office / "data/2023/procurement.yaml", "采购项目: ", "采购项目: 洛阳市水利局的")
    built = build_disclosure(office / "data", 2023, office / "templates")
    found = [p for p in built.problems if p.rule == "foreign-department"]
    assert [p.message.partition("：")[0] for p in found] == (
        [f"模板里写着“{named}”，不是本部门或所属单位"] if named else []
    )
    assert all(str(p.place) == "henan/narrative/40-definitions.txt:3" for p in found)


def test_what_was_negative_last_year_is_named_and_not_judged(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    item = '功能科目: "2010301", 数值: '
    edit(office / "data/2022/published/facts.yaml", item, f"{item}-")
    folders = ["--data", str(office / "data"), "--templates", str(office / "templates")]
    assert main(["check", "2023", *folders]) == 1
    said = capsys.readouterr()
    assert "上年公布的是负数，不能自动写增减 [negative-base]" in said.err
    assert "上年有负数" in said.out


def test_a_remark_that_claims_a_change_is_doubted(office: Path) -> None:
    edit(office / "data/2023/reasons.yaml", "说明: 我单位无出国（境）计划", "说明: 比上年减少很多")
    built = build_disclosure(office / "data", 2023, office / "templates")
    (problem,) = [p for p in built.problems if p.rule == "reason-contradicts"]
    assert problem.message == "“因公出国境费”的说明说成了有增减：比上年减少很多"
    assert str(problem.place).startswith("2023/reasons.yaml:15")
