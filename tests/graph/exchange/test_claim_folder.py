"""graph/exchange/claim_folder.py: claims written step by step into the files of a folder."""

from __future__ import annotations

import resource
import shutil
from difflib import ndiff
from pathlib import Path

import pytest

from graph import dataset
from graph.dataset.scopes import SPEAKERS
from graph.errors import InputError, Outdated
from graph.exchange.claim_folder import ClaimFolder
from graph.exchange.draft_ties import draft_sentence, draft_ties
from graph.exchange.suggestions import (
    suggest_claimed,
    suggest_names,
    suggest_predicates,
    suggest_types,
    unknown_names,
)
from graph.exchange.written_claims import Place, Span, WrittenClaim
from graph.text import Text, TextStore

SUPPLY = Span(4, 0, 95)


@pytest.fixture
def folder(belmora: Path, texts: TextStore, seeds: Path, tmp_path: Path) -> ClaimFolder:
    """The invented data set, beside the seeds."""
    path = tmp_path / "set"
    path.mkdir()
    shutil.copy(belmora, path / "set.yaml")
    return ClaimFolder(path, texts, [seeds], "an editor")


def begin(folder: ClaimFolder, *spans: Span) -> Place:
    """Begin a claim of the gazette."""
    return folder.begin(folder.version, "gazette", spans or [SUPPLY])


def change(folder: ClaimFolder, place: Place, **fields: object) -> None:
    """Set fields of a claim, one step each, as the page does."""
    for name, value in fields.items():
        folder.change(folder.version, place, {name: value})


def test_a_claim_is_written_as_a_person_would(folder: ClaimFolder) -> None:
    """In an order that reads well, without what the defaults say, and whole for `check`."""
    place = begin(folder)
    assert place == Place("gazette.claims.yaml", 0)
    study = folder.add_entity(folder.version, "gazette", "Quiet  Optics", "Company")
    change(
        folder,
        place,
        summary="Quiet Optics sold the guards: 40 cameras.",
        predicate="supplies",
        roles={"supplier": [study], "recipient": ["border-guard"], "item": []},
        said_by=["gazette", "desk-study"],
        modality="stated",
        quantity={"number": "40", "unit": "cameras"},
        when="2021",
    )
    text = (folder.folder / "gazette.claims.yaml").read_text("utf-8")
    lines = text[text.index("claims:") :].splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "claims", "  - predicate", "    roles", "    when", "    quantity", "    said_by",
        "    evidence", "    summary",
    ]  # fmt: skip
    assert "    roles: {supplier: quiet-optics, recipient: border-guard}" in lines
    assert "    said_by: desk-study" in lines and "    when: 2021" in lines
    assert "  - id: quiet-optics\n    type: Company\n    names: Quiet Optics\n" in (
        folder.folder / "set.yaml"
    ).read_text("utf-8")
    report = dataset.check([folder.folder])
    assert report.faults == ()
    assert report.counts["claim"] == 8
    assert not [fault for fault in folder.report() if not fault.kind]


def test_what_is_missing_is_said_and_what_is_there_is_drawn(folder: ClaimFolder) -> None:
    """A claim that has just begun has ties as soon as it has two ends."""
    place = begin(folder)
    change(folder, place, predicate="supplies", roles={"supplier": ["lantern"]})
    faults = [str(fault) for fault in folder.report() if not fault.kind]
    assert any("summary: the field is missing" in fault for fault in faults)

    def ties() -> list[str]:
        claim = next(c for c in folder.claims("gazette") if c.place == place)
        return [tie.words for tie in draft_ties(claim.values, folder.records())]

    assert ties() == []
    roles = {"supplier": ["lantern"], "recipient": ["border-guard"]}
    change(folder, place, roles=roles)
    assert ties() == ["Lantern supplied Border Guard of Belmora"]
    change(folder, place, modality="alleged", inferred=["recipient"])
    assert ties() == [
        "Lantern is alleged to have supplied Border Guard of Belmora "
        "(recipient inferred by the editors)"
    ]
    roles = {
        "supplier": ["lantern", "open-desk"],
        "recipient": ["border-guard"],
        "via": ["belmora"],
    }
    change(folder, place, roles=roles)
    claim = next(c for c in folder.claims("gazette") if c.place == place)
    assert draft_sentence(draft_ties(claim.values, folder.records())) == (
        "Lantern and Open Desk are alleged to have supplied Border Guard of Belmora"
    )
    change(folder, place, predicate="part_of")
    claim = next(c for c in folder.claims("gazette") if c.place == place)
    assert "roles" not in claim.values and "inferred" not in claim.values


