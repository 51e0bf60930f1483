"""graph/citation.py: citations that reference managers and LaTeX take as they are."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.citation import Retrieval, cite_record, cite_source, credit_line
from graph.model.dataset import DatasetRecord
from graph.ontology import ONTOLOGY
from tests.strategies import make_source

RETRIEVAL = Retrieval(
    "http://127.0.0.1:8000/v1/ties/a/SUPPLIES/b?seen_in=0f",
    "0f",
    [DatasetRecord(id="tests")],
    date(2026, 1, 2),
)
STUDY = make_source(
    kind="study",
    title="Cameras & control: 100%",
    authors=["Human Rights Watch", "Jane Roe"],
    publisher="A_B",
    published="2021-11",
    url="https://example.org/a_b?c=%20",
)


def test_data_sets_are_credited_by_author_and_licence() -> None:
    """A single one is named; of several there is a number for each author and licence."""
    one, two = (DatasetRecord(id=i, title=i, author="A", licence="CC0") for i in ("x", "y"))
    other = DatasetRecord(id="z", title="Z")
    assert credit_line([]) == ""
    assert credit_line([one]) == "Data set: x by A (CC0)."
    assert credit_line([one, other, two]) == "2 data sets by A (CC0); 1 data set."


def test_a_document_is_cited_as_itself() -> None:
    """Authors, title, publisher, date and address, and nothing that is not known."""
    citation = cite_source(STUDY)
    assert citation.text == (
        "Human Rights Watch; Jane Roe, Cameras & control: 100%, A_B, November 2021, "
        "https://example.org/a_b?c=%20."
    )
    assert citation.bibtex == (
        "@online{source-1,\n"
        "  author = {{Human Rights Watch} and {Jane Roe}},\n"
        "  title = {Cameras \\& control: 100\\%},\n"
        "  organization = {A\\_B},\n"
        "  date = {2021-11},\n"
        "  langid = {en},\n"
        "  note = {study},\n"
        "  urldate = {2024-03-31},\n"
        "  url = {https://example.org/a_b?c=%20},\n"
        "}\n"
    )
    assert citation.csl["type"] == "report" and citation.csl["issued"] == {
        "date-parts": [[2021, 11]]
    }
    bare = cite_source(make_source(published=None, publisher=None))
    assert "no date" in bare.text and not bare.csl.keys() & {"issued", "publisher", "URL", "author"}


@pytest.mark.parametrize(
    "edtf", ["2022", "2022~", "2022-03?", "2022%", "202X", "2022-XX", "2022-03/..", "../2022-03-01"]
)
def test_a_date_that_biblatex_reads_is_given_as_it_is(edtf: str) -> None:
    """Its qualifiers are no LaTeX."""
    assert f"  date = {{{edtf}}},\n" in cite_source(make_source(published=edtf)).bibtex


@pytest.mark.parametrize("edtf", ["[2021, 2022]", "2022-~03", "?2022-03-01"])
def test_a_date_that_biblatex_does_not_read_is_a_year_in_words(edtf: str) -> None:
    """It knows the levels 0 and 1 of EDTF."""
    bibtex = cite_source(make_source(published=edtf)).bibtex
    assert "  date = " not in bibtex and "  year = {" in bibtex


def test_a_record_is_cited_with_its_snapshot_and_its_documents() -> None:
    """The permalink, the snapshot and its day, and each document once."""
    citation = cite_record("A supplied B", "a/SUPPLIES/b", RETRIEVAL, [STUDY, STUDY])
    assert RETRIEVAL.permalink in citation.text and "2 January 2026" in citation.text
    assert citation.text.count("Human Rights Watch") == 1
    assert citation.bibtex.startswith("@online{sightlines-a/SUPPLIES/b,\n")
    assert citation.csl["version"] == "0f" and citation.csl["URL"] == RETRIEVAL.permalink


@pytest.mark.parametrize("edtf", ["2021~", "2010/2012", "XXXX-09"])
def test_an_uncertain_date_is_not_made_certain(edtf: str) -> None:
    """What CSL-JSON cannot hold in parts is given as it is written."""
    assert cite_source(make_source(published=edtf)).csl["issued"] == {"raw": edtf}


def test_an_article_stands_in_what_its_publisher_prints() -> None:
    """Without an address it is `@article`; with one, the day on which it was read is told."""
    printed = cite_source(make_source(kind="article", publisher="The Gazette", url=None)).bibtex
    assert printed.startswith("@article{") and "journaltitle = {The Gazette}" in printed
    read = make_source(url="https://example.org/", read_on=date(2026, 1, 2))
    assert "urldate = {2026-01-02}" in cite_source(read).bibtex


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=40))
def test_no_text_escapes_its_field(text: str) -> None:
    """Whatever a title holds: braces are balanced, and no sign is left that LaTeX would run."""
    bibtex = cite_record(text, "x", RETRIEVAL, []).bibtex
    title = next(line for line in bibtex.splitlines() if line.startswith("  title = "))
    bare = re.sub(r"\\text\w+\{\}|\\.", "", title.removeprefix("  title = {").removesuffix("},"))
    assert not re.search(r"[\\{}&%$#_~^]", bare)


def test_every_kind_of_source_has_a_type_of_csl() -> None:
    """From the CSL 1.0.2 list of types."""
    types = {"article", "report", "personal_communication", "document", "legal_case", "dataset"}
    assert {kind.csl for kind in ONTOLOGY.source_kinds.values()} <= types
