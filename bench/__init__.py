"""How fast it is, beside rivals in the same run: `python -m bench`. See README.md here."""
