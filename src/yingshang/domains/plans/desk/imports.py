"""The list of imports, and handing in a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.plans.actions.imports import start_import
from yingshang.domains.plans.errors import AlreadyImported, DraftExists
from yingshang.domains.plans.models import PlanDocument
from yingshang.domains.plans.models.library import PlanKind
from yingshang.domains.plans.permissions import IMPORT
from yingshang.domains.plans.reading import MAX_MEGABYTES, read_plan_file
from yingshang.domains.plans.selectors.imports import list_drafts_for
from yingshang.domains.plans.selectors.library import list_plans_for
from yingshang.kernel.errors import DomainError
from yingshang.parties.selectors import home_division
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

ENDINGS = ".txt,.html,.htm,.docx,.xlsx,.pdf,.csv,.json"


class UploadForm(forms.Form):
    """A plan document and whose it is."""

    file = forms.FileField(
        label=_("方案文件"),
        widget=forms.FileInput({"accept": ENDINGS}),
        help_text=_("txt、html、docx、xlsx、pdf，或本系统导出的 xlsx、csv、json；不超过 10 MB。"),
    )
    kind = forms.ChoiceField(
        label=_("类别"),
        choices=PlanKind.choices,
        initial=PlanKind.OWN,
        widget=forms.RadioSelect,
        help_text=_("外区方案只作参考，不分解任务。"),
    )
    division = forms.RegexField(
        r"^\d{6}(\d{6})?$",
        label=_("行政区划代码"),
        required=False,
        max_length=12,
        help_text=_("留空即为本区；外区方案请填写其 6 位代码。"),
    )
    document = forms.ModelChoiceField(
        label=_("作为哪份方案的新版本"),
        queryset=PlanDocument.objects.none(),
        to_field_name="ref",
        required=False,
        empty_label=_("按文号或名称自动判断"),
    )

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse a file that is too large before it is read."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_MEGABYTES * 1024 * 1024:
            raise forms.ValidationError(
                _("文件超过 %(limit)s MB。请去掉图片等附件后重新上传。"),
                params={"limit": MAX_MEGABYTES},
            )
        return file


@page(
    "plan-imports/",
    name="desk:plan-imports",
    access=Needs(IMPORT),
    title=_("方案导入"),
    navigation=Navigation(_("方案导入"), _("行动方案"), 30),
)
def plan_imports(request: PageRequest) -> HttpResponse:
    """List the drafts, the newest first."""
    listing = list_page(
        request, list_drafts_for(request.actor), sorts={"at": ("-created_at", "pk")}, default="at"
    )
    return render(request, "plans/desk/imports.html", {"listing": listing})


@page(
    "plan-upload/",
    name="desk:plan-import-new",
    access=Needs(IMPORT),
    title=_("导入方案文件"),
    parent="desk:plan-imports",
    methods=("GET", "POST"),
)
def plan_import_new(request: PageRequest) -> HttpResponse:
    """Take a file and open its draft; a file that is known already leads to what it became."""
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    document = form.fields["document"]
    assert isinstance(document, forms.ModelChoiceField)
    if request.actor.may("plans.read"):
        document.queryset = list_plans_for(request.actor)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("desk:plan-draft", ref=_import(request, form.cleaned_data))
        except DraftExists as error:
            messages.info(request, str(error))
            return redirect("desk:plan-draft", ref=error.params["draft"])
        except AlreadyImported as error:
            messages.info(request, str(error))
            return redirect("desk:plan", ref=error.params["document"])
        except DomainError as error:
            error.field = error.field or "file"
            show_refusal(form, error)
    context = {
        "title": gettext("导入方案文件"),
        "lead": gettext(
            "系统读出举措、责任单位、时限和目标值，生成一份草稿供逐条核对；确认之前不会入库。"
        ),
        "form": form,
        "action_label": gettext("上传并读取"),
        "cancel": reverse("desk:plan-imports"),
    }
    return render(request, "web/form_page.html", context, status=422 if form.errors else 200)


def _import(request: PageRequest, cleaned: dict[str, Any]) -> str:
    file: UploadedFile[Any] = cleaned["file"]
    content = file.read()
    # Read before the action opens its transaction: on SQLite that one blocks every other writer.
    read_plan_file(file.name or "plan", content)
    return start_import(
        request.actor,
        filename=file.name or "plan",
        content=content,
        kind=cleaned["kind"],
        division=cleaned["division"] or home_division(),
        document=cleaned["document"].ref if cleaned["document"] else "",
    )
