"""A year as it was published: its record, what is frozen, and what changed afterwards."""
