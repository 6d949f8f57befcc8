"""JSON Schemas: valid themselves, accepting the shipped data, refusing what the loader refuses."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import yaml
from bad_yaml_cases import FILES
from departments import write_department
from departments_drawn import departments
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from generator.load.schema import schema_files

ROOT = Path(__file__).resolve().parents[1]
SCHEMAS: dict[str, Any] = {name: json.loads(text) for name, text in schema_files().items()}


def schema_of(path: Path) -> Draft202012Validator:
    name = "published-facts" if path.parent.name == "published" else path.stem
    return Draft202012Validator(SCHEMAS[f"{name}.schema.json"])


def content_of(path: Path) -> Any:
    """As an editor sees it: every scalar a text."""
    return yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # texts only


def messages(path: Path, content: Any) -> list[str]:
    return [error.message for error in schema_of(path).iter_errors(content)]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_every_schema_is_valid_and_explains_its_keys(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    record = schema.get("items", schema)
    assert record["additionalProperties"] is False
    assert all(field["description"] for field in record["properties"].values())
    assert set(record["required"]) <= set(record["properties"])


@pytest.mark.parametrize(
    "path",
    [*sorted(ROOT.glob("data/2023/*.yaml")), ROOT / "data/2022/published/facts.yaml"],
    ids=lambda path: path.name,
)
def test_the_shipped_data_are_accepted_and_an_unknown_key_is_not(path: Path) -> None:
    content = content_of(path)
    assert messages(path, content) == []
    record = content[0] if isinstance(content, list) else content
    record["金頟"] = "1"
    assert len(messages(path, content)) == 1


@given(departments(max_lines=8))
@settings(max_examples=10)
def test_departments_of_all_kinds_are_accepted(department: Any) -> None:
    with TemporaryDirectory() as folder:
        write_department(department, Path(folder))
        for path in Path(folder).rglob("*.yaml"):
            content = content_of(path)
            assert content is None or messages(path, content) == [], path.name


@pytest.mark.parametrize(
    ("file", "key", "value"),
    [
        ("expenditure", "金额", "838200.005"),
        ("expenditure", "金额", "83.82万元"),
        ("expenditure", "金额", "-1"),
        ("expenditure", "功能科目", "20501"),
        ("expenditure", "类别", "人员经费"),
        ("expenditure", "涉密", "yes"),
        ("revenue", "资金来源", "财政拨款"),
        ("procurement", "采购目录", "劳务"),
    ],
)
def test_what_the_loader_refuses_the_schema_refuses(file: str, key: str, value: str) -> None:
    path = Path(f"2024/{file}.yaml")
    content = yaml.load(FILES[str(path)], yaml.BaseLoader)  # texts only
    assert messages(path, content) == []
    content[0][key] = value
    assert len(messages(path, content)) == 1


def test_a_missing_key_is_refused() -> None:
    path = Path("2024/revenue.yaml")
    content = yaml.load(FILES[str(path)], yaml.BaseLoader)  # texts only
    del content[0]["金额"]
    assert len(messages(path, content)) == 1
