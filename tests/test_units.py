"""Unit documents: each unit's own lines, words and figures, and together the department's."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from departments import Department, fen, random_department, totals_of, write_department
from departments_drawn import departments
from hypothesis import given, settings

from generator.__main__ import main
from generator.build import Built, build_loaded, build_unit, printed_figures
from generator.checks.units import department_equals_units, summable, values_in
from generator.load.budget import Loaded, load_budget
from generator.load.units import UNIT_FILES, load_unit_records, stray_folders
from generator.model import Unit
from generator.problems import Place, Problem, ProblemsFound
from generator.writers.text import write_text

DATA = Path(__file__).resolve().parents[1] / "data"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The 2023 data, free to be changed."""
    root = tmp_path / "data"
    for folder in ("2022", "2023"):
        shutil.copytree(DATA / folder, root / folder)
    return root


def text_of(built: Built) -> str:
    return write_text(built.document).decode()


def unit(loaded: Loaded, code: str) -> Unit:
    return loaded.budget.unit_by_code[code]


def build_one(data: Path, code: str) -> Built:
    loaded = load_budget(data, 2023)
    return build_unit(loaded, unit(loaded, code), data)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def own_part(department: Department, code: object) -> Department:
    """The records of one unit, for the oracle."""
    head = department.head | {
        "年终结转结余": [i for i in department.head["年终结转结余"] if i["单位"] == code]  # type: ignore[attr-defined]  # a list of records
    }
    names = ("expenditure", "revenue", "projects", "procurement")
    kept = {n: [r for r in getattr(department, n) if r["单位"] == code] for n in names}
    return replace(department, head=head, **kept)


def every_unit(department: Department, root: Path) -> Iterator[tuple[Loaded, Built]]:
    loaded = load_budget(root, department.year)
    for one in loaded.budget.department.units:
        yield loaded, build_unit(loaded, one, root)


@settings(max_examples=15)
@given(departments(max_units=4, max_lines=20))
def test_units_add_up_to_the_department_and_speak_of_themselves_only(
    tmp_path_factory: pytest.TempPathFactory, department: Department
) -> None:
    root = tmp_path_factory.mktemp("data")
    lines = write_department(department, root)
    whole = build_loaded(load_budget(root, department.year), root)
    figures = summable(whole.book, (name for name, _, _ in printed_figures(whole.document)))
    parts = []
    for _, built in every_unit(department, root):
        code = built.book.department.code
        parts.append(values_in(built.book, figures))
        expected = totals_of(own_part(department, code))
        assert expected == {
            key: int(built.book.resolve_qualified(*key).exact or 0) for key in expected
        }
        assert list(foreign_words(department, code, text_of(built))) == []
        assert list(foreign_lines(department, code, built, lines)) == []
    assert len(figures) > 40
    for figure in figures:
        if figure.measure not in ("辆", "台（套）"):
            assert sum(part[figure.name] or 0 for part in parts) == (figure.exact or 0), figure.name
    assert list(department_equals_units(whole.book, figures, parts)) == []


def foreign_words(department: Department, code: str, text: str) -> Iterator[str]:
    """Names, codes and projects of other units, and the department's own, that `text` holds."""
    own = next(u for u in department.units if u["代码"] == code)
    mine = {p["名称"] for p in department.projects if p["单位"] == code}
    text = text.replace(str(own["名称"]), "")
    others = [u for u in department.units if u["代码"] != code]
    words = [str(u[key]) for u in others for key in ("代码", "名称", "构成名称") if key in u]
    words += [str(p["名称"]) for p in department.projects if p["名称"] not in mine]
    words += ["我部门", "本部门", str(department.head["部门名称"])]
    short = {str(name) for name in mine}
    yield from (w for w in words if w in text and not any(w in name for name in short))


def foreign_lines(
    department: Department, code: str, built: Built, lines: dict[tuple[str, int], int]
) -> Iterator[str]:
    """Printed figures that rest on a line of another unit."""
    owner = {}
    for (file, number), line in lines.items():
        records = getattr(department, file.removesuffix(".yaml"), department.units)
        record = records[number]
        owner[f"{department.year}/{file}", line] = record.get("单位", record.get("代码"))
    for name, _, _ in printed_figures(built.document):
        for place in built.book.places(built.book.resolve(name)):
            if owner.get((place.path, place.line), code) != code:
                yield f"{name}: {place}"


