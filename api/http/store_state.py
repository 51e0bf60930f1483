"""The state of the store, cached, and the answers that belong to it."""

from __future__ import annotations

import asyncio
from time import monotonic

from graph.errors import StoreBusy
from graph.question import Question, T
from graph.store.connection import Store
from graph.store.state import STATE, State, WithState, with_state

#: Seconds for which a state counts as current: a cached response may outlive the load that replaces
#: it by this much, and the store is asked on behalf of the cache at most this often.
FRESH = 0.05
#: How often a question is asked where loads end meanwhile.
_TRIES = 3


class StateCache:
    """Asks for the state when it is needed and the last one is too old; once for all who wait.

    What a state is of is the moment at which it was asked for: an answer that took seconds may have
    been read before a load that has ended since. Belongs to one event loop.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state = State()
        self._asked_at = float("-inf")
        self._asking: asyncio.Task[State] | None = None

    async def current(self) -> State:
        """Return the state, as it was `FRESH` seconds before the call or later.

        Raises a `StoreError`.
        """
        oldest = monotonic() - FRESH
        while self._asked_at < oldest:
            if self._asking is None or self._asking.done():
                self._asking = asyncio.create_task(self.read())
            # Shielded: a client that disconnects must not cancel the read for the others.
            await asyncio.shield(self._asking)
        return self._state

    async def read(self) -> State:
        """Ask for the state now. Raises a `StoreError`."""
        asked_at = monotonic()
        state = await self._store.ask(STATE)
        self.update(state, asked_at)
        return state

    async def ask(self, question: Question[T]) -> WithState[T]:
        """Return the answer, and the state of the store that it comes from.

        Raises a `StoreError`, and `StoreBusy` where loads end again and again meanwhile.
        """
        state = self._state
        for _ in range(_TRIES):
            # While a load is under way, data sets come and go in one version.
            if state.snapshot is None or state.loading:
                state = await self.read()
            asked_at = monotonic()
            answer = await self._store.ask(with_state(question, state))
            if answer is not None:
                self.update(state, asked_at)
                return answer
            state = await self.read()
        raise StoreBusy("Loads follow one another too closely for an answer of one snapshot.")

    def update(self, state: State, asked_at: float) -> None:
        """Take note of a state, unless one that was asked for later is known."""
        if asked_at >= self._asked_at:
            self._state, self._asked_at = state, asked_at
