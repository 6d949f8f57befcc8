"""How a problem is shown on a terminal: the part of the line that is wrong, and nothing that steers."""

from __future__ import annotations

import pytest

from generator.problems import Place, Problem


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
