"""Signatures bind what was signed; a filing on somebody's behalf needs their confirmation."""

import pytest

from yingshang.forms.definition import SignatureAsked
from yingshang.forms.drafts import content_digest, evaluate_draft, start_draft
from yingshang.forms.errors import (
    ConfirmationMissing,
    ContentSigned,
    InvitationUnfit,
    NoSuchDraft,
    NoSuchSlot,
    SignatureMissing,
    SignerUnfit,
)
from yingshang.forms.signing import (
    confirm_filing,
    confirm_own_filing,
    confirmation_code,
    invitation,
    is_confirmed,
    sign_draft,
    signatures_of,
    unsigned,
)
from yingshang.forms.space import choose_material
from yingshang.forms.submitting import submit_draft
from yingshang.forms.tests.test_submitting import filled
from yingshang.parties.identities import identity_digest
from yingshang.parties.models import Person

NUMBER, OTHER_NUMBER = "11010519491231002X", "110105194912310046"
OWNERS = [{"who": {"name": "甲股东"}, "share": 60}, {"who": {"name": "乙股东"}, "share": 40}]


def sign(actor, draft, slot: str, **more):
    return sign_draft(actor, draft=draft.ref, slot=slot, content=content_digest(draft), **more)


def test_each_shareholder_signs_and_a_change_voids_it_visibly(district) -> None:
    draft = filled(district, owners=OWNERS)
    draft.refresh_from_db()
    first, second = district.person("甲股东"), district.person("乙股东")
    with pytest.raises(SignatureMissing):
        submit_draft(district.boss, draft=draft.ref)
    with pytest.raises(NoSuchDraft):
        sign(first, draft, "owners.0")
    with pytest.raises(InvitationUnfit):
        sign(first, draft, "owners.0", code="f" * 32)
    with pytest.raises(SignerUnfit):
        sign(second, draft, "owners.0", code=invitation(draft, "owners.0"))
    sign(first, draft, "owners.0", code=invitation(draft, "owners.0"))
    sign(second, draft, "owners.1", code=invitation(draft, "owners.1"))
    assert unsigned(draft, evaluate_draft(draft)) == []
    draft = district.save(draft, staff="8")
    assert [one.voided_at is not None for one in signatures_of(draft)] == [True, True]
    with pytest.raises(SignatureMissing):
        submit_draft(district.boss, draft=draft.ref)
    sign(first, draft, "owners.0", code=invitation(draft, "owners.0"))
    sign(second, draft, "owners.1", code=invitation(draft, "owners.1"))
    submission = submit_draft(district.boss, draft=draft.ref)
    signed = submission.body["signatures"]
    assert [(one["slot"], one["name"]) for one in signed] == [
        ("owners.0", "甲股东"),
        ("owners.1", "乙股东"),
    ]
    assert {one["digest"] for one in signed} == {submission.body["content"]}


def test_a_namesake_with_another_identity_number_signs_nothing(district) -> None:
    draft = filled(
        district, owners=[{"who": {"name": "甲股东", "id_number": NUMBER}, "share": 100}]
    )
    draft.refresh_from_db()
    namesake, named = district.person("甲股东"), district.person("甲股东")
    Person.objects.filter(pk=namesake.person_id).update(id_digest=identity_digest(OTHER_NUMBER))
    Person.objects.filter(pk=named.person_id).update(id_digest=identity_digest(NUMBER))
    code = invitation(draft, "owners.0")
    with pytest.raises(SignerUnfit):
        sign(namesake, draft, "owners.0", code=code)
    sign(named, draft, "owners.0", code=code)
    assert unsigned(draft, evaluate_draft(draft)) == []


def test_a_clerk_who_files_for_somebody_does_not_sign_in_their_place(district) -> None:
    district.revise(signatures=(SignatureAsked(key="word", label="承诺书", statement="属实"),))
    draft = start_draft(
        district.clerk, form="trial", subject=district.firm.ref, purpose="代办",
        context={"organ": "office"},
    )  # fmt: skip
    with pytest.raises(SignerUnfit):
        sign(district.clerk, draft, "word")
    sign(district.boss, draft, "word", code=invitation(draft, "word"))
    assert unsigned(draft, evaluate_draft(draft)) == []


