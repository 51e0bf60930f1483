"""Judgements: whether two ids mean one entity. See domain.md, "Same or not"."""

from __future__ import annotations

import hashlib
import json
from functools import cached_property

from graph.model.fields import Day, Id, Line, Prose, VerdictName
from graph.model.record import Record


class Judgement(Record):
    """Somebody's word on whether two ids mean one entity."""

    left: Id
    right: Id
    verdict: VerdictName
    by: Line
    on: Day
    reason: Prose

    @cached_property
    def id(self) -> str:
        """As a claim's: over the pair, the verdict, by whom and when."""
        said = [*sorted((self.left, self.right)), self.verdict, self.by, self.on.isoformat()]
        return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()[:32]
