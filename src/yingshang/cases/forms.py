"""Forms made from a procedure: the fields that an action takes, its reason, and a late entry's ground."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.cases.data import LONGEST_REF
from yingshang.cases.labels import english, label
from yingshang.cases.models import Case
from yingshang.cases.procedure import CaseAction, DataField, Procedure, Taken
from yingshang.documents.actions import upload
from yingshang.documents.admission import MAX_SIZE
from yingshang.documents.selectors import get_attachment_for
from yingshang.kernel.times import SHANGHAI, today
from yingshang.parties.actors import Actor
from yingshang.parties.models import Organ, valid_on

LINKS, KEPT = "__links", "__kept"
MAX_FILES = 10


class FilesInput(forms.ClearableFileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """Several files; their types and contents are looked at when they are uploaded.

    That something is there is left to the action: links or files kept from before may do instead.
    """

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list["UploadedFile[Any]"]:
        """Return the files, each of which has a content and a bearable size."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if len(given) > MAX_FILES:
            raise forms.ValidationError(gettext("一次最多上传 %(n)s 个文件。") % {"n": MAX_FILES})
        for file in given:
            if file.size > MAX_SIZE:
                limit = MAX_SIZE // 2**20
                raise forms.ValidationError(
                    gettext("“%(name)s”超过 %(limit)s MB，请压缩或拆分后上传。")
                    % {"name": file.name, "limit": limit}
                )
        return list(given)


class CaseForm(forms.Form):
    """Asks for what an action takes; :meth:`parameters` gives it as the named action wants it.

    ``taken`` are the fields, ``values`` what they hold now. Files are uploaded by
    :meth:`parameters`; when the action is then refused, the form shown again keeps them.
    """

    use_required_attribute = False

    def __init__(
        self,
        actor: Actor,
        procedure: Procedure,
        taken: Iterable[Taken],
        *,
        data: "Mapping[str, Any] | None" = None,
        files: "MultiValueDict[str, UploadedFile[Any]] | None" = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, files)
        self.actor = actor
        every = [(one, procedure.field_by_key[one.field]) for one in taken]
        self.taken = [
            (one, field)
            for one, field in every
            if field.shown or (one.required and field.is_for_senders)
        ]
        for one, field in self.taken:
            self._add(field, one.required, (values or {}).get(field.key))
        self.fields["idempotency_key"] = forms.CharField(
            max_length=80, widget=forms.HiddenInput, initial=secrets.token_hex(16)
        )

    def _add(self, field: DataField, required: bool, value: Any) -> None:
        made = _MAKERS[field.type](field, required)
        made.label = label(field)
        made.help_text = (field.help_en if english() else field.help) or made.help_text
        if field.type in ("date", "organ", "choice", "int"):
            made.initial = value
        self.fields[field.key] = made
        if field.type in ("file", "evidence"):
            self.fields[field.key + KEPT] = forms.CharField(
                required=False, max_length=400, widget=forms.HiddenInput
            )
        if field.type == "evidence":
            self.fields[field.key + LINKS] = forms.CharField(
                label=gettext("%(label)s：链接") % {"label": label(field)},
                help_text=_("公开网页的地址，每行一个。"),
                required=False,
                max_length=4000,
                widget=forms.Textarea({"rows": 2}),
            )

    def add_reason(self, *, required: bool) -> None:
        """Ask for a reason as well."""
        self.fields["reason"] = forms.CharField(
            label=_("理由"), required=required, max_length=2000, widget=forms.Textarea({"rows": 3})
        )

    def add_case(self, case: Case) -> None:
        """Carry which event was the last that the actor saw."""
        self.fields["expected_seq"] = forms.IntegerField(widget=forms.HiddenInput, initial=case.seq)

    def add_late_entry(self) -> None:
        """Ask when it happened, if it is written down afterwards."""
        self.fields["occurred_at"] = forms.DateTimeField(
            label=_("实际发生时间"),
            help_text=_(
                "事后补录时填写；早于现在 24 小时以上的，或者其间时限已经届满的，还要写明依据，并由有权核准的另一人核准，核准前按记入时间计算时限。"
            ),
            required=False,
            widget=forms.DateTimeInput({"type": "datetime-local"}),
        )
        self.fields["ground"] = forms.CharField(label=_("补录依据"), required=False, max_length=300)

    @property
    def late_fields(self) -> list[forms.BoundField]:
        """Return the fields of a late entry, which the page shows apart."""
        return [self[name] for name in ("occurred_at", "ground") if name in self.fields]

    @property
    def main_fields(self) -> list[forms.BoundField]:
        """Return the visible fields besides those."""
        late = {field.name for field in self.late_fields}
        return [field for field in self.visible_fields() if field.name not in late]

    def kept_names(self) -> list[str]:
        """Return the names of files that an earlier, refused attempt has uploaded already."""
        refs = [r for _o, f in self.taken for r in self._kept(f)]
        return [get_attachment_for(self.actor, ref).name for ref in refs]

    def _kept(self, field: DataField) -> list[str]:
        value = str(self.data.get(field.key + KEPT, "")) if self.is_bound else ""
        return [ref for ref in value.split(",") if ref]

    def parameters(self) -> dict[str, Any]:
        """Upload the files of a valid form and return the action's parameters.

        Raises what :func:`yingshang.documents.actions.upload` raises.
        """
        cleaned = self.cleaned_data
        data = {field.key: self._value(field) for _one, field in self.taken}
        occurred_at: datetime | None = cleaned.get("occurred_at")
        parameters = {
            "data": {key: value for key, value in data.items() if value not in (None, "", [])},
            "occurred_at": occurred_at.astimezone(SHANGHAI) if occurred_at else None,
        }
        for name in ("reason", "expected_seq", "ground", "idempotency_key"):
            if name in cleaned:
                parameters[name] = cleaned[name]
        return parameters

    def _value(self, field: DataField) -> Any:
        value = self.cleaned_data.get(field.key)
        if field.type not in ("file", "evidence"):
            return value
        refs = self._kept(field) + [
            upload(self.actor, name=file.name or "", content=file.read()).ref
            for file in value or []
        ]
        self._keep(field, refs)
        if field.type == "file":
            return refs
        links = [x.strip() for x in self.cleaned_data[field.key + LINKS].splitlines() if x.strip()]
        return {"files": refs, "links": links} if refs or links else None

    def _keep(self, field: DataField, refs: list[str]) -> None:
        """Remember uploaded files in the form's data, so that a refused form carries them along."""
        kept = self.data.copy() if hasattr(self.data, "copy") else dict(self.data)
        kept[field.key + KEPT] = ",".join(refs)
        self.data = kept


