"""The page of a story: its steps with their evidence, and a picture that follows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from graph.language import count
from graph.model import Story, Subgraph
from viz.links import Links, TableFiles
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import draw
from viz.page_table import PageTable, tie_table
from viz.view import Card, GraphView


@dataclass(frozen=True, slots=True)
class StepWords:
    """One step: its text, its claims, and the entities and ties that the picture frames."""

    number: int
    title: str
    text: str
    entities: str
    ties: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class StoryView(GraphView):
    """A story's page; the picture holds everything that its steps frame."""

    story: Story
    metadata: PageMetadata = field(default=NO_METADATA, kw_only=True)

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
    def table(self) -> TableFiles | None:
        """The addresses of its connections as files."""
        return self.metadata.table

    @property
    def notices(self) -> list[str]:
        """Notices: changes of the data, and records that are missing from them."""
        missing = [i for i in self.story.claims if i not in self.graph.claims]
        missing += [i for i in self.story.entities if i not in self.graph.entities]
        note = count(
            len(missing),
            "Missing from the loaded data: %(num)s record of this story.",
            "Missing from the loaded data: %(num)s records of this story.",
        )
        return [*self.metadata.notices, *([note] if missing else [])]


def story_table(story: Story, graph: Subgraph, *, links: Links) -> PageTable:
    """Return the connections of a story, each with the numbers of the steps that frame it."""
    view = StoryView(graph, story.title, story.lead, links, {}, graph.names, None, story)
    steps = [(str(step.number), step.ties.split()) for step in view.steps]
    framed = ((row, "; ".join(n for n, ties in steps if row.key in ties)) for row in view.rows)
    return tie_table([("steps", "text")], (((numbers,), row) for row, numbers in framed))


def story_page(
    story: Story,
    graph: Subgraph,
    *,
    links: Links,
    passages: Mapping[str, str] | None = None,
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page of a story over `graph`, which holds its entities, their ties and claims."""
    view = StoryView(
        graph,
        story.title,
        story.lead,
        links,
        passages or {},
        graph.names,
        metadata.snapshot,
        story,
        metadata=metadata,
    )
    return draw(view, "story.html")
