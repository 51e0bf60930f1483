"""The page on which claims are written, and what it asks: for one folder, on this machine alone.

An application of its own, without a store. Whoever has the token may read and write the folder; a
page of another site has none, and cannot send it.
"""

from __future__ import annotations

import hmac
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, Query, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import HTMLResponse, JSONResponse, Response

from api.local_app import PAGE_HEADERS, local_app
from graph.dataset.lookup import Entry
from graph.dataset.scopes import SPEAKERS
from graph.date_words import read_date
from graph.errors import InputError, Outdated
from graph.exchange.claim_folder import ClaimFolder
from graph.exchange.draft_ties import DraftTie, draft_sentence, draft_ties
from graph.exchange.suggestions import (
    suggest_claimed,
    suggest_names,
    suggest_types,
    unknown_names,
)
from graph.exchange.written_claims import Place, Span, WrittenClaim
from graph.faults import Fault
from graph.language import ENGLISH, Language, use
from graph.ontology import ONTOLOGY
from graph.text import Text
from viz.write_page import write_page


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Begin(_Body):
    """A claim to begin with passages: paragraph, start and end of each."""

    source: str
    spans: list[tuple[int, int, int]]


class Change(_Body):
    """Fields of a claim to set; an empty value takes one out."""

    file: str
    number: int
    fields: dict[str, Any]


class ClaimPlace(_Body):
    """A claim of a file."""

    file: str
    number: int


class NewEntity(_Body):
    """An entity to write down."""

    source: str
    name: str
    type: str


class NewSource(_Body):
    """A document to write down that a source cites."""

    source: str
    title: str
    kind: str


class SourceChange(_Body):
    """Fields of the record of a source to set; an empty value takes one out."""

    id: str
    fields: dict[str, Any]


class SharedChange(_Body):
    """Fields to set that all claims of a file share; an empty value takes one out."""

    file: str
    fields: dict[str, Any]


class Decision(_Body):
    """A proposal, and whether it becomes a claim."""

    source: str
    proposal: str
    accept: bool


class Undo(_Body):
    """The last step is taken back."""


def create_writing_app(folder: ClaimFolder, token: str, language: Language = ENGLISH) -> FastAPI:
    """Return the application that serves the page for a folder, in a language, to whoever has the
    token."""
    app = local_app("Sightlines: writing claims")
    app.state.folder = folder
    app.state.token = token
    app.include_router(_router)
    app.add_exception_handler(InputError, _refuse)

    @app.get("/")
    def page() -> HTMLResponse:
        use(language)
        return HTMLResponse(write_page(), headers=PAGE_HEADERS)

    return app


async def _refuse(request: Request, error: Exception) -> Response:
    status = 412 if isinstance(error, Outdated) else 507 if error.__cause__ else 422
    return JSONResponse({"detail": str(error)}, status_code=status)


def _authorised(
    request: Request, authorization: Annotated[str | None, Header()] = None
) -> ClaimFolder:
    expected = f"Bearer {request.app.state.token}"
    if not hmac.compare_digest((authorization or "").encode(), expected.encode()):
        raise HTTPException(401, "Open the address that the terminal shows: it has the token.")
    folder: ClaimFolder = request.app.state.folder
    return folder


Folder = Annotated[ClaimFolder, Depends(_authorised)]
Version = Annotated[str, Header(alias="If-Match")]
_router = APIRouter(prefix="/api")


@_router.get("/version")
def get_version(folder: Folder) -> dict[str, str]:
    """Return the version of the files."""
    return {"version": folder.version}


@_router.get("/state")
def get_state(folder: Folder, source: str = "") -> dict[str, Any]:
    """Return the sources, and the text and the claims of one of them."""
    return _state(folder, source)


@_router.get("/report")
def get_report(folder: Folder) -> list[dict[str, Any]]:
    """Return what `check` says."""
    return [_finding(folder, fault) for fault in folder.report()]


