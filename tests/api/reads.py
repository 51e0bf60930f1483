"""Ordinary reads, of which none is refused: in both languages, and those of Cypher 25 alone.

A statement with a `$` parameter finds its value in `PARAMETERS`.
"""

from __future__ import annotations

PARAMETERS = {
    "id": "zte",
    "ids": ["zte", "tiandy", "huawei"],
    "labels": ["Company"],
    "types": ["SUPPLIES"],
    "n": 3,
    "q": "tiandy",
    "when": "2021-06-30",
    "words": {"a": [1, 2, {"b": None}]},
}

#: An expression each: what `RETURN` may be followed by.
EXPRESSIONS = r"""
1
-1.5e3
0x1F + 0o17 + 1_000
'CREATE (n) DELETE n; CALL db.info() // LOAD CSV'
"it's"
'C:\\users\\new'
'\\u0041 is an escape'
'a\tb\n\'c\''
'“typographic” – … €'
'中国公司，供应商'
'شرکت‌ها'
null IS NULL
true XOR false AND NOT true OR false
[1, 2, 3][0..2]
[x IN range(1, 5) WHERE x % 2 = 1 | x * x]
{a: 1, `b c`: [2], show: 3}
$words.a[2]
$ids[0]
size($ids)
reduce(s = 0, x IN [1, 2, 3] | s + x)
all(x IN $ids WHERE size(x) > 1)
any(x IN [1, 2] WHERE x > 1) AND none(x IN [] WHERE x) AND single(x IN [1] WHERE x = 1)
CASE $n WHEN 3 THEN 'three' ELSE 'other' END
CASE WHEN $n > 2 THEN 'many' WHEN $n = 2 THEN 'two' ELSE 'few' END
coalesce(null, 'x')
toUpper(trim('  a ')) + substring('abc', 1, 1) + left('xyz', 2)
split('a,b,c', ',')
replace('abc', 'b', 'x') =~ 'a.c'
'abc' STARTS WITH 'a' AND 'abc' ENDS WITH 'c' AND 'abc' CONTAINS 'b'
date('2021-06-30') + duration('P1M2DT3H')
duration.between(date('2020-01-01'), date('2021-06-30')).months
date('9999-12-31') + duration('P1D')
date('0001-01-01') - duration('P1D')
datetime('2021-06-30T12:00:00[Asia/Tehran]')
localdatetime('2021-06-30T12:00') < localdatetime('2022-01-01T00:00')
date.truncate('year', date($when)).year
time('12:00+01:00')
point({latitude: 35.7, longitude: 51.4})
point.distance(point({x: 0, y: 0}), point({x: 3, y: 4}))
round(3.14159, 2) + sqrt(16) + abs(-1) + sign(-2)
toInteger('12') + toFloat('1.5')
toBooleanOrNull('x')
valueType($words)
keys($words)
[1, 'a', null, [2]] IS NOT NULL
1 IS :: INTEGER
COUNT { MATCH (:Company) }
EXISTS { MATCH (c:Company)-[:SUPPLIES]->() WHERE c.id = $id }
COLLECT { MATCH (c:Company) RETURN c.name ORDER BY c.name LIMIT 2 }
[(c:Company {id: $id})-[:SUPPLIES]->(x) | x.id]
head(tail(range(1, 4))) = last([1, 2])
normalize('é') = 'é'
isEmpty([]) AND NOT isNaN(1.0)
percentileCont(3, 0.5)
""".strip().splitlines()