def test_each_step_can_be_taken_back(folder: ClaimFolder) -> None:
    """To the first byte; what changes one field again and again is one step."""
    before = {p.name: p.read_bytes() for p in folder.folder.iterdir()}
    place = begin(folder)
    change(folder, place, summary="A")
    change(folder, place, summary="A b")
    folder.add_entity(folder.version, "gazette", "Other", "Person")
    folder.remove(folder.version, place)
    labels = []
    while label := folder.undo(folder.version):
        labels.append(label)
    assert labels == [
        "removing the claim", "the new entity other", "summary of the claim", "a new claim",
    ]  # fmt: skip
    assert {p.name: p.read_bytes() for p in folder.folder.iterdir()} == before


def test_claims_that_were_there_are_changed_in_place(folder: ClaimFolder) -> None:
    """Comments and layout stay."""
    path = folder.folder / "set.yaml"
    before = path.read_text("utf-8")
    place = next(c.place for c in folder.claims("gazette") if c.number == 2)
    assert place == Place("set.yaml", 1)
    change(folder, place, summary="The guards deny it.")
    old = "    summary: The guards say that they bought none of them.\n"
    assert path.read_text("utf-8") == before.replace(old, "    summary: The guards deny it.\n")
    with pytest.raises(InputError, match="has no claim 8 that can be changed here"):
        change(folder, Place("set.yaml", 7), summary="x")


BY_HAND = """\
# Written by hand.
defaults: {source: gazette, modality: stated, recorded_on: 2023-01-01, recorded_by: somebody}

claims:
  # Two speakers of one sentence.
  - predicate: predicts
    roles:
      speaker: said_by    # each of the two
      about: [border-guard]
    details: {what: more cameras will be bought}
    modality: predicted
    said_by: [[open-desk], [desk-study, marchers]]
    evidence: "Lantern, a maker of cameras"   # not pinned
    summary: >-
      Both expect
      more.
  # The study on what was sold.
  - said_by: desk-study
    evidence:
      - {paragraph: 4, start: 0, end: 7, sha256: abc}   # the name
    note: Of the whole sentence.
    claims:
      - predicate: supplies   # the sale
        roles: {supplier: lantern, recipient: border-guard}
        summary: Lantern sold.
        inferred: recipient

      # The place.
      - {predicate: based_in, roles: {who: lantern, place: belmora}, summary: There.}
"""


def diff(before: str, after: str) -> list[str]:
    """The lines that went and that came."""
    lines = ndiff(before.splitlines(), after.splitlines())
    return [f"{line[0]}{line[2:].strip()}" for line in lines if line[0] in "+-"]


