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
    suggest_names,
    suggest_predicates,
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
def get_predicates(folder: Folder, q: str = "", passage: str = "") -> list[str]:
    """Return the names of predicates for words, the likeliest first."""
    return suggest_predicates(q, passage)


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
            }
            for s, t in sources
        ],
        "paragraphs": list(texts[source_id].paragraphs) if source_id else [],
        "claims": [_claim(claim, texts[source_id]) for claim in folder.claims(source_id)]
        if source_id
        else [],
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
