"""What the fields of records are made of: ids, texts, days and the words of the ontology."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from typing_extensions import TypeAliasType

from graph import dates
from graph.errors import BadDate
from graph.ontology import ONTOLOGY

#: A slug. No dot, so that a suffix can name a format (api.md, section 1).
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
#: What no text may hold: control characters (a tab and a line break are white space, and become a
#: space where a text is one line), and the marks that turn the direction of text around, with which
#: a name can be made to look like another (UAX 9, section 2: LRE RLE PDF LRO RLO LRI RLI FSI PDI).
REFUSED = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff"
TEXT = f"^[^{REFUSED}]*$"
LINE = f"^[^\t\n\r\u2028\u2029{REFUSED}]*$"

#: A web address.
URL = r'^https?://[^\s<>"]+$'
_CODES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
#: The codes of ISO 3166-1 alpha-2 that are officially assigned.
COUNTRIES = frozenset(_CODES.split())

_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")

if TYPE_CHECKING:
    TypeName = str
    PredicateName = str
    ModalityName = str
    PolarityName = str
    LikelihoodName = str
    ConfidenceName = str
    StatusName = str
    TieTypeName = str
    SourceKindName = str
    QualifierName = str
    NameKindName = str
    VerdictName = str
else:

    def _one_of(name, values):
        """A named closed vocabulary: validated in Rust, and a schema of its own in OpenAPI."""
        return TypeAliasType(name, Literal[tuple(values)])

    TypeName = _one_of("TypeName", ONTOLOGY.types)
    PredicateName = _one_of("PredicateName", ONTOLOGY.predicates)
    ModalityName = _one_of("ModalityName", ONTOLOGY.modalities)
    PolarityName = _one_of("PolarityName", ONTOLOGY.polarities)
    LikelihoodName = _one_of("LikelihoodName", ONTOLOGY.likelihoods)
    ConfidenceName = _one_of("ConfidenceName", ONTOLOGY.confidences)
    StatusName = _one_of("StatusName", ONTOLOGY.statuses)
    TieTypeName = _one_of("TieTypeName", ONTOLOGY.tie_types)
    SourceKindName = _one_of("SourceKindName", ONTOLOGY.source_kinds)
    QualifierName = _one_of("QualifierName", ONTOLOGY.qualifiers)
    NameKindName = _one_of("NameKindName", ONTOLOGY.name_kinds)
    VerdictName = _one_of("VerdictName", ONTOLOGY.verdicts)


def as_list(value: Any) -> Any:
    """One id may stand for a list of one: `supplier: tiandy`."""
    return [value] if isinstance(value, str) else value


def _edtf(value: str) -> str:
    try:
        dates.parse(value)
    except BadDate as error:
        raise PydanticCustomError("date", "{reason}", {"reason": error.reason}) from error
    return value


def _day(value: Any) -> Any:
    # Without this pydantic takes 0 and "86400" for days too: seconds since 1970.
    if isinstance(value, date) or (isinstance(value, str) and _DAY.fullmatch(value)):
        return value
    raise PydanticCustomError("day", "a day is written 2024-03-31")


def _country(value: Any) -> Any:
    if isinstance(value, str) and value in COUNTRIES:
        return value
    raise PydanticCustomError("country", "no country has this code")


Id = Annotated[str, Field(pattern=SLUG, max_length=120)]
Line = Annotated[str, Field(min_length=1, max_length=500, pattern=LINE)]
Prose = Annotated[str, Field(min_length=1, max_length=5_000, pattern=TEXT)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{1,30}$")]
ClaimId = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Url = Annotated[str, Field(pattern=URL, max_length=2_000)]
Country = Annotated[str, Field(min_length=2, max_length=2), BeforeValidator(_country)]
EdtfText = Annotated[str, Field(max_length=100), BeforeValidator(_edtf)]
Day = Annotated[date, BeforeValidator(_day)]
_T = TypeVar("_T")
OneOrMore = Annotated[tuple[_T, ...], BeforeValidator(as_list)]
