"""The ties of a statement as GraphML: python graphml.py bolt://127.0.0.1:7688 PASSWORD_FILE"""

import sys
from pathlib import Path

import networkx as nx
from neo4j import GraphDatabase, Result

QUERY = "MATCH path = (:Entity {id: 'iran'})-[:!JUDGED]-(:Entity) RETURN path"


def to_networkx(graph) -> nx.MultiDiGraph:
    """Return a `neo4j.graph.Graph` with ids, names and plain values: GraphML has no lists."""
    copy = nx.MultiDiGraph()
    for node in graph.nodes:
        name = node.get("name") or node.get("title") or node.get("summary")
        copy.add_node(node["id"], label=name, labels=" ".join(sorted(node.labels)))
    for edge in graph.relationships:
        values = {key: plain(value) for key, value in edge.items() if not isinstance(value, list)}
        start, end = (node["id"] for node in edge.nodes)
        copy.add_edge(start, end, label=edge.type, **values)
    return copy


def plain(value):
    """Return a value that GraphML can hold: days become texts."""
    return value if isinstance(value, bool | int | float | str) else str(value)


if __name__ == "__main__":
    uri, password_file = sys.argv[1:]
    password = Path(password_file).read_text().strip()
    with GraphDatabase.driver(uri, auth=("neo4j", password)) as driver:
        answer = driver.execute_query(QUERY, result_transformer_=Result.graph)
    nx.write_graphml(to_networkx(answer), "iran.graphml")
