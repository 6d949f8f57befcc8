"""Editors' mistakes in templates: each is found, at its line and column, and nothing else is."""

from __future__ import annotations

import ast
import time
from functools import cache
from pathlib import Path

import pytest
from compare_tools import edited_sample
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import TemplateError
from template_cases import CLEAN, MISTAKES, WARNINGS

from generator.build import build_disclosure
from generator.document import OWED as OWED_SEGMENT
from generator.figures.book import FigureBook
from generator.narrative.environment import Rendered, compile_template, problem_of, render
from generator.narrative.linting.templates import template_problems
from generator.narrative.names import context_of
from generator.narrative.phrases import Phrases
from generator.narrative.phrases_reading import parse_constants, parse_phrases
from generator.narrative.phrasing import EditorMistake, Phrasing
from generator.narrative.vocabulary import Vocabulary
from generator.problems import ERROR, WARNING, Problem, ProblemsFound

ROOT = Path(__file__).parents[1]
PATH = "henan/narrative/30-explanation.txt"
VOCABULARY = Vocabulary(
    {"通用设备单价起点": "50万元"}, ("默认", "比上年预算数"), ("03-expenditure", "08-three-public")
)


def problems_of(template: str) -> tuple[Problem, ...]:
    return template_problems(template, PATH, VOCABULARY)


def found(template: str) -> list[tuple[str, int, int]]:
    return [(p.rule, p.place.line, p.place.column) for p in problems_of(template)]


def marked(template: str) -> tuple[str, int, int]:
    """The template without its ▲, and the line and column of what followed it."""
    before = template[: template.index("▲")]
    line = before.count("\n") + 1
    return template.replace("▲", ""), line, len(before) - (before.rfind("\n") + 1) + 1


@pytest.mark.parametrize(("rule", "template"), MISTAKES)
def test_a_mistake_is_reported_once_at_its_place(rule: str, template: str) -> None:
    source, line, column = marked(template)
    assert found(source) == [(rule, line, column)]


@pytest.mark.parametrize(("rule", "template"), MISTAKES)
def test_a_problem_shows_its_line_and_says_what_to_do(rule: str, template: str) -> None:
    source, line, _ = marked(template)
    (problem,) = problems_of(source)
    assert problem.place.path == PATH
    lines = source.removeprefix("\ufeff").replace("\r", "\n").split("\n")
    assert problem.excerpt == lines[line - 1].rstrip()
    assert problem.hint
    assert problem.severity == (WARNING if rule in WARNINGS else ERROR)


def test_every_rule_has_an_example() -> None:
    files = [
        *(ROOT / "generator/narrative/linting").glob("*.py"),
        ROOT / "generator/narrative/markup.py",
    ]
    reporters = {"report", "_report", "complain", "_Rule", "_left", "Mistake"}
    rules = {
        call.args[0].value
        for file in files
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if isinstance(call.func, ast.Name | ast.Attribute)
        if (call.func.id if isinstance(call.func, ast.Name) else call.func.attr) in reporters
    }
    assert len(rules) >= 50
    assert rules <= {rule for rule, _ in MISTAKES}


def test_a_clean_template_has_no_problems() -> None:
    assert problems_of(CLEAN) == ()
    assert printed(CLEAN) is not None
    assert problems_of(CLEAN.replace("\n", "\r\n")) == ()
    assert problems_of("") == ()


@pytest.mark.parametrize(
    "words",
    [
        "1 多元投入",
        "2 多元化",
        "附件1多元化",
        "推进多元化",
        "服务群众20余万人",
        "一元化",
        "5余人次",
        "建立2023台账",
        "近23年来",
        "工龄满20年的职工",
        "三分之二以上同意",
        "万分之五",
        "以防万一",
        "第三台阶",
        "110、119、122三台合一",
        "附表3（单位：万元）",
        "版本2.1.3",
        "5W灯泡",
        "公务接待定点管理",
        "有待完善",
        "认真对待填报工作",
        "梳理待核实线索",
        "等待补充",
        "【基本支出】是指保障机构运转的支出",
        "“R&D”投入",
    ],
)
def test_words_beside_a_number_are_no_amount(words: str) -> None:
    assert problems_of(f"{words}。\n") == ()


TEN = """\
# 一、{{ ▲部门名 }}情况

▲2023年收入总计{{ 收入总计 | ▲金鹅 }}，支出总计▲5万元。

▲{% if 三公经费 %}
“三公”经费{{ ▲三公经费 }}，▲｛｛ 公务接待费 | 金额 ｝｝。
{% for 科目 in 支出功能科目 %}
{{ 科目.▲预算 | 金额 }}，{{ 基本支出 ▲+ 项目支出 | 金额 }}
{% endfor %}

▲:::表 99
"""
TEN_RULES = [
    "unknown-name", "typed-year", "unknown-filter", "typed-amount", "unclosed-block", "bare-figure",
    "full-width-braces", "unknown-attribute", "arithmetic", "unknown-table",
]  # fmt: skip