def test_what_changed_since_it_was_shown_is_not_signed(district) -> None:
    draft = filled(district, owners=OWNERS)
    draft.refresh_from_db()
    shown = content_digest(draft)
    draft = district.save(draft, staff="9")
    code = invitation(draft, "owners.0")
    first = district.person("甲股东")
    with pytest.raises(ContentSigned):
        sign_draft(first, draft=draft.ref, slot="owners.0", content=shown, code=code)
    with pytest.raises(NoSuchSlot):
        sign(first, draft, "owners.7", code=invitation(draft, "owners.7"))


def filed_by_clerk(district):
    district.know(name="甲公司", capital=100)
    draft = start_draft(
        district.clerk, form="trial", subject=district.firm.ref, purpose="试办",
        context={"organ": "office"},
    )  # fmt: skip
    draft = district.save(draft, district.clerk, staff="3", online="no", note={"left_empty": "无"})
    files = (district.upload(district.clerk),)
    return choose_material(district.clerk, draft=draft.ref, material="lease", files=files)


def test_a_clerk_files_on_behalf_only_with_the_applicants_code(district) -> None:
    draft = filed_by_clerk(district)
    with pytest.raises(ConfirmationMissing):
        submit_draft(district.clerk, draft=draft.ref)
    code = confirmation_code(draft)
    wrong = str((int(code) + 1) % 10**8).zfill(8)
    assert confirm_filing(district.clerk, draft=draft.ref, code=wrong) is False
    assert confirm_filing(district.clerk, draft=draft.ref, code=code) is True
    draft = district.save(draft, district.clerk, staff="4")
    assert not is_confirmed(draft), "a change needs a new confirmation"
    assert confirmation_code(draft) != code
    confirm_filing(district.clerk, draft=draft.ref, code=confirmation_code(draft))
    submission = submit_draft(district.clerk, draft=draft.ref)
    assert submission.organ == district.organs["counter"]
    assert submission.subject == district.firm
    assert submission.body["confirmation"]["method"] == "code"


def test_codes_cannot_be_guessed_one_after_another(district) -> None:
    draft = filed_by_clerk(district)
    code = confirmation_code(draft)
    for n in range(1, 6):
        wrong = str((int(code) + n) % 10**8).zfill(8)
        assert not confirm_filing(district.clerk, draft=draft.ref, code=wrong)
    with pytest.raises(ConfirmationMissing):
        confirm_filing(district.clerk, draft=draft.ref, code=code)


def test_paper_with_a_scan_or_the_own_account_confirm_too(district) -> None:
    draft = filed_by_clerk(district)
    scan = district.upload(district.clerk)
    with pytest.raises(ConfirmationMissing):
        confirm_filing(district.clerk, draft=draft.ref, files=(scan,))
    assert confirm_filing(district.clerk, draft=draft.ref, files=(scan,), name="林晓峰")
    draft = district.save(draft, district.clerk, staff="5")
    content = content_digest(draft)
    with pytest.raises(InvitationUnfit):
        confirm_own_filing(district.stranger, draft=draft.ref, content=content)
    draft = confirm_own_filing(district.boss, draft=draft.ref, content=content)
    assert is_confirmed(draft)
    assert submit_draft(district.clerk, draft=draft.ref).body["confirmation"]["name"] == "林晓峰"


def test_who_signs_on_paper_at_the_counter_needs_no_account(district) -> None:
    statement = {"key": "word", "label": "承诺书", "statement": "属实", "signer": "name"}
    district.revise(signatures=(SignatureAsked.model_validate(statement),))
    draft = filed_by_clerk(district)
    scan = (district.upload(district.clerk, content=b"%PDF-1.4\n%scan\n"),)
    confirm_filing(district.clerk, draft=draft.ref, files=scan, name="别人")
    with pytest.raises(SignatureMissing):
        submit_draft(district.clerk, draft=draft.ref)
    confirm_filing(district.clerk, draft=draft.ref, files=scan, name="甲公司")
    submission = submit_draft(district.clerk, draft=draft.ref)
    (signed,) = submission.body["signatures"]
    assert (signed["slot"], signed["name"], signed["method"]) == ("word", "甲公司", "paper")
    assert signed["digest"] == submission.body["content"]
