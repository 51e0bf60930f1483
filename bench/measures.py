"""What is measured, ours and the rivals': each runs in a process of its own.

    python -m bench.measures NAME FOLDER [--uri URI --password-file FILE] [--rows FILE]

Only what is named is timed; reading what it works on is not. One line of JSON goes to stdout.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, LiteralString

import networkx as nx
from neo4j import Driver, GraphDatabase, ManagedTransaction

from bench import rows
from graph import dataset, projection
from graph.model import Claim
from graph.store import loader, schema
from graph.store.address import Address
from graph.store.connection import Writer


@dataclass(frozen=True, slots=True)
class Task:
    """What a measure works on: a data set, and where it needs them a server and finished rows."""

    data: Path
    uri: str = ""
    password: str = field(default="", repr=False)
    rows: Path = Path()


@dataclass(slots=True)
class Measurement:
    """What was done in how many seconds, of the clock and of this process's own work.

    `peak` is the most memory that the process held at any time, in MB.
    """

    amount: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    peak: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Add the time of the block."""
        seconds, cpu = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.seconds += time.perf_counter() - seconds
            self.cpu += time.process_time() - cpu


def check(task: Task, measurement: Measurement) -> None:
    """Our check of a data set: every record, every reference, every id, and its digest."""
    with measurement.clock():
        report = dataset.check([task.data])
    if not report.ok:
        raise SystemExit(f"The data set has faults: {report.faults[:3]}")
    measurement.amount = report.counts["claim"]


def check_pydantic(task: Task, measurement: Measurement) -> None:
    """The bare model on the same lines: nothing is looked up and nothing is remembered."""
    head, tail = len(b'{"claim":'), -len(b"}\n")
    with measurement.clock(), (task.data / "claims.jsonl").open("rb") as lines:
        for line in lines:
            Claim.model_validate_json(line[head:tail])
            measurement.amount += 1


def project(task: Task, measurement: Measurement) -> None:
    """Our projection: ties with status, dispute, accounts and time, from claims in memory."""
    data = dataset.read([task.data])
    types = data.types
    with measurement.clock():
        ties = projection.project(data.claims, data.sources, types, data.judgements)
    measurement.amount = len(data.claims)
    measurement.counts["ties"] = len(ties)


def project_networkx(task: Task, measurement: Measurement) -> None:
    """A graph in memory: an edge for each tie with the ids of its claims, and no rule at all."""
    data = dataset.read([task.data])
    with measurement.clock():
        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for entity in data.entities.values():
            graph.add_node(entity.id, type=entity.type, name=entity.label)
        for claim in data.claims:
            for (source, kind, target), _ in projection.claim_ties(claim, {}):
                if graph.has_edge(source, target, kind):
                    graph.edges[source, target, kind]["claims"].append(claim.id)
                else:
                    graph.add_edge(source, target, kind, claims=[claim.id])
    measurement.amount = len(data.claims)
    measurement.counts["ties"] = graph.number_of_edges()


def load(task: Task, measurement: Measurement) -> None:
    """Our load of files into an empty store: checks, projection, writing, reading back."""
    with Writer(Address(task.uri, password=task.password)) as writer, measurement.clock():
        loader.load(writer, [task.data])
    _count(task, measurement)


def load_again(task: Task, measurement: Measurement) -> None:
    """Our load of a data set that the store holds already: nothing is to be written."""
    with Writer(Address(task.uri, password=task.password)) as writer:
        loader.load(writer, [task.data])
        with measurement.clock():
            loader.load(writer, [task.data])
    _count(task, measurement)


def load_driver(task: Task, measurement: Measurement) -> None:
    """The bare driver: the rows that our load writes, finished and for nothing, in batches."""
    with Writer(Address(task.uri, password=task.password)) as writer:
        schema.prepare(writer)
    with _driver(task) as driver, driver.session() as session:
        for shape, batch in rows.batches(task.rows):
            with measurement.clock():
                session.execute_write(_write, rows.statement(shape), batch)
    _count(task, measurement)


def _write(transaction: ManagedTransaction, cypher: LiteralString, batch: list[Any]) -> None:
    transaction.run(cypher, rows=batch).consume()


def _driver(task: Task) -> Driver:
    return GraphDatabase.driver(task.uri, auth=("neo4j", task.password))


def _count(task: Task, measurement: Measurement) -> None:
    """Count what the store holds of the data set, without our own book-keeping."""
    ours = "MATCH (n) WHERE NOT n:Snapshot AND NOT n:Sightlines RETURN count(n) AS found"
    with _driver(task) as driver, driver.session() as session:
        for name, cypher in (
            ("nodes", ours),
            ("edges", "MATCH ()-[:!CURRENT]->() RETURN count(*) AS found"),
        ):
            measurement.counts[name] = session.run(cypher).single(strict=True)["found"]
    measurement.amount = measurement.counts["nodes"] + measurement.counts["edges"]


MEASURES: dict[str, Callable[[Task, Measurement], None]] = {
    "check": check,
    "check_pydantic": check_pydantic,
    "project": project,
    "project_networkx": project_networkx,
    "load": load,
    "load_again": load_again,
    "load_driver": load_driver,
}


def peak() -> float:
    """The most memory that this process has held, in MB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.measures")
    parser.add_argument("name", choices=MEASURES)
    parser.add_argument("data", type=Path)
    parser.add_argument("--uri", default="")
    parser.add_argument("--password-file", type=Path)
    parser.add_argument("--rows", type=Path, default=Path())
    options = parser.parse_args()
    file = options.password_file
    task = Task(options.data, options.uri, file.read_text("ascii") if file else "", options.rows)
    measurement = Measurement()
    MEASURES[options.name](task, measurement)
    measurement.peak = peak()
    print(json.dumps(asdict(measurement)))


if __name__ == "__main__":
    main()
