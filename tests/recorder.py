"""Every question that a read asks, noted while it is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from graph.question import Question, Reader, T


@dataclass
class Recorder:
    """A `Reader` that keeps the questions that it passes on."""

    reader: Reader
    questions: list[Question[Any]] = field(default_factory=list)

    async def ask(self, question: Question[T]) -> T:
        """Return the answer of the other reader."""
        self.questions.append(question)
        return await self.reader.ask(question)
