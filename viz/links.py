"""Where a page's links lead: to a server's addresses, or to the files of a static site."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from graph.model import TieKey


@dataclass(frozen=True, slots=True)
class Links:
    """Patterns of addresses, with `{id}` where an id goes.

    Home and entity pages are there on every kind of site; None for one of the others: a page
    links to no such thing.
    """

    home: str
    entity_page: str
    tie_record: str | None = None
    claim_record: str | None = None
    source_page: str | None = None
    cypher_page: str | None = None

    @classmethod
    def server(cls) -> Links:
        """Addresses of a running server (api.md, section 3)."""
        return cls(
            home="/",
            entity_page="/entity/{id}",
            tie_record="/v1/ties/{id}",
            claim_record="/v1/claims/{id}",
            source_page="/v1/sources/{id}",
            cypher_page="/cypher",
        )

    @classmethod
    def site(cls, depth: int = 0) -> Links:
        """Relative files; `depth` is how many folders below the site's root the page lies."""
        up = "../" * depth
        return cls(home=f"{up}index.html", entity_page=f"{up}entity/{{id}}.html")

    def entity(self, entity_id: str) -> str:
        """The page of an entity."""
        return _fill(self.entity_page, entity_id)

    def tie(self, key: TieKey) -> str | None:
        """The record of a tie."""
        return self.tie_record and _fill(self.tie_record, str(key))

    def claim(self, claim_id: str) -> str | None:
        """The record of a claim."""
        return self.claim_record and _fill(self.claim_record, claim_id)

    def source(self, source_id: str) -> str | None:
        """What is recorded of a source."""
        return self.source_page and _fill(self.source_page, source_id)


def _fill(pattern: str, record_id: str) -> str:
    return pattern.replace("{id}", quote(record_id))


def safe_url(url: str | None) -> str | None:
    """Return an address that may become a link (http or https), or None."""
    return url if url and url.startswith(("https://", "http://")) else None
