"""The content of a graph page: a subgraph as the words and links that the template renders.

Every text is plain; the template escapes it. Each claim becomes one `Card`, which the table, the
panel and the list of other claims show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from graph.dates import Match
from graph.language import count, gettext
from graph.model import Claim, Duplicate, Entity, Judgement, Name, Source, Subgraph, Tie
from graph.ontology import ONTOLOGY, EntityType, Status
from graph.projection import accounts
from graph.wording import (
    UNDATED,
    day_in_words,
    in_words,
    marks,
    naming,
    quantity_in_words,
    reading_in_words,
    sentence,
    shared_in_words,
    speaker_of,
    tie_when,
)
from viz import words
from viz.frame import Frame
from viz.links import Links, TableFiles, safe_url
from viz.metadata import NO_METADATA, PageMetadata

#: The types that a picture has in colour, in the order of the legend; all others are one grey.
LEADING = ("Company", "State", "PublicBody", "Technology", "Group", "Organization")
#: The lanes of what is supplied, and where: no one stands in them.
_THINGS = (None, "item", "place")
#: The types of tie that supply lines are drawn for: they come first wherever ties are listed.
SUPPLY_TYPES = tuple(
    name for name, lanes in ONTOLOGY.tie_lanes.items() if not any(lane in _THINGS for lane in lanes)
)


@dataclass(frozen=True, slots=True)
class Ref:
    """A name in its language, perhaps with a link; `id` is empty where there is no page.

    `described`: it is no name but a description.
    """

    text: str
    href: str | None = None
    id: str = ""
    lang: str = "en"
    type: str = ""
    plural: bool = False
    described: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One claim in words; what needs none, a page reads from `claim` itself."""

    claim: Claim
    id: str
    summary: str
    modality: str
    modality_help: str
    sure: str
    denied: bool
    manner: str
    marks: tuple[words.Manner, ...]
    when: str
    quantity: str
    inferred: str
    said_by: tuple[Ref, ...]
    source: Ref
    publisher: str
    published: str
    paragraphs: str
    passage: str
    passage_lang: str
    record: str | None
    entities: tuple[str, ...]

    @property
    def only_source(self) -> bool:
        """Whether the document at hand is the only one that says so."""
        return len(self.said_by) == 1 and self.said_by[0].id == self.source.id

    @property
    def brief(self) -> str:
        """How it is said where that is no plain statement, what it says, and its date."""
        labels = (gettext(manner.label).capitalize() for manner in self.marks)
        return " · ".join((*labels, self.summary, self.when))


@dataclass(frozen=True, slots=True)
class Row:
    """One tie in words, with its claims.

    `relation` is the verb from `source` to `target`, `inverse` the one back; `marks` follow either
    end, in brackets; `reading`: a part of it is a reading of the editors. `sentence` has them all.
    """

    key: str
    source: Ref
    relation: str
    inverse: str
    target: Ref
    marks: str
    reading: bool
    sentence: str
    type: str
    when: str
    first: int | None
    last: int | None
    status: str
    disputed: bool
    possibly: bool
    independent: int
    support: str
    shared: str
    speakers: tuple[str, ...]
    cards: tuple[Card, ...]
    page: str
    record: str | None


@dataclass(frozen=True, slots=True)
class JudgementNote:
    """A judgement in words: that two ids are one entity, by whom, on which day, and why."""

    left: str
    right: str
    by: str
    on: str
    reason: str


@dataclass(frozen=True, slots=True)
class DuplicateNote:
    """An entity that is merged into another one, in words."""

    id: str
    names: tuple[Name, ...]
    judgements: tuple[JudgementNote, ...]


@dataclass(frozen=True, slots=True)
class EntityNote:
    """An entity in words."""

    id: str
    label: Name
    type: str
    type_label: str
    description: str
    names: dict[str, list[Name]]
    country: str
    identifiers: tuple[str, ...]
    urls: tuple[str, ...]
    duplicates: tuple[DuplicateNote, ...]
    connections: str
    page: str
    expansion: str


@dataclass(frozen=True, slots=True)
class SourceNote:
    """A document in words; `cited_only`: we know it only from sources that cite it."""

    title: Ref
    kind: str
    publisher: str
    published: str
    cited_only: bool
    url: str | None


