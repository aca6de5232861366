"""What was handed in once is offered again, and used with consent only; what is held is not uploaded."""

from datetime import timedelta

import pytest

from yingshang.documents.errors import AttachmentMissing
from yingshang.documents.selectors import get_attachment_for
from yingshang.documents.tasks import sweep_unattached
from yingshang.forms.drafts import content_digest, delete_draft
from yingshang.forms.errors import (
    ConsentMissing,
    ConsentUnfit,
    DraftIncomplete,
    MaterialFormatRefused,
    NoSuchConsent,
    NoSuchItem,
    NoSuchMaterial,
    NotDeferrable,
    TooManyFiles,
)
from yingshang.forms.materials import HELD, Offered
from yingshang.forms.models import Consent, ItemUse, MaterialItem
from yingshang.forms.selectors import list_items_for, uses_of
from yingshang.forms.signing import confirm_own_filing
from yingshang.forms.space import (
    choose_material,
    give_consent,
    pages_of,
    remove_item,
    withdraw_consent,
)
from yingshang.forms.submitting import submit_draft
from yingshang.forms.tests.test_submitting import filled, submitted
from yingshang.forms.tests.trial import material
from yingshang.kernel.times import today


def kept(district) -> MaterialItem:
    submitted(district)
    return list_items_for(district.boss).get()


def test_a_material_is_given_once_and_offered_again(district) -> None:
    item = kept(district)
    assert (item.material, item.purpose) == ("lease", "试办")
    draft = filled(district)
    choose_material(district.boss, draft=draft.ref, material="lease", item=item.ref)
    submission = submit_draft(district.boss, draft=draft.ref)
    assert submission.body["materials"]["lease"]["way"] == "kept"
    use = uses_of(item).get()
    assert (use.purpose, use.organ, use.about) == (
        "试办",
        district.organs["office"],
        f"submission:{submission.ref}",
    )
    assert list_items_for(district.boss).count() == 1
    ref = item.files[0]["ref"]
    assert get_attachment_for(district.officer, ref).ref == ref
    with pytest.raises(AttachmentMissing):
        get_attachment_for(district.stranger, ref)


def test_an_official_uses_nothing_without_a_consent_that_covers_it(district) -> None:
    item = kept(district)
    given = {"form": "trial", "purpose": "试办", "subject": district.firm.ref}
    draft = district.start(district.clerk, **given)

    def use() -> None:
        choose_material(district.clerk, draft=draft.ref, material="lease", item=item.ref)

    Consent.objects.all().delete()
    with pytest.raises(ConsentMissing):
        use()
    until = today() + timedelta(days=30)
    for organ, purpose in (("office", "试办"), ("counter", "别的事")):
        give_consent(district.boss, item=item.ref, organ=organ, purpose=purpose, expires_on=until)
        with pytest.raises(ConsentMissing):
            use()
    consent = give_consent(
        district.boss, item=item.ref, organ="counter", purpose="试办", expires_on=until
    )
    use()
    withdraw_consent(district.boss, consent=consent.ref)
    choose_material(district.clerk, draft=draft.ref, material="lease")
    with pytest.raises(ConsentMissing):
        use()
    with pytest.raises(NoSuchConsent):
        withdraw_consent(district.stranger, consent=consent.ref)
    with pytest.raises(ConsentUnfit):
        give_consent(
            district.boss, item=item.ref, purpose="试办", expires_on=today() - timedelta(days=1)
        )
    assert not ItemUse.objects.exists()


def test_a_consent_ends_with_its_day_and_an_item_with_its_owner(district) -> None:
    item = kept(district)
    draft = district.start(district.clerk, form="trial", purpose="试办", subject=district.firm.ref)
    give_consent(district.boss, item=item.ref, purpose="试办", expires_on=today())
    choose_material(district.clerk, draft=draft.ref, material="lease", item=item.ref)
    choose_material(district.clerk, draft=draft.ref, material="lease")
    district.clock.set(district.clock.moment + timedelta(days=1))
    with pytest.raises(ConsentMissing):
        choose_material(district.clerk, draft=draft.ref, material="lease", item=item.ref)
    with pytest.raises(NoSuchItem):
        remove_item(district.stranger, item=item.ref)
    remove_item(district.boss, item=item.ref)
    assert not list_items_for(district.boss).exists()


def test_what_somebody_else_kept_or_another_material_cannot_be_used(district) -> None:
    item = kept(district)
    theirs = district.start(district.stranger)
    with pytest.raises(NoSuchItem):
        choose_material(district.stranger, draft=theirs.ref, material="lease", item=item.ref)
    with pytest.raises(NoSuchMaterial):
        choose_material(district.stranger, draft=theirs.ref, material="layout", later=True)


