"""One file per output format; each prints a `generator.document.Document` and computes nothing."""
