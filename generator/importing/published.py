"""Last year's annexed tables to `published/facts.yaml`: figures as printed, never re-added.

Tables are recognised by their titles, figures by the names of their rows and columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from generator.importing.amounts import DASHES, declared_measure, header_key, plain_number
from generator.importing.doubts import hidden_parts, wrong_year
from generator.importing.headers import HEADER_ROWS, HEADER_WITHIN, header_paths
from generator.importing.mapping import FactRule, ImportMapping, PublishedRule
from generator.importing.merge import merge
from generator.importing.plan import LeftOut, Plan, Progress, wanted_sheets
from generator.importing.records import Imported
from generator.importing.resolve import name_key, split_code
from generator.importing.rows import SheetRows
from generator.importing.sheets import Sheet
from generator.importing.staging import load_context, problems_of_published
from generator.importing.targets import FACTS
from generator.importing.yaml_lines import scalar
from generator.load.reader import Unreadable
from generator.model import PublishedFact
from generator.money import printed_step, rounding_slack
from generator.problems import ERROR, WARNING, Place, Problem, ProblemsFound

_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)
_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十]+[)）]?[、.．]?|[0-9]+[、.．])")
_DEPARTMENT = re.compile(r"部门(?:[（(]?单位[)）]?)?(?:名称)?[:：]\s*(.+)")
_CONTENTS = "目录"
_LEAST_DECIMALS = {"万元": 1, "元": 2}


def plan_published(
    paths: Iterable[Path],
    data: Path,
    year: int,
    mapping: ImportMapping,
    *,
    only: tuple[str, ...] = (),
    keep_missing: bool = False,
    progress: Progress = lambda _: None,
) -> Plan:
    """What the annexed tables say, as `data/<year>/published/facts.yaml` would become."""
    reader = _Reader(mapping, year)
    for sheet in wanted_sheets(paths, only, reader.problems, reader.accounts, progress):
        reader.read(sheet)
    facts = reader.distinct_facts()
    if not facts:
        hint = "工作表名或标题要像“一、部门收支预算表”，或在列名对照文件的“公布表”里加上"
        problem = Problem("nothing-to-import", "没有认出公布的附表", Place(str(year)), hint)
        wrong = any(known.severity == ERROR for known in reader.problems)
        raise ProblemsFound(reader.problems if wrong else [*reader.problems, problem])
    records = _records(facts, reader.measure)
    path = data / str(year) / FACTS
    try:
        merged = merge(
            FACTS,
            f"{year}/{FACTS}",
            path.read_bytes() if path.is_file() else None,
            records,
            header=_header(year, reader, data),
            canonical=dict,
            keep_missing=keep_missing,
        )
    except Unreadable as error:
        raise ProblemsFound([*reader.problems, *error.problems]) from None
    problems = (*reader.problems, *problems_of_published(merged, f"{year}/{FACTS}"))
    return Plan((merged,), tuple(reader.accounts), {FACTS: records}, problems)


class _Reader:
    def __init__(self, mapping: ImportMapping, year: int) -> None:
        self.mapping = mapping
        self.year = year
        self.problems: list[Problem] = []
        self.accounts: list[SheetRows | LeftOut] = []
        self.facts: list[PublishedFact] = []
        self.department = ""
        self.measure = ""
        self.complete: list[str] = []

    def read(self, sheet: Sheet) -> None:
        rule = self._rule_of(sheet)
        if rule is None:
            if any(map(any, sheet.rows)):
                self.accounts.append(LeftOut(sheet.title, "没有要取的指标"))
            return
        if not any(_is_number(text) for cells in sheet.rows for text in cells):
            self.accounts.append(LeftOut(sheet.title, "表是空的"))
            return
        self._captions(sheet)
        self.problems += (*wrong_year(sheet, self.year), *hidden_parts(sheet))
        before = len(self.facts)
        for fact_rule in rule.facts:
            taken = self.facts[before:]
            if fact_rule.beside and all(fact.figure != fact_rule.beside for fact in taken):
                continue
            places = {fact.place for fact in taken}
            found = [f for f in self._facts(sheet, fact_rule) if f.place not in places]
            self.facts += found
            if not found and not fact_rule.may_be_blank:
                message = f"没有找到“{fact_rule.figure}”的行或列"
                hint = "没有这个数可以不管；有的话，在列名对照文件的“公布表”里加上它的行名或列名"
                place = Place(sheet.title)
                self.problems.append(Problem("missing-figure", message, place, hint, WARNING))
        note = f"取了 {len(self.facts) - before} 个数"
        self.accounts.append(LeftOut(sheet.title, note))

    def _rule_of(self, sheet: Sheet) -> PublishedRule | None:
        """The rule with the longest title that the sheet's name or title contains."""
        names = [sheet.name, *(next(filter(None, row), "") for row in sheet.rows[:3])]
        if _CONTENTS in names:
            return None  # it names every table
        title = " ".join(map(name_key, names))
        matching = [
            (len(name_key(name)), position, rule)
            for position, rule in enumerate(self.mapping.published)
            for name in rule.titles
            if name_key(name) in title
        ]
        return max(matching, key=lambda match: match[:2])[2] if matching else None

    def _captions(self, sheet: Sheet) -> None:
        for row, cells in enumerate(sheet.rows[:HEADER_WITHIN]):
            for column, text in enumerate(cells):
                measure = declared_measure(text)
                if measure and self.measure and measure != self.measure:
                    message = f"这张表的单位是{measure}，前面的表是{self.measure}"
                    cell = row, column
                    self.problems.append(sheet.problem("mixed-measures", message, cell, "分开导入"))
                self.measure = self.measure or measure or ""
                department = _DEPARTMENT.fullmatch(text)
                if department and not self.department:
                    self.department = split_code(department[1])[1] or department[1]

    def _facts(self, sheet: Sheet, rule: FactRule) -> Iterator[PublishedFact]:
        if not rule.columns:
            yield from self._beside_label(sheet, rule)
            return
        found = _find_column(sheet, rule)
        if found is None:
            return
        column, bottom = found
        if rule.by_function:
            yield from self._by_function(sheet, rule, column, bottom)
            return
        for row in range(bottom + 1, len(sheet.rows)):
            fits = any(_label(text) in rule.rows for text in sheet.rows[row])
            if fits if rule.rows else any(map(_is_number, sheet.rows[row])):
                yield self._fact(rule, sheet, row, column)
                return

    def _fact(self, rule: FactRule, sheet: Sheet, row: int, column: int) -> PublishedFact:
        amount = self._number(sheet, row, column)
        return PublishedFact(rule.figure, amount, place=sheet.place(row, column))

    def _beside_label(self, sheet: Sheet, rule: FactRule) -> Iterator[PublishedFact]:
        """The number to the right of the row's name; a name there has a number of its own."""
        for row, cells in enumerate(sheet.rows):
            for column, text in enumerate(cells):
                if text and _label(text) in rule.rows:
                    right = next((n for n, cell in enumerate(cells) if n > column and cell), column)
                    if _is_number(cells[right]):
                        yield self._fact(rule, sheet, row, right)
                        return

    def _by_function(
        self, sheet: Sheet, rule: FactRule, column: int, bottom: int
    ) -> Iterator[PublishedFact]:
        amounts: dict[str, PublishedFact] = {}
        printed: list[Decimal] = []  # an item has a row for each unit
        total: PublishedFact | None = None
        for row in range(bottom + 1, len(sheet.rows)):
            if not sheet.text(row, column):
                continue
            before = sheet.rows[row][:column]
            code = _function_code(before)
            if code and (amount := self._number(sheet, row, column)) is not None:
                sofar = amounts.get(code)
                added = amount + (sofar.amount or 0) if sofar else amount
                place = sheet.place(row, column)
                amounts[code] = PublishedFact(rule.figure, added, code, place=place)
                printed.append(amount)
            elif any(name_key(cell) in self.mapping.grand_words for cell in before):
                total = total or self._fact(rule, sheet, row, column)
        if total:
            yield total
            self._complete(rule.figure, total, printed)
        yield from amounts.values()

    def _complete(self, figure: str, total: PublishedFact, printed: list[Decimal]) -> None:
        """The rows of the items make up the total, as far as their rounding allows."""
        if total.amount is None or not printed:
            return
        added = sum(printed, Decimal(0))
        difference = abs(added - total.amount)
        step = min(map(printed_step, (total.amount, *printed)))
        if difference < rounding_slack(len(printed), step):
            self.complete.append(figure)
            return
        more = "多" if total.amount > added else "少"
        message = (
            f"合计是 {total.amount}，各功能科目相加是 {added}，"
            f"合计{more} {difference}，四舍五入差不到这么多"
        )
        self.problems.append(Problem("wrong-total", message, total.place, "核对这张表"))

    def _number(self, sheet: Sheet, row: int, column: int) -> Decimal | None:
        text = sheet.text(row, column)
        plain = plain_number(text)
        if not plain or set(plain) <= DASHES:
            return None
        if not _NUMBER.fullmatch(plain):
            message, hint = f"“{text}”不是数", "核对这一格"
            self.problems.append(sheet.problem("bad-amount", message, (row, column), hint))
            return None
        return Decimal(plain)

    def distinct_facts(self) -> list[PublishedFact]:
        """Each figure once; the same figure printed differently in two tables is a mistake."""
        known: dict[tuple[str, str], PublishedFact] = {}
        for fact in self.facts:
            first = known.setdefault((fact.figure, fact.function), fact)
            if first.amount != fact.amount:
                message = f"{fact.figure}这里是 {fact.amount}，{first.place} 是 {first.amount}"
                self.problems.append(Problem("two-values", message, fact.place, "核对两张表"))
        return list(known.values())


