"""Reconciliation: the names in a table and the entities that they may mean (api.md, section 9).

The shapes are those of the standard, version 0.2, and problems are ours. It takes no moment:
entities and their names are there at any time.
https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs

import anyio.to_thread
from fastapi import APIRouter, Path, Query
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from api.answers.reconcile import (
    CandidateOut,
    Feature,
    Manifest,
    PreviewTemplate,
    QueryResult,
    SuggestedEntities,
    SuggestedEntity,
    SuggestedWord,
    SuggestedWords,
    SuggestService,
    SuggestServices,
    TypeRef,
    UrlTemplate,
)
from api.errors import ProblemError
from api.missing import missing
from api.parameters import Read
from api.request import GraphRequest, RequestDep, SnapshotRoute
from graph.exchange.mapping import country_names
from graph.fold import fold
from graph.model.fields import TypeName
from graph.ontology import ONTOLOGY
from graph.queries import entities, reconciliation, search
from graph.reconciliation import (
    Candidate,
    MergedEntity,
    ReconciliationQuery,
    TypeStrict,
    candidates,
)
from viz.preview_page import preview_page

#: Queries that a request may have.
BATCH = 50
#: Suggestions of one answer.
_SUGGESTED = 20
#: Width and height of a preview, in pixels.
_PREVIEW = (420, 220)
_FORM = "application/x-www-form-urlencoded"
_EXAMPLE = '{"q0": {"query": "Tiandy", "type": "Company", "limit": 3}}'

PropertyName = Literal["country", "identifier"]
_PROPERTIES: Mapping[PropertyName, tuple[str, str]] = {
    "country": ("Country", "The country of a body: a code of ISO 3166-1, or its English name."),
    "identifier": (
        "Identifier",
        "What a register calls it: the value alone, or after the name of the register.",
    ),
}


def _values(value: object) -> object:
    """Return one value or several as a list; of a reconciled cell its name, or its id."""
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [_text(each) for each in values]


def _text(value: object) -> object:
    if isinstance(value, dict):
        return value.get("name") or value.get("id")
    return value if isinstance(value, str) else str(value)


class PropertyIn(BaseModel):
    """A property of an entity, with its values."""

    model_config = ConfigDict(extra="forbid")

    pid: PropertyName
    v: Annotated[list[Annotated[str, Field(max_length=1_000)]], BeforeValidator(_values)]


class QueryIn(BaseModel):
    """One query of a batch."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field("", max_length=1_000)
    type: Annotated[list[TypeName], BeforeValidator(_values)] = []
    limit: int = Field(10, ge=1, le=100)
    properties: list[PropertyIn] = Field([], max_length=20)
    type_strict: TypeStrict = "any"

    def query_value(self) -> ReconciliationQuery:
        """Return the query as the rules have it."""
        values: dict[PropertyName, list[str]] = {name: [] for name in _PROPERTIES}
        for each in self.properties:
            values[each.pid] += each.v
        countries = (_country(text) for text in values["country"])
        return ReconciliationQuery(
            # A name has one line.
            name=" ".join(self.query.split()),
            types=tuple(self.type),
            type_strict=self.type_strict,
            countries=tuple(code for code in countries if code),
            identifiers=tuple(value.strip() for value in values["identifier"] if value.strip()),
            limit=self.limit,
        )


def _country(text: str) -> str | None:
    """Return the code of a country by its code or its English name; None for any other text."""
    names = country_names()
    code = text.strip().upper()
    return code if code in names.values() else names.get(text.strip())


class Reconcile(Read):
    """The parameters of `/reconcile`."""

    queries: str | None = Field(
        None,
        description="A JSON object of queries by keys of your own, 50 at most; without it, the "
        "manifest of the service.",
        examples=[_EXAMPLE],
    )


_Unused = Annotated[
    str | None, Field(max_length=100, description="OpenRefine sends it; it has no effect.")
]


class SuggestRead(Read):
    """The parameters of suggestions."""

    prefix: str = Field(
        min_length=1, max_length=100, description="What is typed so far.", examples=["co"]
    )
    cursor: int = Field(0, ge=0, le=1_000, description="How many suggestions to leave out.")
    type: list[TypeName] = Field([], description="Only entities of these types.")
    # What the form fields of OpenRefine send beside it, for a service that is no more.
    spell: _Unused = None
    exact: _Unused = None
    prefixed: _Unused = None
    scoring: _Unused = None


router = APIRouter(route_class=SnapshotRoute, tags=["search"])


