"""Statements that a hostile reader sends, by class, and the codes of the problems that stop them.

Each is a row of class, statement and the codes that may answer; several where what stops it first
depends on the machine. A statement with a `$` parameter names its value beside it.
"""

from __future__ import annotations

WRITE, ADMIN, IMPORT = {"cypher_write"}, {"cypher_admin"}, {"cypher_import"}
PROCEDURE, FUNCTION = {"cypher_procedure"}, {"cypher_function"}
CHARACTERS, LIMIT, SYNTAX = {"cypher_characters"}, {"cypher_limit"}, {"cypher_syntax"}
OPTION, SEVERAL = {"cypher_option"}, {"cypher_statements"}
PARAMETER = {"cypher_parameter"}
#: Cut off by the clock, or by the memory of a transaction, whichever is first.
CUT = {"query_timeout", "cypher_memory"}

BACKSLASH = "\\"


def nested(opening: str, inner: str, closing: str, times: int) -> str:
    """Return `inner` inside so many brackets."""
    return opening * times + inner + closing * times


#: Nine groups of nine labels: all of them together have 387,420,489 alternatives.
LABELS = [f"({'|'.join(f'L{i}_{j}' for j in range(9))})" for i in range(9)]

REFUSED: dict[str, list[tuple[str, set[str]]]] = {
    "writes": [
        ("CREATE (n:Entity {id: 'x'})", WRITE),
        ("CREATE (n:Entity {id: 'x'}) RETURN n", WRITE),
        ("INSERT (n:Entity {id: 'x'})", WRITE),
        ("MERGE (n:Entity {id: 'x'}) RETURN n", WRITE),
        ("MERGE (n:Entity {id: 'x'}) ON CREATE SET n.a = 1 ON MATCH SET n.b = 2", WRITE),
        ("MATCH (n:Entity) SET n.name = 'x'", WRITE),
        ("MATCH (n:Entity) SET n += {name: 'x'} RETURN n", WRITE),
        ("MATCH (n:Entity) SET n:Changed", WRITE),
        ("MATCH (n:Entity) REMOVE n.name", WRITE),
        ("MATCH (n:Company) REMOVE n:Company", WRITE),
        ("MATCH ()-[r]->() DELETE r", WRITE),
        ("MATCH (n) DETACH DELETE n", WRITE),
        ("MATCH (n) FOREACH (x IN [1] | SET n.a = x)", WRITE),
        ("MATCH (a:Company), (b:State) CREATE (a)-[:SUPPLIES]->(b)", WRITE),
        ("MATCH (n:Entity) CALL (n) { SET n.a = 1 } RETURN n", WRITE),
        ("CALL () { CREATE (n) RETURN n } RETURN n LIMIT 0", WRITE),
        ("UNWIND range(1, 1000) AS i CREATE (:Spam {i: i})", WRITE),
        ("MATCH (n) WHERE false SET n.a = 1 RETURN n", WRITE),
        ("RETURN COUNT { CREATE (n) RETURN n }", SYNTAX),
    ],
    "transactions of their own": [
        ("MATCH (n) CALL (n) { SET n.a = 1 } IN TRANSACTIONS", WRITE),
        ("MATCH (n) CALL (n) { RETURN 1 AS x } IN TRANSACTIONS RETURN x", WRITE),
        ("MATCH (n) CALL (n) { RETURN 1 AS x } IN 4 CONCURRENT TRANSACTIONS RETURN x", WRITE),
        ("MATCH (n) CALL (n) { DELETE n } IN TRANSACTIONS OF 1 ROWS ON ERROR CONTINUE", WRITE),
    ],
    "files and addresses": [
        ("LOAD CSV FROM 'file:///etc/passwd' AS line RETURN line", IMPORT),
        ("LOAD CSV WITH HEADERS FROM 'file:///neo4j.conf' AS line RETURN line", IMPORT),
        ("LOAD CSV FROM 'http://127.0.0.1:7474/' AS line RETURN line", IMPORT),
        ("LOAD CSV FROM 'http://[::ffff:127.0.0.1]/' AS line RETURN line", IMPORT),
        ("LOAD CSV FROM 'ftp://127.0.0.1/x' AS line RETURN line", IMPORT),
        ("load /* x */ csv FROM 'file:///etc/passwd' AS line RETURN line", IMPORT),
        ("RETURN CASE WHEN true THEN COUNT { LOAD CSV FROM 'file:/x' AS l RETURN l } END", IMPORT),
        ("RETURN [x IN [1] | COUNT { LOAD CSV FROM 'file:///x' AS l RETURN l }]", IMPORT),
        ("MATCH (n) WHERE EXISTS { LOAD CSV FROM 'http://x/' AS l RETURN l } RETURN n", IMPORT),
        (
            "MATCH (c:Claim) WITH collect(c.summary) AS all "
            "LOAD CSV FROM 'http://127.0.0.1/' + all[0] AS l RETURN l",
            IMPORT,
        ),
    ],
    "other databases": [
        ("USE system SHOW USERS", ADMIN),
        ("USE neo4j MATCH (n) RETURN n", ADMIN),
        ("CALL () { USE system MATCH (n) RETURN n } RETURN n", ADMIN),
        ("USE graph.byName('system') MATCH (n) RETURN n", ADMIN),
    ],
    "users and databases": [
        ("CREATE USER eve SET PASSWORD 'abcdefgh'", WRITE),
        ("ALTER USER neo4j SET PASSWORD 'abcdefgh'", WRITE),
        ("ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'b'", WRITE),
        ("DROP USER neo4j", WRITE),
        ("GRANT ROLE admin TO neo4j", ADMIN | WRITE),
        ("CREATE DATABASE mine", ADMIN | WRITE),
        ("DROP DATABASE neo4j", ADMIN | WRITE),
        ("STOP DATABASE neo4j", ADMIN | WRITE),
        ("SHOW USERS", ADMIN),
        ("SHOW CURRENT USER", ADMIN),
        ("SHOW DATABASES", ADMIN),
        ("SHOW PRIVILEGES", ADMIN),
    ],
    "schema": [
        ("CREATE INDEX mine FOR (n:Entity) ON (n.x)", WRITE),
        ("CREATE CONSTRAINT mine FOR (n:Entity) REQUIRE n.x IS UNIQUE", WRITE),
        ("CREATE FULLTEXT INDEX mine FOR (n:Entity) ON EACH [n.x]", WRITE),
        ("DROP INDEX entity_names", WRITE),
        ("DROP CONSTRAINT entity_id", WRITE),
        ("SHOW PROCEDURES YIELD name AS index", ADMIN),
        ("SHOW ALL FUNCTIONS", ADMIN),
        ("CALL db.awaitIndexes(1)", PROCEDURE),
        ("CALL db.resampleIndex('entity_names')", PROCEDURE),
    ],
    "procedures": [
        ("CALL db.createLabel('Mine')", PROCEDURE),
        ("CALL db.createProperty('mine')", PROCEDURE),
        ("CALL db.createRelationshipType('MINE')", PROCEDURE),
        ("MATCH (n) CALL db.create.setNodeVectorProperty(n, 'v', [1.0]) RETURN n", PROCEDURE),
        ("CALL dbms.components()", PROCEDURE),
        ("CALL dbms.info()", PROCEDURE),
        ("CALL dbms.queryJmx('*:*')", PROCEDURE),
        ("CALL db.clearQueryCaches()", PROCEDURE),
        ("CALL db.stats.retrieveAllAnonymized('x')", PROCEDURE),
        ("CALL db.prepareForReplanning()", PROCEDURE),
        ("CALL tx.setMetaData({a: 1})", PROCEDURE),
        ("CALL apoc.load.json('file:///etc/passwd')", PROCEDURE),
        ("CALL `db`.`info`()", PROCEDURE),
        ("CALL\n  dbms /* */ . // x\n listConnections ( )", PROCEDURE),
        ("OPTIONAL CALL db.info() YIELD id RETURN id", PROCEDURE),
        ("RETURN COUNT { CALL dbms.info() YIELD id RETURN id }", PROCEDURE),
        ("RETURN CASE WHEN true THEN COLLECT { CALL db.info() YIELD id RETURN id } END", PROCEDURE),
        ("RETURN [x IN [1] | EXISTS { CALL db.info() YIELD id RETURN id }]", PROCEDURE),
    ],
    "functions": [
        ("RETURN file()", FUNCTION),
        ("RETURN linenumber()", FUNCTION),
        ("RETURN `file`()", FUNCTION),
        ("RETURN apoc.util.sleep(10000)", FUNCTION),
        ("RETURN apoc . version ()", FUNCTION),
        ("RETURN CASE WHEN true THEN [x IN [1] | file()] END", FUNCTION),
    ],
    "other people": [
        ("SHOW TRANSACTIONS", ADMIN),
        ("SHOW TRANSACTIONS YIELD currentQuery RETURN currentQuery", ADMIN),
        ("TERMINATE TRANSACTIONS 'neo4j-transaction-1'", ADMIN),
        ("SHOW TRANSACTIONS YIELD transactionId AS t TERMINATE TRANSACTIONS t", ADMIN),
        ("CALL dbms.listConnections()", PROCEDURE),
        ("CALL dbms.killConnection('bolt-1')", PROCEDURE),
        ("CALL dbms.killConnections(['bolt-1'])", PROCEDURE),
        ("CALL db.stats.retrieve('QUERIES')", PROCEDURE),
        ("SHOW INDEXES YIELD name AS i SHOW TRANSACTIONS YIELD transactionId RETURN i", ADMIN),
        ("RETURN CASE WHEN true THEN COLLECT { SHOW SETTINGS YIELD name RETURN name } END", ADMIN),
        ("RETURN [x IN [1] | COUNT { SHOW TRANSACTIONS YIELD transactionId RETURN 1 }]", ADMIN),
    ],
    "settings and paths": [
        ("SHOW SETTINGS", ADMIN),
        ("SHOW PROCEDURES", ADMIN),
        ("SHOW FUNCTIONS", ADMIN),
        ("CALL dbms.listConfig('server.directories')", PROCEDURE),
        ("RETURN date('no date')", {"cypher_failed", "cypher_syntax"}),
        ("RETURN 1 / 0", {"cypher_failed"}),
        ("RETURN toInteger([1])", {"cypher_failed", "cypher_syntax"}),
        ("CALL db.index.fulltext.queryNodes('entity_names', '((')", {"cypher_failed"}),
        ("CALL db.index.fulltext.queryNodes('none', 'x')", {"cypher_failed"}),
    ],
    "words that hide": [
        (f"CAL{BACKSLASH}u004c db.info()", CHARACTERS),
        (f"{BACKSLASH}u0043ALL db.info()", CHARACTERS),
        (f"RETURN '{BACKSLASH}u0027 CALL db.info() //'", CHARACTERS),
        (f"RETURN 1 /* {BACKSLASH}u002a/ CALL db.info()", CHARACTERS),
        ("/**/CALL/**/db.info/**/()", PROCEDURE),
        ("RETURN 1 AS x // \r CALL db.info()", SYNTAX | PROCEDURE),
        ("RETURN 1 AS x //\u2028 CALL db.info()", CHARACTERS),
        ("RETURN 1 AS x //\u0085 CALL db.info()", CHARACTERS),
        ("CALL\u00a0db.info()", PROCEDURE),
        ("CALL\u200bdb.info()", CHARACTERS),
        ("CA\u00adLL db.info()", CHARACTERS),
        ("C\u0391LL db.info()", SYNTAX | FUNCTION),
        ("\uff23\uff21\uff2c\uff2c db.info()", PROCEDURE),
        ("LOAD C\u017fV FROM 'file:///x' AS l RETURN l", IMPORT),
        ("MATCH (n)\u2010\u2010(m) RETURN n", CHARACTERS),
        ("RETURN 1\u037e MATCH (n) DETACH DELETE n", CHARACTERS),
        ("RETURN 'x AS y CALL db.info()", SYNTAX),
        ("RETURN 1 AS `x CALL db.info()", SYNTAX),
        ("RETURN 1 /* CALL db.info()", SYNTAX),
        ("MATCH (n) RETURN n\x00", CHARACTERS),
        ("RETURN '\ud800'", CHARACTERS),
    ],
    "several statements": [
        ("RETURN 1; MATCH (n) DETACH DELETE n", SEVERAL),
        ("RETURN 1;;", SEVERAL),
        ("RETURN 1; // ;\nCREATE (n)", SEVERAL),
        ("RETURN ';' AS x; CREATE (n)", SEVERAL),
    ],
    "prefixes": [
        ("EXPLAIN PROFILE MATCH (n) RETURN n", OPTION),
        ("EXPLAIN EXPLAIN MATCH (n) RETURN n", OPTION),
        ("PROFILE CREATE (n)", WRITE),
        ("EXPLAIN MATCH (n) DETACH DELETE n", WRITE),
        ("CYPHER 25 PROFILE CREATE (n)", WRITE),
        ("CYPHER 5 EXPLAIN CALL db.info()", PROCEDURE),
        ("/* x */ profile SHOW USERS", ADMIN),
        ("EXPLAIN", SYNTAX),
        ("CYPHER 25", SYNTAX),
        ("CYPHER 5 CYPHER 25 RETURN 1", OPTION),
        ("CYPHER 25 runtime=slotted MATCH (n) RETURN n", OPTION),
        ("CYPHER 4.4 MATCH (n) RETURN n", OPTION),
        ("CYPHER runtime=slotted MATCH (n) RETURN n", OPTION),
        ("// x\nCYPHER EXPLAIN MATCH (n) RETURN n", OPTION),
    ],
    "long and deep texts": [
        (f"RETURN '{'x' * 10_000}'", LIMIT),
        ("RETURN " + nested("(", "1", ")", 500), LIMIT),
        ("RETURN " + nested("[", "1", "]", 500), LIMIT),
        ("RETURN " + "NOT " * 200 + "true", LIMIT),
        ("RETURN " + nested("NOT (", "true", ")", 30), LIMIT),
        ("RETURN " + " XOR ".join(["true"] * 24), LIMIT),
        ("RETURN 1" + " + 1" * 2_000, LIMIT),
        ("RETURN true" + " AND true" * 400, LIMIT),
        ("WITH [1] AS x RETURN x" + "[0]" * 1_000, LIMIT),
        ("MATCH (n) RETURN n" + ".a" * 1_000, LIMIT),
        ("RETURN " + nested("CASE WHEN true THEN ", "1", " END", 100), LIMIT),
        (f"MATCH (n:{'&'.join(f'(A{i}|B{i})' for i in range(64))}) RETURN n", LIMIT),
        (f"MATCH (n:{'&'.join(LABELS)}) RETURN n", LIMIT),
        (f"MATCH (n:!({'|'.join(f'(!A{i}&!B{i})' for i in range(20))})) RETURN n", LIMIT),
        (f"MATCH (n:{'!' * 500}A) RETURN n", LIMIT),
        ("MATCH (n) WHERE " + nested("EXISTS { MATCH (n)--() WHERE ", "true", " }", 16), LIMIT),
        ("WITH 1 AS limit RETURN 1" + " + limit" * 400, LIMIT),
        ("RETURN " + nested("(", "1", " + 1 + 1 + 1)", 35), LIMIT),
    ],
}  # fmt: skip