def _find_column(sheet: Sheet, rule: FactRule) -> tuple[int, int] | None:
    """The column of the best header, and the row the header ends at."""
    wanted = [tuple(map(header_key, name.split("/"))) for name in rule.columns]
    best: tuple[int, int, int, int] | None = None
    for top in range(min(HEADER_WITHIN, len(sheet.rows))):
        if any(map(_is_number, sheet.rows[top])):
            break
        for bottom in range(top, min(top + HEADER_ROWS, len(sheet.rows))):
            if any(map(_is_number, sheet.rows[bottom])):
                break
            for column, path in enumerate(header_paths(sheet, top, bottom)):
                keys = tuple(map(header_key, path))
                for preference, alias in enumerate(wanted):
                    if keys[-len(alias) :] == alias:
                        offer = (preference, -bottom, column, bottom)
                        best = min(best or offer, offer)
    return (best[2], best[3]) if best else None


def _function_code(cells: list[str]) -> str:
    """A 项 code in one cell, or in three cells 类, 款, 项."""
    for index, text in enumerate(cells):
        code, _ = split_code(text)
        if len(code) == 7:
            return code
        parts = cells[index : index + 3]
        if len(text) == 3 and len(parts) == 3 and all(part.isdigit() for part in parts):
            joined = text + "".join(part.zfill(2) for part in parts[1:])
            if len(joined) == 7:
                return joined
    return ""


