"""Two disclosures compared: figures, wording and layout apart, each change in one of them."""
