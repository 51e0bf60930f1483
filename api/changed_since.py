"""Changes of records: in a list, and since the snapshot in which a link was made (`seen_in`).

Every question that a request asks is looked through for records, so that no route has to name its
own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.answers.common import ChangeOut, SinceSeen
from api.http.public_address import address
from graph.changes import HASH, Change, Facts, RecordKey
from graph.model import TieKey
from graph.ontology import ONTOLOGY
from graph.queries import changes
from graph.queries.changes import RecordChange, Surroundings, records_in
from graph.queries.withdrawals import removed_sets
from graph.question import Reader
from graph.wording import TieState, day_in_words, sentence

#: Records that are looked up, and changes that are listed in one answer.
_MOST_RECORDS, _MOST_CHANGES = 5_000, 500


class ChangesSince:
    """The changes of the records of one answer since an older snapshot.

    `values` are those in the address of the question: what is gone of the ties and claims of the
    records that they name is listed, too. With None only ties between records shown are.
    """

    def __init__(self, snapshot: str, values: frozenset[str] | None = None) -> None:
        self._snapshot = snapshot
        self._values = values
        self._records: set[RecordKey] = set()
        self._changes: dict[RecordKey, RecordChange] = {}
        self._superseded: dict[str, str] = {}
        self._removals: dict[str, date] = {}
        self._began = False
        self._unknown = False

    async def note(self, answer: object, reader: Reader) -> None:
        """Look up what became of the records of an answer, and what is gone around them.

        `reader` notes nothing of its answers.
        """
        new = set(records_in(answer)) - self._records
        self._records |= new
        if self._unknown or self._is_full or (self._began and not new):
            return
        if not self._began:
            self._removals = await reader.ask(removed_sets(self._snapshot))
        self._began = True
        losses = await reader.ask(changes.gone_since(self._snapshot, self._surroundings()))
        keys = sorted(new.union(losses.keys))
        later = await reader.ask(changes.later_changes(self._snapshot, keys))
        if later is None:
            self._unknown = True
            return
        for item in later.changes:
            # A tie that is back is in the answer, if it belongs there.
            if item.change.after is None or item.change.key.kind != "tie" or item.change.key in new:
                self._changes[item.change.key] = item
        self._superseded |= losses.superseded | later.superseded

    def _surroundings(self) -> Surroundings:
        ids = {key.id for key in self._records if key.kind in ("entity", "source")}
        ties = [TieKey(*key.id.split("/")) for key in self._records if key.kind == "tie"]
        ids.update(end for tie in ties for end in (tie.source, tie.target))
        if self._values is None:
            return Surroundings((), ids)
        references = self._values & ids if ids else self._values
        return Surroundings(references or ids, ids)

    @property
    def _is_full(self) -> bool:
        return len(self._records) > _MOST_RECORDS

    @property
    def removal(self) -> str | None:
        """What to say of data sets that were removed since; None where none was."""
        return removal_in_words("this link was made", self._removals)

    def out(self) -> SinceSeen | None:
        """Return the changes; None where the snapshot is unknown or the records are too many."""
        if self._unknown or self._is_full:
            return None
        items = [item for _, item in sorted(self._changes.items())]
        answers = [change_out(item) for item in items[:_MOST_CHANGES]]
        for out in answers:
            out.reason = out.reason or self._losses(out)
        return SinceSeen(
            snapshot=self._snapshot, total=len(items), changes=answers, superseded=self._superseded
        )

    def _losses(self, out: ChangeOut) -> str | None:
        """Return what happened to each claim that a tie has lost, where that is known."""
        losses = [self._loss(claim_id) for claim_id in out.lost]
        return " ".join(text for text in losses if text) or None

    def _loss(self, claim_id: str) -> str | None:
        if claim_id in self._superseded:
            return f"The claim {self._superseded[claim_id]} stands in the place of {claim_id}."
        item = self._changes.get(RecordKey("claim", claim_id))
        reason = _reason(item.change) if item else None
        return f"The claim {claim_id}: {reason}" if reason else None

    def notices(self) -> list[str]:
        """Return notices of what is left out."""
        removal = [self.removal] if self.removal else []
        return [*removal, *self._limits()]

    def _limits(self) -> list[str]:
        where = f"{address('/v1/changes')}?since={self._snapshot} lists what has changed"
        if self._unknown:
            return [
                f"seen_in: there is no snapshot {self._snapshot} here, so that what has changed "
                "since this link was made cannot be told."
            ]
        if self._is_full:
            return [f"The answer has more than {_MOST_RECORDS:,} records: {where}."]
        left = len(self._changes) - _MOST_CHANGES
        return (
            [f"{left:,} further changes are left out of since_seen: {where}."] if left > 0 else []
        )


def removal_in_words(since: str, removals: Mapping[str, date]) -> str | None:
    """Say which data sets were removed since something happened, by their days; None for none."""
    if not removals:
        return None
    sets = ", ".join(f"{i!r} ({day_in_words(day)})" for i, day in removals.items())
    if len(removals) == 1:
        return f"Since {since}, the data set {sets} was removed: what was its alone is gone."
    return f"Since {since}, the data sets {sets} were removed: what was theirs alone is gone."


def change_out(item: RecordChange) -> ChangeOut:
    """Return a change as the API shows it."""
    change = item.change
    return ChangeOut(
        kind=change.key.kind,
        id=change.key.id,
        label=_label(item),
        change=change.change,
        before=_facts_out(change.before),
        after=_facts_out(change.after),
        lost=change.lost,
        reason=_reason(change),
        link=_link(change),
    )


def _facts_out(facts: Facts | None) -> dict[str, Any] | None:
    """Show as one id what a claim supersedes: the store keeps it as a key."""
    if facts is None or "supersedes" not in facts:
        return None if facts is None else {k: v for k, v in facts.items() if k != HASH}
    ids = [i for i, present in facts["supersedes"].items() if present]
    return {**facts, "supersedes": ids[0] if ids else None}


def _label(item: RecordChange) -> str:
    change, names = item.change, item.names
    kind, record_id = change.key
    facts = change.after or change.before or {}
    if kind == "tie":
        return _tie_label(item, TieKey(*record_id.split("/")), facts)
    if kind == "judgement" and {"left", "right", "verdict"} <= facts.keys():
        return f"{facts['left']} and {facts['right']}: {facts['verdict']}"
    label = facts.get("title") or facts.get("summary") or (facts.get("names") or [record_id])[0]
    return names.get(record_id, str(label))


def _tie_label(item: RecordChange, key: TieKey, facts: Facts) -> str:
    """Return the sentence of a tie: as it is now, or as it was before it went."""
    source, target = (item.names.get(i, i) for i in (key.source, key.target))
    status = facts.get("status")
    if key.type not in ONTOLOGY.tie_types:
        return f"{source} {key.type} {target}"
    if item.tie is None and status not in ONTOLOGY.ranks:
        # What it said is not kept. A sentence would say it again.
        verb = ONTOLOGY.verb(key.type, next(iter(ONTOLOGY.ranks)))
        return f"connection “{verb}” between {source} and {target}"
    before = TieState(
        key,
        str(status),
        facts.get("disputed", False),
        facts.get("inferred", ()),
        facts.get("intermediary", False),
        facts.get("past", False),
    )
    return sentence(item.tie or before, source, target, plural=item.plural)


def _reason(change: Change) -> str | None:
    if change.change == "removed" and change.key.kind == "claim":
        return "It was removed."
    facts = change.after or {}
    on = facts.get("retracted_on")
    if not on:
        return None
    return f"Retracted on {day_in_words(date.fromisoformat(on))}: {facts.get('retracted_reason')}"


_PATHS = {"claim": "claims", "entity": "entities", "source": "sources", "tie": "ties"}


def _link(change: Change) -> str | None:
    path = _PATHS.get(change.key.kind)
    if path is None or change.after is None:
        return None
    withdrawn = "?retracted=include" if change.key.kind == "claim" else ""
    return address(f"/v1/{path}/{change.key.id}{withdrawn}")
