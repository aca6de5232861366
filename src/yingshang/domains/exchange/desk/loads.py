"""Files of facts: handed in on a page, loaded by a worker, told cell by cell."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.domains.exchange.desk.catalogue import GROUP
from yingshang.facts.actions.uploads import MOST_MEGABYTES, hand_in_file
from yingshang.facts.catalogue import current_catalogue
from yingshang.facts.models import FactUpload, Grade, UploadState
from yingshang.facts.permissions import RECORD
from yingshang.facts.selectors import get_upload_for, list_uploads_for, sources_spoken_for
from yingshang.facts.showing import label
from yingshang.web.access import Needs
from yingshang.web.examples import example
from yingshang.web.form_pages import answer_form
from yingshang.web.listing import list_page
from yingshang.web.routes import Navigation, PageRequest, page

TONES = {
    UploadState.WAITING: "idle",
    UploadState.RUNNING: "active",
    UploadState.DONE: "good",
    UploadState.REFUSED: "bad",
}


class UploadForm(forms.Form):
    """A file of facts, and who says it."""

    file = forms.FileField(
        label=_("数据文件"),
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx,.parquet"}),
        help_text=_(
            "CSV、xlsx 或 Parquet，第一行是列名：数据项的名称或标识。金额的列名要写明单位。"
        ),
    )
    source = forms.ChoiceField(label=_("来源"))
    grade = forms.ChoiceField(label=_("等级"), choices=Grade.choices, initial=Grade.AUTHORITATIVE)

    def __init__(self, *given: Any, sources: list[tuple[str, str]]) -> None:
        super().__init__(*given)
        self.fields["source"].choices = sources  # type: ignore[attr-defined]

    def clean_file(self) -> "UploadedFile[Any]":
        """Refuse a file that is too large before it is kept."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MOST_MEGABYTES * 2**20:
            raise forms.ValidationError(
                _("文件超过 %(limit)s MB。请用命令 yingshang facts load 导入。"),
                params={"limit": MOST_MEGABYTES},
            )
        return file


@page(
    "fact-uploads/",
    name="desk:fact-uploads",
    access=Needs(RECORD),
    title=_("数据导入"),
    navigation=Navigation(_("数据导入"), GROUP, 850),
)
def uploads(request: PageRequest) -> HttpResponse:
    """List the files handed in, the latest first."""
    listing = list_page(
        request,
        list_uploads_for(request.actor),
        sorts={"at": ("-uploaded_at", "-pk")},
        default="at",
    )
    rows = [(one, _source_label(one), TONES[UploadState(one.state)]) for one in listing.rows]
    return render(request, "exchange/uploads.html", {"listing": listing, "rows": rows})


def _source_label(upload: FactUpload) -> str:
    source = current_catalogue().sources.get(upload.source)
    return label(source) if source else upload.source


@page(
    "fact-upload/",
    name="desk:fact-upload-new",
    access=Needs(RECORD),
    title=_("导入数据文件"),
    parent="desk:fact-uploads",
    methods=("GET", "POST"),
)
def upload_new(request: PageRequest) -> HttpResponse:
    """Take a file and hand it to the worker."""
    catalogue = current_catalogue()
    spoken = sources_spoken_for(request.actor)
    sources = [(key, label(catalogue.sources[key])) for key in spoken]
    given = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*given, sources=sources)

    def act(cleaned: dict[str, Any]) -> None:
        file = cleaned["file"]
        hand_in_file(
            request.actor,
            name=file.name or "facts",
            file=file,
            source=cleaned["source"],
            grade=Grade(cleaned["grade"]),
        )

    context = {
        "title": gettext("导入数据文件"),
        "lead": gettext("文件由后台读取和检查，逐格报告问题；代码表之外的值照收并记为质量问题。"),
        "action_label": gettext("上传"),
    }
    done = _("文件已收到，正在后台处理。")
    return answer_form(
        request, form, act, done=done, back=reverse("desk:fact-uploads"), context=context
    )


@page(
    "fact-uploads/<str:ref>/",
    name="desk:fact-upload",
    access=Needs(RECORD),
    title=_("数据文件"),
    parent="desk:fact-uploads",
)
def upload(request: PageRequest, ref: str) -> HttpResponse:
    """Show how far a file has come, and what is wrong with it cell by cell."""
    found = get_upload_for(request.actor, ref)
    state = UploadState(found.state)
    context = {
        "upload": found,
        "source": _source_label(found),
        "tone": TONES[state],
        "is_open": state in (UploadState.WAITING, UploadState.RUNNING),
        "report": found.report,
        "crumb_title": found.name,
    }
    return render(request, "exchange/upload.html", context)


def _an_upload() -> dict[str, Any]:
    return {"ref": FactUpload.objects.order_by("-pk")[0].ref}


example("desk:fact-upload", _an_upload)
