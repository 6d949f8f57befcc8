"""Every number of the disclosure, defined once, computed exactly and rounded in one place."""
