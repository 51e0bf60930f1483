"""Records as the store holds them: properties of nodes and edges, and back.

Every property has one type everywhere. Neo4j has no null in lists, so an open day is `EVER` or
`NEVER` (graph.dates) there. `content_hash` is what a load compares to write only what changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final, LiteralString

from pydantic_core import to_json

from graph.dates import EVER, NEVER, Match
from graph.fold import search_text
from graph.model import (
    Claim,
    Entity,
    Judgement,
    Locator,
    Name,
    Quantity,
    Retraction,
    Source,
    Support,
    Tie,
    TieKey,
)
from graph.ontology import ONTOLOGY
from graph.projection import claim_status, claim_window, origin

Properties = dict[str, Any]

_DETAILS = ONTOLOGY.detail_names


def hashed(properties: Properties, *edges: object) -> Properties:
    """Add `content_hash`: the first 128 bits of SHA-256 over the properties and the edges."""
    # JSON and not repr, which takes more than twice as long on rows with many days.
    content = to_json((sorted(properties.items()), edges))
    properties["content_hash"] = hashlib.sha256(content).hexdigest()[:32]
    return properties


def _stated(**properties: Any) -> Properties:
    """Leave out what is not there: Neo4j has no null properties."""
    return {k: v for k, v in properties.items() if v is not None and v != []}


def source_row(source: Source) -> Properties:
    """Return the properties of a `(:Source)`."""
    known_from, surely_known_from = source.known
    return hashed(
        _stated(
            id=source.id,
            kind=source.kind,
            title=source.title,
            publisher=source.publisher,
            authors=list(source.authors),
            search_text=search_text([source.title, source.publisher or "", *source.authors]),
            published=source.published,
            published_note=source.published_note,
            known_from=known_from,
            surely_known_from=surely_known_from,
            url=source.url,
            lang=source.lang,
            read_on=source.read_on,
            text_sha256=source.text_sha256,
            description=source.description,
        )
    )


def read_source(row: Mapping[str, Any]) -> Source:
    """Return the source that `source_row` wrote; its days are ISO texts by now."""
    return Source.model_construct(
        id=row["id"],
        kind=row["kind"],
        title=row["title"],
        publisher=row.get("publisher"),
        authors=tuple(row.get("authors", ())),
        published=row.get("published"),
        published_note=row.get("published_note"),
        url=row.get("url"),
        lang=row["lang"],
        read_on=_day(row.get("read_on")),
        text_sha256=row.get("text_sha256"),
        description=row.get("description"),
    )


def entity_row(entity: Entity) -> Properties:
    """Return the properties of an `(:Entity)`; a merged one also gets its `canonical_id`."""
    return hashed(
        _stated(
            id=entity.id,
            type=entity.type,
            name=entity.label,
            names=[n.text for n in entity.names],
            name_langs=[n.lang for n in entity.names],
            name_scripts=[n.script for n in entity.names],
            name_kinds=[n.kind for n in entity.names],
            search_text=search_text(n.text for n in entity.names),
            description=entity.description,
            tags=list(entity.tags),
        )
    )


def read_entity(row: Mapping[str, Any]) -> Entity:
    """Return the entity that `entity_row` wrote."""
    names = zip(
        row["names"], row["name_langs"], row["name_scripts"], row["name_kinds"], strict=True
    )
    return Entity.model_construct(
        id=row["id"],
        type=row["type"],
        names=tuple(
            Name.model_construct(text=text, lang=lang, script=script, kind=kind)
            for text, lang, script, kind in names
        ),
        description=row.get("description"),
        tags=tuple(row.get("tags", ())),
    )


def claim_row(claim: Claim, source: Source, types: Mapping[str, str]) -> Properties:
    """Return the properties of a `(:Claim)`, without its edges (`claim_edges`)."""
    window, first, last = claim_window(claim, source)
    known_from, surely_known_from = source.known
    quantity, retracted = claim.quantity, claim.retracted
    properties = _stated(
        id=claim.id,
        predicate=claim.predicate,
        when=claim.when,
        when_note=claim.when_note,
        first=first,
        last=last,
        held_from=window.held_from,
        held_to=window.held_to,
        surely_from=window.surely_from,
        surely_to=window.surely_to,
        known_from=known_from,
        surely_known_from=surely_known_from,
        modality=claim.modality,
        polarity=claim.polarity,
        status=claim_status(claim, source),
        origin_id=origin(claim.said_by, types),
        quantity_number=quantity.number if quantity else None,
        quantity_unit=quantity.unit if quantity else None,
        quantity_qualifier=quantity.qualifier if quantity else None,
        evidence_paragraphs=[e.paragraph for e in claim.evidence],
        evidence_starts=[e.start for e in claim.evidence],
        evidence_ends=[e.end for e in claim.evidence],
        evidence_sha256=[e.sha256 for e in claim.evidence],
        summary=claim.summary,
        search_text=search_text([claim.summary]),
        note=claim.note,
        recorded_on=claim.recorded_on,
        recorded_by=claim.recorded_by,
        reviewed_by=claim.reviewed_by,
        retracted_on=retracted.on if retracted else None,
        retracted_reason=retracted.reason if retracted else None,
        **claim.details,
    )
    # A claim's id leaves the order in its roles out, and its edges keep it.
    kinds = [types.get(link, "Source") for link in claim.said_by]
    return hashed(properties, sorted(claim.roles.items()), kinds)


def read_claim(
    row: Mapping[str, Any],
    roles: Iterable[Any],
    said_by: Iterable[Any],
    source: str,
    supersedes: str | None = None,
) -> Claim:
    """Return the claim that `claim_row` wrote; its days are ISO texts by now.

    `roles` are (role, position, entity id), `said_by` are (position, id), both in any order.
    """
    by_role: dict[str, list[str]] = {}
    for role, _, entity_id in sorted(roles):
        by_role.setdefault(role, []).append(entity_id)
    unit = row.get("quantity_unit")
    retracted_on = row.get("retracted_on")
    return Claim.model_construct(
        source=source,
        predicate=row["predicate"],
        roles={
            role: tuple(by_role[role])
            for role in ONTOLOGY.predicates[row["predicate"]].roles
            if role in by_role
        },
        details={name: row[name] for name in _DETAILS if name in row},
        when=row.get("when"),
        when_note=row.get("when_note"),
        modality=row["modality"],
        polarity=row["polarity"],
        quantity=Quantity.model_construct(
            number=row.get("quantity_number"), unit=unit, qualifier=row["quantity_qualifier"]
        )
        if unit
        else None,
        said_by=tuple(link for _, link in sorted(said_by)),
        evidence=tuple(
            Locator.model_construct(paragraph=paragraph, start=start, end=end, sha256=sha256)
            for paragraph, start, end, sha256 in zip(
                row.get("evidence_paragraphs", ()),
                row.get("evidence_starts", ()),
                row.get("evidence_ends", ()),
                row.get("evidence_sha256", ()),
                strict=True,
            )
        ),
        summary=row["summary"],
        note=row.get("note"),
        recorded_on=date.fromisoformat(row["recorded_on"]),
        recorded_by=row["recorded_by"],
        reviewed_by=row.get("reviewed_by"),
        supersedes=supersedes,
        retracted=Retraction.model_construct(
            on=date.fromisoformat(retracted_on), reason=row["retracted_reason"]
        )
        if retracted_on
        else None,
    )


def judgement_row(judgement: Judgement) -> Properties:
    """Return the properties of a `[:JUDGED]` edge between two entities."""
    return hashed(
        {
            "id": judgement.id,
            "verdict": judgement.verdict,
            "by": judgement.by,
            "on": judgement.on,
            "reason": judgement.reason,
        },
        judgement.left,
        judgement.right,
    )


def tie_row(tie: Tie) -> Properties:
    """Return the properties of a tie.

    The lists from `claim_ids` on are aligned: one place per affirming claim, the strongest first,
    so that one predicate over them asks what held on a day and was known by another. A disputed
    tie has the same lists, with the prefix `denial_`, for the claims that deny it.
    """
    claims = len(tie.claim_ids)
    properties = _stated(
        status=tie.status,
        rank=tie.rank,
        disputed=tie.disputed,
        origins=tie.origins,
        origin_ids=list(tie.origin_ids),
        claims=claims,
        first=tie.first,
        last=tie.last,
        **_support_lists(tie.supports[:claims]),
    )
    if tie.disputed:
        denials = _support_lists(tie.supports[claims:])
        properties |= {f"{DENIAL}{name}": values for name, values in denials.items()}
    return hashed(properties)


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
#: The aligned lists of a tie, in the order of `Support`'s fields.
SUPPORT_LISTS = (
    "claim_ids",
    "claim_statuses",
    "claim_origins",
    *DAY_LISTS,
)
#: What the names of the same lists of denying claims begin with.
DENIAL: Final = "denial_"


def _support_lists(supports: Sequence[Support]) -> dict[str, list[Any]]:
    columns = dict(zip(SUPPORT_LISTS, (list(c) for c in zip(*supports, strict=True)), strict=True))
    columns["claim_first_days"] = [day or EVER for day in columns["claim_first_days"]]
    columns["claim_last_days"] = [day or NEVER for day in columns["claim_last_days"]]
    return columns


def read_supports(row: Mapping[str, Any]) -> list[Support]:
    """Return the supports that `tie_row` wrote, affirming ones first."""
    return [
        Support._make(
            (
                claim_id,
                status,
                source,
                *map(date.fromisoformat, days),
                _open(first, EVER),
                _open(last, NEVER),
            )
        )
        for prefix in ("", DENIAL)
        for claim_id, status, source, *days, first, last in zip(
            *(row.get(prefix + name) or () for name in SUPPORT_LISTS), strict=True
        )
    ]


def read_tie(source: str, tie_type: str, target: str, row: Mapping[str, Any]) -> Tie:
    """Return the tie that `tie_row` wrote, as of all times; its days are ISO texts by now."""
    return Tie(
        key=TieKey(source, tie_type, target),
        status=row["status"],
        disputed=row["disputed"],
        origin_ids=tuple(row["origin_ids"]),
        first=_day(row.get("first")),
        last=_day(row.get("last")),
        match=Match.YES,
        supports=tuple(read_supports(row)),
    )


def _day(text: str | None) -> date | None:
    """Return the day that an ISO text tells."""
    return None if text is None else date.fromisoformat(text)


def _open(text: str, bound: date) -> date | None:
    day = date.fromisoformat(text)
    return None if day == bound else day