def test_ten_mistakes_are_all_reported_in_one_run() -> None:
    expected = []
    template = TEN
    for rule in TEN_RULES:
        _, line, column = marked(template)
        expected.append((rule, line, column))
        template = template.replace("▲", "", 1)
    assert found(template) == expected


def test_the_nearest_name_is_suggested() -> None:
    (problem,) = problems_of("\n\n共{{ 收入总记 | 金额 }}。")
    assert str(problem).splitlines()[:3] == [
        f"{PATH}:3:5: 错误：没有“收入总记”，是不是：收入总计？ [unknown-name]",
        "    共{{ 收入总记 | 金额 }}。",
        "    \u3000   ^",
    ]


def test_a_suggestion_is_made_once() -> None:
    for template in ("{{ 三公经废 | 金额 }}", "{{ 三公经费 | 占比(支出和计) }}"):
        (problem,) = problems_of(template)
        assert str(problem).count("是不是") == 1
        assert problem.hint.startswith("全部名字见")


def test_a_place_without_the_usual_frame_names_one_everywhere() -> None:
    """`| 增减` alone stands for it: without one, the year's build would end in a traceback."""
    vocabulary = VOCABULARY._replace(frames=("比上年预算数",))
    text = '{{ 三公经费 | 增减("比上年预算数") }}\n{{ 三公经费 | 增减(主语="经费") }}'
    (problem,) = template_problems(text, PATH, vocabulary)
    assert (problem.rule, problem.place.line, problem.place.column) == ("unknown-frame", 2, 11)
    assert template_problems(text, PATH, vocabulary._replace(frames=None)) == ()


def test_the_shipped_templates_have_no_problems() -> None:
    place = ROOT / "templates/henan"
    constants, wrong = parse_constants(("constants.yaml", (place / "constants.yaml").read_bytes()))
    phrases, problems = parse_phrases(
        ("phrases.yaml", (place / "phrases.yaml").read_bytes()), constants or {}
    )
    assert wrong == ()
    assert phrases is not None
    assert problems == ()
    vocabulary = Vocabulary(phrases.constants, tuple(phrases.frames))
    texts = sorted((place / "narrative").glob("*.txt"))
    assert texts
    for file in texts:
        assert template_problems(file.read_text("utf-8"), file.name, vocabulary) == ()


PLAIN = st.text(st.characters(codec="utf-8", exclude_characters="{}｛｝"))
SCRAPS = st.sampled_from([
    "{{", "}}", "{%", "%}", "{#", "#}", "{", "}", "｛｛", "｝", "％", '"', "'", "“", "”", "（", "(",
    ")", "|", "-", "\\", "[", "]", "and", "is", "not", ".", ",", "=", "==", "①", ":::", "###", " ",
    "{% if 三公经费 %}", "{% endif %}", "{% for 项 in 项目 %}", "{% endfor %}", "{% else %}",
    "{% raw %}", "＃}", "\r", "{{ 部门名称", "| 金额", "| 中文序号", "| 原因(", "| 列举(", "主语=",
    "loop.index", "三公经费", "主要职责", "项目", "in", "if", "else", "12", "{% set x = ",
    "{{ x", "5万元", "9" * 5000, "\n", "\n\n", "\u200b", "\x00", "\ue001",
])  # fmt: skip


@cache
def book_and_phrases() -> tuple[FigureBook, Phrases]:
    built = build_disclosure(ROOT / "data", 2023)
    return built.book, built.place.phrases


def printed(template: str) -> Rendered | None:
    """The template as the sample prints it; None if it asks for what these data cannot say."""
    book, phrases = book_and_phrases()
    context = {**context_of(book, phrases), **VOCABULARY.constants}
    try:
        return render(compile_template(template, PATH), context, Phrasing(book, phrases))
    except EditorMistake as mistake:
        if mistake.rule == "not-printable":  # the linter says so before
            raise
        return None


def holds(template: str) -> None:
    """Places are inside the template, and what is found to be without errors can be printed."""
    lines = template.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for problem in problems_of(template):
        assert 1 <= problem.place.line <= len(lines)
        assert 1 <= problem.place.column <= len(lines[problem.place.line - 1]) + 1
    if all(problem.severity != ERROR for problem in problems_of(template)):
        printed(template.replace("\r\n", "\n"))


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("{{ 三公经费 }}", "not-printable"),
        ("{{ 项目 }}", "not-printable"),
        ("{{ 三公经费 - 年 }}", "template-error"),
        ("{{ 没有.名称 }}", "template-error"),
    ],
)
def test_what_the_linter_let_pass_would_be_told_at_its_line(template: str, rule: str) -> None:
    source = f"甲\n\n{template}\n"
    book, phrases = book_and_phrases()
    with pytest.raises((EditorMistake, TemplateError, TypeError)) as raised:
        render(compile_template(source, PATH), context_of(book, phrases), Phrasing(book, phrases))
    problem = problem_of(raised.value, PATH, source)
    assert problem is not None
    assert (problem.rule, problem.place.line, problem.excerpt) == (rule, 3, template)


