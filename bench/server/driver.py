"""The limit: Neo4j's driver alone, in threads, with the same Cypher and no reader behind it.

    python -m bench.server.driver < TASK

The task is one JSON object (`Asking`); the figures go to stdout as another. Statements run outside
of managed transactions, which is the fastest that the driver has; the records are fetched.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from neo4j import READ_ACCESS, Driver, GraphDatabase, NotificationMinimumSeverity

from bench.server.figures import Figures, Stopwatch


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of a store: for each answer one statement after the other, each with values."""

    uri: str
    password_file: str
    answers: list[list[tuple[str, dict[str, Any]]]]
    threads: int = 1
    seconds: float = 5.0
    warm: float = 1.0


def ask(asking: Asking) -> Figures:
    """Ask in threads until the time is over. An answer without a record counts as empty."""
    password = Path(asking.password_file).read_text("ascii")
    with GraphDatabase.driver(
        asking.uri,
        auth=("neo4j", password),
        notifications_min_severity=NotificationMinimumSeverity.OFF,
    ) as driver:
        watch = Stopwatch(asking.warm, asking.seconds)
        # Each thread begins at another place, so that no two ask the same at the same time.
        starts = [n * len(asking.answers) // asking.threads for n in range(asking.threads)]
        turns = [cycle(asking.answers[start:] + asking.answers[:start]) for start in starts]
        with ThreadPoolExecutor(asking.threads) as pool:
            list(pool.map(lambda turn: _loop(driver, turn, watch), turns))
    return watch.figures()


def _loop(driver: Driver, turn: Iterator[Any], watch: Stopwatch) -> None:
    with driver.session(database="neo4j", default_access_mode=READ_ACCESS) as session:
        while not watch.over:
            answer = next(turn)
            began = time.perf_counter()
            for cypher, parameters in answer:
                records = list(session.run(cypher, parameters))
            watch.note(began, empty=not records)


def main() -> None:
    """The command line."""
    print(json.dumps(asdict(ask(Asking(**json.load(sys.stdin))))))


if __name__ == "__main__":
    main()
