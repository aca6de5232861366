"""Template tags and filters that every page may use, without loading anything.

Blocks wrap their content (``{% panel _("标题") %}…{% endpanel %}``), the others stand alone. How to
build a page with them is told in ``docs/web.md``; ``desk:components`` shows each of them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yingshang.web import dates, money
from yingshang.web.differences import Change, compare
from yingshang.web.listing import Listing
from yingshang.web.parts import Light, Share, Tab, TimelineEntry, heat_step, shares_of

register = template.Library()
MOST_IN_LARGE = 9
"""So many digits and marks of an amount fit in a figure's large type."""


def _component(name: str, context: Mapping[str, Any]) -> SafeString:
    return render_to_string(f"web/components/{name}.html", dict(context))


@register.simple_block_tag
def page_header(
    content: str, title: str, lead: str = "", lang: str = "", lead_lang: str = ""
) -> SafeString:
    """Head a page: its one ``h1``, a sentence below it, and the actions given as content.

    ``lang`` and ``lead_lang`` are the languages of the title and the lead where they are data, which
    stays as it was written whatever the language of the page.
    """
    context = {"title": title, "lead": lead, "lang": lang, "lead_lang": lead_lang}
    return _component("page_header", {**context, "actions": content})


@register.simple_block_tag
def panel(
    content: str, title: str = "", link: str = "", link_text: str = "", lang: str = ""
) -> SafeString:
    """Frame a part of a page, with a second-level heading and perhaps a link beside it.

    ``lang`` is the language of the title where it is data.
    """
    context = {"title": title, "link": link, "link_text": link_text, "lang": lang}
    return _component("panel", {**context, "content": content})


@register.simple_block_tag
def data_table(content: str, caption: str, cards: bool = False, lang: str = "") -> SafeString:
    """Wrap ``<thead>`` and ``<tbody>``: scrolls inside its frame; with ``cards`` rows stack on a phone.

    ``lang`` is the language of the caption where it is data.
    """
    context = {"caption": caption, "cards": cards, "lang": lang}
    return _component("data_table", {**context, "content": content})


@register.simple_block_tag
def empty_state(content: str, title: str) -> SafeString:
    """Say that there is nothing here, and in the content what to do about it."""
    return _component("empty_state", {"title": title, "content": content})


@register.inclusion_tag("web/components/sortable.html", takes_context=True)
def sortable(
    context: Context, listing: Listing[Any], key: str, label: str, number: bool = False
) -> dict[str, Any]:
    """Head a column; where the listing can be sorted by ``key`` the heading is a link."""
    return {
        "label": label,
        "number": number,
        "href": listing.sort_href(key),
        "direction": listing.direction(key),
    }


@register.inclusion_tag("web/components/pager.html")
def pager(listing: Listing[Any]) -> dict[str, Any]:
    """Link to the pages before and after; nothing is counted."""
    return {"listing": listing}


@register.inclusion_tag("web/components/filters.html", takes_context=True)
def filters(context: Context, form: BaseForm, *, folds: bool = True) -> dict[str, Any]:
    """Show a form of GET parameters above a list, with a way to clear it.

    On a narrow screen it ``folds`` away above the list, with the number of conditions that are set.
    """
    active = sum(1 for one in form.visible_fields() if form.is_bound and one.value())
    return {"form": form, "path": context["request"].path, "folds": folds, "active": active}


@register.simple_tag
def light(colour: str, text: str = "") -> SafeString:
    """Show a light (绿/黄/红/灰) by colour, shape and word; ``text`` replaces the usual word."""
    shown = Light(colour)
    return _light(shown, conditional_escape(text or shown.label))


# Lists show the same few lights and tags in every row; rendering each anew was a third of a page's time.
@lru_cache(maxsize=256)
def _light(shown: Light, text: SafeString) -> SafeString:
    return render_to_string("web/components/light.html", {"light": shown, "text": text})


@register.simple_tag
def status(text: str, tone: str = "idle") -> SafeString:
    """Show a state as a tag; ``tone`` is idle, active, good, warn or bad."""
    return _status(conditional_escape(text), tone)


@lru_cache(maxsize=256)
def _status(text: SafeString, tone: str) -> SafeString:
    return render_to_string("web/components/tag.html", {"text": text, "tone": tone})


