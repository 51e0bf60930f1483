"""The ties that a claim would make, while it is being written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import ValidationError

from graph import dates
from graph.dataset.files import RawRecord
from graph.dataset.groups import SPEAKER
from graph.dataset.lookup import entries
from graph.errors import BadDate
from graph.exchange.claim_fields import as_items
from graph.model import Claim, Source, TieKey
from graph.ontology import ONTOLOGY
from graph.projection import claim_supports
from graph.wording import TieState, sentence


@dataclass(frozen=True, slots=True)
class DraftTie:
    """A tie that a claim would make, or one that it denies: its sentence, and the parts of that.

    `verbs` are its verb after one name, and after several.
    """

    key: TieKey
    words: str
    names: tuple[str, str]
    verbs: tuple[str, str]
    intermediary: bool
    denied: bool

    @property
    def verb(self) -> str:
        """Its verb."""
        return self.verbs[0]


def draft_ties(fields: Mapping[str, Any], records: Iterable[RawRecord]) -> list[DraftTie]:
    """Return the ties that a claim with these fields would make, however unfinished it is.

    `records` are the entities and sources that it may name.
    """
    among = list(records)
    of_kind: dict[str, dict[str, dict[str, Any]]] = {"entity": {}, "source": {}}
    for raw in among:
        its = raw.values()
        if raw.kind in of_kind and isinstance(its.get("id"), str):
            of_kind[raw.kind].setdefault(its["id"], its)
    sources: dict[str, Source] = {}
    for source_id, its in of_kind["source"].items():
        with suppress(ValidationError):
            sources[source_id] = Source.model_validate(its)
    predicate = fields.get("predicate")
    if fields.get("source") not in sources or predicate not in ONTOLOGY.predicates:
        return []
    types = {i: str(its.get("type", "")) for i, its in of_kind["entity"].items()}
    plural = {i for i, its in of_kind["entity"].items() if str(its.get("plural")) == "true"}
    names = {entry.id: entry.label for entry in entries(among)}
    result = []
    for key, support in claim_supports(_claim(fields), sources, types, {}):
        denied = support.denies
        status = "reported" if denied else support.status
        tie = TieState(
            key, status, False, support.inferred.split(), support.intermediary, support.past
        )
        start, end = (names.get(i, i) for i in (key.source, key.target))
        words = sentence(tie, start, end, plural=key.source in plural)
        verbs = (
            ONTOLOGY.verb(key.type, status, plural=key.source in plural, past=support.past),
            ONTOLOGY.verb(key.type, status, plural=True, past=support.past),
        )
        result.append(DraftTie(key, words, (start, end), verbs, support.intermediary, denied))
    return result


def draft_sentence(ties: Sequence[DraftTie]) -> str:
    """Return what the first of some ties says, with all others of its kind; empty for none.

    Whoever only stands between others is no supplier beside the supplier.
    """
    if not ties:
        return ""
    kind = (ties[0].verbs, ties[0].intermediary)
    alike = [tie.names for tie in ties if (tie.verbs, tie.intermediary) == kind]
    starts, ends = (list(dict.fromkeys(names)) for names in zip(*alike, strict=True))
    if len(starts) * len(ends) != len(set(alike)):
        starts, ends = ([name] for name in ties[0].names)
    verb = ties[0].verbs[len(starts) > 1]
    return f"{' and '.join(starts)} {verb} {' and '.join(ends)}"


def _date(text: Any) -> str | None:
    """Return a date as it is written, if it is one."""
    try:
        return dates.parse(str(text)).text if text else None
    except BadDate:
        return None


def _claim(fields: Mapping[str, Any]) -> Claim:
    """Return a claim that need not be whole: what decides on ties, as far as it is there."""
    predicate, source = str(fields["predicate"]), str(fields["source"])
    roles = fields.get("roles")
    chain = tuple(map(str, as_items(fields.get("said_by")))) or (source,)
    modality, polarity = (fields.get(name) for name in ("modality", "polarity"))
    return Claim.model_construct(
        predicate=predicate,
        roles={
            role: tuple(chain[-1] if i == SPEAKER else str(i) for i in as_items(ids))
            for role, ids in (roles.items() if isinstance(roles, Mapping) else ())
            if role in ONTOLOGY.predicates[predicate].roles
        },
        modality=modality if modality in ONTOLOGY.modalities else "stated",
        polarity=polarity if polarity in ONTOLOGY.polarities else "affirmed",
        source=source,
        said_by=chain,
        inferred=tuple(map(str, as_items(fields.get("inferred")))),
        summary="",
        when=_date(fields.get("when")),
        recorded_on=date.today(),
        recorded_by="",
    )
