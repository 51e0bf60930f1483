"""The page of a story: its steps with their evidence, beside a picture that follows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graph.model import Story, Subgraph
from viz import words
from viz.links import Links
from viz.page import draw
from viz.view import Card, View
from viz.visit import NO_VISIT, Visit


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step: what it says, its claims, and what the picture frames, as the script reads it."""

    number: int
    title: str
    text: str
    entities: str
    ties: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class StoryView(View):
    """A story's page: the picture holds all that its steps frame."""

    story: Story
    visit: Visit = field(default=NO_VISIT, kw_only=True)

    @cached_property
    def steps(self) -> list[StepWords]:
        """The steps in their order."""
        return [
            StepWords(
                number=number,
                title=step.title,
                text=step.text,
                entities=" ".join(i for i in step.framed if i in self.graph.entities),
                ties=" ".join(step.ties),
                cards=tuple(self.cards[i] for i in step.claims if i in self.cards),
            )
            for number, step in enumerate(self.story.steps, 1)
        ]

    @property
    def notices(self) -> list[str]:
        """What is to be said before it: a change of the data, and what the data lack."""
        lacking = [i for i in self.story.claims if i not in self.graph.claims]
        lacking += [i for i in self.story.entities if i not in self.graph.entities]
        said = words.count(len(lacking), "record")
        note = f"Missing from the loaded data: {said} of this story."
        return [*self.visit.notices, *([note] if lacking else [])]


def story_page(
    story: Story,
    graph: Subgraph,
    *,
    links: Links,
    passages: Mapping[str, str] | None = None,
    visit: Visit = NO_VISIT,
) -> str:
    """Return the page of a story over `graph`, which holds its entities, their ties and claims."""
    view = StoryView(
        graph,
        story.title,
        story.lead,
        links,
        passages or {},
        graph.names,
        visit.snapshot,
        story,
        visit=visit,
    )
    return draw(view, "story.html")
