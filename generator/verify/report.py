"""A comparison in words for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator.verify import findings as rules
from generator.verify.findings import Comparison, Finding
from generator.verify.visible import has_invisible, shortened, visible

VERSION = 1
CURRENT = "现在的数据"
_MOST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Compared:
    """What was compared: the file, what it was compared with, and what could not be done."""

    file: str
    compared_with: str
    remarks: tuple[str, ...]


def report_text(comparison: Comparison, compared: Compared) -> str:
    """The report, one finding after the other under headings; ends with a newline."""
    return "\n".join(_lines(comparison, compared)) + "\n"


def report_json(comparison: Comparison, compared: Compared) -> str:
    """All findings, and every printed figure with what became of it."""
    value = {
        "version": VERSION,
        "file": compared.file,
        "compared_with": compared.compared_with,
        "compared_with_current_data": comparison.compared_with_current,
        "remarks": list(compared.remarks),
        "same": not comparison.differs,
        "anchors": {"found": comparison.anchors_found, "expected": comparison.anchors_expected},
        "findings": [_finding_json(finding) for finding in comparison.findings],
        "figures": [state.as_json() for state in comparison.states],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _finding_json(finding: Finding) -> dict[str, str]:
    fields = ("rule", "where", "figure", "before", "after", "note", "author", "date")
    values = {name: str(getattr(finding, name)) for name in fields}
    return {name: value for name, value in values.items() if value} | {"message": said(finding)}


def _lines(comparison: Comparison, compared: Compared) -> Iterator[str]:
    yield f"核对：{compared.file}"
    others = [CURRENT] if comparison.compared_with_current else []
    yield f"对照：{'；'.join(dict.fromkeys([compared.compared_with, *others]))}"
    yield from compared.remarks
    if weaker := strength(comparison):
        yield weaker
    counts = "，".join(
        f"{state} {comparison.count(state)}"
        for state in (rules.UNCHANGED, rules.CHANGED, rules.REMOVED, rules.MOVED)
    )
    yield f"印出的数 {len(comparison.states)} 处：{counts}。"
    if not comparison.differs:
        yield "没有不同。"
        return
    for title, wanted in _GROUPS:
        found = [finding for finding in comparison.findings if finding.rule in wanted]
        if not found:
            continue
        yield f"\n{title}（{len(found)} 处）"
        for number, finding in enumerate(found, 1):
            yield f"{number:>4}. {said(finding)}"
            if finding.where:
                yield f"      在：{finding.where}"


def strength(comparison: Comparison) -> str:
    """How surely figures were recognized, where it is not by all their anchors."""
    missing = comparison.anchors_expected - comparison.anchors_found
    if not missing:
        return ""
    weaker = "只按前后文字辨认：相同的数连着出现又有改动时，可能认错是哪一个"
    if not comparison.anchors_found:
        return f"注意：文件里没有内部标记（可能用别的软件另存过，或复制到了新文件）。{weaker}。"
    return f"注意：{comparison.anchors_expected} 个内部标记缺 {missing} 个；缺标记的数{weaker}。"


def said(finding: Finding) -> str:
    """A finding as people are told of it, without its place."""
    words = _PHRASES[finding.rule](finding)
    notes = [] if finding.rule == rules.TRACKED_CHANGE else [finding.note]
    notes += ["有看不见的字符"] if has_invisible(finding.before + finding.after) else []
    noted = "；".join(filter(None, notes))
    return visible(f"{words}（{noted}）" if noted else words)


def _outdated(finding: Finding) -> str:
    if not finding.before:
        return f"{finding.figure}：文件里是 {finding.after}"
    return f"{finding.figure}：文件里是 {finding.after}，现在是 {finding.before}"


def _reworded(finding: Finding) -> str:
    if not (finding.before + finding.after).strip("\n"):
        return "删除空段落" if finding.before else "增加空段落"
    if not finding.before:
        return f"增加文字：“{finding.after}”"
    if not finding.after:
        return f"删除文字：“{finding.before}”"
    return f"文字：“{finding.before}” → “{finding.after}”"


def _signed(finding: Finding) -> str:
    return " ".join(filter(None, [" " + (finding.author or "（未署名）"), finding.date]))


def _shortened(text: str) -> str:
    return shortened(text, _MOST_SHOWN)


# What is said of each kind of finding, in the groups of the report.
Phrase = Callable[[Finding], str]
_FIGURES: Mapping[str, Phrase] = {
    rules.FIGURE_CHANGED: lambda f: f"改动 {f.figure}：{f.before} → {f.after}",
    rules.FIGURE_REMOVED: lambda f: f"删除 {f.figure}：{f.before}",
    rules.FIGURE_MOVED: lambda f: f"移动 {f.figure}：{f.before}",
    rules.FIGURE_DUPLICATED: lambda f: f"重复 {f.figure}：多出一处 {f.after}",
    rules.NEW_NUMERAL: lambda f: f"新的数 {f'{f.before} → ' if f.before else ''}{f.after}",
    rules.TABLE_MEASURE_CHANGED: lambda f: (
        f"整张表的单位改了：{f.before} → {f.after or '（没有写）'}"
    ),
}
WORDS: Mapping[str, Phrase] = {
    rules.WORDING_CHANGED: _reworded,
    rules.PARAGRAPH_ADDED: lambda f: f"新增段落：{_shortened(f.after)}",
    rules.PARAGRAPH_REMOVED: lambda f: f"删除段落：{_shortened(f.before)}",
    rules.PARAGRAPH_MOVED: lambda f: f"移动段落：{_shortened(f.before)}",
    rules.PARAGRAPHS_REJOINED: lambda _: "分段变了",
    rules.ROW_ADDED: lambda f: f"新增行：{_shortened(f.after)}",
    rules.ROW_REMOVED: lambda f: f"删除行：{_shortened(f.before)}",
    rules.ROW_MOVED: lambda f: f"移动行：{_shortened(f.after)}",
    rules.TABLE_ADDED: lambda f: f"新增表：{_shortened(f.after)}",
    rules.TABLE_REMOVED: lambda _: "整个表没有了",
    rules.TABLE_MOVED: lambda _: "移动表",
    rules.TABLES_REJOINED: lambda _: "表拆开或合并了",
}
MARKS: Mapping[str, Phrase] = {
    rules.TRACKED_CHANGE: lambda f: (
        f"修订（{f.note}）{_signed(f)}：{_shortened(f.after) or '（无文字）'}"
    ),
    rules.COMMENT: lambda f: f"批注{_signed(f)}：{f.after}",
}
BESIDE: Mapping[str, Phrase] = {
    rules.HIDDEN_TEXT: lambda f: f"隐藏的文字：{_shortened(f.before)}",
    rules.FLOATING_TEXT: lambda f: f"文本框或脚注：{_shortened(f.after) or '（空）'}",
    rules.PICTURES: lambda _: "图片或对象",
    rules.EMBEDDED: lambda _: "嵌入的文件",
    rules.STRUCK: lambda f: f"有删除线的数：{_shortened(f.after)}",
    rules.AUTOMATIC_NUMBER: lambda f: f"Word 自动编号，印出的号不在文字里：{_shortened(f.after)}",
    rules.UNSEEN: lambda f: f"印出来看不见的字（和底色一样，或者太小）：{_shortened(f.after)}",
    rules.FURNITURE: lambda f: f"多了：{f.after}" if f.after else f"没有了：{f.before}",
}
_GROUPS: tuple[tuple[str, Mapping[str, Phrase]], ...] = (
    ("数", _FIGURES),
    ("文字、段落和表格", WORDS),
    ("修订和批注", MARKS),
    ("正文以外", BESIDE),
    ("与现在的数据不符", {rules.FIGURE_OUTDATED: _outdated}),
)
_PHRASES = {rule: phrase for _, phrases in _GROUPS for rule, phrase in phrases.items()}
