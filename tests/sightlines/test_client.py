"""The client: it says what the API says, whole, and nothing that the API does not."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from html import escape
from pathlib import Path

import httpx2
import networkx as nx
import pytest
from fastapi.testclient import TestClient

from graph.tables import TABLES
from sightlines import Client, SightlinesProblem
from sightlines.client import LeftOut, Outdated, Unreachable, Unreadable, frames
from sightlines.client.html import frame
from sightlines.client.transport import TRIES

BASE = "http://testserver"
UNKNOWN = "0" * 32


@pytest.fixture(scope="module")
def client(api: TestClient) -> Iterator[Client]:
    """A client of the API over the seeds."""
    with Client(BASE, http=api, contact="tests@example.org") as client:
        yield client


def test_lists_go_on_to_their_end(client: Client, api: TestClient) -> None:
    """Parts of any size give every record once, in the order of the whole."""
    whole = api.get("/v1/claims?limit=500").json()
    assert whole["next"] is None
    for limit in (1, 7, 500):
        claims = client.claims(limit=limit)
        assert [claim.id for claim in claims] == [record["id"] for record in whole["results"]]
        assert len(claims) == claims.total == whole["total"]


def test_lists_say_what_else_they_have(client: Client) -> None:
    """The first part is there as the API gave it: totals of groups, facets, records beside."""
    ties = client.entity_ties("tiandy", direction="out", include=["entities"], facet="status")
    assert {(group.type, group.direction) for group in ties.answer.groups} >= {("SUPPLIES", "out")}
    assert ties.answer.included and "irgc" in ties.answer.included.entities
    assert ties.answer.facets and ties.answer.facets["status"].values
    first = ties.first()
    assert first is not None and first.from_.id == "tiandy"
    assert client.ties(from_="irgc", to="tiandy").first() is None


def test_a_list_that_the_api_cuts_is_not_cut_silently(client: Client) -> None:
    """A search gives at most 500 hits; who takes fewer for all is told."""
    hits = client.search("china", limit=1)
    assert hits.total > 1
    with pytest.warns(LeftOut, match="limit gets up to 500"):
        assert len([*hits]) == 1


def test_values_are_written_as_the_api_reads_them(client: Client) -> None:
    """Several values are alternatives; days, truths and keywords of Python arrive as meant."""
    some = client.ties(from_=("tiandy", "zte"), as_of=date(2015, 12, 31), certain=True)
    assert {tie.from_.id for tie in some} <= {"tiandy", "zte"}
    assert some.meta.as_of == "2015-12-31" and some.meta.certain
    assert some.meta.permalink.startswith(f"{BASE}/v1/ties?")
    assert [*client.ties(type=(name for name in ["SUPPLIES"]))] == [*client.ties(type="SUPPLIES")]
    with pytest.raises(ValueError, match="entity is an empty list"):
        client.ties(entity=[])


def test_the_api_refuses_what_it_does_not_know(client: Client) -> None:
    """Its words are the error's, with what may have been meant."""
    with pytest.raises(SightlinesProblem, match=r"'statos'.*Did you mean .*status") as error:
        client.ties(statos="reported").first()
    assert (error.value.code, error.value.status) == ("unknown_parameter", 422)
    with pytest.raises(SightlinesProblem, match=r"no entity 'tiandi'.*Near: tiandy \(Tiandy"):
        client.entity("tiandi")
    with pytest.raises(ValueError, match="from/TYPE/to"):
        client.tie("tiandy", "irgc")
    with pytest.raises(ValueError, match="Records come whole"):
        client.ties(fields="from")


def test_columns_have_the_types_of_the_tables() -> None:
    """The client, which is by itself, names the columns that are not text."""
    columns = {column.name: column.type for table in TABLES.values() for column in table}
    assert {name: kind for name, kind in columns.items() if kind != "text"} == frames._TYPES


