"""Forms, drafts, submissions and the material space as programs use them."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from yingshang.content.models import ContentVersion
from yingshang.forms.book import compiled, current_version, form_of, pinned_form
from yingshang.forms.definition import Form
from yingshang.forms.drafts import (
    carry_draft,
    content_digest,
    delete_draft,
    evaluate_draft,
    refresh_draft,
    save_draft,
)
from yingshang.forms.known import provenances
from yingshang.forms.models import Consent, Draft, MaterialItem, Signature, Submission
from yingshang.forms.permissions import MANAGE_SPACE, READ_DEFINITIONS
from yingshang.forms.selectors import (
    consents_of,
    get_draft_for,
    get_item_for,
    get_submission_for,
    list_drafts_for,
    list_forms_for,
    list_items_for,
    list_submissions_for,
    marks_of,
)
from yingshang.forms.signing import confirm_filing, confirm_own_filing, sign_draft
from yingshang.forms.space import choose_material, give_consent, remove_item, withdraw_consent
from yingshang.forms.submitting import Marked, mark_fields, start_correction, submit_draft
from yingshang.parties.actors import Actor
from yingshang.web.access import Needs, SignedIn
from yingshang.web.operations import Answer, Listed, Paged, listed, read, write

FORMS, DRAFTS, SPACE = _("表单"), _("填写与提交"), _("材料库")


class FormLine(Answer):
    """A form in force."""

    key: str
    label: str
    label_en: str
    version: int


class DraftLine(Answer):
    """A draft in a list."""

    ref: str
    form: str
    label: str
    subject: str | None
    purpose: str
    version: int
    saved_at: datetime
    expires_on: date


class DraftRead(DraftLine):
    """A draft with what follows from its answers: what is visible, missing and wrong, by field path.

    ``known`` says of each prefilled field whether the value stands as the platform knows it; ``open``
    are the paths that a correction may change; ``content`` is the digest that a signature confirms.
    """

    versioned_by: ClassVar[str] = "version"

    answers: dict[str, Any]
    visible: list[str]
    missing: list[str]
    errors: dict[str, str]
    materials: list[str]
    lacking: list[str]
    signatures: list[str]
    complete: bool
    known: dict[str, str]
    open: list[str]
    corrects: str | None
    content: str


class MarkRead(Answer):
    """What an official marked as wrong."""

    path: str
    remark: str
    organ: str | None


class SubmissionLine(Answer):
    """What was handed in, in a list."""

    ref: str
    form: str
    purpose: str
    subject: str | None
    digest: str
    submitted_at: datetime


class SubmissionRead(SubmissionLine):
    """What was handed in, frozen under its digest."""

    answers: dict[str, Any]
    left_empty: dict[str, Any]
    materials: dict[str, Any]
    corrects: str | None
    marks: list[MarkRead]


class ConsentRead(Answer):
    """A consent to use a kept material; without ``organ`` any may use it for the purpose."""

    ref: str
    organ: str | None
    purpose: str
    expires_on: date
    withdrawn_at: datetime | None


class ItemRead(Answer):
    """A kept material."""

    ref: str
    material: str
    files: list[dict[str, Any]]
    handed_in_at: datetime
    valid_to: date | None


class ItemDetail(ItemRead):
    """A kept material with the consents about it."""

    consents: list[ConsentRead]


class SignatureRead(Answer):
    """A signature."""

    slot: str
    name: str
    digest: str
    signed_at: datetime


def _line(draft: Draft) -> dict[str, Any]:
    return {
        "ref": draft.ref,
        "form": draft.form.key,
        "label": str(draft.form.body.get("label", "")),
        "subject": draft.subject.ref if draft.subject else None,
        "purpose": draft.purpose,
        "version": draft.version,
        "saved_at": draft.saved_at,
        "expires_on": draft.expires_on,
    }


def draft_of(_actor: Actor, draft: Draft) -> DraftRead:
    """Return a draft that the actor may fill."""
    form = compiled(draft.form)
    evaluated = evaluate_draft(draft, form)
    return DraftRead(
        **_line(draft),
        answers=draft.answers,
        visible=sorted(evaluated.visible),
        missing=list(evaluated.missing),
        errors={key: str(text) for key, text in evaluated.errors.items()},
        materials=[one.material for one in evaluated.materials],
        lacking=list(evaluated.lacking),
        signatures=[one.path for one in evaluated.slots],
        complete=evaluated.is_complete,
        known={k: one.state for k, one in provenances(form, evaluated, draft.known).items()},
        open=list(draft.open_paths),
        corrects=draft.corrects.name if draft.corrects else None,
        content=content_digest(draft),
    )


def _submission_line(found: Submission) -> dict[str, Any]:
    return {
        "ref": found.ref,
        "form": found.form.key,
        "purpose": found.purpose,
        "subject": found.subject.ref if found.subject else None,
        "digest": found.digest,
        "submitted_at": found.submitted_at,
    }


def submission_of(found: Submission) -> SubmissionRead:
    """Return a submission that the actor may read."""
    body = found.body
    return SubmissionRead(
        **_submission_line(found),
        answers=body["answers"],
        left_empty=body["left_empty"],
        materials=body["materials"],
        corrects=body["corrects"],
        marks=[
            MarkRead(path=one.path, remark=one.remark, organ=one.organ.key if one.organ else None)
            for one in marks_of(found)
        ],
    )


def _item(found: MaterialItem) -> dict[str, Any]:
    return {
        "ref": found.ref,
        "material": found.material,
        "files": found.files,
        "handed_in_at": found.handed_in_at,
        "valid_to": found.valid_to,
    }


def consent_of(_actor: Actor, found: Consent) -> ConsentRead:
    """Return a consent."""
    return ConsentRead(
        ref=found.ref,
        organ=found.organ.key if found.organ else None,
        purpose=found.purpose,
        expires_on=found.expires_on,
        withdrawn_at=found.withdrawn_at,
    )


def _signature(_actor: Actor, found: Signature) -> SignatureRead:
    return SignatureRead(
        slot=found.slot, name=found.name, digest=found.digest, signed_at=found.signed_at
    )


@read("forms", name="forms.list", access=Needs(READ_DEFINITIONS), tag=FORMS, summary=_("表单"))
def forms(actor: Actor) -> list[FormLine]:
    """List the forms in force, by key."""
    return [_form_line(one) for one in list_forms_for(actor)]


def _form_line(version: ContentVersion) -> FormLine:
    form = form_of(version)
    return FormLine(key=form.key, label=form.label, label_en=form.label_en, version=version.number)


@read(
    "forms/<str:key>",
    name="forms.get",
    access=Needs(READ_DEFINITIONS),
    tag=FORMS,
    summary=_("一份表单的定义"),
)
def one_form(_actor: Actor, key: str) -> Form:
    """Show a form in force as it is declared."""
    return form_of(current_version(key))


@read("drafts", name="drafts.list", access=SignedIn(), tag=DRAFTS, summary=_("草稿"))
def drafts(actor: Actor, query: Paged) -> Listed[DraftLine]:
    """List the actor's open drafts, the latest saved first."""
    order = ("-saved_at", "-pk")
    return listed(list_drafts_for(actor), order, query, lambda one: DraftLine(**_line(one)))


