"""From the files of a year to a valid Budget: strict reading, all mistakes at once, with places."""
