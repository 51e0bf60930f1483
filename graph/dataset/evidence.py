"""Whether the passages that claims cite stand where they say, in the texts that are at hand."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from graph.dataset.node import Problem
from graph.errors import BadText
from graph.model import Claim, Locator
from graph.text import Text, TextStore, digest, passage

#: Claims of one source mostly stand together; a text may have megabytes.
_HELD = 8


class EvidenceCheck:
    """Checks locators against a text store; a text that it does not hold is not asked for."""

    def __init__(self, texts: TextStore) -> None:
        self._texts = texts
        self._get = lru_cache(_HELD)(self._read)

    def _read(self, sha256: str) -> Text | str | None:
        """Return a text, None if it is not held, or what is wrong with the file in the store."""
        try:
            return self._texts.get(sha256)
        except BadText as error:
            return str(error)

    def problems(self, claim: Claim, text_sha256: str) -> Iterator[Problem]:
        """Yield each locator that does not fit the text of the claim's source."""
        text = self._get(text_sha256)
        if isinstance(text, str):
            yield Problem(("evidence",), "", "the text of the source cannot be used", text)
        elif text is not None:
            for number, locator in enumerate(claim.evidence):
                yield from _misfit(text, locator, number)


def _misfit(text: Text, locator: Locator, number: int) -> Iterator[Problem]:
    path = ("evidence", number)
    try:
        found = passage(text, locator.paragraph, locator.start, locator.end)
    except BadText as error:
        yield Problem(path, "", "the passage lies outside the text", str(error))
        return
    actual = digest(found)
    if actual != locator.sha256:
        message = "the passage has another hash: the text differs, or the place is wrong"
        yield Problem((*path, "sha256"), locator.sha256, message, f"There it is {actual}.")
