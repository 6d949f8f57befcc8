"""Two disclosures compared: figures, wording and layout apart, each change in exactly one of them."""
