"""The page `/cypher`: an address is a question, and its answer works without a script."""

from __future__ import annotations

import html
import urllib.parse
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.cypher import check_copy
from api.examples import examples
from graph.dataset import read
from graph.errors import StoreStarting
from graph.model import DatasetRecord
from graph.store.state import State
from tests.conftest import Serve
from tests.strategies import make_claim, make_dataset, write

HTML = {"Accept": "text/html"}


def page(api: TestClient, **params: str) -> tuple[int, str]:
    """Return status and text of the page."""
    answer = api.get("/cypher", params=params, headers=HTML)
    assert answer.headers["content-type"].startswith("text/html")
    return answer.status_code, answer.text


def test_the_editor_is_a_plain_form(api: TestClient) -> None:
    """Without a statement there is an editor, whose form may be sent to this host alone."""
    status, text = page(api)
    assert status == 200 and '<form action="/cypher" method="get">' in text
    assert "form-action &#39;self&#39;" in text and "default-src &#39;none&#39;" in text
    assert "<canvas" not in text and 'id="rows-title"' not in text


def test_rows_are_a_table_with_links(api: TestClient) -> None:
    """Records link to themselves, texts are texts, and the answer can be had as data."""
    statement = "MATCH (n:Entity {id: 'zte'}) RETURN n, '<script>alert(1)</script>' AS t, 1 AS one"
    status, text = page(api, statement=statement)
    assert status == 200 and '<a href="/entity/zte">ZTE</a>' in text
    assert "<script>alert" not in text and "&lt;script&gt;alert" in text
    assert "1 row." in text and "/v1/cypher.csv?statement=" in text
    assert "RETURN n, &#39;&lt;script" in text


def test_ties_are_drawn_with_their_claims(api: TestClient) -> None:
    """The same picture as on the other pages, and the rows above the table of connections."""
    status, text = page(
        api,
        statement="MATCH (a:Entity)-[r:SUPPLIES]->(b {id: $id}) RETURN a, r",
        parameters='{"id": "irgc"}',
    )
    assert status == 200 and 'id="canvas"' in text and 'data-tie="tiandy/SUPPLIES/irgc"' in text
    assert text.index('id="rows-title"') < text.index('id="table-title"')
    assert "form-action &#39;self&#39;" in text


def test_what_the_server_remarks_reaches_the_page(api: TestClient) -> None:
    """A misspelt label and property, each with its place; a documented name is none."""
    status, text = page(api, statement="MATCH (c:Compnay)-[r:SUPPLIES]->(x) RETURN c.nam")
    assert status == 200 and "0 rows." in text
    assert text.count('<p class="notice">') == 2
    assert "`Compnay` does not exist" in text and "(line 1, column 10)" in text and "`nam`" in text
    known = "MATCH (c:Claim)-[:VIA]->() OPTIONAL MATCH ()-[r:DESIGNATES]->() "
    known += "RETURN c.retracted_on, r.denial_claim_origins"
    assert '<p class="notice">' not in page(api, statement=known)[1]


def test_claims_and_their_roles_are_drawn(api: TestClient) -> None:
    """As whatever else a row holds: each node with its page, each edge with its type."""
    role = "MATCH (c:Claim)-[r:SUPPLIER]->(x {id: 'zte'}) RETURN c, r, x LIMIT 1"
    status, text = page(api, statement=role)
    drawing = text[text.index('<svg class="drawing"') :]
    assert status == 200 and ">SUPPLIER</text>" in drawing and "/v1/claims/" in drawing
    assert 'href="/entity/zte"' in drawing and '<td dir="auto">SUPPLIER zte</td>' in text
    alone = page(api, statement="MATCH (s:Source) RETURN s LIMIT 2")[1]
    assert alone.count('class="of-source"') == 2
    ties = page(api, statement="MATCH ()-[r:SUPPLIES]->() RETURN r LIMIT 1")[1]
    assert 'class="drawing"' not in ties and 'id="canvas"' in ties


def test_ids_in_rows_are_links(api: TestClient) -> None:
    """Of claims, also in lists, of entities and sources, and of ties; other texts are texts."""
    statement = (
        "MATCH (c:Entity {id: 'tiandy'})-[r:SUPPLIES]->(:Entity {id: 'irgc'}) "
        "RETURN c.id, r.id, r.claim_ids, 'reported' AS text, 'fdd-study' AS source"
    )
    text = page(api, statement=statement)[1]
    assert '<a href="/entity/tiandy">tiandy</a>' in text
    assert '<a href="/tie/tiandy/SUPPLIES/irgc">tiandy/SUPPLIES/irgc</a>' in text
    assert text.count('<a href="/v1/claims/') >= 2
    assert '<a href="/source/fdd-study">' in text and '<td dir="auto">reported</td>' in text


def test_a_plan_is_asked_for_by_a_button(api: TestClient) -> None:
    """EXPLAIN runs nothing, PROFILE counts; the statement in the editor stays as it is."""
    statement = "MATCH (c:Company) RETURN c.id"
    explained = page(api, statement=statement, plan="explain")[1]
    assert "NodeByLabelScan" in explained and "0 rows." in explained and " hits" not in explained
    profile = page(api, statement=statement, plan="profile")[1]
    assert " hits" in profile and "6 rows." in profile and f">\n{statement}</textarea>" in profile
    assert 'id="plan-title"' not in page(api, statement=statement)[1]


def test_what_is_refused_is_said_above_the_statement(api: TestClient) -> None:
    """The statement stays in the editor, and the fault is named with its place."""
    status, text = page(api, statement="MATCH (n)\nRETURN file()")
    assert status == 422 and "(line 2, column 8)" in text and "RETURN file()</textarea>" in text
    assert page(api, statement="RETURN 1", parameters="{x}")[0] == 422


def test_the_cookbook_gives_the_examples(tmp_path: Path) -> None:
    """The first statement under each heading, and none where there is no cookbook."""
    book = tmp_path / "cookbook.md"
    book.write_text(
        "# Cookbook\n\n## One\ntext\n```cypher\nRETURN 1\n```\n```cypher\nRETURN 2\n```\n"
        "## No statement\ntext\n\n## Three\n```cypher\nRETURN 3;\nx\n```\n",
        encoding="utf-8",
    )
    assert examples(book) == (("One", "RETURN 1"), ("Three", "RETURN 3;\nx"))
    assert examples(tmp_path / "none.md") == ()


def test_a_copy_with_a_removed_set_does_not_answer() -> None:
    """Until it has followed the store; one that lacks a new set does."""
    one, two = (DatasetRecord(id=name) for name in ("one", "two"))
    check_copy(State("a", (one,)), State("b", (one, two)))
    with pytest.raises(StoreStarting, match="a data set was removed"):
        check_copy(State("a", (one, two)), State("b", (two,)))


def test_examples_name_what_the_store_holds(
    api: TestClient, seeds: Path, serve: Serve, tmp_path: Path
) -> None:
    """Over the seeds all of the cookbook; over another store those that name nothing it lacks."""
    titles = [title for title, _ in examples()]
    assert all(html.escape(title) in page(api)[1] for title in titles)
    whole = read([seeds])
    names = {*whole.entities, *whole.sources}
    names |= {name.text for entity in whole.entities.values() for name in entity.names}
    with serve(write(tmp_path, make_dataset(claims=[make_claim()]))) as other:
        text = html.unescape(urllib.parse.unquote_plus(page(other)[1]))
    assert "What is disputed?" in text
    assert [name for name in names if f"'{name}'" in text] == [] and "tiandy" not in text