#: Whole statements.
STATEMENTS = [
    "MATCH (n) RETURN count(*)",
    "MATCH (n) RETURN labels(n) AS labels, count(*) AS number ORDER BY number DESC LIMIT 5",
    "MATCH ()-[r]->() RETURN type(r) AS type, count(*) AS number ORDER BY number DESC SKIP 1",
    "MATCH (c:Company) WHERE c.id IN $ids RETURN c",
    "MATCH (c:Entity {id: $id}) RETURN c.name, c.names, properties(c)",
    "MATCH (c:Company)-[r:SUPPLIES]->(x) RETURN c, r, x",
    "MATCH (c:Company)-[r:SUPPLIES|PROVIDES]->(x) RETURN DISTINCT c.name",
    "MATCH (c:Company)-[r:!JUDGED]->(x:Entity) RETURN type(r), count(*)",
    "MATCH (n:Company|State) RETURN n.id",
    "MATCH (n:Entity&!Company) RETURN count(n)",
    "MATCH (n:Entity&(Company|State)&!Person) RETURN count(n)",
    f"MATCH (n:{'|'.join(['(State&Entity)'] * 10)}) RETURN count(n)",
    "MATCH (n:%) RETURN count(n)",
    "MATCH (n:$any($labels)) RETURN count(n)",
    "MATCH (n:$all($labels)) RETURN count(n)",
    "MATCH (n:$($labels)) RETURN count(n)",
    "MATCH ()-[r:$any(['SUPPLIES'])]->() RETURN count(r)",
    "MATCH ()-[r:$any($types)]->() RETURN count(r)",
    "MATCH (c:Company) WHERE c[$q] IS NULL RETURN count(c)",
    "MATCH p = (c:Company {id: $id})-[:SUPPLIES]->() RETURN p, nodes(p), relationships(p)",
    "MATCH p = (:Entity {id: $id})-[:SUPPLIES*1..2]->() RETURN length(p)",
    "MATCH p = ((:Entity {id: $id})-[:!JUDGED]-(:Entity)){1,2} RETURN count(p)",
    "MATCH p = (:Entity {id: $id}) ((a)-[r:SUPPLIES]->(b)){1,2} (x) RETURN [e IN r | e.status]",
    "MATCH p = shortestPath((:Entity {id: $id})-[*..3]-(:Entity {id: 'iran'})) RETURN p",
    "MATCH p = SHORTEST 2 (:Entity {id: $id})-[:!JUDGED]-+(:Entity {id: 'iran'}) RETURN p",
    "MATCH p = ALL SHORTEST (:Entity {id: $id})--+(:Entity {id: 'iran'}) RETURN length(p)",
    "MATCH p = ANY (:Entity {id: $id})--{1,2}(:Entity {id: 'iran'}) RETURN length(p)",
    "MATCH p = SHORTEST 2 GROUPS (:Entity {id: $id})--{1,2}(:Entity {id: 'iran'}) RETURN count(p)",
    "OPTIONAL MATCH (c:Company {id: 'none'}) RETURN c.name",
    "MATCH (c:Company) OPTIONAL MATCH (c)-[r:PART_OF]->(x) RETURN c.id, collect(x.id)",
    "MATCH (c:Company) WHERE EXISTS { (c)-[:SUPPLIES]->(:PublicBody) } RETURN c.id",
    "MATCH (c:Company) WHERE NOT (c)-[:PART_OF]->() RETURN c.id",
    "MATCH (c:Company) RETURN c.id, COUNT { (c)-[:SUPPLIES]->() } AS n ORDER BY n DESC",
    "MATCH (c:Company) CALL (c) { MATCH (c)--(x) RETURN count(x) AS n } RETURN c.id, n",
    "MATCH (c:Company) CALL (*) { MATCH (c)--(x) RETURN count(x) AS n } RETURN c.id, n",
    "CALL () { RETURN 1 AS x UNION RETURN 2 AS x } RETURN sum(x)",
    "MATCH (c:Company) RETURN c.id UNION ALL MATCH (s:State) RETURN s.id AS `c.id`",
    "UNWIND $ids AS id MATCH (c:Entity {id: id}) RETURN c.name",
    "WITH 1 AS `worth (€)`, 2 AS `a → b`, 3 AS `№` RETURN `worth (€)` + `a → b` + `№`",
    "WITH 1 AS `شرکت‌ها` RETURN `شرکت‌ها` // شرکت‌ها – همه",
    "MATCH (企業:Company) RETURN 企業.name AS `企業、名` LIMIT 1",
    "// suppliers – and who\nRETURN 1",
    "/* “Who” … is it? */ RETURN 1 /* 中国公司，供应商 */",
    "\ufeffRETURN 1",
    "RETURN 1; ",
    "MATCH (c:Claim) RETURN c.modality, c.polarity, count(*)",
    "MATCH (c:Claim:Supplies)-[:SUPPLIER]->(s) RETURN s.id, count(c)",
    "MATCH (c:Claim)-[:FROM]->(s:Source) RETURN s.title, count(c) AS n ORDER BY n DESC",
    "MATCH (c:Claim)-[p:SAID_BY]->(x) RETURN c.id, x.id ORDER BY c.id, p.position LIMIT 9",
    "MATCH (c:Claim) WHERE c.held_from <= date($when) AND c.held_to >= date($when) RETURN count(c)",
    "MATCH (c:Claim) RETURN c.held_to + duration('P1D') AS x, c.held_from - duration('P1D') AS y",
    "MATCH (c:Claim) RETURN min(c.known_from), max(c.known_from)",
    "MATCH (c:Claim) UNWIND [id IN c.tie_ids | split(id, '/')] AS key RETURN key LIMIT 5",
    "MATCH (c:Claim)-[:SAID_BY]->(x WHERE x.id = c.origin_id) RETURN count(*)",
    "MATCH ()-[r:SUPPLIES]->() RETURN r.status, r.rank, r.independent, r.first_certain",
    "MATCH ()-[r]->() WHERE r.disputed RETURN type(r), r.id",
    "MATCH (c:Company) WHERE NOT c.described RETURN count(c)",
    "CALL db.labels()",
    "CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType ORDER BY 1",
    "CALL db.propertyKeys() YIELD propertyKey WHERE propertyKey STARTS WITH 'c' RETURN propertyKey",
    "CALL db.schema.visualization()",
    "CALL db.schema.nodeTypeProperties() YIELD nodeType RETURN DISTINCT nodeType",
    "CALL db.index.fulltext.queryNodes('entity_names', $q) YIELD node, score RETURN node.id, score",
    "SHOW INDEXES",
    "SHOW ALL INDEXES YIELD name, type WHERE type = 'RANGE' RETURN count(*)",
    "SHOW FULLTEXT INDEXES YIELD *",
    "SHOW CONSTRAINTS",
    "SHOW UNIQUENESS CONSTRAINTS YIELD name",
    "EXPLAIN MATCH (c:Company) RETURN c",
    "PROFILE MATCH (c:Company)-[:SUPPLIES]->(x) RETURN c.id, count(x)",
    "/* plan */ explain RETURN 1",
    "MATCH (n:Entity) USING INDEX n:Entity(id) WHERE n.id = $id RETURN n.name",
    "MATCH (c:Company) WITH c ORDER BY c.name LIMIT $n RETURN collect(c.name)",
    "MATCH (c:Company) RETURN c {.id, .name, ties: COUNT { (c)-[:SUPPLIES]->() }}",
    "MATCH (c:Company) RETURN c.id AS `call`, c.name AS `load csv`, {use: 1, show: 2} AS map",
    "MATCH (a:Company), (b:State) RETURN count(*)",
    "MATCH (c:Company) WHERE c.name =~ '(?i)z.*' RETURN c.id",
    "MATCH (c:Company) WHERE any(name IN c.names WHERE name CONTAINS 'ZTE') RETURN c.id",
    "MATCH (c:Company) RETURN avg(size(c.names)), stDev(size(c.names)), percentileDisc(1, 0.5)",
    "MATCH (n:Entity) WHERE " + " OR ".join(f"n.id = 'x{i}'" for i in range(30)) + " RETURN n",
    "RETURN " + ", ".join(f"{i} AS c{i}" for i in range(38)),
    "MATCH (s:Snapshot) RETURN s.id, s.sequence, s.completed_on ORDER BY s.sequence DESC LIMIT 1",
]  # fmt: skip

