"""How the result reaches the applicant: what can be chosen, and until when one may object."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from yingshang.domains.services.delivering import choosing
from yingshang.domains.services.delivering.choosing import AtCounter, Wish, checked, kept_in_draft
from yingshang.domains.services.delivering.presenting import _remedies, _state
from yingshang.domains.services.errors import ApplicantNotIdentified, DeliveryUnfit
from yingshang.domains.services.models import Delivery, DeliveryMeans
from yingshang.licences.models import Decision, Serving, ServingState
from yingshang.parties.actors import Actor

pytestmark = pytest.mark.one_database
OFFICIAL, CITIZEN = Actor("account:x", organ_id=1), Actor("account:y", person_id=1)


@pytest.fixture(autouse=True)
def _one_hall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "hall_keys", lambda: ["centre"])


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"means": "counter", "hall": "nowhere"}, "hall"),
        ({"means": "counter"}, "hall"),
        ({"means": "post", "recipient": "林", "phone": "1"}, "address"),
        ({"means": "post", "address": "路 1 号", "phone": "1", "recipient": " "}, "recipient"),
    ],
)
def test_a_wish_that_cannot_be_met_names_what_is_missing(wish: dict[str, Any], field: str) -> None:
    with pytest.raises(DeliveryUnfit) as refused:
        checked(Wish.model_validate(wish))
    assert refused.value.field == field


def test_an_official_files_for_nobody_unidentified_and_a_citizen_for_itself() -> None:
    with pytest.raises(ApplicantNotIdentified):
        kept_in_draft(OFFICIAL, None, None)
    assert kept_in_draft(CITIZEN, None, None) == {}
    with pytest.raises(ValidationError):
        AtCounter.model_validate({"name": "林", "identity": "id_card", "identity_tail": "12"})
    who = AtCounter.model_validate({"name": "林", "identity": "id_card", "identity_tail": "618X"})
    kept = kept_in_draft(OFFICIAL, Wish(means=DeliveryMeans.COUNTER, hall="centre"), who)
    assert kept["delivery"]["hall"] == "centre"
    assert kept["present"]["identity_tail"] == "618X"


def served(on: datetime | None) -> Serving:
    state = ServingState.SERVED if on else ServingState.SENT
    return Serving(state=state, served_at=on)


def test_time_to_object_counts_from_service_by_the_calendar_in_shanghai() -> None:
    refusal = Decision(record={"fields": {"review_organ": "区政府", "court": "区法院"}})
    evening = datetime(2026, 11, 18, 17, tzinfo=UTC)  # already the 19th in Shanghai
    found = _remedies(refusal, served(evening))
    assert found is not None
    assert (found.review_until, found.sue_until) == (date(2027, 1, 18), date(2027, 5, 19))
    assert _remedies(refusal, served(None)) is None
    assert _remedies(Decision(record={"fields": {}}), served(evening)) is None


def test_what_a_page_says_of_a_document() -> None:
    waiting = cast("Any", SimpleNamespace(handed_over_at=None))
    post = Delivery(means=DeliveryMeans.POST)
    assert _state(None, None, None)[0] == "待送达"
    assert _state(None, None, post)[0] == "待邮寄"
    assert _state(None, waiting, None)[0] == "可领取"
    assert _state(served(None), None, post)[0] == "已发出，待签收"
    assert _state(served(datetime(2026, 11, 18, tzinfo=UTC)), waiting, post)[0] == "已送达"