def test_a_mistake_of_the_program_is_no_editors() -> None:
    assert problem_of(TypeError("ours"), PATH, "甲\n") is None


@given(PLAIN)
@settings(deadline=None)
def test_text_without_braces_never_crashes(text: str) -> None:
    holds(text)


@given(st.lists(st.tuples(st.integers(0, len(CLEAN)), SCRAPS), max_size=6))
@settings(deadline=None, max_examples=150)
def test_scraps_put_anywhere_never_crash(scraps: list[tuple[int, str]]) -> None:
    template = CLEAN
    for position, scrap in scraps:
        template = template[:position] + scrap + template[position:]
    holds(template)


@given(st.lists(SCRAPS, max_size=25).map("".join))
@example("{{" * 3000)
@example("{{ " + "(" * 3000)
@example("{% if 三公经费 %}" * 500)
@settings(deadline=None, max_examples=150)
def test_templates_made_of_scraps_never_crash(template: str) -> None:
    holds(template)


@given(st.integers(0, len(CLEAN) - 1), st.integers(1, 3))
@settings(deadline=None)
def test_templates_with_a_hole_never_crash(start: int, length: int) -> None:
    holds(CLEAN[:start] + CLEAN[start + length :])


IN_YUAN = "department.yaml", "年度: 2023", "年度: 2023\n公布单位: 元"


@pytest.mark.parametrize(
    ("template", "data", "message"),
    [
        ("{{ 三公经费 | 万元 }}", (IN_YUAN,), "“三公经费”的单位是元，不是万元"),
        (
            "{{ 基本支出 | 占比(国有资本经营预算支出) }}",
            (),
            "“国有资本经营预算支出”是零，算不出占比",
        ),
    ],
)
def test_what_these_data_cannot_say_is_reported_at_its_line(
    tmp_path: Path, template: str, data: tuple[tuple[str, str, str], ...], message: str
) -> None:
    heading = "# 第三部分 名词解释"
    edit = "narrative/40-definitions.txt", heading, f"{heading}\n\n{template}"
    with pytest.raises(ProblemsFound) as stopped:
        edited_sample(tmp_path, *data, edit)
    said = [p for p in stopped.value.problems if p.severity == ERROR]
    assert [(p.message, p.excerpt, str(p.place)) for p in said] == [
        (message, template, "henan/narrative/40-definitions.txt:3")
    ]


def test_a_text_that_is_owed_is_printed_as_owed(tmp_path: Path) -> None:
    """The name of a unit where the disclosure lists them."""
    line = "构成名称: 平顶山市政务服务和大数据管理局机关"
    side = edited_sample(tmp_path, ("department.yaml", line, "构成名称: 待填"))
    assert side.document is not None
    assert side.document.draft
    owed = [
        s.text for block in side.document.blocks() for s in block.segments if s.kind == OWED_SEGMENT
    ]
    assert owed == ["【待填：文字】"]


@pytest.mark.parametrize(
    ("template", "spelling"),
    [
        ("{% if 三公经费 和 基本支出 %}甲{% endif %}", "and"),
        ("{% if 三公经费 AND 基本支出 %}甲{% endif %}", "and"),
        ("{% if 三公经费 || 基本支出 %}甲{% endif %}", "or"),
        ("{% if 三公经费 <> 基本支出 %}甲{% endif %}", "!="),
        ("{{ | 金额 }}", "{{ 三公经费 | 金额 }}"),
        ("{{ 三公经费 | 增减(比上年预算数) }}", '增减("比上年预算数")'),
        ("::::分页", ":::分页"),
        ("{{ 三公经费 | 数量 }}", "{{ 三公经费 | 金额 }}"),
        ("{{ 车辆 | 万元 }}", "{{ 车辆 | 数量 }}"),
        ("{{ 三公经费 | 占比 }}", "占比(支出合计)"),
        ("{{ 车辆 }}", "{{ 车辆 | 数量 }}"),
        ("{{ 三公经费：金额 }}", "| 金额"),
        ("{{ 三公经费: 金额 }}", "| 金额"),
        ("{% if 政府采购 % }甲{% endif %}", "%}，中间不留空格"),
        ("{%if政府采购%}甲{% endif %}", "{% if 政府采购 %}"),
    ],
)
def test_the_right_spelling_is_named(template: str, spelling: str) -> None:
    (problem,) = problems_of(template)
    assert spelling in problem.hint


@pytest.mark.parametrize("words", [
    "我部门按规定安排支出，", "一二三", "一万", "万", "1余万", "1,", "《", " ", "（一）",
])  # fmt: skip
def test_a_long_paragraph_is_checked_in_no_time(words: str) -> None:
    text = words * (200_000 // len(words))
    begun = time.perf_counter()
    problems_of(text)
    assert time.perf_counter() - begun < 5
