"""How fast the API answers, served by its real process: `python -m bench.server`."""
