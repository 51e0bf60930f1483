"""The page `/cypher`: an address is a question, and its answer works without a script."""

from __future__ import annotations

from pathlib import Path

from fastapi.testclient import TestClient

from api.examples import examples

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
