"""What a program does in place of a page: object, take papers in and give them out, keep licences."""

import pytest

from tests.demonstration import actor_of
from yingshang.cases.api.handling import demand_given, schema_of
from yingshang.cases.errors import FieldNotTaken
from yingshang.cases.forms import CaseForm
from yingshang.cases.procedure import DataField, Procedure, Taken
from yingshang.domains.services.models import Objection, PublicNotice
from yingshang.domains.services.notices.objecting import FROM_ONE_PLACE, digest_of_address
from yingshang.licences.models import Licence, Seal

pytestmark = [pytest.mark.django_db, pytest.mark.one_database, pytest.mark.timeout(600)]

SAID = {"ground": "debt", "text": "尚欠货款。", "contact": "0570-8600000"}


def open_notice() -> PublicNotice:
    """Return the notice of the demonstration that runs."""
    return PublicNotice.objects.filter(ended_at=None, objections__isnull=False).order_by("pk")[0]


def test_an_objection_is_counted_by_where_it_comes_from_not_by_what_is_sent(program) -> None:
    sender, stranger = program("citizen"), program()
    place = f"notices/{open_notice().ref}/objections"
    assert stranger.post(place, SAID).status_code == 401
    for name, value in (("address", "10.0.0.9"), ("name", "别人")):
        told = sender.post(place, {**SAID, name: value}).json()
        assert told["errors"][0]["code"] == "extra_forbidden"
    made = sender.post(place, SAID)
    assert made.status_code == 201, made.content.decode()
    stored = Objection.objects.get(ref=made.json()["ref"])
    assert stored.place == digest_of_address("127.0.0.1")
    assert stored.name == actor_of("citizen").name
    receipt = sender.client.get(f"/notices/objections/{stored.ref}/{made.json()['code']}/")
    assert SAID["text"] in receipt.content.decode()
    for _more in range(FROM_ONE_PLACE - 1):
        Objection.objects.create(
            notice=stored.notice, ground="debt", text="又", name="某", contact="某",
            actor=stored.actor, place=stored.place, received_at=stored.received_at, digest="", entry="",
        )  # fmt: skip
    again = sender.post(place, SAID)
    assert again.status_code == 429
    assert again.json()["code"] == "too_many_objections"
    assert again["Retry-After"] == "3600"


def test_papers_go_from_the_window_to_the_organ_and_back_to_whom_they_belong(program) -> None:
    window, office = program("clerk"), program("approver")
    signed_on = window.post("windows/qj-centre-1/sign-on")
    assert signed_on.status_code == 200 or signed_on.json()["code"] == "already_signed_on"
    handed_in = {
        "service": "qj-food-business-licence",
        "applicant": "清江某饭店",
        "submitter": "张三",
        "papers": [{"what": "申请书", "copies": 1, "original": True}],
    }
    receipt = window.post("receipts", handed_in)
    assert receipt.status_code == 201, receipt.content.decode()
    ref = receipt.json()["ref"]
    assert ref in [one["ref"] for one in office.get("receipts").json()["items"]]
    assert office.post(f"receipts/{ref}/take-over").json()["taken_over_at"]
    assert office.post(f"receipts/{ref}/take-over").status_code == 409
    laid = office.post(
        "halls/qj-centre/pick-ups",
        {"origin": f"receipt:{ref}", "what": "食品经营许可证", "holder": "清江某饭店"},
    )
    assert laid.status_code == 201, laid.content.decode()
    place = f"pick-ups/{laid.json()['ref']}/hand-over"
    who = {"receiver": "张三", "identity": "id_card", "signature": "pad", "identity_tail": "12"}
    assert window.post(place, who).status_code == 422
    given = window.post(place, {**who, "identity_tail": "012X"})
    assert given.status_code == 200, given.content.decode()
    assert given.json()["receiver"] == "张三"
    fetched = window.get("pick-ups?done=true").json()["items"]
    assert given.json()["ref"] in [one["ref"] for one in fetched]


def test_a_register_is_kept_by_a_program_of_its_organ_alone(program) -> None:
    keeper, other = program("approver"), program("clerk")
    organ = actor_of("approver").organ_id
    licence = Licence.objects.filter(issuer_id=organ, state="valid").order_by("pk")[0]
    place = f"licences/{licence.ref}/suspension"
    assert other.post(place, {"ground": "试"}).status_code == 403
    assert keeper.post(place, {"ground": "  "}).status_code == 422
    held = keeper.post(place, {"ground": "现场检查发现不再符合条件"})
    assert held.status_code == 200, held.content.decode()
    assert held.json()["state"] == "suspended"
    assert held.json()["events"][0]["kind"] == "suspend"
    assert keeper.post(place, {"ground": "再来一次"}).status_code == 409
    assert (
        keeper.post(f"licences/{licence.ref}/resumption", {"ground": "已整改"}).json()["state"]
        == "valid"
    )


def test_seals_are_read_without_what_is_secret(program) -> None:
    found = program("approver").get("seals").json()["items"]
    assert {one["organ"] for one in found} == {
        Seal.objects.filter(organ=actor_of("approver").organ_id)[0].organ.key
    }
    assert all("PRIVATE" not in one["certificate"] for one in found)


def test_forms_and_programs_are_asked_for_the_same(program) -> None:
    program()
    shown = DataField(key="about", label="所涉决定", label_en="Decision", type="ref")
    limit = DataField(key="within", label="期限", label_en="Within", type="limit")
    hidden = DataField(key="inner", label="内部", label_en="Inner", type="ref", shown=False)
    fields = (shown, limit, hidden)
    procedure = Procedure.model_construct(fields=fields)
    taken = [Taken(field=one.key, required=True) for one in fields]
    schema = schema_of(procedure, taken)
    form = CaseForm(actor_of("clerk"), procedure, taken)
    assert set(schema["properties"]) == {"about", "within"} <= set(form.fields)
    assert "inner" not in form.fields
    demand_given(procedure, taken, {"about": "decision:1", "within": {"n": 3, "kind": "working"}})
    with pytest.raises(FieldNotTaken):
        demand_given(procedure, taken, {"inner": "x"})
