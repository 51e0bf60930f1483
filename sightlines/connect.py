"""Connecting to the store of the settings: a configured server, or the local one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from typing import TypeVar

from graph.errors import InputError, StoreBusy
from graph.store import local
from graph.store.address import Address
from graph.store.connection import COLD_START, Store, Writer
from graph.store.local.home import Home
from sightlines import __version__
from sightlines.console import download, say, waiting
from sightlines.settings import Settings

T = TypeVar("T")

#: Bolt's own port, which a local server takes where it is free.
BOLT = 7687
#: Seconds after which a command says that it waits for the first answer.
WAIT = 2.0


def start_local(settings: Settings, *, detached: bool = False) -> local.LocalServer:
    """Return the local server of the data folder; fetches and starts Neo4j if necessary."""
    jars = local.jars_folder(settings.cache_folder)
    with download("Getting Neo4j (once)") as update:
        local.fetch(local.read_lock(), jars, update, settings.maven_mirror)
    state = local.status(settings.data_folder)
    with waiting("Starting Neo4j", after=WAIT if state and state.ready else 0.0):
        port = _port(settings.neo4j_port)
        return local.start(settings.data_folder, jars, detached=detached, port=port)


def _port(number: int | None) -> local.Port:
    return local.Port(BOLT) if number is None else local.Port(number, fixed=True)


def read_only_server(settings: Settings) -> local.ReadOnlyServer:
    """Return the local server for statements from outside, which starts when it is needed."""
    return local.ReadOnlyServer(
        settings.data_folder,
        local.jars_folder(settings.cache_folder),
        locator(settings),
        say,
        heap=settings.cypher_heap,
        port=_port(settings.cypher_port),
    )


def statement_locator(settings: Settings) -> Callable[[], Address] | None:
    """Return a function that returns the address of the server for statements from outside.

    It raises `StoreStarting` while a local one starts. None: the configured store is the only one.
    """
    if settings.cypher_uri is not None:
        address = Address(
            settings.cypher_uri,
            settings.cypher_user,
            settings.cypher_server_password(),
            settings.cypher_database,
        )
        return lambda: address
    return read_only_server(settings).address if settings.neo4j_uri is None else None


def locator(settings: Settings) -> Callable[[], Address]:
    """Return a function that returns the current address of the store.

    It raises `StoreUnreachable` if the store is the local one and is not running.
    """
    if settings.neo4j_uri is None:
        return lambda: local.address(settings.data_folder)
    address = configured_address(settings)
    return lambda: address


def password_location(settings: Settings) -> str:
    """Return the file or variable that holds the password of the store."""
    if settings.neo4j_uri is None:
        return str(Home(settings.data_folder).password_file)
    if settings.neo4j_password_file is not None:
        return str(settings.neo4j_password_file)
    return "SIGHTLINES_NEO4J_PASSWORD"


def configured_address(settings: Settings) -> Address:
    """Return the address of the configured server. Raises `InputError` if there is none."""
    if settings.neo4j_uri is None:
        raise InputError("SIGHTLINES_NEO4J_URI is not set.")
    return Address(
        settings.neo4j_uri, settings.neo4j_user, settings.password(), settings.neo4j_database
    )


@contextmanager
def open_address(
    settings: Settings, prepare: Callable[[Store], Awaitable[object]] | None = None
) -> Iterator[Address]:
    """Yield the address of the store; a local server started for it ends with the block.

    With `prepare` such a server is restarted if it ends before the block does; `prepare` then reads
    from the new one.
    """
    if settings.neo4j_uri is not None:
        yield configured_address(settings)
        return
    with start_local(settings) as server:
        if prepare is None:
            yield server.address
        else:
            with server.supervised(say, partial(read_at, read=prepare)):
                yield server.address


@contextmanager
def open_statements(settings: Settings) -> Iterator[Address]:
    """Yield the address of the server for the user's own statements.

    A store that this command has started nobody else uses: it answers them itself.
    """
    if settings.cypher_uri is not None or settings.neo4j_uri is not None:
        locate = statement_locator(settings) or locator(settings)
        yield locate()
        return
    with start_local(settings) as store:
        if store.owned:
            yield store.address
            return
        with closing(read_only_server(settings)) as server:
            with waiting("Starting Neo4j for statements", after=WAIT):
                address = server.wait()
            yield address


@contextmanager
def writer_at(address: Address) -> Iterator[Writer]:
    """Yield a connection for a load. Raises a `StoreError` that names the obstacle."""
    with Writer(address) as writer:
        with waiting("Waiting for Neo4j to answer", after=WAIT):
            writer.verify()
        yield writer


@contextmanager
def open_writer(settings: Settings) -> Iterator[Writer]:
    """Yield a connection for a load, as `writer_at` does."""
    with open_address(settings) as address, writer_at(address) as writer:
        yield writer


async def keep_tables(store: Store, settings: Settings) -> None:
    """Write the tables of the current snapshot to the data folder, whether or not anybody asks.

    Where they cannot be written, it says so; what was to be done before is done.
    """
    # The web framework takes half a second to import.
    from api.errors import ProblemError
    from api.exports import Exports
    from api.routes import exports

    folder = settings.tables_folder
    try:
        with waiting("Writing the tables", after=WAIT):
            await exports.keep_tables(store, Exports(folder, __version__, settings.snapshots))
    except ProblemError as problem:
        say(f"The tables of this snapshot are not kept in {folder}: {problem.detail}")
    except StoreBusy:
        pass  # Another load has begun, and keeps its own.


def read_at(address: Address, read: Callable[[Store], Awaitable[T]]) -> T:
    """Return what `read` makes of the store. Raises a `StoreError` that names the obstacle."""

    async def run() -> T:
        # A server that has just started answers its first statements slowly.
        async with Store(address, patience=COLD_START) as store:
            with waiting("Waiting for Neo4j to answer", after=WAIT):
                await store.verify()
            return await read(store)

    return asyncio.run(run())


def read_store(settings: Settings, read: Callable[[Store], Awaitable[T]]) -> T:
    """Return what `read` makes of the store of the settings, as `read_at` does."""
    with open_address(settings) as address:
        return read_at(address, read)
