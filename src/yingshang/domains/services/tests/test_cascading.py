"""What rested on a revoked licence is found and reviewed by who granted it; in turn, and once."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from yingshang.cases.actions import act
from yingshang.cases.effects import Moment
from yingshang.cases.models import Case
from yingshang.domains.services.applying.cascading import licences_resting_on
from yingshang.domains.services.applying.deferring import demand_complete
from yingshang.domains.services.errors import MaterialsLapsed
from yingshang.forms.models import PinnedForm, Submission
from yingshang.forms.tests.trial import form_with
from yingshang.kernel.times import now, today
from yingshang.licences.actions.licences import cancel, revoke
from yingshang.licences.models import Decision, Licence, LicenceState
from yingshang.licences.tests.conftest import FOOD, Town, store, town

__all__ = ["town"]
CONTENT = Path(__file__).resolve().parents[5] / "content" / "government-services"
pytestmark = pytest.mark.django_db


def declared(folder: str, key: str) -> dict[str, Any]:
    """Return a declaration of the pack."""
    for path in (CONTENT / folder).glob("*.yaml"):
        for one in yaml.safe_load_all(path.read_text(encoding="utf-8")):
            if one["key"] == key:
                return dict(one)
    raise LookupError(key)


def applied_with(town: Town, licence: Licence, firm: str = "甲") -> Case:
    """Return a case whose application a licence of the platform stood for a material in."""
    form = form_with({"key": "name", "label": "名称", "type": "text"})
    pinned, _new = PinnedForm.objects.get_or_create(
        digest="d" * 64,
        defaults={
            "key": "trial",
            "body": form.model_dump(mode="json"),
            "versions": [["trial", 1]],
            "pinned_at": now(),
        },
    )
    held = {"way": "held", "provider": "licences", "ref": licence.ref, "label": licence.number}
    submission = Submission.objects.create(
        form=pinned,
        subject=town.firms[firm],
        purpose="试办",
        body={"answers": {}, "materials": {"food-licence": held}, "context": {}},
        digest=f"{Submission.objects.count():064}",
        submitted_by="account:甲",
        submitted_name="林晓峰",
        submitted_at=now(),
    )
    return Case.objects.create(
        procedure="permit",
        version=store("procedure", declared("procedures", "permit")),
        title="试办",
        subject=town.firms[firm],
        state="granted",
        data={"submission": submission.name},
        holder=town.organs["health"],
        opened_at=now(),
        seq=1,
        sort_on=today(),
    )


def granted_on(town: Town, licence: Licence, kind: str) -> Licence:
    """Return a licence of another kind that another organ granted on a licence."""
    store("licence_kind", {**FOOD, "key": kind, "number": f"{kind[0].upper()}{{serial:06}}"})
    case = applied_with(town, licence)
    return town.issue(kind=kind, issuer="health", origin=f"case:{case.ref}")


@pytest.fixture
def reviewed(town: Town) -> Town:
    """Return the town with the procedure, the document and the material that a review needs."""
    store("procedure", declared("procedures", "reliance-review"))
    store("document_template", declared("document_templates", "reliance-revocation"))
    material = {"key": "food-licence", "label": "食品经营许可证", "label_en": "Food licence"}
    store(
        "material",
        {**material, "legal": "办法第一条", "source": "licence", "licence_kind": "food"},
    )
    return town


def test_a_chain_of_licences_is_reviewed_link_by_link(reviewed: Town) -> None:
    first = reviewed.issue()
    second = granted_on(reviewed, first, "second")
    third = granted_on(reviewed, second, "third")
    apart = reviewed.issue(subject=reviewed.firms["乙"].ref)
    assert list(licences_resting_on(first)) == [second]
    revoke(reviewed.official(), licence=first.ref, ground="承诺虚假")
    (review,) = Case.objects.filter(procedure="reliance-review")
    assert (review.holder.key, review.data["licence"]) == ("health", second.ref)
    assert first.number in review.data["lost"]
    assert "承诺虚假" in review.data["lost"]
    head = reviewed.official("services.revoke", "services.decide", "cases.read", organ="health")
    act(head, case=review.ref, action="revoke", reason="没有其他依据", data={"findings": "已核实"})
    states = {one.pk: one.state for one in Licence.objects.all()}
    assert states[second.pk] == LicenceState.REVOKED
    assert states[third.pk] == states[apart.pk] == LicenceState.VALID
    assert Decision.objects.get().subject == second.subject
    follow = Case.objects.get(procedure="reliance-review", closed_at=None)
    assert follow.data["licence"] == third.ref
    act(head, case=follow.ref, action="keep", reason="另有依据", data={"findings": "已核实"})
    third.refresh_from_db()
    assert third.state == LicenceState.VALID


def test_only_revoking_takes_the_ground_away(reviewed: Town) -> None:
    first = reviewed.issue()
    granted_on(reviewed, first, "second")
    cancel(reviewed.official(), licence=first.ref, ground="到期不再经营")
    assert not Case.objects.filter(procedure="reliance-review").exists()


def test_nothing_is_granted_on_a_licence_that_was_lost_meanwhile(reviewed: Town) -> None:
    licence = reviewed.issue()
    case = applied_with(reviewed, licence)
    moment = Moment(reviewed.official(), case, None, None, {})  # type: ignore[arg-type]
    demand_complete(moment)
    revoke(reviewed.official(), licence=licence.ref, ground="承诺虚假")
    with pytest.raises(MaterialsLapsed) as refused:
        demand_complete(moment)
    assert licence.number in str(refused.value.params)