def test_what_a_person_wrote_stays_as_it_is(folder: ClaimFolder) -> None:
    """Groups, several chains, a speaker in a role, words as evidence: each changes alone."""
    path = folder.folder / "gazette.claims.yaml"
    path.write_text(BY_HAND, "utf-8")
    written = [c for c in folder.claims("gazette") if c.file == path.name]
    both, sale, place = sorted(written, key=lambda claim: claim.line)
    assert both.chains == (("gazette", "open-desk"), ("gazette", "desk-study", "marchers"))
    assert (both.values["roles"]["speaker"], both.words) == ("said_by", ())
    assert (sale.number, sale.shared) == (3, ("said_by", "evidence", "note"))
    assert sale.values["note"] == "Of the whole sentence." and sale.place and place.place
    assert [tie.words for tie in draft_ties(sale.values, folder.records())] == [
        "Lantern supplied Border Guard of Belmora (recipient inferred by the editors)"
    ]

    def lines(at: WrittenClaim, **fields: object) -> list[str]:
        before = path.read_text("utf-8")
        assert at.place is not None
        change(folder, at.place, **fields)
        result = diff(before, path.read_text("utf-8"))
        folder.undo(folder.version)
        assert path.read_text("utf-8") == before
        return result

    roles = {"speaker": ["said_by"], "about": ["border-guard", "belmora"]}
    assert lines(both, roles=roles) == [
        "-about: [border-guard]", "+about: [border-guard, belmora]",
    ]  # fmt: skip
    assert lines(both, said_by=[*both.chains, ("gazette", "lantern")]) == [
        "-said_by: [[open-desk], [desk-study, marchers]]",
        "+said_by: [[open-desk], [desk-study, marchers], [lantern]]",
    ]
    more = [*both.spans, (4, 8, 9)]
    assert "+- Lantern, a maker of cameras   # not pinned" in lines(both, evidence=more)
    assert lines(sale, summary="It sold.") == ["-summary: Lantern sold.", "+summary: It sold."]
    assert lines(sale, said_by=["gazette"]) == ["+said_by: gazette"]
    assert lines(sale, said_by=["gazette", "desk-study"]) == []
    assert lines(sale, note="") == [
        "-note: Of the whole sentence.",
        "-- {predicate: based_in, roles: {who: lantern, place: belmora}, summary: There.}",
        "+- {predicate: based_in, roles: {who: lantern, place: belmora}, summary: There., "
        "note: Of the whole sentence.}",
    ]
    added = lines(sale, evidence=[*sale.spans, (4, 8, 9)])
    assert len(added) == 1 and added[0].startswith("+evidence: {paragraph: 4, start: 8, end: 9")
    moved = lines(sale, evidence=[(4, 8, 9)])
    assert moved[0] == "-evidence:" and len([m for m in moved if "start: 0, end: 7" in m]) == 2
    assert folder.remove(folder.version, sale.place) is None
    folder.remove(folder.version, sale.place)
    assert [c.file for c in folder.claims("gazette")].count(path.name) == 1
    assert "The place" not in path.read_text("utf-8")


def test_another_claim_on_the_same_words(folder: ClaimFolder) -> None:
    """Both stand in a group, which has their passages and speakers; nothing else changes."""
    place = begin(folder)
    change(folder, place, predicate="supplies", said_by=["gazette", "desk-study"], summary="First.")
    path = folder.folder / "gazette.claims.yaml"
    alone = path.read_text("utf-8")
    second = folder.begin_beside(folder.version, place)
    change(folder, second, predicate="based_in", summary="Second.")
    third = folder.begin_beside(folder.version, place)
    assert (second.number, third.number) == (1, 2)
    text = path.read_text("utf-8")
    assert [line.split(":")[0] for line in text[text.index("claims:") :].splitlines()] == [
        "claims", "  - said_by", "    evidence", "    claims", "      - predicate",
        "        summary", "      - predicate", "        summary", "      - predicate",
    ]  # fmt: skip
    written = [c for c in folder.claims("gazette") if c.file == path.name]
    assert {c.spans for c in written} == {(SUPPLY,)}
    assert {c.chains for c in written} == {(("gazette", "desk-study"),)}
    for _ in range(4):
        folder.undo(folder.version)
    assert path.read_text("utf-8") == alone


def test_a_predicate_decides_the_modality(folder: ClaimFolder) -> None:
    """Where it has one alone; with another predicate it is that of the file again."""
    place = begin(folder)

    def modality() -> object:
        return next(c for c in folder.claims("gazette") if c.place == place).values["modality"]

    for predicate, expected in (("predicts", "predicted"), ("supplies", "stated")):
        change(folder, place, predicate=predicate)
        assert modality() == expected
    change(folder, place, modality="alleged", predicate="makes")
    assert modality() == "alleged"


def test_an_entity_of_another_set_brings_its_set(folder: ClaimFolder) -> None:
    """The record of the data set says that it uses it, so that the id is known."""
    place = begin(folder)
    change(folder, place, predicate="supplies", roles={"supplier": ["tiandy"]})
    text = (folder.folder / "set.yaml").read_text("utf-8")
    assert "\ndataset: {id: belmora, uses: [top-ten-2022]}\n" in text
    assert not any("no entity has the id" in str(fault) for fault in folder.report())


