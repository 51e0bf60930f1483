"""What is around the content of every page: its title, its place among the pages, its data."""

from __future__ import annotations

from dataclasses import dataclass

from viz.links import Links


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` sets around a page.

    `here` names the entry of `Links.navigation` that the page is, or is empty; `query` stands in
    the search box; `snapshot` names the state of the data.
    """

    links: Links
    title: str
    lead: str = ""
    here: str = ""
    query: str = ""
    snapshot: str | None = None
