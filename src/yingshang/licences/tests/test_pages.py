"""The pages: what each visitor sees and does, and who is turned away."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.test import Client

from yingshang.kernel.times import frozen
from yingshang.licences.actions.seals import register_seal
from yingshang.licences.models import Decision, Licence, LicenceCopy, Rendition, Seal, Serving
from yingshang.licences.tasks import make_rendition
from yingshang.licences.tests.conftest import Town
from yingshang.parties.models import Account, Mandate, Person, Role

pytestmark = pytest.mark.django_db

START = datetime(2026, 11, 2, 2, tzinfo=UTC)
OFFICIAL = ("read", "issue", "manage", "decide", "serve", "read_seals", "manage_seals")


@pytest.fixture(autouse=True)
def clock():
    with frozen(START) as moving:
        yield moving


@pytest.fixture
def sealed(town: Town) -> Town:
    """A town with a seal."""
    keeper = town.official("licences.manage_seals")
    register_seal(keeper, organ="market", kind="official", custodian="宋佳")
    return town


def browser(town: Town, *, firm: str = "", organ: str = "", permissions=("hold",)) -> Client:
    """Return a browser in which somebody of a firm or a bureau is signed in."""
    name = f"{firm or organ}-{'-'.join(permissions)}"[:60]
    account = Account.objects.create_user(name, None, Person.objects.create(name="某人"))
    whom = {"subject": town.firms[firm]} if firm else {"organ": town.organs[organ]}
    mandate = Mandate.objects.create(person=account.person, **whom)
    names = [f"licences.{one}" for one in permissions]
    mandate.roles.add(Role.objects.create(key=name, label="r", permissions=names))
    client = Client()
    client.force_login(account, django_settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["epoch"] = account.session_epoch
    session.save()
    return client


def make_all() -> None:
    for rendition in Rendition.objects.filter(state="waiting"):
        make_rendition.func(rendition.pk)


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_a_holder_sees_downloads_and_copies_its_licence(sealed: Town) -> None:
    licence, holder = sealed.issue(), browser(sealed, firm="甲")
    assert licence.number in text(holder, "/my-licences/")
    page = f"/my-licences/{licence.ref}/"
    assert "正在生成" in text(holder, page)
    assert holder.get(f"{page}file/").status_code == 409
    make_all()
    assert "下载 PDF" in text(holder, page)
    file = holder.get(f"{page}file/")
    assert file.content.startswith(b"%PDF-")
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert licence.identifier in holder.get(f"{page}record/").content.decode()
    day = (START + timedelta(days=30)).date()
    late = (START + timedelta(days=500)).date()
    form = {"purpose": "办理银行开户", "expires_on": late}
    assert holder.post(f"{page}copy/", form).status_code == 422
    assert holder.post(f"{page}copy/", {**form, "expires_on": day}).status_code == 302
    make_all()
    copy = LicenceCopy.objects.get()
    assert "办理银行开户" in text(holder, "/licence-copies/")
    assert holder.get(f"/licence-copies/{copy.ref}/file/").content.startswith(b"%PDF-")
    assert holder.post(f"/licence-copies/{copy.ref}/withdraw/").status_code == 302
    assert "已收回" in text(holder, "/licence-copies/")
    assert holder.post(f"/licence-copies/{copy.ref}/withdraw/").status_code == 409


def test_a_form_that_is_sent_twice_is_done_once(sealed: Town) -> None:
    licence, decision = sealed.issue(), sealed.decide()
    holder = browser(sealed, firm="甲")
    desk = browser(sealed, organ="market", permissions=OFFICIAL)
    day = (START + timedelta(days=30)).date()
    forms = (
        (holder, f"/my-licences/{licence.ref}/copy/", {"purpose": "开户", "expires_on": day}),
        (desk, f"/desk/serve/decision/{decision.ref}/", {"means": "counter", "receipt": "林晓峰"}),
    )
    for client, address, given in forms:
        key = re.search(r'name="idempotency_key" value="(\w+)"', text(client, address))[1]
        given |= {"idempotency_key": key}
        assert [client.post(address, given).status_code for _ in range(2)] == [302, 302]
        other = {**given, "purpose": "投标", "means": "post"}
        assert client.post(address, other).status_code == 422
    assert (LicenceCopy.objects.count(), Serving.objects.count()) == (1, 1)
    again = {**forms[0][2], "idempotency_key": ""}
    assert holder.post(forms[0][1], again).status_code == 302
    assert LicenceCopy.objects.count() == 2


def test_nobody_reaches_anothers_licence_file_or_copy(sealed: Town) -> None:
    licence, decision = sealed.issue(), sealed.decide()
    owner = browser(sealed, firm="甲")
    owner.post(
        f"/my-licences/{licence.ref}/copy/", {"purpose": "x", "expires_on": date(2026, 12, 1)}
    )
    make_all()
    copy = LicenceCopy.objects.get()
    other = browser(sealed, firm="乙")
    health = browser(sealed, organ="health", permissions=OFFICIAL)
    holders = [f"/my-licences/{licence.ref}/{p}" for p in ("", "file/", "record/", "copy/")]
    for address in [*holders, f"/licence-copies/{copy.ref}/file/"]:
        assert other.get(address).status_code == 404
        assert health.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    officials = [f"/desk/licences/{licence.ref}/", f"/desk/decisions/{decision.ref}/"]
    for address in [*officials, *(f"{one}file/" for one in officials)]:
        assert health.get(address).status_code == 404
        assert other.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    place = Rendition.objects.filter(state="done")[0].place
    assert default_storage.exists(place)
    assert owner.get(f"/{place}").status_code == 404


def test_documents_are_served_opened_and_confirmed(sealed: Town) -> None:
    decision = sealed.decide()
    make_all()
    holder = browser(sealed, firm="甲")
    desk = browser(sealed, organ="market", permissions=OFFICIAL)
    serve = f"/desk/serve/decision/{decision.ref}/"
    assert desk.get(serve).status_code == 200
    refused = desk.post(serve, {"means": "electronic"})
    assert (refused.status_code, "没有同意电子送达" in refused.content.decode()) == (422, True)
    assert holder.post("/my-documents/consent/", {"contact": "x"}).status_code == 422
    assert holder.post("/my-documents/consent/", {"agreed": "on"}).status_code == 302
    assert desk.post(serve, {"means": "electronic"}).status_code == 302
    serving = Serving.objects.get()
    assert decision.number in text(holder, "/my-documents/")
    assert "下载 PDF" in text(holder, f"/my-documents/{serving.ref}/")
    serving.refresh_from_db()
    assert serving.opened_at == START
    assert holder.get(f"/my-documents/{serving.ref}/file/").content.startswith(b"%PDF-")
    assert holder.post(f"/my-documents/{serving.ref}/confirm/").status_code == 302
    assert "确认收到" in text(desk, f"/desk/servings/{serving.ref}/")
    stranger = browser(sealed, firm="乙")
    for address in ("", "file/"):
        assert stranger.get(f"/my-documents/{serving.ref}/{address}").status_code == 404
    assert stranger.post(f"/my-documents/{serving.ref}/confirm/").status_code == 404
    assert holder.post("/my-documents/consent/").status_code == 302
    assert "没有同意电子送达" in text(holder, "/my-documents/")


def test_a_receipt_by_post_is_recorded_on_the_desk(town: Town, clock) -> None:
    decision = town.decide()
    desk = browser(town, organ="market", permissions=OFFICIAL)
    desk.post(f"/desk/serve/decision/{decision.ref}/", {"means": "post", "tracking": "EM1"})
    desk.post(f"/desk/serve/decision/{decision.ref}/", {"means": "post", "tracking": "EM2"})
    first, second = Serving.objects.order_by("pk")
    clock.set(datetime(2026, 11, 6, 2, tzinfo=UTC))
    receipt = f"/desk/servings/{first.ref}/receipt/"
    assert desk.post(receipt, {"on": "2026-11-30", "receipt": "林晓峰"}).status_code == 422
    assert desk.post(receipt, {"on": "2026-11-05", "receipt": "林晓峰"}).status_code == 302
    failure = f"/desk/servings/{second.ref}/failure/"
    assert desk.post(failure, {"note": "地址不详"}).status_code == 302
    shown = text(desk, "/desk/servings/")
    assert "已送达" in shown
    assert "未送达" in shown


def test_officials_search_and_act_on_what_their_organ_issued(town: Town) -> None:
    licence = town.issue()
    desk = browser(town, organ="market", permissions=OFFICIAL)
    assert licence.number in text(desk, "/desk/licences/")
    assert licence.number not in text(desk, "/desk/licences/?q=nobody")
    assert licence.number in text(desk, f"/desk/licences/?q={licence.number}&kind=food&state=valid")
    page = f"/desk/licences/{licence.ref}/"
    assert "相互一致" in text(desk, page)
    assert desk.post(f"{page}do/suspend/", {"ground": ""}).status_code == 422
    assert desk.post(f"{page}do/suspend/", {"ground": "抽检不合格"}).status_code == 302
    licence.refresh_from_db()
    assert licence.state == "suspended"
    assert desk.get(f"{page}do/suspend/").status_code == 302
    assert desk.get(f"{page}do/issue/").status_code == 302
    reader = browser(town, organ="market", permissions=("read",))
    assert reader.post(f"{page}do/resume/", {"ground": "x"}).status_code == 403
    everywhere = browser(town, organ="health", permissions=("read_all", "manage"))
    assert everywhere.post(f"{page}do/resume/", {"ground": "x"}).status_code == 403


def test_a_record_that_was_altered_shows_on_the_desk(town: Town) -> None:
    licence = town.issue()
    Licence.objects.update(holder_name="乙公司")
    desk = browser(town, organ="market", permissions=OFFICIAL)
    assert "现行内容与签名的数据不一致" in text(desk, f"/desk/licences/{licence.ref}/")


def test_seals_are_registered_suspended_and_their_uses_seen(town: Town) -> None:
    decision = town.decide()
    desk = browser(town, organ="market", permissions=OFFICIAL)
    past = {"kind": "official", "custodian": "宋佳", "valid_to": "2020-01-01"}
    assert desk.post("/desk/seals/new/", past).status_code == 422
    given = {**past, "valid_to": "2030-01-01"}
    assert desk.post("/desk/seals/new/", given).status_code == 302
    assert desk.post("/desk/seals/new/", given).status_code == 422
    make_all()
    seal = Seal.objects.get()
    assert decision.number in text(desk, f"/desk/seals/{seal.ref}/")
    assert desk.post(f"/desk/seals/{seal.ref}/suspend/", {"ground": "交接"}).status_code == 302
    assert "停用" in text(desk, "/desk/seals/")
    auditor = browser(town, organ="health", permissions=("audit_seals",))
    assert decision.number in text(auditor, f"/desk/seals/{seal.ref}/")
    assert auditor.post(f"/desk/seals/{seal.ref}/resume/", {"ground": "x"}).status_code == 403
    health = browser(town, organ="health", permissions=OFFICIAL)
    assert health.get(f"/desk/seals/{seal.ref}/").status_code == 404
    assert health.post(f"/desk/seals/{seal.ref}/resume/", {"ground": "x"}).status_code == 404


def test_a_file_that_was_given_up_is_shown_and_made_again(town: Town) -> None:
    decision = town.decide()
    Rendition.objects.update(state="failed", error="没有登记")
    desk = browser(town, organ="market", permissions=OFFICIAL)
    assert "没有生成" in text(desk, f"/desk/decisions/{decision.ref}/")
    assert decision.number in text(desk, "/desk/seals/")
    health = browser(town, organ="health", permissions=OFFICIAL)
    assert decision.number not in text(health, "/desk/seals/")
    ref = Rendition.objects.get().ref
    assert health.post(f"/desk/renditions/{ref}/retry/").status_code == 404
    assert desk.post(f"/desk/renditions/{ref}/retry/").status_code == 302
    assert Rendition.objects.get().state == "waiting"


def test_decisions_are_listed_for_their_organ_alone(town: Town) -> None:
    decision = town.decide()
    desk = browser(town, organ="market", permissions=OFFICIAL)
    assert decision.number in text(desk, "/desk/decisions/")
    health = browser(town, organ="health", permissions=OFFICIAL)
    assert decision.number not in text(health, "/desk/decisions/")
    assert Decision.objects.count() == 1
