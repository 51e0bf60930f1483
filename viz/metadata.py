"""The metadata of a page: the snapshot of its data, its permalink, notices, and citations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graph.language import count, gettext, mark
from viz.links import TableFiles


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Metadata of one rendering of a page. A static site has only citations.

    `permalink` is the address of the page with its snapshot; `notices` are sentences about changes
    since the snapshot of such a link, or about the chosen date; `citations` are `text`, `bibtex`
    and `csl` by the key of a tie, and by "" for the page itself. `table` has the connections of the
    page, where it is a file as well.
    """

    snapshot: str | None = None
    permalink: str | None = None
    notices: Sequence[str] = ()
    citations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    table: TableFiles | None = None

    @property
    def citation(self) -> Mapping[str, Any] | None:
        """How to cite the page itself, if known."""
        return self.citations.get("")


#: The metadata of a page of a static site.
NO_METADATA = PageMetadata()
#: What happened to a record, as `graph.changes` names it, in words.
_CHANGES = {
    "added": mark("added"),
    "removed": mark("removed"),
    "retracted": mark("retracted"),
    "restored": mark("restored"),
    "changed": mark("changed"),
    "rose": mark("rose"),
    "fell": mark("fell"),
}
#: The most changed records that are labels.
_MOST_LABELS = 5


def changes_since(snapshot: str, changed: Sequence[tuple[str, str]], total: int) -> str:
    """Describe the changes of a page since a snapshot: labels, each with its change."""
    link = gettext("the snapshot that this link was made from (%(id)s)", id=snapshot[:8])
    if not total:
        return gettext("Nothing on this page has changed since %(snapshot)s.", snapshot=link)
    words = [(label, gettext(_CHANGES.get(change, change))) for label, change in changed]
    labels = "; ".join(f"{label} ({change})" for label, change in words[:_MOST_LABELS])
    if total > _MOST_LABELS:
        more = f"{total - _MOST_LABELS:,}"
        labels = gettext("%(labels)s; and %(number)s more", labels=labels, number=more)
    return count(
        total,
        "%(num)s record has changed on this page since %(snapshot)s: %(labels)s.",
        "%(num)s records have changed on this page since %(snapshot)s: %(labels)s.",
        snapshot=link,
        labels=labels,
    )
