"""model.json and facts.json: put together as text in parts, and still what json would write."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from docx_sample import LIST_TABLE, sample, segments

from generator.build import build_disclosure
from generator.document import BODY, FIGURE, Cell, Row
from generator.problems import Place
from generator.writers import evidence
from generator.writers.evidence import sources, write_facts, write_model

DATA = Path(__file__).parent.parent / "data"
AWKWARD = '引"号\\反\n换\t制，</w:t>'


def test_rows_are_json_whatever_their_texts() -> None:
    cells = (
        Cell(AWKWARD, 0, 2, 3, "right", FIGURE, AWKWARD, None, header=True),
        Cell("", 2),
        Cell("甲", 3, align="center"),
    )
    table = replace(LIST_TABLE, rows=(Row(AWKWARD, BODY, cells),), notes=(segments(AWKWARD),))
    section = replace(sample().sections[2], blocks=(table,))
    model = json.loads(write_model(replace(sample(), sections=(section,))))
    block = model["sections"][0]["blocks"][0]
    assert block["rows"] == [
        {
            "key": AWKWARD,
            "role": "body",
            "cells": [
                {
                    "column": 0,
                    "text": AWKWARD,
                    "column_span": 2,
                    "row_span": 3,
                    "align": "right",
                    "figure": AWKWARD,
                    "kind": "figure",
                    "header": True,
                },
                {"column": 2, "text": ""},
                {"column": 3, "text": "甲", "align": "center"},
            ],
        }
    ]
    assert block["notes"] == [[{"kind": "literal", "text": AWKWARD}]]


def test_a_block_and_a_fact_are_a_line_each() -> None:
    """So that a change of one figure is a change of one line."""
    built = build_disclosure(DATA, 2023)
    facts = write_facts(built).decode()
    assert len(facts.splitlines()) == len(json.loads(facts)["facts"]) + 2
    model = write_model(built.document).decode()
    blocks = sum(len(section.blocks) for section in built.document.sections)
    assert len(model.splitlines()) == blocks + 2 * len(built.document.sections) + 2


PLACES = (
    *(Place("a.yaml", line, 3) for line in (2, 3, 4, 7)),
    Place("b.yaml", 1, 3),
    Place("b.yaml", 1, 40),
    Place("b.yaml", 3, 3),
)


def test_sources_are_listed_line_by_line() -> None:
    assert sources(PLACES) == [
        *("a.yaml:2", "a.yaml:3", "a.yaml:4", "a.yaml:7"),
        *("b.yaml:1", "b.yaml:3"),
    ]


def test_very_many_sources_are_ranges(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "LISTED_SOURCES", 6)
    assert sources(PLACES) == ["a.yaml:2-4,7", "b.yaml:1,3"]