def test_nothing_is_written_over_a_change_of_somebody_else(folder: ClaimFolder) -> None:
    """Of another window or an editor: the step is refused, and undo as well."""
    place = begin(folder)
    version = folder.version
    path = folder.folder / "gazette.claims.yaml"
    path.write_text(path.read_text("utf-8") + "# a remark\n", "utf-8")
    outside = path.read_bytes()
    for step in (
        lambda: folder.change(version, place, {"summary": "x"}),
        lambda: folder.begin(version, "gazette", [SUPPLY]),
        lambda: folder.remove(version, place),
        lambda: folder.add_entity(version, "gazette", "x", "Person"),
        lambda: folder.undo(version),
        lambda: folder.undo(folder.version),
    ):
        with pytest.raises(Outdated):
            step()
    assert path.read_bytes() == outside
    change(folder, place, summary="x")
    assert path.read_text("utf-8").endswith("# a remark\n")


def test_on_a_full_disk_the_files_stay_whole(folder: ClaimFolder) -> None:
    """The step is refused, and taken later; nothing is left of the failure."""
    place = begin(folder)
    before = {p.name: p.read_bytes() for p in folder.folder.iterdir()}
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(InputError, match="cannot be used"):
            change(folder, place, roles={"supplier": ["tiandy"]}, predicate="supplies")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert {p.name: p.read_bytes() for p in folder.folder.iterdir()} == before
    change(folder, place, summary="x")


def test_a_file_that_cannot_be_read_is_left_alone(folder: ClaimFolder) -> None:
    """The others are shown, and steps on it are refused with the place of the fault."""
    place = begin(folder)
    path = folder.folder / "gazette.claims.yaml"
    path.write_text(path.read_text("utf-8") + "  x: 'open\n", "utf-8")
    assert len(folder.claims("gazette")) == 7
    with pytest.raises(InputError):
        change(folder, place, summary="x")
    assert any("gazette.claims.yaml:" in str(fault) for fault in folder.report())


def test_a_claim_that_replaces_another(folder: ClaimFolder) -> None:
    """Those that are most like it come first; a claim is replaced by its id, and undo undoes it."""
    place = begin(folder)
    roles = {"supplier": ["lantern"], "recipient": ["border-guard"]}
    change(folder, place, predicate="supplies", roles=roles, summary="It did not.")
    change(folder, place, said_by=["gazette", "desk-study"])
    first, *others = folder.replaceable(place)
    assert first.claim.predicate == "supplies" and first.path.name == "set.yaml"
    assert {one.claim.source for one in (first, *others)} == {"gazette"}
    assert all(one.claim.summary != "It did not." for one in others)
    (denial, *_) = folder.replaceable(place, "guards bought none")
    assert denial.claim.summary == "The guards say that they bought none of them."
    before = (folder.folder / "gazette.claims.yaml").read_text("utf-8")
    change(folder, place, supersedes=first.claim.id)
    text = (folder.folder / "gazette.claims.yaml").read_text("utf-8")
    assert diff(before, text) == [f"+supersedes: {first.claim.id}"]
    assert not [fault for fault in folder.report() if not fault.kind]
    assert folder.replaced({first.claim.id, "0" * 32}).keys() == {first.claim.id}
    assert next(c for c in folder.claims("gazette") if c.values.get("supersedes")).place == place
    folder.undo(folder.version)
    assert (folder.folder / "gazette.claims.yaml").read_text("utf-8") == before


