"""The links of a page: addresses on a server, or files of a static site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, urlencode

from graph.language import gettext
from graph.model import TieKey

#: The folder of a site with the scripts and style sheets that its pages share.
SHARED = "shared"


class TableFiles(NamedTuple):
    """The addresses of a table as files."""

    csv: str
    xlsx: str


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of pages, relative to the page that links to them.

    On a static site, what needs a server has no address: it is None, and pages leave the link out.
    `datasets` is the sentence of the footer on the data sets, their authors and licences.
    With `shared`, scripts and style sheets are files of the site and not parts of each page.
    `card` is the whole address of the page's picture for networks, or empty (viz/card.py).
    `part_scripts` are the files of the site with the cards of the page's claims, relative to the
    site (viz/part_script.py); without them the page has the cards itself.
    """

    base: str
    files: bool = False
    datasets: str = ""
    shared: bool = False
    card: str = ""
    part_scripts: tuple[str, ...] = ()

    @classmethod
    def server(cls) -> Links:
        """Addresses of a running server (api.md, section 3)."""
        return cls("/")

    @classmethod
    def site(cls, depth: int = 0, *, shared: bool = False) -> Links:
        """Relative files; `depth` is how many folders below the site's root the page lies."""
        return cls("../" * depth, files=True, shared=shared)

    @property
    def home(self) -> str:
        """The first page."""
        return f"{self.base}index.html" if self.files else self.base

    @property
    def reading(self) -> str:
        """The section on how to read a picture: lines, shapes and marks."""
        return f"{self.home}#reading"

    @property
    def data_sets(self) -> str:
        """The section with the title, the author and the licence of each data set."""
        return f"{self.home}#data-sets"

    @property
    def vocabulary(self) -> str:
        """The words that pages use in a sense of their own."""
        return self._page("vocabulary")

    @property
    def graph(self) -> str:
        """The whole graph, or its best connected part."""
        return self._page("graph")

    def graph_of(self, keys: Iterable[TieKey]) -> str:
        """The whole graph with these ties marked."""
        return f"{self.graph}#{urlencode({'ties': ' '.join(map(str, keys))}, safe='/')}"

    @property
    def timeline(self) -> str:
        """The claims on an axis of time."""
        return self._page("timeline")

    @property
    def search(self) -> str:
        """The action of the search form, which sends `q`."""
        return self._page("search")

    @property
    def compare(self) -> str | None:
        """Two dates side by side."""
        return self._dynamic("compare")

    @property
    def cypher(self) -> str | None:
        """The page for Cypher queries."""
        return self._dynamic("cypher")

    def entity(self, entity_id: str) -> str:
        """The page of an entity."""
        return self._page("entity", entity_id)

    def tie(self, key: TieKey) -> str:
        """The page of a tie; on a site it lies three folders deep."""
        return self._page("tie", *key)

    def feed(self, entity_id: str = "") -> str:
        """The feed of claims, of all or of those about one entity."""
        if not entity_id:
            return f"{self.base}feed.xml"
        name = _quoted(entity_id)
        return f"{self.base}entity/{name}{'.xml' if self.files else '/feed.xml'}"

    def source(self, source_id: str) -> str:
        """The page of a source."""
        return self._page("source", source_id)

    def story(self, story_id: str) -> str:
        """The page of a story."""
        return self._page("story", story_id)

    def path(self, start: str = "", end: str = "") -> str | None:
        """The chains between two entities; without both, where to choose them."""
        ends = {name: value for name, value in (("from", start), ("to", end)) if value}
        return self._dynamic("path", **ends)

    def search_for(self, text: str) -> str:
        """The search page with the results for a text."""
        return f"{self.search}?{urlencode({'q': text})}"

    def tie_record(self, key: TieKey) -> str | None:
        """A tie as data."""
        return self._dynamic("v1", "ties", *key)

    def claim_record(self, claim_id: str) -> str | None:
        """A claim as data."""
        return self._dynamic("v1", "claims", claim_id)

    def source_record(self, source_id: str) -> str | None:
        """A source as data."""
        return self._dynamic("v1", "sources", source_id)

    def shared_file(self, name: str) -> str:
        """A script or a style sheet that pages share."""
        return self.file(f"{SHARED}/{name}")

    def file(self, path: str) -> str:
        """A file of a static site, by its path in the site."""
        return self.base + quote(path)

    def table(self, name: str, params: Iterable[tuple[str, str]] = ()) -> TableFiles | None:
        """A whole table as files, of what passes the filters."""
        query = urlencode(list(params))
        if self.files:
            return None
        csv, xlsx = (
            f"{self.base}v1/{name}.{suffix}{f'?{query}' if query else ''}"
            for suffix in TableFiles._fields
        )
        return TableFiles(csv, xlsx)

    @property
    def suggestions(self) -> str | None:
        """Where names are suggested while somebody types, as data."""
        return self._dynamic("v1", "suggest")

    @property
    def entities(self) -> str:
        """What the id of an entity follows in the address of its page on a server."""
        return self._page("entity") + "/"

    @property
    def navigation(self) -> list[tuple[str, str, str]]:
        """The entries of the navigation: a name for `Frame.here`, a label, an address."""
        pages = [
            ("home", gettext("Home"), self.home),
            ("graph", gettext("Graph"), self.graph),
            ("timeline", gettext("Timeline"), self.timeline),
            ("compare", gettext("Compare"), self.compare),
            ("cypher", "Cypher", self.cypher),
        ]
        return [(name, label, address) for name, label, address in pages if address]

    def _page(self, *parts: str) -> str:
        return self.base + "/".join(map(_quoted, parts)) + (".html" if self.files else "")

    def _dynamic(self, *parts: str, **query: str) -> str | None:
        if self.files:
            return None
        return self._page(*parts) + (f"?{urlencode(query)}" if query else "")


@lru_cache(maxsize=4_096)  # A page names the same records again and again.
def _quoted(part: str) -> str:
    return quote(part, safe="")


def safe_url(url: str | None) -> str | None:
    """Return an address that may become a link (http or https), or None."""
    return url if url and url.startswith(("https://", "http://")) else None
