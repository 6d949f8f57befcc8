"""Bad YAML: every kind is reported with its rule and place, all at once, and nothing is written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bad_yaml_cases import CASES, FILES, Case
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.__main__ import main
from generator.build import build_disclosure
from generator.load.budget import load_budget
from generator.load.reader import MAX_BYTES, Unreadable, read_yaml
from generator.problems import ERROR, ProblemsFound

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2024

# (rule, path, line, column)
Found = tuple[str, str, int, int]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The small correct year as files."""
    root = tmp_path / "data"
    for path, text in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def path_of(name: str) -> str:
    return next(path for path in FILES if path.endswith(f"/{name}.yaml"))


def errors_of(data: Path) -> list[Found]:
    with pytest.raises(ProblemsFound) as raised:
        build_disclosure(data, YEAR)
    return [(p.rule, *p.place) for p in raised.value.problems if p.severity == ERROR]


def edit(data: Path, case: Case) -> Found:
    """Make the case's edit; gives what must be reported."""
    file = data / path_of(case.file)
    lines = file.read_text(encoding="utf-8").split("\n")
    assert case.old in lines[case.line - 1]
    edited = lines[case.line - 1].replace(case.old, case.new, 1)
    lines[case.line - 1] = edited
    file.write_bytes("\n".join(lines).encode())
    return case.rule, path_of(case.file), case.line, edited.index(case.at) + 1


def test_the_small_year_is_correct(data: Path) -> None:
    assert build_disclosure(data, YEAR).document.title == "苏州市教育局2024年部门预算公开"


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_one_mistake_is_reported_at_its_place(case: Case, data: Path) -> None:
    expected = edit(data, case)
    assert errors_of(data) == [expected]


def test_case_names_and_rules_are_many() -> None:
    assert len({case.name for case in CASES}) == len(CASES) > 80
    assert len({case.rule for case in CASES}) > 25


WHOLE_FILES: tuple[tuple[str, str, bytes | None, Found], ...] = (
    ("byte-order-mark", "revenue", b"\xef\xbb\xbf- {}\n", ("byte-order-mark", "", 1, 1)),
    ("gbk", "revenue", "# a\n# 收入\n".encode("gb18030"), ("not-utf-8", "", 2, 1)),
    ("utf-16", "revenue", "# 收入\n".encode("utf-16"), ("not-utf-8", "", 1, 1)),
    ("binary", "revenue", b"PK\x03\x04\xff\xfe\x81", ("not-utf-8", "", 1, 1)),
    ("nul", "revenue", b"- {\x00}\n", ("invisible-character", "", 1, 4)),
    ("empty", "department", b"", ("empty-file", "", 1, 0)),
    ("comments-only", "department", "# 部门\n".encode(), ("empty-file", "", 1, 0)),
    ("empty-expenditure", "expenditure", b"", ("empty-file", "", 1, 0)),
    ("empty-revenue", "revenue", "# 收入\n".encode(), ("empty-file", "", 1, 0)),
    ("empty-published", "facts", b"\n", ("empty-file", "", 1, 0)),
    ("list-for-mapping", "assets", b"- a\n", ("wrong-shape", "", 1, 1)),
    ("mapping-for-list", "revenue", "金额: 1\n".encode(), ("wrong-shape", "", 1, 1)),
    ("text-for-list", "revenue", "无\n".encode(), ("wrong-shape", "", 1, 1)),
    ("two-documents", "reasons", b"[]\n---\n[]\n", ("several-documents", "", 2, 1)),
    ("huge", "reasons", b"#" * (MAX_BYTES + 1), ("too-large", "", 0, 0)),
    ("too-many-nodes", "reasons", b"[" + b"1," * 10_000_001 + b"]", ("too-large", "", 0, 0)),
    ("missing-file", "revenue", None, ("missing-file", "", 0, 0)),
)


@pytest.mark.parametrize("whole", WHOLE_FILES, ids=[whole[0] for whole in WHOLE_FILES])
def test_a_whole_file_is_reported(whole: tuple[str, str, bytes | None, Found], data: Path) -> None:
    _, name, content, (rule, _, line, column) = whole
    path = path_of(name)
    if content is None:
        (data / path).unlink()
    else:
        (data / path).write_bytes(content)
    assert errors_of(data) == [(rule, path, line, column)]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_line_in_another_encoding_is_not_shown_as_noise(encoding: str, data: Path) -> None:
    (data / path_of("revenue")).write_bytes("# 收入\n".encode(encoding))
    with pytest.raises(ProblemsFound) as raised:
        build_disclosure(data, YEAR)
    (problem,) = (p for p in raised.value.problems if p.severity == ERROR)
    assert (problem.rule, problem.excerpt) == ("not-utf-8", "")


