"""What a place's phrases.yaml and constants.yaml say: frames, words and thresholds editors decide.

`phrases_reading` reads the files.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from generator.fields import (
    TEXT,
    YES_NO,
    FieldType,
    ListOf,
    Record,
    RecordOf,
    References,
    Unacceptable,
    key,
)
from generator.problems import suggestion

SLOT = re.compile(r"\{([^{}]*)\}")
_SECOND_NAME = re.compile("[（(][^（）()]*[）)]$")  # 人事科（老干部科）


# Slots that are no words of a sentence: outside braces, somebody lost the braces.
_NEVER_WORDS = re.compile("最小增幅|最小占比|差额|增幅|主语")
_UP, _DOWN = re.compile("增加|增长|上升|提高"), re.compile("减少|下降|降低")
_ANY_DIRECTION = re.compile(f"{_UP.pattern}|{_DOWN.pattern}")
# What is filled in has its unit: 182.2万元, 28%.
_UNIT_TWICE = re.compile(
    r"(\{(?:差额|变动)\})\s*([(（]?[万亿千百]*元|万|亿)"
    r"|(\{(?:变动|增幅|最小增幅|最小占比)\})\s*([%％﹪‰]|个?百分点)"
)
_ONCE = ("差额", "增幅", "最小增幅", "最小占比", "变动", "内容")


def phrase(
    *slots: str, needed: tuple[str, ...] = (), excluded: re.Pattern[str] | None = None
) -> FieldType:
    """A phrase with slots in braces, at least one of those `needed`; strange or repeated slots,
    lost braces, units that are filled in, and words that are `excluded` because they contradict
    the key are refused.
    """

    def parse(text: str, _: References) -> str:
        written = SLOT.findall(text)
        _check_slots(text, written, slots)
        rest = SLOT.sub("\n", text)
        if re.search(r"[{}｛｝]", rest):
            raise Unacceptable("句式里的花括号不成对或是全角", "空写成 {差额}", "bad-slot")
        if lost := _NEVER_WORDS.search(rest):
            hint = f"写成 {{{lost[0]}}}，由程序填"
            raise Unacceptable(f"“{lost[0]}”两边没有花括号", hint, "bad-slot")
        if needed and not set(needed) & set(written):
            raise Unacceptable(f"缺了要填的空{_listed(needed)}", "补上，由程序填", "missing-slot")
        if excluded and (word := excluded.search(rest)):
            message, hint = f"“{word[0]}”和键的意思相反", "核对写在哪个键下面；增加还是减少由程序选"
            if excluded is _ANY_DIRECTION:
                message, hint = f"“{word[0]}”写死了方向", "删掉它，{变动} 里已经有增加或减少"
            raise Unacceptable(message, hint, "wrong-direction")
        return text

    return FieldType("句式", parse, {"type": "string"})


def _check_slots(text: str, written: Sequence[str], slots: tuple[str, ...]) -> None:
    for slot in written:
        if slot not in slots:
            hint = suggestion(slot, slots) or f"可用：{_listed(slots)}"
            raise Unacceptable(f"这里没有“{{{slot}}}”这个空", hint, "unknown-slot")
    if again := [slot for slot in _ONCE if written.count(slot) > 1]:
        raise Unacceptable(f"“{{{again[0]}}}”写了两遍", "只留一个", "slot-twice")
    if unit := _UNIT_TWICE.search(text):
        slot, words = filter(None, unit.groups())
        hint = f"删掉“{words}”，{slot} 里已经有单位"
        raise Unacceptable(f"“{unit[0]}”会印成两个单位", hint, "doubled-unit")


def _listed(slots: tuple[str, ...]) -> str:
    return "、".join(f"{{{slot}}}" for slot in slots)


_RISE = ("差额", "增幅", "最小增幅", "上年")
_INCREASE = phrase(*_RISE, needed=("差额", "增幅"), excluded=_DOWN)
_DECREASE = phrase(*_RISE, needed=("差额", "增幅"), excluded=_UP)
_SLIGHT_INCREASE = phrase(*_RISE, excluded=_DOWN)
_SLIGHT_DECREASE = phrase(*_RISE, excluded=_UP)
_NEW = phrase("差额", "上年", "基数", excluded=_DOWN)
_SHARE = phrase("最小占比")
_COMPARED = ("主语", "年", "上年", "基数", "基数全称", "其他基数")
_CHANGED = phrase("变动", *_COMPARED, needed=("变动",), excluded=_ANY_DIRECTION)
_UNCHANGED = phrase(*_COMPARED)
_COMPARABLE = phrase(excluded=_ANY_DIRECTION)
_OWED = phrase("内容", needed=("内容",))


@dataclass(frozen=True, slots=True)
class ChangePhrases(Record):
    """变动: the words of each class of change."""

    increase: str = key("增加", _INCREASE, "增加时")
    decrease: str = key("减少", _DECREASE, "减少时")
    slight_increase: str = key("略增", _SLIGHT_INCREASE, "增加但增幅四舍五入为零时")
    slight_decrease: str = key("略减", _SLIGHT_DECREASE, "减少但降幅四舍五入为零时")
    new: str = key("新增", _NEW, "上年为零、今年有数时，不写百分比")
    gone: str = key("取消", _SLIGHT_DECREASE, "上年有数、今年为零时")
    nearly_gone: str = key(
        "接近取消",
        _SLIGHT_DECREASE,
        "减少到还剩一点、降幅四舍五入为100%时",
        "减少{差额}，下降接近100%",
    )


@dataclass(frozen=True, slots=True)
class SharePhrases(Record):
    """占比: the words of a share that is printed as nothing or as everything and is neither."""

    slight: str = key("略多于零", _SHARE, "有数、占比四舍五入为零时", "不足{最小占比}")
    nearly_all: str = key("略少于全部", _SHARE, "不是全部、占比四舍五入为100%时", "近100%")


@dataclass(frozen=True, slots=True)
class Frame(Record):
    """A sentence frame: for a change, for no change, and (when it differs) for zero in both years."""

    changed: str = key("变动", _CHANGED, "有变动时")
    unchanged: str = key("持平", _UNCHANGED, "没有变动时")
    both_zero: str = key("均为零", _UNCHANGED, "两年都是零时；不写就同持平", "")


@dataclass(frozen=True, slots=True)
class NumberStyle(Record):
    """数字: how numbers look in this place."""

    grouped: bool = key("正文千分位", YES_NO, "正文金额用不用千分位逗号", False)
    table_grouped: bool = key("表格千分位", YES_NO, "表格金额用不用千分位逗号", False)
    padded: bool = key("正文补零", YES_NO, "正文的金额、比例末尾的零印不印，如 334.90", False)


@dataclass(frozen=True, slots=True)
class Naming(Record):
    """称谓: what a department whose name has this ending calls its own level and its units."""

    ending: str = key("结尾", TEXT, "部门名称的结尾；不写的用于其他部门", "")
    own_level: str = key("本级", TEXT, "部门本级怎么说", "部门本级")
    subordinates: str = key("所属单位", TEXT, "所属单位怎么说", "所属预算单位")


@dataclass(frozen=True, slots=True)
class OfficeNaming(Record):
    """内设机构称谓: what offices are called together of which some have this ending."""

    ending: str = key("结尾", TEXT, "内设机构名称的结尾")
    together: str = key("称谓", TEXT, "合起来怎么说")


@dataclass(frozen=True, slots=True)
class Phrases(Record):
    """Everything phrases.yaml and constants.yaml say; frames and constants by name."""

    change: ChangePhrases = key("变动", RecordOf(ChangePhrases), "增减的说法")
    shares: SharePhrases = key("占比", RecordOf(SharePhrases), "占比的说法", SharePhrases())
    owed: str = key("待填", _OWED, "还没有填的地方怎么印", "【待填：{内容}】")
    numbers: NumberStyle = key("数字", RecordOf(NumberStyle), "数字的写法", NumberStyle())
    comparable: str = key("可比口径", _COMPARABLE, "科目改了编码的，增减前面加的话", "")
    namings: tuple[Naming, ...] = key("称谓", ListOf(Naming), "本级、所属单位怎么说", ())
    office_namings: tuple[OfficeNaming, ...] = key(
        "内设机构称谓", ListOf(OfficeNaming), "内设机构合起来怎么说", ()
    )
    frames: Mapping[str, Frame] = field(default_factory=dict)
    bases: Mapping[str, str] = field(default_factory=dict)  # 比较基数 -> the word printed
    constants: Mapping[str, str] = field(default_factory=dict)

    def naming_of(self, department: str) -> Naming:
        """The first that fits a department's name."""
        fitting = (naming for naming in self.namings if department.endswith(naming.ending))
        return next(fitting, Naming())

    def offices_together(self, offices: Sequence[str]) -> str:
        """科室 where there is a 科 and all others are 科 or 室, 处室 likewise; else 内设机构.

        The second name of an office, in brackets, does not count.
        """
        names = [_SECOND_NAME.sub("", office) for office in offices]
        for naming in self.office_namings:
            endings = (naming.ending, *naming.together)
            if any(name.endswith(naming.ending) for name in names) and all(
                name.endswith(endings) for name in names
            ):
                return naming.together
        return "内设机构"
