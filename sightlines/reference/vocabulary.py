"""The page of the words, written from graph/vocabulary.yaml."""

from __future__ import annotations

from graph.vocabulary import vocabulary


def vocabulary_page() -> str:
    """Return docs/vocabulary.md."""
    rows = "".join(f"| {word} | {meaning} |\n" for word, meaning in vocabulary().items())
    return (
        "# Vocabulary\n\nThe words that documentation, pages and answers use in a sense of their "
        "own. This page is made by `make docs`.\n\n| word | meaning |\n|---|---|\n" + rows
    )
