"""Figures to words: amounts, shares, comparisons and reasons, as typed segments.

No number is computed here: the figure book is asked for it. Filters are bound to one rendering.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from generator.document import FIGURE, LITERAL, OWED, WORD, YEAR, Segment
from generator.fields import OWED_TEXT, place_of
from generator.figures.book import FigureBook
from generator.figures.figure import (
    BOTH_ZERO,
    DECREASE,
    GONE,
    INCREASE,
    NEW,
    NO_BASE,
    UNCHANGED,
    Change,
    Figure,
    NegativeBase,
)
from generator.figures.last_year import family_name, qualified_name
from generator.model import Reason
from generator.money import round_decimal
from generator.narrative.phrases import SLOT, Phrases
from generator.narrative.vocabulary import USUAL_FRAME
from generator.numerals import chinese_numeral, prose_text, table_text
from generator.problems import OWED as OWED_SEVERITY
from generator.problems import Place, Problem
from generator.terms import BUDGET_BASES
from generator.units import records_folder

# A share of a part, as its template shows, and one of more than the whole, as it is printed.
SHARE_REVERSED, SHARE_OVER_WHOLE = "share-reversed", "share-over-whole"

# A hint that ends with a line to write into reasons.yaml: what stands before the line.
REASON_LINE = "写上这一行，把 待填 换成原因："

_WHOLE = 100  # per cent
# What a sentence says itself before and after a reason.
_INTRODUCTION = re.compile(
    r"(?:其?主要原因(?:是|为|[：:])|主要(?:是|为)(?!了)|原因(?:是|为|[：:])|是(?=由于|因))[：:]?\s*"
)
_END = "。；;，,、！!？? \u3000"


class Span(tuple[Segment, ...]):
    """Printable text of typed segments; what every filter returns and the renderer prints."""

    __slots__ = ()


def span(text: str, kind: str = LITERAL, figure: str | None = None) -> Span:
    return Span((Segment(text, kind, figure),))


class Doubtful(Span):
    """What is printed and doubted, wherever a template prints it."""

    rule: str
    message: str
    hint: str

    @classmethod
    def of(cls, printed: Iterable[Segment], rule: str, message: str, hint: str) -> Doubtful:
        doubtful = cls(printed)
        doubtful.rule, doubtful.message, doubtful.hint = rule, message, hint
        return doubtful


class EditorMistake(Exception):
    """A template asks for something that cannot be said; reported at the template's line, or at
    the data line `place` that makes it so.
    """

    def __init__(self, message: str, hint: str, rule: str, place: Place | None = None) -> None:
        super().__init__(message)
        self.message, self.hint, self.rule, self.place = message, hint, rule, place


class Phrasing:
    """The filters of one rendering. `owed` collects what a person must still write, `explained`
    the figures with the reasons that are printed for them, `doubts` what a template cannot say.
    """

    def __init__(self, book: FigureBook, phrases: Phrases) -> None:
        self.book = book
        self.phrases = phrases
        self.year = book.department.year
        self.owed: list[Problem] = []
        self.explained: list[tuple[Figure, Reason]] = []
        self.doubts: list[Problem] = []
        self._reasons = ReasonFinder(book.budget.reasons, book)
        smallest = f"{Decimal(1).scaleb(-book.rate_decimals)}%"
        basis = book.department.comparison_basis
        base = phrases.bases[basis]
        whole_base = (Segment(base.removesuffix("数") + "数", WORD),)
        self._slots: Mapping[str, Iterable[Segment]] = {
            "年": (Segment(str(self.year), YEAR),),
            "上年": (Segment(str(self.year - 1), YEAR),),
            "基数": (Segment(base, WORD),),
            "基数全称": whole_base,
            "其他基数": () if basis in BUDGET_BASES else whole_base,
            "最小增幅": (Segment(smallest, WORD),),
            "最小占比": (Segment(smallest, WORD),),
        }

    def filters(self) -> Mapping[str, Callable[..., object]]:
        return {
            "金额": self.amount,
            "万元": self.amount_in_wan,
            "数量": self.amount,
            "占比": self.share,
            "增减": self.change,
            "原因": self.reason,
            "说明": self.remark,
            "列举": self.enumeration,
            "中文序号": chinese_numeral,
        }

    def amount(self, figure: Figure) -> Span:
        """The number with its measure: 832.3万元, 2辆."""
        if figure.owed:
            return self._owed_figure(figure)
        number = self._digits(figure.printed, figure.measure)
        return span(f"{number}{figure.measure}", FIGURE, figure.name)

    def amount_in_wan(self, figure: Figure) -> Span:
        if figure.measure != "万元":
            message = f"“{figure.name}”的单位是{figure.measure}，不是万元"
            raise EditorMistake(message, "改用 | 金额", "wrong-measure")
        return self.amount(figure)

    def share(self, part: Figure, whole: Figure) -> Span:
        """74.6%; a share of nothing cannot be printed."""
        share = self.book.share(part, whole)
        if share is None:
            hint = f"放进 {{% if {whole.name} %}} … {{% endif %}} 里"
            raise EditorMistake(f"“{whole.name}”是零，算不出占比", hint, "share-of-zero")
        if share.owed:
            return self._owed_figure(part, "占比")
        rest = (whole.exact or 0) - (part.exact or 0)
        if not share.printed and part.exact and part.exact > 0:
            return Span(_fill(self.phrases.shares.slight, self._slots, WORD, share.name))
        if share.printed == _WHOLE and rest > 0:
            return Span(_fill(self.phrases.shares.nearly_all, self._slots, WORD, share.name))
        printed = self._magnitude(share)
        if (share.printed or 0) <= _WHOLE:
            return printed
        message = f"这里印的占比是 {printed[0].text}，超过了100%"
        hint = "占比(…) 的括号里写总数的名字，例如 {{ 三公经费 | 占比(支出合计) }}"
        return Doubtful.of(printed, SHARE_OVER_WHOLE, message, hint)

    def change(self, figure: Figure, frame: str = USUAL_FRAME, 主语: str = "") -> Span:
        """The whole comparison with last year, in the words of a frame of phrases.yaml.

        A recoded base is said to be one (可比口径).
        """
        sentence = self.phrases.frames[frame]
        if figure.owed:
            return self._owed_figure(figure, "增减")
        change = self._checked_change(figure)
        if change.kind == NO_BASE:
            # The sentence breaks off here: its template does not ask whether there is a base.
            message = f"“{figure.name}”上年没有公布的数，这里的增减什么也没有印"
            hint = f"放进 {{% if {figure.name} is not 无基数 %}} … {{% endif %}} 里"
            return Doubtful.of(span("", WORD, figure.name), "no-base", message, hint)
        slots = {**self._slots, "主语": _maybe(主语)}
        said: tuple[Segment, ...] = ()
        if self.phrases.comparable and self.book.last_year.is_recoded(figure):
            said = (Segment(self.phrases.comparable, WORD, figure.name),)
        if change.kind in (UNCHANGED, BOTH_ZERO):
            unchanged = (change.kind == BOTH_ZERO and sentence.both_zero) or sentence.unchanged
            return Span((*said, *_fill(unchanged, slots, WORD, figure.name)))
        slots["变动"] = self._change_words(change)
        return Span((*said, *_fill(sentence.changed, slots, LITERAL, None)))

    def reason(
        self, figure: Figure, before: str = "主要原因：", after: str = "", *, section: str = ""
    ) -> Span:
        """Why the figure changed; nothing if it did not; 【待填】 if nobody has said it yet."""
        if figure.owed:
            return Span()
        change = self._checked_change(figure)
        if change.kind not in (INCREASE, DECREASE, NEW, GONE):
            return Span()
        lines = self._reasons.lines(figure, section)
        found = next((line for line in lines if line.reason), None)
        if found is None or found.reason == OWED_TEXT:
            line = found or next(iter(lines), None)
            place = line.place if line else self._reasons.next_place
            hint = f"{REASON_LINE}{_line_for(figure)}"
            if line:
                hint = "把这一行的 待填 换成原因" if found else "在这一行的“原因”后面写上"
            words = f"{self.book.label(figure)}{change.kind}的原因"
            by_how_much = "".join(segment.text for segment in self._change_words(change))
            message = f"还没有写{words}（{by_how_much}）"
            self.owed.append(Problem("missing-reason", message, place, hint, OWED_SEVERITY))
            return Span((*_maybe(before), self._owed_segment(words), *_maybe(after)))
        self.explained.append((figure, found))
        return _explanation(found.reason, before, after)

    def remark(self, figure: Figure, before: str = "", after: str = "") -> Span:
        """A remark on a figure that did not change, if somebody wrote one."""
        if figure.owed or self._checked_change(figure).kind not in (UNCHANGED, BOTH_ZERO):
            return Span()
        found = self._reasons.remark_of(figure)
        if found is None:
            return Span()
        return _explanation(found.remark, before, after)

    def enumeration(
        self, items: Iterable[Mapping[str, object]], attribute: str = "名称", joint: str = "、"
    ) -> Span:
        """One attribute of every item, joined: 基本工资、津贴补贴、奖金; amounts as | 金额."""
        segments: list[Segment] = []
        for position, item in enumerate(items):
            value = item[attribute]
            segments += _maybe(joint) if position else ()
            segments += self.amount(value) if isinstance(value, Figure) else [Segment(str(value))]
        return Span(segments)

    def text(self, text: str) -> Span:
        """Text from the data; 待填 is printed as owed (its place is reported by the loader)."""
        if text == OWED_TEXT:
            return Span((self._owed_segment("文字"),))
        return Span((Segment(text, place=place_of(text)),))

    def tests(self) -> Mapping[str, Callable[[Figure], bool]]:
        return {
            "增加": lambda figure: self._is(figure, INCREASE, NEW),
            "减少": lambda figure: self._is(figure, DECREASE, GONE),
            "持平": lambda figure: self._is(figure, UNCHANGED, BOTH_ZERO),
            "新增": lambda figure: self._is(figure, NEW),
            "取消": lambda figure: self._is(figure, GONE),
            "均为零": lambda figure: self._is(figure, BOTH_ZERO),
            "无基数": lambda figure: self._is(figure, NO_BASE),
            "多个": lambda figure: (figure.printed or 0) > 1,
            "有说明": lambda figure: bool(self.remark(figure)),
        }

    def _is(self, figure: Figure, *kinds: str) -> bool:
        return self._checked_change(figure).kind in kinds

    def _checked_change(self, figure: Figure) -> Change:
        try:
            return self.book.change(figure)
        except NegativeBase:
            fact = self.book.prior_fact(figure)
            place = fact.place if fact else None
            message = f"“{self.book.label(figure)}”上年公布的是负数，不能自动写增减"
            hint = "核对上年公布的数；确是负数的，模板里这一句由人来写，不用 | 增减"
            raise EditorMistake(message, hint, "negative-base", place) from None

    def _change_words(self, change: Change) -> tuple[Segment, ...]:
        assert change.difference is not None
        phrases = self.phrases.change
        slight = change.rate is not None and change.rate.printed == 0
        nearly_gone = change.rate is not None and abs(change.rate.printed or 0) == _WHOLE
        decrease = phrases.nearly_gone if nearly_gone else phrases.decrease
        phrase = {
            INCREASE: phrases.slight_increase if slight else phrases.increase,
            DECREASE: phrases.slight_decrease if slight else decrease,
            NEW: phrases.new,
            GONE: phrases.gone,
        }[change.kind]
        slots = {
            **self._slots,
            "差额": self._magnitude(change.difference),
            "增幅": self._magnitude(change.rate) if change.rate is not None else (),
        }
        return _fill(phrase, slots, WORD, change.figure.name)

    def _magnitude(self, figure: Figure) -> Span:
        """A difference, a rate or a share without its sign."""
        assert figure.printed is not None
        number = self._digits(abs(figure.printed), figure.measure)
        return span(f"{number}{figure.measure}", FIGURE, figure.name)

    def _digits(self, printed: Decimal | None, measure: str) -> str:
        """A number as this place writes it in sentences."""
        numbers = self.phrases.numbers
        if not numbers.padded:
            return prose_text(printed, numbers.grouped)
        value = Decimal(0) if printed is None else printed
        published = self.book.published_measure
        if measure == published.name:
            value = round_decimal(value, published.decimals)
        return table_text(value, numbers.grouped)

    def _owed_figure(self, figure: Figure, suffix: str = "") -> Span:
        return Span((self._owed_segment(self.book.label(figure) + suffix, figure.name),))

    def _owed_segment(self, words: str, figure: str | None = None) -> Segment:
        return Segment(self.phrases.owed.replace("{内容}", words), OWED, figure)


class ReasonFinder:
    """The reason of a figure: its own, else its section's, else the whole document's."""

    def __init__(self, reasons: tuple[Reason, ...], book: FigureBook) -> None:
        last = max((reason.place.line for reason in reasons), default=0)
        # The line after the last reason: where a missing one would be written.
        self.next_place = Place(f"{records_folder(book.budget)}/reasons.yaml", last + 1, 1)
        self._by_figure = {qualified_name(r.figure, r.function): r for r in reasons if r.figure}
        self._by_section = {r.section: r for r in reasons if not r.figure}  # "": the document's

    def lines(self, figure: Figure, section: str) -> tuple[Reason, ...]:
        """The lines that may give the reason, the most specific first; it may be empty there."""
        own = self._by_figure.get(figure.name)
        sections = self._by_section.get(section), self._by_section.get("")
        return tuple(filter(None, (own, *sections)))

    def remark_of(self, figure: Figure) -> Reason | None:
        found = self._by_figure.get(figure.name)
        return found if found is not None and found.remark else None


def _line_for(figure: Figure) -> str:
    """The line of reasons.yaml to write for a figure, the reason itself still owed."""
    for dimension, values in getattr(figure.expression, "filters", ()):
        if dimension == "功能科目" and len(values) == 1:
            family = family_name(figure, "功能科目")
            return f'- {{指标: {family}, 功能科目: "{values[0]}", 原因: {OWED_TEXT}}}'
    return f"- {{指标: {figure.name}, 原因: {OWED_TEXT}}}"


def _fill(
    phrase: str, slots: Mapping[str, Iterable[Segment]], kind: str, figure: str | None
) -> tuple[Segment, ...]:
    """A phrase with its slots filled; its own words are of `kind` (the program chose them: WORD).

    An empty slot leaves the words around it one segment.
    """
    segments: list[Segment] = []
    written = SLOT.sub(lambda slot: slot[0] if slots[slot[1]] else "", phrase)
    for position, part in enumerate(SLOT.split(written)):
        if position % 2:
            segments += slots[part]
        elif part:
            segments.append(Segment(part, kind, figure if kind == WORD else None))
    return tuple(segments)


def _explanation(text: str, before: str, after: str) -> Span:
    """A reason without the words that introduce it and without its full stop, but never empty."""
    introduced = _INTRODUCTION.match(text)
    bare = text[introduced.end() if introduced else 0 :].rstrip(_END) or text
    return Span((*_maybe(before), Segment(bare, place=place_of(text)), *_maybe(after)))


def _maybe(text: str) -> tuple[Segment, ...]:
    return (Segment(text),) if text else ()
