"""What a notebook shows: the API's own page in a frame, or a small table. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from api.answers.common import Meta
from graph.errors import SightlinesError
from sightlines.client.sending import Query, Sender, query

#: Scripts draw the picture; without `allow-same-origin` they reach neither the notebook nor the
#: server. Links open in tabs of their own.
_SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PageView:
    """The page that shows a record as it is in a snapshot."""

    sender: Sender
    path: str
    asked: Query
    snapshot: str | None

    @property
    def address(self) -> str:
        """The address of the page; it lasts, and says later what has changed since."""
        return self.sender.address(self.path, [*self.asked, *query({"seen_in": self.snapshot})])

    def frame(self) -> str | None:
        """Return the page in a frame; None where it cannot be had, or not of this snapshot."""
        asked = [*self.asked, *query({"snapshot": self.snapshot})]
        try:
            page = self.sender.get(self.path, asked, "text/html").text
        except SightlinesError:  # no picture is no reason not to show the record
            return None
        return framed(page, self.address)


def framed(page: str, address: str) -> str:
    """Return a page that was fetched in a frame that can do nothing but draw.

    The frame has no address of its own, so that links need one to start from.
    """
    base = f'<head><base href="{escape(address)}" target="_blank">'
    inner = page.replace("<head>", base, 1).replace('class="plain"', 'class="plain embed"', 1)
    return (
        f'<iframe sandbox="{_SANDBOX}" srcdoc="{escape(inner)}" title="Sightlines" loading="lazy" '
        'style="width: 100%; height: 34rem; border: 1px solid #8888"></iframe>'
        f'<p><a href="{escape(address)}" target="_blank" rel="noopener">Open in Sightlines</a></p>'
    )


def table(headings: Sequence[str], rows: Iterable[Sequence[Any]], total: int | None = None) -> str:
    """Return the first rows as a table, and how many there are in all."""
    listed = list(rows)
    shown = listed[:_SHOWN]
    total = len(listed) if total is None else total
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in shown)
    said = f"<p>The first {len(shown)} of {total:,}.</p>" if total > len(shown) else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{said}"


def _cell(value: Any) -> str:
    return f'<td dir="auto">{escape("" if value is None else str(value))}</td>'


def remarks(meta: Meta) -> str:
    """Return the notices of an answer, and of which snapshot it is."""
    said = list(meta.notices)
    if meta.snapshot:
        said.append(f"Snapshot {meta.snapshot.id} of {meta.snapshot.completed_on:%Y-%m-%d}.")
    return paragraphs(*said)


def paragraphs(*texts: str) -> str:
    """Return each text as a paragraph."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
