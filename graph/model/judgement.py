"""Judgements: whether two ids mean one entity. See domain.md, "Same or not"."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated

from pydantic import Field

from graph.model.entity import Entity
from graph.model.fields import Day, Id, Line, Prose, VerdictName
from graph.model.record import Record, Storage


class Judgement(Record):
    """Somebody's word on whether two ids mean one entity."""

    left: Annotated[Id, Storage(edge=True)] = Field(
        description="Id of one entity: the one that stays where they are merged."
    )
    right: Annotated[Id, Storage(edge=True)] = Field(description="Id of the other.")
    verdict: VerdictName = Field(description="Whether they are one.")
    by: Line = Field(description="Who decided.")
    on: Day = Field(description="The day of the decision.")
    reason: Prose = Field(description="Why.")
    dataset: Id | None = Field(
        None, description="The data set that it belongs to. Files leave it out."
    )

    @cached_property
    def id(self) -> str:
        """As a claim's: over the pair, the verdict, by whom and when."""
        content = [*sorted((self.left, self.right)), self.verdict, self.by, self.on.isoformat()]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """An entity that is merged into another, with the judgements `same` that name it."""

    entity: Entity
    judgements: tuple[Judgement, ...]