def test_what_all_claims_of_a_file_share(folder: ClaimFolder) -> None:
    """Only the lines of the fields change; claims that say otherwise keep what they say."""
    path = folder.folder / "gazette.claims.yaml"
    path.write_text(BY_HAND.replace("defaults: {source: gazette, modality: stated, ", "defaults: {"
        "source: gazette, predicate: supplies, modality: stated, "), "utf-8")  # fmt: skip
    (shared, other) = folder.shared("gazette")
    assert (shared.file, shared.others) == (path.name, ("predicate",))
    assert shared.values == {
        "modality": "stated", "recorded_on": "2023-01-01", "recorded_by": "somebody",
    }  # fmt: skip
    assert (other.file, other.values) == ("set.yaml", {})

    def lines(file: str, **fields: object) -> list[str]:
        before = {p.name: p.read_text("utf-8") for p in folder.folder.iterdir()}
        folder.change_shared(folder.version, "gazette", file, fields)
        result = diff(before[file], (folder.folder / file).read_text("utf-8"))
        folder.claims("gazette")
        folder.undo(folder.version)
        assert {p.name: p.read_text("utf-8") for p in folder.folder.iterdir()} == before
        return result

    flow = "defaults: {source: gazette, predicate: supplies, modality: stated, "
    rest = "recorded_on: 2023-01-01, recorded_by: somebody}"
    assert lines(path.name, said_by=["desk-study"]) == [
        f"-{flow}{rest}", f"+{flow}said_by: desk-study, {rest}",
    ]  # fmt: skip
    assert lines(path.name, modality="") == [
        f"-{flow}{rest}", f"+defaults: {{source: gazette, predicate: supplies, {rest}",
    ]  # fmt: skip
    assert lines("set.yaml", when="2021", when_note="As it says.") == [
        "+", "+defaults:", "+when: 2021", "+when_note: As it says.",
    ]  # fmt: skip
    assert lines("set.yaml", said_by=["desk-study"])[2] == "+said_by: [gazette, desk-study]"
    folder.change_shared(folder.version, "gazette", path.name, {"said_by": ["desk-study"]})
    place = begin(folder)
    claim = next(c for c in folder.claims("gazette") if c.place == place)
    assert claim.chains == (("gazette", "desk-study"),)
    both = next(
        c for c in folder.claims("gazette") if c.values.get("summary") == "Both expect more."
    )
    assert both.chains == (("gazette", "open-desk"), ("gazette", "desk-study", "marchers"))
    for file, fields in ((path.name, {"predicate": "makes"}), ("../x.yaml", {"when": "2021"})):
        with pytest.raises(InputError):
            folder.change_shared(folder.version, "gazette", file, fields)


def test_defaults_that_were_not_there_go_again(folder: ClaimFolder) -> None:
    """The last one that is taken out takes the record of all of them with it."""
    before = (folder.folder / "set.yaml").read_text("utf-8")
    folder.change_shared(folder.version, "gazette", "set.yaml", {"note": "Of all."})
    assert "\ndefaults:\n  note: Of all.\n\n" in (folder.folder / "set.yaml").read_text("utf-8")
    assert all(c.values.get("note") for c in folder.claims("gazette"))
    folder.change_shared(folder.version, "gazette", "set.yaml", {"note": ""})
    after = (folder.folder / "set.yaml").read_text("utf-8")
    assert [line for line in diff(before, after) if line != "+"] == []


def test_the_record_of_a_study_that_is_cited(folder: ClaimFolder) -> None:
    """It stands beside the source that cites it, in the order of the other records."""
    before = (folder.folder / "set.yaml").read_text("utf-8")
    new = folder.add_source(folder.version, "gazette", "Who  buys cameras", "study")
    assert new == "who-buys-cameras"
    folder.change_source(
        folder.version, new, {"published": "2021", "published_note": "A year before."}
    )
    folder.change_source(folder.version, new, {"publisher": "open-desk"})
    folder.change_source(folder.version, new, {"url": "https://open-desk.example/cameras"})
    after = (folder.folder / "set.yaml").read_text("utf-8")
    assert diff(before, after) == [
        "+- id: who-buys-cameras", "+kind: study", "+title: Who buys cameras",
        "+publisher: open-desk", "+published: 2021", "+published_note: A year before.",
        "+url: https://open-desk.example/cameras",
    ]  # fmt: skip
    place = begin(folder)
    change(folder, place, predicate="based_in", roles={"who": ["lantern"], "place": ["belmora"]})
    change(folder, place, said_by=["gazette", new], summary="It lies there.")
    assert not [fault for fault in folder.report() if not fault.kind]
    (source,) = [source for source, _ in folder.sources() if source.id == new]
    assert source.cited_only and source.publisher == "open-desk"
    for fields in ({"url": "open-desk"}, {"published": "soon"}, {"title": ""}, {"read_on": "2021"}):
        with pytest.raises(InputError):
            folder.change_source(folder.version, new, fields)
    with pytest.raises(InputError, match="has the source 'nobody'"):
        folder.change_source(folder.version, "nobody", {"title": "x"})
    while folder.undo(folder.version):
        pass
    assert (folder.folder / "set.yaml").read_text("utf-8") == before


