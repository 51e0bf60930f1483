"""`/metrics` for Prometheus: requests by route, refusals by reason, and how loads stand."""

from __future__ import annotations

from fastapi import FastAPI
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    generate_latest,
)
from prometheus_fastapi_instrumentator import Instrumentator
from prometheus_fastapi_instrumentator.metrics import Info, default
from starlette.responses import Response

from api.http.scope import request_notes
from api.request import Services
from graph.errors import StoreError


def install(app: FastAPI) -> None:
    """Count what the app answers, and serve the counts at `/metrics`."""
    registry = CollectorRegistry()
    rows = Counter(
        "sightlines_rows", "Rows of answers that are tables", ["route"], registry=registry
    )
    refusals = Counter("sightlines_refusals", "Problems by their code", ["code"], registry=registry)
    loading = Gauge("sightlines_loading", "Whether a load is under way", registry=registry)
    in_use = Gauge(
        "sightlines_cypher_places_taken", "Places for statements in use", registry=registry
    )
    snapshot = Gauge("sightlines_snapshot", "1 for the current snapshot", ["id"], registry=registry)

    def note(info: Info) -> None:
        if info.response is not None and "Sightlines-Rows" in info.response.headers:
            count = int(info.response.headers["Sightlines-Rows"])
            rows.labels(info.modified_handler).inc(count)
        code = request_notes(info.request.scope).get("code")
        if code:
            refusals.labels(code).inc()

    # Templates only: an address says what somebody looked up.
    instrumentator = Instrumentator(
        should_group_status_codes=False,
        should_group_untemplated=True,
        excluded_handlers=["/metrics"],
        registry=registry,
    )
    instrumentator.add(default(registry=registry)).add(note).instrument(app)

    @app.get("/metrics", include_in_schema=False)
    async def read_metrics() -> Response:
        await _note_state(app.state.services, loading, snapshot, in_use)
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


async def _note_state(services: Services, loading: Gauge, snapshot: Gauge, in_use: Gauge) -> None:
    try:
        state = await services.state_cache.current()
    except StoreError:  # The counts of requests are of use all the same.
        return
    loading.set(state.loading)
    snapshot.clear()
    if state.snapshot:
        snapshot.labels(state.snapshot).set(1)
    in_use.set(services.cypher_slots.in_use if services.cypher_slots else 0)
