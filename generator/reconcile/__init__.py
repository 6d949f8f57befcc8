"""Brings wording edited in Word back to the lines that printed it: proposes patches, tries each.

`files` reads and changes sources, `pieces` says which source each stretch of text comes from,
`reading` what an edit did to them, `trial` rebuilds with a patch and accepts or refuses it.
"""
