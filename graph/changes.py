"""What changed between two states of a data set: one change a record, and how changes add up.

Pure. A record is taken as its facts: what people wrote down of it, and of a tie what it says of
itself. A changed record is kept as the facts that differ, each with its two values; one that came
or went as all of them. So changes of one load after the other add up to the change over all.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, NamedTuple

from graph.model import DENIED
from graph.model.dataset import WHOSE
from graph.ontology import ONTOLOGY

Kind = Literal["claim", "entity", "judgement", "source", "tie"]
ChangeName = Literal["added", "removed", "retracted", "restored", "changed", "rose", "fell"]

#: By name. None stands for a fact that is not there; a mapping is compared key by key.
Facts = Mapping[str, Any]


#: All that is kept of what a removed record said: it tells whether the record comes back as it was.
HASH = "hash"


class RecordKey(NamedTuple):
    """A record of any kind; the id of a tie is its key as text."""

    kind: Kind
    id: str


@dataclass(frozen=True, slots=True)
class Change:
    """What became of one record: its facts before and after, None where it was not there.

    Both there: only the facts that differ, and the same names on both sides. Of a record that was
    removed with its claims, no fact is kept. `datasets` are the sets that had a part in the record.
    """

    key: RecordKey
    before: Facts | None
    after: Facts | None
    datasets: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def change(self) -> ChangeName:
        """What happened to it: a tie rises or falls by its status, then by its independent."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        if "retracted_on" in self.after and None in (
            self.before["retracted_on"],
            self.after["retracted_on"],
        ):
            return "restored" if self.after["retracted_on"] is None else "retracted"
        before, after = _strength(self.before), _strength(self.after)
        if before == after:
            return "changed"
        return "rose" if after > before else "fell"

    @property
    def lost(self) -> list[str]:
        """The ids of the claims that bore on a tie and do no longer, in order."""
        before = (self.before or {}).get("claims", {})
        after = (self.after or {}).get("claims", {})
        return sorted(i for i, support in before.items() if support and not after.get(i))


def _strength(facts: Facts) -> tuple[int, int]:
    return ONTOLOGY.ranks.get(facts.get("status", ""), 0), facts.get("independent", 0)


def between(
    key: RecordKey,
    before: Facts | None,
    after: Facts | None,
    datasets: frozenset[str] = frozenset(),
) -> Change | None:
    """Return the change from one state of a record to another; None if it says the same."""
    if before is not None and after is not None:
        old, new = _differ(before, after)
        return Change(key, old, new, datasets) if old else None
    if before is None and after is None:
        return None
    return Change(key, before and _there(before), after and _there(after), datasets)


def then(first: Change | None, second: Change) -> Change | None:
    """Return what two changes of one record come to, one after the other; None: to nothing."""
    if first is None:
        return second
    datasets = first.datasets | second.datasets
    if first.before is not None and not first.before.keys() - {HASH}:
        return _then_unknown(first, second, datasets)
    before = after = None
    if first.before is not None:
        before = _over(second.before or {}, first.before)
    if second.after is not None:
        after = _over(first.after or {}, second.after)
    return between(second.key, before, after, datasets)


def _then_unknown(first: Change, second: Change, datasets: frozenset[str]) -> Change | None:
    """Return what changes of a record come to of which no fact from before is kept."""
    if second.after is None:
        return Change(first.key, first.before, None, datasets)
    if first.after is None and (first.before or {}).get(HASH) == facts_hash(second.after):
        return None
    return Change(first.key, {}, {}, datasets)


def forgotten(change: Change) -> Change:
    """Return the change of a record that was removed, with a hash in the place of what it said."""
    before = change.before or {}
    hash_ = before if HASH in before else {HASH: facts_hash(before)}
    return Change(change.key, hash_, None, change.datasets)


def facts_hash(facts: Facts) -> str:
    """Return a hash of what a record says."""
    return hashlib.sha256(str(_text(_there(facts))).encode()).hexdigest()[:32]


