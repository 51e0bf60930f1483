"""Search results: entities with the name that matched; on a static site, a list to filter."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph.fold import folds
from graph.language import count, gettext, mark
from graph.model import Entity, Name
from graph.ontology import ONTOLOGY
from graph.tables import Column, Kind
from viz import words
from viz.frame import Frame
from viz.links import Links
from viz.metadata import NO_METADATA, PageMetadata
from viz.page import content_page
from viz.page_table import PageTable
from viz.view import SUPPLY_TYPES, Ref

TITLE = mark("Search")
#: The predicates that draw supply lines, `supplies` first.
_SUPPLY = tuple(
    name
    for name, predicate in ONTOLOGY.predicates.items()
    if any(tie.type in SUPPLY_TYPES for tie in predicate.ties)
)
#: How a name matched, in words, where a reader would wonder why it is listed.
_HOW = {"exact": "", "prefix": "", "folded": "", "close": mark("similar spelling")}


@dataclass(frozen=True, slots=True)
class EntityMatch:
    """An entity in the results: the name that matched, how it matched, and its number of ties."""

    entity: Entity
    matched: Name
    how: str
    ties: int


@dataclass(frozen=True, slots=True)
class RecordMatch:
    """A claim or a source in the results; `type` is its predicate or its kind.

    `matched` is the text that matched, in `lang` (None: our own words).
    """

    id: str
    label: str
    type: str
    matched: str
    lang: str | None
    how: str


@dataclass(frozen=True, slots=True)
class RecordMatches:
    """The best records of a kind, and how many there are in all."""

    items: Sequence[RecordMatch] = ()
    total: int = 0


@dataclass(frozen=True, slots=True)
class HitWords:
    """An entity in words; `matched` is None where it is the label itself."""

    ref: Ref
    type_label: str
    description: str
    matched: Ref | None
    how: str
    ties: str


@dataclass(frozen=True, slots=True)
class RecordWords:
    """A claim or a source in words; `matched` is None where it is the label itself."""

    ref: Ref
    kind: str
    matched: Ref | None
    how: str


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """Results of one kind: a title with their number, and how many are not shown."""

    id: str
    title: str
    items: tuple[RecordWords, ...]
    left_out: str


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The content of the page. `similar` are entities with similar names, where nothing matches."""

    query: str
    hits: tuple[HitWords, ...]
    similar: tuple[HitWords, ...]
    count: str
    left_out: str
    groups: tuple[RecordGroup, ...]
    more: str
    phrase: str


def search_page(
    query: str,
    hits: Sequence[EntityMatch],
    *,
    links: Links,
    total: int = 0,
    claims: RecordMatches = RecordMatches(),
    sources: RecordMatches = RecordMatches(),
    similar: Sequence[EntityMatch] = (),
    more: str = "",
    phrase: str = "",
    metadata: PageMetadata = NO_METADATA,
) -> str:
    """Return the page of the results; `more` is the address that shows all of them.

    `phrase` has the words that were looked for, where the whole `query` finds nothing.
    """
    title = gettext(TITLE)
    title = gettext("%(title)s: %(subject)s", title=title, subject=query) if query else title
    left_out = total - len(hits)
    results = SearchWords(
        query=query,
        hits=tuple(_hit(hit, links) for hit in hits),
        similar=tuple(_hit(hit, links) for hit in similar),
        count=count(total, "%(num)s entity found", "%(num)s entities found"),
        left_out=_more(left_out),
        groups=(
            _group("claims", claims, links),
            _group("sources", sources, links),
        ),
        more=more,
        phrase=phrase,
    )
    frame = Frame(links, title, query=query, snapshot=metadata.snapshot)
    return content_page("search.html", frame, search=results, metadata=metadata)


