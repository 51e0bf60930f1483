"""What the documents say is so: their commands run, and what they list is complete."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from sightlines import __version__
from sightlines.settings import Settings
from sightlines.wheel import NAME

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCUMENTS += sorted((ROOT / "docs").glob("*.md"))


def shell_lines(text: str) -> list[list[str]]:
    """The commands of the shell examples, each as its words, without comments."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [
        words for block in blocks for line in block.splitlines()
        if (words := shlex.split(line, comments=True))
    ]  # fmt: skip


def test_the_readme_is_short() -> None:
    """A newcomer reads it whole: under 150 lines."""
    assert len(README.splitlines()) < 150


def test_the_make_targets_exist() -> None:
    """Every `make` target that a document names is in the Makefile."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    for target in set(re.findall(r"(?:^|`)make ([a-z]+)", texts, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_the_addresses_of_the_readme_answer(api: TestClient) -> None:
    """Every `curl` line of the README gets an answer with something in it."""
    addresses = [words[1] for words in shell_lines(README) if words[0] == "curl"]
    assert len(addresses) >= 3
    for address in addresses:
        answer = api.get(address.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200, address
        assert answer.json().get("results", [answer.json()]), address


def test_the_cypher_of_the_readme_answers(command) -> None:
    """Every `sightlines cypher` line of the README gets rows."""
    command("load", "seeds", "--replace")
    lines = [words for words in shell_lines(README) if words[:2] == ["sightlines", "cypher"]]
    assert len(lines) >= 2
    for words in lines:
        result = command(*words[1:], "--json")
        assert result.returncode == 0 and json.loads(result.stdout)["rows"], words


def test_every_setting_is_documented() -> None:
    """docs/settings.md lists the variables that there are, and no other."""
    page = (ROOT / "docs/settings.md").read_text(encoding="utf-8")
    names = set(re.findall(r"^\| `(SIGHTLINES_[A-Z0-9_]+)`", page, re.MULTILINE))
    assert names == {f"SIGHTLINES_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    """A relative link names a file that is there."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
        assert (document.parent / target).exists(), target


def test_the_changelog_knows_the_version() -> None:
    """A released version has its entry; until then everything stands under Unreleased."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert "## Unreleased" in changelog or f"## {__version__}" in changelog


def test_the_client_is_installed_from_the_server() -> None:
    """Documents name the wheel as the server does, and no package of the registry as ours."""
    for document in [*DOCUMENTS, ROOT / "docs" / "client.ipynb"]:
        text = document.read_text(encoding="utf-8")
        assert {*re.findall(r"sightlines_client-[^/]+?\.whl", text)} <= {NAME}, document
        assert not re.search(r"pip install \W?sightlines", text), document
    assert NAME in README


def test_nothing_names_a_registry_or_this_machine() -> None:
    """Lock files pin by hash and name no host; no committed text holds a path of one machine."""
    least = {
        "requirements.lock": 50,
        "requirements-dev.lock": 50,
        "requirements-documents.lock": 15,
    }
    for name, count in least.items():
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text and "--index-url" not in text and "--find-links" not in text
        pinned = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==", text, re.MULTILINE)
        assert len(pinned) > count and text.count("--hash=sha256:") >= len(pinned)
