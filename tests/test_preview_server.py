"""The preview's server: what it shows, what it saves, and everything it refuses."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from generator.build import build_disclosure
from generator.narrative.vocabulary import LISTS, TEXTS
from generator.preview.sources import Refused, Sources, Stale
from generator.writers.html import document_html
from tests.preview_desk import LAYOUT, NARRATIVE, REASONS, Desk, desk_in

OLD, NEW = "具体支出情况如下", "具体情况如下"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with desk_in(tmp_path) as running:
        yield running


def source(desk: Desk, path: str) -> dict:
    status, body = desk.ask(f"/source?path={path}")
    assert status == 200
    return body


def save(desk: Desk, path: str, text: str, version: str) -> tuple[int, dict]:
    return desk.send("/save", {"path": path, "text": text, "version": version})


# What it shows


def test_state_is_the_document_with_its_places(desk: Desk) -> None:
    built = build_disclosure(desk.data, 2023, desk.templates)
    status, state = desk.ask("/state")
    assert status == 200
    assert state["html"] == document_html(built.document, places=True)
    assert [problem["message"] for problem in state["problems"]] == [
        p.message for p in built.problems
    ]
    assert state["current"]


def test_a_unit_has_a_preview_of_its_own(tmp_path: Path) -> None:
    with desk_in(tmp_path, "159002") as desk:
        _, state = desk.ask("/state")
        assert state["title"] == "平顶山市行政审批服务中心2023年单位预算公开"
        assert "平顶山市政务服务和大数据管理局" not in state["html"]
        before = desk.session.state.number
        reasons = desk.data / "2023/units/159002/reasons.yaml"
        reasons.parent.mkdir(parents=True, exist_ok=True)
        reasons.write_text("- {指标: 没有这个, 原因: 某事}\n", encoding="utf-8")
        state = desk.session.newer_than(before, 20)
        assert [p.place.path for p in state.problems if p.severity == "错误"] == [
            "2023/units/159002/reasons.yaml"
        ]


def test_unknown_unit_is_named_with_those_there_are(tmp_path: Path) -> None:
    with desk_in(tmp_path, "999999") as desk:
        _, state = desk.ask("/state")
        assert [(p["rule"], p["hint"]) for p in state["problems"]] == [
            ("unknown-unit", "单位代码有：159001、159002")
        ]


@pytest.mark.parametrize("path", [NARRATIVE, LAYOUT, REASONS])
def test_a_file_saved_elsewhere_is_seen(desk: Desk, path: str) -> None:
    before = desk.session.state.number
    with desk.file(path).open("a", encoding="utf-8") as stream:
        stream.write("\n# 一行\n" if path.endswith(".yaml") else "\n新的一段。\n")
    state = desk.session.newer_than(before, 20)
    assert state.number > before
    assert state.current
    assert ("新的一段。" in state.html) == path.endswith(".txt")


def test_a_mistake_names_its_line_and_the_last_good_document_stays(desk: Desk) -> None:
    good = desk.session.state
    text = desk.text(NARRATIVE)
    line = text.split("\n").index("## 七、“三公”经费支出情况说明") + 1
    wrong = text.replace("## 七、“三公”经费", "## 七、{{ 三公经废 | 金额 }}")
    status, _ = save(desk, NARRATIVE, wrong, source(desk, NARRATIVE)["version"])
    assert status == 200
    state = desk.session.newer_than(good.number, 20)
    assert state.html == good.html
    assert not state.current
    assert f"{NARRATIVE}:{line}" in [problem.place.file_line for problem in state.problems]
    save(desk, NARRATIVE, text, source(desk, NARRATIVE)["version"])
    assert desk.session.newer_than(state.number, 20).current


def test_figure_shows_meaning_formula_last_year_and_lines(desk: Desk) -> None:
    status, figure = desk.ask("/figure?name=" + "%E5%85%AC%E5%8A%A1%E6%8E%A5%E5%BE%85%E8%B4%B9")
    assert status == 200
    tree = figure["tree"]
    assert (figure["name"], tree["value"], figure["prior"]) == ("公务接待费", "2.5万元", "2万元")
    assert figure["change"] == "增加0.5万元，25%"
    assert tree["formula"] == "支出明细之和（经济科目 = 30217，资金来源 = 一般公共预算）"
    assert tree["meaning"]
    lines = desk.text("2023/expenditure.yaml").split("\n")
    for line in tree["lines"]:
        assert "30217" in lines[int(line["place"].rpartition(":")[2]) - 1]
    assert figure["prior_place"].startswith("2022/published/facts.yaml:")
    assert desk.ask("/figure?name=x")[0] == 404


def test_names_have_this_years_values(desk: Desk) -> None:
    status, groups = desk.ask("/names")
    assert status == 200
    names = {group["title"]: {name["name"]: name for name in group["names"]} for group in groups}
    assert names["指标"]["三公经费"]["value"] == "6.5万元"
    assert names["指标"]["三公经费"]["insert"] == "{{ 三公经费 | 金额 }}"
    assert names["指标"]["车辆"]["insert"] == "{{ 车辆 | 数量 }}"
    assert names["文字"]["年"]["value"] == "2023"
    assert set(TEXTS) <= set(names["文字"])
    assert set(LISTS) == set(names["列表"])


def test_what_is_inserted_is_right(desk: Desk) -> None:
    """Every name's text to insert, put into a template, builds."""
    _, groups = desk.ask("/names")
    inserts = [n["insert"] for g in groups[:3] for n in g["names"]]
    with desk.file(NARRATIVE).open("a", encoding="utf-8") as stream:
        stream.write("\n\n" + "\n\n".join(inserts) + "\n")
    build_disclosure(desk.data, 2023, desk.templates)