@register.inclusion_tag("web/components/description_list.html")
def description_list(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Show pairs of term and value; an empty value shows as a dash."""
    return {"items": list(items)}


@register.inclusion_tag("web/components/timeline.html")
def timeline(entries: Iterable[TimelineEntry]) -> dict[str, Any]:
    """Show what happened when and by whom, in the order given."""
    return {"entries": list(entries)}


@register.inclusion_tag("web/components/tabs.html")
def tabs(items: Sequence[Tab], label: str) -> dict[str, Any]:
    """Show views of one thing as links; ``label`` names the choice for assistive technology."""
    return {"items": items, "label": label}


@register.inclusion_tag("web/components/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, Any]:
    """List a refused form's errors at its head, each linked to its field."""
    return {"form": form}


@register.inclusion_tag("web/components/stat.html")
def stat(
    label: str, value: Any, unit: str = "", hint: str = "", href: str = "", tone: str = ""
) -> dict[str, Any]:
    """Show one figure; several stand in ``<div class="stats">``. Whole numbers are set in threes."""
    return {
        "label": label,
        "value": f"{value:,}" if isinstance(value, int) else value,
        "unit": unit,
        "hint": hint,
        "href": href,
        "tone": tone,
    }


@register.inclusion_tag("web/components/stat.html")
def stat_fen(label: str, fen: int | None, hint: str = "") -> dict[str, Any]:
    """Show one amount as a figure, its unit after the label, where it fits beside others."""
    value, unit = money.figure_and_unit(fen)
    words = _("%(label)s（%(unit)s）") % {"label": label, "unit": unit} if unit else label
    return {**stat(words, value, "", hint), "is_long": len(value) > MOST_IN_LARGE}


@register.simple_tag
def heat_cell(
    value: int, most: int, href: str = "", label: str = "", least: int = 0, words: str = ""
) -> SafeString:
    """Show a figure as a table cell that is darker the nearer it comes to ``most``, from ``least`` on.

    ``words`` stand in the place of the bare number, such as an amount with its unit.
    """
    below = max(least - 1, 0)
    step = heat_step(value - below if value else 0, most - below)
    shown = format_html("{}", words or value)
    if value and href:
        name = format_html(' aria-label="{}"', label) if label else ""
        shown = format_html('<a href="{}"{}>{}</a>', href, name, words or value)
    return format_html('<td class="heat heat-{}">{}</td>', step, shown)


@register.inclusion_tag("web/components/progress.html")
def progress(done: int, total: int, label: str = "") -> dict[str, Any]:
    """Show computed progress as a bar with its two counts."""
    width = 100 * done / total if total else 0
    return {"done": done, "total": total, "width": f"{width:.2f}", "label": label}


@register.inclusion_tag("web/components/shares.html")
def shares(parts: Iterable[Share], label: str = "") -> dict[str, Any]:
    """Show how a whole divides, as one bar and its legend."""
    return {"parts": shares_of(parts), "label": label}


@register.inclusion_tag("web/components/difference.html")
def difference(before: str, after: str) -> dict[str, Any]:
    """Show one text with what was taken out and put in."""
    return {"pieces": compare(str(before), str(after))}


@register.inclusion_tag("web/components/change_tag.html")
def change_tag(change: str) -> dict[str, Any]:
    """Say whether a thing was kept, changed, new or dropped."""
    return {"change": Change(change)}


@register.inclusion_tag("web/components/submit.html")
def submit(label: str, cancel: str = "", tone: str = "") -> dict[str, Any]:
    """Close a form: the button that sends it, and perhaps a way out."""
    return {"label": label, "cancel": cancel, "tone": tone}


@register.filter
def day(value: date | datetime | None) -> SafeString | str:
    """Show a date in words: 2025年3月4日, 4 March 2025."""
    return dates.day(value)


@register.filter
def iso_day(value: date | datetime | None) -> SafeString | str:
    """Show a date for a table column: 2025-03-04."""
    return dates.iso_day(value)


@register.filter
def moment(value: datetime | None) -> SafeString | str:
    """Show an instant in Shanghai to the minute: 2025年3月4日 14:05."""
    return dates.moment(value)


_CHINESE = re.compile(r"[\u3400-\u9fff]")


@register.filter
def as_written(value: Any) -> SafeString | str:
    """Show data as it was written; on a page in another language Chinese is marked as such."""
    text = "" if value is None else str(value)
    is_chinese = (get_language() or "").startswith("zh")
    if is_chinese or not _CHINESE.search(text):
        return conditional_escape(text)
    return format_html('<span lang="zh-Hans">{}</span>', value)


@register.filter
def fen(value: int | None) -> str:
    """Show an amount in fen as yuan: 1,234.56 元."""
    return money.yuan(value)


@register.filter
def fen_wan(value: int | None) -> str:
    """Show an amount in fen in units of ten thousand yuan: 123.46 万元."""
    return money.ten_thousand_yuan(value)
