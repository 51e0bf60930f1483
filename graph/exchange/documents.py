"""Documents as people have them: plain text, web pages, PDF and DOCX, to paragraphs.

Plain text needs nothing. The others are read by libraries of the extra `documents`: trafilatura,
which leaves out the menus of a page, pypdf and python-docx.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from zipfile import BadZipFile

from graph.errors import BadText, InputError
from graph.text import decode

#: A document of text is far smaller; what is larger is not read.
MAX_BYTES = 50_000_000
_HTML = re.compile(rb"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.I | re.S)
#: A line that ends so ends a paragraph of a PDF, which has lines and no paragraphs.
_SENTENCE_END = re.compile(r"[.!?:;…。！？؟][\"'”’»)\]]*$")


@dataclass(frozen=True, slots=True)
class Document:
    """A document as a line for each paragraph, and what it says of itself; empty where nothing."""

    text: str
    title: str = ""
    publisher: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    url: str = ""
    lang: str = ""


def read_document(data: bytes, name: str) -> Document:
    """Read a document by its first bytes, whatever its name ends in; `name` is for messages.

    Raises `BadText` for one that cannot be read, and `InputError` where the library is missing.
    """
    if len(data) > MAX_BYTES:
        raise BadText(
            f"{name} has {len(data):,} bytes, and documents are read up to {MAX_BYTES:,}."
        )
    if data.startswith(b"%PDF-"):
        document = _read_pdf(data, name)
    elif data.startswith(b"PK\x03\x04"):
        document = _read_docx(data, name)
    elif _HTML.match(data[:10_000]):
        document = _read_html(data, name)
    else:
        document = Document(decode(data, name))
    if not document.text.strip():
        raise BadText(f"{name} holds no text. A scan needs text recognition first.")
    return replace(document, title=" ".join(document.title.split()))


@contextmanager
def _library(name: str, *, of: str) -> Iterator[None]:
    try:
        yield
    except ImportError as error:
        raise InputError(
            f"{of} is read by {name}, which is not installed. It is in the extra `documents`, "
            "which `make documents` installs. Plain text needs nothing."
        ) from error


def _read_html(data: bytes, name: str) -> Document:
    with _library("trafilatura", of="HTML"):
        import trafilatura

    tree = trafilatura.load_html(data)
    page = None
    if tree is not None:
        lang = str(tree.get("lang") or "")
        page = trafilatura.bare_extraction(tree, with_metadata=True, include_comments=False)
    if page is None or isinstance(page, dict):
        raise BadText(f"{name} has no main text. Save the text of the page as a file.")
    return Document(
        text=page.text or "",
        title=page.title or "",
        publisher=page.sitename or page.hostname or "",
        authors=tuple(filter(None, (page.author or "").split("; "))),
        published=page.date or "",
        url=page.url or "",
        lang=lang[:2].lower() if re.match(r"[A-Za-z]{2}(-|$)", lang) else "",
    )


def _read_pdf(data: bytes, name: str) -> Document:
    with _library("pypdf", of="PDF"):
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        lines = [line for page in reader.pages for line in page.extract_text().splitlines()]
        about = reader.metadata
    except (PyPdfError, ValueError, KeyError, RecursionError) as error:
        raise BadText(f"{name} cannot be read as PDF: {error}.") from error
    author = (about.author if about else None) or ""
    title = (about.title if about else None) or ""
    return Document("\n".join(_paragraphs(lines)), title, authors=(author,) if author else ())


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Join the lines of a page: a paragraph ends at an empty line, or after a sentence."""
    paragraph = ""
    for line in map(str.strip, lines):
        # A hyphen at the end of a line may belong to the word, so it stays.
        joint = "" if not paragraph or paragraph.endswith("-") else " "
        if line:
            paragraph += joint + line
        if paragraph and (not line or _SENTENCE_END.search(line)):
            yield paragraph
            paragraph = ""
    if paragraph:
        yield paragraph


def _read_docx(data: bytes, name: str) -> Document:
    with _library("python-docx", of="DOCX"):
        import docx
        from docx.opc.exceptions import OpcError
        from docx.table import Table

    try:
        document = docx.Document(io.BytesIO(data))
    except (OpcError, BadZipFile, KeyError, ValueError) as error:
        raise BadText(f"{name} cannot be read as DOCX: {error}.") from error
    lines: list[str] = []
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            lines += (" ".join(cell.text for cell in row.cells) for row in item.rows)
        else:
            lines.append(item.text)
    about = document.core_properties
    return Document(
        "\n".join(" ".join(line.split()) for line in lines),
        about.title,
        authors=(about.author,) if about.author else (),
    )
