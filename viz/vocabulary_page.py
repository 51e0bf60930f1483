"""The page of the words that pages and answers use."""

from __future__ import annotations

from graph.language import gettext
from graph.vocabulary import vocabulary
from viz.frame import Frame
from viz.links import Links
from viz.page import content_page


def vocabulary_page(*, links: Links) -> str:
    """Return the page."""
    title = gettext("Vocabulary")
    lead = gettext("The words that these pages and the API use in a sense of their own.")
    return content_page("vocabulary.html", Frame(links, title, lead), words=vocabulary())
