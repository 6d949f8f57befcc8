"""Records to the lines the loader reads: one flow mapping a line, codes quoted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

# Values that would be mistaken for something else, or break a flow mapping, are quoted.
_BARE = re.compile(r"[^\W\d_][\w（）《》“”、。；·/+%≥≤\-]*")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "待填"}
_AMOUNT_KEYS = ("金额", "其中财政拨款", "采购数量", "数值")


def record_line(values: Mapping[str, str], indent: str = "") -> str:
    """`- {单位: "159001", …}`; keys in the order given."""
    pairs = ", ".join(f"{key}: {scalar(key, value)}" for key, value in values.items())
    return f"{indent}- {{{pairs}}}"


def scalar(key: str, value: str) -> str:
    """A value as it stands in a flow mapping: amounts bare, codes quoted."""
    if key in _AMOUNT_KEYS:
        return value
    if _BARE.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)
