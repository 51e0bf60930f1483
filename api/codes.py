"""Every code of a problem: its status, and what it means to who meets it.

Codes are stable: one may come, none is renamed. A `type` of a problem leads to its entry on the
page that is made from this table.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """A code's status in HTTP, and what to do about it."""

    status: int
    help: str


CODES: dict[str, Code] = {
    "malformed": Code(400, "The body is no JSON, or the cursor is none that this API gave."),
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
    "body_too_large": Code(413, "A body has 64 KiB at most."),
    "url_too_long": Code(414, "An address has 16,000 bytes at most: POST the same question."),
    "media_type": Code(415, "The body is of another type than the one that is read here."),
    "unknown_parameter": Code(422, "There is no such parameter; the nearest names are given."),
    "repeated_parameter": Code(422, "A parameter with one value was given twice."),
    "bad_value": Code(422, "A value is none that the parameter takes."),
    "bad_date": Code(422, "A day is written 2015, 2015-03 or 2015-03-31, without `~`, `?` or `%`."),
    "export_too_large": Code(
        422, "A file has 200,000 rows at most: ask for less, or take the ready-made table."
    ),
    "analysis_too_large": Code(
        422, "The analysis does not run on so many ties: filter them by type, status or origins."
    ),
    "cypher": Code(422, "The statement is refused."),
    "cypher_syntax": Code(422, "Neo4j cannot read the statement; line and column are given."),
    "cypher_option": Code(422, "EXPLAIN, PROFILE and CYPHER are not taken: send the query itself."),
    "cypher_statements": Code(422, "One statement at a time."),
    "cypher_characters": Code(422, "The statement holds what is no character, or an escape."),
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
    "busy": Code(503, "All places for costly questions are taken, or loads follow one another."),
    "query_timeout": Code(504, "The question took longer than it may: ask for less."),
}
