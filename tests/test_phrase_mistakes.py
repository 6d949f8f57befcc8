"""Mistakes in phrases.yaml and constants.yaml: each is reported once, at its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.narrative.phrases_reading import parse_constants, parse_phrases
from generator.problems import WARNING, Problem

Parse = Callable[[tuple[str, bytes]], tuple[object, tuple[Problem, ...]]]

SHIPPED = (Path(__file__).resolve().parents[1] / "templates/henan/phrases.yaml").read_text("utf-8")

# What is replaced in the shipped file, by what, and the rule that is broken in the last line of it.
PHRASES = [
    ("增加: 增加{差额}，增长{增幅}", "增加: 增加差额，增长增幅", "bad-slot"),
    ("增加: 增加{差额}，增长{增幅}", "增加: 增加{差额}，增长增幅", "bad-slot"),
    ("增加: 增加{差额}，增长{增幅}", "增加: 比上年多", "missing-slot"),
    ("增加: 增加{差额}，增长{增幅}", "增加: 减少{差额}，下降{增幅}", "wrong-direction"),
    ("减少: 减少{差额}，下降{增幅}", "减少: 增加{差额}，下降{增幅}", "wrong-direction"),
    ("略减: 减少{差额}", "略减: 增长{差额}", "wrong-direction"),
    ("新增: 增加{差额}", "新增: 增长{增幅}", "unknown-slot"),
    ("增加: 增加{差额}，增长{增幅}", "增加: 增加5万元，增长{增幅}", "typed-amount"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年", "missing-slot"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年增加{变动}", "wrong-direction"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比2022年{变动}", "typed-year"),
    ("持平: 与{上年}年{其他基数}持平", "持平: 与{上年}年{变动}", "unknown-slot"),
    ("  变动带主语:", "  默认:", "duplicate-key"),
    ("基数名称:", "句式: {}\n基数名称:", "duplicate-key"),
    ("上年预算: 预算", "上年预算:", "blank-value"),
    ("上年预算: 预算", "上年年初预算: 预算", "duplicate-key"),
    ("待填: 【待填：{内容}】", "待填: 【待填】", "missing-slot"),
    ("略多于零: 不足{最小占比}", "略多于零: 不足0.1%", "typed-amount"),
    ("增加: 增加{差额}，", "增加: 增加{差额}万元，", "doubled-unit"),
    ("增加: 增加{差额}，", "增加: 增加{差额}（万元），", "doubled-unit"),
    ("增长{增幅}", "增长{增幅}%", "doubled-unit"),
    ("下降{增幅}", "下降{增幅} 个百分点", "doubled-unit"),
    ("不足{最小占比}", "不足{最小占比}％", "doubled-unit"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年{其他基数}{变动}%", "doubled-unit"),
    ("增长{增幅}", "增长{增幅}{增幅}", "slot-twice"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年{其他基数}{变动}{变动}", "slot-twice"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年增加，{变动}", "wrong-direction"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年有所下降，{变动}", "wrong-direction"),
    ("增加: 增加{差额}，增长{增幅}", "增加: “增加{差额}，增长{增幅}”", "printed-quotes"),
    ("变动: 比{上年}年{其他基数}{变动}", "变动: “比{上年}年{变动}”", "printed-quotes"),
    ("所属单位: 局属单位", "所属单位: “局属单位”", "printed-quotes"),
    ("所属单位: 局属单位", "所属单位: 待填", "owed-not-allowed"),
    ("上年预算: 预算", "上年预算: 待填", "owed-not-allowed"),
    ("持平: 与{上年}年{其他基数}持平", "持平: 待填", "owed-not-allowed"),
    ("持平: 与{上年}年{其他基数}持平", "持平: 与{上年}年{其他基数}持平（待补充）", "unfinished"),
    ("本级: 局机关本级", "本级: XX机关本级", "placeholder"),
]

CONSTANTS = [
    ("起点: 50万元\n起点: 60万元\n", "duplicate-key", 2),
    ("起点:\n", "blank-value", 1),
    ("三公经费: 6万元\n", "shadowed-name", 1),
    ("年: 2024\n", "shadowed-name", 1),
    ("项目: 甲\n", "shadowed-name", 1),
    ("if: 5\n", "shadowed-name", 1),
    ("loop: 5\n", "shadowed-name", 1),
    ("1号: 5\n", "bad-name", 1),
    ("起点: [50万元]\n", "wrong-shape", 1),
    ("起点: 50万元\n上限: 待填\n", "owed-not-allowed", 2),
    ("起点: 50万元\n上限: XX万元\n", "placeholder", 2),
]


@pytest.mark.parametrize(("old", "new", "rule"), PHRASES)
def test_a_mistake_in_a_phrase_is_reported_once(old: str, new: str, rule: str) -> None:
    assert old in SHIPPED
    text = SHIPPED.replace(old, new, 1)
    phrases, problems = parse_phrases(("henan/phrases.yaml", text.encode()), {})
    assert phrases is None
    assert [problem.rule for problem in problems] == [rule]
    (problem,) = problems
    assert problem.excerpt == text.split("\n")[problem.place.line - 1]
    assert problem.hint


def test_the_line_of_a_mistake_in_a_phrase_is_its_own() -> None:
    text = SHIPPED.replace("变动: 比{上年}年{其他基数}{变动}", "变动: 比{上年}年", 1)
    _, (problem,) = parse_phrases(("henan/phrases.yaml", text.encode()), {})
    assert text.split("\n")[problem.place.line - 1] == "    变动: 比{上年}年"


@pytest.mark.parametrize(("text", "rule", "line"), CONSTANTS)
def test_a_mistake_in_a_constant_is_reported_once(text: str, rule: str, line: int) -> None:
    constants, problems = parse_constants(("henan/constants.yaml", text.encode()))
    assert constants is None
    assert [(problem.rule, problem.place.line) for problem in problems] == [(rule, line)]
    assert all(problem.hint and problem.excerpt for problem in problems)


@pytest.mark.parametrize(
    "words",
    [
        "变动: 与{上年}年相比，“三公”经费{变动}",
        "变动: 与{上年}年相比有增减变动：{变动}",
        "变动: 与{上年}年“三公”经费预算相比，{主语}{变动}，{主语}如下",
    ],
)
def test_other_words_of_a_frame_are_free(words: str) -> None:
    text = SHIPPED.replace("变动: 比{上年}年{其他基数}{变动}", words, 1)
    phrases, problems = parse_phrases(("henan/phrases.yaml", text.encode()), {})
    assert problems == ()
    assert phrases is not None


@pytest.mark.parametrize("text", ["", "\n", "# 本地没有固定的数\n"])
def test_a_place_may_have_no_constants(text: str) -> None:
    assert parse_constants(("henan/constants.yaml", text.encode())) == ({}, ())


@pytest.mark.parametrize("parse", [parse_constants, lambda file: parse_phrases(file, {})])
def test_words_that_would_be_cut_off_are_doubted(parse: Parse) -> None:
    text = (
        "起点: 50 #万元\n"
        if parse is parse_constants
        else SHIPPED.replace("持平\n", "持平 #甲\n", 1)
    )
    parsed, (problem,) = parse(("henan/x.yaml", text.encode()))
    assert parsed is not None
    assert (problem.rule, problem.severity) == ("value-cut", WARNING)
    assert problem.excerpt == text.split("\n")[problem.place.line - 1]


@pytest.mark.parametrize("parse", [parse_constants, lambda file: parse_phrases(file, {})])
@pytest.mark.parametrize("text", ["起点: 50\u200b万元", "- 起点", "起点: [50万元"])
def test_a_file_that_cannot_be_read_shows_its_line(parse: Parse, text: str) -> None:
    parsed, (problem,) = parse(("henan/x.yaml", text.encode()))
    assert parsed is None
    assert problem.excerpt == text
