"""The ledger as one HTML page that a supervisor can print and sign; no scripts, no network."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from generator.build import Built
from generator.checks.rule import Entry
from generator.problems import Problem

_STYLE = """
body{font-family:"Noto Serif CJK SC","SimSun",serif;max-width:60em;margin:2em auto;color:#111}
table{border-collapse:collapse;width:100%}th,td{border:1px solid #555;padding:.3em .5em;text-align:left;
vertical-align:top}th{background:#eee}caption{text-align:left;font-weight:bold;margin:1em 0 .3em}
.sign td{height:3em}@media print{body{margin:0}tr{break-inside:avoid}}
"""


def ledger_page(built: Built) -> str:
    """A complete HTML document: rules, findings, duties, acknowledgements, lines to sign."""
    department = built.book.department
    waived = (p for entry in built.ledger.entries for p in entry.acknowledged)
    answers = ((built.ledger.answered[p.fingerprint], p) for p in waived)
    parts = [
        f"<h1>{escape(built.document.title)}检查台账</h1>",
        f"<p>数据年度 {department.year}；未运行的规则不算通过。</p>",
        _table(
            "检查规则",
            ("规则", "依据", "结果", "发现"),
            (_entry_row(e) for e in built.ledger.entries),
        ),
        _table(
            "应当公开的内容",
            ("编号", "内容", "结果", "依据"),
            (
                (s.duty.id, s.duty.name, s.state, s.basis or s.duty.basis)
                for s in built.ledger.duties
            ),
        ),
        _table(
            "已确认的发现",
            ("确认人", "发现", "原因"),
            ((answer.person, _finding(p), answer.reason) for answer, p in answers),
        ),
        _table("还欠的内容", ("位置", "内容"), ((str(p.place), p.message) for p in built.owed)),
        '<table class="sign"><caption>签字</caption><tr><th scope="col">经办人</th>'
        '<th scope="col">复核人</th><th scope="col">负责人</th><th scope="col">日期</th></tr>'
        "<tr><td></td><td></td><td></td><td></td></tr></table>",
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        f"<title>{escape(built.document.title)}检查台账</title><style>{_STYLE}</style></head>"
        f"<body>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def _entry_row(entry: Entry) -> tuple[str, ...]:
    state = f"{entry.state}：{entry.not_run}" if entry.not_run else entry.state
    return (
        f"{entry.title}（{entry.id}）",
        entry.basis,
        state,
        "\n".join(map(_finding, entry.findings)),
    )


def _finding(problem: Problem) -> str:
    return f"{problem.severity}：{problem.message}（{problem.place}）"


def _table(caption: str, header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in header)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{_cell(text)}</td>" for text in row) + "</tr>" for row in rows
    )
    body = body or f'<tr><td colspan="{len(header)}">无</td></tr>'
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>"


def _cell(text: str) -> str:
    return escape(text).replace("\n", "<br>")
