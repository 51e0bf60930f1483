"""How to cite what the graph says: as text, as BibTeX, and as CSL-JSON.

A document is cited as itself. A claim, a tie or a path is cited as a record of ours, at a permalink
that names the snapshot which it was seen in, together with the documents behind it: the day is that
of the snapshot, so the same question gives the same citation.

Fields and types: the biblatex manual, section 2 (BibTeX; UTF-8, for biber), and the CSL-JSON schema
1.0.2 of the Citation Style Language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.language import count, gettext
from graph.model import DatasetRecord, Source
from graph.ontology import ONTOLOGY
from graph.wording import day_in_words, in_words

#: What LaTeX reads as its own, and how it is written where it is meant.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
#: A date that CSL-JSON can hold in parts; others are given as they are written.
_PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?:-(\d{2}))?")
#: What biblatex reads as a date (its manual, section 2.3.8: EDTF of levels 0 and 1).
_BIBLATEX = re.compile(
    r"(?!/)(?!\.\.?$)(?:{0}|\.\.)?(?:/(?:{0}|\.\.)?)?".format(
        r"-?\d{2}(?:XX|\dX|\d\d(?:-XX(?:-XX)?|-\d\d(?:-XX|-\d\d)?)?)[~?%]?"
    )
)
_PROJECT = "Sightlines"


@dataclass(frozen=True, slots=True)
class Citation:
    """One record to be cited, three ways; `csl` is one item of CSL-JSON."""

    text: str
    bibtex: str
    csl: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Where a record was read: its permalink, the snapshot, the record's data sets, and the day."""

    permalink: str
    snapshot: str
    datasets: Sequence[DatasetRecord]
    on: date


def cite_source(source: Source) -> Citation:
    """Return the citation of a document, with what is known of it and nothing else."""
    kind = ONTOLOGY.source_kinds[source.kind]
    parts = [
        "; ".join(source.authors),
        source.title,
        source.publisher or "",
        in_words(source.published) if source.published else gettext("no date"),
        source.url or "",
    ]
    # An article without an address stands in what its publisher prints.
    printed = source.kind == "article" and source.publisher and not source.url
    fields = {
        "title": source.title,
        "journaltitle" if printed else "organization": source.publisher,
        "date": source.published,
        "langid": source.lang,
        "note": gettext(kind.label),
        "urldate": source.read_on.isoformat() if source.url and source.read_on else None,
    }
    csl = {
        "id": source.id,
        "type": kind.csl,
        "title": source.title,
        "author": [{"literal": author} for author in source.authors],
        "publisher": source.publisher,
        "issued": _csl_date(source.published) if source.published else None,
        "language": source.lang,
        "URL": source.url,
    }
    entry = "online" if source.url else "article" if printed else "misc"
    bibtex = _bibtex(entry, source.id, fields, source.authors, source.url)
    return Citation(_sentence(parts), bibtex, _stated(csl))


def cite_record(
    what: str, record_id: str, retrieval: Retrieval, sources: Iterable[Source]
) -> Citation:
    """Return the citation of a claim, a tie or a path, said in the words `what`.

    The documents behind it are named after it, in the order of their ids.
    """
    behind = sorted({source.id: source for source in sources}.items())
    based = " / ".join(cite_source(source).text.rstrip(".") for _, source in behind)
    snapshot = gettext("Snapshot %(id)s.", id=retrieval.snapshot)
    note = f"{cite_datasets(retrieval.datasets)} {snapshot}".lstrip()
    if based:
        note += " " + gettext("Based on: %(sources)s.", sources=based)
    day = day_in_words(retrieval.on)
    text = f"{_PROJECT}, “{what}”, {record_id}, {day}, {retrieval.permalink}. {note}"
    fields = {"title": what, "date": retrieval.on.isoformat(), "note": note}
    bibtex = _bibtex("online", f"sightlines-{record_id}", fields, [_PROJECT], retrieval.permalink)
    csl = {
        "id": f"sightlines:{record_id}",
        "type": "dataset",
        "title": what,
        "author": [{"literal": _PROJECT}],
        "issued": _csl_date(retrieval.on.isoformat()),
        "version": retrieval.snapshot,
        "note": note,
        "URL": retrieval.permalink,
    }
    return Citation(text, bibtex, csl)


def cite_datasets(datasets: Sequence[DatasetRecord]) -> str:
    """Return the titles of data sets, each with its author and its licence, as one sentence."""
    if not datasets:
        return ""
    texts = "; ".join(map(_dataset, datasets))
    if len(datasets) == 1:
        return gettext("Data set: %(title)s.", title=texts)
    return gettext("Data sets: %(titles)s.", titles=texts)


def credit_line(datasets: Sequence[DatasetRecord]) -> str:
    """Return the number of data sets by each author and under each licence, as one sentence.

    A single one is named.
    """
    if len(datasets) <= 1:
        return cite_datasets(datasets)
    numbers = Counter((dataset.author or "", dataset.licence or "") for dataset in datasets)
    texts = "; ".join(
        _by(count(number, "%(num)s data set", "%(num)s data sets"), author, licence)
        for (author, licence), number in numbers.items()
    )
    return f"{texts}."


def _dataset(dataset: DatasetRecord) -> str:
    return _by(dataset.label, dataset.author or "", dataset.licence or "")


def _by(text: str, author: str, licence: str) -> str:
    if author:
        text = gettext("%(title)s by %(author)s", title=text, author=author)
    return f"{text} ({licence})" if licence else text


def _sentence(parts: Iterable[str]) -> str:
    return ", ".join(part for part in parts if part) + "."


def _stated(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}


def _csl_date(edtf: str) -> dict[str, Any]:
    match = _PLAIN.fullmatch(edtf)
    if match is None:
        return {"raw": edtf}
    return {"date-parts": [[int(part) for part in match.groups() if part]]}


def _bibtex(
    entry: str,
    key: str,
    fields: Mapping[str, str | None],
    authors: Iterable[str],
    url: str | None,
) -> str:
    """Write one entry. Authors are bodies or names in their own order: kept whole by braces."""
    people = " and ".join(f"{{{author.translate(_LATEX)}}}" for author in authors)
    escaped = dict(_field(name, value) for name, value in fields.items() if value)
    lines = {"author": people, **escaped, "url": _url(url) if url else ""}
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in lines.items() if value)
    return f"@{entry}{{{_key(key)},\n{body}}}\n"


def _field(name: str, value: str) -> tuple[str, str]:
    """Return a field as biber reads it: a date without LaTeX, or else as a year in words."""
    if name != "date":
        return name, value.translate(_LATEX)
    return (name, value) if _BIBLATEX.fullmatch(value) else ("year", in_words(value))


def _key(record_id: str) -> str:
    """A key as BibTeX takes it: no space, comma or brace."""
    return re.sub(r"[^A-Za-z0-9:./+-]", "-", record_id)


def _url(url: str) -> str:
    """The field is read as it stands: only what would end it early is encoded."""
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")
