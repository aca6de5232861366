"""The pages: nothing typed gets lost, nobody sees what is not theirs, nothing that is sent breaks them."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yingshang.forms.drafts import content_digest
from yingshang.forms.errors import HandedInElsewhere
from yingshang.forms.homes import HOMES
from yingshang.forms.models import Draft, MaterialItem, Submission
from yingshang.forms.purposes import SORTS, PurposeSort
from yingshang.forms.signing import confirmation_code, invitation
from yingshang.forms.space import choose_material
from yingshang.forms.submitting import submit_draft
from yingshang.forms.tests.conftest import PDF, TRIAL
from yingshang.forms.tests.test_signing import OWNERS, filed_by_clerk
from yingshang.forms.tests.test_submitting import filled, submitted
from yingshang.kernel.times import today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Account, Role

pytestmark = pytest.mark.one_database


def browser(actor: Actor) -> Client:
    """Return a browser in which this person is signed in."""
    client = Client()
    account = Account.objects.get(pk=actor.account_id)
    client.force_login(account, settings.AUTHENTICATION_BACKENDS[-1])
    session = client.session
    session["epoch"] = account.session_epoch
    session.save()
    return client


def sent(draft: Draft, **answers: Any) -> dict[str, Any]:
    """Return what a page posts for these fields."""
    draft.refresh_from_db()
    posted: dict[str, Any] = {"version": str(draft.version), "go": "next"}
    for name, value in answers.items():
        posted |= {f"has.{name}": "1", f"a.{name}": value}
    return posted


def test_a_consent_is_given_for_a_filing_by_its_name_and_lets_the_counter_use_the_material(
    district, monkeypatch
) -> None:
    names = {"trial": "试办事项"}
    sort = PurposeSort(lambda key: names.get(key, ""), names.items)
    monkeypatch.setattr(SORTS, "_things", {"service": sort})
    submitted(district)
    item = MaterialItem.objects.get()
    MaterialItem.objects.update(purpose="service:trial")
    client, where = browser(district.boss), f"/my-materials/{item.ref}/"
    page = client.get(where).content.decode()
    assert "<dd>试办事项</dd>" in page
    given = {"organ": "counter", "expires_on": (today() + timedelta(days=9)).isoformat()}
    assert client.post(where, {**given, "purpose": "随便写的"}).status_code == 422
    assert client.post(where, {**given, "purpose": "service:trial"}).status_code == 302
    draft = district.start(district.clerk, purpose="service:trial", subject=district.firm.ref)
    choose_material(district.clerk, draft=draft.ref, material="lease", item=item.ref)


def test_what_is_wrong_is_told_saved_and_linked_to_its_field(district) -> None:
    draft, client = district.start(), browser(district.boss)
    where = f"/my-drafts/{draft.ref}/"
    answer = client.post(where, sent(draft, capital="很多", staff="3"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert 'href="#f-capital"' in page
    assert 'id="f-capital" value="很多"' in page
    draft.refresh_from_db()
    assert draft.answers["capital"] == "很多"
    assert "（必填）" in page


def test_an_empty_prefill_is_told_and_a_known_one_names_its_source(district) -> None:
    district.know(name="甲公司")
    draft = district.start()
    page = browser(district.boss).get(f"/my-drafts/{draft.ref}/").content.decode()
    assert "已预填，来自登记机关" in page
    assert "未查到，请填写" in page


def test_unknown_buttons_steps_and_versions_change_nothing(district) -> None:
    draft, client = district.start(), browser(district.boss)
    where = f"/my-drafts/{draft.ref}/"
    for go in ("", "x", "submit", "sign:x", "material:lease", "add:nothing", "remove:owners:²",
               "remove:owners", "confirm", "carry", "clear:x", "find:zzz"):  # fmt: skip
        for version in ("1", "²", "9" * 30, ""):
            answer = client.post(f"{where}?step=zzz", {"go": go, "version": version})
            assert answer.status_code < 500, go
    draft.refresh_from_db()
    assert draft.answers == {}
    assert not Submission.objects.exists()


HOSTILE = ("9" * 40, "²", "<script>alert(1)</script>", "x" * 5000, "NaN", "-1", "\N{SNOWMAN}𠀀", "")


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_answers_break_no_page(district, value: str) -> None:
    district.know(name="甲公司")
    draft, client = district.start(), browser(district.boss)
    keys = [one.key for _section, one in TRIAL.questions()]
    posted = sent(draft, **dict.fromkeys(keys, value)) | {
        "rows.owners": value or "3",
        "has.owners.0.who": "1", "a.owners.0.who.name": value, "a.owners.0.share": value,
        "why.note": value, "find.name": value,
    }  # fmt: skip
    for go in ("next", "again", "leave", "add:owners", "mine"):
        answer = client.post(f"/my-drafts/{draft.ref}/", posted | {"go": go})
        assert answer.status_code < 500
    for step in ("main", "materials", "review"):
        page = client.get(f"/my-drafts/{draft.ref}/?step={step}&check=1")
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()


def test_a_huge_number_of_rows_is_cut_to_what_the_form_takes(district) -> None:
    draft, client = district.start(), browser(district.boss)
    posted = sent(draft) | {"rows.owners": "999"}
    for n in range(50):
        posted |= {f"has.owners.{n}.share": "1", f"a.owners.{n}.share": "1"}
    client.post(f"/my-drafts/{draft.ref}/", posted)
    draft.refresh_from_db()
    assert len(draft.answers["owners"]) == 5


def test_drafts_and_submissions_of_others_are_not_found(district) -> None:
    draft, submission = district.start(), submitted(district)
    stranger = browser(district.stranger)
    code = "f" * 32
    for where in (f"/my-drafts/{draft.ref}/", f"/my-drafts/{draft.ref}/delete/",
                  f"/my-drafts/{draft.ref}/confirm/", f"/submissions/{submission.ref}/",
                  f"/sign/{draft.ref}/owners.0/{code}/"):  # fmt: skip
        assert stranger.get(where).status_code == 404, where
        assert stranger.post(where, {"go": "leave"}).status_code in (404, 405), where
    assert Client().get(f"/my-drafts/{draft.ref}/").status_code == 302


def test_materials_are_uploaded_refused_and_taken_back(district) -> None:
    draft, client = district.start(), browser(district.boss)
    where = f"/my-drafts/{draft.ref}/?step=materials"

    def send(content: bytes) -> Any:
        file = SimpleUploadedFile("合同.pdf", content)
        return client.post(where, {"go": "material:lease", "way": "files", "files": file})

    assert "格式的文件" in send(b"plain text").content.decode()
    assert send(PDF).status_code == 302
    draft.refresh_from_db()
    assert [one["name"] for one in draft.materials["lease"]["files"]] == ["合同.pdf"]
    client.post(where, {"go": "clear:lease"})
    draft.refresh_from_db()
    assert draft.materials == {}
    assert client.post(where, {"go": "material:nothing", "files": ""}).status_code == 404


def test_a_new_form_is_shown_before_going_on(district) -> None:
    draft = district.save(district.start(), note="保留")
    fields = tuple(one for one in TRIAL.sections[0].fields if one.key != "site")
    district.revise(TRIAL, sections=(TRIAL.sections[0].model_copy(update={"fields": fields}),))
    client = browser(district.boss)
    assert "不再需要：网站" in client.get(f"/my-drafts/{draft.ref}/").content.decode()
    client.post(f"/my-drafts/{draft.ref}/", {"go": "carry"})
    page = client.get(f"/my-drafts/{draft.ref}/").content.decode()
    assert "您填写的内容已保留" in page
    assert "保留</textarea>" in page or 'value="保留"' in page


def test_an_invited_shareholder_sees_what_is_signed_and_signs(district) -> None:
    draft = filled(district, owners=OWNERS)
    draft.refresh_from_db()
    owner = browser(district.person("甲股东"))
    where = f"/sign/{draft.ref}/owners.0/{invitation(draft, 'owners.0')}/"
    assert "甲公司" in owner.get(where).content.decode()
    assert owner.post(where, {"content": "0" * 64}).status_code == 409
    assert owner.post(where, {"content": content_digest(draft)}).status_code == 302
    review = browser(district.boss).get(f"/my-drafts/{draft.ref}/?step=review").content.decode()
    assert "已签名" in review
    assert "/sign/" in review, "the other shareholder's link"
    district.save(draft, staff="12")
    review = browser(district.boss).get(f"/my-drafts/{draft.ref}/?step=review").content.decode()
    assert "签名已失效" in review


def test_the_counter_files_and_the_applicant_confirms(district) -> None:
    draft = filed_by_clerk(district)
    boss, clerk = browser(district.boss), browser(district.clerk)
    assert confirmation_code(draft) in boss.get(f"/my-drafts/{draft.ref}/confirm/").content.decode()
    where = f"/desk/filings/{draft.ref}/?step=review"
    clerk.post(where, {"go": "confirm", "code": "00000000"})
    assert clerk.post(where, {"go": "submit"}).status_code == 409
    boss.post(f"/my-drafts/{draft.ref}/confirm/", {"content": content_digest(draft)})
    assert clerk.post(where, {"go": "submit"}).status_code == 302
    assert Submission.objects.get().organ == district.organs["counter"]


def test_officials_mark_on_the_page_and_the_applicant_sees_just_those_open(district) -> None:
    submission = submitted(district)
    officer, boss = browser(district.officer), browser(district.boss)
    where = f"/desk/submissions/{submission.ref}/"
    assert officer.post(where, {"mark.staff": " "}).status_code == 422
    assert officer.post(where, {"mark.staff": "人数有误"}).status_code == 302
    assert "人数有误" in boss.get(f"/submissions/{submission.ref}/").content.decode()
    correction = boss.post(f"/submissions/{submission.ref}/")
    page = boss.get(correction.headers["Location"]).content.decode()
    assert 'name="a.staff"' in page
    assert 'name="a.name"' not in page
    assert "人数有误" in page
    draft = Draft.objects.get(corrects=submission)
    posted = sent(draft, staff="7", name="偷改")
    boss.post(f"/my-drafts/{draft.ref}/", posted)
    draft.refresh_from_db()
    assert (draft.answers["staff"], draft.answers["name"]) == ("7", "甲公司")


def test_a_form_is_tried_with_nothing_kept(district) -> None:
    Role.objects.filter(mandates__organ=district.organs["counter"]).update(
        permissions=["forms.read_definitions"]
    )
    clerk = browser(district.clerk)
    page = clerk.get("/desk/forms/trial/").content.decode()
    assert 'name="a.staff"' in page
    assert 'name="a.site"' not in page
    posted = {"has.online": "1", "a.online": "yes", "has.staff": "1", "a.staff": "x", "go": "check"}
    answer = clerk.post("/desk/forms/trial/", posted)
    assert answer.status_code == 422
    assert 'name="a.site"' in answer.content.decode()
    assert not Draft.objects.exists()
    for go in ("add:owners", "remove:owners:0", "remove:zzz:1", "add:zzz", "find:name"):
        assert clerk.post("/desk/forms/trial/", posted | {"go": go}).status_code < 500
    assert clerk.get("/desk/forms/needless/").status_code == 200
    assert clerk.get("/desk/forms/nothing/").status_code == 404


def test_a_draft_that_belongs_to_a_service_is_filled_and_handed_in_there(
    district, monkeypatch
) -> None:
    def home(_actor: Actor, draft: Draft) -> str:
        return "/services/x/apply/" if "service" in draft.context else ""

    monkeypatch.setattr(HOMES, "_things", {"trial": home})
    draft, own = district.start(context={"service": "x"}), district.start()
    client = browser(district.boss)
    assert client.get(f"/my-drafts/{draft.ref}/").headers["Location"] == "/services/x/apply/"
    assert client.get(f"/my-drafts/{own.ref}/").status_code == 200
    assert 'href="/services/x/apply/"' in client.get("/my-drafts/").content.decode()
    with pytest.raises(HandedInElsewhere):
        submit_draft(district.boss, draft=draft.ref)


def test_a_form_on_one_page_has_its_sections_as_headings(district) -> None:
    first, *rest = TRIAL.sections[0].fields
    parts = [("一", "基本情况", (first,)), ("二", "经营情况", tuple(rest))]
    sections = tuple(
        TRIAL.sections[0].model_copy(update={"key": f"s{n}", "label": label, "fields": fields})
        for n, (_name, label, fields) in enumerate(parts)
    )
    district.revise(TRIAL, sections=sections, layout="page")
    draft, client = district.start(), browser(district.boss)
    page = client.get(f"/my-drafts/{draft.ref}/").content.decode()
    assert "第 1 步，共 3 步" in page
    assert page.index("基本情况") < page.index('name="a.name"') < page.index("经营情况")
    review = client.get(f"/my-drafts/{draft.ref}/?step=review").content.decode()
    assert "?step=s0&amp;check=1#f-staff" in review
    answer = client.post(f"/my-drafts/{draft.ref}/?step=s0", sent(draft, name="甲", staff="3"))
    assert answer.status_code == 422
    draft.refresh_from_db()
    assert draft.answers == {"name": "甲", "staff": "3"}
