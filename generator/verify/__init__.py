"""Compares a Word file that people have edited with what was built and with the current data.

`package` opens the file safely, `reading` takes its text, `baseline` says what it should read,
`alignment`, `texts`, `grids` and `comparison` find the differences, `report` words them.
"""
