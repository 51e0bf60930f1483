"""What a page says of a visit: the state of the data, a link that lasts, and how to cite it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page. A static site has none of it but citations.

    `permalink` is the address of this page that names the snapshot which it was seen in; `notices`
    are sentences for whoever came by such a link or asked for a time; `citations` are `text`,
    `bibtex` and `csl` by the key of a tie, and by "" for the page itself.
    """

    snapshot: str | None = None
    permalink: str | None = None
    notices: Sequence[str] = ()
    citations: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def citation(self) -> Mapping[str, Any] | None:
        """How to cite the page itself, if that is known."""
        return self.citations.get("")


#: A page of a static site, and of a test.
NO_VISIT = Visit()
#: So many of the records that have changed are named.
_NAMED = 5


def since_seen(snapshot: str, changed: Sequence[tuple[str, str]], total: int) -> str:
    """Say what of a page has changed since a snapshot: labels, each with what happened to it."""
    link = f"the snapshot that this link was made from ({snapshot[:8]})"
    if not total:
        return f"Nothing on this page has changed since {link}."
    named = "; ".join(f"{label} ({change})" for label, change in changed[:_NAMED])
    more = f"; and {total - _NAMED:,} more" if total > _NAMED else ""
    records = "record has" if total == 1 else "records have"
    return f"{total:,} {records} changed on this page since {link}: {named}{more}."
