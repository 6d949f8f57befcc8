"""The annexed tables: editors' YAML layouts, the rows they list, and the tables built from both."""
