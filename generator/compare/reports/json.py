"""The change list as JSON, for other programs. Fields are only ever added within one version."""

from __future__ import annotations

import json
from decimal import Decimal

from generator.compare.changes import LAYERS, Change, Comparison
from generator.compare.reports.digest import SUMMARY, summary_of

SCHEMA_VERSION = 1


def json_report(comparison: Comparison) -> str:
    """Sides, counts, the main points, the three layers, warnings and remarks; numbers as decimal strings."""
    report = {
        "schema_version": SCHEMA_VERSION,
        "old": comparison.old._asdict(),
        "new": comparison.new._asdict(),
        "counts": comparison.counts(),
        SUMMARY: [_change(change) for change in summary_of(comparison)],
        **{layer: [_change(c) for c in comparison.layer(layer)] for layer in LAYERS},
        "warnings": [caution._asdict() for caution in comparison.cautions],
        "remarks": list(comparison.remarks),
    }
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def _change(change: Change) -> dict[str, object]:
    entry: dict[str, object] = {
        "kind": change.kind,
        "subject": change.subject,
        "title": change.title,
        "old": change.old,
        "new": change.new,
        "places": list(change.places),
    }
    if change.amounts is not None:
        entry["amounts"] = {
            name: f"{value:f}" if isinstance(value, Decimal) else value
            for name, value in change.amounts._asdict().items()
        }
    if change.edits:
        entry["edits"] = [edit._asdict() for edit in change.edits]
    if change.details:
        entry["details"] = list(change.details)
    return entry
