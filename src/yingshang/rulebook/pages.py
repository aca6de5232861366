"""The rule builder on the desk: a clerk writes a rule row by row, and sees what it says and whom it reaches."""

from dataclasses import replace
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yingshang.facts.permissions import READ_SENSITIVE
from yingshang.kernel.errors import DomainError
from yingshang.kernel.times import today
from yingshang.rulebook.amounts import ROUNDINGS, add_amount, read_fen, read_results
from yingshang.rulebook.asks import add_ask, remove_ask
from yingshang.rulebook.book import Book
from yingshang.rulebook.builder import (
    add_condition,
    apply,
    do,
    replace_row,
    row_text,
)
from yingshang.rulebook.building import Page
from yingshang.rulebook.checks import Checking, check_draft
from yingshang.rulebook.desk import told
from yingshang.rulebook.drafting import get_draft_for, give_up_draft, save_draft
from yingshang.rulebook.errors import DraftMoved
from yingshang.rulebook.forms import Trying
from yingshang.rulebook.given import Given
from yingshang.rulebook.models import RuleDraft
from yingshang.rulebook.permissions import DRAFT, PUBLISH, READ, TRY
from yingshang.rulebook.reach import cost_of, reach_of
from yingshang.rulebook.rowfields import MONEY, UNITS, BadField, Fields
from yingshang.rulebook.selectors import book_for
from yingshang.rulebook.showing import Reader
from yingshang.rulebook.tiers import add_tier, remove_tier
from yingshang.rulebook.trying import Trial, find_enterprise, try_entry
from yingshang.rulebook.writing.errors import CannotEdit
from yingshang.rulebook.writing.nodes import Source
from yingshang.rulebook.writing.rows import Row
from yingshang.rules.errors import BadFacts, RuleFault
from yingshang.rules.parsing import parse
from yingshang.web.access import Needs
from yingshang.web.forms import show_refusal
from yingshang.web.routes import PageRequest, page

STATES: Final = {
    "open": (_("起草中"), "active"),
    "published": (_("已发布"), "good"),
    "given_up": (_("已作废"), "idle"),
}
HEAD_LABELS: Final = {
    "key": _("标识"), "title": _("名称"), "title_en": _("英文名称"), "summary": _("摘要"),
    "summary_en": _("英文摘要"), "issuer": _("发布机关"), "source": _("依据"),
    "text": _("政策原文"), "valid_from": _("生效日期"), "valid_to": _("失效日期"),
    "results_clause": _("给予所依据的条款"),
}  # fmt: skip
ROUNDING_LABELS: Final = {
    "half-up": _("四舍五入到分"), "down": _("舍去不足一分的部分"), "half-even": _("四舍六入五成双"),
}  # fmt: skip
KINDS: Final = {"all": _("同时满足"), "any": _("满足任一项"), "not": _("都不成立（排除）")}


def state_of(draft: RuleDraft) -> tuple[Any, str]:
    """Return in words how far a draft is."""
    if draft.published_as_id is not None:
        return STATES["published"]
    return STATES["open" if draft.given_up_at is None else "given_up"]


@page(
    "rules/drafts/<str:ref>/",
    name="desk:rule-draft",
    access=Needs(READ),
    title=_("草稿"),
    methods=("GET", "POST"),
    parent="desk:rule-drafts",
)
def rule_draft(request: PageRequest, ref: str) -> HttpResponse:
    """Show a draft as groups and rows beside what it says, and bring in what is changed."""
    draft = get_draft_for(request.actor, ref)
    book = book_for(request.actor, today())
    if request.method == "POST" and request.POST.get("do") == "try":
        return _try(request, draft, book)
    if request.method == "POST":
        return _change(request, draft, book)
    return _show(request, draft, book, check_draft(draft.text, book, draft.organ_id))


def _change(request: PageRequest, draft: RuleDraft, book: Book) -> HttpResponse:
    """Save what was typed, do what the button says, and show the page anew."""
    request.actor.require(DRAFT)
    if request.POST.get("do") == "give-up":
        give_up_draft(request.actor, draft=draft.ref)
        return redirect("desk:rule-drafts")
    checking = check_draft(draft.text, book, draft.organ_id)
    data = Given(request.POST)
    if data.get("version") != str(draft.version):
        error = DraftMoved(params={"version": draft.version})
        return _show(request, draft, book, checking, refused=error, status=409)
    if checking.source is None:
        return redirect("desk:rule-draft-text", ref=draft.ref)
    page_parts = Page(checking, book, draft.organ_id, data, {})
    outcome = apply(checking.source, data, page_parts.rows)
    if data.get("do") == "preview":
        return _show(request, draft, book, check_draft(outcome.source.text, book, draft.organ_id))
    if outcome.errors:
        return _show(request, draft, book, checking, data, outcome.errors, status=422)
    verb, _dot, mark = data.get("do", "save").partition(".")
    try:
        source, query = _done(outcome.source, verb, mark, data, page_parts)
        save_draft(request.actor, draft=draft.ref, text=source.text, expected_version=draft.version)
    except BadField as error:
        return _show(request, draft, book, checking, data, {"new": str(error)}, status=422)
    except RuleFault as fault:
        return _show(request, draft, book, checking, data, {"new": fault.what}, status=422)
    except DomainError as error:
        return _show(request, draft, book, checking, data, refused=error, status=422)
    return _back(draft, query)