@_router.get("/ties")
def get_ties(folder: Folder, source: str, file: str, number: int) -> dict[str, Any]:
    """Return the ties that a claim would make, and what they say in one sentence."""
    place = Place(file, number)
    claim = next((c for c in folder.claims(source) if c.place == place), None)
    records = folder.records() if claim else ()
    ties: dict[object, DraftTie] = {
        (tie.key, tie.words): tie
        for fields in (claim.by_chain() if claim else ())
        for tie in draft_ties(fields, records)
    }
    return {
        "sentence": draft_sentence([*ties.values()]),
        "ties": [
            {
                "source": tie.key.source,
                "target": tie.key.target,
                "verb": tie.verb,
                "words": tie.words,
                "denied": tie.denied,
            }
            for tie in ties.values()
        ],
    }


@_router.get("/predicates")
def get_predicates(folder: Folder, q: str = "", passage: str = "") -> list[dict[str, Any]]:
    """Return predicates for words, affirmed or denied, the likeliest first."""
    return [suggestion._asdict() for suggestion in suggest_claimed(q, passage)]


@_router.get("/replaceable")
def get_replaceable(
    folder: Folder, source: str, file: str, number: int, q: str = ""
) -> list[dict[str, str]]:
    """Return claims that a claim may replace, the likeliest first."""
    names = {entry.id: entry.label for entry in folder.entries()}
    return [
        {
            "id": claim.id,
            "summary": claim.summary,
            "source": names.get(claim.source, claim.source),
            "speaker": names.get(claim.said_by[-1], claim.said_by[-1]),
            "recorded_on": claim.recorded_on.isoformat(),
        }
        for claim in (one.claim for one in folder.replaceable(Place(file, number), q))
    ]


@_router.get("/names")
def get_names(
    folder: Folder,
    source: str,
    q: str = "",
    passage: str = "",
    predicate: str = "",
    role: str = "",
) -> dict[str, Any]:
    """Return entities for a role; without one, speakers, sources among them.

    Without words, those that the passage names, the names in it that nobody has, and others. With
    words, also the types that a new entity may have.
    """
    fillers = ONTOLOGY.fillers.get((predicate, role), SPEAKERS)
    every = folder.entries()

    def allows(entry: Entry) -> bool:
        return entry.type in fillers if entry.kind == "entity" else not role

    among = [entry for entry in every if allows(entry)]
    claims = [claim.values for claim in folder.claims(source)] if not q.strip() else []
    names, others = (
        [{"id": e.id, "label": e.label, "type": e.type, "name": name} for name, e in part]
        for part in suggest_names(q, among, passage, claims)
    )
    return {
        "names": names,
        "others": others,
        "types": suggest_types(predicate, role, folder.role_types(source)) if q.strip() else [],
        "unknown": [] if q.strip() else unknown_names(passage, every),
    }


@_router.get("/date")
def get_date(folder: Folder, source: str, q: Annotated[str, Query(max_length=200)]) -> Any:
    """Return a date in words as EDTF, in words again, and how it was resolved."""
    record, _ = folder.source(source)
    return read_date(q, record.published)._asdict()


@_router.post("/claims")
def post_claim(folder: Folder, body: Begin, version: Version) -> dict[str, Any]:
    """Begin a claim."""
    place = folder.begin(version, body.source, [Span(*span) for span in body.spans])
    return {"place": place._asdict(), **_state(folder, body.source)}


@_router.post("/claims/beside")
def post_claim_beside(
    folder: Folder, body: ClaimPlace, version: Version, source: str
) -> dict[str, Any]:
    """Begin a claim with the passages and the speakers of another one, in a group with it."""
    place = folder.begin_beside(version, Place(body.file, body.number))
    return {"place": place._asdict(), **_state(folder, source)}


@_router.patch("/claims")
def patch_claim(folder: Folder, body: Change, version: Version, source: str) -> dict[str, Any]:
    """Change a claim."""
    folder.change(version, Place(body.file, body.number), body.fields)
    return _state(folder, source)


@_router.post("/claims/removal")
def post_removal(folder: Folder, body: ClaimPlace, version: Version, source: str) -> dict[str, Any]:
    """Take a claim out."""
    folder.remove(version, Place(body.file, body.number))
    return _state(folder, source)


