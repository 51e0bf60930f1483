"""What changed between two snapshots, as the API shows it."""

from __future__ import annotations

from api.answers.common import Answer, ChangeOut, Page
from graph.changes import ChangeName, Kind


class ChangeGroup(Answer):
    """How many records of a kind had the same happen to them, whatever is asked for."""

    kind: Kind
    change: ChangeName
    total: int


class ChangePage(Page[ChangeOut]):
    """What changed since a snapshot, record by record."""

    since: str
    groups: list[ChangeGroup]
