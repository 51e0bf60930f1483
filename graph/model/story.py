"""Stories: narrated walks through a piece of the graph. They add no fact of their own."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from graph.model.fields import SLUG, ClaimId, Id, Line, OneOrMore, Prose
from graph.model.record import Record
from graph.model.tie import TieKey

_SLUG = SLUG.strip("^$")
#: A tie as people write it: `tiandy/SUPPLIES/irgc`.
TieText = Annotated[str, Field(pattern=f"^{_SLUG}/[A-Z_]+/{_SLUG}$", max_length=280)]


class Step(Record):
    """One stop of a walk: a few sentences, what to look at, and the claims that they rest on."""

    title: Line
    text: Prose = Field(description="In our own words, and never more than its claims say.")
    entities: OneOrMore[Id] = Field((), description="What the picture frames, beside the ties.")
    ties: OneOrMore[TieText] = Field((), description="What the picture selects.")
    claims: OneOrMore[ClaimId] = Field(min_length=1, description="The evidence, opened in place.")

    @property
    def keys(self) -> tuple[TieKey, ...]:
        """The ties as keys."""
        return tuple(TieKey(*text.split("/")) for text in self.ties)

    @property
    def framed(self) -> tuple[str, ...]:
        """Every entity that the picture frames, the ends of the ties among them, each once."""
        ends = (i for key in self.keys for i in (key.source, key.target))
        return tuple(dict.fromkeys((*self.entities, *ends)))


class Story(Record):
    """A walk through the graph of one matter."""

    id: Id
    title: Line
    lead: Prose
    steps: tuple[Step, ...] = Field(min_length=1)

    @property
    def entities(self) -> tuple[str, ...]:
        """Every entity that some step frames, each once."""
        return tuple(dict.fromkeys(i for step in self.steps for i in step.framed))

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim that some step rests on, each once."""
        return tuple(dict.fromkeys(i for step in self.steps for i in step.claims))