def _back(draft: RuleDraft, query: dict[str, str]) -> HttpResponse:
    where = reverse("desk:rule-draft", kwargs={"ref": draft.ref})
    anchor = "#new" if query else ""
    return redirect(f"{where}{'?' if query else ''}{urlencode(query)}{anchor}")


def _done(
    source: Source, verb: str, mark: str, data: Given, parts: Page
) -> tuple[Source, dict[str, str]]:
    """Return the text after a button, and what the page should show next."""
    match verb:
        case "save":
            return source, {}
        case "open":
            return source, {"add": mark}
        case "other":
            return source, {"replace": mark}
        case "pick":
            return source, _picked(data, parts)
        case "add":
            return _added(source, data, parts), {}
        case "amount":
            return _with_amount(source, data), {}
        case "tier" | "untier":
            return _with_tier(source, verb, mark, data, parts), {}
        case "ask":
            return add_ask(source, _named(data.get("ask-name"), parts)), {}
        case "unask":
            return remove_ask(source, _place(mark)), {}
    return do(source, verb, mark), {}


def _with_tier(source: Source, verb: str, mark: str, data: Given, parts: Page) -> Source:
    place, _dot, tier = mark.partition(".")
    found = {one.place: one for one in read_results(source)}.get(_place(place))
    if found is None:
        raise CannotEdit
    if verb == "untier":
        return remove_tier(source, found, _place(tier))
    typed = data.get(f"r{place}-tier-fact").strip()
    return add_tier(source, found, _named(typed, parts) if typed else "", parts.rows)


def _place(mark: str) -> int:
    return int(mark) if mark.isascii() and mark.isdigit() else -1


def _named(typed: str, parts: Page) -> str:
    """Return the fact that was typed by its name; raises :class:`BadField`."""
    fact = parts.find_fact(typed)
    if not fact:
        raise BadField(gettext("请从列表中选一个数据项"))
    return fact


def _picked(data: Given, parts: Page) -> dict[str, str]:
    typed = data.get("new-name", "")
    where = {key: data[key] for key in ("add", "replace") if data.get(key)}
    fact = parts.find_fact(typed)
    return {**where, "fact": fact} if fact else {**where, "find": typed.strip() or " "}


def _added(source: Source, data: Given, parts: Page) -> Source:
    text = data.get("new-text", "").replace("\r\n", "\n").strip()
    if text:
        parse(text)
    else:
        given = {
            "sign": data.get("new-sign", ""),
            "value": data.get("new-value", ""),
            "unit": data.get("new-unit", ""),
            "chosen": data.all("new-chosen"),
        }
        text = row_text(parts.rows, data.get("new-fact", ""), given)
    if data.get("replace"):
        return replace_row(source, data["replace"], text)
    return add_condition(source, data.get("add", ""), text, data.get("new-clause", "").strip())


def _with_amount(source: Source, data: Given) -> Source:
    typed = data.get("amount-fen", "").strip()
    fen = read_fen(typed, data.get("amount-unit", "yuan")) if typed else None
    fact = data.get("amount-fact", "")
    if not fact and fen is None:
        raise BadField(gettext("请填数据项，或者填金额"))
    return add_amount(source, fact, fen)


def _try(request: PageRequest, draft: RuleDraft, book: Book) -> HttpResponse:
    request.actor.require(TRY)
    checking = check_draft(draft.text, book, draft.organ_id)
    form = _trying(request, book)
    trial: Trial | None = None
    if checking.entry is not None and form.is_valid():
        ground = form.cleaned_data.get("ground", "")
        try:
            subject = find_enterprise(request.actor, form.cleaned_data["subject"])
            trial = try_entry(
                request.actor, checking.entry, book, subject=subject.ref,
                as_of=book.as_of, ground=ground,
            )  # fmt: skip
        except DomainError as error:
            show_refusal(form, error)
    status = 422 if form.errors else 200
    return _show(request, draft, book, checking, form=form, trial=trial, status=status)


