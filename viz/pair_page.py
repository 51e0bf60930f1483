"""The page of a pair that may be one entity: both sides with their claims, and the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graph.language import gettext, mark
from graph.model import Claim, Entity, Source
from graph.wording import in_words
from viz.frame import Frame
from viz.links import Links, safe_url
from viz.page import content_page

TITLE = mark("The same or not")


@dataclass(frozen=True, slots=True)
class Side:
    """One entity of a pair, with its first claims, how many there are, and their sources by id."""

    entity: Entity
    claims: Sequence[Claim]
    claim_count: int
    sources: Mapping[str, Source]


@dataclass(frozen=True, slots=True)
class PairView:
    """What the page shows. `sides` are two, or none where no pair is left.

    `number` is how many pairs came before, `count` how many judgements were added to the file.
    """

    sides: Sequence[Side]
    score: float
    reasons: Sequence[str]
    number: int
    total: int
    count: int
    path: str
    notice: str = ""


def pair_page(view: PairView) -> str:
    """Return the page. Its form is sent to the page's own address."""
    frame = Frame(Links.server(), gettext(TITLE))
    return content_page("pair.html", frame, view=view, in_words=in_words, safe_url=safe_url)