#: What only Cypher 25 has; the codes are those of whatever stops it first.
NEWER: list[tuple[str, set[str]]] = [
    ("WHEN true THEN CREATE (n) ELSE RETURN 1 AS x", WRITE | SYNTAX),
    ("WHEN true THEN { CREATE (n) RETURN 1 AS x } ELSE { RETURN 1 AS x }", WRITE | SYNTAX),
    ("RETURN 1 AS x NEXT CREATE (n)", WRITE | SYNTAX),
    ("MATCH (n) RETURN n NEXT DETACH DELETE n", WRITE | SYNTAX),
    ("LET x = 1 CREATE (n {x: x})", WRITE),
    ("MATCH (n) FILTER n.id = 'x' DETACH DELETE n", WRITE),
    ("FOR x IN [1] CREATE (n {x: x})", WRITE),
    ("{ CREATE (n) RETURN 1 AS x } UNION { RETURN 2 AS x }", WRITE | SYNTAX),
    ("ALTER CURRENT GRAPH TYPE SET { (p:Person => {name :: STRING}) }", {"cypher_failed"} | WRITE),
    ("SHOW CURRENT GRAPH TYPE", ADMIN),
    ("LET x = file() RETURN x", FUNCTION),
    ("RETURN graph.byName('system')", FUNCTION),
    ("SHOW INDEXES YIELD name TERMINATE TRANSACTIONS 'neo4j-transaction-1'", ADMIN),
    ("LET x = COUNT { CALL db.info() YIELD id RETURN id } RETURN x", PROCEDURE),
]