def test_titles_tables_and_wording_are_a_units() -> None:
    built = build_one(DATA, "159002")
    text = text_of(built)
    name = "平顶山市行政审批服务中心"
    assert built.document.title == f"{name}2023年单位预算公开"
    assert text.startswith(f"2023年{name}\n\n单位预算公开\n\n2023年2月\n")
    assert "其他收入：是指单位取得的" in text
    assert "财政预算管理，单位使用财政拨款" in text
    contents = text[text.index("附件：") : text.index("\n\n\n# 第一部分")].split("\n")
    assert contents == [
        f"附件：{name}2023年单位预算表",
        *("一、单位收支预算表", "二、单位收入预算表", "三、单位支出预算表"),
        *("四、财政拨款收支总体情况表", "五、一般公共预算支出预算表", "六、一般公共预算基本支出表"),
        *("七、支出经济分类汇总表", "八、一般公共预算“三公”经费预算表", "九、政府性基金支出预算表"),
        *("十、项目支出预算表", "十一、单位预算项目绩效目标表", "十二、国有资本经营预算情况表"),
        "十三、政府采购汇总表",
    ]
    assert f"{name}2023年收入总计490.8万元，支出总计490.8万元。\n" in text
    assert "我单位2023年“三公”经费预算为3万元。具体支出情况如下：" in text.replace("\n", "")
    assert "我单位的国有资产占用情况见部门预算公开。" in text
    assert "所属预算单位构成" not in text


def test_a_units_own_files_are_used(data: Path) -> None:
    folder = data / "2023/units/159002"
    write(folder / "unit.yaml", "主要职责: [承办审批服务]\n内设机构: [综合科, 服务科]\n")
    write(folder / "assets.yaml", '截至日期: "2022-12-31"\n车辆: {一般公务用车: 1}\n')
    write(folder / "reasons.yaml", "- {指标: 收入总计, 原因: 新增窗口}\n")
    write(
        data / "2022/published/units/159002/facts.yaml",
        "年度: 2022\n部门名称: 平顶山市行政审批服务中心\n数据:\n"
        "  - {指标: 收入总计, 数值: 400.8}\n  - {指标: 支出总计, 数值: 490.8}\n",
    )
    built = build_one(data, "159002")
    text = text_of(built).replace("\n", "")
    assert (
        "2023年收入总计490.8万元，支出总计490.8万元，与2022年预算相比，收入增加90万元，增长22.5%。"
        "主要原因：新增窗口；支出与2022年持平。"
    ) in text
    assert "一、平顶山市行政审批服务中心主要职责（一）承办审批服务" in text
    assert "二、平顶山市行政审批服务中心机构设置和预算构成情况" in text
    assert "单位内设机构包括：综合科、服务科。" in text
    assert "2022年期末，我单位共有车辆1辆" in text
    # Last year's totals differ, so that revenue changes and expenditure does not.
    assert [p.rule for p in built.problems if p.severity == "警告"] == [
        "fact-missing",
        "fact-totals",
    ]


def test_a_missing_reason_is_owed_in_the_units_own_file(data: Path) -> None:
    write(
        data / "2022/published/units/159002/facts.yaml",
        "年度: 2022\n部门名称: 某中心\n数据:\n  - {指标: 收入总计, 数值: 400.8}\n",
    )
    built = build_one(data, "159002")
    assert built.document.draft
    assert [(p.rule, str(p.place)) for p in built.owed] == [
        ("missing-reason", "2023/units/159002/reasons.yaml")
    ]


def test_what_one_unit_owes_makes_only_its_document_and_the_departments_a_draft(data: Path) -> None:
    file = data / "2023/expenditure.yaml"
    text = file.read_text(encoding="utf-8")
    write(file, text.replace("金额: 838200.00", "金额: 待填", 1))
    loaded = load_budget(data, 2023)
    units = [build_unit(loaded, one, data) for one in loaded.budget.department.units]
    assert build_loaded(loaded, data).document.draft
    assert [built.document.draft for built in units] == [True, False]
    assert [str(p.place) for p in units[0].owed if p.rule == "owed"] == [
        "2023/expenditure.yaml:8:77"
    ]


def test_what_the_department_answers_for_is_settled_in_the_unit_too() -> None:
    first, second = build_one(DATA, "159001"), build_one(DATA, "159002")
    acknowledged = {p.rule for e in second.ledger.entries for p in e.acknowledged}
    assert "cost-target" in acknowledged
    open_rules = [p.rule for b in (first, second) for p in b.problems if p.severity == "警告"]
    assert open_rules == ["duty-missing", "duty-missing"]  # nobody has written their duties yet


MISTAKES = {
    "units/159002/reason.yaml": ("", "2023/units/159002/reason.yaml", "unknown-file"),
    "units/159002/unit.yaml": ("职责: [甲]\n", "2023/units/159002/unit.yaml:1:1", "unknown-key"),
    "units/159002/reasons.yaml": (
        "- {指标: 收入总计, 原因: &a 甲}\n",
        "2023/units/159002/reasons.yaml:1:18",
        "anchor",
    ),
    "../2022/published/units/159002/facts.yaml": (
        "年度: 2021\n部门名称: 某中心\n",
        "2022/published/units/159002/facts.yaml:1:1",
        "wrong-year",
    ),
}


@pytest.mark.parametrize("path", MISTAKES)
def test_mistakes_in_a_units_files_have_their_places(data: Path, path: str) -> None:
    text, place, rule = MISTAKES[path]
    write(data / "2023" / path, text)
    with pytest.raises(ProblemsFound) as found:
        build_one(data, "159002")
    assert [(str(p.place), p.rule) for p in found.value.problems] == [(place, rule)]


