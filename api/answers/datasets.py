"""Data sets, as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from api.answers.common import Answer, Meta
from api.http.public_address import address
from graph.model import DatasetRecord
from graph.queries.datasets import LoadedDataset


class DatasetOut(DatasetRecord, Answer):
    """A data set: who made it, what it holds, and when it was loaded."""

    counts: dict[str, int] = Field(description="How many records of each kind it has.")
    used_by: list[str] = Field(description="The data sets that use it.")
    loaded_at: datetime | None = Field(
        description="When its last load was complete; null where that was by an older version."
    )
    link: str


class DatasetAnswer(DatasetOut):
    """One data set."""

    meta: Meta


def dataset_out(dataset: LoadedDataset) -> DatasetOut:
    """Return a data set as the API shows it: not the folder, which is the server's affair."""
    return DatasetOut.of(
        dataset.record,
        counts=dataset.counts,
        used_by=list(dataset.used_by),
        loaded_at=dataset.loaded_at,
        link=address(f"/v1/datasets/{dataset.record.id}"),
    )
