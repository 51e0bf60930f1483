"""The two axes of time in Cypher: the only test of whether a claim counts at a moment.

`graph.projection` decides the same in Python for one tie at a time; here the store can filter,
count and order by it. tests/graph/queries/test_moment.py holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import LiteralString

from graph import projection
from graph.model import Tie
from graph.queries.clauses import lines, where


@dataclass(frozen=True, slots=True)
class Moment:
    """The three parameters of time: see domain.md, "Two time axes". Days are UTC."""

    as_of: date | None = None
    known_by: date | None = None
    certain: bool = False

    @property
    def timeless(self) -> bool:
        """Whether it names no day: then everything counts, whatever `certain` says."""
        return self.as_of is None and self.known_by is None

    def parameters(self, prefix: str = "") -> dict[str, date]:
        """Return the parameters that the test of this moment names."""
        days = {"as_of": self.as_of, "known_by": self.known_by}
        return {prefix + name: day for name, day in days.items() if day is not None}

    def of(self, tie: Tie) -> Tie | None:
        """Project a tie again, as it is at this moment; None if nothing is left of it."""
        if self.timeless:
            return tie
        return projection.tie(tie.key, tie.supports, self.as_of, self.known_by, self.certain)


#: No day: ties and claims as they are of all times.
ALWAYS = Moment()


def counts(
    moment: Moment,
    prefix: LiteralString,
    suffix: LiteralString = "",
    *,
    certain: bool | None = None,
    parameter: LiteralString = "",
) -> LiteralString:
    """Return the condition for a claim to have held and been known at a moment.

    The days that it compares are `prefix` + `held_from` + `suffix` and so on: those of a claim `c`
    begin with `c.`; those of the claim at position `i` of a tie `r` begin with `r.claim_` and end
    with `[i]`. `certain` replaces that of the moment. The names of the parameters begin with
    `parameter`. A timeless moment gives `true`.
    """
    surely: LiteralString = "surely_" if (moment.certain if certain is None else certain) else ""
    window: LiteralString = surely or "held_"
    as_of, known_by = "$" + parameter + "as_of", "$" + parameter + "known_by"
    conditions: list[LiteralString] = []
    if moment.as_of is not None:
        start, end = prefix + window + "from" + suffix, prefix + window + "to" + suffix
        conditions.append(start + " <= " + as_of + " <= " + end)
    if moment.known_by is not None:
        conditions.append(prefix + surely + "known_from" + suffix + " <= " + known_by)
    return "\n  AND ".join(conditions) or "true"


def affirmations(moment: Moment, parameter: LiteralString = "") -> LiteralString:
    """Return the positions of a tie's affirming claims that count, the strongest claim first."""
    condition = counts(moment, "r.claim_", "[i]", parameter=parameter)
    return "[i IN range(0, r.claims - 1)\n  WHERE " + condition + "]"


def denials(moment: Moment, parameter: LiteralString = "") -> LiteralString:
    """Return the positions of a tie's denying claims that count."""
    condition = counts(moment, "r.denial_claim_", "[i]", parameter=parameter)
    last: LiteralString = "size(coalesce(r.denial_claim_ids, [])) - 1"
    return "[i IN range(0, " + last + ")\n  WHERE " + condition + "]"


def surely(
    moment: Moment, positions: LiteralString = "claims", parameter: LiteralString = ""
) -> LiteralString:
    """Return those of some positions of a tie `r` whose affirming claims count for certain."""
    if moment.timeless or moment.certain:
        return positions
    condition = counts(moment, "r.claim_", "[i]", certain=True, parameter=parameter)
    return "[i IN " + positions + "\n  WHERE " + condition + "]"


def basis(
    positions: LiteralString, sure: LiteralString, strongest: LiteralString = ""
) -> LiteralString:
    """Return the positions of a tie `r` on whose claims its status rests at a moment.

    `positions`, a variable, has the affirming claims that count then, the strongest first: where
    there is a report, the first is one or a document. `sure` has those of them that are `surely`
    there, `strongest` is the variable of the first one's status, if there is one. See
    `graph.model.Tie.basis`: the tie is there for certain if `sure` has the first of these.
    """
    first: LiteralString = strongest or "r.claim_statuses[" + positions + "[0]]"
    of: LiteralString = positions
    if sure != positions:
        of = (
            "head([some IN [" + sure + ", " + positions + "]"
            " WHERE r.claim_statuses[some[0]] = " + first + "])"
        )
    return "[i IN " + of + "\n  WHERE r.claim_statuses[i] IN [" + first + ", 'reported']]"


def independent(positions: LiteralString) -> LiteralString:
    """Return how many independent accounts the claims at some positions of a tie `r` have.

    They are those of its basis. It is the pass of `graph.projection.accounts`, in the same order.
    """
    return (
        "size(reduce(apart = [], ids IN [i IN r.claim_order\n  WHERE i IN "
        + positions
        + """ | split(r.claim_rests_on[i], ' ')] | apart + CASE
  WHEN any(one IN apart WHERE any(id IN ids WHERE id IN one)) THEN [] ELSE [ids]
END))"""
    )


#: Whether a tie `r` of which `basis` are the positions is marked as inferred: see
#: `graph.projection.marks`. A date or a speaker is no end.
INFERRED: LiteralString = """(all(i IN basis WHERE r.claim_intermediary[i]
    OR NOT r.claim_inferred[i] IN ['', 'when', 'said_by', 'when said_by'])
  AND any(i IN basis WHERE NOT r.claim_inferred[i] IN ['', 'when', 'said_by', 'when said_by']))"""


def disputed(positions: LiteralString, status: LiteralString) -> LiteralString:
    """Return whether the denying claims at some positions of a tie `r` of a status dispute it.

    One that denies a plan disputes what is only planned: see `graph.projection.tie`.
    """
    return (
        "any(i IN " + positions + " WHERE " + status + " = 'planned'"
        " OR r.denial_claim_statuses[i] = 'denied')"
    )


def past(moment: Moment) -> LiteralString:
    """Return whether a tie `r` of which `basis` are the positions is told as past at a moment."""
    return "false" if moment.as_of is not None else "all(i IN basis WHERE r.claim_past[i])"


def inferred(moment: Moment) -> LiteralString:
    """Return whether a tie `r` is marked as inferred at a moment."""
    if moment.timeless:
        return "(r.inferred IS NOT NULL)"
    return (
        "any(basis IN [claims IN [" + affirmations(moment) + "]\n"
        "  | " + basis("claims", surely(moment)) + "]\n"
        "  WHERE " + INFERRED + ")"
    )


def status_and_independent(
    moment: Moment, variables: LiteralString = "r", reading: LiteralString = ""
) -> LiteralString:
    """Return the clauses from a tie `r` to its `status` and `independent` at a moment.

    The `variables`, `r` among them, remain. A tie of which no affirming claim counts gives no row;
    nor does one whose being `inferred` does not fit `reading`, such as `= true`.
    """
    if moment.timeless:
        return lines(
            "WITH " + variables + " WHERE " + inferred(moment) + " " + reading if reading else "",
            "WITH " + variables + ", r.status AS status, r.independent AS independent",
        )
    return lines(
        "WITH " + variables + ", " + affirmations(moment) + " AS claims",
        where("size(claims) > 0"),
        "WITH " + variables + ", r.claim_statuses[claims[0]] AS status,",
        "  " + basis("claims", surely(moment)) + " AS basis",
        where(INFERRED + " " + reading) if reading else "",
        "WITH " + variables + ", status, " + independent("basis") + " AS independent",
    )
