"""What each command prints, and its exit code: 0 done, 1 faults, 2 wrong usage, 3 no store."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import click
import pytest
import typer.main
from pydantic import ValidationError

from graph.ontology import ONTOLOGY
from graph.text import read
from sightlines.cli import app
from sightlines.reference import ontology_page
from sightlines.server import exposure_of
from sightlines.settings import Settings, read_settings
from tests.conftest import Run
from tests.sync_store import SyncStore

ROOT = Path(__file__).parents[2]


def commands(group: Any, *before: str) -> Iterator[tuple[str, ...]]:
    """Name every command, with the groups that it is in."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *before, name)
        else:
            yield (*before, name)


EVERY = list(commands(typer.main.get_command(app)))


def sees_no_trace(result: CompletedProcess[str]) -> None:
    """No stack trace for a user's mistake."""
    assert "Traceback" not in result.stderr + result.stdout


def test_the_commands_are_those_of_the_readme() -> None:
    """The command line has what the documentation promises."""
    assert {" ".join(names) for names in EVERY} == {
        "up", "check", "load", "serve", "cypher", "analyse", "site", "ontology",
        "statements", "review", "find", "schema", "source add", "import", "match",
        "write", "propose",
        "db start", "db stop", "db status", "db supervise", "db verify",
        "key add", "key list", "key remove",
        "text add", "text verify", "text locate", "text pin", "text cover",
        "data list", "data show", "data remove",
    }  # fmt: skip


@pytest.mark.parametrize("names", EVERY, ids=" ".join)
def test_every_command_has_help_with_an_example(names: tuple[str, ...]) -> None:
    """Help says what it does, and shows a line that can be typed."""
    command: Any = typer.main.get_command(app)
    for name in names:
        command = command.commands[name]
    assert isinstance(command, click.Command) or hasattr(command, "help")
    assert f"Example: [bold]sightlines {' '.join(names)}" in command.help


