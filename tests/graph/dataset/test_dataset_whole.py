"""What can be wrong between records, and what a data set should be warned of."""

from __future__ import annotations

import re
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.dataset import CheckResult, check, read
from graph.dataset.report import MAX_LISTED
from graph.model import Claim
from graph.passages import passages
from graph.text import Text, TextStore, digest, normalise

CLAIM = """\
  - {source: article, predicate: supplies, roles: {supplier: tiandy, recipient: irgc},
     modality: alleged, said_by: article, summary: Said., recorded_on: 2024-01-01,
     recorded_by: me, evidence: [{paragraph: 1, start: 0, end: 4, sha256: SHA}], REST}
""".replace("SHA", "a" * 64)


def claim(rest: str = "note: x") -> str:
    """A claim of four lines in YAML; its fields are as above but for the rest."""
    name = rest.partition(":")[0].strip("▸")
    fields = re.sub(rf"\b{name}: [^,{{]+, ", "", CLAIM) if name != "note" else CLAIM
    return fields.replace("REST", rest)


def _messages(report: CheckResult) -> list[str]:
    return [str(message) for message in (*report.faults, *report.warnings)]


def test_good_set(check_files: Callable[..., CheckResult]) -> None:
    """The set that the other tests build on has neither fault nor warning."""
    report = check_files()
    assert _messages(report) == []
    assert report.ok
    assert report.counts == {"source": 1, "entity": 5, "judgement": 0, "claim": 2}


def test_duplicate_claim(expect: Callable[..., None]) -> None:
    """A claim that says what another says is a fault, and names the place of the first."""
    text = "claims:\n" + claim() + claim("note: y").replace("- {", "- ▸{")
    expect(text, "claim 2 (supplies): duplicate claim. The first one is at")


def test_duplicate_claims_count_once(tmp_path: Path, good: str) -> None:
    """Counts and digest tell of claims by their ids, however often each stands there."""
    (tmp_path / "a.yaml").write_text(good)
    once = check([tmp_path])
    (tmp_path / "b.yaml").write_text("claims:" + good.partition("claims:")[2])
    (tmp_path / "c.yaml").write_text("claims:" + good.partition("claims:")[2])
    thrice = check([tmp_path])
    assert len(thrice.faults) == 4
    assert (thrice.counts, thrice.digest) == (once.counts, once.digest)


def test_duplicate_ids(expect: Callable[..., None]) -> None:
    """An id stands once, among sources and entities together."""
    expect(
        """\
        sources:
          - {id: ▸irgc, kind: study, title: X}
          - {id: ▸article, kind: study, title: X}
        entities:
          - {id: ▸tiandy, type: Company, names: X}
          - {id: ▸article, type: Company, names: X}
        """,
        "the id 'irgc' belongs to an entity already. The first one is at",
        "the id 'article' belongs to a source already",
        "the id 'tiandy' belongs to an entity already",
        "the id 'article' belongs to a source already",
    )


def test_faulty_record_is_known(expect: Callable[..., None]) -> None:
    """Who names a record that has a fault of its own is not at fault."""
    expect(
        "entities:\n  - {id: x, type: ▸Compani, names: X}\n"
        + "claims:\n"
        + claim("roles: {supplier: x, recipient: irgc}").replace(
            "roles: {supplier: tiandy, recipient: irgc},\n", ""
        ),
        "Did you mean 'Company'?",
    )


def test_unreadable_file_hides_no_id(check_files: Callable[..., CheckResult]) -> None:
    """While a file cannot be read, ids that may stand in it are not reported as missing."""
    claims = "claims:\n" + claim("said_by: [article, elsewhere]")
    assert len(check_files(b_yaml=claims).faults) == 1
    report = check_files(b_yaml=claims, c_yaml="entities: [")
    assert [fault.path[-6:] for fault in report.faults] == ["c.yaml"]


