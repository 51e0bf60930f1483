"""The rows that our load writes, in a file, for rivals that get them finished.

    python -m bench.rows DATA OUT

The file holds batches, pickled one after the other. They are plain tuples of plain values, so that
a rival can read them in an environment in which nothing of ours is installed.
"""

from __future__ import annotations

import pickle
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from graph.dataset import Sets
from graph.ontology import claim_label
from graph.store.staging import KINDS, Staging, stage
from graph.store.write import RowChange

BATCH = 5_000
#: The label at an edge's beginning, its type, and the label at its end. Nodes have their labels
#: in front and nothing behind, and so come first where the shapes are sorted.
Shape = tuple[str, str, str]


def write(data: Path, out: Path) -> None:
    """Check a data set, and write what a load would write: all nodes before any edge."""
    grouped: defaultdict[Shape, list[Any]] = defaultdict(list)
    with Staging() as staging:
        stage(Sets([data]), staging, None, lambda phase, done, of: None)
        staging.compare()
        for kind in KINDS:
            for change in staging.changes(kind):
                for shape, row in _rows(change):
                    grouped[shape].append(row)
    with out.open("wb") as file:
        for shape in sorted(grouped, key=lambda shape: shape[1:]):
            rest = iter(grouped[shape])
            while batch := list(islice(rest, BATCH)):
                pickle.dump((shape, batch), file)


def batches(path: Path) -> Iterator[tuple[Shape, list[Any]]]:
    """Yield what `write` wrote, one batch at a time."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)


def statement(shape: Shape) -> str:
    """The plainest Cypher that writes a batch."""
    source, edge, target = shape
    if not edge:
        return f"UNWIND $rows AS row CREATE (n:{source}) SET n = row"
    return (
        f"UNWIND $rows AS row MATCH (a:{source} {{id: row[0]}}) MATCH (b:{target} {{id: row[1]}}) "
        f"CREATE (a)-[r:{edge}]->(b) SET r = row[2]"
    )


def _rows(change: RowChange) -> Iterator[tuple[Shape, Any]]:
    """Yield the rows of a change, each with its shape; an edge's are its ends and properties."""
    body = change.body
    match change.kind:
        case "source":
            yield ("Source", "", ""), body
        case "entity":
            yield (f"Entity:{change.group}", "", ""), body
        case "claim":
            yield (f"Claim:{claim_label(change.group)}", "", ""), body["properties"]
            yield ("Claim", "FROM", "Source"), [change.id, body["source"], {}]
            for edge, label, target, position in body["edges"]:
                yield ("Claim", edge, label), [change.id, target, {"position": position}]
        case "succession":
            yield ("Claim", "SUPERSEDES", "Claim"), [*body, {}]
        case "judgement":
            ends = [body["left"], body["right"], body["properties"]]
            yield ("Entity", "JUDGED", "Entity"), ends
        case "tie":
            ends = [body["source"], body["target"], body["properties"]]
            yield ("Entity", change.group, "Entity"), ends


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
