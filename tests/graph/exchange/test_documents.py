"""Documents to paragraphs: invented ones, made here in each format."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import pytest

from graph.errors import BadText, InputError
from graph.exchange.documents import Document, read_document

PARAGRAPHS = (
    "The ministry bought at least 40 cameras from a firm in 2021, says a study by “Open Lanes”.",
    "Larkspur says that it sold none. Ada Moss and other experts think it likely that more will be "
    "bought, and that the city will use them along the river and at the harbour as well.",
)
HTML = f"""<!DOCTYPE html>
<html lang="en-GB"><head><title>Cameras for the north - The Gazette</title>
<meta property="og:title" content="Cameras for the north">
<meta property="og:site_name" content="The Gazette"><meta name="author" content="Ada Moss">
<meta property="article:published_time" content="2022-02-01T10:00:00Z">
<link rel="canonical" href="https://gazette.example/cameras"></head>
<body><nav><a href="/">Home</a> <a href="/about">About the paper</a></nav>
<article>{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}</article>
<footer>All rights reserved, and so on</footer></body></html>
"""


def _pdf(lines: Sequence[str]) -> bytes:
    """A page with these lines, as small as the format allows (ISO 32000-1, annex H)."""
    operators = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {operators} ET"
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        "/Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Title (Cameras for the north) /Author (Ada Moss) >>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(bodies) + 1
    return (
        data
        + (
            f"xref\n0 {size}\n0000000000 65535 f \n{table}"
            f"trailer\n<< /Size {size} /Root 1 0 R /Info 6 0 R >>\nstartxref\n{len(data)}\n%%EOF\n"
        ).encode()
    )


def test_plain_text_is_itself() -> None:
    """Whatever the file is called; with or without a byte order mark."""
    text = "\n".join(PARAGRAPHS)
    assert read_document(("\ufeff" + text).encode(), "a.html") == Document(text)


def test_a_web_page_is_its_article() -> None:
    """Without menus and footers, and with what the page says of itself."""
    pytest.importorskip("trafilatura")
    page = read_document(HTML.encode(), "a")
    assert tuple(page.text.splitlines()) == PARAGRAPHS
    assert page == Document(
        page.text,
        "Cameras for the north",
        "The Gazette",
        ("Ada Moss",),
        "2022-02-01",
        "https://gazette.example/cameras",
        "en",
    )


def test_lines_of_a_pdf_become_paragraphs() -> None:
    """A line goes on in the next one unless a sentence ends with it."""
    pytest.importorskip("pypdf")
    lines = ["The ministry bought at least 40 cameras", "from a state-", "owned firm.", "No more."]
    document = read_document(_pdf(lines), "a.pdf")
    assert document.text.splitlines() == [
        "The ministry bought at least 40 cameras from a state-owned firm.",
        "No more.",
    ]
    assert (document.title, document.authors) == ("Cameras for the north", ("Ada Moss",))


def test_paragraphs_and_tables_of_docx() -> None:
    """In their order; a row of a table is a line."""
    docx = pytest.importorskip("docx")
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "Cameras", "Ada Moss"
    document.add_paragraph(PARAGRAPHS[0])
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Larkspur", "40\ncameras"
    document.add_paragraph(PARAGRAPHS[1])
    stream = io.BytesIO()
    document.save(stream)
    read = read_document(stream.getvalue(), "a.docx")
    lines = [line for line in read.text.splitlines() if line]
    assert lines == [PARAGRAPHS[0], "Larkspur 40 cameras", PARAGRAPHS[1]]
    assert (read.title, read.authors) == ("Cameras", ("Ada Moss",))


@pytest.mark.parametrize(
    ("data", "library", "message"),
    [
        (b" \n", None, "a holds no text"),
        (b"caf\xe9", None, "a is not UTF-8: byte 0xe9 at offset 3"),
        (b"%PDF-1.4\nnothing", "pypdf", "a cannot be read as PDF"),
        (_pdf([]), "pypdf", "A scan needs text recognition first"),
        (b"PK\x03\x04nothing", "docx", "a cannot be read as DOCX"),
        (b"<!doctype html><html><body></body></html>", "trafilatura", "a has no main text"),
    ],
)
def test_what_cannot_be_read(data: bytes, library: str | None, message: str) -> None:
    """It is said in a sentence, with the name of the file."""
    if library:
        pytest.importorskip(library)
    with pytest.raises(BadText, match=message):
        read_document(data, "a")


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the commands that install it."""
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(InputError, match=r"read by pypdf, .* `make documents`"):
        read_document(_pdf(["One."]), "a.pdf")