@pytest.mark.parametrize(
    ("text", "passage", "claimed"),
    [
        ("denies selling", "", [("supplies", True)]),
        ("not sold", "", [("sells", True)]),
        ("sold", "It denies it.", [("sells", False), ("sells", True)]),
        ("", "It denies that it has sold cameras.", [("supplies", False), ("supplies", True)]),
        ("", "It has sold cameras.", [("supplies", False)]),
    ],
)
def test_what_a_passage_denies(text: str, passage: str, claimed: list[tuple[str, bool]]) -> None:
    """A denial is proposed first where somebody writes one, second where the passage has one."""
    suggestions = suggest_claimed(text, passage)
    assert suggestions[: len(claimed)] == claimed
    assert {s.denied for s in suggestions} == {denied for _, denied in claimed} | {False}


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        ("sold", "supplies"),
        ("vendor of", "sells"),
        ("listed by", "designates"),
        ("belongs to", "part_of"),
        ("arrested", "detains"),
        ("used against", "uses_against"),
    ],
)
def test_predicates_in_plain_words(text: str, predicate: str) -> None:
    """The one that is meant is among the first three."""
    assert predicate in suggest_predicates(text)[:3]


@pytest.mark.parametrize(
    ("passage", "predicate"),
    [
        ("It has sold night cameras to the guards.", "supplies"),
        ("It uses the radars against migrants.", "uses_against"),
        ("The parliament is investigating the group.", "investigates"),
        ("The state designated the firm in April.", "designates"),
        ("Its spokeswoman says that it has no customer.", "affiliated_with"),
        ("It gives them access to its pictures.", "grants_access"),
    ],
)
def test_predicates_of_a_passage(passage: str, predicate: str) -> None:
    """Its words may stand in another form and apart; the most of them count."""
    assert suggest_predicates("", passage)[0] == predicate
    assert suggest_predicates("qzx", passage)[0] == predicate


def test_what_a_passage_names_comes_first(folder: ClaimFolder, article: Text) -> None:
    """In its order: a name within a longer one after it; then what other claims name."""
    passage = article.paragraphs[3]
    entities = [entry for entry in folder.entries() if entry.kind == "entity"]
    names = [entry.id for _, entry in suggest_names("", entities, passage).names]
    assert names[:3] == ["lantern", "border-guard", "belmora"]
    others = suggest_names(
        "", entities, "The pact.", [{"roles": {"a": ["lantern", "harbour-pact"]}}]
    )
    assert [entry.id for _, entry in others.others] == ["harbour-pact", "lantern"]
    claims = [claim.values for claim in folder.claims("gazette")]
    often = [entry.id for _, entry in suggest_names("", entities, "", claims).others]
    assert often[0] in ("lantern", "border-guard")
    assert suggest_names("lantrn", entities).names[0][1].id == "lantern"


def test_names_that_nobody_has_are_offered(folder: ClaimFolder) -> None:
    """Words with capitals, in the order of the passage; the likeliest kind of each role first."""
    entities = [entry for entry in folder.entries() if entry.kind == "entity"]
    passage = (
        "The Osmar Coast Guard bought cameras from Lantern in March 2021. Osmar and the "
        "Ministry of the Sea paid. J. Smith, of Ábaco, was there."
    )
    assert unknown_names(passage, entities) == [
        "Osmar Coast Guard", "Ministry of the Sea", "J. Smith", "Ábaco", "Osmar",
    ]  # fmt: skip
    counts = folder.role_types("gazette")
    assert suggest_types("supplies", "supplier", counts)[0] == "Company"
    assert suggest_types("supplies", "recipient", counts)[0] == "PublicBody"
    assert set(suggest_types("", "", {})) == SPEAKERS
