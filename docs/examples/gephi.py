"""The ties around an entity as GraphML, for Gephi: python gephi.py http://127.0.0.1:8000 iran"""

import json
import sys
import urllib.parse
import urllib.request

import networkx as nx

QUERY = """
MATCH (e:Entity {id: $id})-[:!JUDGED]-(near:Entity)
WITH e, collect(DISTINCT near) + e AS around
MATCH path = (a:Entity)-[:!JUDGED]->(b:Entity) WHERE a IN around AND b IN around
RETURN path
"""

#: GraphML has no lists: what Gephi sorts, sizes and colours by.
PROPERTIES = ("status", "rank", "independent", "claims", "disputed", "first", "last")


def ask(base: str, entity_id: str) -> nx.MultiDiGraph:
    """Ask the API for a graph, as NetworkX reads it."""
    parameters = {
        "statement": QUERY,
        "parameters": json.dumps({"id": entity_id}),
        "shape": "graph",
        "max_rows": 5000,
    }
    with urllib.request.urlopen(f"{base}/v1/cypher?{urllib.parse.urlencode(parameters)}") as answer:
        return nx.node_link_graph(json.load(answer), edges="edges")


def flat(graph: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """Return the graph with names and plain numbers, and without lists."""
    copy = nx.MultiDiGraph()
    for node, data in graph.nodes(data=True):
        copy.add_node(node, label=data["properties"]["name"], type=data["properties"]["type"])
    for source, target, key, data in graph.edges(keys=True, data=True):
        properties = {
            name: data["properties"][name] for name in PROPERTIES if name in data["properties"]
        }
        copy.add_edge(
            source, target, key=key, label=key, weight=properties["independent"], **properties
        )
    return copy


if __name__ == "__main__":
    nx.write_graphml(flat(ask(*sys.argv[1:])), f"{sys.argv[2]}.graphml")
