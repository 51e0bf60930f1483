"""The load: a process that asks over connections that stay open, one question each at a time.

    python -m bench.server.load < TASK

The task is one JSON object (`Load`); the figures go to stdout as another. It writes ready-made
bytes and has a parser in C read what comes: 14 microseconds of the processor for an answer of 6 kB,
a seventh of the 0.1 ms that an answer may take at the aim of 10,000 a second.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from itertools import count, cycle
from typing import cast

import httptools
import uvloop

from bench.server.figures import LONGEST, Figures, Stopwatch


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a server on this machine: paths in turn, each with the same `headers`.

    `apart` makes every request a question of its own: what an answer is remembered by includes
    `Accept-Encoding`, and that names an encoding which exists nowhere, another one each time.
    Nothing is compressed. `expected` is the status that answers have.
    """

    port: int
    paths: list[str]
    connections: int = 1
    seconds: float = 5.0
    warm: float = 1.0
    count: int = 0
    apart: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    expected: int = 200

    def requests(self) -> Iterator[bytes]:
        """Yield requests without end."""
        headers = {"Host": f"127.0.0.1:{self.port}", **self.headers}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        ready = [f"GET {path} HTTP/1.1\r\n{lines}".encode() for path in self.paths]
        for number, head in zip(count(), cycle(ready), strict=False):
            encoding = f"identity, {self.apart}-{number}" if self.apart else "identity"
            yield head + f"Accept-Encoding: {encoding}\r\n\r\n".encode()


class _Client(asyncio.Protocol):
    """One connection. The parser calls the methods whose names begin with `on_`."""

    def __init__(self, load: Load, requests: Iterator[bytes], watch: Stopwatch) -> None:
        self._load, self._requests, self._watch = load, requests, watch
        self._ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._began = 0.0
        self._empty = False
        self._body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's are none of asyncio's classes.
        self._transport = cast(asyncio.Transport, transport)
        self._ask()

    def _ask(self) -> None:
        if self._watch.over:
            self._transport.close()
            return
        self._empty, self._body = False, b""
        self._parser = httptools.HttpResponseParser(self)
        self._began = time.perf_counter()
        self._transport.write(next(self._requests))

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._empty |= value == b"no-store"

    def on_body(self, body: bytes) -> None:
        if not self._body:
            self._body = body

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        refusal = status in (503, 504)
        if status != self._load.expected and not refusal:
            self._fail(f"status {status}: {self._body[:500].decode(errors='replace')}")
            return
        self._watch.note(self._began, refusal=refusal, empty=self._empty and not refusal)
        # Not from within the parser, which may have to read the end of this answer first.
        asyncio.get_running_loop().call_soon(self._ask)

    def connection_lost(self, error: Exception | None) -> None:
        if not self._ended.done():
            if self._watch.over:
                self._ended.set_result(None)
            else:
                self._fail(f"the server hung up: {error}")

    def _fail(self, reason: str) -> None:
        self._transport.close()
        if not self._ended.done():
            self._ended.set_exception(RuntimeError(reason))

    async def ended(self) -> None:
        """Wait for the end. Raises `RuntimeError` for an answer that is not the expected one."""
        await self._ended


async def ask(load: Load) -> Figures:
    """Ask until the time is over. Raises `RuntimeError` for an answer that is not the expected."""
    watch = Stopwatch(load.warm, load.seconds, load.count)
    requests = load.requests()
    loop = asyncio.get_running_loop()
    clients = [
        (await loop.create_connection(lambda: _Client(load, requests, watch), "127.0.0.1", port))[1]
        for port in [load.port] * load.connections
    ]
    # An answer may take long, but not for ever.
    async with asyncio.timeout(None if load.count else load.warm + load.seconds + 2 * LONGEST):
        await asyncio.gather(*(client.ended() for client in clients))
    return watch.figures()


def main() -> None:
    """The command line."""
    load = Load(**json.load(sys.stdin))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(asdict(runner.run(ask(load)))))


if __name__ == "__main__":
    main()
