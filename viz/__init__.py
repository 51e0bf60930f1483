"""The pages: models in, self-contained HTML out. Knows no store and no HTTP."""

from viz.links import Links
from viz.page import graph_page, message_page

__all__ = ["Links", "graph_page", "message_page"]
