"""What a request has at hand: the store, the texts, and the snapshot that answers are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request, Response

from api.cache import ByteCache
from api.models import Meta, SnapshotRef
from api.paging import next_address
from api.parameters import GraphRead
from api.places import Places
from api.problems import not_loaded
from graph.errors import StoreBusy
from graph.question import Question
from graph.store.connection import AsyncStore
from graph.store.lease import STATE, State
from graph.text import TextStore

T = TypeVar("T")

#: How often a question is asked again because a load ended while it was answered.
_TRIES = 3

#: Facts are free; what the project adds to them is under this licence.
LICENCE = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Services:
    """What one process of the API holds. `cypher` is None where statements are not taken."""

    store: AsyncStore
    texts: TextStore | None
    version: str
    pages: ByteCache
    cypher: Places | None

    def tag(self, snapshot: str | None) -> str:
        """Name what every answer is a function of, beside the question: for ETags and caches."""
        texts = self.texts.revision if self.texts else "0"
        return f"{snapshot}-{self.version}-{texts}"


class Context:
    """One request: asks questions, and says what the answer is a function of."""

    def __init__(self, request: Request, response: Response) -> None:
        self.request = request
        self.response = response
        self.services = cast(Services, request.app.state.services)
        self._state = State()

    @property
    def snapshot(self) -> str | None:
        """The snapshot that the last answer was made from."""
        return self._state.snapshot

    async def state(self) -> State:
        """Return the store's state. Raises a problem before the first load is complete."""
        self._state = await self.services.store.ask(STATE)
        if self._state.snapshot is None:
            raise not_loaded()
        return self._state

    async def ask(self, question: Question[T]) -> T:
        """Return an answer, and tie the response to the snapshot that it was made from.

        The state is read after the answer: if a load ended in between, the answer is asked again.
        """
        before = await self.state()
        for _ in range(_TRIES):
            answer = await self.services.store.ask(question)
            after = await self.state()
            if after == before:
                self.label(after)
                return answer
            before = after
        raise StoreBusy("Loads follow one another too closely for an answer of one snapshot.")

    def label(self, state: State) -> None:
        """Say in the headers which snapshot the response is made from."""
        if state.loading:
            self.response.headers["Cache-Control"] = "no-store"
            return
        self.response.headers["ETag"] = f'W/"{self.services.tag(state.snapshot)}"'
        self.response.headers["Cache-Control"] = "public, no-cache"

    def meta(self, asked: GraphRead | None = None, notices: list[str] | None = None) -> Meta:
        """Return the `meta` of the answer."""
        state = self._state
        return Meta(
            snapshot=snapshot_ref(state),
            loading=state.loading,
            as_of=asked.as_of if asked else None,
            known_by=asked.known_by if asked else None,
            certain=asked.certain if asked else False,
            permalink=str(self.request.url.include_query_params(seen_in=state.snapshot)),
            licence=LICENCE,
            notices=[*self._since_seen(), *(notices or [])],
        )

    def _since_seen(self) -> list[str]:
        seen_in = self.request.query_params.get("seen_in")
        if seen_in is None or seen_in == self._state.snapshot:
            return []
        return [f"The graph has changed since snapshot {seen_in}, which this link was made from."]

    def next(self, after: object | None) -> str | None:
        """Return the address of the next part of a list, and link to it."""
        address = next_address(self.request, self._state.snapshot, after)
        if address is not None:
            self.response.headers["Link"] = f'<{address}>; rel="next"'
        return address


def snapshot_ref(state: State) -> SnapshotRef | None:
    """Return the snapshot of a state, or None before the first load."""
    if state.snapshot is None or state.data_set is None or state.completed_on is None:
        return None
    return SnapshotRef(id=state.snapshot, data_set=state.data_set, completed_on=state.completed_on)


Ask = Annotated[Context, Depends()]
