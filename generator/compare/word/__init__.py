"""A Word file read as a document, as far as its text and our anchors tell."""
