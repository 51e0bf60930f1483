"""What all pages share: how they are answered, and what is said where there is nothing to show."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import asdict, replace
from typing import IO, Any, Literal
from urllib.parse import urlencode

import anyio.to_thread
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, model_validator
from starlette.exceptions import HTTPException

from api import files
from api.errors import ProblemError
from api.http.public_address import address, route_path
from api.missing import missing as problem_of
from api.parameters import GraphRead, Read
from api.request import GraphRequest, about, retrieval
from graph import language
from graph.changes import Kind
from graph.citation import Citation, cite_record, credit_line
from graph.errors import StoreError
from graph.language import gettext
from graph.model import Claim, Source, Subgraph, TieKey
from graph.model.path import PathAnswer
from graph.passages import passages
from graph.wording import cited_tie
from viz import Links, message_page
from viz.active_filters import Pair
from viz.card import card
from viz.links import TableFiles
from viz.metadata import PageMetadata, changes_since
from viz.page_table import PageTable

#: Beyond this a picture is no longer legible: page.md, "Layout and limits".
MOST_NODES = 150


class _Page(BaseModel):
    """How every page reads its address. Stands last among the bases: its configuration holds."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: Any) -> Any:
        """A form sends its empty fields too: they ask for nothing."""
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value not in ("", [""])}


class PageRead(Read, _Page):
    """What every page takes."""


class TabledPage(_Page):
    """What a page takes whose connections are a table as well."""

    table: Literal["csv", "xlsx"] | None = None


class TimedPage(GraphRead, _Page):
    """What a page about a moment takes."""


def page_links() -> Links:
    """Return the addresses of pages, as the client of the request in hand reaches them."""
    return Links(address("/"))


async def page(
    request: GraphRequest,
    draw: Callable[..., str],
    *arguments: Any,
    status: int = 200,
    **options: Any,
) -> Response:
    """Answer with what `draw` returns, with the headers of the snapshot that it is made from.

    With `card` in the address, the answer is the picture of the page for networks.
    """
    url, headers = request.http.url, dict(request.response.headers)
    card_url = str(url.include_query_params(card="png"))
    links = replace(page_links(), datasets=credit_line(request.settled.datasets), card=card_url)
    # Layout and rendering take the processor for up to a second: off the event loop.
    html = await anyio.to_thread.run_sync(lambda: draw(*arguments, links=links, **options))
    if "card" not in request.http.query_params:
        return HTMLResponse(html, status, headers=headers)
    own = str(url.remove_query_params("card"))
    png = await anyio.to_thread.run_sync(card, html, own)
    return Response(png, status, headers, "image/png")


