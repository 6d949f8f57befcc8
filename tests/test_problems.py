"""How a problem is shown on a terminal: the part of the line that is wrong, and nothing that steers."""

from __future__ import annotations

import pytest

from generator.commands.common import told
from generator.problems import ERROR, OWED, Place, Problem, told_together


def shown(excerpt: str, column: int) -> list[str]:
    problem = Problem("rule", "不对", Place("a.txt", 1, column), excerpt=excerpt)
    return [line[4:] for line in str(problem).split("\n")[1:]]


def width(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def test_a_short_line_is_shown_whole() -> None:
    assert shown("收入ab总计", 5) == ["收入ab总计", "\u3000\u3000  ^"]


@pytest.mark.parametrize("column", [1, 20, 31, 400, 790, 801])
def test_of_a_long_line_the_part_around_the_mistake_is_shown(column: int) -> None:
    line = "".join(chr(0x4E00 + number) for number in range(800))
    excerpt, caret = shown(line, column)
    assert len(excerpt) <= 62
    assert caret.endswith("^")
    before = excerpt[: len(caret) - 1]
    assert width(before) == width(caret[:-1])
    if column <= len(line):
        assert excerpt[len(before)] == line[column - 1]
    assert excerpt.startswith("…") == (column > 31)
    assert excerpt.endswith("…") == (column < 770)


def test_characters_that_steer_a_terminal_are_written_out() -> None:
    problem = Problem("rule", "坏\x1b[2J", Place("a.txt", 1, 3), "删\x00", excerpt="甲\x1b乙\u202e")
    assert str(problem).split("\n") == [
        "a.txt:1:3: 错误：坏\\u001b[2J [rule]",
        "    甲\\u001b乙\\u202e",
        "    \u3000      ^",
        "    → 删\\u0000",
    ]


def test_a_folder_has_no_colon_after_it() -> None:
    problem = Problem("rule", "没有", Place("2025/"), related=(Place("2024/"), Place("a.txt", 3)))
    assert str(problem).split("\n") == ["2025/ 错误：没有 [rule]", "    另见：2024/、a.txt:3"]
    assert (
        str(Problem("rule", "没有", Place("表.xlsx!甲!F5"))) == "表.xlsx!甲!F5: 错误：没有 [rule]"
    )


def owed(path: str, line: int, key: str = "金额", severity: str = OWED) -> Problem:
    return Problem("owed", f"“{key}”还没有填", Place(path, line, 9), "填好", severity)


def test_what_is_owed_in_many_lines_of_a_file_is_told_once() -> None:
    many = [owed("a.yaml", line) for line in (2, 3, 4, 5, 9)]
    few = [owed("b.yaml", line) for line in (1, 2, 3)]
    other = [owed("a.yaml", 3, "目标")]
    wrong = [owed("c.yaml", line, severity=ERROR) for line in range(1, 9)]
    groups = list(told_together([many[0], *other, *many[1:], *few, *wrong]))
    alone = [(problem,) for problem in (*other, *few, *wrong)]
    assert groups == [tuple(many), *alone]
    assert told(groups[0], {}).split("\n") == [
        "a.yaml:2:9: 待填：“金额”还没有填 [owed]",
        "    → 填好",
        "    这个文件里这样的共 5 处：第 2—5、9 行",
    ]
    assert told(groups[1], {}) == str(other[0])
