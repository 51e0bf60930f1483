"""Supply lines: ties as lines from who supplies, lane by lane, to those it is used against.

The ontology gives each role its lane. An entity stands in the lane of most of its roles here; where
a line would run backwards it stands a second time, in the lane of that role. Things are words of a
line and no places. Ties between the same two places are one line; lines with the same words that
share an end are labelled once. The order within a lane is by barycentres (Sugiyama, Tagawa and Toda
1981), in fixed rounds, equals by id, so that the same ties give the same picture.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from graph.language import count, gettext
from graph.model import Claim, Tie
from graph.ontology import ONTOLOGY
from graph.wording import UNDATED
from viz import words
from viz.view import SUPPLY_TYPES, GraphView, Ref, Row

#: The lane of the things, and the lanes that have places, in their order.
ITEM = "item"
LANES = tuple(lane for lane in ONTOLOGY.lanes if lane not in (ITEM, "place"))
#: The types of tie that lines are drawn for, and those that say to which state an entity belongs.
LINE_TYPES = (
    *SUPPLY_TYPES,
    *ONTOLOGY.within_types,
)
#: The type of entity that stands above what belongs to it.
STATE = "State"
#: The most places in a lane; of more, those with the fewest lines become one.
MOST_PLACES = 14
#: The most labels in a picture: with more, lines are labelled together that differ in who says so,
#: and then in what is supplied.
MOST_LABELS = 16
ROUNDS = 8


@dataclass(eq=False, slots=True)
class Place:
    """An entity in a lane, with the state that it belongs to; or `gathered` entities in one."""

    ref: Ref
    lane: int
    owner: Ref | None = None
    gathered: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Line:
    """The ties from one place to another, the best supported first.

    `verb`, `things`, `when` and `speakers` are its words; `inferred` says of either end whether it
    is a reading of the editors.
    """

    source: Place
    target: Place
    rows: list[Row]
    verb: str
    things: str
    when: str
    speakers: str
    inferred: tuple[bool, bool]

    @property
    def row(self) -> Row:
        """The tie that gives the line its words and its look."""
        return self.rows[0]

    @property
    def detail(self) -> str:
        """When, who says so, and how many other ties it has."""
        more = len(self.rows) - 1
        also = (
            (count(more, "and %(num)s more connection", "and %(num)s more connections"),)
            if more
            else ()
        )
        return " · ".join((self.when, self.speakers, *also))

    @property
    def width(self) -> float:
        """In pixels: thicker for more independent accounts."""
        return 1.5 + 0.9 * min(self.row.independent - 1, 4)

    @property
    def title(self) -> str:
        """All its ties as sentences."""
        return "; ".join(f"{row.sentence} ({row.support})" for row in self.rows)


@dataclass(eq=False, slots=True)
class Label:
    """Lines with the same verb, and the words that all of them share."""

    lines: list[Line]

    @property
    def verb(self) -> str:
        """What the source of each does."""
        return self.lines[0].verb

    @property
    def things(self) -> str:
        """With what; empty where the lines differ in it."""
        return _shared((line.things for line in self.lines), "")

    @property
    def detail(self) -> str:
        """When, and who says so."""
        if len({(line.things, line.detail) for line in self.lines}) == 1:
            return self.lines[0].detail
        when = _shared((line.when for line in self.lines), gettext("different dates"))
        speakers = _shared((line.speakers for line in self.lines), gettext("different speakers"))
        ties = sum(len(line.rows) for line in self.lines)
        return " · ".join((words.connections(ties), when, speakers))

    @property
    def brief(self) -> str:
        """The detail without a date that nobody gives."""
        return self.detail.replace(f"{gettext(words.NO_DATE)} · ", "")

    @property
    def places(self) -> list[Place]:
        """The places at the ends of its lines."""
        return list(dict.fromkeys(p for line in self.lines for p in (line.source, line.target)))


@dataclass(eq=False, slots=True)
class Pass:
    """Where the lines of a label cross a lane that they have no end in."""

    label: Label


Cell = Place | Label | Pass
Column = list[Cell]


@dataclass(frozen=True, slots=True)
class Grid:
    """Lanes and, after each but the last, the labels of the lines that leave it, all in order.

    `beside` has the neighbours of each cell in the columns before and after its own; `passes` the
    cells that the lines of a label cross.
    """

    labels: tuple[Label, ...]
    columns: tuple[Column, ...]
    beside: Mapping[Cell, list[Cell]]
    passes: Mapping[Label, list[Pass]]


def _shared(texts: Iterable[str], otherwise: str) -> str:
    """The text that all of these are; another one where they differ."""
    distinct = set(texts)
    return distinct.pop() if len(distinct) == 1 else otherwise


def supply_lines(view: GraphView) -> list[Line]:
    """Return the lines of a graph page's ties, the best supported first; perhaps none."""
    ties = [tie for tie in view.graph.ties if _roles(tie)]
    ties.sort(key=lambda tie: (-tie.rank, -tie.independent, tie.key))
    lanes: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for tie in ties:
        for entity_id, lane in zip((tie.key.source, tie.key.target), _roles(tie), strict=True):
            lanes[entity_id][lane] += 1
    usual = {i: min((-n, lane) for lane, n in of.items())[1] for i, of in lanes.items()}
    ends = {tie.key: _ends(tie, usual) for tie in ties}
    places = _places(view, Counter(end for pair in ends.values() for end in pair))
    rows = {row.key: row for row in view.rows}
    lines: dict[tuple[Place, Place], Line] = {}
    for tie in ties:
        source, target = (places[end] for end in ends[tie.key])
        row = rows[str(tie.key)]
        if line := lines.get((source, target)):
            line.rows.append(row)
        else:
            texts = _texts(view, tie, row)
            lines[source, target] = Line(source, target, [row], *texts, _inferred(tie))
    return list(lines.values())


