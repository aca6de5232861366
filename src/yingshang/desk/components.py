"""The style guide: every component with made-up content, for whoever builds pages."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from yingshang.kernel.times import SHANGHAI
from yingshang.web.access import Needs
from yingshang.web.listing import Listing
from yingshang.web.paging import KeysetPage
from yingshang.web.parts import Share, Tab, TimelineEntry
from yingshang.web.permissions import STYLE_GUIDE
from yingshang.web.routes import Navigation, PageRequest, page


class SampleFilter(forms.Form):
    """A filter form."""

    light = forms.ChoiceField(
        label=_("时限"), choices=[("", _("全部")), ("red", _("逾期"))], required=False
    )
    due_by = forms.DateField(
        label=_("期限不晚于"), required=False, widget=forms.DateInput({"type": "date"})
    )


class SampleForm(forms.Form):
    """One of each sort of field, two of them refused."""

    title = forms.CharField(label=_("任务名称"), help_text=_("一句话写清做什么，不超过三十个字。"))
    due_on = forms.DateField(label=_("完成日期"), widget=forms.DateInput({"type": "date"}))
    nature = forms.ChoiceField(
        label=_("任务性质"),
        choices=[("dated", _("限期完成")), ("lasting", _("持续推进"))],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(label=_("说明"), widget=forms.Textarea({"rows": 3}), required=False)
    evidence = forms.FileField(
        label=_("佐证材料"), help_text=_("PDF、图片或表格，不超过 10 MB。"), required=False
    )
    public = forms.BooleanField(label=_("在公众门户上公开"), required=False)


@dataclass(frozen=True)
class SampleRow:
    """A row of the sample table."""

    number: int
    title: str
    organ: str
    due_on: date
    light: str
    budget_fen: int


def _rows() -> list[SampleRow]:
    return [
        SampleRow(
            1, str(_("压减企业开办环节")), str(_("市场监管局")), date(2026, 3, 31), "green", 0
        ),
        SampleRow(
            2,
            str(_("推行水电气网联合报装")),
            str(_("建设管理委")),
            date(2025, 12, 31),
            "yellow",
            125_000_000,
        ),
        SampleRow(
            3,
            str(_("建立涉企检查扫码制度")),
            str(_("司法局")),
            date(2025, 9, 30),
            "red",
            8_640_050,
        ),
        SampleRow(
            4, str(_("编制惠企政策清单")), str(_("发展改革委")), date(2026, 6, 30), "grey", 0
        ),
    ]


def _timeline() -> list[TimelineEntry]:
    return [
        TimelineEntry(
            datetime(2025, 9, 12, 9, 30, tzinfo=SHANGHAI),
            _("任务下达"),
            by=str(_("区营商办")),
        ),
        TimelineEntry(
            datetime(2025, 10, 8, 16, 5, tzinfo=SHANGHAI),
            _("申请延期"),
            _("需要与市级系统对接，请求延期二十个工作日。"),
            by=str(_("司法局")),
            tone="warn",
        ),
        TimelineEntry(
            datetime(2025, 10, 9, 10, 0, tzinfo=SHANGHAI),
            _("同意延期"),
            by=str(_("区营商办")),
            tone="good",
        ),
        TimelineEntry(date(2025, 11, 28), _("完成期限"), tone="idle"),
    ]


def _samples() -> dict[str, Any]:
    sorts = {"due": ("due_on",), "title": ("title",)}
    page_of_rows: KeysetPage[Any] = KeysetPage(list(_rows()), "before", "after")
    return {
        "listing": Listing(page_of_rows, "-due", sorts, QueryDict()),
        "filter_form": SampleFilter(),
        "form": SampleForm({"text": str(_("已与业务处室核对。"))}),
        "pairs": [(_("责任单位"), _("市场监管局")), (_("文号"), ""), (_("配合单位"), _("司法局"))],
        "timeline": _timeline(),
        "tabs": [
            Tab(_("任务"), "#tabs", current=True, count=12),
            Tab(_("进展"), "#tabs", count=3),
            Tab(_("原文"), "#tabs"),
        ],
        "shares": [
            Share(_("正常"), 42, "green"),
            Share(_("临期"), 9, "yellow"),
            Share(_("逾期"), 4, "red"),
            Share(_("未计时"), 12, "grey"),
        ],
        "heat": [(_("市场监管局"), [0, 3, 9, 14]), (_("司法局"), [1, 6, 11, 20])],
        "before": _("企业开办由 3 个工作日压缩至 2 个工作日，推行线上办理。"),
        "after": _("企业开办由 2 个工作日压缩至 1 个工作日，全面推行线上办理。"),
        "instant": datetime(2025, 3, 4, 14, 5, tzinfo=SHANGHAI),
    }


@page(
    "components/",
    name="desk:components",
    access=Needs(STYLE_GUIDE),
    title=_("界面组件"),
    navigation=Navigation(_("界面组件"), _("系统"), 990),
)
def components(request: PageRequest) -> HttpResponse:
    """Show every component, as the living style guide."""
    return render(request, "desk/components.html", _samples())
