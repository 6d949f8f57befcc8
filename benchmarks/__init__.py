"""How fast it is, against docxtpl on the same content and against itself at other sizes.

A section a file: `rows()` measures and yields what is printed. `python -m benchmarks warm cold`
runs some of them, without words all.
"""
