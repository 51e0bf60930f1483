"""From models of the graph to models of the API: shape only, no rule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.answers.claims import ClaimOut, LocatorOut, QuantityOut, RetractionOut
from api.answers.common import Label, Links, Match
from api.answers.entities import EntityHit, EntityOut, Matched, NameOut
from api.answers.graphs import EdgeOut
from api.answers.service import SnapshotOut
from api.answers.sources import SourceFacts, SourceItemOut, SourceOut
from api.answers.ties import TieOut
from graph.model import Claim, Source, Tie
from graph.ontology import ONTOLOGY
from graph.queries.entities import EntityCard
from graph.queries.records import Snapshot
from graph.queries.search import Hit
from graph.queries.sources import SourceCard, SourceItem
from graph.queries.tie_lists import TieRow

Labels = Mapping[str, str]


def entity_out(card: EntityCard) -> EntityOut:
    """Return an entity as the API shows it."""
    entity = card.entity
    return EntityOut(
        id=entity.id,
        type=entity.type,
        label=entity.label,
        names=[
            NameOut(text=n.text, lang=n.lang, script=n.script, kind=n.kind) for n in entity.names
        ],
        description=entity.description,
        tags=list(entity.tags),
        tie_counts=card.tie_counts,
        canonical_id=card.canonical_id,
        links=Links(self=f"/v1/entities/{entity.id}", page=f"/entity/{entity.id}"),
    )


def hit_out(hit: Hit) -> EntityHit:
    """Return an entity that a search found, with the reason."""
    name = hit.matched
    matched = Matched(text=name.text, lang=name.lang, script=name.script, how=hit.how)
    return EntityHit(**entity_out(hit.card).model_dump(), matched=matched)


def called(record_id: str, labels: Labels) -> Label:
    """Return a record by its id and its label; one without a label is called by its id."""
    return Label(id=record_id, label=labels.get(record_id, record_id))


def tie_out(tie: Tie, labels: Labels) -> TieOut:
    """Return a tie as the API shows it; `labels` are those of its ends."""
    return _tie(tie, called(tie.key.source, labels), called(tie.key.target, labels))


def tie_row_out(row: TieRow, labels: Labels) -> TieOut:
    """Return a tie of a list as the API shows it; `labels` go before those of the row."""
    source = Label(id=row.source, label=labels.get(row.source, row.source_label))
    target = Label(id=row.target, label=labels.get(row.target, row.target_label))
    return _tie(row, source, target)


def _tie(tie: Tie | TieRow, source: Label, target: Label) -> TieOut:
    told = _told(tie, source.label, target.label)
    return TieOut(source=source, target=target, origin_ids=list(tie.origin_ids), **told)


def edge_out(row: TieRow, labels: Labels) -> EdgeOut:
    """Return a tie of a graph as the API shows it; `labels` go before those of the row."""
    source = labels.get(row.source, row.source_label)
    target = labels.get(row.target, row.target_label)
    told = _told(row, source, target)
    return EdgeOut(source=row.source, target=row.target, key=row.type, **told)


def _told(tie: Tie | TieRow, source: str, target: str) -> dict[str, Any]:
    """What a tie says in a list and in a graph; `source` and `target` are its ends' labels."""
    key = tie.key
    return {
        "type": key.type,
        "sentence": f"{source} {ONTOLOGY.tie_types[key.type].label} {target}",
        "status": tie.status,
        "disputed": tie.disputed,
        "origins": tie.origins,
        "first": _day(tie.first),
        "last": _day(tie.last),
        "match": _match(tie.match),
        "claim_ids": list(tie.claim_ids),
        "denial_ids": list(tie.denial_ids),
        "links": Links(
            self=f"/v1/ties/{key}",
            page=f"/entity/{key.source}",
            claims=[f"/v1/claims/{i}" for i in (*tie.claim_ids, *tie.denial_ids)],
        ),
    }


def _day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day


def _match(value: str) -> Match:
    return "yes" if value == "yes" else "possibly"


def claim_out(
    claim: Claim,
    labels: Labels,
    passages: Mapping[str, str],
    superseded_by: str | None = None,
    match: str = "yes",
) -> ClaimOut:
    """Return a claim as the API shows it; `labels` are those of entities and sources."""
    quantity, retracted = claim.quantity, claim.retracted
    return ClaimOut(
        id=claim.id,
        predicate=claim.predicate,
        roles={role: [called(i, labels) for i in ids] for role, ids in claim.roles.items()},
        details=claim.details,
        when=claim.when,
        when_note=claim.when_note,
        modality=claim.modality,
        polarity=claim.polarity,
        quantity=QuantityOut(
            number=quantity.number, unit=quantity.unit, qualifier=quantity.qualifier
        )
        if quantity
        else None,
        source=called(claim.source, labels),
        said_by=[called(link, labels) for link in claim.said_by],
        evidence=[
            LocatorOut(paragraph=e.paragraph, start=e.start, end=e.end, sha256=e.sha256)
            for e in claim.evidence
        ],
        passage=passages.get(claim.id),
        summary=claim.summary,
        note=claim.note,
        recorded_on=claim.recorded_on,
        recorded_by=claim.recorded_by,
        reviewed_by=claim.reviewed_by,
        supersedes=claim.supersedes,
        superseded_by=superseded_by,
        match=_match(match),
        retracted=RetractionOut(on=retracted.on, reason=retracted.reason) if retracted else None,
        links=Links(self=f"/v1/claims/{claim.id}"),
    )


def source_facts(source: Source, text_held: bool) -> SourceFacts:
    """Return what is recorded of a document itself."""
    return SourceFacts(
        id=source.id,
        kind=source.kind,
        title=source.title,
        publisher=source.publisher,
        authors=list(source.authors),
        published=source.published,
        published_note=source.published_note,
        url=source.url,
        lang=source.lang,
        read_on=source.read_on,
        cited_only=source.cited_only,
        text_held=text_held,
        links=Links(self=f"/v1/sources/{source.id}"),
    )


def source_item_out(item: SourceItem, text_held: bool) -> SourceItemOut:
    """Return a source of a list as the API shows it."""
    facts = source_facts(item.source, text_held)
    return SourceItemOut(
        **facts.model_dump(), claim_counts=item.claim_counts, match=_match(item.match)
    )


def source_out(card: SourceCard, text_held: bool) -> SourceOut:
    """Return a source as the API shows it."""
    facts = source_facts(card.source, text_held)
    return SourceOut(**facts.model_dump(), claims=card.claims, cited_by=list(card.cited_by))


def snapshot_out(snapshot: Snapshot) -> SnapshotOut:
    """Return a snapshot as the API shows it."""
    return SnapshotOut(
        id=snapshot.id,
        data_set=snapshot.data_set,
        completed_on=snapshot.completed_on,
        ontology=snapshot.ontology,
        counts=snapshot.counts,
    )


def labels_of(names: Mapping[str, str], sources: Mapping[str, Source]) -> dict[str, str]:
    """Return how entities and sources are called, by id."""
    return {**{i: s.title for i, s in sources.items()}, **names}
