"""Where a page's links lead: to a server's addresses, or to the files of a static site."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote, urlencode

from graph.model import TieKey


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses of pages as seen from the page that links.

    What only a server can answer has no address on a static site: there it is None, and a page
    links to no such thing.
    """

    base: str
    files: bool = False

    @classmethod
    def server(cls) -> Links:
        """Addresses of a running server (api.md, section 3)."""
        return cls("/")

    @classmethod
    def site(cls, depth: int = 0) -> Links:
        """Relative files; `depth` is how many folders below the site's root the page lies."""
        return cls("../" * depth, files=True)

    @property
    def home(self) -> str:
        """The first page."""
        return f"{self.base}index.html" if self.files else self.base

    @property
    def reading(self) -> str:
        """The lesson of how to read the picture: what a line, a shape and a mark mean."""
        return f"{self.home}#reading"

    @property
    def graph(self) -> str:
        """The whole graph, or its best connected part."""
        return self._page("graph")

    @property
    def timeline(self) -> str:
        """The claims on an axis of time."""
        return self._page("timeline")

    @property
    def search(self) -> str:
        """Where the search form sends its `q`."""
        return self._page("search")

    @property
    def compare(self) -> str | None:
        """Two days side by side."""
        return self._asked("compare")

    @property
    def cypher(self) -> str | None:
        """The page for statements of one's own."""
        return self._asked("cypher")

    def entity(self, entity_id: str) -> str:
        """The page of an entity."""
        return self._page("entity", entity_id)

    def tie(self, key: TieKey) -> str:
        """The page of a tie; on a site it lies three folders deep."""
        return self._page("tie", *key)

    def source(self, source_id: str) -> str:
        """The page of a source."""
        return self._page("source", source_id)

    def story(self, story_id: str) -> str:
        """The page of a story."""
        return self._page("story", story_id)

    def path(self, start: str = "", end: str = "") -> str | None:
        """The chains between two entities; without both, where to choose them."""
        ends = {name: value for name, value in (("from", start), ("to", end)) if value}
        return self._asked("path", **ends)

    def searched(self, text: str) -> str:
        """What the search form would ask for."""
        return f"{self.search}?{urlencode({'q': text})}"

    def tie_record(self, key: TieKey) -> str | None:
        """A tie as data."""
        return self._asked("v1", "ties", *key)

    def claim_record(self, claim_id: str) -> str | None:
        """A claim as data."""
        return self._asked("v1", "claims", claim_id)

    def source_record(self, source_id: str) -> str | None:
        """A source as data."""
        return self._asked("v1", "sources", source_id)

    @property
    def navigation(self) -> list[tuple[str, str, str]]:
        """What stands in every page's head: a name for `Frame.here`, its words, its address."""
        pages = [
            ("home", "Home", self.home),
            ("graph", "Explore", self.graph),
            ("timeline", "Timeline", self.timeline),
            ("compare", "Compare", self.compare),
            ("cypher", "Cypher", self.cypher),
        ]
        return [(name, label, address) for name, label, address in pages if address]

    def _page(self, *parts: str) -> str:
        return self.base + "/".join(map(_quoted, parts)) + (".html" if self.files else "")

    def _asked(self, *parts: str, **query: str) -> str | None:
        if self.files:
            return None
        return self._page(*parts) + (f"?{urlencode(query)}" if query else "")


@lru_cache(maxsize=4_096)  # A page names the same records again and again.
def _quoted(part: str) -> str:
    return quote(part, safe="")


def safe_url(url: str | None) -> str | None:
    """Return an address that may become a link (http or https), or None."""
    return url if url and url.startswith(("https://", "http://")) else None
