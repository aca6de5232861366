"""Many relations between subjects stated at once, as one load of the register."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from yingshang.kernel.times import now, today
from yingshang.ledger.loads import LoadDigest, record_load
from yingshang.parties.acting import AlreadyDone, action
from yingshang.parties.actions.finding import stripped
from yingshang.parties.actors import Actor
from yingshang.parties.errors import NoSuchParty, RelatedToItself, ValidityReversed
from yingshang.parties.identities import PERSON
from yingshang.parties.listeners import ChangedRelation, RelationAct, tell_of_relations
from yingshang.parties.models import Subject, SubjectRelation, SubjectType
from yingshang.parties.permissions import REGISTER_SUBJECTS

_CHUNK = 500
_DAY = timedelta(days=1)
Place = tuple[int, int, str]


@dataclass(frozen=True)
class StatedRelation:
    """``source`` has ``target`` as its ``type``; both by their codes (of a person: see ``person_code``).

    A target that is not on record yet is entered under ``target_name``.
    """

    source: str
    type: str
    target: str
    target_name: str = ""
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass
class RelationsStated:
    """What came of relations: stated anew or otherwise, said already, and targets entered for them."""

    stated: int = 0
    unchanged: int = 0
    entered: int = 0
    entry: str = ""
    gone: list[int] = field(default_factory=list, repr=False)
    made: list[SubjectRelation] = field(default_factory=list, repr=False)
    changed: list[ChangedRelation] = field(default_factory=list, repr=False)


@action("parties.state_relations", permission=REGISTER_SUBJECTS)
def state_relations(actor: Actor, *, relations: Sequence[StatedRelation]) -> RelationsStated:
    """State relations, each as ``parties.relate_subjects`` would; one event for all.

    What is said already changes nothing. Raises ``NoSuchParty`` for a source that is not on record, or
    a target without a name that is not, ``RelatedToItself`` and ``ValidityReversed``; nothing is stated then.
    """
    found = RelationsStated()
    by_code = _subjects(relations, found)
    known = _known(by_code.values(), {one.type for one in relations})
    digest, moment = LoadDigest(), now()
    for one in relations:
        source, target = by_code[one.source], by_code[one.target]
        _demand_sound(one)
        place = (source.pk, target.pk, one.type)
        fresh = _restated(known.get(place, []), place, one, found)
        if fresh is None:
            found.unchanged += 1
            continue
        known[place] = fresh
        digest.add([source.ref, one.type, target.ref, one.valid_from, one.valid_to])
        found.changed.append(ChangedRelation(*place, one.valid_from))
        found.stated += 1
    if not found.stated:
        raise AlreadyDone(found)
    _store(found, [row for rows in known.values() for row in rows if row.pk is None], moment)
    made = record_load(
        "parties.relations_stated", digest, actor=actor.ref, subject=f"relations:{found.stated}"
    )
    found.entry = made.ref
    tell_of_relations(actor, RelationAct(found.changed, moment, made.ref))
    return found


def _demand_sound(one: StatedRelation) -> None:
    if one.source == one.target:
        raise RelatedToItself(field="target")
    if one.valid_from and one.valid_to and one.valid_to < one.valid_from:
        raise ValidityReversed(field="valid_to")


def _subjects(relations: Sequence[StatedRelation], found: RelationsStated) -> Mapping[str, Subject]:
    """Return the subjects by code, held till the end; those that were not on record are entered."""
    codes = sorted({code for one in relations for code in (one.source, one.target)})
    by_code = _held(codes)
    fresh: dict[str, Subject] = {}
    for one in relations:
        if one.source not in by_code:
            raise NoSuchParty(field="source")
        if one.target not in by_code and one.target not in fresh:
            if not one.target_name.strip():
                raise NoSuchParty(field="target")
            fresh[one.target] = _entered(one, by_code[one.source])
    Subject.objects.bulk_create(fresh.values(), batch_size=_CHUNK)
    found.entered = len(fresh)
    return {**by_code, **fresh}


def _held(codes: Sequence[str]) -> dict[str, Subject]:
    rows: list[Subject] = []
    for start in range(0, len(codes), _CHUNK):
        chunk = Subject.objects.select_for_update(no_key=True)
        rows += chunk.filter(code__in=codes[start : start + _CHUNK]).order_by("pk")
    return {str(row.code): row for row in rows}


def _entered(one: StatedRelation, source: Subject) -> Subject:
    is_person = one.target.startswith(PERSON)
    return Subject(
        type=SubjectType.PERSON if is_person else SubjectType.ENTERPRISE,
        name=stripped(one.target_name)[:120],
        code=one.target,
        division="" if is_person else source.division,
        valid_from=None if is_person else one.valid_from or today(),
    )


def _known(subjects: Iterable[Subject], types: set[str]) -> dict[Place, list[SubjectRelation]]:
    ids = [one.pk for one in subjects]
    found: dict[Place, list[SubjectRelation]] = {}
    for start in range(0, len(ids), _CHUNK):
        rows = SubjectRelation.objects.filter(
            source__in=ids[start : start + _CHUNK], type__in=types, superseded_at=None
        )
        for row in rows.order_by("pk"):
            found.setdefault((row.source_id, row.target_id, row.type), []).append(row)
    return found


def _restated(
    rows: Sequence[SubjectRelation], place: Place, one: StatedRelation, found: RelationsStated
) -> list[SubjectRelation] | None:
    """Return the rows of a place once a relation is stated; None where that is said already."""
    start, end = one.valid_from, one.valid_to
    gone = [row for row in rows if _overlaps(row, start, end)]
    if len(gone) == 1 and _says_so(gone[0], start, end):
        return None
    found.gone += [row.pk for row in gone if row.pk]
    kept = [row for row in rows if not any(row is other for other in gone)]
    before = [
        _row(place, row.valid_from, start - _DAY)
        for row in gone
        if start and (row.valid_from is None or row.valid_from < start)
    ]
    return [*kept, *before, _row(place, start, end)]


def _overlaps(row: SubjectRelation, start: date | None, end: date | None) -> bool:
    before = row.valid_to is not None and start is not None and row.valid_to < start
    after = row.valid_from is not None and end is not None and row.valid_from > end
    return not (before or after)


def _says_so(row: SubjectRelation, start: date | None, end: date | None) -> bool:
    first = start or today()
    return row.valid_to == end and (row.valid_from is None or row.valid_from <= first)


def _row(place: Place, start: date | None, end: date | None) -> SubjectRelation:
    source, target, relation = place
    return SubjectRelation(
        source_id=source, target_id=target, type=relation, valid_from=start, valid_to=end
    )


def _store(found: RelationsStated, fresh: Sequence[SubjectRelation], moment: datetime) -> None:
    for start in range(0, len(found.gone), _CHUNK):
        gone = SubjectRelation.objects.filter(pk__in=found.gone[start : start + _CHUNK])
        gone.update(superseded_at=moment)
    for row in fresh:
        row.recorded_at = moment
    found.made = SubjectRelation.objects.bulk_create(fresh, batch_size=_CHUNK)