@pytest.mark.parametrize("name", ["entities", "ties", "claims", "sources"])
def test_frames_hold_every_row(client: Client, api: TestClient, name: str) -> None:
    """pandas, polars and Arrow have the rows of the file, typed as the contract says."""
    lines = api.get(f"/v1/{name}.jsonl").content.splitlines()
    rows = [_with_days(json.loads(line), name) for line in lines]
    records = getattr(client, name)()
    assert len(rows) == records.total
    assert records.to_polars().to_dicts() == rows
    assert [_with_days(row, name) for row in records.to_arrow().to_pylist()] == rows
    frame = records.to_pandas()
    assert list(frame.columns) == [column.name for column in TABLES[name]]
    for column in frame.columns:
        assert _plain(frame[column]) == [row[column] for row in rows], column


def _with_days(row: dict, name: str) -> dict:
    """A row with days as days; an empty text is none, as the contract says of cells."""
    days = {column.name for column in TABLES[name] if column.type == "day"}
    read = {
        k: date.fromisoformat(v) if k in days and isinstance(v, str) else v for k, v in row.items()
    }
    return {name: None if value == "" else value for name, value in read.items()}


def _plain(series) -> list:
    """The cells of a column as Python has them; None where nothing is known."""
    cells = series.dt.date if series.dtype.kind == "M" else series
    return [None if missing else cell for cell, missing in zip(cells, series.isna(), strict=True)]


def test_files_are_whole_and_of_the_same_question(client: Client, tmp_path: Path) -> None:
    """The size of parts does not bound a table; its own fields and limit do."""
    supplies = client.ties(type="SUPPLIES", limit=1, include="entities")
    assert supplies.first() is not None
    frame = supplies.to_pandas(fields=["from", "to"])
    assert list(frame.columns) == ["from", "to"] and len(frame) == supplies.total > 1
    assert len(supplies.to_polars(limit=1)) == 1
    file = supplies.save(tmp_path / "supplies.csv")
    assert file.read_text("utf-8").count("\n") == supplies.total + 1
    with pytest.raises(SightlinesProblem) as error:
        supplies.save(tmp_path / "supplies.xls")
    assert error.value.code == "not_acceptable"


def test_whole_tables_are_ready_made(client: Client) -> None:
    """An export is the list without filters; it has no moment, and says so."""
    assert client.export("claim_roles").to_polars().height > 100
    assert client.at().export("ties").to_polars().height == client.ties().total
    with pytest.raises(ValueError, match="has no moment"):
        client.moment(as_of=2015).export("ties")


def test_graphs_are_those_of_networkx(client: Client, api: TestClient, tmp_path: Path) -> None:
    """The same nodes and edges that NetworkX makes of the answer itself; it can write them."""
    graph = client.neighbourhood("tiandy").to_networkx()
    answer = nx.node_link_graph(api.get("/v1/entities/tiandy/neighbourhood").json())
    assert isinstance(graph, nx.MultiDiGraph)
    assert nx.utils.nodes_equal(list(graph), list(answer))
    assert set(graph.edges(keys=True)) == set(answer.edges(keys=True))
    for values in [*(v for _, v in graph.nodes(data=True)), *(v for *_, v in graph.edges.data())]:
        assert all(isinstance(value, str | int | float) for value in values.values())
    for write in (nx.write_graphml, nx.write_gexf, nx.write_gml):
        write(graph, tmp_path / "graph")
    assert "SUPPLIES" in graph["tiandy"]["irgc"]
    small = client.graph(limit=2)
    with pytest.warns(LeftOut, match="weaker ties are left out"):
        assert small.to_networkx().number_of_edges() == 2


def test_a_client_of_one_snapshot_asks_for_no_other(client: Client) -> None:
    """What is of another snapshot is refused, and what to do is said."""
    pinned = client.at()
    current = client.snapshots().first()
    assert current is not None and f"snapshot={current.id}" in repr(pinned)
    assert pinned.tie("tiandy/SUPPLIES/irgc").meta.snapshot == client.ties().meta.snapshot
    for ask in (
        lambda other: other.ties().first(),
        lambda other: other.source("fdd-study"),
        lambda other: other.paths("tiandy", "irgc"),
        lambda other: other.cypher("RETURN 1 AS one"),
    ):
        with pytest.raises(Outdated, match=r"client\.at\(\)"):
            ask(client.at(UNKNOWN))