@read("drafts/<str:draft>", name="drafts.get", access=SignedIn(), tag=DRAFTS, summary=_("一份草稿"))
def one_draft(actor: Actor, draft: str) -> DraftRead:
    """Show a draft with what is missing or wrong."""
    return draft_of(actor, get_draft_for(actor, draft))


@read(
    "drafts/<str:draft>/form",
    name="drafts.form",
    access=SignedIn(),
    tag=DRAFTS,
    summary=_("草稿所填的表单"),
)
def form_of_draft(actor: Actor, draft: str) -> Form:
    """Show the form to which a draft is pinned, combined ones included."""
    return pinned_form(get_draft_for(actor, draft).form)


Short = Annotated[str, Field(max_length=120)]

write(
    "PATCH",
    "drafts/<str:draft>",
    save_draft,
    tag=DRAFTS,
    summary=_("保存答案"),
    show=draft_of,
    version="expected_version",
)
write("DELETE", "drafts/<str:draft>", delete_draft, tag=DRAFTS, summary=_("删除草稿"))
write(
    "POST",
    "drafts/<str:draft>/refresh",
    refresh_draft,
    tag=DRAFTS,
    summary=_("重新预填"),
    show=draft_of,
)
write(
    "POST",
    "drafts/<str:draft>/carry",
    carry_draft,
    tag=DRAFTS,
    summary=_("改用新版表单"),
    show=draft_of,
)
write(
    "PUT",
    "drafts/<str:draft>/materials/<str:material>",
    choose_material,
    tag=DRAFTS,
    summary=_("提供一份材料"),
    show=draft_of,
)
write(
    "POST",
    "drafts/<str:draft>/signatures",
    sign_draft,
    tag=DRAFTS,
    summary=_("签名"),
    show=_signature,
    status=201,
)
write(
    "POST",
    "drafts/<str:draft>/confirmation",
    confirm_own_filing,
    tag=DRAFTS,
    summary=_("确认窗口代填的内容"),
    show=draft_of,
)
write(
    "POST",
    "drafts/<str:draft>/filing",
    confirm_filing,
    tag=DRAFTS,
    summary=_("窗口代填：记下申请人的确认"),
)


