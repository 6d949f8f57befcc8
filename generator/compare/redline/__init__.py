"""The redline: a Word file whose tracked changes turn one disclosure into the other."""
