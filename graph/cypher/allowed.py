"""What an open statement may call: an allow-list, since any list of what is dangerous has holes.

Server settings do not close Neo4j's own procedures, of which many are of the mode READ and yet
list other people's queries, show settings or clear caches.
"""

from __future__ import annotations

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

#: Neo4j's own functions, but for those that tell of files (`file`, `linenumber`) and those that
#: lead to other graphs (`graph.byName`).
FUNCTIONS = frozenset(
    """
    abs acos all allReduce allShortestPaths any asin atan atan2 avg btrim ceil ceiling char_length
    character_length coalesce coll.distinct coll.flatten coll.indexOf coll.insert coll.max coll.min
    coll.remove coll.sort collect cos cosh cot coth count date date.realtime date.statement
    date.transaction date.truncate datetime datetime.fromEpoch datetime.fromEpochMillis
    datetime.realtime datetime.statement datetime.transaction datetime.truncate degrees duration
    duration.between duration.inDays duration.inMonths duration.inSeconds e elementId endNode
    exists exp floor haversin head id isEmpty isNaN keys labels last left length localdatetime
    localdatetime.realtime localdatetime.statement localdatetime.transaction
    localdatetime.truncate localtime localtime.realtime localtime.statement localtime.transaction
    localtime.truncate log log10 lower ltrim max min nodes none normalize nullIf percentileCont
    percentileDisc pi point point.distance point.withinBBox properties radians rand randomUUID
    range reduce relationships replace reverse right round rtrim shortestPath sign sin single sinh
    size split sqrt startNode stDev stDevP substring sum tail tan tanh time time.realtime
    time.statement time.transaction time.truncate timestamp toBoolean toBooleanList toBooleanOrNull
    toFloat toFloatList toFloatOrNull toInteger toIntegerList toIntegerOrNull toLower toString
    toStringList toStringOrNull toUpper trim type upper valueType vector
    vector.similarity.cosine vector.similarity.euclidean
    """.lower().split()
)

#: Functions whose value is another one each time: what calls them is no function of the snapshot.
UNSTEADY = frozenset(
    {"rand", "randomuuid", "timestamp", "date", "datetime", "localdatetime", "localtime", "time"}
)

#: Keywords that may stand before a bracket, where a function's name would; those that write among
#: them, which the type of the plan refuses.
BEFORE_BRACKET = frozenset(
    """
    ALL AND ANY AS ASC ASCENDING BY CALL CASE CONTAINS CREATE CSV DELETE DESC DESCENDING DETACH
    DISTINCT EACH ELSE ENDS FILTER FOR FOREACH GROUP GROUPS IN INSERT IS LIMIT MATCH MERGE NOT
    OFFSET ON OPTIONAL OR ORDER PATH PATHS REMOVE REQUIRE RETURN SEARCH SET SHORTEST SKIP THEN
    UNWIND WHEN WHERE WITH XOR
    """.upper().split()
)