#: Each is given a second, and has to end within two.
SLOW: dict[str, list[tuple[str, set[str]]]] = {
    "products and paths": [
        ("MATCH (a), (b), (c), (d), (e), (f) RETURN count(a.id + f.id)", CUT),
        ("MATCH p = (a)-[*]-(b) RETURN count(p)", CUT),
        ("MATCH p = (a)-[*]->(b) RETURN max(length(p))", CUT),
        ("MATCH p = ((a)--(b)){1,} RETURN count(p)", CUT),
    ],
    "numbers and texts": [
        ("UNWIND range(1, 1000000000000) AS x RETURN count(x)", CUT),
        ("UNWIND range(1, 1000000000000) AS x RETURN sum(x * x)", CUT),
        # The server goes on with these two to their end, since it does not look at its clock in
        # them: about ten seconds each, so that a machine five times as fast cuts them off as well,
        # and no longer, since they take a processor from all tests that follow.
        ("RETURN '" + "a" * 60 + "!' =~ '(.*a){7}' AS x", CUT),
        ("RETURN size([x IN range(1, 1000000000) WHERE x < 0])", CUT),
    ],
    "memory": [
        ("MATCH (a), (b), (c), (d) RETURN collect([a, b, c, d])", CUT),
        ("UNWIND range(1, 1000000000) AS x RETURN collect(x)", CUT),
        ("UNWIND range(1, 1000000000) AS x RETURN DISTINCT x ORDER BY x DESC", CUT),
        # Ordered by all four: the planner may sort a part of a product, and multiply lazily.
        ("MATCH (a), (b), (c), (d) RETURN a, b, c, d ORDER BY d.id + c.id + b.id + a.id", CUT),
    ],
    "plans": [
        (f"MATCH {', '.join(f'(a{i})--(a{j})' for i in range(8) for j in range(i))} RETURN 1", CUT),
        ("MATCH ()" + "--()" * 39 + " RETURN 1", CUT | LIMIT),
    ],
}  # fmt: skip
