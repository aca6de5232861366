"""What a finding rests on: each fact's value, source, day and grade, and where a wrong one is disputed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext

from yingshang.domains.checkups.offers import HAND_INS
from yingshang.facts.catalogue import Catalogue
from yingshang.facts.declaring import DerivationDeclaration, FactTypeDeclaration
from yingshang.facts.holding import Held
from yingshang.facts.models import Grade
from yingshang.facts.profiles import Profile
from yingshang.facts.showing import english, label, say
from yingshang.kernel.times import SHANGHAI, today
from yingshang.parties.models import Organ, valid_on
from yingshang.rulebook.showing import Reader

MOST_BASES = 6


@dataclass(frozen=True)
class Basis:
    """A value as a source gave it; ``item`` is its period or record, ``since`` when it became true."""

    key: str
    name: str
    value: str
    source: str
    grade: str
    item: str = ""
    since: date | None = None
    recorded_on: date | None = None
    dispute: str = ""
    history: str = ""


@dataclass(frozen=True)
class Evidence:
    """A column that a rule reads, as it is known; without ``value`` it is unknown.

    ``withheld`` where the reader may not see it, ``absent`` where it follows from the source having told
    everything there is.
    """

    key: str
    name: str
    value: str
    grade: str = ""
    bases: tuple[Basis, ...] = ()
    more: int = 0
    withheld: bool = False
    absent: str = ""


def evidence_of(profile: Profile, reader: Reader, key: str, *, own: bool) -> Evidence:
    """Return what is known of one column; ``own`` readers get addresses for disputing it."""
    catalogue = profile.catalogue
    if key in reader.book.parameters:
        value = reader.book.declarations.find(key)
        return Evidence(key, reader.name(key), reader.value(key, value.value if value else None))
    if not profile.shows(key):
        return Evidence(key, reader.name(key), "", withheld=True)
    known = profile.known(key)
    if known is None:
        return Evidence(key, reader.name(key), "")
    held = [one for one in profile.places([key]) if one.held is not None]
    bases = tuple(
        _basis(catalogue, one.held, own=own and one.subject == profile.subject_id)
        for one in held[-MOST_BASES:]
        if one.held is not None and profile_shows(profile, one.key)
    )
    absent = _source_name(catalogue, known.source) if known.absent else ""
    return Evidence(
        key,
        reader.name(key),
        reader.value(key, known.value),
        str(Grade(known.grade).label),
        bases[::-1],
        max(0, len(held) - MOST_BASES),
        absent=absent,
    )


def profile_shows(profile: Profile, key: str) -> bool:
    """Tell whether the reader may see a fact that another rests on."""
    return (
        profile.shown is None
        or profile.catalogue.sensitivity_of(key) != "sensitive"
        or (profile.shows(key))
    )


def _basis(catalogue: Catalogue, held: Held, *, own: bool) -> Basis:
    declared = catalogue.types[held.key]
    address = reverse("portal:dispute-fact", args=[held.key]) if own else ""
    item = f"?item={held.item}" if held.item and declared.shape != "scalar" else ""
    return Basis(
        key=held.key,
        name=label(declared),
        value=say(catalogue, declared, held.content),
        source=_source_name(catalogue, held.source),
        grade=str(Grade(held.grade).label),
        item=held.item if declared.shape != "scalar" else "",
        since=held.valid_from if declared.shape == "scalar" else None,
        recorded_on=held.recorded_at.astimezone(SHANGHAI).date(),
        dispute=f"{address}{item}" if address else "",
        history=reverse("portal:my-fact", args=[held.key]) if own else "",
    )


def _source_name(catalogue: Catalogue, source: str) -> str:
    found = catalogue.sources.get(source)
    return label(found) if found else source


@dataclass(frozen=True)
class Supply:
    """A fact that is lacking, and how it becomes known; ``way`` is ``declare``, ``hand_in`` or ``ask``."""

    key: str
    name: str
    source: str
    owner: str
    way: str
    label: str
    href: str = ""


def supplies_of(
    profile: Profile, columns: Sequence[str], owners: Mapping[str, str], *, own: bool
) -> list[Supply]:
    """Return what would have to be supplied for columns to be known, each fact once.

    ``owners`` are those of :func:`owner_names`.
    """
    catalogue = profile.catalogue
    lacking: dict[str, FactTypeDeclaration] = {}
    for column in columns:
        for key in _lacking(profile, column.partition("@")[0]):
            if key in catalogue.types:
                lacking[key] = catalogue.types[key]
    return [_supply(catalogue, one, owners, own=own) for one in lacking.values()]


def owner_names(catalogue: Catalogue) -> dict[str, str]:
    """Return what the organ is called that answers for each source, else who looks after data."""
    keys = {source: catalogue.owner_of(source) for source in catalogue.sources}
    wanted = {*keys.values(), catalogue.steward}
    organs = Organ.objects.filter(valid_on(today()), key__in=wanted)
    names = {organ.key: (english() and organ.name_en) or str(organ) for organ in organs}
    last = names.get(catalogue.steward, "")
    return {source: names.get(key, last) for source, key in keys.items()}


def _lacking(profile: Profile, key: str) -> Iterator[str]:
    """Yield the fact types without which a column is unknown; all it rests on where each has some value."""
    if not isinstance(profile.catalogue.derivations.get(key), DerivationDeclaration):
        yield key
        return
    bases = sorted(profile.catalogue.base_keys(key))
    empty = [one for one in bases if not profile.held(one)]
    yield from empty or bases


def _supply(
    catalogue: Catalogue, declared: FactTypeDeclaration, owners: Mapping[str, str], *, own: bool
) -> Supply:
    owner = owners.get(declared.source, "")
    base = (declared.key, label(declared), _source_name(catalogue, declared.source), owner)
    for _name, place in HAND_INS:
        if (found := place(declared.key)) is not None:
            return Supply(*base, "hand_in", str(found[0]), found[1] if own else "")
    if declared.may_be_declared and declared.shape != "records":
        href = reverse("portal:declare-fact", args=[declared.key]) if own else ""
        return Supply(*base, "declare", gettext("自行填报"), href)
    said = gettext("向%(organ)s反映") % {"organ": owner} if owner else gettext("向数据来源单位反映")
    href = reverse("portal:dispute-fact", args=[declared.key]) if own else ""
    return Supply(*base, "ask", said, href)
