"""What the API answers with, and how it is made from records: the rules are in `graph`."""