def _handed_in(_actor: Actor, found: Submission) -> SubmissionRead:
    return submission_of(found)


write(
    "POST",
    "drafts/<str:draft>/submission",
    submit_draft,
    tag=DRAFTS,
    summary=_("提交一份不属于申请的表单"),
    show=_handed_in,
    status=201,
)


@read(
    "submissions", name="submissions.list", access=SignedIn(), tag=DRAFTS, summary=_("已提交的材料")
)
def submissions(actor: Actor, query: Paged) -> Listed[SubmissionLine]:
    """List what the actor's own party handed in, the latest first."""
    order = ("-submitted_at", "-pk")
    found = list_submissions_for(actor)
    return listed(found, order, query, lambda one: SubmissionLine(**_submission_line(one)))


@read(
    "submissions/<str:submission>",
    name="submissions.get",
    access=SignedIn(),
    tag=DRAFTS,
    summary=_("一次提交的材料"),
)
def one_submission(actor: Actor, submission: str) -> SubmissionRead:
    """Show what was handed in, with what was marked."""
    return submission_of(get_submission_for(actor, submission))


write(
    "POST",
    "submissions/<str:submission>/correction",
    start_correction,
    tag=DRAFTS,
    summary=_("开始补正"),
    show=draft_of,
    status=201,
    hidden=("purpose",),
)
write(
    "POST",
    "submissions/<str:submission>/marks",
    mark_fields,
    tag=DRAFTS,
    summary=_("标出填错的内容"),
    bounds={"marks": Annotated[tuple[Marked, ...], Field(min_length=1, max_length=200)]},
)


@read(
    "materials", name="materials.list", access=Needs(MANAGE_SPACE), tag=SPACE, summary=_("材料库")
)
def items(actor: Actor, query: Paged) -> Listed[ItemRead]:
    """List the material space of the actor's subject, the latest first."""
    order = ("-handed_in_at", "-pk")
    return listed(list_items_for(actor), order, query, lambda one: ItemRead(**_item(one)))


@read(
    "materials/<str:item>",
    name="materials.get",
    access=Needs(MANAGE_SPACE),
    tag=SPACE,
    summary=_("材料库中的一份材料"),
)
def one_item(actor: Actor, item: str) -> ItemDetail:
    """Show a kept material with the consents about it."""
    found = get_item_for(actor, item)
    consents = [consent_of(actor, one) for one in consents_of(found)]
    return ItemDetail(**_item(found), consents=consents)


write("DELETE", "materials/<str:item>", remove_item, tag=SPACE, summary=_("移出材料库"))
write(
    "POST",
    "materials/<str:item>/consents",
    give_consent,
    tag=SPACE,
    summary=_("授权使用一份材料"),
    show=consent_of,
    status=201,
    bounds={"purpose": Short},
)
write(
    "DELETE",
    "consents/<str:consent>",
    withdraw_consent,
    tag=SPACE,
    summary=_("收回授权"),
)
