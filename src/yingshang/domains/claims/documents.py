"""Decisions on claims as official documents, numbered without gaps."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext, override

from yingshang.cases.log import state_of
from yingshang.cases.models import Case
from yingshang.content.selectors import declaration_of, get_current
from yingshang.domains.claims.items.book import item_of, policy_of
from yingshang.domains.claims.models import Claim
from yingshang.domains.claims.opening import say_period
from yingshang.licences.actions.servings import serve_document
from yingshang.licences.decisions import issue_decision
from yingshang.licences.declaring import DocumentTemplate
from yingshang.licences.models import Decision, ServingMeans
from yingshang.licences.selectors import has_agreed
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, OrganRelation, OrganRelationType, OrganType
from yingshang.web.money import yuan


def issue(
    actor: Actor, claim: Claim, case: Case, template: str, more: Mapping[str, Any]
) -> Decision:
    """Make a document about a claim for its enterprise; ``more`` are values that its case alone knows.

    It is served electronically: claiming or confirming online was the consent to that for this claim, of
    which the pages tell; what is demanded back needs a standing one. Raises what making a document raises.
    """
    declared = declaration_of(get_current("document_template", template))
    assert isinstance(declared, DocumentTemplate)
    with override(settings.LANGUAGE_CODE):
        known = {**known_of(claim, case), **more}
    names = {field.key for field in declared.fields}
    made = issue_decision(
        actor,
        organ=claim.organ,
        template=template,
        fields={name: value for name, value in known.items() if name in names and value},
        subject=claim.subject,
        origin=f"case:{case.ref}",
    )
    own = f"case:{case.ref}" if case.pk == claim.case_id else ""
    if own or has_agreed(claim.subject):
        serve_document(actor, made, means=ServingMeans.ELECTRONIC, agreed_in=own)
    return made


def known_of(claim: Claim, case: Case) -> dict[str, Any]:
    """Return what documents may say of a claim, by field."""
    item, rule = item_of(claim.item).declared, policy_of(claim.rule)
    return {
        "matter": item.label,
        "case_no": case.ref,
        "policy": rule.source,
        "amount": yuan(claim.decided_fen) if claim.decided_fen else "",
        "period": say_period(claim.period) if item.per == "year" else "",
        "instalments": _instalments(claim),
        "rule": gettext("%(title)s（第 %(number)s 版，摘要 %(digest)s）")
        % {"title": rule.title, "number": claim.rule.number, "digest": claim.rule.digest[:16]},
        "evaluation": claim.decided_on.ref if claim.decided_on else "",
        "due_on": due.isoformat() if (due := due_on(case)) else "",
        "review_organ": review_organ_of(claim.organ),
        "court": court_of(claim.organ),
    }


def _instalments(claim: Claim) -> list[str]:
    rows = list(claim.instalments.all())
    if len(rows) < 2:
        return []
    return [f"{one.label or gettext('决定后')}：{yuan(one.amount_fen)}" for one in rows]


def due_on(case: Case) -> date | None:
    """Return the last day of what runs in a case now, also within the action that began it."""
    return state_of(case).clocks.due_on


def review_organ_of(organ: Organ) -> str:
    """Return the government that reviews what an organ decides (行政复议法第二十四条), itself where none is known."""
    found = OrganRelation.objects.filter(
        lower=organ, type=OrganRelationType.ADMINISTRATIVE, valid_to=None
    ).select_related("upper")
    upper = found.first()
    return upper.upper.name if upper is not None else organ.name


def court_of(organ: Organ) -> str:
    """Return the people's court of an organ's division; in words where it is not on record."""
    courts = Organ.objects.filter(
        type=OrganType.COURT, division=organ.division, name__contains="法院"
    )
    found = courts.order_by("order").first()
    return found.name if found is not None else gettext("有管辖权的人民法院")
