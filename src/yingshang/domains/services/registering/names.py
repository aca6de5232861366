"""企业名称自主申报: which names nobody may have, which are taken, and keeping one for who declared it.

Provisions on the Administration of Enterprise Name Registration (企业名称登记管理规定): 11 forbids words,
17 forbids a name that another has, 16 keeps a declared one for some time.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Annotated, Any, cast

from django.utils.translation import gettext
from pydantic import Field

from yingshang.cases.labels import english
from yingshang.cases.models import Case
from yingshang.content.selectors import declaration_of, get_current, list_current
from yingshang.domains.services.applying.filling import work_out
from yingshang.domains.services.catalogue.declaring import Key, Part, ServiceItem, Text
from yingshang.domains.services.errors import NameUnfit
from yingshang.domains.services.models import NameReservation
from yingshang.forms.models import Submission
from yingshang.kernel.kinds import KINDS, Declaration, Kind, Remark
from yingshang.kernel.times import today
from yingshang.ledger.recording import record
from yingshang.parties.actors import Actor
from yingshang.parties.models import Person, Subject, SubjectType, valid_on
from yingshang.web.dates import day_text

KIND = "name_rule"
_APART = re.compile(r"[\W_]+")


class Forbidden(Part):
    """Words that no name may contain, and why."""

    words: Annotated[tuple[Text, ...], Field(min_length=1)]
    because: Text
    because_en: Text


class NameRule(Declaration):
    """What holds for the names of enterprises: forbidden words, endings one of which there must be, days kept."""

    key: Key
    label: Text
    label_en: Text
    legal: Text
    forbidden: tuple[Forbidden, ...] = ()
    endings: tuple[Text, ...] = ()
    kept_days: int = Field(30, ge=1, le=180)


def lint_name_rule(rule: NameRule, _known: Mapping[str, Mapping[str, Any]]) -> Iterable[Remark]:
    """Yield words that are forbidden twice."""
    words = [word for one in rule.forbidden for word in one.words]
    for word in sorted({word for word in words if words.count(word) > 1}):
        yield "word_twice", f"“{word}”写了两次", ("forbidden",)


KINDS.add(KIND, Kind(KIND, "name_rules", NameRule, lint_name_rule))


def plain(name: str) -> str:
    """Return a name without what does not tell names apart: width, case, blanks, brackets and dots."""
    return _APART.sub("", unicodedata.normalize("NFKC", name)).casefold()


def faults_of(rule: NameRule, name: str) -> Iterator[str]:
    """Yield why nobody may have a name; pure."""
    for one in rule.forbidden:
        for word in one.words:
            if plain(word) in plain(name):
                said = {"word": word, "why": one.because_en if english() else one.because}
                yield gettext("含有“%(word)s”：%(why)s") % said
    if rule.endings and not name.strip().endswith(rule.endings):
        yield gettext("名称应以“%(endings)s”之一结尾") % {"endings": "”“".join(rule.endings)}


def claim_name(actor: Actor, item: ServiceItem, submission: Submission, case: Case) -> None:
    """Keep the name that an application claims for its applicant; nothing where it claims none.

    Who has a running reservation of the name keeps it longer. Raises :class:`NameUnfit` for a name
    that the rule forbids, that an enterprise has, or that is kept for somebody else.
    """
    name = claimed_name(item, submission)
    if not name or item.claims_name is None:
        return
    rule = cast(NameRule, declaration_of(get_current(KIND, item.claims_name.rule)))
    owner, day = _owner_of(case), today()
    until = day + timedelta(days=rule.kept_days)
    kept_now = {"name": name, "owner": owner, "case": case, "until": until}
    kept, fresh = NameReservation.objects.select_for_update(of=("self",)).get_or_create(
        plain=plain(name), defaults=kept_now
    )
    why = "；".join(faults_of(rule, name)) or _had_by_another(name, case.subject_id)
    if not why and not fresh:
        why = _kept_for_another(kept, owner)
    if why:
        raise NameUnfit(field="name", params={"name": name, "why": why})
    if not fresh:
        NameReservation.objects.filter(pk=kept.pk).update(**kept_now)
    payload = {"name": name, "until": until.isoformat(), "owner": owner}
    record("services.name_kept", actor=actor.ref, subject=f"case:{case.ref}", payload=payload)


def list_name_rules() -> list[NameRule]:
    """Return the rules in force by which names are judged here, by key."""
    return [cast(NameRule, declaration_of(version)) for version in list_current(KIND)]


def reasons_against(actor: Actor, name: str) -> list[str]:
    """Return why the actor could not declare a name now; nothing where it is free for it.

    It judges as declaring does, and keeps nothing: between asking and declaring another may come.
    """
    found = [why for rule in list_name_rules() for why in faults_of(rule, name)]
    if why := _had_by_another(name, actor.subject_id):
        found.append(why)
    kept = NameReservation.objects.filter(plain=plain(name)).first()
    if kept is not None and (why := _kept_for_another(kept, _owner_for(actor))):
        found.append(why)
    return found


def _owner_for(actor: Actor) -> str:
    if actor.subject_id is not None:
        return f"subject:{Subject.objects.get(pk=actor.subject_id).ref}"
    person = Person.objects.filter(pk=actor.person_id or 0).first()
    return f"person:{person.ref}" if person is not None else ""


def _kept_for_another(kept: NameReservation, owner: str) -> str:
    if kept.until < today() or kept.owner == owner:
        return ""
    return gettext("已被其他申请人申报，保留到 %(day)s") % {"day": day_text(kept.until)}


def claimed_name(item: ServiceItem, submission: Submission) -> str:
    """Return the name that an application claims; nothing where it claims none."""
    if item.claims_name is None:
        return ""
    return str(work_out(submission, {"name": item.claims_name.name}).get("name", "")).strip()


def _owner_of(case: Case) -> str:
    if case.subject is not None:
        return f"subject:{case.subject.ref}"
    named = [str(one) for one in case.events.get(seq=1).participants]
    return next((one for one in named if one.startswith("person:")), f"case:{case.ref}")


def spellings(name: str) -> set[str]:
    """Return how a register may write a name: with or without blanks, in either width. Pure."""
    close = "".join(name.split())
    narrow = unicodedata.normalize("NFKC", close)
    return {name, close, narrow, narrow.replace("(", "（").replace(")", "）")}


def _had_by_another(name: str, own: int | None) -> str:
    firms = Subject.objects.filter(
        valid_on(today()), type=SubjectType.ENTERPRISE, name__in=spellings(name)
    )
    taken = firms.exclude(pk=own or 0).exists()
    return gettext("已有企业使用这个名称") if taken else ""
