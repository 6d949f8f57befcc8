"""Figures that somebody typed into words that are printed: they stay when the data change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from generator.residue import BLANK

DIGIT = "[0-9０-９]"
NUMERAL = "[一二三四五六七八九十百千零两〇○]"
_FIRST = "[一二三四五六七八九十两]"
_STOP = r"(?=[，。；、：！？）)“”,;:!?\s]|$)"
_FORMAL = "[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]"
# A number is looked for from the beginning of its digits only, or long lines take hours.
_NUMBER = rf"(?<!{DIGIT})(?<!{DIGIT}[.,．，]){DIGIT}+(?:[.,．，]{DIGIT}+)*"
_SCALE = "[万亿千百萬億]"
# 2000余万元, 5万多元; but “1 多元投入” and “2023多元化” hold no amount.
_MANY_KINDS = f"(?:{BLANK}+多元|多元[化文])"
# In words no amount is longer than this; without an end, a run of 一万一万 takes hours.
_LONGEST = 40
_MONEY = (
    rf"{_NUMBER}(?!{_MANY_KINDS}){BLANK}*(?:[余多]{BLANK}*)?"
    rf"(?:{_SCALE}*(?:[余多]{_SCALE}*)?元(?![化旦])|[万亿萬億]+(?:人民币|{_STOP}))"
    rf"|[￥¥]{BLANK}*{DIGIT}+(?:[.,．，]{DIGIT}+)*{BLANK}*[万亿]*元?"
    rf"|(?<!{NUMERAL}){NUMERAL}+(?:点{NUMERAL}+)?[余多]?[万亿]+[余多]?元"
    rf"|(?<!{NUMERAL})[一二三四五六七八九十两]{NUMERAL}*[余多]?[万亿]+{_STOP}"
    rf"|(?<!{NUMERAL})(?=[一二三四五六七八九十两])(?=(?:{NUMERAL}|[万亿]){{0,{_LONGEST}}}[十百千万亿])"
    rf"(?:{NUMERAL}|[万亿]){{1,{_LONGEST}}}[余多]?元(?!化)"
    rf"|(?<!{_FORMAL}){_FORMAL}{{2,}}元"
)
MONEY = re.compile(_MONEY)
_AMOUNT = re.compile(
    rf"{_MONEY}"
    rf"|{_NUMBER}{BLANK}*(?:[wW]元|[（(]{BLANK}*(?:[万亿]元?|元){BLANK}*[）)]元?"
    rf"|{_SCALE}*块钱|{_SCALE}+块{_STOP})"
    rf"|{_NUMBER}{BLANK}*[余多]?(?:个?百分点|[%％‰﹪]|辆|台(?![账帐阶湾风])|成(?:[以左多]|{_STOP}))"
    rf"|百分之(?:{NUMERAL}|{DIGIT}|[点.．])+"
    rf"|(?<!{NUMERAL}){NUMERAL}+(?:点{NUMERAL}+)?[余多]?(?:个?百分点|辆)"
    rf"|(?<!{NUMERAL}){_FIRST}{NUMERAL}*"
    rf"(?:[万亿]{_FIRST}千?{_STOP}|分之{_FIRST}{NUMERAL}*(?!以[上下]))"
    rf"|(?<!第)[一二三四五六七八九两]成(?:[以左多]|{_STOP})"
)
_LETTER_O = "OoОо"  # Latin and Cyrillic
_YEAR = re.compile(
    rf"(?<!{DIGIT})(?:[12１２]{DIGIT}{{3}}{BLANK}*[-—–~～至]+{BLANK}*)?"
    rf"(?:19|20|１９|２０){DIGIT}{{2}}{BLANK}*年"
    # 2O23年 and 二0二三年; 23年 and 比22年, but not 23年来; 2023.2.24
    rf"|(?<![A-Za-z])(?<!{DIGIT})(?<!{NUMERAL})[12１２一二][09０９零〇○九{_LETTER_O}]"
    rf"(?:{DIGIT}|{NUMERAL}|[{_LETTER_O}]){{2}}{BLANK}*年"
    rf"|(?<!{DIGIT})(?<![.．,，])2[0-9]年(?=度|[初末底]|(?:部门|单位|年初)?(?:预算|决算))"
    rf"|(?<=[比较与])2[0-9]年(?=相比|[增减持下上])"
    rf"|(?<!{DIGIT})(?:19|20){DIGIT}{{2}}([.．/／-]){DIGIT}{{1,2}}\1{DIGIT}{{1,2}}(?!{DIGIT})"
)
_RULES = (
    (
        "typed-amount",
        _AMOUNT,
        "手写的数“{}”不会跟着数据变",
        "印一个名字，如 {{ 三公经费 | 金额 }}；固定的标准写进 constants.yaml，再按名字印",
    ),
    (
        "typed-year",
        _YEAR,
        "手写的年份“{}”明年就不对了",
        "写成 {{ 年 }}年 或 {{ 上年 }}年；不变的年份写进 constants.yaml，再按名字印",
    ),
)
# Titles and numbers of documents, which may hold years and numbers.
_REFERENCES = re.compile(r"《[^》\n]{0,200}》|[〔\[［（(][0-9]{4}[〕\]］）)][ ]*第?[0-9]+[ ]*号")
_REFERENCE = "\ue020"


class Typed(NamedTuple):
    """A typed figure: the rule it breaks, where it begins and ends, and what to say to editors
    of a template (other files know other ways to print a number).
    """

    rule: str
    start: int
    end: int
    message: str
    hint: str


def typed_figures(text: str) -> Iterator[Typed]:
    """Amounts, shares, counts and years written out in `text`."""
    words = without_references(text)
    for rule, pattern, message, hint in _RULES:
        for match in pattern.finditer(words):
            yield Typed(rule, match.start(), match.end(), message.format(match[0]), hint)


def without_references(text: str) -> str:
    """The text with the titles and numbers of documents covered, character by character."""
    return _REFERENCES.sub(lambda match: _REFERENCE * len(match[0]), text)
