"""What pages show of facts, in the reader's words."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from yingshang.facts.actions.reading import ReadProfile
from yingshang.facts.actions.recording import OWN_SOURCE
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import (
    Absence,
    DerivationDeclaration,
    FactTypeDeclaration,
    body_of,
)
from yingshang.facts.holding import Held
from yingshang.facts.models import ClaimState, FactClaim, FactValue, Grade, Reading
from yingshang.facts.profiles import Profile
from yingshang.facts.purposes import PURPOSES
from yingshang.facts.showing import (
    PERIODS,
    REFRESH,
    SENSITIVITY,
    SHAPES,
    english,
    label,
    say,
    type_text,
)
from yingshang.parties.models import Organ

Declared = FactTypeDeclaration | DerivationDeclaration
OTHER_GROUP = _("其他")
MOST_RELATIONS = 50
CLAIM_TONES = {ClaimState.OPEN: "warn", ClaimState.ACCEPTED: "good", ClaimState.REJECTED: "bad"}


@dataclass(frozen=True)
class Line:
    """One value of a fact as a page shows it: in words, since when, from whom, how surely."""

    text: str
    item: str = ""
    since: date | None = None
    until: date | None = None
    grade: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class FactShown:
    """One fact of a profile with its values; ``is_known`` tells whether anything is."""

    key: str
    label: str
    sensitivity: str
    source: str
    is_derived: bool
    lines: tuple[Line, ...] = ()
    absent: bool = False
    open_claims: int = 0
    href: str = ""

    @property
    def is_known(self) -> bool:
        """Tell whether there is something to show."""
        return bool(self.lines)


@dataclass
class Group:
    """Facts that belong together."""

    label: str
    facts: list[FactShown] = field(default_factory=list)

    @property
    def known(self) -> list[FactShown]:
        """Return those of which something is known, or disputed."""
        return [one for one in self.facts if one.is_known or one.open_claims]

    @property
    def unknown(self) -> list[FactShown]:
        """Return the others."""
        return [one for one in self.facts if not (one.is_known or one.open_claims)]

    @property
    def is_disputed(self) -> bool:
        """Tell whether a claim about one of them is open."""
        return any(one.open_claims for one in self.facts)

    @property
    def on_record(self) -> int:
        """Return of how many a value was recorded."""
        return sum(one.is_known and not one.absent and not one.is_derived for one in self.facts)


def everything_in(catalogue: Catalogue) -> Iterator[Declared]:
    """Yield fact types, then derivations."""
    yield from catalogue.types.values()
    yield from catalogue.derivations.values()


def group_label(part: Declared) -> str:
    """Return the group of a fact in the reader's language."""
    return str((english() and part.group_en) or part.group or OTHER_GROUP)


def groups_of(
    read: ReadProfile, claims: Iterable[FactClaim] = (), *, href: Callable[[str, bool], str]
) -> list[Group]:
    """Return a profile's facts by group, where most is on record first; derived ones after the others.

    ``href`` gives the address of a fact's page from its key and whether it is derived.
    """
    catalogue = read.profile.catalogue
    waiting: dict[str, int] = {}
    for claim in claims:
        if claim.state == ClaimState.OPEN:
            waiting[claim.key] = waiting.get(claim.key, 0) + 1
    found: dict[str, Group] = {}
    for part in everything_in(catalogue):
        if part.key in read.keys:
            name = group_label(part)
            group = found.setdefault(name, Group(name))
            shown = _shown(read.profile, part, waiting.get(part.key, 0))
            group.facts.append(replace(shown, href=href(part.key, shown.is_derived)))
    return sorted(found.values(), key=lambda group: -group.on_record)


def is_declarable(declared: FactTypeDeclaration) -> bool:
    """Tell whether a page asks for it: scalars and series that a subject may say of itself."""
    return declared.may_be_declared and declared.shape != "records"


def declarable_of(
    read: ReadProfile, *, href: Callable[[str, bool], str]
) -> tuple[list[FactShown], list[FactShown]]:
    """Return the facts that a subject may say of itself: those not known yet, and those it said.

    A scalar that a better source knows is left out, since a dispute is the way there.
    """
    unknown: list[FactShown] = []
    known: list[FactShown] = []
    for part in read.profile.catalogue.types.values():
        if part.key not in read.keys or not is_declarable(part):
            continue
        held = read.profile.held(part.key)
        if part.shape == "scalar" and held and held[0].source != OWN_SOURCE:
            continue
        shown = replace(_shown(read.profile, part, 0), href=href(part.key, False))
        (known if held else unknown).append(shown)
    return unknown, known


