"""A list of thousands of entries that one body keeps: records, lists and pages still answer."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

from graph.exchange.import_log import Choices
from graph.exchange.list_import import import_list, inputs_of
from graph.exchange.mapping import read_mapping
from graph.text import TextStore
from tests.conftest import Serve

COUNT = 2_000
#: What a page may weigh on its way, whatever the size of a list.
MOST_BYTES = 300_000


def test_a_source_and_an_issuer_of_thousands_of_claims(
    tmp_path: Path, serve: Serve, texts: TextStore
) -> None:
    path = tmp_path / "list.csv"
    rows = [
        f"Office,Firm of {n % 97} roads and {n % 89} towns no {n},designates,PublicBody,Company,"
        for n in range(COUNT)
    ]
    text = "\n".join(["from,to,predicate,from_type,to_type,when", *rows])
    path.write_text(text, encoding="utf-8")
    mapping = read_mapping("edge-list")
    choices = Choices(on=date(2026, 11, 30), by="test", published="2026-01")
    import_list(mapping, inputs_of(mapping, [str(path)]), tmp_path / "set", choices, texts)
    with serve(tmp_path / "set") as api:
        source = api.get("/v1/sources/list-2026-01")
        assert source.status_code == 200 and len(source.content) < MOST_BYTES
        claims = api.get("/v1/claims", params={"source": "list-2026-01", "limit": 1}).json()
        assert claims["total"] == COUNT
        sizes = {}
        for address in (
            "/source/list-2026-01",
            "/entity/office",
            "/entity/firm-of-0-roads-and-0-towns-no-0",
            "/",
            "/graph",
            "/v1/entities/office",
            "/v1/sources/list-2026-01/what-if",
            "/v1/entities/office/neighbourhood",
        ):
            answer = api.get(address)
            assert answer.status_code == 200, (address, answer.text[:300])
            sizes[address] = len(gzip.compress(answer.content))
        assert {a: size for a, size in sizes.items() if size > MOST_BYTES} == {}, sizes
