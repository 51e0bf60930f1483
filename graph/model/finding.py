"""Findings: sentences that the graph's ties add up to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity that a finding names."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence in parts, what it must not be taken for, and the statement that gave it."""

    rule: str
    parts: tuple[str | Mention, ...]
    caution: tuple[str | Mention, ...]
    cypher: str
