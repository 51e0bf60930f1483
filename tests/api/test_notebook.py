"""The one-line examples of the documentation, each against an API that is really served."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import networkx as nx
import pytest
import requests

from api.app import create_app
from graph.store.address import Address
from tests.conftest import load_alone
from tests.http_server import listening


@pytest.fixture(scope="module")
def base_url(address: Address, seeds: Path) -> Iterator[str]:
    """The address of an API over the seeds, in a thread of its own."""
    load_alone(address, seeds)
    with listening(create_app(address, version="0.0.0")) as base:
        yield f"{base}/v1"


def test_pandas_reads_filtered_ties(base_url: str) -> None:
    """With the plain urllib client, which sends no header that anybody chose."""
    import pandas as pd

    api = base_url
    ties = pd.read_csv(f"{api}/ties.csv?type=SUPPLIES&as_of=2015")
    assert list(ties.columns[:3]) == ["from", "to", "type"]
    assert set(ties["type"]) == {"SUPPLIES"} and "zte" in set(ties["from"])


def test_pandas_reads_lists_and_statements(base_url: str) -> None:
    """Pages of JSON become a table; Cypher by its address is one as it is."""
    import pandas as pd

    api = base_url
    page = requests.get(f"{api}/ties?limit=20", timeout=30)
    assert pd.json_normalize(page.json()["results"])["from.id"].notna().all()
    q = "MATCH (c:Company)-[r:SUPPLIES]->(b) RETURN c.id AS company, b.id AS buyer ORDER BY 1, 2"
    rows = pd.read_csv(f"{api}/cypher.csv?statement=" + quote(q))
    assert ("tiandy", "irgc") in set(zip(rows["company"], rows["buyer"], strict=True))


def test_polars_reads_whole_tables(base_url: str) -> None:
    """It sends HEAD, and then asks for ranges."""
    import polars as pl

    api = base_url
    claims = pl.read_parquet(f"{api}/export/claims.parquet")
    assert claims.height == requests.get(f"{api}/claims?limit=0", timeout=30).json()["total"]
    assert claims.schema["first"] == pl.Date and claims.schema["live"] == pl.Boolean
    lazy = pl.scan_parquet(f"{api}/export/ties.parquet").filter(pl.col("type") == "SUPPLIES")
    assert lazy.collect().height > 3


def test_networkx_reads_graphs(base_url: str) -> None:
    """A MultiDiGraph whose keys are the types of ties."""
    api = base_url
    graph = nx.node_link_graph(
        requests.get(f"{api}/entities/tiandy/neighbourhood", timeout=30).json()
    )
    assert isinstance(graph, nx.MultiDiGraph)
    assert "SUPPLIES" in graph["tiandy"]["irgc"]
    assert graph.nodes["tiandy"]["degree"] == graph.degree("tiandy")


def test_every_client_gets_whole_files(base_url: str) -> None:
    """The length that is told is the length that comes."""
    for path in ("ties.csv", "export/ties.parquet", "claims.jsonl"):
        with urlopen(f"{base_url}/{path}", timeout=30) as answer:
            assert len(answer.read()) == int(answer.headers["Content-Length"])


#: What a person writes in R. Without `arrow`, which no distribution of Linux packages.
_R = """
suppressPackageStartupMessages({{library(readr); library(igraph)}})
text <- cols(.default = "c", independent = "i")
ties <- read_csv("{api}/ties.csv", col_types = text, na = "")
entities <- read_csv("{api}/entities.csv", na = "", show_col_types = FALSE)
names(entities)[names(entities) == "type"] <- "kind"
g <- graph_from_data_frame(ties, vertices = entities)
stopifnot(ecount(g) == nrow(ties), vcount(g) == nrow(entities), is_directed(g), !is_bipartite(g))
stopifnot(is.character(E(g)$first), any(grepl("^2020-", E(g)$first)), "SUPPLIES" %in% E(g)$type)
stopifnot(all(c("Iran", "facial recognition") %in% neighbors(g, "tiandy", mode = "out")$label))
supplied <- read.csv("{api}/ties.csv?type=SUPPLIES&as_of=2022")
stopifnot(nrow(supplied) > 3, all(supplied$type == "SUPPLIES"))
"""


def _r_is_here() -> bool:
    if shutil.which("Rscript") is None:
        return False
    needed = 'q(status = !all(sapply(c("readr", "igraph"), requireNamespace, quietly = TRUE)))'
    return subprocess.run(["Rscript", "-e", needed], capture_output=True).returncode == 0


@pytest.mark.skipif(not _r_is_here(), reason="R with readr and igraph is not installed")
def test_r_reads_ties(base_url: str) -> None:
    """`readr` takes the addresses; `igraph` takes the first two columns for ends, ids for names."""
    script = _R.format(api=base_url)
    result = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