@pytest.mark.parametrize(
    ("file", "line", "text", "rule"),
    [
        ("department", 9, '  - {代码: "301003", 名称: 外单位, 性质: 事业}', "foreign-unit"),
        ("department", 9, '  - {代码: "201002", 名称: 又一个, 性质: 事业}', "duplicate-unit"),
        (
            "projects",
            1,
            '- {名称: 校舍维修, 单位: "201002", 类别: 特定目标类}',
            "duplicate-project",
        ),
        (
            "projects",
            1,
            '- {名称: 甲, 编码: P-1, 单位: "201001", 类别: 特定目标类}',
            "duplicate-project",
        ),
    ],
)
def test_a_line_too_many(file: str, line: int, text: str, rule: str, data: Path) -> None:
    """The second of two equal ones is reported; projects are inserted before the known one."""
    target = data / path_of(file)
    lines = target.read_text(encoding="utf-8").split("\n")
    lines.insert(line - 1, text)
    target.write_text("\n".join(lines), encoding="utf-8")
    place = (line, text.index("{") + 1) if file == "department" else (2, 3)
    assert errors_of(data) == [(rule, path_of(file), *place)]


@pytest.mark.parametrize("name", ["expenditures.yaml", "revenue.yml", "说明.yaml", "Assets.YAML"])
def test_an_unknown_file_name_is_reported(name: str, data: Path) -> None:
    (data / "2024" / name).write_text("", encoding="utf-8")
    assert errors_of(data) == [("unknown-file", f"2024/{name}", 0, 0)]


@pytest.mark.parametrize(
    ("path", "said", "advice"),
    [
        ("2024/controls.yaml.txt", "多了 .txt", "改名为“controls.yaml”"),
        ("2024/Procurement.yaml.TXT", "多了 .txt", "改名为“procurement.yaml”"),
        ("2024/assets.txt", "不会用它", "改名为“assets.yaml”"),
        ("2024/assets", "不会用它", "改名为“assets.yaml”"),
        ("2024/expenditure.xlsx", "只读 expenditure.yaml", "import"),
        ("2024/支出明细.yaml", "不认识的文件", "是不是“expenditure.yaml”？"),
        ("2023/published/facts.yaml.txt", "多了 .txt", "改名为“facts.yaml”"),
        ("2023/published/facts.yml", "不会用它", "改名为“facts.yaml”"),
        ("2023/published/facts", "不会用它", "改名为“facts.yaml”"),
    ],
)
def test_a_wrong_ending_is_reported(path: str, said: str, advice: str, data: Path) -> None:
    """Of a file that has taken the place of the one that is read."""
    stem = (data / path).name.partition(".")[0].lower()
    for own in (data / path).parent.glob(f"{stem}.yaml"):
        own.rename(data / path)
    (data / path).touch()
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, YEAR)
    (problem,) = (p for p in raised.value.problems if p.rule == "unknown-file")
    assert problem.place.path == path
    assert said in problem.message
    assert advice in problem.hint


def test_a_second_text_file_is_reported_and_not_to_be_renamed(data: Path) -> None:
    (data / "2024/expenditure.yaml.txt").touch()
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, YEAR)
    (problem,) = raised.value.problems
    assert (
        problem.hint == "已经有“expenditure.yaml”：看哪个是对的，只留一个，名称用“expenditure.yaml”"
    )


def test_a_year_of_wrong_endings_is_there(data: Path) -> None:
    for file in (data / "2024").iterdir():
        file.rename(f"{file}.txt")
    rules = {rule for rule, *_ in errors_of(data)}
    assert rules == {"unknown-file"}


def test_what_is_left_beside_a_file_is_left_alone(data: Path) -> None:
    """Copies that editors keep, what `publish` freezes, a folder."""
    others = ("2024/expenditure.xlsx", "2024/department.docx", "2024/revenue.yaml.orig")
    own = ("2024/revenue.yaml.bak", "2024/revenue.yaml~", "2023/published/facts.json")
    for name in (*own, *others):
        (data / name).write_bytes(b"")
    (data / "2024/assets").mkdir()
    load_budget(data, YEAR)


def test_an_empty_item_of_a_list_is_reported(data: Path) -> None:
    """In lines of their own, and in what was published."""
    department = data / "2024/department.yaml"
    text = department.read_text("utf-8") + "主要职责:\n  - 办好教育。\n  -\n"
    department.write_text(text, "utf-8")
    facts = data / "2023/published/facts.yaml"
    facts.write_text(facts.read_text("utf-8").replace("数据:", '完整: [""]\n数据:'), "utf-8")
    assert errors_of(data) == [
        ("blank-value", "2023/published/facts.yaml", 3, 6),
        ("blank-value", "2024/department.yaml", 15, 4),
    ]


def test_files_of_other_stages_and_other_kinds_are_left_alone(data: Path) -> None:
    """acknowledged.yaml is read, recode.yaml is another stage's, anything else is not ours."""
    for name in ("acknowledged.yaml", "recode.yaml", "controls.yaml", "说明.txt", "~$预算.xlsx"):
        (data / "2024" / name).write_bytes(b"")
    load_budget(data, YEAR)


def test_a_missing_year_names_those_there_are(data: Path) -> None:
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, 2031)
    (problem,) = raised.value.problems
    assert (problem.rule, problem.hint) == ("missing-year", "有数据的年度：2024")


