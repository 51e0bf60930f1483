"""The page of the words."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.routes.pages.shell import page_links
from viz.vocabulary_page import vocabulary_page

router = APIRouter()


@router.get("/vocabulary")
def vocabulary() -> HTMLResponse:
    """The words that pages and answers use in a sense of their own."""
    return HTMLResponse(vocabulary_page(links=page_links()))