def _shown(profile: Profile, part: Declared, claims: int) -> FactShown:
    catalogue = profile.catalogue
    is_derived = isinstance(part, DerivationDeclaration)
    lines, absent = (
        (_derived_lines(profile, part.key), False) if is_derived else _lines(profile, part.key)
    )
    return FactShown(
        key=part.key,
        label=label(part),
        sensitivity=str(SENSITIVITY[catalogue.sensitivity_of(part.key)]),
        source=gettext("由其他数据推算") if is_derived else source_label(catalogue, part),
        is_derived=is_derived,
        lines=lines,
        absent=absent,
        open_claims=claims,
    )


def source_label(catalogue: Catalogue, part: Any) -> str:
    """Return what the source of a fact type is called."""
    found = catalogue.sources.get(part.source)
    return label(found) if found else str(part.source)


def _derived_lines(profile: Profile, key: str) -> tuple[Line, ...]:
    known = profile.known(key)
    if known is None:
        return ()
    typing = profile.catalogue.columns[key]
    return (Line(say(profile.catalogue, typing, known.value), grade=grade_label(known.grade)),)


def _lines(profile: Profile, key: str) -> tuple[tuple[Line, ...], bool]:
    declared = profile.catalogue.types[key]
    held = [_line(profile.catalogue, declared, one) for one in profile.held(key)]
    if held:
        newest_first = declared.shape != "scalar"
        return tuple(reversed(held)) if newest_first else tuple(held), False
    if not isinstance(declared.absence, Absence) or not profile.is_complete(key):
        return (), False
    if declared.shape != "scalar":
        return (Line(gettext("无记录")),), True
    return (Line(say(profile.catalogue, declared, declared.absence.value)),), True


def _line(catalogue: Catalogue, declared: FactTypeDeclaration, one: Held) -> Line:
    return Line(
        text=say(catalogue, declared, one.content),
        item=one.item if declared.shape != "scalar" else "",
        since=one.valid_from,
        until=one.valid_to,
        grade=grade_label(one.grade),
        evidence=one.evidence,
    )


def grade_label(grade: str) -> str:
    """Return a grade in words."""
    return str(Grade(grade).label)


@dataclass(frozen=True)
class Past:
    """A value that was held at some time, with both times and the acts that brought and ended it."""

    row: FactValue
    text: str
    grade: str
    source: str
    act: str
    by: str


def past_of(catalogue: Catalogue, rows: Iterable[FactValue]) -> list[Past]:
    """Return values with what brought them, as history shows them."""
    return [
        Past(
            row,
            say(catalogue, catalogue.types[row.key], row.content),
            grade_label(row.grade),
            _source_name(catalogue, row.source),
            row.load.get_sort_display(),
            organ_name(row.load.organ) if row.load.organ else row.load.actor_name,
        )
        for row in rows
    ]


def _source_name(catalogue: Catalogue, source: str) -> str:
    found = catalogue.sources.get(source)
    return label(found) if found else source


@dataclass(frozen=True)
class ClaimShown:
    """A claim in words."""

    claim: FactClaim
    label: str
    on_record: str
    claimed: str
    tone: str
    organ: str = ""


def claims_shown(
    catalogue: Catalogue, claims: Iterable[FactClaim], *, hidden: frozenset[str] = frozenset()
) -> list[ClaimShown]:
    """Return claims in the reader's words; of the ``hidden`` facts without what is on record.

    One about a fact that the catalogue dropped keeps its key.
    """
    return [_claim(catalogue, claim, claim.key in hidden) for claim in claims]


def _claim(catalogue: Catalogue, claim: FactClaim, is_hidden: bool) -> ClaimShown:
    declared = catalogue.types.get(claim.key)
    against = claim.against.content if claim.against else None
    said = (lambda content: say(catalogue, declared, content)) if declared else str
    item = f"（{claim.item}）" if claim.item else ""
    name = label(declared) if declared else claim.key
    tone = CLAIM_TONES[ClaimState(claim.state)]
    on_record = gettext("不显示") if is_hidden else said(against)
    organ = organ_name(claim.organ) if claim.organ else ""
    return ClaimShown(claim, f"{name}{item}", on_record, said(claim.content), tone, organ)


@dataclass(frozen=True)
class ReadingShown:
    """A reading in words: who, for which purpose, of what."""

    reading: Reading
    purpose: str
    what: str
    organ: str = ""


def readings_shown(catalogue: Catalogue, readings: Iterable[Reading]) -> list[ReadingShown]:
    """Return readings in the reader's words."""
    return [
        ReadingShown(
            one, str(purpose.label if (purpose := PURPOSES.find(one.purpose)) else one.purpose),
            _what(catalogue, one),
            organ_name(one.organ) if one.organ else "",
        )
        for one in readings
    ]  # fmt: skip