def test_supersedes_itself(tmp_path: Path, check_files: Callable[..., CheckResult]) -> None:
    """A claim cannot take its own place, nor two claims each other's."""
    ids: list[str] = []
    claims = [claim(), claim("modality: stated")]
    (tmp_path / "x.yaml").write_text("claims:\n" + "".join(claims))
    check_files(b_yaml="claims:\n" + "".join(claims))
    check([tmp_path / "set"], lambda record: ids.append(record.id))
    first, second = ids[-2:]
    own = "claims:\n" + claims[0].replace("note: x", f"supersedes: {first}")
    assert "the claim supersedes itself" in _messages(check_files(b_yaml=own))[0]
    ring = own.replace(first, second) + claims[1].replace("}\n", f", supersedes: {first}}}\n")
    (message,) = _messages(check_files(b_yaml=ring))
    low, high = sorted((first, second))
    assert f"in a ring: {low} > {high} > {low}" in message


JUDGEMENT = "{{left: {}, right: {}, verdict: {}, by: me, on: 2024-01-01, reason: x}}"
TWINS = "entities: [{id: a, type: Event, names: A}, {id: b, type: Event, names: B}, "
TWINS += "{id: c, type: Event, names: C}]\njudgements:\n"


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["▸a a same"], "'a' is judged against itself"),
        (["irgc ▸tiandi same"], "Did you mean 'tiandy'?"),
        (["irgc article ▸same"], "no entity has the id 'article'"),
        (["irgc tiandy ▸same"], "'irgc' is of type PublicBody and 'tiandy' of type Company"),
        (["a b same", "a b ▸different"], "make them the same: a = b"),
        (["a b same", "c b same", "c a ▸different"], "make them the same: c = b = a"),
        (["a b same", "▸b a same"], "duplicate judgement"),
    ],
)
def test_judgements(rows: list[str], words: str, check_files: Callable[..., CheckResult]) -> None:
    """Judgements name two entities of one type, and do not contradict one another."""
    lines = [f"  - {JUDGEMENT.format(*row.replace('▸', '').split())}\n" for row in rows]
    (fault,) = check_files(b_yaml=TWINS + "".join(lines)).faults
    assert words in str(fault)
    mark = next(n for n, row in enumerate(rows) if "▸" in row)
    assert fault.line == 3 + mark


PAPER = "  - {{id: {}, kind: article, title: A, published: 2020, read_on: 2024-01-01, {}}}\n"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        (["publisher: irgc", "publisher: ▸Tehran"], "publisher is a text, and not the id of an"),
        (["publisher: ▸Tiandi"], "Did you mean 'tiandy'?"),
        (["publisher: ▸TIANDY"], "'TIANDY' is the name of the entity 'tiandy'. Write 'tiandy'"),
        (["publisher: ▸tehran"], "'tehran' is of type Place, which cannot publish"),
        (["publisher: irgc, publisher_id: ▸irgc"], "the program derives this field"),
        (["publisher: irgc, edition_of: ▸a"], "'a' is an edition of itself"),
        (["publisher: irgc, edition_of: ▸artical"], "Did you mean 'article'?"),
        (
            ["publisher: irgc, edition_of: article", "publisher: irgc, edition_of: ▸a"],
            "'a' is itself an edition, of 'article'. Write 'article'.",
        ),
    ],
)
def test_publishers_and_editions(
    fields: list[str], words: str, check_files: Callable[..., CheckResult]
) -> None:
    """A publisher is an entity that can speak, or else a text; editions are of one source."""
    papers = (PAPER.format(i, f.replace("▸", "")) for i, f in zip("ab", fields, strict=False))
    outcome = check_files(b_yaml="sources:\n" + "".join(papers))
    mark = next(n for n, field in enumerate(fields) if "▸" in field)
    (fault,) = [
        f for f in (*outcome.faults, *outcome.warnings) if words in " ".join(str(f).split())
    ]
    assert fault.line == 2 + mark


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (["a b same", "c b same"], "leave open which id stays: a or c"),
        (["a b same", "b c same", "c a same"], "leave open which id stays: a or b or c"),
        (["b a same", "b c same"], ""),
    ],
)
def test_judgements_say_which_id_stays(
    rows: list[str], words: str, check_files: Callable[..., CheckResult]
) -> None:
    """The one that is on the left alone; where several are, or none, a warning names them."""
    lines = [f"  - {JUDGEMENT.format(*row.split())}\n" for row in rows]
    warnings = [w for w in check_files(b_yaml=TWINS + "".join(lines)).warnings if w.kind == "merge"]
    assert [words in str(warning) for warning in warnings] == ([True] if words else [])


