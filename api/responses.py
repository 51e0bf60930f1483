"""What each operation may answer with beside its model: told from what it takes and what it sends.

One place decides, so that no route has a list of its own to forget something in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from api.answers.common import Problem
from api.errors import CODES, MEDIA_TYPE

#: Declared for all routes so that the model gets its schema; what stands here is then made anew.
DECLARED: dict[int | str, dict[str, Any]] = {422: {"model": Problem}}

TAGS = [
    {"name": "entities", "description": "States, agencies, companies and others, by id."},
    {"name": "ties", "description": "Who supplies, owns, funds or uses whom or what."},
    {"name": "evidence", "description": "Claims, their sources, and what would fall with them."},
    {"name": "graph", "description": "Parts of the graph, paths through it, and analyses of it."},
    {"name": "search", "description": "By plain words, while they are typed, and in Cypher."},
    {"name": "snapshots", "description": "Completed loads, what changed, and whole tables."},
    {"name": "service", "description": "How the service is, and the words that it speaks in."},
]

#: What no parameter tells: problems of single operations.
_OWN: Mapping[str, tuple[str, ...]] = {
    "export_snapshot_table": ("removed", "snapshot_not_current", "files_unusable"),
    "export_table": ("files_unusable",),
    "list_changes": ("not_found",),
    "read_analysis": ("analysis_too_large", "removed", "bad_combination"),
    "read_claim": ("retracted", "superseded"),
    "read_paths": ("not_found",),
    "post_reconcile": ("batch_too_large",),
    "read_reconcile": ("batch_too_large", "malformed"),
    "read_readiness": ("not_loaded", "database_down", "query_timeout"),
    "read_tie": ("retracted", "superseded"),
    "post_what_if": ("not_found", "snapshot_not_current", "bad_combination"),
    "read_what_if": ("not_found", "bad_combination"),
}
#: What a client gets that holds the answer already.
UNCHANGED: dict[str, Any] = {
    "description": "Nothing has changed since the answer whose `ETag` `If-None-Match` names."
}
#: Parameters of a path that name a record, which a load may have removed.
_RECORDS = frozenset({"claim_id", "dataset_id", "entity_id", "source_id", "tie_type"})
_STORE = ("not_loaded", "database_down", "busy", "query_timeout")
_CYPHER = tuple(code for code in CODES if code.startswith("cypher"))


def with_responses(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document with all that each operation may answer with; changes it."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            responses = {
                s: response for s, response in operation["responses"].items() if int(s) < 400
            }
            if method == "get" and _is_tagged(operation):
                responses["304"] = UNCHANGED
            operation["responses"] = responses | _responses(codes(path, operation))
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
    return document


def _is_tagged(operation: Mapping[str, Any]) -> bool:
    """Whether its answers have an `ETag`: those of one snapshot do, and whole tables."""
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    return bool({"snapshot", "table"} & names)


def links_to(operation: str, **parameters: str) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a list whose items can each be read by an operation.

    `parameters` are those of the operation, each with the place of its value in an item, such as
    `from/id`. https://spec.openapis.org/oas/v3.1.0.html#link-object
    """
    link = {
        "operationId": operation,
        "parameters": {n: f"$response.body#/results/0/{p}" for n, p in parameters.items()},
        "description": "The first item of the list by itself; the others are had likewise.",
    }
    return {200: {"links": {"record": link}}}


def codes(path: str, operation: Mapping[str, Any]) -> set[str]:
    """Return the codes of the problems that an operation may answer with."""
    problems = {"url_too_long", "unknown_parameter", "rate_limited", "internal"}
    parameters = operation.get("parameters", [])
    names = {parameter["name"] for parameter in parameters}
    if path.startswith("/v1"):
        problems.add("key_missing")
    if parameters:
        problems.add("bad_value")
    if any(p["in"] == "query" for p in parameters):
        problems.add("repeated_parameter")
    if any(p["in"] == "path" for p in parameters):
        problems |= {"not_found", *_STORE}
    if names & _RECORDS:
        problems.add("removed")
    if "snapshot" in names:
        problems |= {"snapshot_not_current", *_STORE}
    if {"q", "sort"} <= names:  # Without words nothing has a relevance.
        problems.add("bad_combination")
    if any(_is_day(parameter) for parameter in parameters):
        problems.add("bad_date")
    if "cursor" in names:
        problems |= {"malformed", "cursor_outdated"}
    if "requestBody" in operation:
        problems |= {"malformed", "body_too_large", "media_type", "bad_value", "bad_date", *_STORE}
    return problems | _of_formats(path, operation) | set(_OWN.get(operation["operationId"], ()))


def _is_day(parameter: Mapping[str, Any]) -> bool:
    kinds = parameter["schema"].get("anyOf", ())
    return any(kind.get("format") == "date" for kind in kinds)


def _of_formats(path: str, operation: Mapping[str, Any]) -> set[str]:
    """Return the codes that files and statements bring."""
    problems: set[str] = set()
    if "/cypher" in path:
        problems |= {"key_scope", *_CYPHER, "snapshot_not_current", *_STORE}
    types = set(operation["responses"]["200"].get("content", ()))
    names = {parameter["name"] for parameter in operation.get("parameters", ())}
    if "application/json" not in types:
        problems |= {"not_acceptable", "malformed", "range"}
        if path.startswith("/v1/cypher") or "limit" in names:
            problems.add("export_too_large")
    elif {"cursor", "sort"} <= names:
        problems.add("not_acceptable")  # `Accept` may ask for a file instead.
    return problems


def _responses(names: set[str]) -> dict[str, Any]:
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in CODES:
        if code in names:
            by_status[CODES[code].status].append(code)
    return {str(status): _response(by_status[status]) for status in sorted(by_status)}


def _response(names: list[str]) -> dict[str, Any]:
    words = "\n".join(f"- `{code}`: {CODES[code].help}" for code in names)
    schema = {"$ref": f"#/components/schemas/{Problem.__name__}"}
    return {"description": words, "content": {MEDIA_TYPE: {"schema": schema}}}
