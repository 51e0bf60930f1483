"""The check of a statement's plan: its type, all its operators, and what they call.

EXPLAIN runs nothing. The type alone is not enough, since statements that read files, list other
users' queries or end them count as reading. Nor are the operators, since a subquery inside CASE or
a list comprehension is not an operator, and shows only in the details of the operator around it.

Procedures and functions are checked against an allow-list, since a list of dangerous ones always
has gaps. The server's settings do not block Neo4j's own procedures, many of which have the mode
READ and yet list other users' queries, show settings or clear caches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from graph.errors import CypherCode, CypherFault

#: Procedures that read the graph or its schema.
PROCEDURES = frozenset(
    {
        "db.index.fulltext.queryNodes",
        "db.index.fulltext.queryRelationships",
        "db.labels",
        "db.propertyKeys",
        "db.relationshipTypes",
        "db.schema.nodeTypeProperties",
        "db.schema.relTypeProperties",
        "db.schema.visualization",
    }
)

#: Neo4j's own functions without those about files (`file`, `linenumber`) and those that lead to
#: other graphs (`graph.byName`).
FUNCTIONS = frozenset(
    """
    abs acos all allReduce allShortestPaths any asin atan atan2 avg btrim cardinality ceil ceiling
    char_length character_length coalesce coll.distinct coll.flatten coll.indexOf coll.insert
    coll.max coll.min coll.remove coll.sort collect collect_list cos cosh cot coth count date
    date.realtime date.statement date.transaction date.truncate datetime datetime.fromEpoch
    datetime.fromEpochMillis datetime.realtime datetime.statement datetime.transaction
    datetime.truncate degrees duration duration.between duration.inDays duration.inMonths
    duration.inSeconds duration_between e elementId endNode exists exp floor format haversin head id
    isEmpty isNaN keys labels last left length ln local_datetime local_time localdatetime
    localdatetime.realtime localdatetime.statement localdatetime.transaction localdatetime.truncate
    localtime localtime.realtime localtime.statement localtime.transaction localtime.truncate log
    log10 lower ltrim max min nodes none normalize nullIf path_length percentile_cont
    percentile_disc percentileCont percentileDisc pi point point.distance point.withinBBox
    properties property_exists radians rand randomUUID range reduce relationships replace reverse
    right round rtrim shortestPath sign sin single sinh size split sqrt startNode stDev stdev_pop
    stdev_samp stDevP string.indexOf string.join string.regexReplace substring sum tail tan tanh
    time time.realtime time.statement time.transaction time.truncate timestamp toBoolean
    toBooleanList toBooleanOrNull toFloat toFloatList toFloatOrNull toInteger toIntegerList
    toIntegerOrNull toLower toString toStringList toStringOrNull toUpper trim type upper uuid
    uuid.leastSignificantBits uuid.mostSignificantBits valueType vector vector.similarity.cosine
    vector.similarity.euclidean vector_dimension_count vector_distance vector_norm zoned_datetime
    zoned_time
    """.lower().split()
)

#: Functions with another value at each call: their results do not depend on the snapshot alone.
NONDETERMINISTIC = frozenset(
    """
    date datetime local_datetime local_time localdatetime localtime rand randomUUID time timestamp
    uuid zoned_datetime zoned_time
    """.lower().split()
)

#: Keywords that may precede a bracket as a function's name does. Those that write are among them:
#: the type of the plan refuses these.
BEFORE_BRACKET = frozenset(
    """
    ACYCLIC ALL AND ANY AS ASC ASCENDING BY CALL CASE CONTAINS CREATE CSV DELETE DESC DESCENDING
    DETACH DISTINCT EACH EDGE EDGES ELEMENT ELEMENTS ELSE ENDS FILTER FOR FOREACH GROUP GROUPS IN
    INSERT IS LIMIT MATCH MERGE NOT OFFSET ON OPTIONAL OR ORDER PATH PATHS RELATIONSHIP
    RELATIONSHIPS REMOVE REQUIRE RETURN SEARCH SET SHORTEST SIMPLE SKIP THEN TRAIL UNION UNWIND WALK
    WHEN WHERE WITH XOR
    """.upper().split()
)

#: A whole string or quoted name in the details of an operator.
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`]|``)*`""", re.DOTALL)
_IMPORT = re.compile(r"\bLOAD\s+CSV\b", re.IGNORECASE)
_CALL = re.compile(r"(?:\bCALL\s+|\bResolvedCall\()([^\W\d]\w*(?:\s*\.\s*\w+)*)", re.IGNORECASE)
#: A dotted name before a bracket: built-in names without a dot are checked in the text
#: (`graph.cypher.guard`).
_FUNCTION = re.compile(r"(?<![\w.@])([^\W\d]\w*(?:\.[^\W\d]\w*)+)\(")

