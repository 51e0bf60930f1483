"""What the API answers with: shape only. The rules behind the values are in `graph`."""
