"""A reconciliation in words for people, and as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from generator.document import FIGURE, OWED, WORD, YEAR
from generator.reconcile.edited import FigureEdit
from generator.reconcile.files import Change, SourceFile, SourceFiles, by_path
from generator.reconcile.reconciliation import Reconciliation
from generator.reconcile.structure import Conflict
from generator.reconcile.trial import Verdict
from generator.verify.alignment import common_ends
from generator.verify.findings import Finding
from generator.verify.report import Compared, said, strength

VERSION = 1
_KINDS = {FIGURE: "数", WORD: "程序选的词", YEAR: "年份", OWED: "补上的空"}
_HINTS = {
    FIGURE: "没有写；要改就改明细",
    WORD: "没有写；它跟着数走，数对了它就对",
    YEAR: "没有写；它跟着 department.yaml 的年度走",
    OWED: "没有写；补在这里",
}
_BY_EXPRESSION = "没有写；由模板的这个写法印出，改它或改 phrases.yaml 的句式"


class Hunk(NamedTuple):
    """Neighbouring lines of a file and what they read then; `line` is the first one's number."""

    path: str
    line: int
    before: tuple[str, ...]
    after: tuple[str, ...]


def hunks_of(files: SourceFiles, changes: Sequence[Change]) -> list[Hunk]:
    """The changed lines, in the order of files and lines."""
    hunks: list[Hunk] = []
    for path, own in sorted(by_path(changes).items()):
        source = files[path]
        group: list[Change] = []
        for change in sorted(own):
            if group and source.line_of(change.start) > source.line_of(group[-1].end):
                hunks.append(_hunk(source, group))
                group = []
            group.append(change)
        hunks.append(_hunk(source, group))
    return hunks


def _hunk(source: SourceFile, changes: list[Change]) -> Hunk:
    first = source.line_of(changes[0].start)
    start = source.offset_of(first)
    end = source.text.find("\n", max(change.end for change in changes))
    end = len(source.text) if end < 0 else end
    before = after = source.text[start:end]
    for change in reversed(changes):
        after = after[: change.start - start] + change.new + after[change.end - start :]
    old, new = before.split("\n"), after.split("\n")
    tail, head = common_ends(old[::-1], new[::-1])
    old, new = old[head : len(old) - tail], new[head : len(new) - tail]
    return Hunk(source.path, first + head, tuple(old), tuple(new))


def report_text(found: Reconciliation, files: SourceFiles, about: Compared) -> str:
    """The report under headings; ends with a newline."""
    return "\n".join(_lines(found, files, about)) + "\n"


def _lines(found: Reconciliation, files: SourceFiles, about: Compared) -> Iterator[str]:
    yield f"收回改动：{about.file}"
    yield f"对照：{about.compared_with}"
    yield from about.remarks
    if weaker := strength(found.comparison):
        yield weaker
    if found.nothing:
        yield "没有要收回的改动。"
        return
    accepted = [verdict for verdict in found.verdicts if verdict.accepted]
    refused = [verdict for verdict in found.verdicts if not verdict.accepted]
    sections = (
        ("可以收回的改动", "，都重新生成核对过", [_verdict(found, files, v) for v in accepted]),
        ("收不回来的改动", "", [_verdict(found, files, v) for v in refused]),
        ("要由人来定的改动", "", [_conflict(conflict) for conflict in found.conflicts]),
        ("改了程序算出的内容", "，都没有写", [_figure(figure) for figure in found.figures]),
        ("另外", "", [_told(finding) for finding in found.told]),
    )
    for title, note, entries in sections:
        if entries:
            yield f"\n{title}（{len(entries)} 处{note}）"
        for number, entry in enumerate(entries, 1):
            first, *others = entry
            yield f"{number:>4}. {first}"
            yield from (f"      {line}" for line in others)


def _verdict(found: Reconciliation, files: SourceFiles, verdict: Verdict) -> Iterator[str]:
    for hunk in hunks_of(files, verdict.changes):
        whose = "模板" if files.is_template(hunk.path) else "数据"
        yield f"{hunk.path}:{hunk.line}（{whose}）"
        yield from (f"- {line}" for line in hunk.before if line.strip())
        yield from (f"+ {line}" for line in hunk.after if line.strip())
        if len(hunk.before) == len(hunk.after):
            yield "改的字：“{}” → “{}”".format(*_differing(*hunk[2:]))
    if verdict.proposal.note:
        yield verdict.proposal.note
    yield f"印在：{'、'.join(_places(found, verdict))}"
    if verdict.reason:
        yield f"原因：{verdict.reason}"
    yield from (f"一起改的：{other.where}" for other in verdict.also if verdict.accepted)


def _differing(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, str]:
    """What lies between the first and the last difference of some lines."""
    old, new = "\n".join(before), "\n".join(after)
    head, tail = common_ends(old, new)
    return old[head : len(old) - tail], new[head : len(new) - tail]


def _conflict(conflict: Conflict) -> Iterator[str]:
    yield conflict.reason
    yield f"在：{conflict.where}" + (f"（{conflict.place}）" if conflict.place else "")
    yield from (f"- {line}" for line in conflict.before.splitlines())
    yield from (f"+ {line}" for line in conflict.after.splitlines())


def _told(finding: Finding) -> Iterator[str]:
    yield said(finding)
    if finding.where:
        yield f"在：{finding.where}"


def _places(found: Reconciliation, verdict: Verdict) -> tuple[str, ...]:
    last = len(found.printed) - 1
    numbers = (min(edit.number, last) for edit in verdict.proposal.edits)
    return tuple(dict.fromkeys(found.printed[number].where for number in numbers))


def _figure(figure: FigureEdit) -> Iterator[str]:
    name = " ".join(filter(None, [_KINDS.get(figure.kind, "文字"), figure.name]))
    yield f"{name}：{figure.before or '（空）'} → {figure.after or '（空）'}"
    yield f"在：{figure.where}"
    lines = f"：{'、'.join(figure.lines)}" if figure.lines else ""
    yield f"{_HINTS.get(figure.kind, _BY_EXPRESSION)}{lines}"


def report_json(found: Reconciliation, files: SourceFiles, about: Compared) -> str:
    """Everything the text says, for programs."""
    value = {
        "version": VERSION,
        "usable": True,
        "file": about.file,
        "compared_with": about.compared_with,
        "remarks": list(about.remarks),
        "anchors": {
            "found": found.comparison.anchors_found,
            "expected": found.comparison.anchors_expected,
        },
        "patches": [
            {
                "accepted": verdict.accepted,
                "reason": verdict.reason,
                "note": verdict.proposal.note,
                "where": list(_places(found, verdict)),
                "also": [other._asdict() for other in verdict.also],
                "hunks": [
                    {
                        "file": hunk.path,
                        "line": hunk.line,
                        "template": files.is_template(hunk.path),
                        "before": list(hunk.before),
                        "after": list(hunk.after),
                    }
                    for hunk in hunks_of(files, verdict.changes)
                ],
            }
            for verdict in found.verdicts
        ],
        "figures": [figure._asdict() for figure in found.figures],
        "conflicts": [conflict._asdict() for conflict in found.conflicts],
        "findings": [
            {
                "rule": finding.rule,
                "where": finding.where,
                "author": finding.author,
                "date": finding.date,
                "message": said(finding),
            }
            for finding in found.told
        ],
    }
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"
