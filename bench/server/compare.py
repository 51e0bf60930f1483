"""Measures on one store: ours, the bare driver and Datasette in turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from secrets import token_hex

from bench.server import datasette, servers
from bench.server.aims import AT_ONCE, Pair
from bench.server.driver import Asking
from bench.server.figures import Figures
from bench.server.load import Load
from bench.server.questions import Measure
from bench.server.sample import Sample
from bench.server.servers import Server
from graph.store.local import LocalServer

#: Parts that the run over many requests is looked at in.
PARTS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison: so many connections, so many workers of ours, and who stands beside them."""

    measure: Measure
    connections: int
    workers: int
    rival: str
    pair: Pair

    @property
    def aims(self) -> list[str]:
        """The aims for these figures, each with whether it is met. Only the limit has some."""
        if self.rival != self.measure.limit:
            return []
        fitting = (a for a in self.measure.aims if a.concerns(self.connections, self.workers))
        return [aim.verdict(self.pair) for aim in fitting]


@dataclass(frozen=True, slots=True)
class Bench:
    """A store that is loaded, what is asked about, and for how many seconds each time."""

    store: LocalServer
    sample: Sample
    folder: Path
    seconds: float

    @property
    def warm(self) -> float:
        """Seconds that are asked before anything counts."""
        return self.seconds / 4

    def lines(
        self,
        measures: Sequence[Measure],
        workers: int,
        connections: Sequence[int],
        rival: Server | None,
    ) -> Iterator[Line]:
        """Yield the comparisons of all measures, with Datasette where it knows the question."""
        with servers.api(self.store, self.folder, workers) as server:
            for measure in measures:
                self.warm_up(server, measure, workers)
                for count in connections:
                    yield from self._compared(server, measure, workers, count, rival)

    def _compared(
        self, server: Server, measure: Measure, workers: int, connections: int, rival: Server | None
    ) -> Iterator[Line]:
        amount = measure.amount(self.sample)
        limit = self.limit(measure, connections, workers)
        ours = self.ours(server, measure, connections)
        yield Line(measure, connections, workers, measure.limit, Pair(ours, limit, amount))
        paths = datasette.paths(measure.name, self.sample) if rival else []
        if rival and paths:
            task = Load(rival.port, paths, connections, self.seconds, self.warm)
            pair = Pair(ours, servers.load(task), amount)
            yield Line(measure, connections, workers, "Datasette", pair)

    def warm_up(self, server: Server, measure: Measure, workers: int) -> None:
        """Ask both for a while: whoever is measured first must not pay for the store's plans."""
        brief = replace(self, seconds=self.warm)
        brief.limit(measure, AT_ONCE, workers)
        brief.ours(server, measure, AT_ONCE)

    def ours(self, server: Server, measure: Measure, connections: int) -> Figures:
        """Ask the API."""
        paths = [request.path for request in measure.requests(self.sample)]
        task = Load(server.port, paths, connections, self.seconds, self.warm)
        if not measure.again:
            return servers.load(replace(task, apart=token_hex(4)))
        # Asked often enough that every worker has made each answer.
        servers.load(replace(task, connections=AT_ONCE, warm=0, count=8 * len(paths) + AT_ONCE))
        if measure.again == "304":
            headers = {"If-None-Match": server.etag(paths[0])}
            return servers.load(replace(task, headers=headers, expected=304))
        return servers.load(task)

    def limit(self, measure: Measure, connections: int, workers: int) -> Figures:
        """Ask with the bare driver. Raises `SystemExit` where the store has no answer."""
        answers = [
            [(cypher, dict(values)) for cypher, values in request.statements]
            for request in measure.requests(self.sample)
        ]
        place = (self.store.uri, str(self.store.password_file))
        task = Asking(*place, answers, connections, self.seconds, self.warm)
        outcome = servers.ask(task, workers)
        if outcome.empty and measure.limit == "bare driver":
            raise SystemExit(f"{measure.title}: {outcome.empty} statements found nothing.")
        return outcome

    def memory(self, measures: Sequence[Measure], requests: int) -> list[float]:
        """Ask so much, and return what one worker held in MB before it and after each tenth."""
        paths = [path for m in measures if m.small for path in self._some(m)]
        with servers.api(self.store, self.folder, 1) as server:
            megabytes = [server.memory()]
            for _ in range(PARTS):
                task = Load(
                    server.port, paths, AT_ONCE, count=requests // PARTS, apart=token_hex(4)
                )
                servers.load(replace(task, warm=0))
                megabytes.append(server.memory())
        return megabytes

    def _some(self, measure: Measure) -> list[str]:
        return [request.path for request in measure.requests(self.sample)]
