"""Write the words of the interface into the files of its languages: `make words`.

`graph/languages/en.po` lists every message of the templates, the scripts, the code and the
vocabularies of `graph/`. Each other language has its translations in a file like it, to which new
messages are added, and a `.mo` file, which the program reads. `make words LANGUAGE=fr` begins one.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from graph.language import ENGLISH, FOLDER  # noqa: E402
from graph.ontology import ONTOLOGY  # noqa: E402
from graph.properties import properties  # noqa: E402
from graph.queries.findings import rules  # noqa: E402
from graph.vocabulary import vocabulary  # noqa: E402
from viz import assets  # noqa: E402

#: The functions that take messages, with the places of these among their arguments.
KEYWORDS = {"gettext": None, "_": None, "mark": None, "ngettext": (1, 2), "count": (2, 3)}
#: As in `viz.page`.
_TEMPLATE = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
_PLACES = (
    ("python", "**/*.py", ("graph", "viz", "api", "sightlines")),
    ("jinja2.ext:babel_extract", "templates/*.html", ("viz",)),
)
_USES = re.compile(r"^(from graph(\.language import| import language)|def gettext)", re.MULTILINE)
_HEAD = """\
# Every word and sentence of the pages of Sightlines, in English; written by `make words`.
# To translate them, begin a file of your language: docs/translating.md.
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""


def messages() -> Catalog:
    """Return every message of the interface, with the files that it stands in."""
    catalog = Catalog(fuzzy=False)
    for method, pattern, folders in _PLACES:
        for folder in folders:
            for path in sorted((ROOT / folder).glob(pattern)):
                _add(catalog, method, path)
    for path in sorted((ROOT / "viz" / "static").glob("*.js")):
        for messages_of_kind in assets.messages(path.read_text(encoding="utf-8")):
            for message in sorted(messages_of_kind):
                catalog.add(message, locations=[(f"viz/static/{path.name}", 1)])
    for message, file in _vocabularies():
        if message:
            catalog.add(message, locations=[(f"graph/{file}", 1)])
    return catalog


def _add(catalog: Catalog, method: str, path: Path) -> None:
    # Elsewhere a function of these names is another one.
    if path.suffix == ".py" and not _USES.search(path.read_text(encoding="utf-8")):
        return
    name = path.relative_to(ROOT).as_posix()
    for _, message, comments, _ in extract_from_file(
        method, path, KEYWORDS, ("Translators:",), _TEMPLATE, strip_comment_tags=True
    ):
        catalog.add(message, locations=[(name, 1)], auto_comments=comments)


def _vocabularies() -> Iterator[tuple[str, str]]:
    """Yield the words of the vocabularies in `graph/`, each with its file."""
    words = ONTOLOGY
    for group in (words.types, words.lanes, words.predicates, words.modalities, words.polarities,
                  words.likelihoods, words.confidences, words.statuses, words.source_kinds,
                  words.qualifiers):  # fmt: skip
        for word in group.values():
            yield word.label, "ontology.yaml"
            yield word.help, "ontology.yaml"
    for entity_type in words.types.values():
        yield entity_type.plural, "ontology.yaml"
    for predicate in words.predicates.values():
        for part in (*predicate.roles.values(), *predicate.details.values()):
            yield part.help, "ontology.yaml"
    for role in (*words.role_names, *words.detail_names):
        yield role.replace("_", " "), "ontology.yaml"
    for tie in words.tie_types.values():
        for verb in (*tie.words.values(), *tie.inverse_words.values()):
            yield verb, "ontology.yaml"
    for word, meaning in vocabulary().items():
        yield word, "vocabulary.yaml"
        yield meaning, "vocabulary.yaml"
    for rule in rules():
        for text in (rule.sentence, rule.caution, rule.reading):
            yield text, "findings.yaml"
    own = properties()
    for kind in (*own.nodes.values(), *own.edges.values()):
        yield kind.help, "properties.yaml"
    for name in ("Entity", "Claim", "Source"):
        for meaning in own.of_node(name).values():
            yield meaning.help, "properties.yaml"
    for meaning in own.of_edge("tie").values():
        yield meaning.help, "properties.yaml"


def english(catalog: Catalog) -> str:
    """Return the file of English: the messages, without translations."""
    file = io.BytesIO()
    write_po(file, catalog, width=100, omit_header=True, sort_by_file=True, include_lineno=False)
    return _HEAD + file.getvalue().decode()


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, list | tuple) else [message.string]
    return bool(message.id) and all(texts) and not message.fuzzy


def main(language: str = "") -> None:
    """Write all files; `language` is one to begin, by its code."""
    template = messages()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{ENGLISH.code}.po").write_text(english(template), encoding="utf-8")
    files = {path for path in FOLDER.glob("*.po") if path.stem != ENGLISH.code}
    if language:
        files.add(FOLDER / f"{language}.po")
    for path in sorted(files):
        head = f"# {path.stem}: the words of the pages of Sightlines (docs/translating.md)."
        locale = path.stem.replace("-", "_")
        catalog = Catalog(locale, header_comment=head, project="Sightlines", fuzzy=False)
        if path.exists():
            with path.open("rb") as file:
                catalog = read_po(file, locale)
        catalog.update(template, update_creation_date=False)
        with path.open("wb") as file:
            write_po(file, catalog, width=100, include_lineno=False)
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, catalog)
        done = sum(map(_is_translated, catalog))
        print(f"{path.name}: {done} of {len(catalog)} messages are translated")
    print(f"{ENGLISH.code}.po: {len(template)} messages")


if __name__ == "__main__":
    main(*sys.argv[1:])
