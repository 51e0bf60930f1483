"""The quoted passages of claims, where their sources' texts are held."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.model import Claim, Source
from graph.text import Text, TextStore, verify


def passages(
    claims: Iterable[Claim], sources: Mapping[str, Source], texts: TextStore | None
) -> dict[str, str]:
    """Return the passages of each claim, joined by ` … `, by the claim's id.

    A claim whose text is not held is not in it. Raises `BadText` when a text that is held no longer
    matches a locator: drift is never shown as a quotation.
    """
    held: dict[str, Text | None] = {}
    found: dict[str, str] = {}
    for claim in claims:
        sha256 = sources[claim.source].text_sha256 if claim.source in sources else None
        if texts is None or sha256 is None or not claim.evidence:
            continue
        if sha256 not in held:
            held[sha256] = texts.get(sha256)
        text = held[sha256]
        if text is not None:
            found[claim.id] = " … ".join(
                verify(text, e.paragraph, e.start, e.end, e.sha256) for e in claim.evidence
            )
    return found
