"""graph/passages.py: quoting what claims cite, where the text is held."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.errors import BadText
from graph.model import Claim, Source
from graph.passages import passages
from graph.text import Text, TextStore, locate
from tests.strategies import make_claim, make_source

TEXT = Text(("Alpha sold cameras to Beta.", "Beta denies it."))


def source(**fields: Any) -> Source:
    """A source of the text."""
    return make_source(text_sha256=TEXT.sha256, **fields)


def claim(*needles: str, **fields: Any) -> Claim:
    """A claim that cites passages of the text."""
    return make_claim(evidence=[locate(TEXT, n)[0][0]._asdict() for n in needles], **fields)


@pytest.fixture
def texts(tmp_path: Path) -> TextStore:
    """A text store that holds the text."""
    store = TextStore(tmp_path / "texts")
    store.add(TEXT)
    return store


def test_the_passages_of_a_claim_are_joined(texts: TextStore) -> None:
    """Each passage is quoted as it stands, in the order of the claim's evidence."""
    record = claim("sold cameras", "denies it")
    assert passages([record], {"source-1": source()}, texts) == {
        record.id: "sold cameras … denies it",
    }


def test_what_is_not_held_is_left_out(texts: TextStore) -> None:
    """No store, no text, no hash, no evidence or no source: no quotation, and no error."""
    record = claim("sold cameras")
    documents = {"source-1": source()}
    assert passages([record], documents, None) == {}
    assert passages([record], {"source-1": make_source(text_sha256="0" * 64)}, texts) == {}
    assert passages([record], {"source-1": make_source()}, texts) == {}
    assert passages([make_claim()], documents, texts) == {}
    assert passages([record], {}, texts) == {}


def test_drift_is_never_quoted(texts: TextStore) -> None:
    """A passage whose hash differs from the locator's is an error."""
    drifted = claim("sold cameras").evidence[0].model_copy(update={"sha256": "0" * 64})
    with pytest.raises(BadText, match="the text differs"):
        passages([make_claim(evidence=[drifted])], {"source-1": source()}, texts)