def test_check_of_a_good_set(offline) -> None:
    """The seeds have no fault: exit code 0, facts as JSON."""
    result = offline("check", "seeds", "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 0 and report["ok"] and report["faults"] == []
    assert report["counts"]["claim"] > 100


def test_check_of_a_bad_set(offline, tmp_path: Path) -> None:
    """Every fault stands on a line of its own, with file, line and column; exit code 1."""
    bad = tmp_path / "bad.yaml"
    bad.write_text("entities:\n  - id: Big One\n    type: Compny\n    names: X\n", encoding="utf-8")
    result = offline("check", bad)
    assert result.returncode == 1
    assert f"{bad}:2:9" in result.stdout and f"{bad}:3:11" in result.stdout
    assert "Company" in result.stdout and "big-one" in result.stdout
    sees_no_trace(result)


def test_check_of_stories(offline, tmp_path: Path) -> None:
    """Stories are held against the data set; a fault in one is told like any other."""
    result = offline("check", "seeds", "--stories", "stories", "--json")
    assert result.returncode == 0 and json.loads(result.stdout)["ok"]
    (story,) = Path("stories").glob("*.yaml")
    text = story.read_text(encoding="utf-8").replace("ties: fdd/", "ties: fdf/")
    (tmp_path / "one.yaml").write_text(text, encoding="utf-8")
    bad = offline("check", "seeds", "--stories", tmp_path)
    assert bad.returncode == 1
    assert f"{tmp_path / 'one.yaml'}:40:11" in bad.stdout and "fdf/INVESTIGATES" in bad.stdout
    sees_no_trace(bad)
    none = offline("check", "seeds", "--stories", tmp_path / "none")
    assert none.returncode == 1 and "no such folder" in none.stderr
    sees_no_trace(none)


def test_load_and_ask(command) -> None:
    """A load says what it did; loaded again nothing changes; and Cypher answers."""
    first = command("load", "seeds", "--replace")
    assert first.returncode == 0, first.stderr
    again = json.loads(command("load", "seeds", "--json").stdout)
    assert again["written"] == again["removed"] == {}
    answer = command("cypher", "MATCH (c:Company)-[:SUPPLIES]->(x) RETURN c.name, x.name", "--json")
    rows = {tuple(row) for row in json.loads(answer.stdout)["rows"]}
    assert rows == {
        ("Tiandy Technologies", "Revolutionary Guards Corps"),
        ("Tiandy Technologies", "Iranian national police"),
        ("Tiandy Technologies", "Iranian military"),
        ("ZTE", "Iran"),
    }


def test_a_bad_set_loads_nothing(command, tmp_path: Path) -> None:
    """One fault anywhere, and the store stays as it was."""
    command("load", "seeds", "--replace")
    bad = tmp_path / "bad.yaml"
    bad.write_text("dataset: top-ten-2022\nentities:\n  - {id: x}\n", encoding="utf-8")
    result = command("load", bad)
    assert result.returncode == 1 and f"{bad}:3" in result.stdout
    sees_no_trace(result)
    answer = json.loads(command("cypher", "MATCH (n:Claim) RETURN count(n)", "--json").stdout)
    assert answer["rows"][0][0] > 100


def test_cypher_only_reads(command) -> None:
    """A statement that writes, or that is none, ends in Neo4j's own words and exit code 1."""
    for statement in ("CREATE (n) RETURN n", "MATCH (n RETURN n"):
        result = command("cypher", statement)
        assert result.returncode == 1 and result.stderr.startswith("sightlines: ")
        sees_no_trace(result)


def test_cypher_takes_parameters(command) -> None:
    """A parameter is JSON; a text without quotes is told so."""
    result = command("cypher", "RETURN $n + 1 AS n, $s AS s", "--param", "n=41", "--param", 's="x"',
                   "--json")  # fmt: skip
    assert json.loads(result.stdout) == {
        "columns": ["n", "s"],
        "rows": [[42, "x"]],
        "truncated": False,
    }
    wrong = command("cypher", "RETURN $s", "--param", "s=x")
    assert wrong.returncode == 1 and "quotes" in wrong.stderr


def test_cypher_shows_names_as_they_are(command) -> None:
    """Brackets in a value are text and no markup."""
    result = command("cypher", "RETURN '[red]x[/red]' AS a, [1, 2] AS b")
    assert "[red]x[/red]" in result.stdout and "[1, 2]" in result.stdout


def test_wrong_usage_is_exit_code_2(offline) -> None:
    """An unknown command, a missing argument, an option that is none."""
    for arguments in (("chekc",), ("check",), ("check", "seeds", "--jsn"), ("up", "--port", "0")):
        result = offline(*arguments)
        assert result.returncode == 2, arguments
        sees_no_trace(result)


def test_a_store_that_does_not_answer_is_exit_code_3(command) -> None:
    """Nobody there, a wrong password: one sentence each, and never the password."""
    nowhere = command("load", "seeds", SIGHTLINES_NEO4J_URI="bolt://127.0.0.1:1")
    assert nowhere.returncode == 3 and "127.0.0.1:1" in nowhere.stderr
    wrong = command("load", "seeds", SIGHTLINES_NEO4J_PASSWORD="hunter2-hunter2")
    assert wrong.returncode == 3 and "password" in wrong.stderr
    assert "hunter2" not in wrong.stderr
    for result in (nowhere, wrong):
        sees_no_trace(result)


def test_wrong_settings_name_the_variable(offline) -> None:
    """A setting that cannot be read is named, with what is wrong about it."""
    result = offline("serve", SIGHTLINES_PORT="eighty")
    assert result.returncode == 1 and "SIGHTLINES_PORT" in result.stderr
    lacking = offline("load", "seeds", SIGHTLINES_NEO4J_URI="bolt://127.0.0.1:1")
    assert lacking.returncode == 1 and "SIGHTLINES_NEO4J_PASSWORD_FILE" in lacking.stderr


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compose passes on variables that nobody has set as empty ones."""
    for name in ("URL", "PROXIES", "PORT"):
        monkeypatch.setenv(f"SIGHTLINES_{name}", "")
    settings = read_settings()
    assert (settings.url, settings.proxies, settings.port) == (None, None, 8000)


@pytest.mark.parametrize(
    "url",
    [
        "example.org",
        "ftp://example.org/",
        "https://me:secret@example.org/",
        "https://example.org/a%20b",
        "https://example.org/?page=1",
        "https://example.org//a/",
        "https://example.org:port/",
    ],
)
def test_an_address_of_more_than_host_and_path_is_refused(url: str) -> None:
    """Every link is made from SIGHTLINES_URL."""
    with pytest.raises(ValidationError, match="as https://example"):
        Settings(url=url)


def test_a_public_address_makes_the_server_public(tmp_path: Path) -> None:
    """On loopback behind a proxy too: any host, limits, and keys for statements."""
    own = exposure_of(Settings(home=tmp_path, url="http://localhost:8080/research/"))
    assert not own.limited and "cypher" in own.access.anybody and own.hosts != ("*",)
    public = exposure_of(Settings(home=tmp_path, url="https://example.org/research"))
    assert public.limited and "cypher" not in public.access.anybody and public.hosts == ("*",)
    assert public.url == "https://example.org/research/"


def test_words_are_pinned_and_paragraphs_counted(
    offline, belmora: Path, article_file: Path, tmp_path: Path
) -> None:
    """`check` warns of words, `text pin` finds them, `text cover` shows what nobody cites."""
    offline("text", "add", article_file)
    claims = tmp_path / "set" / "claims.yaml"
    claims.parent.mkdir()
    sha256 = read(article_file).sha256
    claims.write_text(
        f"""
sources: [{{id: a, kind: article, title: A, text_sha256: {sha256}}}]
entities: [{{id: pact, type: Agreement, names: Harbour Pact}}]
claims:
  - source: a
    predicate: has_attribute
    roles: {{subject: pact}}
    details: {{what: x}}
    modality: stated
    evidence: no such words anywhere
    said_by: a
    summary: S.
    recorded_on: 2024-01-01
    recorded_by: me
""",
        encoding="utf-8",
    )
    assert "(1 unpinned, 2 source)" in offline("check", claims).stderr
    missing = offline("text", "pin", claims)
    assert missing.returncode == 1 and f"{claims}:10:15" in missing.stdout
    words = " ".join(read(article_file).paragraphs[2].split()[:6])
    text = claims.read_text("utf-8").replace("no such words anywhere", f"'{words}'")
    claims.write_text(text, encoding="utf-8")
    pinned = offline("text", "pin", claims.parent)
    assert pinned.returncode == 0 and "1 passage pinned, 0 not" in pinned.stderr
    assert "unpinned" not in offline("check", claims).stderr
    covered = offline("text", "cover", "a", claims.parent, "--json")
    assert [p["passages"] for p in json.loads(covered.stdout)] == [0, 0, 1, *[0] * 6]
    assert "no claim rests on 8 of 9" in offline("text", "cover", "a", claims.parent).stderr
    unknown = offline("text", "cover", "b", claims.parent)
    assert unknown.returncode == 1 and "has the id 'b'" in unknown.stderr
    sees_no_trace(unknown)


def test_find_prints_ids(offline, belmora: Path) -> None:
    """From the files, and from the seeds beside them; a name that nobody has is said to be none."""
    assert offline("find", "Harbour Pact", belmora).stdout.startswith("harbour-pact ")
    assert offline("find", "tiandy", belmora).stdout.startswith("tiandy ")
    nobody = offline("find", "qqqqq", belmora)
    assert nobody.returncode == 1 and "'qqqqq'" in nobody.stderr
    sees_no_trace(nobody)


def test_schema_has_the_ids_at_hand(offline, belmora: Path) -> None:
    """Those of the files, and of the seeds."""
    schema = json.loads(offline("schema", belmora).stdout)
    ids = schema["$defs"]["entity_id"]["anyOf"][0]["enum"]
    assert {"harbour-pact", "tiandy"} <= set(ids)


def test_a_source_begins_with_its_files(offline, article_file: Path, tmp_path: Path) -> None:
    """Text stored, record and stubs written, and the set has no fault; a second time it refuses."""
    folder = tmp_path / "set"
    options = ["--to", folder, "--title", "Night cameras", "--published", "2022-12-12"]
    result = offline(
        "source", "add", article_file, *options, "--publisher", "Gazette", "--by", "me"
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == [
        str(folder / "night-cameras.yaml"),
        str(folder / "night-cameras.claims.yaml"),
        str(folder / "sightlines.schema.json"),
    ]
    assert "no fault" in offline("check", folder).stderr
    assert "no claim rests on 9 of 9" in offline("text", "cover", "night-cameras", folder).stderr
    again = offline("source", "add", article_file, *options)
    assert again.returncode == 1 and "the id 'night-cameras' already" in again.stderr
    wrong = offline("source", "add", article_file, "--to", folder, "--published", "yesterday")
    assert wrong.returncode == 1 and "published: " in wrong.stderr
    sees_no_trace(again)
    sees_no_trace(wrong)


def test_warnings_come_by_kind(offline, tmp_path: Path) -> None:
    """Ten of each kind and how many more; `--only` prints one kind whole."""
    many = "".join(f"  - {{id: e{n}, type: Event, names: E{n}}}\n" for n in range(15))
    path = tmp_path / "set.yaml"
    path.write_text(f"sources: [{{id: s, kind: study, title: S}}]\nentities:\n{many}", "utf-8")
    every = offline("check", path)
    assert len(every.stdout.splitlines()) == 2 + 10
    assert "6 more warnings of the kind 'unused': --only unused" in every.stderr
    assert "18 warnings (2 source, 16 unused)" in every.stderr
    only = offline("check", path, "--only", "unused").stdout.splitlines()
    assert len(only) == 16 and all("no claim names it" in line for line in only)
    assert offline("check", path, "--only", "nothing").returncode == 2


def test_check_watches(tmp_path: Path) -> None:
    """It checks at once, and again when a file was written."""
    path = tmp_path / "set.yaml"
    path.write_text("entities: [{id: X, type: Event, names: X}]\n", "utf-8")
    command = [sys.executable, "-c", "from sightlines.cli import main; main()"]
    with subprocess.Popen(
        [*command, "check", str(path), "--watch"], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert "'X' is not an id" in process.stdout.readline()
        path.write_text("entities: [{id: x, type: Evnt, names: X}]\n", "utf-8")
        assert "unknown type 'Evnt'" in process.stdout.readline()
        process.terminate()


def test_texts_are_stored_located_and_verified(offline, belmora: Path, article_file: Path) -> None:
    """`text add` stores a text, `locate` prints locators, `verify` compares a data set with it."""
    before = offline("text", "verify", belmora)
    assert before.returncode == 0 and "1 not stored here" in before.stderr
    addition = offline("text", "add", article_file)
    assert addition.returncode == 0 and len(addition.stdout.strip()) == 64
    output = offline("text", "locate", article_file, "Harbour Pact", "--json").stdout
    assert [place["paragraph"] for place in json.loads(output)] == [5]
    after = offline("text", "verify", belmora)
    assert after.returncode == 0 and "1 text compared" in after.stderr
    nothing = offline("text", "locate", article_file, "no such words anywhere")
    assert nothing.returncode == 1
    sees_no_trace(nothing)


def test_a_changed_text_is_drift(
    offline, belmora: Path, article_file: Path, tmp_path: Path
) -> None:
    """A locator whose passage reads otherwise is a fault that names the claim."""
    other = tmp_path / "changed.txt"
    other.write_text(article_file.read_text("utf-8").replace("in 2021", "in 2020"), "utf-8")
    old, new = (offline("text", "add", file).stdout.strip() for file in (article_file, other))
    dataset = tmp_path / "belmora.yaml"
    dataset.write_text(belmora.read_text("utf-8").replace(old, new), "utf-8")
    result = offline("text", "verify", dataset)
    assert result.returncode == 1 and "claim" in result.stdout


def test_the_site_is_written_whole(command, tmp_path: Path) -> None:
    """`site` writes the home page and one page for each entity; another folder is left alone."""
    command("load", "seeds", "--replace")
    out = tmp_path / "public"
    result = command("site", out)
    assert result.returncode == 0, result.stderr
    assert "Tiandy" in (out / "index.html").read_text(encoding="utf-8")
    assert (out / "entity" / "tiandy.html").is_file()
    other = tmp_path / "other"
    other.mkdir()
    refusal = command("site", other)
    assert refusal.returncode == 1 and list(other.iterdir()) == []


def test_the_ontology_is_printed(offline) -> None:
    """As a table, as JSON, and as the reference page, which is committed."""
    assert "uses_against" in offline("ontology").stdout
    assert set(json.loads(offline("ontology", "--json").stdout)["types"]) == set(ONTOLOGY.types)
    page = (ROOT / "docs/ontology.md").read_text(encoding="utf-8")
    assert page == ontology_page(ONTOLOGY)


def test_status_without_a_server_is_exit_code_3(offline) -> None:
    """No server: said in words, and in the exit code; stopping none is no fault."""
    result = offline("db", "status", "--json")
    assert result.returncode == 3 and json.loads(result.stdout) == {"running": False}
    assert offline("db", "stop").returncode == 0
    answer = offline("db", "start", SIGHTLINES_NEO4J_URI="bolt://127.0.0.1:1")
    assert answer.returncode == 1 and "does not start or stop that server" in answer.stderr


def test_data_sets_are_listed_shown_and_removed(
    command: Run, store: SyncStore, belmora: Path, tmp_path: Path
) -> None:
    """Each by its id, with who made it; one that is used stays, and a wrong id gets the nearest."""
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        "dataset: {id: mine, title: My lists, author: Me, licence: CC0}\n"
        "entities: [{id: farland, type: State, names: Farland}]\n"
    )
    user = tmp_path / "user.yaml"
    user.write_text(
        "dataset: {id: user, uses: mine}\nentities: [{id: nearland, type: State, names: N}]\n"
    )
    assert command("load", mine, user, belmora).returncode == 0
    output = command("data").stdout
    assert "mine  My lists  CC0  0 claims, 1 entities" in output and str(mine) in output
    assert [d["id"] for d in json.loads(command("data", "list", "--json").stdout)][-2:] == [
        "mine",
        "user",
    ]
    details = command("data", "show", "mine").stdout
    assert "author     Me" in details and "used_by    user" in details
    refusal = command("data", "remove", "mine")
    assert refusal.returncode == 1 and "is used by 'user'" in refusal.stderr
    wrong = command("data", "show", "mime")
    assert wrong.returncode == 1 and "There is no data set with the id 'mime'" in wrong.stderr
    assert command("data", "remove", "user", "mine").returncode == 0
    assert "mine" not in command("data", "list").stdout