def test_unsure_and_different_agree(check_files: Callable[..., CheckResult]) -> None:
    """What is left open, and what nothing makes the same, is no contradiction."""
    rows = ["a b unsure", "b c same", "a c different"]
    lines = [f"  - {JUDGEMENT.format(*row.split())}\n" for row in rows]
    assert check_files(b_yaml=TWINS + "".join(lines)).ok


def test_evidence_against_a_text(tmp_path: Path, good: str) -> None:
    """Where a text is at hand, each passage must lie in it and have the hash that is given."""
    texts = TextStore(tmp_path / "texts")
    sha256 = texts.add(Text(("Cameras were sold.", "Here.")))
    text = re.sub(r"text_sha256: .*", f"text_sha256: {sha256}", good)
    path = tmp_path / "x.yaml"
    path.write_text(text)
    outside, changed = sorted(check([path], texts=texts).faults, key=lambda f: f.message)
    assert "the passage has another hash" in str(outside)
    assert "claim 1 (supplies), evidence[1].sha256" in str(outside)
    assert digest("Came") in outside.hint
    path.write_text(text.replace("a" * 64, digest("Came"), 1).replace("a" * 64, digest("Here")))
    assert check([path], texts=texts).ok
    path.write_text(text.replace("paragraph: 2", "paragraph: 3"))
    assert "There is no paragraph 3" in str(check([path], texts=texts).faults[1])
    assert changed.line and outside.line


def test_damaged_text(tmp_path: Path, good: str) -> None:
    """A file in the text store that is not what its name says is a fault of every claim on it."""
    texts = TextStore(tmp_path / "texts")
    sha256 = texts.add(Text(("Cameras were sold.",)))
    (tmp_path / "texts" / f"{sha256}.txt").write_text("Something else.")
    path = tmp_path / "x.yaml"
    path.write_text(re.sub(r"text_sha256: .*", f"text_sha256: {sha256}", good))
    first, _ = check([path], texts=texts).faults
    assert "is damaged" in str(first)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("entities:\n  - {id: x, type: Event, names: X}", "entity x: no claim names it"),
        (
            "sources:\n  - {id: x, kind: study, title: X, publisher: Y, published: 2020}",
            "source x: no claim names it",
        ),
        ("claims:\n" + claim("when: 2023"), "the date is later than the source"),
        (
            "claims:\n" + claim("likelihood: possible").replace("alleged", "stated"),
            "the source calls it possible, and the claim",
        ),
        (
            "entities:\n  - {id: x, type: Company, names: [X, TIANDY]}",
            "it shares the name 'TIANDY' and the type with 'tiandy'",
        ),
        (
            'entities:\n  - {id: x, type: Company, names: [X, "T.I.A.N.D.Y"]}',
            "it shares the name 'T.I.A.N.D.Y' and the type with 'tiandy'",
        ),
        (
            'entities:\n  - {id: x, type: Company, names: [X, "Ti\u00e0n\u00addy"]}',
            "and the type with 'tiandy'",
        ),
        ("sources:\n  - {id: x, kind: study, title: X}", "the source has no 'publisher'"),
        ("sources:\n  - {id: x, kind: study, title: X}", "the source has no 'published'"),
        (
            "claims:\n" + re.sub(r"evidence: .*\], ", "", claim()),
            "no evidence: nobody can look up where the source says so",
        ),
        (
            "claims:\n" + re.sub(r"evidence: .*\], ", "evidence: some words, ", claim()),
            "evidence[1]: the words are not pinned to their place",
        ),
        (
            "sources:\n  - {id: x, kind: study, title: X, publisher: Y, published: 2020}\n"
            "claims:\n" + claim().replace("article", "x"),
            "claims cite passages of it, and it has no 'text_sha256'",
        ),
    ],
)
def test_warnings(text: str, words: str, check_files: Callable[..., CheckResult]) -> None:
    """What somebody should look at is told, and keeps nothing from being loaded."""
    report = check_files(b_yaml=text)
    assert report.ok, _messages(report)
    assert words in "\n".join(map(str, report.warnings))
    assert all(warning.warning for warning in report.warnings)