def _roles(tie: Tie) -> tuple[int, ...]:
    """The lanes of a tie's roles; empty for a tie that no line is drawn for."""
    lanes = ONTOLOGY.tie_lanes[tie.key.type]
    if tie.intermediary:
        lanes = ("via", lanes[1])
    return tuple(LANES.index(lane) for lane in lanes) if set(lanes) <= set(LANES) else ()


def _ends(tie: Tie, usual: Mapping[str, int]) -> tuple[tuple[str, int], tuple[str, int]]:
    """Both ends with their lanes: the usual ones if the line then runs forward."""
    source, target = tie.key.source, tie.key.target
    first, last = _roles(tie)
    choices = [
        (usual[source], usual[target]),
        (first, usual[target]),
        (usual[source], last),
        (first, last),
    ]
    start, end = next((pair for pair in choices if pair[0] < pair[1]), choices[-1])
    return (source, start), (target, end)


def _places(view: GraphView, ends: Counter[tuple[str, int]]) -> dict[tuple[str, int], Place]:
    """The place of each entity in its lane; those with the fewest lines share one, if need be."""
    owners = _owners(view)
    places = {}
    for number in range(len(LANES)):
        lane = sorted((end for end in ends if end[1] == number), key=lambda e: (-ends[e], e[0]))
        keep = lane if len(lane) <= MOST_PLACES else lane[: MOST_PLACES - 1]
        for end in keep:
            owner = owners.get(end[0])
            above = view.ref(owner) if owner and number < len(LANES) - 1 else None
            places[end] = Place(view.ref(end[0]), number, above)
        rest = lane[len(keep) :]
        names = tuple(sorted(view.ref(entity_id).text for entity_id, _ in rest))
        others = Place(
            Ref(count(len(rest), "%(num)s other", "%(num)s others"), described=True),
            number,
            None,
            names,
        )
        places |= dict.fromkeys(rest, others)
    return places


def _owners(view: GraphView) -> dict[str, str]:
    """The state that each entity belongs to, by ties that are stated as facts."""
    within = {
        tie.key.source: tie.key.target
        for tie in sorted(view.graph.ties, key=lambda tie: tie.key, reverse=True)
        if tie.key.type in ONTOLOGY.within_types and tie.rank >= ONTOLOGY.ranks["reported"]
    }
    owners = {}
    for entity_id in within:
        chain = [entity_id]
        while chain[-1] in within and within[chain[-1]] not in chain:
            chain.append(within[chain[-1]])
        if view.ref(chain[-1]).type == STATE:
            owners[entity_id] = chain[-1]
    return owners


def _texts(view: GraphView, tie: Tie, row: Row) -> tuple[str, str, str, str]:
    """`supplied`, `recorders`, `possibly 2021`, and `a study, cited by an article`."""
    claims = [view.graph.claims[i] for i in tie.basis_ids if i in view.graph.claims]
    things = dict.fromkeys(view.ref(i).text for claim in claims for i in _things(claim))
    when = gettext(words.NO_DATE) if row.when == gettext(UNDATED) else row.when
    parts = [_speakers(view, claims, row)]
    parts += [gettext("speaker inferred by the editors")] if tie.speaker_inferred else []
    parts += [gettext("disputed")] if row.disputed else []
    # What somebody supplies is the object of the verb; with what somebody acts is not.
    text = words.first_few(list(things), 3)
    if things and max(_roles(tie)) == len(LANES) - 1:
        text = gettext("with %(things)s", things=text)
    return row.relation, text, when, " · ".join(parts)


def _things(claim: Claim) -> Iterator[str]:
    roles = ONTOLOGY.predicates[claim.predicate].roles
    for role, ids in claim.roles.items():
        if roles[role].lane == ITEM:
            yield from ids


