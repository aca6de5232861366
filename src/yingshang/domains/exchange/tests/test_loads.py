"""Handing in files of facts on the desk: from the form to the report, cell by cell."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.demonstration import build_demonstration, client_of
from yingshang.facts.actions.uploads import run_upload
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.models import FactUpload, FactValue
from yingshang.facts.population import load_made_up
from yingshang.facts.profiles import load_population
from yingshang.kernel.times import now, today
from yingshang.parties.demo import DIVISION
from yingshang.parties.models import Subject

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demonstration(db: None) -> None:
    build_demonstration()


def hand_in(client, text: str, **more: str):
    file = SimpleUploadedFile("有效专利.csv", text.encode("gb18030"))
    given = {"source": "intellectual-property", "grade": "authoritative", **more}
    return client.post("/desk/fact-upload/", {"file": file, **given})


def test_a_file_goes_from_the_form_to_the_report() -> None:
    client = client_of("bureau")
    firm = Subject.objects.filter(type="enterprise").order_by("-pk")[0]
    answer = hand_in(client, f"统一社会信用代码,有效发明专利\n{firm.code},１２\n{firm.code},十二\n")
    assert answer.status_code == 302
    upload = FactUpload.objects.get(name="有效专利.csv")
    waiting = client.get(f"/desk/fact-uploads/{upload.ref}/").content.decode()
    assert "等待处理" in waiting
    assert "hx-trigger" in waiting
    run_upload(upload.pk)
    page = client.get(f"/desk/fact-uploads/{upload.ref}/").content.decode()
    assert "已完成" in page
    assert "十二" in page
    assert "请只写数字" in page
    assert "hx-trigger" not in page
    assert FactValue.objects.get(subject=firm, key="enterprise.invention_patents").content == 12
    assert "有效专利.csv" in client.get("/desk/fact-uploads/").content.decode()


def test_a_source_of_another_organ_cannot_be_chosen() -> None:
    answer = hand_in(client_of("bureau"), "x", source="tax")
    assert answer.status_code == 422
    assert not FactUpload.objects.filter(source="tax").exists()


def test_files_of_another_organ_are_not_to_be_seen() -> None:
    upload = FactUpload.objects.get()
    assert client_of("bureau").get(f"/desk/fact-uploads/{upload.ref}/").status_code == 200
    assert client_of("finance").get(f"/desk/fact-uploads/{upload.ref}/").status_code == 404


@pytest.mark.one_database
def test_made_up_enterprises_are_loaded_from_the_file_of_each_source() -> None:
    uploads = load_made_up(3, division=DIVISION)
    assert {(one.name, one.why) for one in FactUpload.objects.exclude(state="done")} == set()
    by_source = {one.source: one for one in uploads}
    assert by_source["tax"].organ is not None
    assert by_source["tax"].organ.key == "qj-tax"
    named = FactValue.objects.filter(
        key="enterprise.name",
        load__in=[one.load_id for one in FactUpload.objects.filter(pk__in=[u.pk for u in uploads])],
    )
    made = list(Subject.objects.filter(facts__in=named).distinct())
    assert len(made) == 3
    assert all(one.relations_out.filter(type="legal_representative").exists() for one in made)
    known = load_population(
        current_catalogue(), [one.pk for one in made], as_of=today(), known_at=now()
    )
    for one in made:
        honest = known.profile(one.pk).known("enterprise.legal_representative_honest")
        assert honest is not None
        assert honest.value is True
    shown = client_of("bureau").get("/desk/fact-uploads/").content.decode()
    assert "registration.relations.parquet" in shown
