"""What an enterprise and officials see of facts in the demonstration, and what is refused."""

import re
import time
from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.demonstration import build_demonstration, client_of
from yingshang.cases.models import Case
from yingshang.facts.actions.claims import lock_claim
from yingshang.facts.actions.evaluations import record_evaluation
from yingshang.facts.demo import build
from yingshang.facts.errors import NotAuthoritative
from yingshang.facts.models import FactClaim, FactValue, QualityIssue, Reading
from yingshang.facts.selectors import list_claims_for
from yingshang.parties.actions.relations import relate_subjects
from yingshang.parties.actors import system_actor
from yingshang.parties.demo import demo_actor
from yingshang.parties.models import Account, Subject
from yingshang.parties.permissions import REGISTER_SUBJECTS

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(db: None) -> None:
    build_demonstration()


def firm() -> Subject:
    """Return the enterprise for which ``legal`` acts."""
    account = Account.objects.get(username="legal")
    return Subject.objects.get(mandates__person=account.person_id)


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_an_enterprise_sees_its_facts_sources_and_readers_and_disputes_one() -> None:
    client = client_of("legal")
    page = text(client, "/my-data/")
    assert "清江区创新路 10 号" in page
    assert "118 人" in page
    assert "税务征管系统" in page
    assert "有异议" in page
    assert "惠企政策匹配与兑现" in text(client, "/my-data/readers/")
    history = text(client, "/my-data/enterprise.employees/")
    assert "130" in history
    assert "重复计入外包人员" in history
    answer = client.post(
        "/my-data/enterprise.industry/dispute/", {"content": "C3422", "why": "主营已变更"}
    )
    assert answer.status_code == 302
    claim = FactClaim.objects.get(key="enterprise.industry")
    assert claim.content == "C3422"
    assert Case.objects.get(ref=claim.case).holder.key == "qj-market"
    assert "主营已变更" in text(client, "/my-data/")


def test_money_is_disputed_in_yuan_and_a_period_by_its_year() -> None:
    row = FactValue.objects.filter(key="enterprise.revenue", subject=firm()).order_by("-item")[0]
    client = client_of("legal")
    address = f"/my-data/enterprise.revenue/dispute/?item={row.item}"
    assert f'value="{row.content // 100}' in text(client, address)
    client.post(address, {"content": "1234.56", "why": "以审计报告为准"})
    assert FactClaim.objects.get(key="enterprise.revenue").content == 123456


@pytest.mark.one_database
def test_a_dispute_does_not_show_a_sensitive_value_to_whoever_made_it() -> None:
    row = FactValue.objects.filter(key="enterprise.revenue", subject=firm()).order_by("-item")[0]
    address = reverse("desk:dispute-fact", args=[firm().ref, row.key]) + f"?item={row.item}"
    given = {"content": "1", "why": "与申报不符"}
    assert client_of("approver").post(address, given).status_code == 422
    assert not FactClaim.objects.filter(key=row.key).exists()
    assert client_of("bureau").post(address, given).status_code == 302
    case = Case.objects.get(ref=FactClaim.objects.get(key=row.key).case)
    assert "敏感数据" in case.data["on_record"]
    for address in (f"/desk/cases/{case.ref}/", "/desk/fact-claims/"):
        shown = text(client_of("bureau"), address)
        assert f"{row.content // 100:,}" not in shown
    assert "不显示" in shown


def test_a_denial_needs_no_value_and_a_bad_one_is_told_beside_its_field() -> None:
    client = client_of("legal")
    address = "/my-data/enterprise.employees/dispute/"
    assert client.post(address, {"content": "许多", "why": "x"}).status_code == 422
    assert client.post(address, {"content": "118", "why": "x"}).status_code == 422
    assert client.post(address, {"denied": "on", "why": "已停业"}).status_code == 302
    assert FactClaim.objects.get(key="enterprise.employees").content is None


def test_another_enterprise_and_who_acts_for_none_see_nothing_of_it() -> None:
    page = text(client_of("legal2"), "/my-data/")
    assert "清江区创新路 10 号" not in page
    assert client_of("citizen").get("/my-data/").status_code == 403
    assert client_of("public").get("/my-data/").status_code == 302
    address = reverse("desk:subject-facts", args=[firm().ref])
    assert client_of("legal").get(f"{address}?purpose=service").status_code == 403