def test_a_client_of_a_moment_asks_for_it(client: Client) -> None:
    """Whatever has a moment has that one; what has none is answered without."""
    then = client.moment(as_of="2010", known_by=2011)
    for meta in (then.ties().meta, then.graph().meta, then.analyse("components").meta):
        assert (meta.as_of, meta.known_by) == ("2010-12-31", "2011-12-31")
    assert then.search("tiandy").total and then.source("fdd-study").id == "fdd-study"
    assert then.ties(as_of="2012").meta.as_of == "2012-12-31"
    assert then.cypher("RETURN $as_of AS day, $known_by AS known").rows


def test_the_other_questions(client: Client) -> None:
    """Each route has its method, and answers with what the API says."""
    assert client.entity("tiandy").label == "Tiandy Technologies"
    claim = client.claims(role="supplier:tiandy").first()
    assert claim is not None and client.claim(claim.id).summary == claim.summary
    assert client.sources(kind="article").first() is not None
    assert client.suggest("tia").results[0].id == "tiandy"
    assert client.what_if(without_speaker="fdd-study").totals.fall > 0
    assert client.analyses().total == len(client.analyses().results)
    figures = client.analyse("components", limit=1)
    assert [figure.unit for figure in figures] and figures.answer.does_not_show
    assert len([*figures]) == figures.total
    snapshot = client.snapshots().first()
    assert snapshot is not None and client.snapshot(snapshot.id).current
    assert client.changes(snapshot.id).total == 0
    assert client.ontology().digest


def test_statements_become_rows_and_frames(client: Client) -> None:
    """Keywords are the parameters; what is cut is told; a statement of any length goes out."""
    statement = "MATCH (e:Entity {id: $id}) RETURN e.id AS id, size(e.name) AS length"
    rows = client.cypher(statement, id="tiandy")
    assert rows.records() == [{"id": "tiandy", "length": 19}]
    assert rows.to_pandas()["length"].sum() == rows.to_polars()["length"].sum() == 19
    many = "UNWIND range(1, 3) AS n RETURN n"
    with pytest.warns(LeftOut, match="first 2 rows"):
        assert client.cypher(many, max_rows_=2).to_pandas()["n"].tolist() == [1, 2]
    long = client.cypher("RETURN size($text) AS size", text="x" * 20_000)
    assert long.rows == [[20_000]]
    with pytest.raises(SightlinesProblem) as error:
        client.cypher("CREATE (n) RETURN n")
    assert error.value.code == "cypher_write"


def test_a_notebook_shows_the_page_in_a_frame(client: Client, api: TestClient) -> None:
    """It is the page that the server draws, escaped once, in a frame that reaches nothing."""
    for answer, address in (
        (client.tie("tiandy", "SUPPLIES", "irgc"), "/tie/tiandy/SUPPLIES/irgc"),
        (client.paths("tiandy", "irgc", max_hops=3), "/path?from=tiandy&to=irgc&max_hops=3"),
        (client.neighbourhood("tiandy"), "/entity/tiandy"),
        (client.graph(from_="tiandy", certain=True), "/graph?from=tiandy&certain=true"),
    ):
        html = answer._repr_html_()
        snapshot = answer.meta.snapshot.id
        whole = str(httpx2.URL(BASE + address).copy_add_param("seen_in", snapshot))
        page = api.get(whole, headers={"Accept": "text/html"}).text
        assert html.startswith('<iframe sandbox="allow-scripts allow-popups')
        assert "allow-same-origin" not in html and "<script" not in html
        assert escape(page[page.index("<body") : page.index("</main>")]) in html
        assert escape(f'<base href="{escape(whole)}" target="_blank">') in html
        assert f'<a href="{escape(whole)}"' in html


def test_what_no_page_shows_is_a_table(client: Client) -> None:
    """A filter that pages do not know is never dropped: a small table shows what was asked for."""
    paths = client.paths("tiandy", "irgc", k=1)
    assert paths._repr_html_().startswith("<iframe") and paths.caution in repr(paths)
    wide = client.neighbourhood("tiandy", depth=3)
    assert wide._repr_html_().startswith("<table>")
    graph = client.graph(type="SUPPLIES", limit=2)
    assert "<iframe" not in graph._repr_html_() and "left out" in graph._repr_html_()
    assert "left out" in repr(graph)
    assert "Tiandy Technologies" in client.ties(from_="tiandy")._repr_html_()
    assert "<td" in client.cypher("RETURN '<b>' AS text")._repr_html_()
    assert "<b>" not in client.cypher("RETURN '<b>' AS text")._repr_html_()


