"""What a search found, and why."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from api.answers.common import Answer, Links, Meta
from api.answers.entities import How


class MatchedText(Answer):
    """The text that matched, and how."""

    text: str = Field(examples=["海康威视数字技术"])
    lang: str | None = Field(
        description="ISO 639; null for a summary, which is in the project's own words."
    )
    script: str = Field(description="ISO 15924.", examples=["Hani"])
    how: How = Field(
        description="`exact`: it is what was asked for. `prefix`: it begins so. `folded`: it has "
        "every word, or its beginning. `close`: with a typo, or over several names."
    )


class SearchHit(Answer):
    """A record that was found."""

    kind: Literal["entity", "claim", "source"]
    id: str
    label: str = Field(description="The name of an entity, a summary or a title.")
    type: str = Field(description="The type of an entity, a predicate or a kind of source.")
    matched: MatchedText
    links: Links


class Suggestion(Answer):
    """An entity whose name may be what is being typed."""

    id: str
    label: str
    type: str
    matched: MatchedText


class Suggestions(Answer):
    """The likeliest names, the best first."""

    results: list[Suggestion]
    meta: Meta
