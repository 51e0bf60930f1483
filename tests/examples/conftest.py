"""Marks for examples that need more than Python: they say so, and are skipped without it."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Make the marks known."""
    config.addinivalue_line("markers", "node: needs Node.js and its neo4j-driver")
    config.addinivalue_line("markers", "neontology: needs the environment that `make bench` makes")
