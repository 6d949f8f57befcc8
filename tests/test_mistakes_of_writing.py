"""Mistakes of writing are reported where they were made, with the cause and not a list of guesses."""

from __future__ import annotations

import pytest

from generator.fields import AMOUNT, References, Unacceptable
from generator.load.reader import Unreadable, read_with_doubts, read_yaml
from generator.problems import Problem

LINE = '- {单位: "1", 类别: 人员类, 金额: 1}\n'
HEAD = "年度: 2024\n部门名称: 甲\n"
TEXTS = HEAD + "主要职责:\n  - 负责：甲。\n{}\n  - 负责：丙。\n内设机构: [一]\n"

# What is written, the line and the text where the mistake begins, and a word of the hint.
MISTAKES = {
    "colon": (HEAD + '部门代码：甲\n公布日期: "x"\n', 3, "：", "全角冒号"),
    "first-colon": ("年度：2024\n部门名称: 甲\n", 1, "：", "全角冒号"),
    "last-colon": (HEAD + "部门代码：甲\n", 3, "：", "全角冒号"),
    "colon-of-record": ("- 名称：甲\n  编码: 1\n", 1, "：", "全角冒号"),
    "no-blank-after-colon": (HEAD + '部门代码:甲\n公布日期: "x"\n', 3, ":甲", "空一格"),
    "no-dash": (LINE + LINE[2:] + LINE, 2, "{", "少了开头的横线"),
    "no-dash-indented": (LINE + "  " + LINE[2:] + LINE, 2, "{", "少了开头的横线"),
    "indented": (LINE + " " + LINE + LINE, 2, "-", "缩进"),
    "no-brace": (LINE + LINE.replace("{", "") + LINE, 2, "单位", "少了开头的“{”"),
    "dash-unspaced": (LINE + LINE.replace("- ", "-") + LINE, 2, "-", "空一格"),
    "full-width-dash": (LINE + LINE.replace("-", "－") + LINE, 2, "－", "半角的横线"),
    "en-dash": (LINE + LINE.replace("-", "–") + LINE, 2, "–", "半角的横线"),
    "no-comma": (LINE + LINE.replace("类,", "类"), 2, "金额", "少了半角逗号"),
    "no-comma-after-quote": (LINE + LINE.replace('",', '"'), 2, "类别", "少了半角逗号"),
    "full-width-comma": (LINE.replace("类, ", "类，"), 1, "，", "全角"),
    "full-width-brace": (LINE + LINE.replace("{", "｛"), 2, "｛", "全角"),
    "at": (LINE.replace("人员类", "@甲"), 1, "@", "加引号"),
    "percent": (LINE.replace("人员类", "%甲"), 1, "%", "加引号"),
    "greater": ("年度履职目标: >95%\n绩效: x\n", 1, ">", "加引号"),
    "colon-in-value": ("- {指标: 甲, 原因: 说明: 节约}\n", 1, "说明", "引号"),
    "hash-in-flow": ("- {指标: 甲, 原因: 说明 #节约}\n" + LINE, 1, " #", "注释"),
    "fence": ("```yaml\n" + LINE + "```\n", 1, "```", "代码标记"),
    "braces-first": ("标题: {年}年收支表\n目录名: 甲\n", 1, "{", "加半角引号"),
    "braces-first-in-a-list": ("注:\n  - {年}年收支表\n", 2, "{", "加半角引号"),
    "braces-first-in-a-record": ("- {名称: {年}年合计, 宽: 8}\n", 1, "{年", "加半角引号"),
    "key-too-far-in": (HEAD + '  公布日期: "x"\n', 3, "公布", "空格数不对"),
    "key-under-none": ("甲:\n  乙:\n    丙: 1\n   丁: 2\n", 4, "丁", "空格数不对"),
    "full-width-blank": ("甲:\n  乙: 1\n\u3000\u3000丙: 2\n  丁: 3\n", 3, "\u3000", "半角空格"),
    "merge": (HEAD + "<<<<<<< HEAD\n公布日期: x\n=======\n", 3, "<", "合并"),
    "text-dash-unspaced": (TEXTS.format("  -统筹：乙。"), 5, "-", "空一格"),
    "text-full-width-dash": (TEXTS.format("  －统筹乙。"), 5, "－", "半角的横线"),
    "text-bullet": (TEXTS.format("  • 统筹乙。"), 5, "•", "每一条以半角的横线"),
    "text-number": (TEXTS.format("  2. 统筹乙。"), 5, "2", "每一条以半角的横线"),
    "text-no-dash": (TEXTS.format("  统筹乙。"), 5, "统", "少了开头的横线"),
    "text-at-the-margin": (TEXTS.format("统筹乙。"), 5, "统", "少了开头的横线"),
    "text-last": (HEAD + "主要职责:\n  - 负责甲。\n  统筹乙。\n", 5, "统", "少了开头的横线"),
    "text-full-width-blank": (TEXTS.format("\u3000- 统筹乙。"), 5, "\u3000", "全角空格"),
    "colon-after-texts": (
        HEAD + "主要职责:\n  - 负责甲。\n内设机构：[一]\n年度: 1\n",
        5,
        "：",
        "全角冒号",
    ),
    "key-indented": (HEAD + ' 公布日期: "x"\n', 3, "公", "空格数不对"),
    "key-of-record-indented": ("- 名称: 甲\n   编码: 1\n", 2, "编", "空格数不对"),
    "key-of-record-too-little": ("- 名称: 甲\n 编码: 1\n", 2, "编", "空格数不对"),
    "first-key-indented": (" 年度: 2024\n部门名称: 甲\n", 2, "部", "空格数不对"),
    "record-full-width-blank": (LINE + "\u3000" + LINE, 2, "\u3000", "全角空格"),
    "conflict-of-records": (LINE + "=======\n" + LINE, 2, "=", "合并"),
    "empty-value": (LINE.replace("金额: 1", "金额:"), 1, ":}", "冒号后面是空的"),
    "empty-value-inside": (
        LINE.replace("人员类", "").replace("类别: ", "类别:"),
        1,
        ":,",
        "冒号后面是空的",
    ),
    "too-many-braces": (LINE.replace("}", "}}"), 1, "}\n", "右括号比左括号多"),
    "too-few-braces": (LINE.replace("}", ""), 1, "{", "右括号比左括号少"),
}


