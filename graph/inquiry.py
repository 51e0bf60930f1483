"""An inquiry is several questions, each of which may depend on the answers before it.

It is a generator of questions that is sent their answers and returns its own. It knows no store,
so that the sync and the async store conduct the same one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from dataclasses import dataclass
from typing import Any

from graph.question import Question, T

Inquiry = Generator[Question[Any], Any, T]


def conduct(inquiry: Inquiry[T], ask: Callable[[Question[Any]], Any]) -> T:
    """Ask one question after the other (`ask` is `Store.ask`) and return what comes of them."""
    try:
        question = next(inquiry)
        while True:
            question = inquiry.send(ask(question))
    except StopIteration as end:
        answer: T = end.value
        return answer


async def conduct_async(
    inquiry: Inquiry[T],
    ask: Callable[[Question[Any]], Awaitable[Any]],
    run: Callable[[Callable[[Any], Any], Any], Awaitable[Any]],
) -> T:
    """The same with `AsyncStore.ask`.

    What the inquiry does between two questions may take the processor for long: `run` calls a
    function with its argument off the event loop (`anyio.to_thread.run_sync`).
    """
    step, answer = _steps(inquiry), None
    while not isinstance(said := await run(step, answer), _End):
        answer = await ask(said)
    result: T = said.value
    return result


@dataclass(frozen=True, slots=True)
class _End:
    value: Any


def _steps(inquiry: Inquiry[T]) -> Callable[[Any], Question[Any] | _End]:
    """Return what sends an answer and gives the next question, or the end.

    No `StopIteration` leaves it: in a thread's future it would be an error of another kind.
    """

    def step(answer: Any) -> Question[Any] | _End:
        try:
            return inquiry.send(answer)
        except StopIteration as end:
            return _End(end.value)

    return step