def test_word_file_is_of_the_last_good_document(desk: Desk) -> None:
    status, content = desk.ask("/word")
    assert status == 200
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]
    assert any("“三公”经费预算为6.5万元" in text for text in texts)


# What it saves


def test_save_then_undo(desk: Desk) -> None:
    before = desk.file(NARRATIVE).read_bytes()
    opened = source(desk, NARRATIVE)
    assert not opened["undoable"]
    status, saved = save(desk, NARRATIVE, opened["text"].replace(OLD, NEW), opened["version"])
    assert (status, saved["undoable"]) == (200, True)
    assert desk.file(NARRATIVE).read_bytes() == before.replace(OLD.encode(), NEW.encode())
    status, undone = desk.send("/undo", {"path": NARRATIVE, "version": saved["version"]})
    assert (status, undone["undoable"], undone["version"]) == (200, False, opened["version"])
    assert desk.file(NARRATIVE).read_bytes() == before
    assert desk.send("/undo", {"path": NARRATIVE, "version": undone["version"]})[0] == 409
    assert not [file for file in desk.templates.rglob("*") if file.suffix == ".tmp"]


def test_second_save_of_a_stale_version_is_refused_and_brings_the_first(desk: Desk) -> None:
    opened = source(desk, REASONS)
    first = opened["text"] + "# 甲\n"
    assert save(desk, REASONS, first, opened["version"])[0] == 200
    status, body = save(desk, REASONS, opened["text"] + "# 乙\n", opened["version"])
    assert status == 409
    assert body["current"]["text"] == first == desk.text(REASONS)
    assert save(desk, REASONS, first + "# 乙\n", body["current"]["version"])[0] == 200
    with desk.file(REASONS).open("a", encoding="utf-8") as stream:
        stream.write("# 记事本\n")
    status, body = desk.send("/undo", {"path": REASONS, "version": body["current"]["version"]})
    assert status == 409
    assert desk.text(REASONS).endswith("# 甲\n# 乙\n# 记事本\n")


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    """Twenty writers add a line each, asking again when refused: every line arrives."""
    file = tmp_path / "a.txt"
    file.write_text("", encoding="utf-8")
    sources = Sources([tmp_path])

    def add(number: int) -> None:
        current = sources.read("a.txt")
        while True:
            try:
                sources.save("a.txt", f"{current.text}{number}\n", current.version)
            except Stale as stale:
                current = stale.current
            else:
                return

    threads = [threading.Thread(target=add, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(int, file.read_text(encoding="utf-8").split())) == list(range(20))


def test_line_ends_stay_their_own(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"a\r\nb\r\n")
    sources = Sources([tmp_path])
    opened = sources.read("a.txt")
    assert opened.text == "a\nb\n"
    sources.save("a.txt", "a\nc\n", opened.version)
    assert file.read_bytes() == b"a\r\nc\r\n"


# What it refuses


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example:80"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": None},
        {"Sec_Fetch_Site": "cross-site"},
        {"X_Token": "wrong", "X-Token": None},
        {"X-Token": None},
    ],
    ids=str,
)
def test_foreign_senders_are_refused(desk: Desk, headers: dict[str, str]) -> None:
    opened = source(desk, NARRATIVE)
    before = desk.file(NARRATIVE).read_bytes()
    body = {"path": NARRATIVE, "text": "", "version": opened["version"]}
    assert desk.send("/save", body, **headers)[0] == 403
    assert desk.file(NARRATIVE).read_bytes() == before


