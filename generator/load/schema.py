"""JSON Schemas for ordinary editors, generated from the declarations in `model`."""

from __future__ import annotations

import json

from generator.fields import FieldType, ListOf, RecordOf
from generator.load.budget import LIST_FILES, MAPPING_FILES, PUBLISHED_FILE
from generator.load.records import declared_fields
from generator.model import Published
from generator.units import UnitProfile

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_files() -> dict[str, bytes]:
    """File name -> schema; `expenditure.schema.json` describes expenditure.yaml, and so on."""
    schemas: dict[str, dict[str, object]] = {}
    for name, record in LIST_FILES.items():
        schemas[name] = {"type": "array", "items": _record_schema(record)}
    mappings = {**MAPPING_FILES, PUBLISHED_FILE: Published, "units/unit.yaml": UnitProfile}
    for name, record in mappings.items():
        schemas[name] = _record_schema(record)
    return {
        name.replace("/", "-").replace(".yaml", ".schema.json"): (
            json.dumps({"$schema": _DIALECT, **schema}, ensure_ascii=False, indent=2) + "\n"
        ).encode()
        for name, schema in schemas.items()
    }


def _record_schema(record: type) -> dict[str, object]:
    fields = declared_fields(record)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.key for field in fields.values() if field.required],
        "properties": {
            field.key: {
                **_type_schema(field.type),
                "title": field.key,
                "description": field.meaning,
            }
            for field in fields.values()
        },
    }


def _type_schema(type_: FieldType | ListOf | RecordOf) -> dict[str, object]:
    if isinstance(type_, FieldType):
        return dict(type_.schema)
    if isinstance(type_, RecordOf):
        return _record_schema(type_.record)
    item = type_.item
    inner = dict(item.schema) if isinstance(item, FieldType) else _record_schema(item)
    return {"type": "array", "items": inner}
