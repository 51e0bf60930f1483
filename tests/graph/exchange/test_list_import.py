"""Lists and graphs to data sets: an invented register in each format, and the shipped mappings."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import Workbook

from graph.dataset import Dataset, check, read
from graph.errors import DatasetFaults, InputError
from graph.exchange.import_log import FAULTY_ROWS, Choices, ImportResult
from graph.exchange.list_import import import_list, inputs_of
from graph.exchange.list_rows import id_of
from graph.exchange.mapping import ListMapping, parse_mapping, read_mapping, shipped
from graph.text import TextStore, verify

SHARED = Path(__file__).parents[4] / "shared/data"

#: A register of an invented office: what a list can have is in it once.
MAPPING = r"""
title: A register of an invented office
dataset: {id: register, title: A register, author: an office, licence: none}
source: {id: register, kind: official_list, title: Register, publisher: office, lang: en}
languages: {Latn: en, Arab: fa}
entities:
  - {id: office, type: PublicBody, names: The Office}
lookups:
  kinds: {firm: Company, body: PublicBody, human: Person}
  countries: {Belmora: "", Norge: "NO"}
tables:
  - name: rows
    empty: [-0-]
    leave_out: {natural persons: {kind: human}}
    ignore: [remark]
    entities:
      - id: firm-{key}
        type: {text: "{kind}", lookup: kinds}
        names:
          - {text: "{name}", kind: official}
          - {text: {text: "{aliases}", split: ";"}, kind: alias}
        country: {text: "{country}", lookup: countries}
        identifiers: [{scheme: Register, value: "{key}"}]
      - each: {programme: {text: "{programmes}", find: '\[([^\]]+)\]'}}
        id: programme-{programme}
        type: Programme
        names: Programme {programme}
    claims:
      - predicate: designates
        each: {programme: {text: "{programmes}", find: '\[([^\]]+)\]'}}
        roles: {authority: office, subject: "firm-{key}", programme: "programme-{programme}"}
        when:
          start: {text: "{listed}", dates: ["%d %b %Y", "%Y"]}
          end: {text: "{ended}", dates: ["%d %b %Y", "%Y"]}
        summary: "The office lists {name}."
      - predicate: affiliated_with
        each: {other: {text: "{remarks}", find: 'Linked to: ([^;]+)'}}
        roles: {member: "firm-{key}", body: {text: "{other}", by: name}}
        summary: "The office has {name} as linked to {other}."
