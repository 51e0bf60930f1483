"""What a statement's text is refused for, and that nothing hides in it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.cypher.guard import HIGHEST, LONGEST, check_statement
from graph.cypher.tokens import alternatives, height, tokens
from graph.errors import CypherFault

#: What is refused where it stands as code, each with its code.
FORBIDDEN = {
    "LOAD CSV FROM 'x' AS l": "cypher_import",
    "CALL db.info()": "cypher_procedure",
    "CALL `db`.`info`()": "cypher_procedure",
    "USE system": "cypher_admin",
    "SHOW USERS": "cypher_admin",
    "RETURN file()": "cypher_function",
    "; CREATE (n)": "cypher_statements",
}
#: Texts as people write them: no half characters, and no escapes, which are refused by themselves.
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40).filter(
    lambda text: "\\u" not in text.lower()
)
#: What may stand in comments and quoted names: letters, marks and what ASCII has.
PLAIN = st.text(st.characters(categories=["L", "Nd", "Zs"], include_characters="'\"`/*;(){}[]."))


def string(text: str, quote: str) -> str:
    """Return a text as a string of Cypher."""
    return quote + text.replace("\\", "\\\\").replace(quote, "\\" + quote) + quote


def refusal(text: str) -> str:
    """Return the code that a statement is refused with, or nothing."""
    try:
        check_statement(text)
    except CypherFault as fault:
        return fault.code
    return ""


@settings(deadline=None)
@given(
    before=st.lists(st.tuples(TEXTS, st.sampled_from("'\""))),
    comment=PLAIN.map(lambda text: text.replace("*/", "")),
    forbidden=st.sampled_from(sorted(FORBIDDEN)),
    space=st.sampled_from([" ", "\n", "\t", "/**/", "// x\n", "\u00a0"]),
)
def test_no_string_and_no_comment_hides_a_word(
    before: list[tuple[str, str]], comment: str, forbidden: str, space: str
) -> None:
    """Whatever strings, comments and spaces stand before it, what is forbidden is seen."""
    strings = ", ".join(string(text, quote) for text, quote in before) or "1"
    code = forbidden.replace(" ", space)
    text = f"RETURN {strings} AS x /*{comment.strip('*/')}*/ // it's\n{code}"
    if len(text.encode()) <= LONGEST:
        assert refusal(text) == FORBIDDEN[forbidden]


def test_a_command_of_a_client_is_named() -> None:
    """What Neo4j Browser takes before a statement is no Cypher."""
    assert refusal(":param n => 1\nRETURN $n") == "cypher_statements"


@settings(deadline=None)
@given(
    inside=st.lists(st.sampled_from(sorted(FORBIDDEN)) | TEXTS, max_size=5).map(" ".join),
    quote=st.sampled_from("'\""),
)
def test_no_word_in_a_string_is_refused(inside: str, quote: str) -> None:
    """A string may hold any text."""
    assert refusal(f"RETURN {string(inside, quote)} AS x") == ""


@settings(deadline=None)
@given(PLAIN)
def test_no_word_in_a_quoted_name_or_a_comment_is_refused(inside: str) -> None:
    """Nor may comments and names in backticks be read as code."""
    name = inside.replace("`", "``")
    assert refusal(f"RETURN 1 AS `CALL db.info() {name}`") == ""
    comment = inside.replace("*/", "")
    assert refusal(f"RETURN /* CALL db.info() {comment.rstrip('*')} */ 1 AS x") == ""


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    """No text is an error of ours, and what passes is whole: tokens and gaps give it back."""
    try:
        words = tokens(text)
    except CypherFault:
        return
    assert all(text[t.start : t.start + len(t.text)] == t.text for t in words)
    assert [t.start for t in words] == sorted(t.start for t in words)


@settings(deadline=None)
@given(st.text("()[]{}+-.,:&|! aANDORNOTCASEWHENTHENEND01'", max_size=300))
def test_the_height_is_at_most_the_number_of_tokens(text: str) -> None:
    """An estimate from above, and never beyond what is there."""
    try:
        words = tokens(text)
    except CypherFault:
        return
    assert 0 <= height(words, [token.word for token in words]) <= len(words)


@settings(deadline=None)
@given(
    operator=st.sampled_from(["+", "-", "*", "^", "||", "AND", "OR"]),
    steps=st.integers(HIGHEST + 1, 200),
    brackets=st.integers(0, 30),
    operand=st.sampled_from(["1", "x", "limit", "end", "where", "'x'", "$p", "x.y", "f(1)", "[1]"]),
)
def test_no_chain_is_too_long(operator: str, steps: int, brackets: int, operand: str) -> None:
    """However the operators of one expression are spread over brackets, and whatever they join."""
    chain = f" {operator} {operand}"
    outer, inner = chain * (steps // 2), chain * (steps - steps // 2)
    text = "RETURN " + "(" * brackets + f"(1{inner})" + ")" * brackets + outer
    words = tokens(text)
    assert height(words, [token.word for token in words]) > HIGHEST


@pytest.mark.parametrize(
    "statement",
    [
        "MATCH (a)-[r:X]->(b) WHERE " + " AND ".join(f"a.x{i} = b.y.z" for i in range(60)),
        "RETURN {" + ", ".join(f"k{i}: n.a.b[0]" for i in range(200)) + "}",
        "MATCH " + ", ".join(f"(a{i})-[:X]->(b{i})" for i in range(100)) + " RETURN 1",
        "RETURN [" + ", ".join(["1.5e3"] * 500) + "]",
        "MATCH (n) RETURN " + ", ".join(["CASE WHEN n.a THEN 1 ELSE 2 END AS x"] * 50),
    ],
)
def test_wide_statements_are_not_high(statement: str) -> None:
    """What stands side by side may be many."""
    assert refusal(statement) == ""


@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("A", 1),
        ("A|B|C", 3),
        ("A&B|C&D", 2),
        ("(A|B)&(C|D)&E", 4),
        ("!(A&B)", 2),
        ("!((A&B)|(C&D&E))", 6),
        ("!!((A|B)&(C|D))", 4),
        ("(A|(B&(C|D)))&(E|F)", 6),
    ],
)
def test_a_label_expression_has_so_many_alternatives(expression: str, number: int) -> None:
    """Written out as alternatives of labels that all apply."""
    assert alternatives(tokens(f"MATCH (n:{expression})-->(m:B) RETURN n")) == number


@pytest.mark.parametrize(
    "mark", ["–", "“", "…", "€", "→", "№", "，", "\u200c", "\u200d", "\ufeff", "🙂"]
)
def test_characters_that_hide_nothing(mark: str) -> None:
    """In comments, strings and backticks; as code they are refused."""
    assert refusal(f"RETURN 1 AS `a{mark}b` // {mark} \n /* {mark} */") == ""
    assert refusal(f"RETURN '{mark}' AS x, {{`{mark}`: 1}} AS y") == ""
    assert refusal(f"RETURN 1 {mark} AS x") == "cypher_characters"


@pytest.mark.parametrize("backslashes", range(1, 7))
def test_a_backslash_that_is_escaped_begins_no_escape(backslashes: int) -> None:
    """Neo4j decodes what an odd number of them begins, also in names and comments."""
    text = "\\" * backslashes + "u0041"
    code = "cypher_characters" if backslashes % 2 else ""
    for statement in (f"RETURN '{text}'", f"RETURN 1 AS `{text}`", f"RETURN 1 // {text}"):
        assert refusal(statement) == code


def test_escapes_beyond_ascii_are_their_characters() -> None:
    """As programs write texts; what the characters could hide is refused as if they stood there."""
    for escaped, plain in (
        (r"RETURN 'caf\u00e9 \u0633' AS x", "RETURN 'café س' AS x"),
        (r"RETURN '\\\u4e2d' AS x", "RETURN '\\\\中' AS x"),
        (r"RETURN '\ud83d\ude42' AS x", "RETURN '🙂' AS x"),
        (r"RETURN '\\u0633' AS x", r"RETURN '\\u0633' AS x"),
    ):
        assert check_statement(escaped).text == plain
    for hostile in (r"CA\u00adLL db.info()", r"RETURN '\ud83d' AS x", r"RETURN '\u0027' AS x"):
        assert refusal(hostile) == "cypher_characters"
    assert refusal(r"\uff23ALL db.info()") == "cypher_procedure"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("MATCH (n)\n  RETURN n, file()", (2, 13)),
        ("MATCH (n)\r\nCALL db.info()", (2, 1)),
        ("RETURN 1;\nRETURN 2", (1, 9)),
        ("RETURN '\\u0041'", (1, 9)),
        ("RETURN 1 AS `x", (1, 13)),
    ],
)
def test_a_fault_has_its_place(text: str, at: tuple[int, int]) -> None:
    """Line and column, from 1."""
    with pytest.raises(CypherFault) as error:
        check_statement(text)
    assert error.value.at == at


def test_parameters_and_random_functions_are_recognised() -> None:
    """A statement's parameters, and whether it is deterministic; strings do not count."""
    statement = check_statement("RETURN $a, $`b c`, '$d rand()' AS x // $e")
    assert statement.parameters == {"a", "b c"} and statement.deterministic
    assert not check_statement("RETURN Rand() AS x").deterministic
