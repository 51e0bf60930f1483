"""Whether the process lives, and whether it can answer."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from api.answers.service import Health, Readiness
from api.parameters import Nothing
from api.request import RequestDep, SnapshotRoute, snapshot_ref

router = APIRouter(route_class=SnapshotRoute, tags=["service"])


@router.get("/healthz")
async def read_health(request: RequestDep, _: Annotated[Nothing, Query()]) -> Health:
    """Say that the process answers; the store is not asked."""
    return Health(version=request.services.version)


@router.get("/readyz")
async def read_readiness(request: RequestDep, _: Annotated[Nothing, Query()]) -> Readiness:
    """Say which snapshot answers are made from; 503 before the first load is complete."""
    state = await request.state()
    # It tells of this very moment, which no tag names.
    del request.response.headers["ETag"]
    request.response.headers["Cache-Control"] = "no-store"
    return Readiness(ready=True, snapshot=snapshot_ref(state), loading=state.loading)
