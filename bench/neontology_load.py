"""The rival neontology: the entities and ties that our load writes, as its manual does it in bulk.

It runs in an environment of its own (neontology.lock), where nothing of this project is installed:

    python neontology_load.py ROWS URI PASSWORD_FILE

One line of JSON goes to stdout, as in measures.py.
"""

from __future__ import annotations

import json
import pickle
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from neontology import BaseNode, BaseRelationship, Neo4jConfig, init_neontology
from pydantic import create_model

_TEXTS = ("claim_ids", "claim_statuses", "claim_origins")
_DAYS = tuple(
    f"claim_{name}"
    for name in (
        "held_from",
        "held_to",
        "surely_from",
        "surely_to",
        "known_from",
        "surely_known_from",
        "first_days",
        "last_days",
    )
)


class Entity(BaseNode):
    """An entity; the classes of the types only add a label."""

    __primarylabel__: ClassVar[str] = "Entity"
    __primaryproperty__: ClassVar[str] = "id"
    id: str
    type: str | None = None
    name: str | None = None
    names: list[str] | None = None
    name_langs: list[str] | None = None
    name_scripts: list[str] | None = None
    name_kinds: list[str] | None = None
    search_text: str | None = None
    description: str | None = None
    canonical_id: str | None = None
    content_hash: str | None = None


#: A tie; the classes of the types only add the type. Its lists come twice: for claims that affirm
#: it and for claims that deny it.
Tie = create_model(
    "Tie",
    __base__=BaseRelationship,
    source=(Entity, ...),
    target=(Entity, ...),
    status=(str, ...),
    rank=(int, ...),
    disputed=(bool, ...),
    independent=(int, ...),
    origin_ids=(list[str], ...),
    claims=(int, ...),
    first=(date | None, None),
    last=(date | None, None),
    content_hash=(str, ...),
    **{f"{p}{name}": (list[str] | None, None) for p in ("", "denial_") for name in _TEXTS},
    **{f"{p}{name}": (list[date] | None, None) for p in ("", "denial_") for name in _DAYS},
)


def batches(path: Path) -> Iterator[tuple[tuple[str, str, str], list[Any]]]:
    """Yield the batches of entities, and then those of ties."""
    with path.open("rb") as file:
        while file.peek(1):
            shape, rows = pickle.load(file)
            ends = (shape[0].partition(":")[0], shape[2])
            if ends == ("Entity", "") or (ends == ("Entity", "Entity") and shape[1] != "JUDGED"):
                yield shape, rows


def classes(shapes: list[tuple[str, str, str]]) -> dict[tuple[str, str, str], Any]:
    """Make a class for each type of entity and of tie, as a user of neontology writes them."""
    models: dict[tuple[str, str, str], Any] = {}
    for shape in shapes:
        label, edge, _ = shape
        kind = label.partition(":")[2]
        fields: dict[str, Any] = {"__module__": __name__}
        if edge:
            fields["__relationshiptype__"] = edge
            models[shape] = type(edge.title().replace("_", ""), (Tie,), fields)
        else:
            fields["__secondarylabels__"] = [kind]
            models[shape] = type(kind, (Entity,), fields)
    return models


def main(rows: Path, uri: str, password_file: Path) -> None:
    """Write everything, and print how long it took."""
    shapes = list(batches(rows))
    models = classes([shape for shape, _ in shapes])
    password = password_file.read_text("ascii")
    init_neontology(Neo4jConfig(uri=uri, username="neo4j", password=password))
    amount, start = 0, time.perf_counter()
    for shape, batch in shapes:
        if shape[1]:
            models[shape].merge_relationships([
                models[shape](source=Entity(id=source), target=Entity(id=target), **properties)
                for source, target, properties in batch
            ])  # fmt: skip
        else:
            models[shape].create_nodes([models[shape](**row) for row in batch])
        amount += len(batch)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    print(json.dumps({"amount": amount, "seconds": seconds, "peak": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