def _records(facts: list[PublishedFact], measure: str) -> list[Imported]:
    shown = [len(str(fact.amount).partition(".")[2]) for fact in facts]
    decimals = max([_LEAST_DECIMALS.get(measure, 1), *shown])
    records = []
    for fact in facts:
        values = {"指标": fact.figure}
        if fact.function:
            values["功能科目"] = fact.function
        if fact.amount is not None:
            values["数值"] = f"{fact.amount:.{decimals}f}"
        records.append(Imported(values, fact.place))
    return records


def _header(year: int, reader: _Reader, data: Path) -> str:
    """The head of a new facts.yaml; ProblemsFound if the tables do not say whose and in what."""
    department = reader.department
    if not department:
        for candidate in (year, year + 1):
            if (data / str(candidate) / "department.yaml").is_file():
                department = load_context(data, candidate).budget.department.name
                break
        else:
            hint = f"在表上写“部门名称：…”，或先建好 {year + 1}/department.yaml"
            raise ProblemsFound(
                [Problem("no-department", "附表没有写部门名称", Place(str(year)), hint)]
            )
    if reader.measure not in _LEAST_DECIMALS:
        hint = "在表上写“单位：万元”"
        raise ProblemsFound([Problem("no-measure", "附表没有注明金额单位", Place(str(year)), hint)])
    lines = [
        f"# {year}年公布的数，由公布的附表导入，照印出的数，不重新加总。",
        f"年度: {year}",
        f"部门名称: {scalar('部门名称', department)}",
        f"公布单位: {reader.measure}",
    ]
    if reader.complete:
        lines.append(f"完整: [{', '.join(dict.fromkeys(reader.complete))}]")
    return "\n".join([*lines, "数据:"])


def _label(text: str) -> str:
    return _NUMBERING.sub("", name_key(text), count=1).rstrip(":")


def _is_number(text: str) -> bool:
    plain = plain_number(text)
    return len(plain) < 18 and _NUMBER.fullmatch(plain) is not None
