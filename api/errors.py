"""Every error of the API as a problem document (RFC 9457): one table from errors to codes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from asgi_correlation_id import correlation_id
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from rapidfuzz import process
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match

from api.answers.common import Fault, Problem
from api.http.public_address import address, route_path
from api.http.scope import request_notes
from api.patterns import WORDS
from graph.errors import (
    BadCombination,
    BadText,
    CypherFault,
    InputError,
    QueryFault,
    SightlinesError,
    StoreBusy,
    StoreError,
    StoreStarting,
    StoreTimeout,
    TooLarge,
)
from graph.language import gettext


class Code(NamedTuple):
    """A code's status in HTTP, and what to do about it."""

    status: int
    help: str


#: Codes are stable: new ones may be added, none is renamed. The `type` of a problem is the address
#: of its entry on the page that is made from this table.
CODES: dict[str, Code] = {
    "malformed": Code(
        400, "The body is no JSON, a header cannot be read, or the cursor is none of this API."
    ),
    "key_missing": Code(401, "A key is needed, or the one that was sent is none of this server's."),
    "key_scope": Code(403, "The key is known, and lacks the scope that this asks for."),
    "cypher_off": Code(403, "This server takes no statements of anybody's own."),
    "not_found": Code(404, "No such record; `near` names up to five that may have been meant."),
    "method": Code(405, "The address answers other methods; the detail names them."),
    "not_acceptable": Code(406, "The format is none of those that this address has."),
    "snapshot_not_current": Code(
        409, "`snapshot` names one that the store no longer holds; `seen_in` takes any."
    ),
    "cursor_outdated": Code(409, "A load has ended since the cursor was given: start again."),
    "retracted": Code(410, "The claim was withdrawn; `retracted=include` shows it and the reason."),
    "superseded": Code(410, "Another claim stands in its place; `near` names it."),
    "removed": Code(410, "A load removed the record; the detail has the day."),
    "body_too_large": Code(
        413, "A body has 64 KiB at most; with queries to reconcile 256 KiB, with a statement 1 MiB."
    ),
    "batch_too_large": Code(413, "A request has 50 queries to reconcile at most."),
    "url_too_long": Code(
        414,
        "An address has 16,000 bytes at most: ask for less; /cypher and /what-if take POST.",
    ),
    "range": Code(416, "`Range` asks for bytes beyond the end of the file."),
    "media_type": Code(415, "The body is of another type than the one that is read here."),
    "unknown_parameter": Code(422, "There is no such parameter; the nearest names are given."),
    "repeated_parameter": Code(422, "A parameter with one value was given twice."),
    "bad_value": Code(422, "A value is none that the parameter takes."),
    "bad_date": Code(422, "A day is written 2015, 2015-03 or 2015-03-31, without `~`, `?` or `%`."),
    "bad_combination": Code(
        422,
        "Each value is right by itself, and not with the others, or not alone; see the detail.",
    ),
    "export_too_large": Code(
        422, "A file has 200,000 rows at most: ask for less, or take the ready-made table."
    ),
    "analysis_too_large": Code(
        422,
        "The analysis does not run on so many ties: filter them by type, status or the number of "
        "independent accounts.",
    ),
    "cypher": Code(422, "The statement is refused."),
    "cypher_syntax": Code(422, "Neo4j cannot read the statement; line and column are given."),
    "cypher_option": Code(
        422, "A statement may begin with EXPLAIN or PROFILE, and with CYPHER 5 or 25."
    ),
    "cypher_statements": Code(422, "One statement at a time."),
    "cypher_characters": Code(
        422, "The statement holds an escape, or a character that could hide a word."
    ),
    "cypher_limit": Code(422, "The statement is longer, deeper or larger than is taken."),
    "cypher_write": Code(422, "The statement would change something."),
    "cypher_procedure": Code(422, "The procedure is none of those that are taken."),
    "cypher_function": Code(422, "The function is none of Neo4j's own that only read data."),
    "cypher_import": Code(422, "No file and no address is read."),
    "cypher_admin": Code(422, "A statement asks this graph, and nothing of the server."),
    "cypher_parameter": Code(422, "A parameter is missing, unused, or of a type that is none."),
    "cypher_memory": Code(422, "The statement needs more memory than one may have."),
    "cypher_failed": Code(422, "The statement failed while it ran; Neo4j's words are given."),
    "rate_limited": Code(429, "Too many requests came from one address; `Retry-After` says when."),
    "closed": Code(499, "The client hung up before the answer was there."),
    "internal": Code(500, "A fault of ours. It was logged; the request's id finds it."),
    "not_loaded": Code(503, "The store holds no completed load yet."),
    "database_down": Code(503, "The store does not answer. Try again in a moment."),
    "files_unusable": Code(503, "The server cannot write the file of a table: its disk fails."),
    "cypher_starting": Code(
        503, "The server for statements is starting: ask again after `Retry-After`."
    ),
    "cypher_restarted": Code(
        503,
        "The server for statements was ended while the statement ran, because of this or another "
        "one: ask again, or for less.",
    ),
    "busy": Code(503, "All places for costly questions are taken, or loads follow one another."),
    "query_timeout": Code(504, "The question took longer than it may: ask for less."),
}