def test_a_year_that_only_published_is_missing_too(data: Path) -> None:
    (data / "2025").mkdir()
    for year, message, more in (
        (2023, "没有 2023 年的数据，只有公布的数", ""),
        (2025, "没有 2025 年的数据", "；照上一年建：new 2025"),
    ):
        with pytest.raises(ProblemsFound) as raised:
            load_budget(data, year)
        (problem,) = raised.value.problems
        assert (problem.message, problem.hint) == (message, f"有数据的年度：2024{more}")


def test_no_unit_is_reported(data: Path) -> None:
    department = data / "2024/department.yaml"
    head = department.read_text(encoding="utf-8").split("\n")[:5]
    department.write_text("\n".join([*head, "单位: []"]) + "\n", encoding="utf-8")
    for name in ("expenditure", "revenue"):
        (data / path_of(name)).write_text("[]\n")
    for name in ("projects", "procurement"):
        (data / path_of(name)).unlink()
    assert errors_of(data) == [("no-units", "2024/department.yaml", 1, 1)]


def test_several_mistakes_are_reported_at_once(data: Path) -> None:
    """One in every file and several in one, in the order of files and lines."""
    names = (
        "code-unknown", "amount-wan-yuan", "project-unknown", "negative-revenue",
        "negative-count", "nested-unknown-key", "negative-quantity", "published-number",
        "list-for-text", "control-character",
    )  # fmt: skip
    chosen = [case for case in CASES if case.name in names]
    expected = sorted((edit(data, case) for case in chosen), key=lambda found: found[1:])
    assert errors_of(data) == expected


def test_an_unusable_department_does_not_hide_or_invent_mistakes(data: Path) -> None:
    by_name = {case.name: case for case in CASES}
    expected = [edit(data, by_name[name]) for name in ("unit-kind", "code-unknown", "amount-word")]
    assert errors_of(data) == expected


@pytest.mark.parametrize("name", ["tab", "indent", "full-width-brace"])
def test_an_unreadable_file_does_not_make_other_files_wrong(name: str, data: Path) -> None:
    case = next(case for case in CASES if case.name == name)
    expected = edit(data, case)
    assert errors_of(data) == [expected]


def test_windows_line_ends_are_no_mistake(data: Path) -> None:
    for path in data.rglob("*.yaml"):
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    budget = load_budget(data, YEAR).budget
    assert [line.place.line for line in budget.expenditure] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ("内设机构", "\u3000内设机构", "行首是全角空格"),
        ("内设机构: [办公室, 人事科]", "内设机构:\n  -办公室\n  -人事科", "以“- ”开头"),
    ],
)
def test_advice_on_a_slip_that_yaml_takes(old: str, new: str, advice: str, data: Path) -> None:
    file = data / "2024/department.yaml"
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
    with pytest.raises(ProblemsFound) as raised:
        load_budget(data, YEAR)
    (problem,) = raised.value.problems
    assert advice in problem.hint


def test_what_is_owed_is_not_wrong(data: Path) -> None:
    """待填 in an amount, a text and a nested record makes a draft and names each place."""
    for name, line, old in (("expenditure", 2, "838200.00"), ("performance", 3, "100%")):
        edit(data, Case("", name, line, old, "待填", "", "待填"))
    edit(data, Case("", "department", 12, "10.00", "待填", "", "待填"))
    built = build_disclosure(data, YEAR)
    places = [(p.rule, p.place.path, p.place.line) for p in built.owed if p.rule == "owed"]
    assert places == [
        ("owed", "2024/department.yaml", 12),
        ("owed", "2024/expenditure.yaml", 2),
        ("owed", "2024/performance.yaml", 3),
    ]
    assert built.document.draft
    assert len(built.book.budget.performance.indicators) == 1


def test_nothing_is_written_when_the_data_are_wrong(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    arguments = ["build", str(YEAR), "--data", str(data), "--out", str(out)]
    main(arguments)
    before = {path.name: path.read_bytes() for path in (out / "2024").iterdir()}
    assert before
    edit(data, next(case for case in CASES if case.name == "amount-wan-yuan"))
    run = subprocess.run(
        [sys.executable, "-m", "generator", *arguments],
        cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert run.returncode == 1
    assert "2024/expenditure.yaml:3:" in run.stderr
    assert "[bad-amount]" in run.stderr
    after = {path.name: path.read_bytes() for path in (out / "2024").iterdir()}
    assert {name: after.get(name) for name in before} == before
    shutil.rmtree(out)
    assert main(arguments) == 1
    assert not (out / "2024").exists()


@given(st.text(alphabet="- {}[]:,\"'#&*!|>%@`\n\t 金额单位0123.~?", max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_read_or_refused_with_a_place(text: str) -> None:
    """The reader never fails in another way."""
    try:
        read_yaml(text.encode(), "x.yaml")
    except Unreadable as error:
        assert all(p.place.path == "x.yaml" and p.place.line > 0 for p in error.problems)  # noqa: PT017
