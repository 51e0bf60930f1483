"""What a store holds, read without any query of ours, so that tests can compare two of them."""

from __future__ import annotations

import json
from typing import Any

from graph.store.values import plain
from tests.sync_store import SyncStore

#: What may differ between two loads of one data set.
_PASSING = ("completed_on", "sequence", "loaded_at", "path", "transaction", "snapshots", "changes")


def dump(store: SyncStore) -> list[str]:
    """Return every node with its labels, and every edge with its ends, each as a line of JSON."""
    with store.session() as session:
        nodes = session.run("MATCH (n) RETURN labels(n) AS labels, properties(n) AS properties")
        items = [[sorted(row["labels"]), _lasting(row["properties"])] for row in nodes]
        edges = session.run(
            "MATCH (a)-[r]->(b) RETURN labels(a) AS from, a.id AS id, type(r) AS type, "
            "properties(r) AS properties, labels(b) AS to, b.id AS other"
        )
        items += [
            [sorted(row["from"]), row["id"], row["type"], _lasting(row["properties"]),
             sorted(row["to"]), row["other"]]
            for row in edges
        ]  # fmt: skip
    return sorted(json.dumps(item, sort_keys=True, ensure_ascii=False) for item in items)


def _lasting(properties: dict[str, Any]) -> dict[str, Any]:
    lasting = {k: v for k, v in properties.items() if k not in _PASSING}
    plain_values: dict[str, Any] = plain(
        {k: v for k, v in lasting.items() if not k.startswith("lease_")}
    )
    return plain_values


def count(store: SyncStore, pattern: str) -> int:
    """Return how often a pattern is found: `(:Claim)-[:FROM]->()`."""
    statement = f"MATCH p = {pattern} RETURN count(p)"
    ((number,),) = store.rows(statement)
    return int(number)
