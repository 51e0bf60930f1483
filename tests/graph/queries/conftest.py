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

#: The data sets that the repository brings.
SEEDS = ["top-ten-2022", "treasury-2012", "treasury-2022"]


@pytest.fixture
def seeded(address: Address, seeds: Path) -> Iterator[SyncStore]:
    """A store that holds the seeds; tests that use it change nothing.

    It is loaded where the test before has left something else, which costs nothing otherwise.
    """
    with SyncStore(address) as store:
        if [d.id for d in store.ask(STATE).datasets] != SEEDS:
            empty(store)
            load(store, [seeds])
        yield store
