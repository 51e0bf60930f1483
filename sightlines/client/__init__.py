"""A client of the HTTP API: typed answers, lists that go on by themselves, tables and graphs.

    from sightlines import Client

    with Client() as client:
        for tie in client.ties(to="irgc", min_origins=2):
            print(tie.sentence, tie.status)

`docs/client.ipynb` shows the whole of it.
"""

from __future__ import annotations

from sightlines.client.answers import Graph, Paths, Rows, Tie
from sightlines.client.client import Client
from sightlines.client.errors import (
    LeftOut,
    MissingExtra,
    Outdated,
    SightlinesProblem,
    Unreachable,
    Unreadable,
)
from sightlines.client.lists import Export, Records, Table

__all__ = [
    "Client",
    "Export",
    "Graph",
    "LeftOut",
    "MissingExtra",
    "Outdated",
    "Paths",
    "Records",
    "Rows",
    "SightlinesProblem",
    "Table",
    "Tie",
    "Unreachable",
    "Unreadable",
]
