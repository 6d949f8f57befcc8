"""From exported spreadsheets to the year's data files: every row accounted for, nothing guessed."""
