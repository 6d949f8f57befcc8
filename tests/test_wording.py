"""Where words came from decides what is wrong with them: templates, data or layouts."""

from __future__ import annotations

import pytest

from generator.document import Document, Paragraph, Section, Segment
from generator.problems import Place
from generator.review.wording import departments_in_templates, passages_of

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
