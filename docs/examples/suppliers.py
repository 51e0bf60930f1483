"""Who supplies the IRGC: python suppliers.py bolt://127.0.0.1:7687 PASSWORD_FILE"""

import sys
from pathlib import Path

from neo4j import GraphDatabase, RoutingControl

QUERY = """
MATCH (supplier:Entity)-[r:SUPPLIES]->(:Entity {id: $id})
RETURN supplier.name AS supplier, r.status AS status, r.independent AS independent, r.first AS first
ORDER BY r.rank DESC, supplier
"""

uri, password_file = sys.argv[1:]
password = Path(password_file).read_text().strip()
with GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
    records, _, _ = driver.execute_query(QUERY, id="irgc", routing_=RoutingControl.READ)
for record in records:
    first = record["first"] and record["first"].to_native()
    print(record["supplier"], record["status"], record["independent"], first)
