"""`make bench`: runs the sections and prints one table; 1 if something required is not met."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from benchmarks.table import Row, printed

# Name -> what it measures; the module of that name has `rows()`.
SECTIONS = {
    "warm": "热机：同一进程里一份接一份，与 docxtpl 比（同样的文字、同样的 14 张表）",
    "departments": "热机：每份是另一个部门，1 到 8 个单位、60 到 400 行支出",
    "cold": "冷启动：一个新进程做一份，与 docxtpl 加 PyYAML 比",
    "lines": "规模：支出明细的行数",
    "tall": "规模：一张表的行数",
    "batch": "许多部门一次生成，用全部处理器",
    "detection": "尾差与错数：正确的不误报，改错的查出多少",
    "years": "两年比较：带修订稿，与别的比较程序比",
    "office": "经过 LibreOffice：目录页码和 PDF",
    "preview": "预览：从保存到网页更新",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="计时")
    parser.add_argument("sections", nargs="*", metavar="项目", help="、".join(SECTIONS))
    wanted = parser.parse_args().sections or list(SECTIONS)
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown:
        parser.error(f"没有：{'、'.join(unknown)}；可用：{'、'.join(SECTIONS)}")
    found: list[Row] = []
    for name in wanted:
        print(f"正在测 {name} …", file=sys.stderr)
        found.append(Row(SECTIONS[name]))
        found += import_module(f"benchmarks.{name}").rows()
    print("\n".join(printed(found)))
    return 1 if any(row.met is False for row in found) else 0


if __name__ == "__main__":
    sys.exit(main())