@router.get("/reconcile")
async def read_reconcile(
    request: RequestDep, params: Annotated[Reconcile, Query()]
) -> Manifest | dict[str, QueryResult]:
    """Say what the service can do; with `queries`, which entities the names of a table may mean."""
    await request.state()
    if params.queries is None:
        return _manifest(request)
    return await _answer(request, params, params.queries)


@router.post(
    "/reconcile",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                _FORM: {
                    "schema": {
                        "type": "object",
                        "properties": {"queries": {"type": "string", "examples": [_EXAMPLE]}},
                        "required": ["queries"],
                        "additionalProperties": False,
                    }
                }
            },
        }
    },
)
async def post_reconcile(
    http: Request, request: RequestDep, params: Annotated[Read, Query()]
) -> dict[str, QueryResult]:
    """Say which entities the names of a table may mean, by a form with the field `queries`."""
    return await _answer(request, params, await _field(http))


async def _field(request: Request) -> str:
    """Return the field `queries` of a form. Raises a problem for any other body."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise HTTPException(415, f"The body is a form: {_FORM}, with the field `queries`.")
    try:
        form = parse_qs((await request.body()).decode(), keep_blank_values=True)
    except ValueError as error:
        raise _malformed("The form cannot be read.") from error
    fields = ", ".join(sorted(form)) or "none"
    if list(form) != ["queries"]:
        raise _wrong("queries", "value_error", f"it is the one field of the form, not {fields}")
    if len(form["queries"]) > 1:
        raise _wrong("queries", "repeated", "Give it once")
    return form["queries"][0]


def _malformed(detail: str) -> ProblemError:
    return ProblemError(400, "malformed", "Bad request", detail)


def _wrong(place: str, kind: str, message: str) -> RequestValidationError:
    return RequestValidationError(
        [{"type": kind, "loc": ("body", place), "msg": message, "input": None}]
    )


_BATCH: TypeAdapter[dict[str, QueryIn]] = TypeAdapter(dict[str, QueryIn])


def _batch(text: str) -> dict[str, ReconciliationQuery]:
    """Read the queries of a batch. Raises a problem with every fault."""
    try:
        batch = _BATCH.validate_json(text)
    except ValidationError as error:
        entries = error.errors(include_url=False)
        if entries[0]["type"] in ("json_invalid", "dict_type"):
            raise _malformed("`queries` is a JSON object of queries.") from error
        faults = [
            {**entry, "loc": ("query", ".".join(map(str, ("queries", *entry["loc"]))))}
            for entry in entries
        ]
        raise RequestValidationError(faults) from error
    if len(batch) > BATCH:
        raise ProblemError(
            413,
            "batch_too_large",
            "Too many queries",
            f"A request has {BATCH} queries at most, and this one has {len(batch):,}.",
        )
    return {key: query.query_value() for key, query in batch.items()}


async def _answer(request: GraphRequest, params: Read, text: str) -> dict[str, QueryResult]:
    batch = _batch(text)
    queries = list(batch.values())
    names = [(q.name, () if q.type_strict == "should" else q.types) for q in queries]
    values = list(dict.fromkeys(value for q in queries for value in q.identifiers))
    by_name, by_identifier = await asyncio.gather(
        request.ask(reconciliation.by_names(names)), _by_identifiers(request, values)
    )

    def ranked() -> list[list[Candidate]]:
        return [
            candidates(query, _together(hits.entities, by_identifier, query), complete=complete)
            for query, hits in zip(queries, by_name, strict=True)
            for complete in (hits.complete,)
        ]

    # Names are compared by the processor alone: off the event loop.
    results = await anyio.to_thread.run_sync(ranked)
    labels = await request.labels({c.entity.id: c.entity.label for r in results for c in r}, params)
    return {
        key: QueryResult(result=[_candidate_out(c, labels) for c in result])
        for key, result in zip(batch, results, strict=True)
    }


async def _by_identifiers(request: GraphRequest, values: Sequence[str]) -> Iterable[MergedEntity]:
    return await request.ask(reconciliation.by_identifiers(values)) if values else ()


def _together(
    by_name: Iterable[MergedEntity],
    by_identifier: Iterable[MergedEntity],
    query: ReconciliationQuery,
) -> Iterable[MergedEntity]:
    """Return the entities that have the name or by an identifier of a query, each once."""
    result = {each.entity.id: each for each in by_name}
    for each in by_identifier:
        if any(map(query.names_identifier, each.identifiers)):
            result.setdefault(each.entity.id, each)
    return result.values()


def _candidate_out(candidate: Candidate, labels: Mapping[str, str]) -> CandidateOut:
    entity, comparison = candidate.entity, candidate.comparison
    features: dict[str, bool | float | None] = {
        "name": round(comparison.name * 100, 1) if comparison.name else None,
        "identifier": comparison.same_identifier,
        "country": comparison.same_country,
        "type": candidate.same_type,
    }
    return CandidateOut(
        id=entity.id,
        name=labels[entity.id],
        description="; ".join(comparison.reasons),
        type=[_type_ref(entity.type)],
        score=round(candidate.score * 100, 1),
        features=[Feature(id=n, value=v) for n, v in features.items() if v is not None],
        match=candidate.certain,
    )


def _type_ref(name: str) -> TypeRef:
    return TypeRef(id=name, name=ONTOLOGY.types[name].label)


def _manifest(request: GraphRequest) -> Manifest:
    base = str(request.http.base_url).rstrip("/")

    def suggest(what: str) -> SuggestService:
        return SuggestService(service_url=base, service_path=f"/v1/reconcile/suggest/{what}")

    width, height = _PREVIEW
    return Manifest(
        versions=["0.2"],
        name="Sightlines",
        identifierSpace=f"{base}/entity/",
        schemaSpace=f"{base}/v1/ontology",
        documentation=f"{base}/docs",
        serviceVersion=request.services.version,
        batchSize=BATCH,
        defaultTypes=[_type_ref(name) for name in ONTOLOGY.types],
        view=UrlTemplate(url=f"{base}/entity/{{{{id}}}}"),
        preview=PreviewTemplate(
            url=f"{base}/v1/reconcile/preview/{{{{id}}}}", width=width, height=height
        ),
        suggest=SuggestServices(
            entity=suggest("entity"), type=suggest("type"), property=suggest("property")
        ),
    )


@router.get("/reconcile/suggest/entity")
async def suggest_entities(
    request: RequestDep, params: Annotated[SuggestRead, Query()]
) -> SuggestedEntities:
    """Suggest entities for the beginning of a name."""
    hits = await request.ask(
        search.search_records(
            params.prefix,
            kinds=["entity"],
            types=params.type,
            limit=params.cursor + _SUGGESTED,
        )
    )
    page = hits.items[params.cursor :]
    labels = await request.labels({hit.id: hit.label for hit in page}, params)
    return SuggestedEntities(
        result=[
            SuggestedEntity(
                id=hit.id,
                name=labels[hit.id],
                description=f"{ONTOLOGY.types[hit.type].label}: {hit.matched.text}",
                notable=[_type_ref(hit.type)],
            )
            for hit in page
        ]
    )


@router.get("/reconcile/suggest/type")
async def suggest_types(
    request: RequestDep, params: Annotated[SuggestRead, Query()]
) -> SuggestedWords:
    """Suggest types of entities."""
    await request.state()
    words = {name: (word.label, word.help) for name, word in ONTOLOGY.types.items()}
    return _suggested(params, words)


@router.get("/reconcile/suggest/property")
async def suggest_properties(
    request: RequestDep, params: Annotated[SuggestRead, Query()]
) -> SuggestedWords:
    """Suggest properties that a query may have."""
    await request.state()
    return _suggested(params, _PROPERTIES)


def _suggested(params: SuggestRead, words: Mapping[Any, tuple[str, str]]) -> SuggestedWords:
    prefix = fold(params.prefix)
    fits = [
        SuggestedWord(id=name, name=label, description=help_text)
        for name, (label, help_text) in words.items()
        if any(word.startswith(prefix) for text in (name, label) for word in _ends(fold(text)))
    ]
    return SuggestedWords(result=fits[params.cursor :][:_SUGGESTED])


def _ends(text: str) -> list[str]:
    """Return a text from each of its words on."""
    words = text.split()
    return [" ".join(words[i:]) for i in range(len(words))]


@router.get("/reconcile/preview/{entity_id}", include_in_schema=False)
async def preview_entity(
    entity_id: Annotated[str, Path(max_length=120)],
    request: RequestDep,
    params: Annotated[Read, Query()],
) -> HTMLResponse:
    """Show an entity in short, for a frame of the program that asks."""
    card = await request.ask(entities.entity(entity_id))
    if card is None:
        raise await missing(request, "entity", entity_id)
    headers = {
        **request.response.headers,
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    }
    return HTMLResponse(preview_page(card.entity, card.tie_counts), headers=headers)
