"""The pages: models in, self-contained HTML out. Knows no store and no HTTP."""

from viz.frame import Frame
from viz.links import Links
from viz.page import content_page, graph_page, message_page
from viz.visit import Visit

__all__ = ["Frame", "Links", "Visit", "content_page", "graph_page", "message_page"]
