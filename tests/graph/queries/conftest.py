"""A store with the seeds, loaded once for all questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.address import Address
from graph.store.connection import Store
from graph.store.loader import load
from tests.conftest import empty


@pytest.fixture(scope="module")
def seeded(address: Address, seeds: Path) -> Iterator[Store]:
    """A store that holds the seeds; tests that use it change nothing."""
    with Store(address) as store:
        empty(store)
        load(store, [seeds])
        yield store