SOURCE = "sources:\n  - {id: x, kind: study, title: X, publisher: Y, "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (SOURCE + "published: 2022-03-02, read_on: 2022-03-01}", "was read before it was out"),
        (SOURCE + "published: 2022, read_on: 2222-01-01}", "was read is yet to come"),
        (SOURCE + "published: 2222-01-01}", "published on a day that is yet to come"),
        (SOURCE + "published: 1401-08-28}", "1401 is 2022 by the Solar Hijri calendar"),
        ("claims:\n" + claim("when: 1401-08-28"), "1401 is 2022 by the Solar Hijri calendar"),
        ("claims:\n" + claim("when: 1400/1401"), "1401 is 2022 by the Solar Hijri calendar"),
        ("claims:\n" + claim("when: 2565"), "2565 is 2022 by the Buddhist calendar"),
        ("claims:\n" + claim("when: 0111-08"), "111 is 2022 by the Minguo calendar"),
        ("claims:\n" + claim("when: 1443"), "1443 is 2022 by the Islamic calendar"),
        (
            "claims:\n" + claim("when: 2565").replace("alleged", "planned"),
            "2565 is 2022 by the Buddhist calendar",
        ),
        ("claims:\n" + claim("when: 9999"), "the date is centuries after"),
    ],
)
def test_days_that_cannot_be(
    text: str, words: str, check_files: Callable[..., CheckResult]
) -> None:
    """Days to come, of other calendars, or in the wrong order are warned of."""
    report = check_files(b_yaml=text)
    assert report.ok, _messages(report)
    assert words in "\n".join(map(str, report.warnings))
    kinds = {warning.kind for warning in report.warnings if words in str(warning)}
    assert kinds <= {"calendar", "late-date"}


@pytest.mark.parametrize(
    "text",
    [
        SOURCE + "published: 2022-03, read_on: 2022-03-01}",
        SOURCE + "published: 1850}",
        "claims:\n" + claim("when: 1979"),
        "claims:\n" + claim("when: ../2020"),
    ],
)
def test_days_that_can_be(text: str, check_files: Callable[..., CheckResult]) -> None:
    """Old ones among them."""
    warnings = "\n".join(map(str, check_files(b_yaml=text).warnings))
    assert not any(word in warnings for word in ("centuries", "yet to come", "before it was out"))


@pytest.mark.parametrize("modality", ["planned", "predicted", "recommended"])
def test_the_future_may_be_spoken_of(
    modality: str, check_files: Callable[..., CheckResult]
) -> None:
    """A plan lies ahead of the day on which it is told."""
    planned = claim("when: 2030").replace("alleged", modality)
    assert _messages(check_files(b_yaml="claims:\n" + planned)) == []


def test_judged_namesakes_are_no_warning(check_files: Callable[..., CheckResult]) -> None:
    """Whoever looked at two namesakes and said so is not asked again."""
    text = "entities:\n  - {id: x, type: Company, names: Tiandy}\njudgements:\n  - "
    report = check_files(b_yaml=text + JUDGEMENT.format("x", "tiandy", "different"))
    assert not any("shares" in str(w) for w in report.warnings)


