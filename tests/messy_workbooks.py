"""A department's raw lines as the spreadsheets that offices really get: one function a shape.

A shape is a list of pages; `write_book` writes them as .xlsx, .xls, .ods or .csv.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import groupby
from pathlib import Path

import openpyxl
import xlwt
from departments_random import CATALOGUE, Department, Record, fen, yuan
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableProperties
from odf.table import Table, TableCell, TableColumn, TableRow
from odf.text import P
from openpyxl.utils import get_column_letter

Cell = str | float | None
KINDS = {
    "人员类": "1 人员类项目",
    "公用经费": "运转类-公用经费",
    "其他运转类": "22-其他运转类项目",
    "特定目标类": "特定目标类项目",
}
FUNDS = {
    "一般公共预算": "11 一般公共预算资金",
    "政府性基金": "12-政府性基金预算资金",
    "国有资本经营预算": "国有资本经营预算拨款",
    "财政专户管理资金": "2 财政专户管理资金",
}
WHOLE = 10**20


@dataclass
class Page:
    """A worksheet: rows of cells, merged ranges (top, left, bottom, right) from zero.

    `hidden_rows` and `hidden_columns`, from zero, are written to .xlsx and .ods.
    """

    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def exportable(department: Department) -> Department:
    """Without what exports do not hold: secret lines, and the same line twice."""
    lines = {tuple(sorted(line.items())): line for line in department.expenditure}
    items = {tuple(sorted(item.items())): item for item in department.procurement}
    return replace(
        department,
        expenditure=[line for line in lines.values() if "涉密" not in line],
        revenue=[line for line in department.revenue if "涉密" not in line],
        procurement=list(items.values()),
    )


@cache
def _names(file: str) -> dict[str, str]:
    with (CATALOGUE / file).open(encoding="utf-8") as lines:
        return {row["code"]: row["name"] for row in csv.DictReader(lines)}


def _function(line: Record) -> tuple[str, str]:
    code = str(line["功能科目"])
    return code, _names("function.csv")[code]


def _economic(line: Record) -> tuple[str, str]:
    code = str(line["经济科目"])
    return code, _names("dept_economic.csv")[code]


def _unit_names(department: Department) -> dict[object, str]:
    return {unit["代码"]: str(unit["名称"]) for unit in department.units}


def _project(department: Department, line: Record) -> tuple[str, str]:
    """Code and name of the project a line refers to by either."""
    for project in department.projects:
        if project["单位"] == line["单位"] and line.get("项目") in (
            project["名称"],
            project.get("编码", WHOLE),
        ):
            return str(project.get("编码", "")), str(project["名称"])
    return "", ""


def _fund(line: Record) -> str:
    return FUNDS.get(str(line["资金来源"]), str(line["资金来源"]))


def _rest(line: Record) -> list[Cell]:
    return [line.get("来源年度", "本年"), line.get("财政拨款", "是"), line.get("备注", "")]  # type: ignore[list-item]  # texts


def _by_unit(lines: list[Record]) -> Iterator[tuple[object, list[Record]]]:
    ordered = sorted(lines, key=lambda line: str(line["单位"]))
    for unit, group in groupby(ordered, key=lambda line: line["单位"]):
        yield unit, list(group)


def _sum(lines: list[Record]) -> int:
    return sum(fen(line["金额"]) for line in lines)


def _commas(amount: int) -> str:
    return f"{amount // 100:,}.{amount % 100:02d}"


def _full_width(amount: int) -> str:
    return yuan(amount).translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789."})


def _wan(amount: int) -> float:
    return amount / 1_000_000


# Shapes of expenditure exports


def titled(department: Department) -> list[Page]:
    """Titles and 单位：元 above, `代码-名称` cells, text amounts, 小计 a unit, 合计 below, notes."""
    names = _unit_names(department)
    header: list[Cell] = ["序号", "预算单位", "项目类别", "项目编码", "项目名称", "支出功能分类"]
    header += ["部门预算支出经济分类", "资金性质", "资金来源", "是否财政拨款", "备注", "预算金额"]
    rows: list[list[Cell]] = [["2023年支出预算明细表"], [None] * 11 + ["单位：元"], header]
    number = 0
    for unit, lines in _by_unit(department.expenditure):
        for line in lines:
            number += 1
            cells: list[Cell] = [number, f"{unit}-{names[unit]}", KINDS[str(line["类别"])]]
            cells += _project(department, line)
            cells += ["-".join(_function(line)), "[{}]{}".format(*_economic(line)), _fund(line)]
            rows.append([*cells, *_rest(line), _commas(fen(line["金额"]))])
        rows.append([None, f"{unit}小计", *[None] * 9, _commas(_sum(lines))])
        rows.append([])
    rows.append(["合  计", *[None] * 10, _commas(_sum(department.expenditure))])
    rows += [["注：本表由系统导出"], ["制表人：张三", None, None, "审核人：李四"]]
    notes = Page("填报说明", [["请先核对", "再导入"]], hidden=True)
    return [notes, Page("支出明细", rows, [(0, 0, 0, 11)])]


def merged(department: Department) -> list[Page]:
    """Two header rows, unit cells merged down, numbers in 万元, 合计 and 小计 above the rows."""
    names = _unit_names(department)
    top: list[Cell] = ["预算单位", None, "项目类别", "项目编码", "项目名称", "支出功能分类", None]
    top += [
        "部门预算支出经济分类",
        None,
        "资金性质",
        "资金来源",
        "是否财政拨款",
        "备注",
        "预算金额（万元）",
    ]
    below: list[Cell] = ["单位编码", "单位名称", None, None, None, "科目编码", "科目名称"]
    below += ["科目编码", "科目名称"]
    ranges = [(1, 0, 1, 1), (1, 5, 1, 6), (1, 7, 1, 8)]
    ranges += [(1, column, 2, column) for column in (2, 3, 4, 9, 10, 11, 12, 13)]
    rows: list[list[Cell]] = [["支出预算表"], top, below]
    rows.append(["合计", *[None] * 12, _wan(_sum(department.expenditure))])
    for unit, lines in _by_unit(department.expenditure):
        rows.append([str(unit), names[unit], "小计", *[None] * 10, _wan(_sum(lines))])
        first = len(rows)
        for position, line in enumerate(lines):
            own: list[Cell] = [str(unit), names[unit]] if position == 0 else [None, None]
            own += [KINDS[str(line["类别"])], *_project(department, line)]
            function, economic = _function(line), _economic(line)
            cells: list[Cell] = [float(function[0]), function[1], float(economic[0]), economic[1]]
            rows.append([*own, *cells, _fund(line), *_rest(line), _wan(fen(line["金额"]))])
        if len(lines) > 1:
            ranges += [(first, c, len(rows) - 1, c) for c in (0, 1)]
    return [Page("Sheet1", rows, ranges)]


def plain(department: Department) -> list[Page]:
    """One header row, everything text, full-width digits, a column of unit names only, no total."""
    names = _unit_names(department)
    header: list[Cell] = ["单位名称", "类型", "项目名称", "功能科目编码", "功能科目名称"]
    header += ["经济科目", "资金类型", "来源年度", "是否财政拨款", "备注", "金额(元)", "项目代码"]
    rows: list[list[Cell]] = [header]
    for line in department.expenditure:
        code, name = _project(department, line)
        cells: list[Cell] = [names[line["单位"]], KINDS[str(line["类别"])], name, *_function(line)]
        cells += [" ".join(_economic(line)), _fund(line), *_rest(line)]
        rows.append([*cells, _full_width(fen(line["金额"])), code])
    return [Page("", rows)]


def grouped(department: Department) -> list[Page]:
    """Unit and kind printed once a group, blank below; 小计 in the column of the kind; 万元 above."""
    rows: list[list[Cell]] = [["编制单位：某某局", None, None, None, "金额单位：万元"]]
    header: list[Cell] = ["预算单位", "支出类型", "项目名称", "项目编码", "功能分类科目"]
    header += ["经济分类科目", "资金性质", "资金来源", "是否财政拨款", "备注", "年初预算数"]
    rows.append(header)
    names = _unit_names(department)
    for unit, lines in _by_unit(department.expenditure):
        kinds = sorted(lines, key=lambda line: list(KINDS).index(str(line["类别"])))
        shown = ""
        for position, line in enumerate(kinds):
            kind = str(line["类别"])
            own: list[Cell] = [f"{names[unit]}({unit})" if position == 0 else None]
            own.append(kind if kind != shown else None)
            shown = kind
            code, name = _project(department, line)
            cells: list[Cell] = [name, code, "[{}]{}".format(*_function(line)), _economic(line)[0]]
            rows.append([*own, *cells, _fund(line), *_rest(line), _wan(fen(line["金额"]))])
        rows.append([None, "小计", *[None] * 8, _wan(_sum(lines))])
    rows.append(["总计", *[None] * 9, _wan(_sum(department.expenditure))])
    return [Page("导出", rows)]


def ladder(department: Department) -> list[Page]:
    """类, 款, 项 in three columns; the department's and the units' rows carry sums and no word for it."""
    names = _unit_names(department)
    top: list[Cell] = [
        "科目编码",
        None,
        None,
        "单位代码",
        "单位名称",
        "类别",
        "项目编码",
        "项目名称",
    ]
    top += ["经济科目", "资金来源", "来源年度", "是否财政拨款", "备注", "金额"]
    below: list[Cell] = ["类", "款", "项"]
    rows: list[list[Cell]] = [["某部门支出表", *[None] * 12, "单位:元"], top, below]
    rows.append([str(n) for n in range(1, 15)])
    head = department.head
    blank: list[Cell] = [None] * 8
    total = fen_number(_sum(department.expenditure))
    rows.append([None, None, None, str(head["部门代码"]), str(head["部门名称"]), *blank, total])
    for unit, lines in _by_unit(department.expenditure):
        own: list[Cell] = [None, None, None, str(unit), names[unit]]
        rows.append([*own, *blank, fen_number(_sum(lines))])
        for line in lines:
            code = str(line["功能科目"])
            cells: list[Cell] = [code[:3], code[3:5], code[5:], str(unit), f"  {names[unit]}"]
            cells += [str(line["类别"]), *_project(department, line), "-".join(_economic(line))]
            cells += [_fund(line), *_rest(line)]
            rows.append([*cells, fen_number(fen(line["金额"]))])
    return [Page("支出", rows, [(1, 0, 1, 2)])]


def fen_number(amount: int) -> float:
    return amount / 100


EXPENDITURE_SHAPES: dict[str, tuple[Callable[[Department], list[Page]], str]] = {
    "titled": (titled, "导出.xlsx"),
    "merged": (merged, "项目库.xlsx"),
    "plain": (plain, "明细.csv"),
    "grouped": (grouped, "支出.xls"),
    "ladder": (ladder, "支出.ods"),
}


def revenue_pages(department: Department) -> list[Page]:
    """Every source a line, a subtotal a unit."""
    header: list[Cell] = [
        "预算单位",
        "收入项目",
        "资金来源",
        "收入金额（元）",
        "其中：财政拨款（元）",
    ]
    rows: list[list[Cell]] = [["收入预算表"], header]
    for unit, lines in _by_unit(department.revenue):
        for line in lines:
            fiscal = line.get("其中财政拨款")
            if fiscal is None and line["资金来源"] == "一般公共预算":
                fiscal = line["金额"]
            cells: list[Cell] = [str(unit), _fund(line), str(line.get("来源年度", "本年"))]
            shown = _commas(fen(fiscal)) if fiscal is not None else None
            rows.append([*cells, _commas(fen(line["金额"])), shown])
        rows.append([f"{unit}小计", None, None, _commas(_sum(lines))])
    rows.append(["合计", None, None, _commas(_sum(department.revenue))])
    return [Page("收入", rows)]


def procurement_pages(department: Department) -> list[Page]:
    """品目 with catalogue codes, prices and quantities, 合计 above."""
    letters = {"货物": "A02", "工程": "B01", "服务": "C03"}
    header: list[Cell] = ["预算单位", "支出功能分类", "采购项目", "品目", "规格", "计量单位"]
    header += ["单价", "采购数量", "采购金额"]
    total = _commas(_sum(department.procurement))
    rows: list[list[Cell]] = [header, ["合计", *[None] * 7, total]]
    for item in department.procurement:
        quantity = item.get("采购数量")
        price = fen(item["金额"]) / 100 / int(str(quantity)) if quantity else None
        cells: list[Cell] = [str(item["单位"]), "-".join(_function(item)), str(item["采购项目"])]
        cells += [f"{letters[str(item['采购目录'])]}010104-某品目", str(item.get("规格", ""))]
        cells += [str(item.get("计量单位", "")), round(price, 2) if price is not None else None]
        rows.append([*cells, quantity and str(quantity), _commas(fen(item["金额"]))])
    return [Page("政府采购", rows)]


# Files


def write_book(path: Path, pages: list[Page]) -> Path:
    """Write the pages in the format of the file's suffix; a .csv takes the first page."""
    {".xlsx": _xlsx, ".xls": _xls, ".ods": _ods, ".csv": _csv}[path.suffix](path, pages)
    return path


