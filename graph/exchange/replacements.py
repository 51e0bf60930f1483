"""The claims that another one may replace: those of its own data set, by their ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graph.dataset.lookup import Entry, find, raw_records
from graph.exchange.claim_fields import as_items, ids_of
from graph.exchange.suggestions import MOST
from graph.model import Claim


@dataclass(frozen=True, slots=True)
class WholeClaim:
    """A claim of a file to which no field is missing, and the line where it begins."""

    path: Path
    line: int
    claim: Claim


def whole_claims(paths: Sequence[Path]) -> list[WholeClaim]:
    """Return the claims of files, in their order, without those that no model can be made of."""
    result = []
    for raw in raw_records(paths, claims=True):
        with suppress(ValidationError):
            claim = Claim.model_validate_json(raw.data)
            result.append(WholeClaim(raw.file.path, raw.line, claim))
    return result


def suggest_replaced(
    text: str, claim: Mapping[str, Any], among: Iterable[WholeClaim]
) -> list[WholeClaim]:
    """Return the claims whose summaries a text may mean.

    Without a text: those of the same source that have most in common with `claim`, the fields of
    the one that replaces them, and then those of other sources.
    """
    whole = {one.claim.id: one for one in among}
    if text.strip():
        entries = [
            Entry("claim", i, one.claim.predicate, one.claim.summary, (one.claim.summary,), "")
            for i, one in whole.items()
        ]
        return [whole[entry.id] for _, entry in find(text, entries, MOST)]
    ids = {*ids_of(claim)}
    evidence = as_items(claim.get("evidence"))

    def likeness(one: WholeClaim) -> tuple[bool, int, int, bool]:
        passages = [locator.model_dump() for locator in one.claim.evidence]
        return (
            one.claim.source == claim.get("source"),
            sum(passage in evidence for passage in passages),
            len(ids.intersection(i for its in one.claim.roles.values() for i in its)),
            one.claim.predicate == claim.get("predicate"),
        )

    return sorted(whole.values(), key=likeness, reverse=True)[:MOST]
