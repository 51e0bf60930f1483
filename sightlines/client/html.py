"""What a notebook shows: the API's own page in a frame, or a small table. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sightlines.client.errors import ClientError
from sightlines.client.objects import Meta
from sightlines.client.transport import Query, Sender, encode

#: Scripts draw the picture; without `allow-same-origin` they reach neither the notebook nor the
#: server. Links open in tabs of their own.
_SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
_ROWS = 10


@dataclass(frozen=True, slots=True)
class PageView:
    """The page that shows a record as it is in a snapshot."""

    sender: Sender
    path: str
    query: Query
    snapshot: str | None

    @property
    def address(self) -> str:
        """The address of the page; it lasts, and says later what has changed since."""
        return self.sender.address(self.path, [*self.query, *encode({"seen_in": self.snapshot})])

    def frame(self) -> str | None:
        """Return the page in a frame; None where it cannot be had, or not of this snapshot."""
        query = [*self.query, *encode({"snapshot": self.snapshot})]
        try:
            page = self.sender.get(self.path, query, "text/html").text
        except ClientError:  # no picture is no reason not to show the record
            return None
        return frame(page, self.address)


def frame(page: str, address: str) -> str:
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
    every = list(rows)
    first = every[:_ROWS]
    total = len(every) if total is None else total
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in first)
    note = f"<p>The first {len(first)} of {total:,}.</p>" if total > len(first) else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"


def _cell(value: Any) -> str:
    return f'<td dir="auto">{escape("" if value is None else str(value))}</td>'


def remarks(meta: Meta) -> str:
    """Return the notices of an answer, and of which snapshot it is."""
    texts = list(meta.notices)
    if meta.snapshot:
        texts.append(f"Snapshot {meta.snapshot.id} of {meta.snapshot.completed_on[:10]}.")
    return paragraphs(*texts)


def paragraphs(*texts: str) -> str:
    """Return each text as a paragraph."""
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
