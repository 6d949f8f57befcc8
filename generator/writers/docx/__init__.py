"""The Word file: WordprocessingML written as text, and read again as proof."""
