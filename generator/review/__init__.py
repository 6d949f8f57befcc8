"""Judging the finished document: sums on paper, wording, duties of disclosure, and the ledger."""