def test_a_page_cannot_leave_its_frame() -> None:
    """Whatever a page or an address holds stays within the attribute."""
    html = frame("<html><head></head>'\"></iframe><script>", 'http://a.example/"><script>')
    assert html.count("<") == html.count("<iframe") + html.count("</iframe>") + 4
    assert "<script" not in html


def answering(*answers: httpx2.Response) -> tuple[Client, list[httpx2.Request]]:
    """A client whose API gives these answers, the last one for ever, and what it was asked."""
    requests: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return answers[min(len(requests), len(answers)) - 1]

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    return Client("http://api.example", http=http, key="secret", contact="me@example.org"), requests


def problem(status: int, code: str, **headers: str) -> httpx2.Response:
    """A problem as the API answers it."""
    problem = {"type": "/", "title": "No", "status": status, "detail": "No.", "instance": "/"}
    return httpx2.Response(status, json={**problem, "code": code}, headers=headers)


ONTOLOGY = {"ontology": {}, "digest": "d"}


def test_a_busy_api_is_asked_again_and_not_for_ever() -> None:
    """After the pause that it names; a long one, and what is no such answer, is told at once."""
    busy = problem(503, "busy", **{"Retry-After": "0"})
    client, requests = answering(busy, busy, httpx2.Response(200, json=ONTOLOGY))
    assert client.ontology().digest == "d" and len(requests) == 3
    assert requests[0].headers["Authorization"] == "Bearer secret"
    assert requests[0].headers["User-Agent"].startswith("sightlines-client/")
    assert requests[0].headers["User-Agent"].endswith("(me@example.org)")
    for answer, tries in (
        (busy, TRIES),
        (problem(429, "rate_limited", **{"Retry-After": "3600"}), 1),
        (problem(503, "busy"), 1),
        (problem(500, "internal", **{"Retry-After": "0"}), 1),
    ):
        client, requests = answering(answer)
        with pytest.raises(SightlinesProblem):
            client.ontology()
        assert len(requests) == tries


def test_the_key_goes_to_no_other_address() -> None:
    """`next` of a server that knows itself by another name leads to the one that was asked."""
    meta = {"snapshot": None, "loading": False, "permalink": "", "licence": ""}
    follow = "http://inner.example/v1/changes?since=s&cursor=c"
    shape = {"results": [], "total": 0, "meta": meta, "since": "s", "groups": []}
    client, requests = answering(
        httpx2.Response(200, json={**shape, "next": follow}),
        httpx2.Response(200, json={**shape, "next": None}),
    )
    assert list(client.changes("s")) == []
    assert str(requests[1].url) == "http://api.example/v1/changes?since=s&cursor=c&limit=500"


def test_a_load_in_the_middle_of_a_list_is_told() -> None:
    """Nothing is begun again silently: what to do is said."""
    client, _ = answering(problem(409, "cursor_outdated"))
    with pytest.raises(Outdated, match="Ask again from the beginning") as outdated:
        client.ties().first()
    assert outdated.value.code == "cursor_outdated"


def test_what_is_no_api_is_told() -> None:
    """Another server's page, its error, and nobody at all."""
    for status in (200, 502):
        client, _ = answering(httpx2.Response(status, html="<p>It works!</p>"))
        with pytest.raises(Unreadable, match=rf"answered {status} \(text/html"):
            client.ontology()
    with (
        Client("http://127.0.0.1:1") as client,
        pytest.raises(Unreachable, match=":1 does not answer"),
    ):
        client.ontology()


def test_the_command_line_imports_no_client_and_no_server() -> None:
    """Each command waits for its imports: what some of them need is imported when they run."""
    heavy = "{'sightlines.client', 'fastapi', 'neo4j', 'networkx', 'pandas', 'pyvis'}"
    code = f"import sightlines.cli, sys; print(sorted({heavy} & sys.modules.keys()))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"
    import sightlines

    with pytest.raises(AttributeError, match="no attribute 'Nobody'"):
        _ = sightlines.Nobody