#: What only Cypher 25 has.
NEWER = [
    "LET x = 1 LET y = x + 1, z = x RETURN y, z",
    "MATCH (c:Company) FILTER c.id = $id RETURN c.name",
    "MATCH (c:Company) FILTER WHERE c.id IN $ids RETURN c.name",
    "FOR id IN $ids MATCH (c:Entity {id: id}) RETURN c.name",
    "RETURN 1 AS x NEXT RETURN x + 1 AS y",
    "MATCH (c:Company) RETURN c NEXT MATCH (c)-[:SUPPLIES]->(x) RETURN c.id, count(x) AS n",
    "WHEN $n > 2 THEN RETURN 'many' AS x ELSE RETURN 'few' AS x",
    "{ RETURN 1 AS x } UNION { RETURN 2 AS x }",
    "MATCH (c:Company) RETURN c.id AS id, count(*) AS n GROUP BY id",
    "MATCH REPEATABLE ELEMENTS (c:Company)--{1,2}(x:State) RETURN count(*)",
    "MATCH DIFFERENT RELATIONSHIPS (c:Company)--(x) RETURN count(*)",
    "MATCH ACYCLIC (c:Company)--(x) RETURN count(*)",
    "MATCH p = TRAIL (c:Company)--(x) RETURN count(p)",
    "MATCH (c) WHERE c:$any($labels) RETURN count(c)",
    "RETURN coll.sort([3, 1, 2]), coll.distinct([1, 1]), coll.max([1, 2]), coll.flatten([[1]])",
    "RETURN allReduce(a = 0, x IN [1, 2] | a + x, a < 9)",
    "RETURN vector([1, 2, 3], 3, INTEGER8)",
    "RETURN vector_distance(vector([1, 2], 2, FLOAT), vector([2, 1], 2, FLOAT), EUCLIDEAN)",
    "RETURN vector_dimension_count(vector([1, 2], 2, FLOAT))",
    "RETURN ln(1) + cardinality([1]), string.join(['a', 'b'], '-'), format(date($when), 'YYYY')",
    "RETURN uuid() IS NOT NULL, local_time() IS NOT NULL",
    "MATCH (c:Company) RETURN collect_list(c.id), stdev_samp(size(c.names))",
    "RETURN CASE WHEN true THEN COLLECT { SHOW INDEXES YIELD name RETURN name } END AS names",
    "SHOW INDEXES YIELD name AS i SHOW CONSTRAINTS YIELD name AS c RETURN i, c",
    "SHOW INDEXES YIELD name MATCH (c:Company) RETURN name, count(c)",
    "EXPLAIN LET x = 1 RETURN x",
]  # fmt: skip


def reads(language: str) -> list[str]:
    """Return all statements of a language, `5` or `25`, with its name before each.

    Several expressions stand in one, which takes less time than one by one.
    """
    columns = [f"{text} AS x{number}" for number, text in enumerate(EXPRESSIONS)]
    some = [columns[first : first + 6] for first in range(0, len(columns), 6)]
    statements = [f"RETURN {', '.join(part)}" for part in some]
    statements += STATEMENTS
    if language == "25":
        statements += NEWER
    return [f"CYPHER {language} {statement.removeprefix(chr(0xFEFF))}" for statement in statements]
