"""Every mistake of a template, phrase or constant in one run, with its place; nothing is rendered."""
