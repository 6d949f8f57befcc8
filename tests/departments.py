"""Departments made at random, for tests and benchmarks: make one, write its files, change it.

    department = random_department(seed, units=20, lines=2000)
    lines = write_department(department, data_root)

`departments_drawn.departments()` is the same for hypothesis.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

from departments_random import GENERAL, Department, Maker, Record, codes, fen, group_of, yuan
from departments_totals import totals_of
from departments_written import change_amount, replace_line, write_department

__all__ = [
    "Department",
    "change_amount",
    "fen",
    "group_of",
    "random_department",
    "replace_line",
    "totals_of",
    "write_department",
    "yuan",
]


def random_department(
    seed: int,
    *,
    units: int | None = None,
    lines: int | None = None,
    prior: bool | None = None,
    measure: tuple[str, str] | None = None,
) -> Department:
    """A consistent department: nothing is owed, nothing is wrong; sizes are drawn if not given."""
    random = Random(seed)
    maker = Maker(random, units or random.randint(1, 5), measure)
    maker.add_expenditure(lines if lines is not None else random.randint(0, 40))
    maker.add_carried_out()
    maker.add_procurement()
    maker.pay()
    maker.add_secrets()
    department = maker.department()
    if random.random() < 0.8 if prior is None else prior:
        department = replace(department, prior=_published(department, random))
    return department


def _published(department: Department, random: Random) -> Record:
    """Last year around this year's totals: less, more, the same, zero, new, gone, or no base."""
    scale = 1_000_000 if department.head["公布单位"] == "万元" else 100
    decimals = int(str(department.head["小数位数"]))
    facts: list[Record] = []
    for (name, function), amount in totals_of(department).items():
        factor = random.choice([0.0, 0.5, 0.999, 1.0, 1.0, 1.001, 1.7, None])
        if factor is not None:
            value = f"{amount * factor / scale:.{decimals}f}"
            facts.append(
                {"指标": name, **({"功能科目": function} if function else {}), "数值": value}
            )
    used = {line["功能科目"] for line in department.expenditure}
    gone = next(code for code in codes("function.csv", 7, GENERAL) if code not in used)
    facts.append({"指标": "一般公共预算支出", "功能科目": gone, "数值": "12"})
    published: Record = {
        "年度": str(department.year - 1),
        "部门名称": department.head["部门名称"],
        "公布单位": department.head["公布单位"],
    }
    if random.random() < 0.5:
        published["完整"] = ["一般公共预算支出"]
    return published | {"数据": facts}
