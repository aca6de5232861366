"""Service of documents: consent, means, receipts, the day from which limits run, who may see it."""

from datetime import UTC, date, datetime

import pytest

from yingshang.kernel.times import SHANGHAI, frozen, now
from yingshang.licences import errors
from yingshang.licences.actions.servings import (
    agree_to_electronic_service,
    confirm_receipt,
    deem_served,
    end_electronic_service,
    open_document,
    record_failure,
    record_receipt,
    serve,
)
from yingshang.licences.models import Serving
from yingshang.licences.permissions import SERVE
from yingshang.licences.selectors import get_serving_for, list_servings_for
from yingshang.licences.tasks import deem_due
from yingshang.parties.actors import NotPermitted, system_actor

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 2, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock():
    with frozen(START) as moving:
        yield moving


def server(town, organ: str = "market"):
    return town.official("licences.read", "licences.serve", organ=organ)


def send(town, means: str, **more) -> Serving:
    return serve(server(town), document=f"decision:{town.decide().ref}", means=means, **more)


def test_electronic_service_needs_consent_and_counts_on_arrival(town, clock) -> None:
    with pytest.raises(errors.NotAgreedToElectronicService):
        send(town, "electronic")
    agree_to_electronic_service(town.holder(), contact="13800000000")
    serving = send(town, "electronic")
    assert (serving.state, serving.served_at) == ("served", START)
    assert serving.legal == "民事诉讼法第九十条"
    clock.set(datetime(2026, 11, 5, 2, tzinfo=UTC))
    opened = open_document(town.holder(), serving=serving.ref)
    assert opened.opened_at == now()
    confirmed = confirm_receipt(town.holder(), serving=serving.ref)
    assert (confirmed.confirmed_at, confirmed.served_at) == (now(), START)
    assert confirmed.receipt == "林晓峰"
    clock.set(datetime(2026, 11, 6, 2, tzinfo=UTC))
    assert confirm_receipt(town.holder(), serving=serving.ref).confirmed_at.day == 5


def test_consent_is_given_once_and_withdrawn(town) -> None:
    with pytest.raises(errors.ConsentMissing):
        end_electronic_service(town.holder())
    agree_to_electronic_service(town.holder())
    with pytest.raises(errors.ConsentStands):
        agree_to_electronic_service(town.holder())
    served = send(town, "electronic")
    end_electronic_service(town.holder())
    with pytest.raises(errors.NotAgreedToElectronicService):
        send(town, "electronic")
    served.refresh_from_db()
    assert served.state == "served"
    agree_to_electronic_service(town.holder())


@pytest.mark.parametrize("means", ["counter", "left"])
def test_at_the_counter_somebody_signs_or_witnesses(town, means: str) -> None:
    with pytest.raises(errors.ReceiptMissing):
        send(town, means)
    serving = send(town, means, receipt="林晓峰")
    assert (serving.state, serving.served_at, serving.receipt) == ("served", START, "林晓峰")


def test_by_post_the_day_on_the_receipt_counts(town, clock) -> None:
    serving = send(town, "post", tracking="EM123")
    assert (serving.state, serving.served_at) == ("sent", None)
    clock.set(datetime(2026, 11, 9, 2, tzinfo=UTC))
    given = {"serving": serving.ref, "receipt": "林晓峰"}
    for day in (date(2026, 11, 1), date(2026, 11, 10)):
        with pytest.raises(errors.ReceiptDayUnfit):
            record_receipt(server(town), on=day, **given)
    with pytest.raises(errors.ReceiptMissing):
        record_receipt(server(town), on=date(2026, 11, 6), serving=serving.ref, receipt="")
    served = record_receipt(server(town), on=date(2026, 11, 6), **given)
    assert served.served_at.astimezone(SHANGHAI).date() == date(2026, 11, 6)
    with pytest.raises(errors.ServingClosed):
        record_receipt(server(town), on=date(2026, 11, 6), **given)


def test_a_notice_is_deemed_served_thirty_days_later(town, clock) -> None:
    serving = send(town, "notice")
    assert serving.deemed_on == date(2026, 12, 2)
    clock.set(datetime(2026, 12, 1, 2, tzinfo=UTC))
    assert deem_due() == 0
    clock.set(datetime(2026, 12, 3, 2, tzinfo=UTC))
    assert deem_due() == 1
    serving.refresh_from_db()
    assert serving.served_at.astimezone(SHANGHAI).date() == date(2026, 12, 2)
    assert deem_served(system_actor("x", SERVE), serving=serving.ref).state == "served"


def test_what_came_back_is_not_served_and_may_be_sent_again(town) -> None:
    serving = send(town, "post")
    with pytest.raises(errors.ReceiptMissing):
        record_failure(server(town), serving=serving.ref, note="")
    failed = record_failure(server(town), serving=serving.ref, note="地址不详，退回")
    assert (failed.state, failed.served_at) == ("failed", None)
    with pytest.raises(errors.ServingClosed):
        confirm_receipt(town.holder(), serving=serving.ref)
    again = serve(server(town), document=serving.document, means="counter", receipt="林晓峰")
    assert again.state == "served"


def test_confirming_what_was_posted_serves_it(town, clock) -> None:
    serving = send(town, "post")
    clock.set(datetime(2026, 11, 4, 2, tzinfo=UTC))
    assert confirm_receipt(town.holder(), serving=serving.ref).served_at == now()


def test_a_licence_is_served_too(town) -> None:
    licence = town.issue()
    serving = serve(
        server(town), document=f"licence:{licence.ref}", means="counter", receipt="林晓峰"
    )
    assert (serving.document, serving.number) == (licence.present.holder, licence.number)


def test_nobody_serves_or_sees_what_is_not_theirs(town) -> None:
    decision = town.decide()
    given = {"document": f"decision:{decision.ref}", "means": "counter", "receipt": "x"}
    with pytest.raises(errors.DecisionMissing):
        serve(server(town, "health"), **given)
    everywhere = town.official("licences.read_all", "licences.serve", organ="health")
    with pytest.raises(errors.NotTheIssuer):
        serve(everywhere, **given)
    with pytest.raises(NotPermitted):
        serve(town.official("licences.read"), **given)
    serving = send(town, "post")
    for stranger in (town.holder("乙"), server(town, "health")):
        assert not list_servings_for(stranger).exists()
        with pytest.raises(errors.ServingMissing):
            get_serving_for(stranger, serving.ref)
    with pytest.raises(errors.ServingMissing):
        confirm_receipt(town.holder("乙"), serving=serving.ref)
    with pytest.raises(errors.ServingMissing):
        record_failure(server(town, "health"), serving=serving.ref, note="x")
    counter = send(town, "notice")
    with pytest.raises(errors.MeansUnfit):
        record_receipt(server(town), serving=counter.ref, on=date(2026, 11, 2), receipt="x")