def test_files_have_a_format_a_number_and_pages(district) -> None:
    district.declare(material("lease", formats=["pdf"], most_files=1))
    draft = district.start()

    def choose(*files: str) -> None:
        choose_material(district.boss, draft=draft.ref, material="lease", files=files)

    with pytest.raises(MaterialFormatRefused):
        choose(district.upload(content=b"only text"))
    with pytest.raises(TooManyFiles):
        choose(district.upload(), district.upload())
    with pytest.raises(AttachmentMissing):
        choose(district.upload(district.stranger))
    with pytest.raises(NotDeferrable):
        choose_material(district.boss, draft=draft.ref, material="lease", later=True)
    with pytest.raises(NotDeferrable):
        choose_material(district.boss, draft=draft.ref, material="lease", reason="没有")


def test_a_licence_that_is_held_is_offered_and_must_still_stand(district, monkeypatch) -> None:
    offers = [Offered(ref="lic-1", label="房屋备案", digest="a" * 64)]
    monkeypatch.setattr(HELD, "_things", {"trial": lambda s, key: offers if key == "lease" else []})
    draft = filled(district)
    choose_material(
        district.boss, draft=draft.ref, material="lease", provider="trial", held="lic-1"
    )
    taken = offers.pop()
    with pytest.raises(DraftIncomplete):
        submit_draft(district.boss, draft=draft.ref)
    offers.append(taken)
    frozen = submit_draft(district.boss, draft=draft.ref).body["materials"]["lease"]
    assert (frozen["way"], frozen["ref"], frozen["digest"]) == ("held", "lic-1", "a" * 64)


def test_what_facts_prove_needs_no_upload(district) -> None:
    district.declare(material("lease", source="fact", proves=["enterprise.name"]))
    district.know(name="甲公司", capital=1)
    draft = district.start()
    district.save(draft, staff="3", online="no", note={"left_empty": "无"})
    frozen = submit_draft(district.boss, draft=draft.ref).body["materials"]["lease"]
    assert frozen["way"] == "known"
    assert frozen["facts"]["enterprise.name"]["content"] == "甲公司"


@pytest.mark.one_database
@pytest.mark.parametrize("content", [b"", b"%PDF-1.4\n", b"%PDF-1.7\n%%EOF" * 100, b"\x00" * 100])
def test_pages_of_what_is_no_pdf_are_none(content: bytes) -> None:
    assert pages_of(content) == 0


def test_a_counter_hands_in_with_a_consented_item_and_reads_it_only_while_it_files(
    district,
) -> None:
    item = kept(district)
    file = item.files[0]["ref"]
    given = {"form": "trial", "purpose": "试办", "subject": district.firm.ref}
    draft = district.start(district.clerk, **given)
    answers = {"staff": "3", "online": "no", "note": {"left_empty": "无"}}
    district.save(draft, district.clerk, **answers)
    until = today() + timedelta(days=9)
    give_consent(district.boss, item=item.ref, organ="counter", purpose="试办", expires_on=until)
    with pytest.raises(AttachmentMissing):
        get_attachment_for(district.clerk, file)
    draft = choose_material(district.clerk, draft=draft.ref, material="lease", item=item.ref)
    assert get_attachment_for(district.clerk, file).ref == file
    confirm_own_filing(district.boss, draft=draft.ref, content=content_digest(draft))
    submission = submit_draft(district.clerk, draft=draft.ref)
    assert submission.body["materials"]["lease"]["item"] == item.ref
    use = ItemUse.objects.get()
    assert (use.organ, use.consent.given_by) == (district.organs["counter"], district.boss.ref)


def test_a_consent_withdrawn_before_handing_in_counts(district) -> None:
    item = kept(district)
    given = {"form": "trial", "purpose": "试办", "subject": district.firm.ref}
    draft = district.start(district.clerk, **given)
    answers = {"staff": "3", "online": "no", "note": {"left_empty": "无"}}
    district.save(draft, district.clerk, **answers)
    consent = give_consent(district.boss, item=item.ref, purpose="试办", expires_on=today())
    draft = choose_material(district.clerk, draft=draft.ref, material="lease", item=item.ref)
    confirm_own_filing(district.boss, draft=draft.ref, content=content_digest(draft))
    withdraw_consent(district.boss, consent=consent.ref)
    with pytest.raises(ConsentMissing):
        submit_draft(district.clerk, draft=draft.ref)


def test_files_of_a_deleted_draft_are_swept_away_those_handed_in_stay(district) -> None:
    handed_in, left = filled(district), filled(district)
    choose_material(district.boss, draft=left.ref, material="lease")
    other = district.upload(content=b"%PDF-1.4 another")
    choose_material(district.boss, draft=left.ref, material="lease", files=(other,))
    submission = submit_draft(district.boss, draft=handed_in.ref)
    delete_draft(district.boss, draft=left.ref)
    district.clock.set(district.clock.moment + timedelta(days=2))
    sweep_unattached()
    with pytest.raises(AttachmentMissing):
        get_attachment_for(district.boss, other)
    (file,) = submission.body["materials"]["lease"]["files"]
    assert get_attachment_for(district.boss, file["ref"]).sha256 == file["sha256"]
