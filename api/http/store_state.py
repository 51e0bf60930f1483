"""The state of the store, cached for a moment, so that the response cache need not ask for it."""

from __future__ import annotations

import asyncio
from time import monotonic

from graph.store.connection import Store
from graph.store.state import STATE, State

#: Seconds for which a state counts as current: a cached response may outlive the load that replaces
#: it by this much, and the store is asked on behalf of the cache at most this often.
FRESH = 0.05


class StateCache:
    """Asks for the state when it is needed and the last one is too old; once for all who wait.

    Belongs to one event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state = State()
        self._at = float("-inf")
        self._asking: asyncio.Task[State] | None = None

    async def current(self) -> State:
        """Return the state, at most `FRESH` seconds old. Raises a `StoreError`."""
        if monotonic() - self._at < FRESH:
            return self._state
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._store.ask(STATE))
        # Shielded: a client that disconnects must not cancel the read for the others.
        self.update(await asyncio.shield(self._asking))
        return self._state

    def update(self, state: State) -> None:
        """Take note of a state that came with an answer."""
        self._state, self._at = state, monotonic()
