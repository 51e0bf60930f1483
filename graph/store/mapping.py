"""Records as the store holds them: properties of nodes and edges, and back.

The properties of a record's own fields derive from its model (`graph.model.record`); those that are
computed are added here. Every property has one type everywhere. Neo4j has no null in lists, so an
open day is `EVER` or `NEVER` (graph.dates) there. `content_hash` is what a load compares to write
only what changed.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Final, LiteralString, NamedTuple, TypeVar, cast

from pydantic_core import to_json

from graph.dates import EVER, NEVER, Match
from graph.errors import StoreBusy
from graph.fold import search_text
from graph.model import (
    WHEN,
    Claim,
    DatasetRecord,
    Entity,
    Judgement,
    Source,
    Support,
    Tie,
    TieKey,
    equal_statuses,
)
from graph.model.record import Record, StoredField, stored_fields
from graph.ontology import ONTOLOGY
from graph.projection import claim_status, claim_window, in_order_of_publication, origin
from graph.wording import tie_when

Properties = dict[str, Any]
RecordT = TypeVar("RecordT", bound=Record)

_DETAILS = ONTOLOGY.detail_names


class _Field(NamedTuple):
    """A field of a model with the properties that hold it: one, or one for each part."""

    name: str
    nested: type[Record] | None
    many: bool
    properties: tuple[StoredField, ...]


@cache
def _fields(model: type[Record]) -> tuple[_Field, ...]:
    by_field: dict[str, list[StoredField]] = defaultdict(list)
    for field in stored_fields(model):
        by_field[field.field].append(field)
    return tuple(
        _Field(name, group[0].nested, group[0].many, tuple(group))
        for name, group in by_field.items()
    )


def field_properties(record: Record) -> Properties:
    """Return the properties that a record's own fields become.

    What is missing is left out: Neo4j has no null properties.
    """
    properties: Properties = {}
    for name, nested, many, fields in _fields(type(record)):
        value = getattr(record, name)
        if value is None or value == ():
            continue
        if nested is None:
            properties[fields[0].property] = list(value) if many else value
        elif many:
            properties |= {s.property: [getattr(item, s.part) for item in value] for s in fields}
        else:
            parts = ((s.property, getattr(value, s.part)) for s in fields)
            properties |= {key: part for key, part in parts if part is not None}
    return properties


def read_record(model: type[RecordT], row: Mapping[str, Any], **edges: Any) -> RecordT:
    """Return the record that `field_properties` wrote, with the fields that are `edges`.

    Days are ISO texts by now. Nothing is validated again.
    """
    values: dict[str, Any] = edges
    for name, nested, many, fields in _fields(model):
        if nested is None:
            value = row.get(fields[0].property)
            values[name] = tuple(value or ()) if many else _plain(fields[0], value)
        elif many:
            lists = (row.get(s.property) or () for s in fields)
            values[name] = tuple(
                nested.model_construct(
                    **{s.part: part for s, part in zip(fields, item, strict=True)}
                )
                for item in zip(*lists, strict=True)
            )
        else:
            parts = {s.part: _plain(s, row.get(s.property)) for s in fields}
            values[name] = nested.model_construct(**parts) if set(parts.values()) - {None} else None
    return cast(RecordT, model.model_construct(**values))


def _plain(field: StoredField, value: Any) -> Any:
    return _day(value) if field.scalar is date else value


def with_hash(properties: Properties, *edges: object) -> Properties:
    """Add `content_hash`: the first 128 bits of SHA-256 over the properties and the edges."""
    # JSON and not repr, which takes more than twice as long on rows with many days.
    content = to_json((sorted(properties.items()), edges))
    properties["content_hash"] = hashlib.sha256(content).hexdigest()[:32]
    return properties


def _searchable(record: Record) -> str:
    """Return the folded form of the fields that are searched, one text a line."""
    texts: list[str] = []
    for name, _, many, fields in _fields(type(record)):
        value = getattr(record, name)
        for field in fields:
            if field.search and value:
                items = value if many else (value,)
                texts += [getattr(item, field.part) if field.nested else item for item in items]
    return search_text(texts)


def dataset_row(dataset: DatasetRecord, counts: Mapping[str, int]) -> Properties:
    """Return the properties of a `(:Dataset)`, with its number of records of each kind."""
    return with_hash(field_properties(dataset) | dict(counts))


def read_dataset(row: Mapping[str, Any]) -> DatasetRecord:
    """Return the record that `dataset_row` wrote."""
    return read_record(DatasetRecord, row)


def source_row(source: Source) -> Properties:
    """Return the properties of a `(:Source)`."""
    known_from, surely_known_from = source.known_days
    return with_hash(
        field_properties(source)
        | {
            "search_text": _searchable(source),
            "known_from": known_from,
            "surely_known_from": surely_known_from,
        }
    )


def read_source(row: Mapping[str, Any]) -> Source:
    """Return the source that `source_row` wrote."""
    return read_record(Source, row)


def entity_row(entity: Entity) -> Properties:
    """Return the properties of an `(:Entity)`; a merged one also gets its `canonical_id`.

    Epithets have properties of their own, so that nothing shows them as names. They come last in
    the text that is searched too: an entity that was read from the store has the same row again.
    """
    proper, epithet_only = (_with_names(entity, epithets=which) for which in (False, True))
    names, epithets = field_properties(proper), field_properties(epithet_only)
    names |= {of: epithets[name] for name, of in EPITHETS.items() if name in epithets}
    every = entity.model_copy(update={"names": (*proper.names, *epithet_only.names)})
    return with_hash(names | {"name": entity.label, "search_text": _searchable(every)})


#: Which property the epithets have for one of the names.
EPITHETS: Mapping[str, str] = {
    "names": "epithets",
    "name_langs": "epithet_langs",
    "name_scripts": "epithet_scripts",
    "name_datasets": "epithet_datasets",
    "name_positions": "epithet_positions",
}


def _with_names(entity: Entity, *, epithets: bool) -> Entity:
    """Return the entity with its epithets as its names, or with its names alone."""
    places = [i for i, name in enumerate(entity.names) if (name.kind == "epithet") is epithets]
    lists = {name: getattr(entity, name) for name in ("names", "name_datasets", "name_positions")}
    return entity.model_copy(
        update={name: tuple(v[i] for i in places) if v else () for name, v in lists.items()}
    )


def read_entity(row: Mapping[str, Any], *, epithets: bool = False) -> Entity:
    """Return the entity that `entity_row` wrote, with its names alone or with its epithets last."""
    if epithets and row.get("epithets"):
        kinds = [*row["name_kinds"], *["epithet"] * len(row["epithets"])]
        lists = {n: [*row.get(n, ()), *row.get(of, ())] for n, of in EPITHETS.items()}
        row = {**row, **lists, "name_kinds": kinds}
    return read_record(Entity, row)


def claim_row(claim: Claim, source: Source, types: Mapping[str, str]) -> Properties:
    """Return the properties of a `(:Claim)`, without its edges (`claim_edges`)."""
    window, first, last = claim_window(claim, source)
    known_from, surely_known_from = source.known_days
    computed = {
        "first": first,
        "last": last,
        **window._asdict(),
        "known_from": known_from,
        "surely_known_from": surely_known_from,
        "status": claim_status(claim, source),
        "origin_id": origin(claim.said_by, types),
        "search_text": _searchable(claim),
    }
    properties = field_properties(claim) | claim.details
    properties |= {key: value for key, value in computed.items() if value is not None}
    properties["id"] = claim.id
    return _hashed_claim(properties, claim, types)


def claim_with_ties(
    row: Properties, claim: Claim, types: Mapping[str, str], ties: Sequence[str]
) -> Properties:
    """Return what `claim_row` did with the ids of the ties that the claim bears on."""
    values = {name: value for name, value in row.items() if name != "content_hash"}
    return _hashed_claim({**values, "tie_ids": list(ties)}, claim, types)


def _hashed_claim(row: Properties, claim: Claim, types: Mapping[str, str]) -> Properties:
    # A claim's id leaves the order in its roles out, and its edges keep it.
    kinds = [types.get(link, "Source") for link in claim.said_by]
    return with_hash(row, sorted(claim.roles.items()), kinds)


def read_claim(
    row: Mapping[str, Any],
    roles: Iterable[Any],
    said_by: Iterable[Any],
    source: str,
    supersedes: str | None = None,
) -> Claim:
    """Return the claim that `claim_row` wrote.

    `roles` are (role, position, entity id), `said_by` are (position, id), both in any order.
    """
    by_role: dict[str, list[str]] = {}
    for role, _, entity_id in sorted(roles):
        by_role.setdefault(role, []).append(entity_id)
    return read_record(
        Claim,
        row,
        source=source,
        roles={
            role: tuple(by_role[role])
            for role in ONTOLOGY.predicates[row["predicate"]].roles
            if role in by_role
        },
        details={name: row[name] for name in _DETAILS if name in row},
        said_by=tuple(link for _, link in sorted(said_by)),
        supersedes=supersedes,
    )


def judgement_row(judgement: Judgement) -> Properties:
    """Return the properties of a `[:JUDGED]` edge between two entities."""
    properties = {"id": judgement.id, **field_properties(judgement)}
    return with_hash(properties, judgement.left, judgement.right)


def read_judgement(row: Mapping[str, Any], left: str, right: str) -> Judgement:
    """Return the judgement that `judgement_row` wrote."""
    return read_record(Judgement, row, left=left, right=right)


def tie_row(tie: Tie, datasets: Iterable[str] = ()) -> Properties:
    """Return the properties of a tie; `datasets` are those of its claims.

    The lists from `claim_ids` on are aligned: one place per affirming claim, the strongest first,
    so that one predicate over them asks what held on a day and was known by another. A tie that
    is denied has the same lists, with the prefix `denial_`, for the claims that deny it.
    """
    claims = len(tie.claim_ids)
    properties: Properties = {
        "id": str(tie.key),
        "status": tie.status,
        "rank": tie.rank,
        "disputed": tie.disputed,
        "independent": tie.independent,
        "intermediary": tie.intermediary,
        "past": tie.past,
        "when": tie_when(tie),
        "datasets": sorted(datasets),
        "origin_ids": list(tie.origin_ids),
        "claims": claims,
        "claim_order": claim_order(tie.supports[:claims]),
        **_support_lists(tie.supports[:claims]),
    }
    # In EDTF these mark a date that is uncertain or approximate: it is read wider than written.
    exact = [
        s for s in tie.basis if not set(s.when) & set("?~%") and WHEN not in s.inferred.split()
    ]
    days = {
        "first": tie.first,
        "last": tie.last,
        "first_certain": min((s.first for s in exact if s.first), default=None),
        "last_certain": max((s.last for s in exact if s.last), default=None),
    }
    properties |= {name: day for name, day in days.items() if day is not None}
    if tie.inferred:
        properties["inferred"] = list(tie.inferred)
    if tie.denial_ids:
        denials = _support_lists(tie.supports[claims:])
        properties |= {f"{DENIAL}{name}": values for name, values in denials.items()}
    return with_hash(properties)


#: The aligned lists of a tie that hold days.
DAY_LISTS: tuple[LiteralString, ...] = (
    "claim_held_from",
    "claim_held_to",
    "claim_surely_from",
    "claim_surely_to",
    "claim_known_from",
    "claim_surely_known_from",
    "claim_first_days",
    "claim_last_days",
)
#: The other aligned lists of a tie.
FACT_LISTS: tuple[LiteralString, ...] = (
    "claim_ids",
    "claim_statuses",
    "claim_origins",
    "claim_rests_on",
    "claim_links",
    "claim_inferred",
    "claim_intermediary",
    "claim_past",
    "claim_when",
)
#: All of them, in the order of `Support`'s fields.
SUPPORT_LISTS = (*FACT_LISTS, *DAY_LISTS)
#: What the names of the same lists of denying claims begin with.
DENIAL: Final = "denial_"


def claim_order(supports: Sequence[Support]) -> list[int]:
    """Return the positions of affirming claims in the order in which accounts are counted."""
    positions = {support.claim_id: position for position, support in enumerate(supports)}
    return [positions[support.claim_id] for support in in_order_of_publication(supports)]


def _support_lists(supports: Sequence[Support]) -> dict[str, list[Any]]:
    values = (list(column) for column in zip(*supports, strict=True))
    columns: dict[str, list[Any]] = dict(zip(SUPPORT_LISTS, values, strict=True))
    columns["claim_first_days"] = [day or EVER for day in columns["claim_first_days"]]
    columns["claim_last_days"] = [day or NEVER for day in columns["claim_last_days"]]
    return columns


def read_supports(row: Mapping[str, Any]) -> list[Support]:
    """Return the supports that `tie_row` wrote, affirming ones first.

    Raises `StoreBusy` for a tie that a load was writing when it was read.
    """
    facts = len(FACT_LISTS)
    columns = [[row.get(prefix + name) or () for name in SUPPORT_LISTS] for prefix in ("", DENIAL)]
    if any(len({len(values) for values in lists}) > 1 for lists in columns):
        raise StoreBusy("A load is writing a tie of this answer. Try again in a moment.")
    return [
        Support._make(
            (
                *values[:facts],
                *map(date.fromisoformat, values[facts:-2]),
                _open(values[-2], EVER),
                _open(values[-1], NEVER),
            )
        )
        for lists in columns
        for values in zip(*lists, strict=True)
    ]


def read_tie(source: str, tie_type: str, target: str, row: Mapping[str, Any]) -> Tie:
    """Return the tie that `tie_row` wrote, as of all times; its days are ISO texts by now."""
    supports, statuses = read_supports(row), equal_statuses(row["status"])
    return Tie(
        key=TieKey(source, tie_type, target),
        status=row["status"],
        independent=row["independent"],
        inferred=tuple(row.get("inferred") or ()),
        intermediary=row["intermediary"],
        past=bool(row.get("past")),
        origin_ids=tuple(row["origin_ids"]),
        first=_day(row.get("first")),
        last=_day(row.get("last")),
        match=Match.YES,
        supports=tuple(supports),
        basis=tuple(s for s in supports if s.status in statuses),
    )


def _day(text: str | None) -> date | None:
    """Return the day that an ISO text tells."""
    return None if text is None else date.fromisoformat(text)


def _open(text: str, bound: date) -> date | None:
    day = date.fromisoformat(text)
    return None if day == bound else day