async def table_file(
    request: GraphRequest, suffix: str, make: Callable[..., PageTable], *arguments: Any
) -> Response:
    """Answer with the table that `make` returns, in the format of a suffix."""
    table = await anyio.to_thread.run_sync(lambda: make(*arguments, links=page_links()))
    one = files.format_of(suffix)

    async def parts() -> AsyncIterator[files.Rows]:
        yield table.rows

    async def write(file: IO[bytes]) -> int:
        writer = one.writer(file, table.columns, about(request.settled))
        return await files.write_all(writer, parts())

    name = route_path(request.http.scope).strip("/").replace("/", "-")
    response = request.send(await request.file(write), one.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def metadata(
    request: GraphRequest,
    citations: Mapping[str, Citation] | None = None,
    *,
    is_table: bool = False,
) -> PageMetadata:
    """Return the metadata of the page; to be called after every question.

    `is_table`: the page takes what `TabledPage` takes.
    """
    meta = request.meta()
    since = meta.since_seen
    changed = [(it.label, it.change) for it in since.changes] if since else []
    since_text = [changes_since(since.snapshot, changed, since.total)] if since else []
    return PageMetadata(
        snapshot=request.snapshot,
        permalink=request.permalink(),
        notices=(*since_text, *meta.notices),
        citations={key: asdict(citation) for key, citation in (citations or {}).items()},
        table=_own_table(request) if is_table else None,
    )


def _own_table(request: GraphRequest) -> TableFiles:
    # As other tables: of the snapshot that is there when somebody asks.
    url = request.http.url.remove_query_params(["snapshot", "seen_in"])
    csv, xlsx = (f"?{url.include_query_params(table=it).query}" for it in TableFiles._fields)
    return TableFiles(csv, xlsx)


def cite(
    request: GraphRequest, what: str, record_id: str, graph: Subgraph | PathAnswer
) -> Mapping[str, Citation]:
    """Return the citation of a page that shows one record, with its evidence."""
    if request.meta().snapshot is None:
        return {}
    cited_at = retrieval(request, graph.claims.values())
    return {"": cite_record(what, record_id, cited_at, graph.sources.values())}


def quoted(
    request: GraphRequest, claims: Mapping[str, Claim], sources: Mapping[str, Source]
) -> dict[str, str]:
    """Return the passages of claims that may be quoted to whoever asks."""
    return passages(claims.values(), sources, request.texts)


#: So many ties of a picture have citations of their own; beyond, those stand on the ties' pages.
_MOST_CITED = 60


def cite_ties(
    request: GraphRequest, graph: Subgraph, time: Iterable[Pair] = ()
) -> dict[str, Citation]:
    """Return the citation of each tie, by its key; `time` are the parameters of the moment."""
    if request.meta().snapshot is None or len(graph.ties) > _MOST_CITED:
        return {}
    query = urlencode([*time, ("seen_in", request.snapshot)])
    cited = {}
    for tie in graph.ties:
        link = str(request.http.url.replace(path=page_links().tie(tie.key), query=query))
        claims = [graph.claims[support.claim_id] for support in tie.supports]
        cited[str(tie.key)] = cite_record(
            cited_tie(tie, graph.entities),
            str(tie.key),
            replace(retrieval(request, claims), permalink=link),
            _behind(claims, graph),
        )
    return cited


def _behind(claims: Iterable[Claim], graph: Subgraph) -> list[Source]:
    """The documents behind some claims."""
    links = {i for claim in claims for i in (claim.source, *claim.said_by)}
    return [source for i, source in graph.sources.items() if i in links]


async def missing(request: GraphRequest, kind: Kind, record_id: str) -> HTMLResponse:
    """Return the page for a record that is not there, with what stands in its place or is near."""
    problem = await problem_of(request, kind, record_id, "connection" if kind == "tie" else "")
    near = [(each["label"], _page_of(each["link"])) for each in problem.near]
    return nothing(problem.detail, near, problem)


def _page_of(link: str) -> str:
    """The page of a record that has one, by its address in the API."""
    _, _, path, *parts = link.removeprefix(address("")).split("/")
    match path:
        case "entities":
            return page_links().entity(parts[0])
        case "sources":
            return page_links().source(parts[0])
        case "ties":
            return page_links().tie(TieKey(*parts))
        case _:
            return link


def nothing(
    text: str, near: Iterable[tuple[str, str]] = (), problem: ProblemError | None = None
) -> HTMLResponse:
    """Return the page for what is not there, with what may be meant: labels and addresses."""
    is_withdrawn = problem is not None and problem.status == 410
    title, what = gettext("Not found"), gettext("Did you mean:")
    if is_withdrawn:
        title, what = gettext("No longer here"), gettext("What stands in its place or comes near:")
    html = message_page(title, text, near, links=page_links(), suggestions_title=what)
    return HTMLResponse(html, 410 if is_withdrawn else 404, {"Cache-Control": "no-store"})


def is_page(request: Request) -> bool:
    """Whether a person asked for a page, who should read a message and no JSON."""
    return not route_path(request.scope).startswith("/v1/") and "text/html" in request.headers.get(
        "accept", ""
    )


async def use_language(request: Request) -> None:
    """Have the page in the language of the server."""
    language.use(request.app.state.services.language)


def message(request: Request, error: Exception) -> HTMLResponse:
    """Return the page for a problem."""
    language.use(request.app.state.services.language)
    title, text, status = _problem(error)
    headers = {"Cache-Control": "no-store", **(getattr(error, "headers", None) or {})}
    return HTMLResponse(message_page(title, text, links=page_links()), status, headers)


def _problem(error: Exception) -> tuple[str, str, int]:
    match error:
        case ProblemError():
            return error.title, error.detail, error.status
        case HTTPException(status_code=404):
            return gettext("Not found"), gettext("There is nothing at this address."), 404
        case HTTPException():
            return gettext("Not possible"), str(error.detail), error.status_code
        case RequestValidationError():
            # A value of a list is at a number below its name.
            places = (tuple(str(p) for p in e["loc"] if isinstance(p, str)) for e in error.errors())
            names = ", ".join(dict.fromkeys(place[-1] for place in places))
            text = gettext("The address holds a value that is wrong: %(names)s.", names=names)
            return gettext("A value is wrong"), text, 422
        case StoreError():
            text = gettext("The store does not answer. Try again in a moment.")
            return gettext("The store is down"), text, 503
    raise TypeError(error)


#: The errors that a person reads a page about.
PAGE_ERRORS = (ProblemError, StoreError, HTTPException, RequestValidationError)