log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"


@dataclass
class ProblemError(Exception):
    """Raised by a route to answer with a problem."""

    status: int
    code: str
    title: str
    detail: str
    errors: Sequence[Fault] = ()
    near: Sequence[dict[str, str]] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    retryable: bool = False


@dataclass
class NotModified(Exception):
    """Raised where the asker holds the answer: no error, and no body."""

    headers: Mapping[str, str]


def snapshot_not_current(
    snapshot: str, current: str | None, files: Sequence[dict[str, str]] = ()
) -> ProblemError:
    """Return the problem for a question to a snapshot that is not the one the store holds.

    `kept` are the files of the old one that are still there.
    """
    return ProblemError(
        409,
        "snapshot_not_current",
        "The snapshot is not the current one",
        f"Snapshot {snapshot} was asked for, and the store holds {current}. "
        f"With seen_in={snapshot} the answer is today's, and says what has changed since.",
        near=files,
    )


def cursor_outdated(again: str) -> ProblemError:
    """Return the problem for the cursor of an older snapshot; `again` is where the list starts."""
    return ProblemError(
        409,
        "cursor_outdated",
        "The graph has changed",
        f"The cursor belongs to an older snapshot. Start again at {again}",
    )


def files_unusable(reason: str) -> ProblemError:
    """Return the problem for a table whose file the server cannot write."""
    return ProblemError(
        503,
        "files_unusable",
        "The file cannot be written",
        f"The server cannot keep the files of tables: {reason}. Lists, such as "
        f"{address('/v1/ties')}, are answered without a file.",
    )


def not_found(kind: str, record_id: str, near: Sequence[dict[str, str]] = ()) -> ProblemError:
    """Return the problem for a record that does not exist; `near` are those that may be meant."""
    text = gettext("There is no %(kind)s %(id)s.", kind=gettext(kind), id=repr(record_id))
    return ProblemError(404, "not_found", gettext("Not found"), text, near=near)


def not_loaded() -> ProblemError:
    """Return the problem for a store without a snapshot."""
    return ProblemError(
        503,
        "not_loaded",
        "Nothing is loaded",
        "The store holds no completed load yet. Load a data set: sightlines load seeds/",
        headers={"Retry-After": "5"},
        retryable=True,
    )


def cypher_refused(error: CypherFault, title: str = "The statement is refused") -> ProblemError:
    """Return the problem for a statement that was refused or that failed."""
    line, column = error.at or (None, None)
    fault = Fault(
        parameter="parameters" if error.code == "cypher_parameter" else "statement",
        value=_excerpt(error.operator) if error.operator else None,
        message=str(error),
        line=line,
        column=column,
    )
    return ProblemError(422, error.code, title, str(error), errors=[fault])


#: What our own errors are in HTTP, the most special first: status, code, title, retryable.
_TABLE: tuple[tuple[type[SightlinesError], tuple[int, str, str, bool]], ...] = (
    (StoreTimeout, (504, "query_timeout", "The question took too long", False)),
    (StoreStarting, (503, "cypher_starting", "The server for statements is starting", True)),
    (StoreBusy, (503, "busy", "The store is busy", True)),
    (StoreError, (503, "database_down", "The store does not answer", True)),
    (CypherFault, (422, "cypher", "The statement is refused", False)),
    (QueryFault, (500, "internal", "Internal error", False)),
    (TooLarge, (422, "analysis_too_large", "Too many ties for this analysis", False)),
    (BadText, (500, "internal", "Internal error", False)),
    (BadCombination, (422, "bad_combination", "Values do not go together", False)),
    (InputError, (422, "bad_value", "A value is wrong", False)),
)

_HTTP: Mapping[int, tuple[str, str]] = {
    404: ("not_found", "Not found"),
    405: ("method", "Method not allowed"),
    406: ("not_acceptable", "Not acceptable"),
    413: ("body_too_large", "The body is too large"),
    414: ("url_too_long", "The address is too long"),
    415: ("media_type", "Unsupported media type"),
}


def install(app: FastAPI) -> None:
    """Answer every error of the app with a problem."""
    app.add_exception_handler(NotModified, _not_modified)
    app.add_exception_handler(ProblemError, answer)
    app.add_exception_handler(SightlinesError, answer)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def respond(request: Request, problem: ProblemError) -> JSONResponse:
    """Return the response for a problem."""
    body = Problem(
        type=address(f"/docs/problems#{problem.code}"),
        title=problem.title,
        status=problem.status,
        detail=problem.detail,
        instance=address(route_path(request.scope)),
        code=problem.code,
        errors=list(problem.errors),
        near=list(problem.near),
        retryable=problem.retryable,
        request_id=correlation_id.get(),
    )
    request_notes(request.scope)["code"] = problem.code
    headers = {"Cache-Control": "no-store", **problem.headers}
    return JSONResponse(body.model_dump(), problem.status, headers, MEDIA_TYPE)