@pytest.mark.parametrize(
    "path", ["/", "/state", "/events", "/names", "/source?path=" + NARRATIVE, "/word"]
)
def test_nothing_is_shown_without_the_token_or_to_others(desk: Desk, path: str) -> None:
    assert desk.request("GET", path, b"", {})[0] == 403
    assert desk.ask(path, Host="evil.example")[0] == 403
    assert desk.ask(path, Origin="http://evil.example")[0] == 403


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("../outside.txt", 403),
        ("henan/../../outside.txt", 403),
        ("henan/narrative/../../../outside.txt", 403),
        ("/etc/passwd.txt", 403),
        ("C:/outside.txt", 403),
        ("henan\\..\\outside.txt", 403),
        ("", 403),
        ("henan/./narrative/30-explanation.txt", 403),
        ("henan/style.docx", 403),
        ("catalogue/2023/local.csv", 403),
        ("henan/narrative/link.txt", 403),
        ("linked/outside.txt", 403),
        ("henan/narrative/new.txt", 404),
        ("henan/narrative/gbk.txt", 415),
        ("henan/narrative/mark.txt", 415),
    ],
)
def test_other_paths_are_refused(desk: Desk, tmp_path: Path, path: str, status: int) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("别动", encoding="utf-8")
    narrative = desk.templates / "henan/narrative"
    (narrative / "link.txt").symlink_to(outside)
    (desk.templates / "linked").symlink_to(tmp_path)
    (narrative / "gbk.txt").write_bytes("中文".encode("gbk"))
    (narrative / "mark.txt").write_bytes("中文".encode("utf-8-sig"))
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    assert desk.ask(f"/source?path={path}".replace("\\", "%5C"))[0] == status
    version = "0" * 32
    assert desk.send("/save", {"path": path, "text": "改了", "version": version})[0] == status
    assert desk.send("/undo", {"path": path, "version": version})[0] == status
    assert {file: file.read_bytes() for file in before} == before
    assert not (narrative / "new.txt").exists()


def test_published_figures_are_read_only(desk: Desk) -> None:
    path = "2022/published/facts.yaml"
    opened = source(desk, path)
    assert opened["read_only"]
    assert save(desk, path, "", opened["version"])[0] == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"path": "\xff\xfe", "text": "", "version": ""}', 400),
        (b"[1, 2]", 400),
        (b"{", 400),
        ({"path": NARRATIVE, "text": 1, "version": ""}, 400),
        ({"path": NARRATIVE, "version": ""}, 400),
    ],
)
def test_bodies_that_are_no_request(desk: Desk, body: object, status: int) -> None:
    assert desk.send("/save", body)[0] == status


def test_text_that_is_not_unicode_or_too_long(desk: Desk) -> None:
    version = source(desk, NARRATIVE)["version"]
    assert save(desk, NARRATIVE, "\ud800", version)[0] == 400
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert desk.send("/save", b"path=a", **form)[0] == 415
    assert source(desk, NARRATIVE)["version"] == version
    assert desk.send("/save", b"", **{"Content-Length": str(10**9)})[0] == 413


def test_locked_file_keeps_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("旧", encoding="utf-8")
    sources = Sources([tmp_path])
    version = sources.read("a.txt").version
    (tmp_path / "a.txt").unlink()
    with pytest.raises(Refused) as refused:
        sources.save("a.txt", "新", version)
    assert refused.value.status == 404


def test_before_the_first_good_document_the_problems_are_shown(tmp_path: Path) -> None:
    with desk_in(tmp_path) as desk:
        text = desk.text(NARRATIVE)
        number = desk.session.state.number
        desk.file(NARRATIVE).write_text(text + "\n{{ 没有 }}\n", encoding="utf-8")
        desk.session.newer_than(number, 20)
        again = type(desk.session)(desk.data, 2023, desk.templates)
        again.start()
        assert (again.state.html, again.state.built) == ("", None)
        assert [p.place.path for p in again.state.problems if p.severity == "错误"] == [NARRATIVE]
        again.close()
