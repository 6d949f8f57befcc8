"""Detail rows to records of the data files: keys, project references, duplicates, prices.

A record's values are the texts its line will hold; its place is the cell row it comes from.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from generator.catalogue import Catalogue
from generator.fields import Unacceptable
from generator.importing.amounts import (
    FEN_PER_CELL_MEASURE,
    number_in,
    parse_amount,
    plain_number,
)
from generator.importing.recognise import Column, Layout
from generator.importing.rows import Detail, SheetRows
from generator.importing.targets import (
    AMOUNT,
    DEFAULTS,
    EXPENDITURE,
    FISCAL_PART,
    IS_PROCUREMENT,
    PRICE,
    PROCUREMENT,
    PROJECT_CODE,
    PROJECT_NAME,
    PROJECTS,
    REVENUE,
    TARGETS,
)
from generator.load.budget import LIST_FILES
from generator.load.records import declared_fields
from generator.model import Department
from generator.money import Money, printed_step
from generator.problems import Place, Problem
from generator.terms import PROJECT_KINDS

_REQUIRED = {
    name: [key for key in target.keys if declared_fields(LIST_FILES[name])[key].required]
    for name, target in TARGETS.items()
    if name in LIST_FILES
}
_CATALOGUE_CODE = re.compile(r"[A-C][0-9]{2,}[\s\-_:、]*")
_LARGEST_STEP = Decimal("0.01")
_QUANTITY = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?", re.ASCII)

Values = dict[str, str]


class Imported(NamedTuple):
    """A record to write, its exact amount in fen, and the cell it comes from."""

    values: Values
    place: Place
    fen: int = 0
    sound: bool = True


class Gathered(NamedTuple):
    """The records of each target file, what is wrong with them, rows that make no record."""

    records: Mapping[str, list[Imported]]
    problems: list[Problem]
    left_out: int
    procurement_fen: int


class Gatherer:
    """Makes the records of all sheets; nothing is dropped without being counted."""

    def __init__(
        self,
        department: Department,
        catalogue: Catalogue,
        existing_projects: Sequence[Mapping[str, str]],
    ) -> None:
        self.unit_kind = {unit.code: unit.kind for unit in department.units}
        self.catalogue = catalogue
        self.existing = existing_projects
        self.problems: list[Problem] = []
        self.records: dict[str, list[Imported]] = {}
        self.left_out = 0
        self.procurement_fen = 0
        self._projects: dict[tuple[str, str, str], Imported] = {}
        self._met: set[tuple[str, str, str]] = set()
        self._unnamed: set[tuple[str, str, str]] = set()
        self._name_by_code = {p.get("编码", ""): p.get("名称", "") for p in self.existing}
        self._seen: dict[tuple[object, ...], tuple[Layout, Detail]] = {}

    def gather(self, sheets: Sequence[SheetRows]) -> Gathered:
        """The records by target file."""
        for rows in sheets:
            for detail in rows.details if rows.layout.rule.target == EXPENDITURE else ():
                self._register_project(rows.layout, detail)
        self._code_of_one_project()
        for rows in sheets:
            for detail in map(self._judged, rows.details):
                self._duplicate(rows.layout, detail)
                self._price(rows.layout, detail)
                self._add(rows.layout, detail)
        new = [project for project in self._projects.values() if project.values.get("名称")]
        if new:
            self.records[PROJECTS] = new
        return Gathered(self.records, self.problems, self.left_out, self.procurement_fen)

    # Projects

    def _register_project(self, layout: Layout, detail: Detail) -> None:
        """A project the year does not have yet becomes a record of projects.yaml."""
        values = detail.values
        if values.get("类别") not in PROJECT_KINDS:
            return
        project = code, name, unit = _project_of(detail)
        if project in self._met and (code or name):
            return
        self._met.add(project)
        column = layout.of(PROJECT_NAME) or layout.of(PROJECT_CODE)
        place = _place(layout, detail, column)
        if not code and not name:
            message = f"{values['类别']}是项目支出，没有项目名称也没有项目编码"
            self._wrong("missing-project", message, place, "补上项目名称")
            self._unnamed.add(project)
            return
        if "e" in code.lower() and re.fullmatch(r"[0-9.]+e\+?[0-9]+", code.lower()):
            code_place = _place(layout, detail, layout.of(PROJECT_CODE))
            message = f"项目编码“{code}”被当成数存过，后面的位数已经丢了"
            self._wrong("lost-digits", message, code_place, "把这一列设成文本，重新导出")
        if self._known_project(code, name, unit):
            return
        if not name and (code, unit) not in {(k[0], k[2]) for k in self._projects}:
            self._wrong("missing-project", f"项目 {code} 没有名称", place, "补上项目名称")
            self._unnamed.add(project)
        record = {"名称": name, "编码": code, "单位": unit, "类别": values["类别"]}
        self._projects[project] = Imported(_kept(PROJECTS, record), place, sound=detail.sound)

    def _judged(self, detail: Detail) -> Detail:
        """The row, not sound if its project was told to have no name."""
        if detail.values.get("类别") in PROJECT_KINDS and _project_of(detail) in self._unnamed:
            return detail._replace(sound=False)
        return detail

    def _known_project(self, code: str, name: str, unit: str) -> bool:
        """Whether the year has it: by its code, else by unit and name."""
        return any(
            (code and project.get("编码") == code)
            or ((name, unit) == (project.get("名称"), project.get("单位")))
            for project in self.existing
        )

    def _code_of_one_project(self) -> None:
        first: dict[str, tuple[str, str, Place]] = {}
        for (code, name, unit), project in self._projects.items():
            if not (code and name):
                continue
            before = first.setdefault(code, (name, unit, project.place))
            if before[:2] != (name, unit):
                message = (
                    f"项目编码 {code} 这里是单位 {unit} 的“{name}”，"
                    f"{before[2]} 是单位 {before[1]} 的“{before[0]}”"
                )
                hint = "核对项目和单位；合并单元格错了位也会这样"
                self._wrong("project-mismatch", message, project.place, hint)
                self._projects[code, name, unit] = project._replace(sound=False)

    # Records

    def _add(self, layout: Layout, detail: Detail) -> None:
        target = layout.rule.target
        made = False
        single = sum(column.field == AMOUNT for column in layout.amounts) == 1
        for column, amount in zip(layout.amounts, detail.amounts, strict=True):
            if column.field != AMOUNT or amount is None or not (amount or single):
                continue
            values = {**detail.values, **column.rule.constants, AMOUNT: _yuan_text(amount)}
            if target == EXPENDITURE:
                self._expenditure(values, amount)
            elif target == REVENUE:
                self._revenue(values, layout, detail, column, amount)
            else:
                self._procurement(values, layout, detail)
            record = _kept(target, values)
            if all(key in record for key in _REQUIRED[target]):
                place = _place(layout, detail, column)
                self.records.setdefault(target, []).append(
                    Imported(record, place, amount, detail.sound)
                )
                made = True
        self.left_out += not made

    def _expenditure(self, values: Values, amount: Money) -> None:
        if values.get("类别") in PROJECT_KINDS:
            code = values.get(PROJECT_CODE, "")
            known = self._name_by_code.get(code) if code else ""
            values["项目"] = known or values.get(PROJECT_NAME, code)
        drop_derived(values, self.unit_kind, self.catalogue)
        if values.get(IS_PROCUREMENT, "").upper().startswith(("是", "1", "Y")):
            self.procurement_fen += amount

    def _revenue(
        self, values: Values, layout: Layout, detail: Detail, column: Column, amount: Money
    ) -> None:
        for part, fiscal in zip(layout.amounts, detail.amounts, strict=True):
            if part.field == FISCAL_PART and part.rule.constants == column.rule.constants:
                is_general = values.get("资金来源") == "一般公共预算"
                if is_general and (fiscal or Money(0)) != amount:
                    values[FISCAL_PART] = _yuan_text(fiscal or Money(0))

    def _procurement(self, values: Values, layout: Layout, detail: Detail) -> None:
        bare = _CATALOGUE_CODE.sub("", values.get("采购项目", ""), count=1)
        if bare:
            values["采购项目"] = bare
        quantity = plain_number(values.pop("采购数量", ""))
        if _QUANTITY.fullmatch(quantity):
            values["采购数量"] = quantity
        elif quantity:
            place = _place(layout, detail, layout.of("采购数量"))
            self._wrong("bad-number", f"采购数量“{quantity}”不是数", place, "只写数字")

    # Checks across rows

    def _duplicate(self, layout: Layout, detail: Detail) -> None:
        """The same row twice, in one sheet or in several files, is imported once too often."""
        if not detail.sound:
            return  # what could not be read is not known to be the same
        key = (layout.rule.target, frozenset(detail.values.items()), detail.amounts)
        here = (layout, detail)
        before = self._seen.setdefault(key, here)
        if before is not here:
            place = _place(layout, detail, layout.columns[0])
            first = _place(*before, layout.columns[0])
            message = f"这一行与 {first} 那一行完全相同"
            hint = "重复的删掉一行；确是两笔的，在备注或项目里写出区别"
            self._wrong("duplicate-row", message, place, hint)

    def _price(self, layout: Layout, detail: Detail) -> None:
        """单价 × 数量 = 金额, as far as the digits of the price allow: 3 × 0.33万元 may be 1万元.

        Two decimals at least, as sheets drop a 0 at the end: 0.3 is 0.30.
        """
        if layout.rule.target != PROCUREMENT:
            return
        price_column = layout.of(PRICE)
        amount_column = layout.of(AMOUNT)
        quantity = plain_number(detail.values.get("采购数量", ""))
        if price_column is None or amount_column is None or not _QUANTITY.fullmatch(quantity):
            return
        text = detail.values.get(PRICE, "")
        try:
            price = parse_amount(text, price_column.measure)
        except Unacceptable as error:
            place = _place(layout, detail, price_column)
            self._wrong(error.rule, error.message, place, error.hint)
            return
        amount = detail.amounts[layout.amounts.index(amount_column)]
        if price is None or amount is None:
            return
        written = number_in(text)
        assert written is not None
        step = FEN_PER_CELL_MEASURE[price_column.measure] * min(
            printed_step(written), _LARGEST_STEP
        )
        if abs(price * Decimal(quantity) - amount) > Decimal(quantity) * step / 2:
            product = Money(int(price * Decimal(quantity)))
            message = f"单价乘数量是 {product.yuan:,.2f} 元，金额是 {amount.yuan:,.2f} 元"
            place = _place(layout, detail, amount_column)
            self._wrong("price-times-quantity", message, place, "核对单价、数量和金额的单位")

    def _wrong(self, rule: str, message: str, place: Place, hint: str) -> None:
        self.problems.append(Problem(rule, message, place, hint))


def drop_derived(values: Values, unit_kind: Mapping[str, str], catalogue: Catalogue) -> None:
    """Leave out a 政府经济科目 that follows from the rest of the line."""
    kind = unit_kind.get(values.get("单位", ""), "")
    derived = catalogue.government_economic_of(values.get("经济科目", ""), kind)
    if values.get("政府经济科目") == derived:
        values.pop("政府经济科目", None)


def _project_of(detail: Detail) -> tuple[str, str, str]:
    """Code, name and unit of the row's project."""
    code, name, unit = (detail.values.get(k, "") for k in (PROJECT_CODE, PROJECT_NAME, "单位"))
    return code, name, unit


def _kept(target: str, values: Mapping[str, str]) -> Values:
    """Only the file's keys, in its order, without blanks and defaults."""
    kept = {key: values[key] for key in TARGETS[target].keys if values.get(key)}
    return {key: value for key, value in kept.items() if DEFAULTS.get(key) != value}


def _place(layout: Layout, detail: Detail, column: Column | None) -> Place:
    return layout.sheet.place(detail.row, column.position if column else layout.columns[0].position)


def _yuan_text(amount: Money) -> str:
    return f"{amount.yuan:.2f}"