def test_an_official_sees_a_profile_only_for_a_purpose_and_the_firm_sees_that() -> None:
    client = client_of("bureau")
    address = reverse("desk:subject-facts", args=[firm().ref])
    assert "清江区创新路 10 号" not in text(client, address)
    history = reverse("desk:fact-history", args=[firm().ref, "enterprise.employees"])
    correction = reverse("desk:correct-fact", args=[firm().ref, "enterprise.employees"])
    count = Reading.objects.count()
    assert "118" not in text(client, history)
    assert "118" not in text(client, correction), "of another organ's source"
    assert Reading.objects.count() == count
    page = text(client, f"{address}?purpose=supervision")
    assert "清江区创新路 10 号" in page
    assert "项敏感数据没有显示" in page
    assert Reading.objects.count() == count + 1
    assert "118" in text(client, f"{history}?purpose=supervision")
    assert Reading.objects.count() == count + 2
    revenue = reverse("desk:fact-history", args=[firm().ref, "enterprise.revenue"])
    assert client.get(f"{revenue}?purpose=supervision").status_code == 422
    assert "日常监督管理" in text(client_of("legal"), "/my-data/readers/")
    sensitive = f"{address}?purpose=supervision&sensitive=on"
    assert client.get(sensitive).status_code == 422
    assert "项敏感数据没有显示" not in text(client, f"{sensitive}&ground=检查一号")


def test_a_dispute_is_found_from_its_case_and_an_enterprise_s_facts_from_its_page() -> None:
    client, claim = client_of("bureau"), FactClaim.objects.get(key="enterprise.address")
    page = text(client, reverse("desk:case", args=[claim.case]))
    assert "清江区创新路 12 号" in page
    history = reverse("desk:fact-history", args=[firm().ref, "enterprise.address"])
    assert f"{history}?purpose=correction&amp;ground={claim.case}" in page
    profile = reverse("desk:subject-facts", args=[firm().ref])
    assert profile in text(client, reverse("desk:enterprise", args=[firm().ref]))


def test_the_past_is_shown_as_it_was_known() -> None:
    address = reverse("desk:subject-facts", args=[firm().ref])
    page = text(client_of("bureau"), f"{address}?purpose=service&known_on=2001-01-01")
    assert "清江区创新路 10 号" not in page
    later = client_of("bureau").get(f"{address}?purpose=service&known_on=2199-01-01")
    assert later.status_code == 422


def test_the_catalogue_names_owner_use_and_quality() -> None:
    client = client_of("bureau")
    page = text(client, "/desk/facts/?q=从业人数")
    assert "市统计" in page or "区统计局" in page
    assert "稳岗用工奖励（演示）" in text(client, "/desk/facts/enterprise.employees/")
    assert "没有用处的数据不应要求填报" in text(client, "/desk/facts/enterprise.address/")
    text(client, "/desk/facts/enterprise.nonsense/", 404)
    issue = QualityIssue.objects.get(detail__contains="5990")
    assert "5990" in text(client, "/desk/"), "its owner is told on the home page"
    assert "5990" not in text(client_of("finance"), "/desk/")
    assert "5990" not in text(client_of("finance"), "/desk/fact-issues/?own=1")
    assert "5990" not in text(client_of("finance"), "/desk/fact-issues/"), "others see no values"
    assert client_of("finance").get(f"/desk/fact-issues/{issue.ref}/settle/").status_code == 403
    assert "5990" in text(client, "/desk/fact-issues/")
    assert client_of("finance").post(
        f"/desk/fact-issues/{issue.ref}/settle/", {"resolution": "与我无关"}
    ).status_code in (403, 422)
    client.post(f"/desk/fact-issues/{issue.ref}/settle/", {"resolution": "已核对"})
    assert "5990" not in text(client, "/desk/fact-issues/")


def test_only_the_owner_corrects_on_its_page() -> None:
    address = reverse("desk:correct-fact", args=[firm().ref, "enterprise.address"])
    row = FactValue.objects.get(key="enterprise.address", subject=firm(), superseded_at=None)
    given = {"content": "清江区新址 1 号", "reason": "核实", "held": str(row.pk)}
    assert f'name="held" value="{row.pk}"' in text(client_of("bureau"), address)
    assert client_of("finance").post(address, given).status_code == 422
    assert client_of("bureau").post(address, given).status_code == 302
    assert "清江区新址 1 号" in text(client_of("legal"), "/my-data/")
    later = client_of("bureau").post(address, {**given, "content": "清江区新址 2 号"})
    assert later.status_code == 422, "from a form that was opened before the first correction"
    assert "请重新打开页面" in later.content.decode()
    withdrawal = reverse("desk:withdraw-fact", args=[firm().ref, "enterprise.address"])
    assert client_of("bureau").post(withdrawal, given).status_code == 422
    assert "清江区新址 1 号" in text(client_of("legal"), "/my-data/")


def test_building_the_facts_of_the_demonstration_is_quick() -> None:
    FactClaim.objects.all().delete()
    begun = time.process_time()
    build()
    assert time.process_time() - begun < 3, "the demonstration has ten seconds in all"


