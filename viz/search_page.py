"""What a search found: entities with the name that matched; on a static site, a list to narrow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.fold import fold
from graph.model import Entity, Name
from graph.ontology import ONTOLOGY
from viz import words
from viz.frame import Frame
from viz.links import Links
from viz.page import content_page
from viz.view import Ref
from viz.visit import NO_VISIT, Visit

TITLE = "Search"
#: How a name matched, in words, where a reader would wonder why it is listed.
_HOW = {"exact": "", "prefix": "", "folded": "", "close": "similar spelling"}


@dataclass(frozen=True, slots=True)
class Match:
    """An entity that was found: by which of its names, how, and how many ties it has."""

    entity: Entity
    matched: Name
    how: str
    ties: int


@dataclass(frozen=True, slots=True)
class Record:
    """A claim or a source that was found; `type` is its predicate or its kind.

    `matched` is the text that matched, in `lang` (None: our own words).
    """

    id: str
    label: str
    type: str
    matched: str
    lang: str | None
    how: str


@dataclass(frozen=True, slots=True)
class Records:
    """The best records of a kind, and how many there are in all."""

    items: Sequence[Record] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class HitWords:
    """An entity in words; `matched` is empty where it is the name that is shown anyway."""

    ref: Ref
    type_label: str
    description: str
    matched: Ref | None
    how: str
    ties: str


@dataclass(frozen=True, slots=True)
class RecordWords:
    """A claim or a source in words; `matched` is empty where it is the label itself."""

    ref: Ref
    kind: str
    matched: Ref | None
    how: str


@dataclass(frozen=True, slots=True)
class Group:
    """Records of one kind: what they are called, how many are found, how many are left out."""

    id: str
    title: str
    items: tuple[RecordWords, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class SearchWords:
    """What stands on the page. `near` are names and addresses where nothing was found."""

    query: str
    hits: tuple[HitWords, ...]
    near: tuple[HitWords, ...]
    found: str
    left_out: str
    groups: tuple[Group, ...]
    more: str


def search_page(
    query: str,
    hits: Sequence[Match],
    *,
    links: Links,
    total: int = 0,
    claims: Records = Records(),
    sources: Records = Records(),
    near: Sequence[Match] = (),
    more: str = "",
    visit: Visit = NO_VISIT,
) -> str:
    """Return the page of what was found; `more` is the address that shows what was left out."""
    title = f"{TITLE}: {query}" if query else TITLE
    left_out = total - len(hits)
    told = SearchWords(
        query=query,
        hits=tuple(_hit(hit, links) for hit in hits),
        near=tuple(_hit(hit, links) for hit in near),
        found=words.count(total, "entity", "entities"),
        left_out=_more(left_out),
        groups=(
            _group("claims", "claim", claims, links),
            _group("sources", "source", sources, links),
        ),
        more=more,
    )
    frame = Frame(links, title, query=query, snapshot=visit.snapshot)
    return content_page("search.html", frame, search=told, visit=visit)


def _more(left_out: int) -> str:
    return words.count(left_out, "more is", "more are") if left_out > 0 else ""


def _group(name: str, one: str, found: Records, links: Links) -> Group:
    say = _claim if one == "claim" else _source
    return Group(
        name,
        words.count(found.total, one),
        tuple(say(record, links) for record in found.items),
        _more(found.total - len(found.items)),
    )


def _claim(record: Record, links: Links) -> RecordWords:
    ref = Ref(record.label, links.claim_record(record.id), record.id)
    return RecordWords(ref, ONTOLOGY.predicates[record.type].label, None, _HOW[record.how])


def _source(record: Record, links: Links) -> RecordWords:
    ref = Ref(record.label, links.source(record.id), record.id, record.lang or "en")
    matched = None if record.matched == record.label else Ref(record.matched)
    kind = ONTOLOGY.source_kinds[record.type].label
    return RecordWords(ref, kind, matched, _HOW[record.how])


@dataclass(frozen=True, slots=True)
class Listed:
    """An entity of the list: `folded` is what the script looks into."""

    ref: Ref
    type_label: str
    others: tuple[Name, ...]
    folded: str


def list_page(entities: Iterable[Entity], *, links: Links) -> str:
    """Return the search page of a static site: every entity, which its script narrows."""
    ordered = sorted(entities, key=lambda e: (e.label.casefold(), e.id))
    listed = [_listed(entity, links) for entity in ordered]
    frame = Frame(links, TITLE, "Every entity by its name; type to filter the list.")
    return content_page("search_list.html", frame, listed=listed, visit=NO_VISIT)


def _listed(entity: Entity, links: Links) -> Listed:
    folded = "\n".join(fold(name.text) for name in entity.names)
    return Listed(_ref(entity, links), _type(entity), entity.names[1:], folded)


def _hit(hit: Match, links: Links) -> HitWords:
    entity, matched = hit.entity, hit.matched
    same = matched.text == entity.label
    return HitWords(
        ref=_ref(entity, links),
        type_label=_type(entity),
        description=entity.description or "",
        matched=None if same else Ref(matched.text, lang=matched.lang),
        how=_HOW[hit.how],
        ties=words.count(hit.ties, "connection"),
    )


def _ref(entity: Entity, links: Links) -> Ref:
    address = links.entity(entity.id)
    return Ref(entity.label, address, entity.id, entity.names[0].lang, entity.type)


def _type(entity: Entity) -> str:
    return ONTOLOGY.types[entity.type].label