def test_no_more_than_a_thousand_are_listed(check_files: Callable[..., CheckResult]) -> None:
    """Whatever there is beyond a thousand faults is counted."""
    lines = '{"entity": {"id": "x y", "type": "Event", "names": "X"}}\n' * (MAX_LISTED + 17)
    report = check_files(b_jsonl=lines)
    assert (len(report.faults), report.more_faults) == (MAX_LISTED, 17)
    assert not report.ok


def test_entries_come_before_claims(tmp_path: Path, good: str) -> None:
    """All sources, entities and judgements of all files are given before the first claim."""
    (tmp_path / "a.yaml").write_text(good.replace("sources:", "x:").partition("entities:")[0])
    head, claims = good.split("claims:")
    (tmp_path / "a.yaml").write_text("claims:" + claims)
    (tmp_path / "b.yaml").write_text(head)
    kinds: list[str] = []
    assert check([tmp_path], lambda record: kinds.append(type(record).__name__)).ok
    assert kinds == ["Source", *["Entity"] * 5, "Claim", "Claim"]


def test_progress_ends_with_everything(tmp_path: Path) -> None:
    """Progress grows, and the last word is that everything was read."""
    (tmp_path / "x.jsonl").write_text((" " * 999 + "\n") * 3_000)
    steps: list[tuple[int, int]] = []
    check([tmp_path], progress=lambda done, total: steps.append((done, total)))
    assert steps == sorted(steps)
    assert len(steps) > 3
    assert steps[-1] == (6_000_000, 6_000_000)


@pytest.mark.long
def test_claims_are_not_kept(tmp_path: Path, good: str) -> None:
    """Of a claim nothing stays in memory: twice as many take no more of it."""
    line = (
        '{"claim":{"source":"article","predicate":"supplies","roles":{"supplier":"tiandy",'
        '"recipient":"irgc"},"modality":"stated","said_by":"article","details":{"how":"%d"},'
        '"summary":"x","recorded_on":"2024-01-01","recorded_by":"x","evidence":[{"paragraph":1,'
        f'"start":0,"end":4,"sha256":"{"a" * 64}"}}]}}}}\n'
    )
    (tmp_path / "a.yaml").write_text(good)
    peaks: list[int] = []
    for claims in (1_000, 2_000):
        (tmp_path / "b.jsonl").write_text("".join(line % number for number in range(claims)))
        tracemalloc.start()
        report = check([tmp_path])
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert report.ok, _messages(report)
        assert report.counts["claim"] == claims + 2
    assert peaks[1] - peaks[0] < 100_000


def test_report_for_machines(check_files: Callable[..., CheckResult]) -> None:
    """A report and its faults are plain values under plain names."""
    report = check_files(b_yaml="claims: [x]").as_dict()
    assert report["ok"] is False
    assert report["faults"][0]["line"] == 1
    assert report["faults"][0]["hint"] == ""


def test_example_of_the_page(tmp_path: Path) -> None:
    """The examples that docs/data.md shows have no fault, and say the same in both forms."""
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    examples = {kind: re.search(rf"```{kind}\n(.*?)```", page, re.S) for kind in ("yaml", "json")}
    people, machines = (match[1] for match in examples.values() if match)
    (tmp_path / "x.yaml").write_text(people, encoding="utf-8")
    report = check([tmp_path])
    assert report.ok, _messages(report)
    assert report.name == "lisas-top-ten"
    (tmp_path / "y.jsonl").write_text(machines, encoding="utf-8")
    assert [fault.message for fault in check([tmp_path]).faults] == [
        "the id 'tiandy' belongs to an entity already",
        "duplicate claim",
    ]


