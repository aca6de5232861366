"""查企业名称: whether a name is free, and why not."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.cases.labels import english
from yingshang.domains.services.bundles.reading import list_matters
from yingshang.domains.services.catalogue.presenting import local
from yingshang.domains.services.registering.names import list_name_rules, reasons_against
from yingshang.web.access import Anyone
from yingshang.web.routes import PageRequest, page


class NameForm(forms.Form):
    """Asks for a name."""

    name = forms.CharField(
        label=_("企业名称"),
        max_length=80,
        help_text=_("写全称，例如“云州小满餐饮有限公司”。"),
    )


@page(
    "enterprise-names/",
    name="portal:enterprise-names",
    access=Anyone(),
    title=_("查企业名称"),
    parent="portal:services",
)
def names(request: PageRequest) -> HttpResponse:
    """Tell whether a name is free for whoever asks, and if not, why."""
    form = NameForm(request.GET or None)
    context: dict[str, Any] = {
        "form": form,
        "rules": [
            (one.legal, [(part.words, _why(part)) for part in one.forbidden], one.endings)
            for one in list_name_rules()
        ],
        "matters": [
            (one, local(one.bundle, "label"))
            for one in list_matters()
            if one.founds and one.is_online
        ],
    }
    if form.is_valid():
        name = form.cleaned_data["name"]
        context |= {"asked": name, "reasons": reasons_against(request.actor, name)}
    status = 422 if form.errors else 200
    return render(request, "services/portal/names.html", context, status=status)


def _why(part: Any) -> str:
    return str(part.because_en if english() else part.because)
