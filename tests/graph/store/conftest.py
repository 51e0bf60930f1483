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

Put = Callable[..., LoadResult]


@pytest.fixture
def put(store: SyncStore, tmp_path: Path) -> Put:
    """Write a data set into a file and load it."""

    def do(told: Dataset | Sequence[Claim], **options: Any) -> LoadResult:
        whole = told if isinstance(told, Dataset) else make_dataset(claims=told)
        return load(store, [write(tmp_path / "data", whole)], **options)

    return do