def _trying(request: PageRequest, book: Book) -> Trying:
    is_trial = request.method == "POST" and request.POST.get("do") == "try"
    form = Trying(request.POST if is_trial else None, initial={"as_of": book.as_of})
    del form.fields["as_of"]
    if not request.actor.may(READ_SENSITIVE):
        del form.fields["ground"]
    return form


def _show(
    request: PageRequest,
    draft: RuleDraft,
    book: Book,
    checking: Checking,
    data: Given | None = None,
    errors: dict[str, str] | None = None,
    *,
    refused: DomainError | None = None,
    form: Trying | None = None,
    trial: Trial | None = None,
    status: int = 200,
) -> HttpResponse:
    parts = Page(checking, book, draft.organ_id, data, errors or {})
    source = checking.source
    reader = Reader(book)
    tree = parts.tree()
    context = {
        "draft": draft,
        "state": state_of(draft),
        "checking": checking,
        "can_write": draft.is_open and request.actor.may(DRAFT) and _is_own(request, draft),
        "locked": not (draft.is_open and request.actor.may(DRAFT) and _is_own(request, draft)),
        "can_publish": draft.is_open and request.actor.may(PUBLISH),
        "rests_on": parts.text if draft.is_open else None,
        "tree": tree,
        "head": [
            {**one, "label": HEAD_LABELS[one["key"]]} for one in parts.head(source)
        ] if source is not None else [],
        "results": parts.results(source) if source is not None else [],
        "asks": parts.asks(source) if source is not None else None,
        "texts": list(parts.texts.values()),
        "clauses": parts.clause_choices(),
        "kinds": list(KINDS.items()),
        "money_units": [(unit, UNITS[unit]) for unit in MONEY],
        "roundings": [(key, ROUNDING_LABELS[key]) for key in ROUNDINGS],
        "money_facts": parts.money_facts(),
        "new": _new(request, parts, data),
        "code_lists": parts.code_lists(),
        "facts": parts.facts(),
        "errors": list((errors or {}).values()),
        "refused": refused,
        "crumb_title": (source.value.get("title") if source else None) or draft.ref,
        "form": form or _trying(request, book),
        "may_try": request.actor.may(TRY),
        **_said(checking, reader),
        "reach": _reach(checking, book),
        "cost": _cost(checking, book),
        **(told(book, trial) if trial else {}),
    }  # fmt: skip
    return render(request, "rulebook/draft.html", context, status=status)


def _is_own(request: PageRequest, draft: RuleDraft) -> bool:
    return draft.organ_id == request.actor.organ_id


def _said(checking: Checking, reader: Reader) -> dict[str, Any]:
    if checking.entry is None:
        return {}
    written = reader.written(checking.entry)
    return {"written": written, "given_results": list(reader.results(checking.entry))}


def _reach(checking: Checking, book: Book) -> Any:
    if checking.rule is None:
        return None
    try:
        rule = replace(checking.rule, in_force=True)
        return reach_of((rule,), book.catalogue).get(rule.id)
    except BadFacts:
        return None


def _cost(checking: Checking, book: Book) -> int | None:
    if checking.rule is None:
        return None
    try:
        return cost_of(checking.rule, book.catalogue)
    except BadFacts:
        return None


def _new(request: PageRequest, parts: Page, data: Given | None) -> dict[str, Any] | None:
    """Return what the part for a new condition shows, None where none is being added."""
    given = data if data is not None else Given(request.GET)
    where = {key: given[key] for key in ("add", "replace") if given.get(key)}
    if not where:
        return None
    fact = given.get("new-fact") or given.get("fact", "")
    found: dict[str, Any] = {"where": where, "fact": fact, "name": parts.fact_name(fact)}
    typing = parts.rows.typing(fact)
    if typing is None:
        wanted = given.get("find", "")
        return found | {"find": wanted.strip(), "near": parts.near_facts(wanted) if wanted else []}
    sign = given.get("new-sign") or {
        "bool": "yes", "date": "years>=", "code": "in", "string": "contains"
    }.get(typing.type, ">=")  # fmt: skip
    typed = {
        "sign": sign,
        "value": given.get("new-value", ""),
        "unit": given.get("new-unit", ""),
        "chosen": given.all("new-chosen"),
    }
    if not typed["unit"]:
        del typed["unit"]
    fields: Fields | None = parts.rows.fields(Row(fact, sign), typed)
    if fields is not None and fields.control == "codes":
        parts.lists.add(fields.code_list)
    return found | {
        "fields": fields,
        "error": parts.errors.get("new", ""),
        "clause": given.get("new-clause", ""),
    }


from yingshang.rulebook import draft_pages  # noqa: E402, F401 - the other pages of drafts
