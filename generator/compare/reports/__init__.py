"""The change list as people and programs read it: one digest, and a file for each format."""