class LateForm(forms.Form):
    """Why a late entry is refused, or a word on confirming it."""

    reason = forms.CharField(required=False, max_length=2000)


def action_form(
    actor: Actor,
    procedure: Procedure,
    action: CaseAction,
    case: Case,
    *,
    late: bool = True,
    **given: Any,
) -> CaseForm:
    """Return the form of one action on one case; ``late`` asks whether it is written down afterwards."""
    form = CaseForm(actor, procedure, action.takes, values=case.data, **given)
    if action.reason != "none":
        form.add_reason(required=action.reason == "required")
    form.add_case(case)
    if late:
        form.add_late_entry()
    return form


def _organs() -> list[tuple[str, str]]:
    listed = Organ.objects.filter(valid_on(today())).order_by("order", "key")
    return [("", "—"), *((organ.ref, organ.name) for organ in listed)]


def _choices(field: DataField) -> list[tuple[str, str]]:
    return [("", "—"), *((choice.key, label(choice)) for choice in field.choices)]


_FILE_HINT = _("可上传 PDF、PNG、JPEG、DOCX、XLSX、TXT，每个不超过 10 MB。")

_MAKERS: Mapping[str, Callable[[DataField, bool], forms.Field]] = {
    "text": lambda field, required: forms.CharField(
        required=required,
        max_length=field.max_length,
        widget=forms.Textarea({"rows": 4}) if field.max_length > 200 else forms.TextInput,
    ),
    "date": lambda _field, required: forms.DateField(
        required=required, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    ),
    "organ": lambda _field, required: forms.ChoiceField(required=required, choices=_organs),
    "int": lambda _field, required: forms.IntegerField(required=required),
    "choice": lambda field, required: forms.ChoiceField(required=required, choices=_choices(field)),
    "ref": lambda _field, required: forms.CharField(required=required, max_length=LONGEST_REF),
    "limit": lambda _field, required: forms.JSONField(required=required),
    "file": lambda _field, required: FilesField(required=required, help_text=_FILE_HINT),
    "evidence": lambda _field, required: FilesField(required=required, help_text=_FILE_HINT),
}