"""
COLUMNS = ("key", "name", "kind", "aliases", "country", "programmes", "listed", "ended", "remarks")
ROWS = [
    ("1", "Lantern", "firm", "Lantern AS; فانوس", "Norge", "[A] [B]", "02 Mar 2010", "", "x"),
    ("2", "Harbour", "firm", "-0-", "France", "[A]", "2011", "05 Apr 2012", "Linked to: Lantern"),
    ("3", "Ada", "human", "", "France", "[A]", "2011", "", ""),
    ("4", "Border  Guard", "body", "", "Belmora", "[B]", "2013", "", "Linked to: Ada"),
]
DAY = date(2026, 11, 30)
#: What tells two ownerships of FollowTheMoney apart, beside who and what.
PERIOD = ("startDate", "endDate", "percentage")


def write_csv(folder: Path, rows: list[tuple[str, ...]] = ROWS, name: str = "list.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        delimiter = "\t" if name.endswith(".tsv") else ","
        csv.writer(file, delimiter=delimiter).writerows([COLUMNS, *rows])
    return path


def write_xlsx(folder: Path) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (COLUMNS, *ROWS):
        # Numbers as a spreadsheet has them.
        sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    book.save(folder / "list.xlsx")
    return folder / "list.xlsx"


def write_records(folder: Path, name: str) -> Path:
    records = [dict(zip(COLUMNS, row, strict=True)) for row in ROWS]
    path = folder / name
    if name.endswith(".json"):
        path.write_text(json.dumps({"data": {"rows": records}}), encoding="utf-8")
    elif name.endswith(".jsonl"):
        path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    else:
        root = ElementTree.Element("list")
        holder = ElementTree.SubElement(ElementTree.SubElement(root, "data"), "rows")
        for record in records:
            item = ElementTree.SubElement(holder, "row")
            for key, value in record.items():
                ElementTree.SubElement(item, key).text = value
        ElementTree.ElementTree(root).write(path, encoding="unicode")
    return path


@pytest.fixture
def take(tmp_path: Path) -> Callable[..., ImportResult]:
    """Take files in, into `out` beside them; the texts are in `texts`."""

    def run(mapping: ListMapping, *files: object, to: str = "out", **choices: Any) -> ImportResult:
        choices = {"on": DAY, "by": "test", **choices}
        inputs = inputs_of(mapping, [*map(str, files)])
        return import_list(
            mapping, inputs, tmp_path / to, Choices(**choices), TextStore(tmp_path / "texts")
        )

    return run


def facts(data: Dataset) -> Any:
    """What a data set says, without its source and where that says it."""
    entities = {
        e.id: (e.type, e.country, [(n.text, n.lang, n.kind) for n in e.names])
        for e in data.entities.values()
    }
    claims = sorted((c.predicate, str(c.roles), c.when or "") for c in data.claims)
    return entities, claims


def test_every_format_says_the_same(tmp_path: Path, take: Callable[..., ImportResult]) -> None:
    expected = None
    for path, records in (
        (write_csv(tmp_path), ""),
        (write_csv(tmp_path, name="list.tsv"), ""),
        (write_xlsx(tmp_path), ""),
        (write_records(tmp_path, "list.json"), "data.rows"),
        (write_records(tmp_path, "list.jsonl"), ""),
        (write_records(tmp_path, "list.xml"), "data.rows.row"),
    ):
        text = MAPPING.replace("  - name: rows\n", f'  - name: rows\n    records: "{records}"\n')
        text = text.replace("ignore: [remark]", "ignore: [id]")
        out = f"out-{path.suffix[1:]}"
        result = take(parse_mapping(text, "mapping"), path, to=out, published="2026-11")
        assert result.rows == {"rows": 4}
        assert result.left_out == {"natural persons": 1}
        assert result.dropped == {"claims that name what was left out": 1}
        report = check([tmp_path / out], texts=TextStore(tmp_path / "texts"))
        assert report.ok, report.faults
        data = read([tmp_path / out])
        expected = expected or facts(data)
        assert facts(data) == expected
        (source,) = data.sources.values()
        assert source.id == "register-2026-11" and source.file_sha256
        stored = TextStore(tmp_path / "texts").get(str(source.text_sha256))
        assert stored is not None and "Ada" not in stored.normal_form.replace("Linked to: Ada", "")
        for claim in data.claims:
            passages = [verify(stored, *place.model_dump().values()) for place in claim.evidence]
            assert any("name: " in passage for passage in passages), passages
    assert expected is not None
    entities, claims = expected
    assert entities["firm-1"] == (
        "Company",
        "NO",
        [("Lantern", "en", "official"), ("Lantern AS", "en", "alias"), ("فانوس", "fa", "alias")],
    )
    assert entities["firm-4"] == ("PublicBody", None, [("Border Guard", "en", "official")])
    assert [when for name, _, when in claims if name == "designates"] == [
        "2010-03-02/..", "2010-03-02/..", "2011/2012-04-05", "2013/..",
    ]  # fmt: skip
    assert "firm-3" not in entities


def test_rows_of_a_text_are_the_rows_of_the_file(
    tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    path = write_csv(tmp_path)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:2], "", *lines[2:]]) + "\n\x1a", encoding="utf-8")
    take(parse_mapping(MAPPING, "mapping"), path)
    (source,) = read([tmp_path / "out"]).sources.values()
    text = TextStore(tmp_path / "texts").get(str(source.text_sha256))
    assert text is not None
    assert [p.split(" | ")[0] for p in text.paragraphs] == ["1", "2", "3", "4", "5", "6"]
    assert text.paragraphs[4] == "5 | natural persons"


def test_a_new_edition_changes_only_what_changed(
    tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    mapping = parse_mapping(MAPPING, "mapping")
    out = tmp_path / "out"
    take(mapping, write_csv(tmp_path), published="2026-01-01")
    first = {path.name: path.read_bytes() for path in out.iterdir()}
    again = take(mapping, write_csv(tmp_path), published="2026-01-01", on=date(2026, 12, 1))
    assert again.written == ["sources.jsonl"]  # read again on another day
    assert again.changes["claims", "unchanged"] == 5
    changed = (
        "2",
        "Harbour",
        "firm",
        "",
        "France",
        "[A]",
        "2011",
        "06 Jun 2013",
        "Linked to: Lantern",
    )
    rows = [(*ROWS[0][:5], "[A]", *ROWS[0][6:]), changed, *ROWS[2:]]
    second = take(mapping, write_csv(tmp_path, rows), published="2026-06-01")
    assert second.changes["claims", "unchanged"] == 3
    assert second.changes["claims", "changed"] == second.changes["claims", "ended"] == 1
    lines = (out / "claims.jsonl").read_bytes()
    assert lines.startswith(first["claims.jsonl"])
    data = read([out])
    superseded = {claim.supersedes for claim in data.claims}
    live = [c for c in data.claims if c.predicate == "designates" and c.id not in superseded]
    assert sorted(str(claim.when) for claim in live) == [
        "2010-03-02/..", "2010-03-02/2026-06-01", "2011/2013-06-06", "2013/..",
    ]  # fmt: skip
    (ended,) = [claim for claim in live if claim.when == "2010-03-02/2026-06-01"]
    assert ended.inferred == ("when",) and ended.source == "register-2026-06-01"
    assert data.sources["register-2026-06-01"].edition_of == "register-2026-01-01"
    # The same edition once more, now with a row that is faulty: nothing ends for that reason.
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    take(mapping, write_csv(tmp_path, rows), published="2026-06-01")
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    faulty = [*rows[:1], ("2", "Harbour", "club", *rows[1][3:]), *rows[2:]]
    result = take(mapping, write_csv(tmp_path, faulty), published="2026-07-01", skip_faulty=True)
    assert result.faulty_rows == 1 and ("claims", "ended") not in result.changes
    (row,) = map(json.loads, (out / FAULTY_ROWS).read_text(encoding="utf-8").splitlines())
    assert row["row"] == 3 and "'club' is not in the look-up table 'kinds'" in row["faults"][0]
    assert check([out]).ok
    with pytest.raises(InputError, match="has a later edition already"):
        take(mapping, write_csv(tmp_path), published="2026-02-01")


FAULTS: list[tuple[int, str, str]] = [
    (2, "club", "row 3, kind: 'club' is not in the look-up table 'kinds'."),
    (4, "Atlantis", "row 3, country: 'Atlantis' is not in the look-up table 'countries'."),
    (6, "02/03/2010", "row 3, listed: '02/03/2010' is not a date of the form %d %b %Y or %Y."),
    (8, "Linked to: Nobody", "row 3: no single entity has the name 'Nobody'."),
    (1, "", "row 3, key: the entity has no name."),
    (1, "a\u202eb", "row 3, names.1.text: the text has U+202E"),
    (0, "1.", "row 3: 'firm-1.' has the id of 'firm-1': 'firm-1'. Make the id of more columns."),
    (7, "31 Feb 2012", "'31 Feb 2012' is not a date"),
]


def test_faults_name_row_column_and_value(
    tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    mapping = parse_mapping(MAPPING, "mapping")
    for column, value, message in FAULTS:
        row = (*ROWS[1][:column], value, *ROWS[1][column + 1 :])
        rows = [ROWS[0], row, *ROWS[2:]]
        path = write_csv(tmp_path, rows)
        with pytest.raises(DatasetFaults) as error:
            take(mapping, path)
        assert any(message in str(fault) for fault in error.value.faults), (
            message,
            list(map(str, error.value.faults)),
        )
    assert not (tmp_path / "out").exists()
    path = write_csv(tmp_path, [ROWS[0], ("2", "Harbour"), *ROWS[2:]])
    path.write_bytes(path.read_bytes().replace(b"Border", b"B\xffrder"))
    with pytest.raises(DatasetFaults) as error:
        take(mapping, path)
    assert [str(fault).removeprefix(f"{path}: ") for fault in error.value.faults] == [
        "row 3: the row has 2 cells, and there are 9 columns.",
        "row 5: the byte 0xff is not utf-8.",
    ]


def test_columns_are_used_ignored_or_reported(
    tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    path = write_csv(tmp_path)
    text = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{text[0]},more", *(f"{t},y" for t in text[1:])]), encoding="utf-8")
    result = take(parse_mapping(MAPPING, "mapping"), path, dry_run=True)
    assert result.unused == {"rows: more": 3}
    assert len(result.samples) <= 10 and {"entity", "claim"} == {
        k for s in result.samples for k in s
    }
    assert not (tmp_path / "out").exists() and not list(tmp_path.glob("texts/*.txt"))
    some = take(parse_mapping(MAPPING, "mapping"), path, dry_run=True, only={"key": ("1", "2")})
    assert some.left_out == {"rows that were not asked for": 2}
    assert some.claims == {"designates": 3, "affiliated_with": 1}
    lacking = MAPPING.replace("{country}", "{state}")
    with pytest.raises(InputError, match=r"has no column 'state'"):
        take(parse_mapping(lacking, "mapping"), path)
    with pytest.raises(InputError, match=r"The table 'rows' has no file"):
        inputs_of(parse_mapping(MAPPING, "mapping"), [])


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("predicate: designates", "predicate: designate", "unknown predicate 'designate'"),
        ("authority: office", "autority: office", "'designates' has no role 'autority'"),
        ("lookup: kinds", "lookup: kind", "there is no look-up table 'kind'"),
        ('summary: "The office l', 'sumary: "The office l', "unknown field 'sumary'"),
        ("find: '\\[", "find: '[\\[", "not a regular expression"),
        ("type: Programme", "type: Program", ""),
    ],
)
def test_faults_of_a_mapping(before: str, after: str, message: str) -> None:
    text = MAPPING.replace(before, after, 1)
    if not message:
        parse_mapping(text, "mapping")  # a type may be a template: rows tell
        return
    with pytest.raises(DatasetFaults) as error:
        parse_mapping(text, "mapping.yaml")
    assert any(message in str(fault) for fault in error.value.faults), error.value.faults
    assert all(fault.line for fault in error.value.faults)


def test_ids_are_slugs_and_stay_apart() -> None:
    assert id_of("ofac-36") == "ofac-36"
    assert id_of("Lantern A/S") == "lantern-a-s"
    persian, chinese = id_of("x فانوس"), id_of("海康威视")
    assert persian.startswith("x-") and len({persian, chinese, id_of("x فانو")}) == 3
    assert len(id_of("a" * 500)) <= 120


def lines(path: Path, encoding: str = "latin-1") -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="") as file:
        yield from (row for row in csv.reader(file) if len(row) > 1)


def real(name: str) -> Path:
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"Left out: the counts of {name}, which is not in {SHARED}.")
    return path


@pytest.mark.long
def test_ofac_has_the_rows_of_its_files(tmp_path: Path, take: Callable[..., ImportResult]) -> None:
    names = ("sdn", "cons_prim", "add", "cons_add", "alt", "cons_alt")
    paths = {name: real(f"ofac_watchman/{name}.csv") for name in names}
    rows = {name: list(lines(path)) for name, path in paths.items()}
    result = take(read_mapping("ofac"), *paths.values(), published="2021-06")
    primary = rows["sdn"] + rows["cons_prim"]
    bodies = [row for row in primary if row[2].strip() == "-0-"]
    numbers = {row[0] for row in bodies}
    kinds = Counter(row[2].strip() for row in primary)
    assert result.rows == {
        "primary": len(primary),
        "addresses": len(rows["add"] + rows["cons_add"]),
        "aliases": len(rows["alt"] + rows["cons_alt"]),
    }
    assert result.left_out == {
        "natural persons": kinds["individual"],
        "vessels": kinds["vessel"],
        "aircraft": kinds["aircraft"],
    }
    programmes = {
        (name, row[0], programme.strip("[] "))
        for name in ("sdn", "cons_prim")
        for row in rows[name]
        if row[2].strip() == "-0-"
        for programme in row[3].split("] [")
    }
    assert result.claims["designates"] == len(programmes)
    data = read([tmp_path / "out"])
    assert {e.id for e in data.entities.values() if e.identifiers} == {f"ofac-{n}" for n in numbers}
    assert not [e for e in data.entities.values() if e.type == "Person"]
    aliases = {
        (r[0], " ".join(r[3].split())) for r in rows["alt"] + rows["cons_alt"] if r[0] in numbers
    }
    texts = {(i.removeprefix("ofac-"), n.text) for i, e in data.entities.items() for n in e.names}
    assert aliases <= texts
    addresses = {
        (name, r[0], *(c.strip() for c in r[2:5]))
        for name in ("add", "cons_add")
        for r in rows[name]
        if r[0] in numbers and any(c.strip() != "-0-" for c in r[2:5])
    }
    assert result.claims["has_attribute"] == len(addresses)
    (hikvision,) = [e for e in data.entities.values() if e.label.startswith("HANGZHOU HIKVISION")]
    (listing,) = [c for c in data.claims if c.roles.get("subject") == (hikvision.id,) and c.when]
    assert (listing.predicate, listing.when) == ("designates", "2021-06-03/..")


@pytest.mark.long
def test_misp_has_the_clusters_of_its_files(take: Callable[..., ImportResult]) -> None:
    names = ("surveillance-vendor", "producer", "stalkerware")
    paths = [real(f"misp_galaxy/{name}.json") for name in names]
    values = {p.stem: json.loads(p.read_bytes())["values"] for p in paths}
    result = take(read_mapping("misp-galaxy"), *paths)
    assert result.rows == {name: len(items) for name, items in values.items()}
    assert result.claims["sells"] == len(values["surveillance-vendor"])
    makers = [*values["surveillance-vendor"], *values["producer"]]
    products: set[tuple[str, str]] = set()
    for item in makers:
        of_maker = item.get("meta", {}).get("products", [])
        names_of = [of_maker] if isinstance(of_maker, str) else of_maker
        products |= {(item["uuid"], id_of(name.strip())) for name in names_of if name.strip()}
    assert result.claims["makes"] == len(products)
    assert result.entities["Company"] == len(values["surveillance-vendor"])
    assert not result.unused and not result.faults


@pytest.mark.long
def test_the_un_list_has_its_entities(tmp_path: Path, take: Callable[..., ImportResult]) -> None:
    path = real("ofac_watchman/UN_consolidated.xml")
    root = ElementTree.parse(path).getroot()
    entities, people = root.findall(".//ENTITY"), root.findall(".//INDIVIDUAL")
    result = take(read_mapping("un"), path, published="2026-02-27")
    assert result.rows == {"entities": len(entities), "individuals": len(people)}
    assert result.left_out == {"natural persons": len(people)}
    assert result.claims["designates"] == len(entities)
    data = read([tmp_path / "out"])
    listed = {e.id: e for e in data.entities.values() if e.identifiers}
    assert len(listed) == len(entities)
    for item in entities:
        names = {n.text for n in listed[f"un-{item.findtext('DATAID')}"].names}
        written = [a.findtext("ALIAS_NAME") or "" for a in item.findall("ENTITY_ALIAS")]
        assert {" ".join(name.split()) for name in written if name.strip()} <= names


@pytest.mark.parametrize("name", ["zala.entities.ftm.json", "parteispenden.entities.ftm.json"])
def test_followthemoney_has_its_entities(
    name: str, tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    path = real(f"ftm_fixtures/{name}")
    items = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    result = take(read_mapping("followthemoney"), f"entities={path}")
    schemas = Counter(item["schema"] for item in items)
    assert result.rows == {"entities": len(items)}
    assert result.left_out["natural persons"] == schemas["Person"]
    assert result.entities["Company"] == schemas["Company"]
    assert result.entities["Organization"] == schemas["Organization"]
    bodies = {i["id"] for i in items if i["schema"] in ("Company", "Organization")}
    paid = {
        (p, b, *i["properties"]["date"], *i["properties"]["amountEur"])
        for i in items if i["schema"] == "Payment"
        for p in i["properties"]["payer"] if p in bodies
        for b in i["properties"]["beneficiary"] if b in bodies
    }  # fmt: skip
    assert result.claims["supplies"] == len(paid)
    owned = {
        (o, a, *(str(i["properties"].get(n, [""])[0]) for n in PERIOD))
        for i in items if i["schema"] == "Ownership"
        for o in i["properties"]["owner"] if o in bodies
        for a in i["properties"]["asset"] if a in bodies
    }  # fmt: skip
    assert result.claims["owns"] == len(owned)
    assert check([tmp_path / "out"]).ok


def test_graphs_in_three_formats_say_the_same(
    tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    nodes = [("lantern", "Company", "Lantern"), ("guard", "PublicBody", "Border Guard")]
    (tmp_path / "graph.csv").write_text(
        "from,to,predicate,from_type,to_type,when\n"
        "Lantern,Border Guard,supplies,Company,PublicBody,2021\n",
        encoding="utf-8",
    )
    graph = {
        "nodes": [{"id": i, "type": t, "label": n} for i, t, n in nodes],
        "edges": [
            {"source": "lantern", "target": "guard", "predicate": "supplies", "when": "2021"}
        ],
    }
    (tmp_path / "graph.json").write_text(json.dumps(graph), encoding="utf-8")
    items = "".join(
        f'<node id="{i}"><data key="d0">{t}</data><data key="d1">{n}</data></node>'
        for i, t, n in nodes
    )
    (tmp_path / "graph.graphml").write_text(
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
        '<key id="d0" for="node" attr.name="type"/><key id="d1" for="node" attr.name="label"/>'
        '<key id="d2" for="edge" attr.name="predicate"/><key id="d3" for="edge" attr.name="when"/>'
        f'<graph edgedefault="directed">{items}<edge source="lantern" target="guard">'
        '<data key="d2">supplies</data><data key="d3">2021</data></edge></graph></graphml>',
        encoding="utf-8",
    )
    for mapping, name in (
        ("edge-list", "graph.csv"), ("node-link", "graph.json"), ("graphml", "graph.graphml"),
    ):  # fmt: skip
        result = take(read_mapping(mapping), tmp_path / name, to=mapping)
        assert not result.unused, result.unused
        data = read([tmp_path / mapping])
        (claim,) = data.claims
        labels = {role: data.entities[ids[0]].label for role, ids in claim.roles.items()}
        assert labels == {"supplier": "Lantern", "recipient": "Border Guard"}
        assert (claim.predicate, claim.when) == ("supplies", "2021")
    edges = tmp_path / "graph.csv"
    edges.write_text(
        edges.read_text(encoding="utf-8").replace("supplies", "sold"), encoding="utf-8"
    )
    with pytest.raises(DatasetFaults) as error:
        take(read_mapping("edge-list"), edges)
    assert "unknown predicate 'sold'. Did you mean 'supplies'?" in str(error.value.faults[0])


def test_entities_in_xml_are_refused(tmp_path: Path, take: Callable[..., ImportResult]) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    bomb = f"{entities}<x><ENTITIES><ENTITY>&b;</ENTITY></ENTITIES></x>"
    (tmp_path / "list.xml").write_text(bomb, encoding="utf-8")
    with pytest.raises(DatasetFaults) as error:
        take(read_mapping("un"), tmp_path / "list.xml")
    assert "the file declares entities of XML, which are not read" in str(error.value.faults[0])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be-mark"])
def test_a_byte_order_mark_says_the_encoding(
    tmp_path: Path, take: Callable[..., ImportResult], encoding: str
) -> None:
    """As Excel writes texts; blanks around the names of columns are none of theirs."""
    plain = take(parse_mapping(MAPPING, "mapping"), write_csv(tmp_path))
    text = (tmp_path / "list.csv").read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    text = " , ".join(first.split(",")) + "\n" + rest
    name, big, _ = encoding.partition("-be-mark")
    data = ("\ufeff" + text).encode("utf-16-be") if big else text.encode(name)
    (tmp_path / "list.csv").write_bytes(data)
    marked = take(parse_mapping(MAPPING, "mapping"), tmp_path / "list.csv", dry_run=True)
    assert (marked.rows, marked.entities, marked.claims) == (
        plain.rows,
        plain.entities,
        plain.claims,
    )


HEAD = "from,to,predicate,from_type,to_type\n"
GOOD = "A,B,supplies,Company,State\n"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "There is no row in edges.csv"),
        (HEAD, "There is no row in edges.csv"),
        ((HEAD + GOOD).replace(",", ";"), "one cell with ';' in it: the mapping's `delimiter`"),
        ((HEAD + GOOD).replace(",", "\t"), "one cell with '\\t' in it: the mapping's `delimiter`"),
        (HEAD.replace("from,", "fr\u00f6m,"), "the names of the columns are not utf-8"),
        (HEAD + '"A,B\n' + GOOD, "one goes over 3 lines: a quotation mark may be left open."),
        (
            HEAD + "A,B,supplies,Technology,State\n",
            "row 2, supplier: 'a' is of type Technology, which cannot be 'supplier' here. It takes",
        ),
    ],
)
def test_tables_that_are_none(
    tmp_path: Path, take: Callable[..., ImportResult], text: str, message: str
) -> None:
    """Each is told what it is, and nothing is written."""
    path = tmp_path / "edges.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises((InputError, DatasetFaults)) as error:
        take(read_mapping("edge-list"), path)
    faults = getattr(error.value, "faults", [error.value])
    assert message in str(faults[0])
    assert not (tmp_path / "out").exists()


def test_what_names_a_faulty_entity_is_left_out_with_it(
    tmp_path: Path, take: Callable[..., ImportResult]
) -> None:
    """The rest can be loaded."""
    path = tmp_path / "edges.csv"
    more = "C,B,supplies,State,State\nA,D,supplies,State,State\n"
    path.write_text(HEAD + GOOD + more, encoding="utf-8")
    result = take(read_mapping("edge-list"), path, skip_faulty=True)
    assert result.faulty_rows == 1 and result.claims == {"supplies": 1}
    assert result.dropped == {"claims that name what has a fault": 1}
    assert check([tmp_path / "out"]).ok


def test_shipped_mappings_are_read() -> None:
    assert len(shipped()) >= 7
    for name in shipped():
        assert read_mapping(name).title


def test_the_example_of_the_docs(tmp_path: Path, take: Callable[..., ImportResult]) -> None:
    text = (Path(__file__).parents[3] / "docs/import.md").read_text(encoding="utf-8")
    mapping = text.split("```yaml\n")[1].split("```")[0]
    path = tmp_path / "list.csv"
    path.write_text(text.split("```csv\n")[1].split("```")[0], encoding="utf-8")
    result = take(parse_mapping(mapping, "docs/import.md"), path)
    assert result.claims == {"designates": 3, "affiliated_with": 1}
    assert not result.unused and check([tmp_path / "out"]).ok
