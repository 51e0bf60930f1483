"""Feeds of claims (Atom, RFC 4287), and the list of pages for search engines (sitemaps.org).

An entry is a claim: what was recorded last comes first, and what is withdrawn comes again, with its
reason. Its id is that of the claim, so that a reader sees each once, wherever the feed stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import md5
from uuid import UUID
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from graph.language import code, gettext, mark
from graph.model import Claim, Source
from graph.ontology import ONTOLOGY
from graph.wording import day_in_words, in_words, inferred_in_words
from viz import words
from viz.links import Links

_ATOM = "http://www.w3.org/2005/Atom"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
TITLE = mark("Sightlines: what was recorded last")
#: The most entries of a feed, and the most addresses that a sitemap may hold.
MOST_ENTRIES, MOST_PAGES = 50, 50_000


def feed(
    claims: Sequence[Claim],
    sources: Iterable[Source],
    *,
    links: Links,
    entity_id: str = "",
    name: str = "",
) -> str:
    """Return the feed of claims, the newest first: of all, or of those about one entity.

    Addresses are relative to the feed's own, unless `links` are absolute.
    """
    by_id = {source.id: source for source in sources}
    root = Element("feed", {"xmlns": _ATOM, "xml:lang": code()})
    _add(root, "title", f"Sightlines: {name}" if name else gettext(TITLE))
    _add(root, "id", _urn(md5(f"feed {entity_id}".encode(), usedforsecurity=False).hexdigest()))
    _add(root, "updated", _time(max((_changed(claim) for claim in claims), default=date.min)))
    _link(root, links.feed(entity_id), "self")
    _link(root, links.entity(entity_id) if entity_id else links.home, "alternate")
    # A source says what a claim says of it, and is not the author of our summary.
    _add(SubElement(root, "author"), "name", "Sightlines")
    for claim in claims:
        entry = SubElement(root, "entry")
        withdrawn = claim.retracted
        _add(
            entry,
            "title",
            gettext("Withdrawn: %(claim)s", claim=claim.summary) if withdrawn else claim.summary,
        )
        _add(entry, "id", _urn(claim.id))
        _add(entry, "published", _time(claim.recorded_on))
        _add(entry, "updated", _time(_changed(claim)))
        _link(entry, links.source(claim.source), "alternate")
        _add(entry, "summary", " ".join(_about(claim, by_id.get(claim.source))))
        SubElement(entry, "category", {"term": claim.predicate})
    return _document(root)


def sitemap(addresses: Iterable[str]) -> str:
    """Return the list of pages by their whole addresses, the first `MOST_PAGES` of them."""
    root = Element("urlset", {"xmlns": _SITEMAP})
    for _, address in zip(range(MOST_PAGES), addresses, strict=False):
        _add(SubElement(root, "url"), "loc", address)
    return _document(root)


def _about(claim: Claim, source: Source | None) -> Iterable[str]:
    """Yield sentences: how the source means it, when it was so, where it stands, and its notes."""
    manner = [gettext(ONTOLOGY.modalities[claim.modality].label)]
    if claim.polarity in words.MANNERS:
        manner.append(gettext(words.MANNERS[claim.polarity].label))
    manner.append(in_words(claim.when) if claim.when else gettext(words.NO_DATE))
    if sure := words.sureness(claim):
        manner.append(sure)
    if claim.inferred:
        manner.append(inferred_in_words(claim.inferred))
    yield f"{', '.join(manner).capitalize()}."
    if source is not None:
        text = ", ".join(filter(None, (source.title, source.publisher)))
        yield gettext("Source: %(source)s.", source=text)
    if claim.retracted:
        day = day_in_words(claim.retracted.on)
        yield gettext("Withdrawn on %(day)s: %(reason)s", day=day, reason=claim.retracted.reason)
    if claim.note:
        yield gettext("Note: %(note)s", note=claim.note)


def _changed(claim: Claim) -> date:
    return claim.retracted.on if claim.retracted else claim.recorded_on


def _time(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _urn(digits: str) -> str:
    return UUID(hex=digits).urn


def _add(parent: Element, name: str, text: str) -> None:
    # XML has no sign for most control characters.
    SubElement(parent, name).text = "".join(c for c in text if c >= " " or c in "\t\n")


def _link(parent: Element, href: str, rel: str) -> None:
    SubElement(parent, "link", {"rel": rel, "href": href})


def _document(root: Element) -> str:
    indent(root, "")
    return tostring(root, encoding="unicode", xml_declaration=False).join(
        ('<?xml version="1.0" encoding="utf-8"?>\n', "\n")
    )