def problem_of(text: str) -> Problem:
    with pytest.raises(Unreadable) as raised:
        read_yaml(text.encode(), "x.yaml")
    (problem,) = raised.value.problems
    return problem


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_was_made(name: str) -> None:
    text, line, at, hint = MISTAKES[name]
    problem = problem_of(text)
    excerpt = text.splitlines(keepends=True)[line - 1]
    assert (problem.place.line, problem.place.column) == (line, excerpt.index(at) + 1)
    assert problem.excerpt == excerpt.rstrip("\n")
    assert hint in problem.hint


def test_texts_in_a_list_may_have_colons() -> None:
    problem = problem_of("主要职责:\n  - 负责：水利\n  - {甲: 1\n  - 乙\n")
    assert problem.place.line == 3


def test_line_ends_of_old_macs_are_one_problem() -> None:
    problem = problem_of(LINE.replace("\n", "\r") * 3)
    assert (problem.rule, problem.place.line) == ("line-ends", 1)
    assert "重新保存" in problem.hint


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("年度履职目标: 政务 #务\n", 12),
        ("- 名称: 甲 #1 楼\n", 9),
        ("年度: 2024 # 今年\n", None),
        ('年度履职目标: "政务 #务"\n', None),
        ("年度履职目标: 政务#务\n", None),
        ("- {单位: 甲} #备注\n", None),
        ("# 收入 #务\n", None),
        ("- 负责 #1号楼的管理\n", 6),
        ("主要职责: [甲, 乙 #丙\n]\n", 13),
        ("- #1号楼\n", 3),
        ('- 甲"乙" #丙\n', 8),
        ("- 𝒳 𝒴  #丙\n", 8),
        ("甲: 乙 #!丙\n乙: 丙 ##\n", None),
        ("甲: |\n  乙: 丙 #丁\n", None),
        ("甲: '乙\n  丙: 丁 #戊'\n", None),
    ],
)
def test_words_that_would_be_cut_off_are_named(text: str, at: int | None) -> None:
    _, doubts = read_with_doubts(f"# 头\n{text}".encode(), "x")
    found = [(p.rule, p.place.line, p.place.column) for p in doubts]
    assert found == ([("value-cut", 2, at)] if at else [])


MANY = 300_000


def test_many_blank_lines_before_a_comment_take_no_time() -> None:
    """They took the square of their number: 22 s for 40,000."""
    node, (doubt,) = read_with_doubts(("甲: 乙 #丙\n" + "\n" * MANY + " #").encode(), "x")
    assert node is not None
    assert doubt.place.line == 1


@pytest.mark.parametrize("end", ['"}', "", "}"])
def test_many_signs_of_comments_in_a_line_take_no_time(end: str) -> None:
    text = "- {甲: " + "乙 #" * MANY + end + "\n- {丙: 丁}\n"
    assert problem_of(text).rule == "yaml-syntax"


@pytest.mark.parametrize(
    ("written", "advice"),
    [
        ("83.8万元", "838000.00"),
        ("83.8万", "838000.00"),
        ("1.2亿元", "120000000.00"),
        ("0.5亿", "50000000.00"),
        ("1800.5元", "1800.50"),
        ("1,800.5", "1800.50"),
        ("１８００", "1800.00"),
        ("1800.505", "最多写到分"),
        ("83.1234567万元", "最多写到分"),
        ("－838200.00", "不能是负数"),
        ("−1", "不能是负数"),
        ("-3万元", "不能是负数"),
        ("约八十万", "还不知道就写 待填"),
    ],
)
def test_advice_about_an_amount_is_the_amount(written: str, advice: str) -> None:
    with pytest.raises(Unacceptable) as raised:
        AMOUNT.parse(written, References())
    assert advice in raised.value.hint