@_router.post("/entities")
def post_entity(folder: Folder, body: NewEntity, version: Version) -> dict[str, Any]:
    """Write an entity down, and return its id."""
    entity_id = folder.add_entity(version, body.source, body.name, body.type)
    return {"id": entity_id, **_state(folder, body.source)}


@_router.post("/sources")
def post_source(folder: Folder, body: NewSource, version: Version) -> dict[str, Any]:
    """Write down a document that a source cites, and return its id."""
    source_id = folder.add_source(version, body.source, body.title, body.kind)
    return {"id": source_id, **_state(folder, body.source)}


@_router.patch("/sources")
def patch_source(
    folder: Folder, body: SourceChange, version: Version, source: str
) -> dict[str, Any]:
    """Change the record of a source."""
    folder.change_source(version, body.id, body.fields)
    return _state(folder, source)


@_router.patch("/shared")
def patch_shared(
    folder: Folder, body: SharedChange, version: Version, source: str
) -> dict[str, Any]:
    """Change what all claims of a file share."""
    folder.change_shared(version, source, body.file, body.fields)
    return _state(folder, source)


@_router.post("/decisions")
def post_decision(folder: Folder, body: Decision, version: Version) -> dict[str, Any]:
    """Accept a proposal, or refuse it; of an accepted one, say which of its names nobody has."""
    if not body.accept:
        folder.refuse(version, body.source, body.proposal)
        return _state(folder, body.source)
    place, unknown = folder.accept(version, body.source, body.proposal)
    return {"place": place._asdict(), "unknown": unknown, **_state(folder, body.source)}


@_router.post("/undo")
def post_undo(folder: Folder, body: Undo, version: Version, source: str) -> dict[str, Any]:
    """Take the last step back, and say what it was."""
    return {"undone": folder.undo(version), **_state(folder, source)}


def _state(folder: ClaimFolder, source_id: str) -> dict[str, Any]:
    version = folder.version
    sources = folder.sources()
    texts = {source.id: text for source, text in sources if text is not None}
    if source_id not in texts:
        source_id = next(iter(texts), "")
    names = {entry.id: entry for entry in folder.entries()}
    claims = folder.claims(source_id) if source_id else []
    replaced = folder.replaced({str(i) for c in claims if (i := c.values.get("supersedes"))})
    lines = {(folder.name_of(str(one.path)), one.line) for one in replaced.values()}
    return {
        "version": version,
        "folder": str(folder.folder),
        "by": folder.by,
        "undo": folder.last_step,
        "source": source_id,
        "sources": [
            {
                "id": s.id,
                "title": s.title,
                "published": s.published,
                "lang": s.lang,
                "text": t is not None,
                "kind": s.kind,
                "publisher": s.publisher,
                "authors": s.authors,
                "published_note": s.published_note,
                "url": s.url,
                "cited": s.cited_only and t is None,
            }
            for s, t in sources
        ],
        "paragraphs": list(texts[source_id].paragraphs) if source_id else [],
        "claims": [
            {**_claim(claim, texts[source_id]), "replaced": (claim.file, claim.line) in lines}
            for claim in claims
        ],
        "replaced": {i: one.claim.summary for i, one in replaced.items()},
        "shared": [asdict(shared) for shared in folder.shared(source_id)] if source_id else [],
        "proposals": [
            {"id": p.id, "maker": p.maker, **p.model_dump()}
            for p in (folder.proposals(source_id) if source_id else [])
            if p.state == "waiting"
        ],
        "labels": {i: {"label": e.label, "type": e.type} for i, e in names.items()},
    }


def _claim(claim: WrittenClaim, text: Text) -> dict[str, Any]:
    return {
        **{k: v for k, v in asdict(claim).items() if k not in ("place", "words")},
        "place": claim.place._asdict() if claim.place else None,
        "words": list(claim.words),
        "passages": [_passage(text, span) for span in claim.spans],
    }


def _passage(text: Text, span: Span) -> str:
    inside = 1 <= span.paragraph <= len(text.paragraphs)
    return text.paragraphs[span.paragraph - 1][span.start : span.end] if inside else ""


def _finding(folder: ClaimFolder, fault: Fault) -> dict[str, Any]:
    return {**fault.as_dict(), "file": folder.name_of(fault.path), "words": str(fault)}
