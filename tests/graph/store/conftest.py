"""Loading a data set that a test makes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from graph.dataset import Dataset
from graph.model import Claim
from graph.store.loader import LoadResult, load
from tests.strategies import make_dataset, write
from tests.sync_store import SyncStore

LoadSet = Callable[..., LoadResult]


@pytest.fixture
def load_set(store: SyncStore, tmp_path: Path) -> LoadSet:
    """Write a data set into a file and load it."""

    def do(records: Dataset | Sequence[Claim], **options: Any) -> LoadResult:
        whole = records if isinstance(records, Dataset) else make_dataset(claims=records)
        return load(store, [write(tmp_path / "data", whole)], **options)

    return do


def interrupt(phase: str, done: int, of: int) -> None:
    """Interrupt a load when it comes to its claims: for `progress`."""
    if phase == "claims":
        raise KeyboardInterrupt