def search_table(
    hits: Iterable[EntityMatch],
    claims: RecordMatches,
    sources: RecordMatches,
    *,
    links: Links,
) -> PageTable:
    """Return the results as rows: entities, claims, sources."""
    rows: list[tuple[str | int | None, ...]] = [
        ("entity", h.entity.id, h.entity.type, h.entity.label, h.matched.text, h.how, h.ties)
        for h in hits
    ]
    for kind, matches in (("claim", claims), ("source", sources)):
        rows += [(kind, it.id, it.type, it.label, it.matched, it.how, None) for it in matches.items]
    columns: list[tuple[str, Kind]] = [
        ("kind", "text"),
        ("id", "text"),
        ("type", "text"),
        ("label", "text"),
        ("matched", "text"),
        ("how", "text"),
        ("connections", "integer"),
    ]
    return PageTable([Column(name, kind, "") for name, kind in columns], rows)


def _more(left_out: int) -> str:
    if left_out <= 0:
        return ""
    return count(left_out, "%(num)s more is not shown.", "%(num)s more are not shown.")


def _group(name: str, matches: RecordMatches, links: Links) -> RecordGroup:
    if name == "claims":
        describe, title = (
            _claim,
            count(matches.total, "%(num)s claim found", "%(num)s claims found"),
        )
    else:
        describe, title = (
            _source,
            count(matches.total, "%(num)s source found", "%(num)s sources found"),
        )
    # Who supplies whom is what this is about: of what is found, such claims come first.
    items = sorted(matches.items, key=lambda it: _rank(it.type))
    return RecordGroup(
        name,
        title,
        tuple(describe(record, links) for record in items),
        _more(matches.total - len(matches.items)),
    )


def _rank(kind: str) -> int:
    return _SUPPLY.index(kind) if kind in _SUPPLY else len(_SUPPLY)


def _claim(record: RecordMatch, links: Links) -> RecordWords:
    ref = Ref(record.label, links.claim_record(record.id), record.id)
    return RecordWords(ref, gettext(ONTOLOGY.predicates[record.type].label), None, _how(record.how))


def _source(record: RecordMatch, links: Links) -> RecordWords:
    title = words.title(record.label)
    ref = Ref(title, links.source(record.id), record.id, record.lang or "en")
    matched = None if record.matched == record.label else Ref(record.matched)
    kind = gettext(ONTOLOGY.source_kinds[record.type].label)
    return RecordWords(ref, kind, matched, _how(record.how))


@dataclass(frozen=True, slots=True)
class ListItem:
    """An entity of the list; the script searches in `folded`."""

    ref: Ref
    type_label: str
    others: tuple[Name, ...]
    folded: str


def list_page(entities: Iterable[Entity], *, links: Links) -> str:
    """Return the search page of a static site: every entity, in a list that its script filters."""
    ordered = sorted(entities, key=lambda e: (e.label.casefold(), e.id))
    items = [_list_item(entity, links) for entity in ordered]
    frame = Frame(
        links, gettext(TITLE), gettext("Every entity by its name; type to filter the list.")
    )
    return content_page("search_list.html", frame, items=items, metadata=NO_METADATA)


def _list_item(entity: Entity, links: Links) -> ListItem:
    folded = "\n".join(form for name in entity.names for form in folds(name.text))
    return ListItem(_ref(entity, links), _type(entity), entity.names[1:], folded)


def _hit(hit: EntityMatch, links: Links) -> HitWords:
    entity, matched = hit.entity, hit.matched
    same = matched.text == entity.label
    return HitWords(
        ref=_ref(entity, links),
        type_label=_type(entity),
        description=entity.description or "",
        matched=None if same else Ref(matched.text, lang=matched.lang),
        how=_how(hit.how),
        ties=words.connections(hit.ties),
    )


def _how(name: str) -> str:
    # The catalogue has its own head under the empty message.
    return gettext(_HOW[name]) if _HOW[name] else ""


def _ref(entity: Entity, links: Links) -> Ref:
    address = links.entity(entity.id)
    return Ref(entity.label, address, entity.id, entity.names[0].lang, entity.type)


def _type(entity: Entity) -> str:
    return gettext(ONTOLOGY.types[entity.type].label)
