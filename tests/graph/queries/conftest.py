"""A store with the seeds, loaded once for all questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.address import Address
from graph.store.loader import load
from graph.store.state import STATE
from tests.conftest import empty
from tests.sync_store import SyncStore

#: The name of the data set that the repository brings.
SEEDS = "sightlines-seeds"


@pytest.fixture
def seeded(address: Address, seeds: Path) -> Iterator[SyncStore]:
    """A store that holds the seeds; tests that use it change nothing.

    It is loaded where the test before has left something else, which costs nothing otherwise.
    """
    with SyncStore(address) as store:
        if store.ask(STATE).data_set != SEEDS:
            empty(store)
            load(store, [seeds])
        yield store
