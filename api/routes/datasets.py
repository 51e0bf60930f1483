"""Data sets: what the store holds, by whom, and under which licence."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.answers.common import Page
from api.answers.datasets import DatasetAnswer, DatasetOut, dataset_out
from api.missing import missing_dataset
from api.parameters import Read
from api.request import RequestDep, SnapshotRoute
from api.responses import links_to
from graph.queries.datasets import DATASETS

router = APIRouter(route_class=SnapshotRoute, tags=["snapshots"])


DatasetPath = Annotated[str, Path(max_length=120, examples=["top-ten-2022"])]


@router.get("/datasets", responses=links_to("read_dataset", dataset_id="id"))
async def list_datasets(request: RequestDep, params: Annotated[Read, Query()]) -> Page[DatasetOut]:
    """List the data sets that the store holds, in the order of their ids."""
    datasets = await request.ask(DATASETS)
    return Page(
        results=[dataset_out(dataset) for dataset in datasets],
        total=len(datasets),
        next=None,
        meta=request.meta(params),
    )


@router.get("/datasets/{dataset_id}")
async def read_dataset(
    dataset_id: DatasetPath, request: RequestDep, params: Annotated[Read, Query()]
) -> DatasetAnswer:
    """Read one data set: its author, its licence, what it uses and how much it holds."""
    datasets = {dataset.record.id: dataset for dataset in await request.ask(DATASETS)}
    if dataset_id not in datasets:
        raise await missing_dataset(request, dataset_id)
    return DatasetAnswer.of(dataset_out(datasets[dataset_id]), meta=request.meta(params))
