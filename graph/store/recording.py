"""A store that records what it is asked, to show the statements behind an answer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from graph.question import Question, T
from graph.store.connection import Store

#: Seconds that each question may take: a slow one is worth reading.
_SECONDS = 60.0


class RecordingStore(Store):
    """A `Store` that keeps the `questions` that it was asked, in their order."""

    def __init__(self, *values: Any, **options: Any) -> None:
        super().__init__(*values, **options)
        self.questions: list[Question[Any]] = []

    async def ask(self, question: Question[T]) -> T:
        """Return the answer, and record the question."""
        self.questions.append(question)
        return await super().ask(replace(question, seconds=_SECONDS))
