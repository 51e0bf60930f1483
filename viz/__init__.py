"""The pages: models in, self-contained HTML out. Knows no store and no HTTP."""

from viz.frame import Frame
from viz.links import Links
from viz.metadata import PageMetadata
from viz.page import content_page, graph_page, message_page

__all__ = ["Frame", "Links", "PageMetadata", "content_page", "graph_page", "message_page"]
