"""A store with the seeds, loaded once for all questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.store.address import Address
from tests.conftest import load_alone
from tests.sync_store import SyncStore


@pytest.fixture
def seeded(address: Address, seeds: Path) -> Iterator[SyncStore]:
    """A store that holds the seeds; tests that use it change nothing."""
    load_alone(address, seeds)
    with SyncStore(address) as store:
        yield store
