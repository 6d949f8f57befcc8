"""The totals of a random department, added up apart: an oracle that shares no code with figures."""

from __future__ import annotations

from collections import defaultdict

from departments_random import (
    GENERAL,
    OWN,
    PERSONNEL,
    PROJECT_KINDS,
    RUNNING,
    SURPLUS,
    THREE_PUBLIC,
    Department,
    fen,
    group_of,
)


def totals_of(department: Department) -> dict[tuple[str, str], int]:
    """(figure name, function item or "") -> fen, of everything that is not secret."""
    total: dict[tuple[str, str], int] = defaultdict(int)
    for name in (
        "收入总计",
        "支出总计",
        "一般公共预算支出",
        "政府性基金支出",
        "三公经费",
        "机关运行经费",
    ):
        total[name, ""] = 0
    for line in department.revenue:
        if line.get("涉密") != "是":
            _add_revenue(total, line)
    for item in department.head["年终结转结余"]:  # type: ignore[attr-defined]  # a list of records
        total["支出总计", ""] += fen(item["金额"])
        total["年终结转结余", ""] += fen(item["金额"])
    for line in department.expenditure:
        if line.get("涉密") != "是":
            _add_expenditure(total, line, department)
    for item in department.procurement:
        total["政府采购", ""] += fen(item["金额"])
        total[f"政府采购{item['采购目录']}", ""] += fen(item["金额"])
    return dict(total)


def _add_revenue(total: dict[tuple[str, str], int], line: dict[str, object]) -> None:
    amount, group = fen(line["金额"]), group_of(line["资金来源"])
    this_year = "来源年度" not in line
    carried = ["上年结转结余", SURPLUS if line.get("来源年度") == SURPLUS else "上年结转"]
    names = ["收入总计", *(["本年收入合计"] if this_year else carried)]
    if group not in (OWN, "财政专户管理资金"):
        names.append(f"{group}收支")
        if this_year:
            fiscal = fen(line.get("其中财政拨款", line["金额"]))
            total["财政拨款收入", ""] += fiscal
            total["一般公共预算财政拨款收入", ""] += fiscal if group == GENERAL else 0
    for name in names:
        total[name, ""] += amount


def _add_expenditure(
    total: dict[tuple[str, str], int], line: dict[str, object], department: Department
) -> None:
    amount, group, economic = fen(line["金额"]), group_of(line["资金来源"]), str(line["经济科目"])
    project = line["类别"] in PROJECT_KINDS
    names = ["支出总计", "支出合计", "项目支出" if project else "基本支出"]
    names += (
        [{PERSONNEL: "人员经费", RUNNING: "公用经费"}[str(line["类别"])]] if not project else []
    )
    if group in ("政府性基金", "国有资本经营预算"):
        names.append(f"{group}支出")
        total[f"{group}支出", str(line["功能科目"])] += amount
    if group == GENERAL:
        names += ["一般公共预算支出", f"一般公共预算{'项目' if project else '基本'}支出"]
        total["一般公共预算支出", str(line["功能科目"])] += amount
        if economic in THREE_PUBLIC or economic == "30913":
            names += ["三公经费", _THREE_NAMES[economic]]
            names += ["公务用车购置及运行费"] if economic in ("30231", "31013", "30913") else []
        calibre = department.head["机关运行经费口径"]
        if line["类别"] == RUNNING and department.unit_kind(line["单位"]) in calibre:  # type: ignore[operator]  # a list
            names.append("机关运行经费")
    for name in names:
        total[name, ""] += amount


_THREE_NAMES = {
    "30212": "因公出国境费",
    "30217": "公务接待费",
    "30231": "公务用车运行费",
    "31013": "公务用车购置费",
    "30913": "公务用车购置费",
}
