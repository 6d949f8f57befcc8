"""Random departments as a hypothesis strategy: small by default, sizes shrink before the seed."""

from __future__ import annotations

from departments import Department, random_department
from hypothesis import strategies as st


def departments(
    max_units: int = 3, max_lines: int = 12, *, min_lines: int = 0
) -> st.SearchStrategy[Department]:
    """Departments of up to `max_units` units and `max_lines` drawn expenditure lines."""
    return st.builds(
        random_department,
        st.integers(0, 2**32),
        units=st.integers(1, max_units),
        lines=st.integers(min_lines, max_lines),
    )