#: Operators that are refused, by the beginnings of their names. Unknown operators of newer servers
#: are reads: a statement that changes something has another type than `r`.
_OPERATORS: tuple[tuple[re.Pattern[str], CypherCode, str], ...] = (
    (re.compile(r"LoadCSV"), "cypher_import", "files and addresses are not read"),
    (
        re.compile(r"Transaction(Apply|Foreach)"),
        "cypher_write",
        "a statement runs in one transaction",
    ),
    (
        re.compile(
            r"(Show(?!Indexes$|Constraints$)|Terminate|Administration|System|Alter|Start|Stop|Wait)"
        ),
        "cypher_admin",
        "a statement may read this graph, not the server",
    ),
)
_KINDS = {
    "rw": "it reads and writes",
    "w": "it writes",
    "s": "it changes the schema or the server",
}
_WRITES = re.compile(
    r"Create|Merge|Delete|Detach|Set|Remove|Foreach|Drop|Administration|Lock|Procedure"
)


def check(query_type: str | None, plan: Mapping[str, Any] | None, database: str | None) -> None:
    """Raise `CypherFault` unless this is the plan of a query that only reads this database.

    `database` is the one that the statement would run on, None for the one that it was sent to.
    """
    if plan is None:
        raise CypherFault("cypher_write", "The server gave no plan of the statement.")
    operators = list(_walk(plan))
    if query_type != "r":
        raise _not_read(query_type, [name for name, _ in operators])
    if database is not None:
        raise CypherFault(
            "cypher_admin", f"The statement would run on another database, {database}."
        )
    for name, details in operators:
        _check_operator(name, details)


def _walk(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each operator's name, without the database, and its details."""
    name = str(plan["operatorType"]).partition("@")[0]
    yield name, str(plan.get("args", {}).get("Details", ""))
    for child in plan.get("children", ()):
        yield from _walk(child)


def _not_read(query_type: str | None, names: list[str]) -> CypherFault:
    operator = next((name for name in names if _WRITES.search(name)), names[0])
    does = _KINDS.get(str(query_type), f"its type is {query_type!r}")
    return CypherFault(
        "cypher_write",
        f"The statement is refused, since {does} ({operator}): only statements that read are "
        "allowed.",
        operator=operator,
    )


def _check_operator(name: str, details: str) -> None:
    for pattern, code, why in _OPERATORS:
        if pattern.match(name):
            raise CypherFault(code, f"{name} is refused: {why}.", operator=name)
    text = _QUOTED.sub("''", details)
    if name == "ProcedureCall":
        _check_procedure(re.split(r"[(\s]", text, maxsplit=1)[0])
    if _IMPORT.search(text):
        raise CypherFault(
            "cypher_import",
            "LOAD CSV is refused: files and addresses are not read.",
            operator="LOAD CSV",
        )
    for procedure in _CALL.findall(text):
        _check_procedure(re.sub(r"\s", "", procedure))
    for function in _FUNCTION.findall(text):
        if function.lower() not in FUNCTIONS and function not in PROCEDURES:
            raise CypherFault(
                "cypher_function", f"The function {function} is not allowed.", operator=function
            )


def _check_procedure(name: str) -> None:
    if name not in PROCEDURES:
        raise CypherFault(
            "cypher_procedure", f"The procedure {name} is not allowed.", operator=name
        )
