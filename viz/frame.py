"""The frame of every page: title, navigation, search box, snapshot."""

from __future__ import annotations

from dataclasses import dataclass

from viz.links import Links


@dataclass(frozen=True, slots=True)
class Frame:
    """What `base.html` renders around a page.

    `here` is the page's own entry of `Links.navigation`, or empty; `query` is the text in the
    search box; `snapshot` is the id of the snapshot of the data; `basis` says on how many documents
    the page rests.
    """

    links: Links
    title: str
    lead: str = ""
    here: str = ""
    query: str = ""
    snapshot: str | None = None
    basis: str = ""

    @property
    def description(self) -> str:
        """What networks and search engines show below the title."""
        parts = [part for part in (self.lead, self.basis) if part]
        return " ".join(part if part[-1] in ".!?" else f"{part}." for part in parts)