@dataclass(frozen=True)
class GraphView:
    """A graph page. `labels` are names of entities that only claims mention."""

    graph: Subgraph
    title: str
    lead: str
    links: Links
    passages: Mapping[str, str]
    labels: Mapping[str, str]
    snapshot: str | None
    here: str = field(default="", kw_only=True)
    metadata: PageMetadata = field(default=NO_METADATA, kw_only=True)

    @property
    def notices(self) -> Sequence[str]:
        """Notices above the picture."""
        return self.metadata.notices

    @property
    def frame(self) -> Frame:
        """The frame of the page."""
        return Frame(
            self.links, self.title, self.lead, self.here, snapshot=self.snapshot, basis=self.basis
        )

    @cached_property
    def basis(self) -> str:
        """On how many documents at hand the ties rest, and how many accounts they have at most."""
        ids = {i for tie in self.graph.ties for i in tie.basis_ids} or self.graph.claims
        claims = [claim for i, claim in self.graph.claims.items() if i in ids]
        sources = self.graph.sources
        return words.basis(
            [sources[i].kind for i in sorted({claim.source for claim in claims}) if i in sources],
            any(
                sources[link].cited_only
                for claim in claims
                for link in claim.said_by[1:]
                if link in sources
            ),
            self.graph.ties,
        )

    @cached_property
    def rows(self) -> list[Row]:
        """The ties: the best supported first, then by the names of their ends."""
        ranked = sorted(self.graph.ties, key=lambda t: (-t.rank, -t.independent, t.key))
        return [self.row(tie) for tie in ranked]

    @cached_property
    def cards(self) -> dict[str, Card]:
        """The claims by their ids, in the order of the subgraph."""
        return {i: self._card(claim) for i, claim in self.graph.claims.items()}

    @property
    def listed(self) -> list[Card]:
        """The claims behind ties that are listed below the table, in the order of their numbers."""
        return [self.cards[i] for i in self.numbers if i not in self.elsewhere]

    @property
    def others(self) -> list[Card]:
        """The other claims that are listed below the table."""
        return [card for card in self.other_cards if card.id not in self.elsewhere]

    @property
    def elsewhere(self) -> frozenset[str]:
        """The ids of the claims that the page has in another place."""
        return frozenset()

    @cached_property
    def other_cards(self) -> list[Card]:
        """The claims that support none of the ties: opinions, predictions, plain attributes."""
        used = {s.claim_id for tie in self.graph.ties for s in tie.supports}
        return [card for i, card in self.cards.items() if i not in used]

    @cached_property
    def entities(self) -> list[EntityNote]:
        """The entities by their labels."""
        ordered = sorted(self.graph.entities.values(), key=lambda e: (e.label.casefold(), e.id))
        return [self._entity(entity) for entity in ordered]

    @cached_property
    def sources(self) -> list[SourceNote]:
        """The documents by their titles, including those that are only cited."""
        ordered = sorted(self.graph.sources.values(), key=lambda s: (s.title.casefold(), s.id))
        return [
            SourceNote(
                title=self._source_ref(source),
                kind=gettext(ONTOLOGY.source_kinds[source.kind].label),
                publisher=source.publisher or "",
                published=in_words(source.published) if source.published else gettext(UNDATED),
                cited_only=source.cited_only,
                url=safe_url(source.url),
            )
            for source in ordered
        ]

    @property
    def at_hand(self) -> list[str]:
        """The documents at hand, each with its publisher and date."""
        return [
            ", ".join(filter(None, (it.title.text, it.publisher, it.published)))
            for it in self.sources
            if not it.cited_only
        ]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The numbers of the claims by id, from 1, in the order of the rows.

        A claim may support several ties but has one card: the rows refer to it by number.
        """
        ids = dict.fromkeys(card.id for row in self.rows for card in row.cards)
        return {claim_id: number for number, claim_id in enumerate(ids, 1)}

    @cached_property
    def degrees(self) -> Mapping[str, int]:
        """The number of ties per entity in this picture."""
        degrees: defaultdict[str, int] = defaultdict(int)
        for tie in self.graph.ties:
            degrees[tie.key.source] += 1
            degrees[tie.key.target] += 1
        return degrees

    @cached_property
    def types(self) -> dict[str, tuple[EntityType, int]]:
        """The types in the graph with their numbers of entities, those in colour first."""
        types = [e.type for e in self.graph.entities.values()]
        ordered = [*LEADING, *(name for name in ONTOLOGY.types if name not in LEADING)]
        return {n: (ONTOLOGY.types[n], types.count(n)) for n in ordered if n in types}

    @cached_property
    def rarer(self) -> frozenset[str]:
        """The types without a colour, which the legend folds away if there are several."""
        grey = [name for name in self.types if name not in LEADING]
        return frozenset(grey if len(grey) > 1 else ())

    @cached_property
    def relations(self) -> dict[str, tuple[str, int]]:
        """The types of tie with their verbs and numbers of ties: supplies first, then by number."""
        types = [tie.key.type for tie in self.graph.ties]
        ordered = sorted(
            set(types),
            key=lambda name: (
                SUPPLY_TYPES.index(name) if name in SUPPLY_TYPES else len(SUPPLY_TYPES),
                -types.count(name),
                name,
            ),
        )
        return {n: (ONTOLOGY.verb(n, "reported"), types.count(n)) for n in ordered}

    @cached_property
    def statuses(self) -> dict[str, tuple[Status, int]]:
        """The statuses in the graph with their numbers of ties, the strongest first."""
        statuses = [t.status for t in self.graph.ties]
        return {n: (s, statuses.count(n)) for n, s in ONTOLOGY.statuses.items() if n in statuses}

    @property
    def disputed(self) -> int:
        """The number of ties that a claim denies."""
        return sum(t.disputed for t in self.graph.ties)

    @property
    def possibly(self) -> int:
        """The number of ties that only possibly held at the chosen time."""
        return sum(t.match is Match.POSSIBLY for t in self.graph.ties)

    @cached_property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of the ties, or None where there is no span."""
        years = [day.year for t in self.graph.ties for day in (t.first, t.last) if day]
        return (min(years), max(years)) if len(set(years)) > 1 else None

    @property
    def table(self) -> TableFiles | None:
        """The address of the ties as a file; None where no filter of the API has them."""
        focus = self.graph.focus
        return self.links.table("ties", [("entity", focus)]) if focus else None

    @property
    def day(self) -> str:
        """The day that the picture is of; empty where none is chosen."""
        return ""

    @property
    def readings(self) -> bool:
        """Whether the editors' reading is part of a tie."""
        return any(row.reading for row in self.rows)

    @property
    def undated(self) -> int:
        """The number of ties without a date."""
        return sum(t.first is None and t.last is None for t in self.graph.ties)

    @property
    def counts(self) -> str:
        """`40 entities, 63 connections shown`."""
        entities = count(len(self.graph.entities), "%(num)s entity", "%(num)s entities")
        connections = words.connections(len(self.graph.ties))
        return gettext(
            "%(entities)s, %(connections)s shown", entities=entities, connections=connections
        )

    @property
    def left_out(self) -> str:
        """The number of entities beyond the limit, in words; empty where there are none."""
        if not self.graph.left_out:
            return ""
        return count(
            self.graph.left_out,
            "%(num)s more entity not shown, the least connected first",
            "%(num)s more entities not shown, the least connected first",
        )

    @cached_property
    def _claim_pages(self) -> Mapping[str, str]:
        """The pages of connections by the ids of the claims behind them."""
        return {card.id: row.page for row in reversed(self.rows) for card in row.cards}

    def claim_page(self, card: Card) -> str:
        """The page that has the whole card of a claim: of a connection, or else of its source."""
        return self._claim_pages.get(card.id) or self.links.source(card.source.id)

    def source_of(self, card: Card) -> str | None:
        """The address of the document itself, where it may become a link."""
        source = self.graph.sources.get(card.source.id)
        return safe_url(source.url) if source else None

    def ref(self, entity_id: str) -> Ref:
        """An entity's name, linked to its page."""
        entity = self.graph.entities.get(entity_id)
        if entity is None:
            label = self.labels.get(entity_id, entity_id)
            return Ref(label, self.links.entity(entity_id), entity_id, "")
        name, href = entity.names[0], self.links.entity(entity_id)
        about = entity.type, entity.plural, entity.described
        return Ref(name.text, href, entity_id, name.lang, *about)

    @cached_property
    def name(self) -> Callable[[str], str]:
        """Gives the name of an entity, a document or a publisher; of what is not at hand its id."""
        entities, sources = self.graph.entities.items(), self.graph.sources
        titles = {i: words.title(source.title) for i, source in sources.items()}
        return naming({**self.labels, **titles, **{i: e.label for i, e in entities}}, sources)

    def _speakers(self, tie: Tie) -> Iterator[str]:
        """Who speaks, in words, at the end of the chain of each claim that a tie rests on.

        Whoever says less than the tie does is named in its docket.
        """
        for support in tie.basis:
            claim = self.graph.claims.get(support.claim_id)
            if claim:
                yield speaker_of(support, claim, self.name)

    def _speaker(self, link: str) -> Ref:
        """A link of an attribution chain: a source, or an entity that speaks."""
        source = self.graph.sources.get(link)
        return self._source_ref(source) if source else self.ref(link)

    def _source_ref(self, source: Source) -> Ref:
        return Ref(words.title(source.title), self.links.source(source.id), source.id, source.lang)

    def row(self, tie: Tie) -> Row:
        """A tie in words, as it is at its moment."""
        source, target = self.ref(tie.key.source), self.ref(tie.key.target)
        return Row(
            key=str(tie.key),
            source=source,
            relation=ONTOLOGY.verb(tie.key.type, tie.status, plural=source.plural, past=tie.past),
            inverse=ONTOLOGY.verb(
                tie.key.type, tie.status, inverse=True, plural=target.plural, past=tie.past
            ),
            target=target,
            marks=marks(tie),
            reading=bool(tie.inferred),
            sentence=sentence(tie, source.text, target.text, plural=source.plural),
            type=tie.key.type,
            when=tie_when(tie),
            first=tie.first.year if tie.first else None,
            last=tie.last.year if tie.last else None,
            status=tie.status,
            disputed=tie.disputed,
            possibly=tie.match is Match.POSSIBLY,
            independent=tie.independent,
            support=words.support(tie),
            shared=shared_in_words(accounts(tie), self.name),
            speakers=tuple(dict.fromkeys(self._speakers(tie))),
            cards=tuple(self._cards_of(tie)),
            page=self.links.tie(tie.key),
            record=self.links.tie_record(tie.key),
        )

    def _cards_of(self, tie: Tie) -> Iterator[Card]:
        for claim_id in (*tie.claim_ids, *tie.denial_ids):
            if claim_id in self.cards:
                yield self.cards[claim_id]

    def _card(self, claim: Claim) -> Card:
        modality = ONTOLOGY.modalities[claim.modality]
        manner = claim.modality if claim.modality in words.MANNERS else ""
        source = self.graph.sources.get(claim.source)
        return Card(
            claim=claim,
            id=claim.id,
            summary=claim.summary,
            modality=gettext(modality.label),
            # A plain statement explains itself; every other manner is spelled out.
            modality_help=gettext(modality.help) if manner else "",
            sure=words.sureness(claim),
            denied=claim.polarity == "denied",
            manner=manner,
            marks=tuple(words.MANNERS[m] for m in (manner, claim.polarity) if m in words.MANNERS),
            when=in_words(claim.when) if claim.when else gettext(words.NO_DATE),
            quantity=quantity_in_words(claim.quantity) if claim.quantity else "",
            inferred=", ".join(map(reading_in_words, claim.inferred)),
            said_by=tuple(self._speaker(link) for link in claim.said_by),
            source=self._source_ref(source) if source else Ref(claim.source, id=claim.source),
            publisher=(source and source.publisher) or "",
            published=in_words(source.published) if source and source.published else "",
            paragraphs=words.paragraphs(claim),
            passage=self.passages.get(claim.id, ""),
            passage_lang=source.lang if source else "en",
            record=self.links.claim_record(claim.id),
            entities=tuple(dict.fromkeys(i for ids in claim.roles.values() for i in ids)),
        )

    def expansion(self, entity_id: str) -> str:
        """The address of this page with those around an entity as well; only some pages have it."""
        return ""

    def _entity(self, entity: Entity) -> EntityNote:
        degree = self.degrees.get(entity.id, 0)
        recorded = self.graph.degrees.get(entity.id, degree)
        connections = gettext("%(connections)s shown", connections=words.connections(recorded))
        if recorded > degree:
            here = f"{degree:,}"
            connections = gettext(
                "%(number)s of %(connections)s", number=here, connections=connections
            )
        duplicates = self.graph.duplicates if entity.id == self.graph.focus else ()
        return EntityNote(
            id=entity.id,
            label=entity.names[0],
            type=entity.type,
            type_label=gettext(ONTOLOGY.types[entity.type].label),
            description=entity.description or "",
            names=_by_kind(entity.names[1:]),
            country=entity.country or "",
            identifiers=tuple(map(str, entity.identifiers)),
            urls=tuple(filter(None, map(safe_url, entity.urls))),
            duplicates=tuple(map(_duplicate, duplicates)),
            connections=connections,
            page=self.links.entity(entity.id),
            expansion=self.expansion(entity.id),
        )


def _duplicate(duplicate: Duplicate) -> DuplicateNote:
    entity = duplicate.entity
    judgements = tuple(map(_judgement, duplicate.judgements))
    return DuplicateNote(entity.id, entity.names, judgements)


def _judgement(it: Judgement) -> JudgementNote:
    return JudgementNote(it.left, it.right, it.by, day_in_words(it.on), it.reason)


def _by_kind(names: Iterable[Name]) -> dict[str, list[Name]]:
    """Current and former names under a heading each, both in their order."""
    groups: dict[str, list[Name]] = {}
    for name in names:
        kind = gettext("Formerly") if name.kind == "former" else gettext("Also known as")
        groups.setdefault(kind, []).append(name)
    return groups
