"""Stores for tests of questions: with the seeds, or with many claims of few ties."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.dataset import Dataset
from graph.store.address import Address
from graph.store.loader import load
from tests.conftest import load_alone
from tests.graph.queries.expected import crowd_dataset
from tests.strategies import write
from tests.sync_store import SyncStore


@pytest.fixture
def seed_store(address: Address, seeds: Path) -> Iterator[SyncStore]:
    """A store that holds the seeds; tests that use it change nothing."""
    load_alone(address, seeds)
    with SyncStore(address) as store:
        yield store


@pytest.fixture
def crowd(store: SyncStore, tmp_path: Path) -> Dataset:
    """Many claims of few ties, loaded."""
    dataset = crowd_dataset()
    load(store, [write(tmp_path / "data", dataset)])
    return dataset