def test_an_empty_file_of_a_unit_says_nothing(data: Path) -> None:
    loaded = load_budget(data, 2023)
    one = unit(loaded, "159002")
    shutil.rmtree(data / "2023/units/159002", ignore_errors=True)
    nothing = load_unit_records(data, loaded, one)
    for name in UNIT_FILES:
        write(data / "2023/units/159002" / name, "# 还没有写\n")
    write(data / "2022/published/units/159002/facts.yaml", "")
    assert load_unit_records(data, loaded, one) == nothing


def test_folders_of_no_unit_are_reported(data: Path) -> None:
    write(data / "2023/units/159020/unit.yaml", "")
    assert list(stray_folders(data, load_budget(data, 2023))) == [
        Problem(
            "unknown-unit",
            "没有代码为“159020”的单位",
            Place("2023/units/159020/"),
            "是不是“159002”、“159001”？今年撤销、并走的单位，删掉这个文件夹",
        )
    ]


def run_all(data: Path, out: Path, *more: str) -> int:
    words = ["build", "2023", "--data", str(data), "--out", str(out), "--no-pages", *more]
    return main([*words, "--formats", "txt"])


def test_all_writes_the_department_and_every_unit(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_all(data, tmp_path / "出", "--all") == 0
    written = sorted(
        p.relative_to(tmp_path / "出").as_posix() for p in (tmp_path / "出").rglob("*.txt")
    )
    assert written == [
        "2023/units/159001/平顶山市政务服务和大数据管理局2023年单位预算公开.txt",
        "2023/units/159002/平顶山市行政审批服务中心2023年单位预算公开.txt",
        "2023/平顶山市政务服务和大数据管理局2023年部门预算公开.txt",
    ]
    shown = capsys.readouterr()
    assert "[2/2] 159002 平顶山市行政审批服务中心：完成\n" in shown.err
    assert shown.out.startswith("共 3 份（部门 1 份，单位 2 份），各单位之和等于部门的数。\n")


def test_one_wrong_unit_and_nothing_is_written(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(data / "2023/units/159001/unit.yaml", "职责: [甲]\n")
    assert run_all(data, tmp_path / "出", "--all") == 1
    assert not list((tmp_path / "出").rglob("*.txt"))
    assert "[1/2] 159001 平顶山市政务服务和大数据管理局：有错\n[2/2]" in capsys.readouterr().err


def test_assets_that_do_not_add_up_are_named(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for code, cars in (("159001", 1), ("159002", 2)):
        text = f'截至日期: "2022-12-31"\n车辆: {{一般公务用车: {cars}}}\n设备: {{专用设备: {cars - 1}}}\n'
        write(data / f"2023/units/{code}/assets.yaml", text)
    assert run_all(data, tmp_path, "--all") == 1
    shown = capsys.readouterr().err
    assert "2023/assets.yaml:3:5: 错误：车辆：部门是 2辆，各单位之和是 3辆 [units-sum]" in shown
    assert "专用设备" not in shown


def test_one_unit_by_its_code(data: Path, tmp_path: Path) -> None:
    assert run_all(data, tmp_path, "--unit", "159002") == 0
    assert [p.name for p in tmp_path.rglob("*.txt")] == [
        "平顶山市行政审批服务中心2023年单位预算公开.txt"
    ]
    assert run_all(data, tmp_path, "--unit", "159009") == 1


def test_a_department_of_many_units_adds_up_exactly(tmp_path: Path) -> None:
    department = random_department(7, units=12, lines=150)
    write_department(department, tmp_path)
    total = sum(
        int(built.book.named("支出合计").exact or 0)
        for _, built in every_unit(department, tmp_path)
    )
    lines = [r for r in department.expenditure if r.get("涉密") != "是"]
    assert total == sum(fen(line["金额"]) for line in lines)


def test_an_item_that_is_secret_in_the_unit_has_not_gone(data: Path) -> None:
    """It is still public in the other one."""
    write(
        data / "2022/published/units/159002/facts.yaml",
        "年度: 2022\n部门名称: 平顶山市行政审批服务中心\n完整: [一般公共预算支出]\n数据:\n"
        '  - {指标: 一般公共预算支出, 功能科目: "2210201", 数值: 9.9}\n',
    )
    write(data / "2023/units/159002/reasons.yaml", "- {原因: 工作需要}\n")
    assert "住房公积金（项）。2023年预算数为19.4万元" in text_of(build_one(data, "159002")).replace(
        "\n", ""
    )
    for name, old, new in (
        ("expenditure", "金额: 194400.00", "金额: 194400.00, 涉密: 是"),
        ("revenue", "金额: 4908499.00", "金额: 4714099.00"),
    ):
        file = data / f"2023/{name}.yaml"
        text = file.read_text("utf-8")
        assert text.count(old) == 1
        file.write_text(text.replace(old, new), "utf-8")
    built = build_one(data, "159002")
    assert "住房公积金（项）" not in text_of(built)
    assert [p.place.line for p in built.problems if p.rule == "secret-item"] == [5]