def fold(changes: Iterable[Change]) -> list[Change]:
    """Return what changes come to, given in the order in which they happened.

    One a record at most, in the order of the keys; none for a record that is as it was.
    """
    folded: dict[RecordKey, Change | None] = {}
    for change in changes:
        folded[change.key] = then(folded.get(change.key), change)
    return [change for _, change in sorted(folded.items()) if change is not None]


def _differ(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    old: dict[str, Any] = {}
    new: dict[str, Any] = {}
    for name in sorted({*before, *after}):
        was, now = before.get(name), after.get(name)
        if isinstance(was, Mapping) or isinstance(now, Mapping):
            was, now = _differ(was or {}, now or {})
        if was != now:
            old[name], new[name] = was, now
    return old, new


def _over(below: Facts, above: Facts) -> dict[str, Any]:
    """Lay facts over others, which show where those say nothing."""
    merged = {**below, **above}
    for name in below.keys() & above.keys():
        if isinstance(below[name], Mapping) and isinstance(above[name], Mapping):
            merged[name] = _over(below[name], above[name])
    return merged


def _there(facts: Facts) -> dict[str, Any]:
    """Leave out what is not there, as in a whole record."""
    present = {k: _there(v) if isinstance(v, Mapping) else v for k, v in facts.items()}
    return {k: v for k, v in present.items() if v is not None and v != {}}


#: What rows have beside the facts: it is computed from them, or from other records.
_COMPUTED = frozenset({"id", "content_hash", "search_text", *WHOSE})
#: Nothing shows an epithet.
_EPITHETS = frozenset(
    {"epithets", "epithet_langs", "epithet_scripts", "epithet_datasets", "epithet_positions"}
)
_DAYS = frozenset({"known_from", "surely_known_from"})
_WINDOW = frozenset(
    {"tie_ids", "first", "last", "held_from", "held_to", "surely_from", "surely_to"}
)
_COMPUTED_OF: Mapping[Kind, frozenset[str]] = {
    "source": _COMPUTED | _DAYS,
    "entity": _COMPUTED | _EPITHETS | {"name"},
    "judgement": _COMPUTED,
    "claim": _COMPUTED | _DAYS | _WINDOW | {"status", "origin_id"},
}


def facts(kind: Kind, row: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """Return the facts of a row that `graph.store.mapping` made, with `more` that its edges tell.

    Ties have facts of their own: `tie_facts`.
    """
    values = {k: v for k, v in row.items() if k not in _COMPUTED_OF[kind]}
    return {k: _plain(v) for k, v in (values | more).items()}


def tie_facts(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a tie says of itself, and what each claim that bears on it lends."""
    support = dict(zip(row["claim_ids"], row["claim_statuses"], strict=True))
    support |= dict.fromkeys(row.get("denial_claim_ids", ()), DENIED)
    return {
        "status": row["status"],
        "independent": row["independent"],
        "disputed": row["disputed"],
        "inferred": list(row.get("inferred") or ()),
        "intermediary": row["intermediary"],
        "past": row["past"],
        "claims": support,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def change_id(key: RecordKey, sequence: int) -> str:
    """Return the id of the node that keeps a change of a load.

    All changes of a record stand next to each other in the index, in the order of the loads.
    """
    return f"{key.kind}/{key.id}/{sequence:09}"


def change_row(change: Change, sequence: int) -> dict[str, Any]:
    """Return the properties of a `(:Change)`; `sequence` is the number of the load."""
    return {
        "id": change_id(change.key, sequence),
        "sequence": sequence,
        "kind": change.key.kind,
        "record": change.key.id,
        "change": change.change,
        "before": _text(change.before),
        "after": _text(change.after),
        "lost": change.lost or None,
        "datasets": sorted(change.datasets) or None,
    }


def read_change(row: Mapping[str, Any]) -> Change:
    """Return the change that `change_row` wrote."""
    before, after = row.get("before"), row.get("after")
    return Change(
        RecordKey(row["kind"], row["record"]),
        json.loads(before) if before is not None else None,
        json.loads(after) if after is not None else None,
        frozenset(row.get("datasets") or ()),
    )


def _text(facts: Facts | None) -> str | None:
    return None if facts is None else json.dumps(facts, ensure_ascii=False, sort_keys=True)