def test_example_of_claims_in_short(tmp_path: Path) -> None:
    """The second example has no fault, and its passages are those of the text beside it."""
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    section = page.partition("## Claims in full, and in short")[2]
    text, example = (
        re.findall(rf"```{kind}\n(.*?)```", section, re.S)[0] for kind in ("text", "yaml")
    )
    (tmp_path / "x.yaml").write_text(example, encoding="utf-8")
    texts = TextStore(tmp_path / "texts")
    article = Text(normalise(text))
    texts.add(article)
    report = check([tmp_path / "x.yaml"], texts=texts)
    assert report.ok, _messages(report)
    whole = read([tmp_path / "x.yaml"])
    assert len(whole.claims) == 5
    assert passages(whole.claims, whole.sources, texts).keys() == {c.id for c in whole.claims}
    assert {c.said_by for c in whole.claims if c.likelihood} == {
        ("gazette", "ada-moss"), ("gazette", "other-experts"),
    }  # fmt: skip


def test_every_field_of_a_claim_is_documented() -> None:
    """The table of docs/data.md has the fields of the model with their descriptions."""
    page = (Path(__file__).parents[3] / "docs" / "data.md").read_text(encoding="utf-8")
    table = page.partition("## The fields of a claim")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `.*", table, re.MULTILINE)) == {
        f"| `{name}` | {'required' if field.is_required() else 'optional'} | {field.description} |"
        for name, field in Claim.model_fields.items()
    }


def test_words_as_evidence_are_no_locator(check_files: Callable[..., CheckResult]) -> None:
    """Beside a locator or alone, words are one warning, and the claim has the locators alone."""
    locator = "{paragraph: 1, start: 0, end: 4, sha256: " + "a" * 64 + "}"
    words = re.sub(r"evidence: .*\], ", f"evidence: [one, {locator}, two], ", claim())
    report = check_files(b_yaml="claims:\n" + words)
    assert report.ok and report.warning_counts == {"unpinned": 2}
    assert [w.value for w in report.warnings] == ["one", "two"]
    broken = words.replace("start: 0", "start: 9")
    (fault,) = check_files(b_yaml="claims:\n" + broken).faults
    (line,) = (line for line in broken.splitlines() if "{paragraph" in line)
    assert fault.column == line.index("{paragraph") + 1


def test_no_kind_of_warning_hides_another(check_files: Callable[..., CheckResult]) -> None:
    """Thousands of claims without evidence leave the names that two entities share in the list."""
    records = [
        f'{{"claim": {{"source": "article", "predicate": "has_attribute", "roles": {{"subject": '
        f'"tiandy"}}, "details": {{"what": "{n}"}}, "modality": "stated", "said_by": "article", '
        f'"summary": "S", "recorded_on": "2024-01-01", "recorded_by": "me"}}}}\n'
        for n in range(MAX_LISTED + 17)
    ]
    namesakes = "entities:\n  - {id: x, type: Company, names: [X, TIANDY]}"
    report = check_files(b_jsonl="".join(records), c_yaml=namesakes)
    assert report.ok
    assert report.warning_counts == {"shared-name": 1, "unused": 1, "no-evidence": MAX_LISTED + 17}
    kinds = [w.kind for w in report.warnings]
    assert kinds == ["shared-name", "unused", *["no-evidence"] * MAX_LISTED]


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("vendor of", "Did you mean 'sells' (A vendor offers"),
        ("Sold", "another) or 'sells' (A vendor offers"),
        ("supplys", "Did you mean 'supplies'?"),
        ("arrests", "Did you mean 'detains' ("),
        ("qqqqqq", "unknown predicate 'qqqqqq'"),
    ],
)
def test_a_predicate_by_meaning(
    word: str, hint: str, check_files: Callable[..., CheckResult]
) -> None:
    """Another word for a predicate is answered with the predicates that it means."""
    text = "claims:\n" + claim().replace("predicate: supplies", f"predicate: {word}")
    assert hint in "\n".join(map(str, check_files(b_yaml=text).faults))