def _xlsx(path: Path, pages: list[Page]) -> None:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for page in pages:
        sheet = book.create_sheet(page.name)
        for r, row in enumerate(page.rows, 1):
            for c, value in enumerate(row, 1):
                if value not in (None, ""):
                    cell = sheet.cell(r, c, value)
                    cell.data_type = "s" if isinstance(value, str) else cell.data_type
        for top, left, bottom, right in page.merged:
            sheet.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
        for r in page.hidden_rows:
            sheet.row_dimensions[r + 1].hidden = True
        for c in page.hidden_columns:
            sheet.column_dimensions[get_column_letter(c + 1)].hidden = True
        sheet.sheet_state = "hidden" if page.hidden else "visible"
    book.save(path)


def _xls(path: Path, pages: list[Page]) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    for page in pages:
        sheet = book.add_sheet(page.name)
        for r, row in enumerate(page.rows):
            for c, value in enumerate(row):
                if value not in (None, ""):
                    sheet.write(r, c, value)
        for top, left, bottom, right in page.merged:
            sheet.merge(top, bottom, left, right)
        sheet.visibility = int(page.hidden)
    book.save(str(path))


def _ods(path: Path, pages: list[Page]) -> None:
    book = OpenDocumentSpreadsheet()
    unseen = Style(name="unseen", family="table")
    unseen.addElement(TableProperties(display="false"))
    book.automaticstyles.addElement(unseen)
    for page in pages:
        table = Table(name=page.name, **({"stylename": unseen} if page.hidden else {}))
        for c in range(max(map(len, page.rows), default=0)):
            table.addElement(TableColumn(**_unseen(c in page.hidden_columns)))
        for r, row in enumerate(page.rows):
            line = TableRow(**_unseen(r in page.hidden_rows))
            for value in row:
                line.addElement(_ods_cell(value))
            table.addElement(line)
        book.spreadsheet.addElement(table)
    book.save(str(path))


def _unseen(hidden: bool) -> dict[str, str]:
    return {"visibility": "collapse"} if hidden else {}


def _ods_cell(value: Cell) -> TableCell:
    if value in (None, ""):
        return TableCell()
    if isinstance(value, str):
        cell = TableCell(valuetype="string")
        cell.addElement(P(text=value))
        return cell
    return TableCell(valuetype="float", value=repr(value))


def _csv(path: Path, pages: list[Page]) -> None:
    with path.open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(pages[0].rows)
