"""`sightlines analyse`: what it prints in each form, what it takes, and what it refuses."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from datetime import date
from subprocess import CompletedProcess
from typing import Any

import pytest

from graph.analyses import KINDS
from graph.errors import InputError
from graph.queries.analyses import TieGraph, tie_graph
from graph.queries.moment import Moment
from graph.question import Question
from graph.store.address import Address
from sightlines.cli.analyse import _progress, analyse_command
from tests.sync_store import SyncStore

pytestmark = pytest.mark.usefixtures("seeds_in_store")

Run = Callable[..., CompletedProcess[str]]


def test_the_kinds_are_listed(offline: Run) -> None:
    """Without a kind, all of them, with the size up to which each runs; no store is needed."""
    words = offline("analyse").stdout
    assert all(name in words for name in KINDS) and "4,000 ties" in words


def test_the_kinds_are_facts(capsys: pytest.CaptureFixture[str]) -> None:
    """The same as JSON, with what each does not show."""
    analyse_command(as_json=True)
    kinds = json.loads(capsys.readouterr().out)
    assert [kind["name"] for kind in kinds] == [*KINDS] and kinds[0]["does_not_show"]


def test_figures_in_words(command: Run) -> None:
    """A table says each figure in words with ties behind it, and what it does not show."""
    result = command("analyse", "supply-chains", "--from", "zte")
    assert result.returncode == 0, result.stderr
    assert "Weakest hop: reported, 1 independent account." in result.stdout
    assert "zte/SUPPLIES/iran" in result.stdout
    assert "What it does not show" in result.stdout and "not proof" in result.stdout


def test_progress_is_shown_after_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    """What takes no time says nothing; what takes more than a second says once what it does."""
    with _progress("Thinking") as progress:
        progress(1, 2)
    assert capsys.readouterr().err == ""
    with _progress("Thinking") as progress:
        time.sleep(1.2)
        progress(1, 2)
    assert capsys.readouterr().err == "Thinking ...\n"


def test_figures_as_json(command: Run) -> None:
    """JSON holds every figure, and the status, origins and claims of each tie behind one."""
    answer = json.loads(command("analyse", "connections", "--json").stdout)
    assert answer["total"] == len(answer["results"]) > 30
    first = answer["results"][0]
    assert first["entities"] == ["iran"] and first["value"] == len(first["ties"])
    assert answer["entities"]["iran"]["type"] == "State"
    tie = answer["ties"]["tiandy/SUPPLIES/irgc"]
    assert tie["status"] == "reported" and len(tie["claim_ids"]) == 2 and tie["match"] == "yes"


def test_figures_as_csv(command: Run) -> None:
    """CSV has one set of columns for every kind, and all figures."""
    result = command("analyse", "supply-chains", "--csv")
    rows = list(csv.reader(io.StringIO(result.stdout, newline="")))
    assert rows[0] == ["entities", "value", "unit", "ties", "pairs", "weakest", "words"]
    assert ["tiandy tiandy-technology china uyghurs", "3", "hops"] in [row[:3] for row in rows]


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        ("--type SUPPLIES --type MAKES", tie_graph(types=["SUPPLIES", "MAKES"])),
        (
            "--around iran --hops 2 --status reported --min-independent 2",
            tie_graph(around=["iran"], hops=2, statuses=["reported"], min_independent=2),
        ),
        (
            "--as-of 2023-03 --known-by 2023 --certain",
            tie_graph(moment=Moment(date(2023, 3, 31), date(2023, 12, 31), certain=True)),
        ),
    ],
)
def test_filters_and_times_are_handed_on(
    command: Run, address: Address, arguments: str, question: Question[TieGraph]
) -> None:
    """What is looked at are the ties of the question with those filters and times."""
    result = command("analyse", "connections", "--json", *arguments.split())
    assert result.returncode == 0, result.stderr
    with SyncStore(address) as store:
        count = len(store.ask(question).ties)
    assert json.loads(result.stdout)["over"]["ties"] == count > 0


def test_what_is_only_possible_is_said(command: Run) -> None:
    """Standard error says how many ties only possibly held."""
    assert "only possibly held" in command("analyse", "components", "--as-of", "2015").stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "brokrs"}, "Did you mean 'brokers'"),
        ({"kind": "brokers", "types": ["SUPLIES"]}, "Did you mean 'SUPPLIES'"),
        ({"kind": "brokers", "types": ["OWNS"]}, "none of the types"),
        ({"kind": "components", "statuses": ["sure"]}, "documented"),
        ({"kind": "components", "as_of": "2015~"}, "2015-03-31"),
        ({"kind": "components", "as_csv": True, "as_json": True}, "not both"),
    ],
)
def test_mistakes_are_known_without_a_store(options: dict[str, Any], words: str) -> None:
    """A mistake is told before any store is opened."""
    with pytest.raises(InputError, match=words):
        analyse_command(**options)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [("components --from zte", "no option from"), ("supply-chains --from ztee", "'ztee'")],
)
def test_mistakes_are_one_sentence(command: Run, arguments: str, words: str) -> None:
    """A mistake ends in one sentence and exit code 1."""
    result = command("analyse", *arguments.split())
    assert result.returncode == 1 and words in result.stderr and "Traceback" not in result.stderr
