"""A client of the HTTP API: lists that go on by themselves, tables and graphs.

    from sightlines import Client

    with Client() as client:
        for tie in client.ties(to="irgc", min_independent=2):
            print(tie.sentence, tie.status)

`docs/client.ipynb` shows the whole of it. The server hands this package out as a wheel: it imports
nothing of Sightlines but itself, and needs httpx2 and pydantic alone.
"""

from __future__ import annotations

from sightlines.client.answers import Graph, Paths, Rows, Tie
from sightlines.client.client import Client
from sightlines.client.errors import (
    ClientError,
    LeftOut,
    Outdated,
    SightlinesProblem,
    Unreachable,
    Unreadable,
)
from sightlines.client.lists import Export, Records, Table
from sightlines.client.objects import JsonObject, Page

__all__ = [
    "Client",
    "ClientError",
    "Export",
    "Graph",
    "JsonObject",
    "LeftOut",
    "Outdated",
    "Page",
    "Paths",
    "Records",
    "Rows",
    "SightlinesProblem",
    "Table",
    "Tie",
    "Unreachable",
    "Unreadable",
]