async def answer(request: Request, error: Exception) -> JSONResponse:
    """Answer one of our own errors."""
    if isinstance(error, ProblemError):
        return respond(request, error)
    return await _ours(request, error)


async def _ours(request: Request, error: Exception) -> JSONResponse:
    status, code, title, retryable = next(
        (row for kind, row in _TABLE if isinstance(error, kind)),
        (500, "internal", "Internal error", False),
    )
    if status == 500:
        return await _unexpected(request, error)
    if isinstance(error, CypherFault):
        return respond(request, cypher_refused(error, title))
    headers = {"Retry-After": "5"} if retryable else {}
    detail = str(error) if status < 500 or code == "query_timeout" else f"{title}. Try again."
    if code == "database_down":
        log.warning("store does not answer: %s", error)
    problem = ProblemError(status, code, title, detail, headers=headers, retryable=retryable)
    if isinstance(error, BadCombination):
        problem.errors = [Fault(parameter=error.parameter, message=str(error))]
    return respond(request, problem)


async def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers=dict(error.headers))


def _methods(request: Request) -> str:
    """Return the methods that an address answers, as `Allow` names them; HEAD is GET."""
    routes = request.app.routes
    methods = ["OPTIONS"]
    for method, also in (("POST", []), ("GET", ["HEAD"])):
        scope = {**request.scope, "method": method}
        if any(route.matches(scope)[0] is Match.FULL for route in routes):
            methods = [method, *also, *methods]
    return ", ".join(methods)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, title = _HTTP.get(error.status_code, ("malformed", "Bad request"))
    nothing = f"There is nothing at this address. {address('/docs')} has all that there are."
    detail = nothing if error.status_code == 404 else str(error.detail)
    headers = dict(error.headers or {})
    if error.status_code == 405:
        methods = _methods(request)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": methods})
        detail = f"Only {methods} are answered here."
        headers = {"Allow": methods}
    return respond(request, ProblemError(error.status_code, code, title, detail, headers=headers))


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected error in %s", request.url.path, exc_info=error)
    return respond(
        request,
        ProblemError(500, "internal", "Internal error", "This is our fault, and it was logged."),
    )


async def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    names = parameters_of(request.scope.get("route"))
    if any(entry["type"] == "json_invalid" for entry in error.errors()):
        detail = "The body is no JSON."
        return respond(request, ProblemError(400, "malformed", "Bad request", detail))
    faults = [_fault(entry, names) for entry in error.errors()]
    codes = {code for code, _ in faults}
    code = codes.pop() if len(codes) == 1 else "bad_value"
    errors = [fault for _, fault in faults]
    detail = " ".join(fault.message for fault in errors)
    return respond(request, ProblemError(422, code, "A parameter is wrong", detail, errors=errors))


def parameters_of(route: object) -> list[str]:
    """Name the parameters that a route takes; none where no route was found."""
    dependant = getattr(route, "dependant", None)
    names: list[str] = []
    parameters = [*getattr(dependant, "query_params", ()), *getattr(dependant, "body_params", ())]
    for parameter in parameters:
        fields = getattr(parameter.field_info.annotation, "model_fields", None)
        if fields is None:
            names.append(parameter.name)
        else:
            names += [field.alias or name for name, field in fields.items()]
    return names


def _fault(entry: Mapping[str, Any], names: Sequence[str]) -> tuple[str, Fault]:
    place = [str(part) for part in entry["loc"] if part not in ("query", "path", "body")]
    name = place[0] if place else str(entry["loc"][0])
    value = entry.get("input")
    excerpt = _excerpt(value) if isinstance(value, str) else None
    if entry["type"] == "extra_forbidden":
        near = [match for match, *_ in process.extract(name, names, limit=3, score_cutoff=60)]
        message = f"There is no parameter {name!r}; there are {', '.join(names) or 'none'}."
        fault = Fault(parameter=name, value=excerpt, message=message, did_you_mean=near)
        return "unknown_parameter", fault
    if entry["type"] == "literal_error":
        allowed = [
            part.strip(" '") for part in entry["ctx"]["expected"].replace(" or ", ", ").split(",")
        ]
        near = [m for m, *_ in process.extract(excerpt or "", allowed, limit=3, score_cutoff=60)]
        message = f"{name} cannot be {excerpt!r}; it can be {', '.join(allowed)}."
        return "bad_value", Fault(parameter=name, value=excerpt, message=message, did_you_mean=near)
    code = {"date": "bad_date", "repeated": "repeated_parameter"}.get(entry["type"], "bad_value")
    text = entry["msg"]
    if entry["type"] == "string_pattern_mismatch":
        pattern = entry["ctx"]["pattern"]
        text = f"{excerpt!r} is not {WORDS.get(pattern, f'written as {pattern}')}"
    text = (text[0].lower() + text[1:]).removesuffix(".")
    return code, Fault(parameter=name, value=excerpt, message=f"{name}: {text}.")


def _excerpt(value: str) -> str:
    """Return the beginning of what was given, without halves of pairs, which cannot be sent."""
    return value[:200].encode(errors="replace").decode()
