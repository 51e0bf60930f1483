"""The static site: the same pages as files, which work from a folder without a server."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from api.routes.pages import MOST_NODES, entity_words, home_words
from graph.errors import InputError
from graph.model import Subgraph
from graph.passages import passages
from graph.queries import entities, graphs
from graph.store.connection import Store
from graph.text import TextStore
from viz import Links, graph_page

#: What marks a folder as a site of ours, which may be written again.
MARK = "sightlines-site.json"


def write_site(
    store: Store,
    folder: Path,
    *,
    texts: TextStore | None = None,
    progress: Callable[[str, int, int], None] = lambda step, done, of: None,
) -> int:
    """Write a page for the whole graph and one for each entity; return how many.

    The folder appears whole or not at all; one that is there and is no site of ours is left alone,
    and raises `InputError`.
    """
    folder = folder.absolute()
    if folder.exists() and not (folder / MARK).is_file():
        raise InputError(f"{folder} exists and is no site of Sightlines: give another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=folder.parent) as work:
        made = Path(work) / "site"
        (made / "entity").mkdir(parents=True)
        count = _write_pages(store, made, texts, progress)
        (made / MARK).write_text(json.dumps({"pages": count}) + "\n", encoding="utf-8")
        if folder.exists():
            os.replace(folder, Path(work) / "before")
        os.replace(made, folder)
        shutil.rmtree(Path(work) / "before", ignore_errors=True)
    return count


def _write_pages(
    store: Store,
    folder: Path,
    texts: TextStore | None,
    progress: Callable[[str, int, int], None],
) -> int:
    graph = store.ask(graphs.whole(MOST_NODES))
    page = _draw(graph, *home_words(graph), Links.site(), texts)
    (folder / "index.html").write_text(page, encoding="utf-8")
    written, after = 1, ""
    while True:
        found = store.ask(entities.entities(after=after, limit=500))
        for card in found.items:
            _write_entity(store, folder, card.entity.id, texts)
            written += 1
            progress("pages", written, found.total + 1)
        if not found.more:
            return written
        after = found.items[-1].entity.id


def _write_entity(store: Store, folder: Path, entity_id: str, texts: TextStore | None) -> None:
    graph = store.ask(graphs.neighbourhood(entity_id, limit=MOST_NODES))
    if graph is None:  # Removed while the site was written.
        return
    page = _draw(graph, *entity_words(graph), Links.site(depth=1), texts)
    (folder / "entity" / f"{entity_id}.html").write_text(page, encoding="utf-8")


def _draw(graph: Subgraph, title: str, lead: str, links: Links, texts: TextStore | None) -> str:
    return graph_page(
        graph,
        title=title,
        lead=lead,
        links=links,
        passages=passages(graph.claims.values(), graph.sources, texts),
        labels=graph.names,
    )