def test_an_enterprise_says_of_itself_what_nobody_else_has_told() -> None:
    client = client_of("legal")
    assert "/my-data/declare/" in text(client, "/my-data/")
    page = text(client, "/my-data/declare/")
    assert "建筑面积" in page
    assert "/my-data/enterprise.employees/declare/" not in page, "statistics knows it already"
    address = "/my-data/enterprise.floor_area/declare/"
    assert "权威来源提供数据后以其为准" in text(client, address)
    refused = client.post(address, {"content": "-3"})
    assert refused.status_code == 422
    assert not FactValue.objects.filter(key="enterprise.floor_area", subject=firm()).exists()
    assert client.post(address, {"content": "2100.5"}).status_code == 302
    row = FactValue.objects.get(key="enterprise.floor_area", subject=firm())
    assert (row.content, row.grade, row.source) == (2100.5, "declared", "self")
    assert "自行申报" in text(client, "/my-data/enterprise.floor_area/")
    assert "2100.5" in text(client, "/my-data/declare/")


@pytest.mark.one_database
def test_a_period_is_declared_in_yuan_and_against_the_authority_it_is_a_dispute() -> None:
    client = client_of("legal")
    row = FactValue.objects.filter(key="enterprise.revenue", subject=firm()).order_by("-item")[0]
    address = "/my-data/enterprise.revenue/declare/"
    given = {"item": row.item, "content": "1234.56"}
    answer = client.post(address, given, follow=True)
    assert "已作为数据异议" in answer.content.decode()
    assert FactClaim.objects.get(key="enterprise.revenue").content == 123456
    client.post("/my-data/enterprise.carbon/declare/", {"item": "2024", "content": "12"})
    assert FactValue.objects.get(key="enterprise.carbon", subject=firm()).item == "2024"
    assert client.post(address, {"item": "2099", "content": "1"}).status_code == 422
    assert client.get("/my-data/enterprise.penalties/declare/").status_code in (403, 422)
    assert client_of("citizen").get(address).status_code == 403


@pytest.mark.one_database
def test_a_dispute_about_what_a_firm_said_of_itself_goes_to_who_looks_after_data() -> None:
    client_of("legal").post(
        "/my-data/enterprise.contact_phone/declare/", {"content": "13800000000"}
    )
    address = reverse("desk:dispute-fact", args=[firm().ref, "enterprise.contact_phone"])
    given = {"content": "13900000000", "why": "该号码已停机"}
    assert client_of("bureau").post(address, given).status_code == 302
    claim = FactClaim.objects.get(key="enterprise.contact_phone")
    case = Case.objects.get(ref=claim.case)
    assert case.holder.key == "qj-data"
    with pytest.raises(NotAuthoritative):
        lock_claim(demo_actor("bureau"), claim.ref)
    steward = replace(demo_actor("bureau"), organ_id=case.holder_id)
    assert list(list_claims_for(steward)) == [claim]
    assert lock_claim(steward, claim.ref) == claim


def test_a_correction_lists_what_it_changed() -> None:
    row = FactValue.objects.get(key="enterprise.industry", subject=firm(), superseded_at=None)
    record_evaluation(
        demo_actor("plan"),
        subject=firm().ref,
        policy={
            "id": "t",
            "title": "制造业扶持",
            "condition": f"enterprise.industry == '{row.content}'",
        },
        purpose="policy",
        decision="award:3",
    )
    client = client_of("bureau")
    address = reverse("desk:correct-fact", args=[firm().ref, row.key])
    given = {"content": "I6513", "reason": "主营业务核实", "held": str(row.pk)}
    shown = client.post(address, given, follow=True)
    page = shown.content.decode()
    assert shown.redirect_chain[0][0].startswith("/desk/fact-loads/")
    assert re.search(r"重新核对 \d+ 项，其中 [1-9]\d* 项结果不同", page)
    assert "制造业扶持" in page
    assert "已提请复核" in page
    assert client_of("finance").get(shown.redirect_chain[0][0]).status_code == 404
    history = reverse("desk:fact-history", args=[firm().ref, row.key])
    assert shown.redirect_chain[0][0] in text(client, f"{history}?purpose=supervision")


@pytest.mark.one_database
def test_a_profile_names_who_is_related_on_its_day() -> None:
    registrar = system_actor("test", REGISTER_SUBJECTS)
    branch = Subject.objects.filter(type="enterprise").exclude(pk=firm().pk)[0]
    told = {"source": firm().ref, "relation": "branch", "target": branch.ref}
    relate_subjects(registrar, **told, valid_from=date(2024, 3, 1))
    own = text(client_of("legal"), "/my-data/")
    assert "关联主体" in own
    assert branch.name in own
    address = reverse("desk:subject-facts", args=[firm().ref])
    assert branch.name not in text(client_of("bureau"), address), "no purpose was given"
    assert branch.name in text(client_of("bureau"), f"{address}?purpose=service")
    before = text(client_of("bureau"), f"{address}?purpose=service&as_of=2024-02-01")
    assert branch.name not in before
