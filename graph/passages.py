"""The quoted passages of claims, where their sources' texts are held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from graph.dataset.files import RawRecord
from graph.errors import BadText
from graph.model import Claim, Source
from graph.text import Text, TextStore, locate, verify


def passages(
    claims: Iterable[Claim], sources: Mapping[str, Source], texts: TextStore | None
) -> dict[str, str]:
    """Return the passages of each claim, joined by ` … `, by the claim's id.

    A claim whose text is not in the store is omitted. Raises `BadText` when a text in the store no
    longer matches a locator: a changed text is never shown as a quotation.
    """
    texts_by_hash: dict[str, Text | None] = {}
    passages: dict[str, str] = {}
    for claim in claims:
        sha256 = sources[claim.source].text_sha256 if claim.source in sources else None
        if texts is None or sha256 is None or not claim.evidence:
            continue
        if sha256 not in texts_by_hash:
            texts_by_hash[sha256] = texts.get(sha256)
        text = texts_by_hash[sha256]
        if text is not None:
            passages[claim.id] = " … ".join(
                verify(text, e.paragraph, e.start, e.end, e.sha256) for e in claim.evidence
            )
    return passages


def citations(claims: Iterable[RawRecord], text: Text) -> Counter[int]:
    """Return on how many passages of claims each paragraph of their source's text is cited.

    The claims may be unfinished: words that no locator pins count where the text has them once.
    """
    paragraphs: Counter[int] = Counter()
    for raw in claims:
        evidence = raw.values().get("evidence", [])
        for locator in evidence if isinstance(evidence, list) else [evidence]:
            number = str(locator.get("paragraph")) if isinstance(locator, dict) else ""
            paragraphs.update([int(number)] if number.isdecimal() else [])
        for quotation in raw.quotations:
            try:
                places = locate(text, quotation.words)
            except BadText:
                continue
            paragraphs.update([p.paragraph for p in places[0]] if len(places) == 1 else [])
    return paragraphs
