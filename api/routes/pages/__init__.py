"""The pages: pieces of the graph from the store, drawn by `viz`."""

from __future__ import annotations

from fastapi import APIRouter, Depends

from api.routes.pages import cypher, feeds, graph, home, paths, records, stories, time, vocabulary
from api.routes.pages.shell import MOST_NODES, PAGE_ERRORS, is_page, message, use_language

__all__ = ["MOST_NODES", "PAGE_ERRORS", "is_page", "message", "router"]

router = APIRouter(include_in_schema=False, dependencies=[Depends(use_language)])
for _page in (home, graph, records, paths, stories, time, cypher, vocabulary, feeds):
    router.include_router(_page.router)
