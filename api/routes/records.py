"""Ties, claims, sources, snapshots and the ontology, by their ids."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import APIRouter, Path, Query

from api.context import Ask, Context
from api.models.claims import ClaimOut, ClaimRecord
from api.models.common import Page
from api.models.service import OntologyRecord, SnapshotOut
from api.models.sources import SourceRecord
from api.models.ties import TieRecord
from api.parameters.common import GraphRead, Nothing, Read
from api.parameters.records import ClaimRead, SnapshotList
from api.problems import ProblemError, not_found
from api.shape import claim_out, labels_of, snapshot_out, source_out, tie_out
from graph.model import Claim, TieKey
from graph.ontology import ONTOLOGY
from graph.passages import passages
from graph.queries import records, ties

router = APIRouter()


@router.get("/ties/{source}/{tie_type}/{target}", tags=["ties"])
async def read_tie(
    source: Annotated[str, Path(examples=["tiandy"], max_length=120)],
    tie_type: Annotated[str, Path(examples=["SUPPLIES"], max_length=40)],
    target: Annotated[str, Path(examples=["irgc"], max_length=120)],
    ask: Ask,
    asked: Annotated[GraphRead, Query()],
) -> TieRecord:
    """Read one tie with its docket: the claims that affirm it, and those that deny it."""
    key = TieKey(source, tie_type, target)
    docket = await ask.ask(ties.tie(key, asked.moment))
    if docket is None:
        raise not_found("tie", str(key))
    ends = {i: entity.label for i, entity in docket.ends.items()}
    labels = labels_of(docket.names | ends, docket.sources)
    quoted = passages(docket.claims.values(), docket.sources, ask.services.texts)

    def shown(ids: tuple[str, ...]) -> list[ClaimOut]:
        return [claim_out(docket.claims[i], labels, quoted) for i in ids]

    return TieRecord(
        **tie_out(docket.tie, labels).model_dump(),
        affirmed_by=shown(docket.tie.claim_ids),
        denied_by=shown(docket.tie.denial_ids),
        meta=ask.meta(asked),
    )


@router.get("/claims/{claim_id}", tags=["claims"])
async def read_claim(
    claim_id: Annotated[str, Path(pattern="^[0-9a-f]{32}$")],
    ask: Ask,
    asked: Annotated[ClaimRead, Query()],
) -> ClaimRecord:
    """Read one claim. One that was withdrawn or superseded answers 410, unless it is asked for."""
    card = await ask.ask(records.claim(claim_id))
    if card is None:
        raise not_found("claim", claim_id)
    if asked.retracted == "exclude":
        _refuse_withdrawn(card.claim, card.superseded_by)
    labels = labels_of(card.names, card.sources)
    quoted = passages([card.claim], card.sources, ask.services.texts)
    shown = claim_out(card.claim, labels, quoted, card.superseded_by)
    return ClaimRecord(**shown.model_dump(), meta=ask.meta())


def _refuse_withdrawn(claim: Claim, superseded_by: str | None) -> None:
    see = "retracted=include shows it."
    if claim.retracted is not None:
        detail = f"It was retracted on {claim.retracted.on}: {claim.retracted.reason} {see}"
        raise ProblemError(410, "retracted", "Retracted", detail)
    if superseded_by is not None:
        detail = f"The claim {superseded_by} stands in its place; {see}"
        near = [{"id": superseded_by, "link": f"/v1/claims/{superseded_by}"}]
        raise ProblemError(410, "superseded", "Superseded", detail, near=near)


@router.get("/sources/{source_id}", tags=["sources"])
async def read_source(
    source_id: Annotated[str, Path(max_length=120)], ask: Ask, _: Annotated[Read, Query()]
) -> SourceRecord:
    """Read one source, with the ids of its claims and of those that cite it."""
    card = await ask.ask(records.source(source_id))
    if card is None:
        raise not_found("source", source_id)
    shown = source_out(card, _text_held(ask, card.source.text_sha256))
    return SourceRecord(**shown.model_dump(), meta=ask.meta())


def _text_held(ask: Context, sha256: str | None) -> bool:
    return ask.services.texts is not None and sha256 is not None and sha256 in ask.services.texts


@router.get("/snapshots", tags=["snapshots"])
async def list_snapshots(ask: Ask, asked: Annotated[SnapshotList, Query()]) -> Page[SnapshotOut]:
    """List the completed loads, the newest first: the first one is the current one."""
    found = await ask.ask(records.snapshots(asked.limit))
    return Page(
        results=[snapshot_out(snapshot) for snapshot in found.items],
        total=found.total,
        next=None,
        meta=ask.meta(),
    )


@router.get("/ontology", tags=["ontology"])
async def read_ontology(_: Annotated[Nothing, Query()]) -> OntologyRecord:
    """Read the types, predicates, roles and vocabularies that everything is said in."""
    return OntologyRecord(
        ontology=json.loads(ONTOLOGY.model_dump_json(by_alias=True)), digest=ONTOLOGY.digest
    )