def _what(catalogue: Catalogue, reading: Reading) -> str:
    labels = [catalogue.label_of(key, english=english()) for key in reading.keys[:5]]
    what = "、".join(labels) or gettext("整份档案")
    if len(reading.keys) > 5:
        more = len(reading.keys)
        what = ngettext("%(first)s等 %(n)s 项", "%(first)s等 %(n)s 项", more) % {
            "first": what,
            "n": more,
        }
    return what


@dataclass(frozen=True)
class CatalogueLine:
    """One fact type or derivation in the catalogue."""

    key: str
    label: str
    group: str
    kind: str
    source: str
    owner: str
    refresh: str
    sensitivity: str
    values: int | None
    users: int


def owner_names(catalogue: Catalogue) -> dict[str, str]:
    """Return what the owner organ of each source is called; its duty where no organ is named."""
    keys = {source: catalogue.owner_of(source) for source in catalogue.sources}
    found = Organ.objects.filter(key__in=keys.values())
    organs = {organ.key: organ_name(organ) for organ in found}
    return {source: organs.get(key) or _duty(catalogue, source) for source, key in keys.items()}


def organ_name(organ: Organ) -> str:
    """Return what an organ is called in the reader's language."""
    return (english() and organ.name_en) or str(organ)


def _duty(catalogue: Catalogue, source: str) -> str:
    found = catalogue.sources[source]
    return found.duty_en if english() else found.duty


def kind_text(catalogue: Catalogue, key: str) -> str:
    """Return shape, type and unit in words."""
    declared = catalogue.types.get(key)
    if declared is None:
        return f"{gettext('派生项')} · {type_text(catalogue.columns[key])}"
    if declared.shape == "records":
        return str(SHAPES["records"])
    shape = str(SHAPES[declared.shape])
    period = f"（{PERIODS[declared.period]}）" if declared.period else ""
    return f"{shape}{period} · {type_text(declared)}"


def catalogue_lines(
    catalogue: Catalogue, values: dict[str, int], users: dict[str, int]
) -> Iterator[CatalogueLine]:
    """Yield the catalogue's lines; ``users`` counts what is derived from or ruled by each."""
    owners = owner_names(catalogue)
    for part in everything_in(catalogue):
        source = part.source if isinstance(part, FactTypeDeclaration) else ""
        declared = catalogue.sources.get(source)
        refresh = getattr(part, "refresh", None) or (declared.refresh if declared else "")
        yield CatalogueLine(
            key=part.key,
            label=label(part),
            group=group_label(part),
            kind=kind_text(catalogue, part.key),
            source=label(declared) if declared else gettext("由其他数据推算"),
            owner=owners.get(source, ""),
            refresh=str(REFRESH[refresh]) if refresh else "",
            sensitivity=str(SENSITIVITY[catalogue.sensitivity_of(part.key)]),
            values=values.get(part.key, 0) if source else None,
            users=users.get(part.key, 0),
        )


def absence_text(catalogue: Catalogue, declared: FactTypeDeclaration) -> str:
    """Say what no value means."""
    if not isinstance(declared.absence, Absence):
        return gettext("没有数据时视为未知")
    if declared.shape == "scalar":
        value = say(catalogue, declared, declared.absence.value)
    else:
        value = gettext("无记录")
    days = declared.absence.within_days
    if not days:
        return gettext("来源数据齐备后，没有数据即为“%(value)s”") % {"value": value}
    return ngettext(
        "来源数据在 %(n)s 天内齐备的，没有数据即为“%(value)s”",
        "来源数据在 %(n)s 天内齐备的，没有数据即为“%(value)s”",
        days,
    ) % {"n": days, "value": value}


def operator_text(catalogue: Catalogue, declared: DerivationDeclaration) -> str:
    """Say how a derived fact comes about."""
    how = body_of(declared.how)
    inputs = "、".join(catalogue.label_of(key, english=english()) for key in declared.inputs)
    words = {
        "latest": _("取最近一期"),
        "period": _("取最近完整期间"),
        "grew": _("连续逐期增长"),
        "growth": _("较上期的增长率"),
        "sum": _("合计"),
        "average": _("平均"),
        "count": _("计数"),
        "none": _("没有发生"),
        "ratio": _("相除"),
        "related": _("取自关联主体"),
    }
    limits = [
        gettext("%(n)s 个月内") % {"n": how["months"]} if how.get("months") else "",
        gettext("%(n)s 期") % {"n": how["periods"]} if how.get("periods") else "",
    ]
    parts = [inputs, *filter(None, limits), str(words[how["op"]])]
    return " · ".join(part for part in parts if part)