def _speakers(view: GraphView, claims: Sequence[Claim], row: Row) -> str:
    """Who says so in the fewest words: `a study, cited by an article`."""
    if row.independent > 1 or not claims:
        return words.independent_accounts(row.independent)
    first, *others = (_speaker(view, link) for link in claims[0].said_by)
    if not others:
        return first
    if len(others) == 1:
        return gettext("%(speaker)s, cited by %(document)s", speaker=others[-1], document=first)
    return gettext("%(speaker)s, by way of %(document)s", speaker=others[-1], document=first)


def _speaker(view: GraphView, link: str) -> str:
    source = view.graph.sources.get(link)
    if source is None:
        return view.name(link)
    label = ONTOLOGY.source_kinds[source.kind].label
    if label[0] in "aeiou":
        return gettext("an %(kind)s", kind=gettext(label))
    return gettext("a %(kind)s", kind=gettext(label))


def _inferred(tie: Tie) -> tuple[bool, bool]:
    entries = [entry for p in ONTOLOGY.predicates.values() for entry in p.ties]
    entries = [entry for entry in entries if entry.type == tie.key.type]
    sources, targets = {each.source for each in entries}, {each.target for each in entries}
    return not sources.isdisjoint(tie.inferred), not targets.isdisjoint(tie.inferred)


#: What lines have in common that are labelled together, from the narrowest to the widest.
Look = Callable[[Line], tuple[object, ...]]
_LOOKS: tuple[Look, ...] = (
    lambda line: (*_look(line), line.things, line.detail),
    lambda line: (*_look(line), line.things),
    lambda line: _look(line),
)


def _look(line: Line) -> tuple[object, ...]:
    return line.verb, line.row.status, line.row.disputed, line.inferred


def _labels(lines: Sequence[Line], look: Look) -> list[Label]:
    """Return the lines by their words: first those with one source, then those with one target."""
    by_source: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    for line in lines:
        by_source[line.source, line.target.lane, *look(line)].append(line)
    by_end: defaultdict[tuple[object, ...], list[Line]] = defaultdict(list)
    for (source, lane, *same), group in by_source.items():
        ends = (source, lane) if len(group) > 1 else (group[0].target, group[0].source.lane)
        by_end[*ends, *same] += group
    return [Label(group) for group in by_end.values()]


def grid(lines: Sequence[Line], *, narrow: bool = False) -> Grid:
    """Return the cells of a picture of lines, at least one, in their order.

    In a `narrow` one, lines that differ in who says so alone are labelled together.
    """
    choices = [_labels(lines, look) for look in _LOOKS[narrow:]]
    labelled = next((each for each in choices if len(each) <= MOST_LABELS), choices[-1])
    lanes = sorted({place.lane for label in labelled for place in label.places})
    beside: defaultdict[Cell, list[Cell]] = defaultdict(list)
    rows: dict[int, Column] = {lane: [] for lane in lanes}
    words: dict[int, Column] = {lane: [] for lane in lanes[:-1]}
    passes: dict[Label, list[Pass]] = {}
    for label in labelled:
        source, target = label.lines[0].source.lane, label.lines[0].target.lane
        words[source].append(label)
        crossed = [lane for lane in lanes if source < lane < target]
        passes[label] = [Pass(label) for _ in crossed]
        for lane, crossing in zip(crossed, passes[label], strict=True):
            rows[lane].append(crossing)
        chain: list[Cell] = [label, *passes[label]]
        for one, other in pairwise(chain):
            beside[one].append(other)
            beside[other].append(one)
        for place in label.places:
            near = label if place.lane == source else chain[-1]
            beside[near].append(place)
            beside[place].append(near)
    for cell in beside:
        if isinstance(cell, Place):
            rows[cell.lane].append(cell)
    columns = [sorted(part, key=_name) for n in lanes for part in (rows[n], words.get(n, []))][:-1]
    for turn in range(ROUNDS):
        for column in columns[1:] if turn % 2 == 0 else columns[-2::-1]:
            _sort(column, beside, columns)
    return Grid(tuple(labelled), tuple(columns), beside, passes)


def _sort(column: Column, beside: Mapping[Cell, list[Cell]], columns: list[Column]) -> None:
    """Sort a column by the mean height of the neighbours; what has one owner stays together."""
    height = {it: (n + 0.5) / len(each) for each in columns for n, it in enumerate(each)}
    means = {it: fmean(height[each] for each in beside[it]) for it in column}
    owned: defaultdict[str, list[float]] = defaultdict(list)
    for it in column:
        owned[group(it)].append(means[it])
    column.sort(
        key=lambda it: (
            fmean(owned[group(it)]),
            group(it),
            group(it) != _name(it),
            means[it],
            _name(it),
        )
    )


def group(it: Cell) -> str:
    """Return what stays together: a state and what belongs to it; all else is alone."""
    return it.owner.id if isinstance(it, Place) and it.owner else _name(it)


def _name(it: Cell) -> str:
    match it:
        case Place():
            return it.ref.id
        case Label():
            return it.lines[0].row.key
        case Pass():
            return it.label.lines[0].row.key
