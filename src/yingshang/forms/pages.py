"""The page engine that fills a form: steps, save and resume, materials, signatures, check and submit.

A face mounts :func:`fill` at an address of its own; the step stands in the query (``?step=``). Every
page works without JavaScript; htmx only asks anew what is shown. Nothing typed gets lost: what is wrong
is saved and told, what was saved elsewhere meanwhile is shown beside it. :func:`preview` is the same
for a form that nobody fills: nothing is kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yingshang.documents.actions import upload
from yingshang.documents.admission import MAX_SIZE
from yingshang.documents.errors import FileTooLarge
from yingshang.forms.book import compiled, succeeds
from yingshang.forms.changes import changes_between
from yingshang.forms.compiling import CompiledForm, CompiledSection
from yingshang.forms.drafts import (
    carry_draft,
    organ_keys,
    refresh_draft,
    save_draft,
)
from yingshang.forms.errors import DraftMoved, FactsMoved, NoSuchMaterial
from yingshang.forms.evaluating import evaluate
from yingshang.forms.known import facts_row
from yingshang.forms.materials import handed_in
from yingshang.forms.models import Draft
from yingshang.forms.posting import (
    FIND,
    read_posted,
    with_row,
    without_row,
)
from yingshang.forms.presenting import Sheet, pick
from yingshang.forms.reviewing import (
    Problem,
    material_cards,
    problems_of,
    reviewed,
    slots_shown,
)
from yingshang.forms.selectors import marks_of
from yingshang.forms.signing import confirm_filing, is_confirmed, sign_draft
from yingshang.forms.space import choose_material
from yingshang.kernel.errors import DomainError
from yingshang.web.dates import day_text
from yingshang.web.errors import STATUS, sentence
from yingshang.web.routes import PageRequest

MATERIALS, REVIEW = "materials", "review"
MOST_FILES = 20

After = Callable[[PageRequest, Draft], HttpResponse]
"""Hands a complete draft in, in an action of its own (see :func:`submitting.freeze`), and answers."""


@dataclass(frozen=True)
class Step:
    """One step of the way: a section, the materials, or the review."""

    key: str
    label: str
    state: str
    number: int


def fill(
    request: PageRequest, draft: Draft, *, after: After, leave: str, title: str = ""
) -> HttpResponse:
    """Show or take one step of filling a draft that the actor may fill.

    ``after`` is called when the applicant hands in; what it raises is told on the review page.
    ``leave`` is the address to which "save and come back" goes.
    """
    return _Filling(request, draft, after, leave, title).answer()


class _Filling:
    def __init__(
        self, request: PageRequest, draft: Draft, after: After, leave: str, title: str
    ) -> None:
        self.request, self.draft = request, draft
        self.after, self.leave = after, leave
        self.form = compiled(draft.form)
        self.title = title or pick(self.form.form)

    def answer(self) -> HttpResponse:
        new = succeeds(self.draft.form) if self.draft.corrects_id is None else None
        if new is not None:
            return self.carry(new)
        if self.request.method != "POST":
            return self.show(told=self.request.GET.get("check") == "1")
        go, _colon, what = self.request.POST.get("go", "next").partition(":")
        step = _STEPS.get(go)
        if step is None or (go not in _ANYWHERE and not self.fits(go)):
            return self.show()
        try:
            return step(self, what)
        except DomainError as error:
            return self.show(refused=error)

    def fits(self, go: str) -> bool:
        """Tell whether a button belongs to the present step."""
        is_section = self.section is not None
        if go in ("material", "clear"):
            return self.step == MATERIALS
        return is_section or go == "next" if go in _ON_SECTIONS else self.step == REVIEW

    def sheet(
        self, answers: Mapping[str, Any] | None = None, told: frozenset[str] | None = frozenset()
    ) -> Sheet:
        """Return the form with the draft's answers, or with those given in their place."""
        draft, form = self.draft, self.form
        merged = draft.answers if answers is None else answers
        evaluated = evaluate(
            form,
            merged,
            facts_row(draft.known, form.catalogue),
            handed_in=handed_in(form, draft.materials, draft.known),
            organs=organ_keys() if form.asks_for_organs else None,
        )
        first = draft.corrects
        return Sheet(
            form,
            merged,
            draft.known,
            evaluated,
            told,
            finds=_finds(self.request),
            remarks={one.path: one.remark for one in marks_of(first)} if first else {},
            open_paths=frozenset(draft.open_paths) if first else None,
            before=first.body["answers"] if first else {},
        )

    @property
    def step(self) -> str:
        """The step asked for; the first section where there is none such."""
        given = self.request.GET.get("step", "")
        keys = [one.key for one in self.steps(self.sheet())]
        return given if given in keys else keys[0]

    @property
    def section(self) -> CompiledSection | None:
        return self.sheet().section(self.step)

    def steps(self, sheet: Sheet, current: str = "") -> list[Step]:
        """Return all steps with their state: done, current, todo."""
        found = [
            (one.declared.key, pick(one.declared), not sheet.problems_in(one))
            for one in sheet.pages
        ]
        if sheet.evaluated.materials:
            found.append((MATERIALS, _("申请材料"), not sheet.evaluated.lacking))
        found.append((REVIEW, _("核对并提交"), False))
        return [
            Step(key, label, "current" if key == current else "done" if done else "todo", n)
            for n, (key, label, done) in enumerate(found, start=1)
        ]

    def show(
        self,
        answers: Mapping[str, Any] | None = None,
        *,
        told: bool = False,
        refused: DomainError | None = None,
        status: int = 200,
    ) -> HttpResponse:
        """Show the present step; with ``told`` its problems, with ``refused`` why nothing happened."""
        step = self.step
        sheet = self.sheet(answers, None if told or step == REVIEW else frozenset())
        section = sheet.section(step)
        context = {
            "title": self.title,
            "draft": self.draft,
            "sheet": sheet,
            "steps": (steps := self.steps(sheet, step)),
            "step": next(one for one in steps if one.key == step),
            "leave": self.leave,
            "refused": sentence(refused) if refused else "",
            "changes": _changes(self.form, self.draft.carried),
            **self._of_step(step, sheet, section, told=told),
        }
        if refused is not None:
            status = STATUS[refused.kind]
        if context["problems"] and told and status == 200 and self.request.method == "POST":
            status = 422
        return render(self.request, "forms/fill.html", context, status=status)

    def _of_step(
        self, step: str, sheet: Sheet, section: CompiledSection | None, *, told: bool
    ) -> dict[str, Any]:
        if section is not None:
            paths = sheet.paths_in(section)
            problems = [p for p in problems_of(sheet) if p.path in paths] if told else []
            return {"kind": "section", "section": sheet.shown(section), "problems": problems}
        if step == MATERIALS:
            cards = material_cards(self.request.actor, self.draft, sheet)
            return {"kind": MATERIALS, "cards": cards, "problems": []}
        slots = slots_shown(self.request, self.draft, sheet)
        return {
            "kind": REVIEW,
            "problems": problems_of(sheet),
            "unsigned": [one for one in slots["slots"] if one.signature is None],
            "sections": reviewed(sheet),
            "cards": material_cards(self.request.actor, self.draft, sheet),
            **slots,
            "on_behalf": self.draft.on_behalf_id is not None,
            "confirmed": is_confirmed(self.draft),
        }

    def carry(self, new: Any) -> HttpResponse:
        """Say what a new version of the form changed, and carry the draft over on demand."""
        if self.request.method == "POST" and self.request.POST.get("go") == "carry":
            carry_draft(self.request.actor, draft=self.draft.ref)
            return redirect(self.request.path)
        changes = _changes(self.form, changes_between(self.form.form, new))
        context = {"title": self.title, "changes": changes, "leave": self.leave}
        return render(self.request, "forms/carry.html", context)

    def posted(self) -> dict[str, Any]:
        """Return the answers on the page that was sent, as typed; locked fields are left out."""
        section = self.section
        if section is None:
            return {}
        found = read_posted(section.fields, self.request.POST)
        sheet = self.sheet()
        locked = {one.path for one in sheet.shown(section).fields if one.locked}
        return {key: value for key, value in found.items() if key not in locked}

    def save(self, **more: Any) -> None:
        """Save what was sent on top of what is saved."""
        version = self.request.POST.get("version", "")
        is_number = version.isascii() and version.isdigit() and len(version) < 10
        self.draft = save_draft(
            self.request.actor,
            draft=self.draft.ref,
            answers={**self.posted(), **more},
            expected_version=int(version) if is_number else self.draft.version,
        )

    def next(self, _what: str) -> HttpResponse:
        """Save, and go on where the section is complete."""
        if self.section is None:
            return self.go_on()
        try:
            self.save()
        except DraftMoved as error:
            return self.conflict(error)
        sheet, section = self.sheet(), self.section
        if section is not None and sheet.problems_in(section):
            return self.show(told=True)
        return self.go_on()

    def go_on(self) -> HttpResponse:
        keys = [one.key for one in self.steps(self.sheet())]
        place = keys.index(self.step)
        return self.to(keys[min(place + 1, len(keys) - 1)])

    def to(self, step: str, anchor: str = "") -> HttpResponse:
        return redirect(f"{self.request.path}?step={step}{anchor}")

    def leave_it(self, _what: str) -> HttpResponse:
        """Save whatever there is, and leave."""
        try:
            self.save()
        except DraftMoved as error:
            return self.conflict(error)
        day = day_text(self.draft.expires_on)
        messages.success(
            self.request, _("已保存，可以随时回来继续填写，保留到 %(day)s。") % {"day": day}
        )
        return redirect(self.leave)

    def mine(self, _what: str) -> HttpResponse:
        """Save over what was saved elsewhere, after having seen it."""
        self.draft = save_draft(
            self.request.actor,
            draft=self.draft.ref,
            answers=self.posted(),
            expected_version=self.draft.version,
        )
        return self.to(self.step)

    def conflict(self, error: DraftMoved) -> HttpResponse:
        """Show what was typed beside what was saved elsewhere meanwhile."""
        section = self.section
        assert section is not None
        mine = self.sheet({**self.draft.answers, **self.posted()})
        theirs = self.sheet()
        keys = set(error.params["fields"])
        context = {
            "title": self.title,
            "draft": self.draft,
            "sheet": mine,
            "section": mine.shown(section),
            "step": next(one for one in self.steps(mine, self.step) if one.state == "current"),
            "refused": sentence(error),
            "both": [
                (a.label, _as_text(mine, a), _as_text(theirs, b))
                for a, b in zip(
                    mine.shown(section).fields, theirs.shown(section).fields, strict=False
                )
                if a.path in keys
            ],
        }
        return render(self.request, "forms/conflict.html", context, status=409)

    def again(self, _what: str) -> HttpResponse:
        """Show what follows from what is typed so far; nothing is saved."""
        return self.show({**self.draft.answers, **self.posted()})

    def add(self, group: str) -> HttpResponse:
        """Save, with one more row."""
        posted = self.posted()
        if group in posted:
            self.save(**{group: with_row(posted, group)})
        return self.to(self.step, f"#f-{group}")

    def remove(self, what: str) -> HttpResponse:
        """Save, without one row."""
        group, _colon, number = what.partition(":")
        posted = self.posted()
        if group in posted and number.isascii() and number.isdigit():
            self.save(**{group: without_row(posted, group, int(number[:4]))})
        return self.to(self.step, f"#f-{group}")

    def material(self, key: str) -> HttpResponse:
        """Take what stands for a material: files, something offered, later, or a reason."""
        post = self.request.POST
        way, _colon, which = post.get("way", "files").partition(":")
        given: dict[str, Any] = {}
        if way == "kept":
            given = {"item": which}
        elif way == "held":
            provider, _c, ref = which.partition(":")
            given = {"provider": provider, "held": ref}
        elif way == "later":
            given = {"later": True}
        elif way == "without":
            given = {"reason": post.get("reason", "")}
        else:
            given = {"files": self.uploaded(key)}
        choose_material(self.request.actor, draft=self.draft.ref, material=key, **given)
        return self.to(MATERIALS, f"#m-{key}")

    def uploaded(self, key: str) -> tuple[str, ...]:
        """Upload the files sent, and return them after those that the material has already."""
        sent = self.request.FILES.getlist("files")[:MOST_FILES]
        if key not in self.form.materials:
            raise NoSuchMaterial(params={"key": key[:80]})
        for file in sent:
            if (file.size or 0) > MAX_SIZE:
                raise FileTooLarge(params={"name": file.name, "limit": MAX_SIZE // 2**20})
        chosen = self.draft.materials.get(key, {})
        before = chosen["files"] if chosen.get("way") == "files" else []
        made = [
            upload(self.request.actor, name=file.name or "file", content=file.read()).ref
            for file in sent
        ]
        return (*(one["ref"] for one in before), *made)

    def clear(self, key: str) -> HttpResponse:
        """Take back what stood for a material."""
        choose_material(self.request.actor, draft=self.draft.ref, material=key)
        return self.to(MATERIALS, f"#m-{key}")

    def sign(self, slot: str) -> HttpResponse:
        """Sign in one's own place what was shown."""
        content = self.request.POST.get("content", "")[:64]
        sign_draft(self.request.actor, draft=self.draft.ref, slot=slot, content=content)
        return self.to(REVIEW)

    def confirm(self, _what: str) -> HttpResponse:
        """Take the applicant's code, or the scan of its signed paper."""
        scans = self.request.FILES.getlist("scan")[:3]
        actor, post = self.request.actor, self.request.POST
        files = tuple(
            upload(actor, name=one.name or "scan", content=one.read()).ref
            for one in scans
            if (one.size or 0) <= MAX_SIZE
        )
        confirmed = confirm_filing(
            actor,
            draft=self.draft.ref,
            files=files,
            name=post.get("name", "")[:80],
            code="" if files else post.get("code", "")[:20],
        )
        if not confirmed:
            messages.error(self.request, _("确认码不对，请申请人从“我的草稿”重新查看。"))
        return self.to(REVIEW)

    def submit(self, _what: str) -> HttpResponse:
        """Hand in through whoever mounted the form; facts that moved are looked up and shown."""
        try:
            return self.after(self.request, self.draft)
        except FactsMoved as error:
            refresh_draft(self.request.actor, draft=self.draft.ref)
            messages.warning(self.request, sentence(error))
            return self.to(REVIEW)


_STEPS: Mapping[str, Callable[[_Filling, str], HttpResponse]] = {
    "next": _Filling.next,
    "leave": _Filling.leave_it,
    "mine": _Filling.mine,
    "again": _Filling.again,
    "find": _Filling.again,
    "add": _Filling.add,
    "remove": _Filling.remove,
    "material": _Filling.material,
    "clear": _Filling.clear,
    "sign": _Filling.sign,
    "confirm": _Filling.confirm,
    "submit": _Filling.submit,
}
_ANYWHERE = frozenset({"leave"})
_ON_SECTIONS = frozenset({"next", "mine", "again", "find", "add", "remove"})


def preview(request: PageRequest, form: CompiledForm, *, back: str) -> HttpResponse:
    """Try a form on one page: the same fields and the same rules, nothing is kept or looked up."""
    answers = _tried(request, form) if request.method == "POST" else {}
    go, _colon, what = request.POST.get("go", "").partition(":")
    if go == "add":
        answers[what] = with_row(answers, what)
    elif go == "remove":
        group, _c, number = what.partition(":")
        if number.isascii() and number.isdigit():
            answers[group] = without_row(answers, group, int(number[:4]))
    evaluated = evaluate(form, answers, {}, organs=organ_keys() if form.asks_for_organs else None)
    checks = request.method == "POST" and go == "check"
    sheet = Sheet(
        form, answers, {}, evaluated, None if checks else frozenset(), finds=_finds(request)
    )
    problems: list[Problem] = problems_of(sheet, materials=False) if checks else []
    context = {
        "title": pick(form.form),
        "sheet": sheet,
        "sections": [sheet.shown(one) for one in sheet.visible_sections],
        "problems": problems,
        "checked": checks,
        "materials": [
            form.materials[one.material]
            for one in evaluated.materials
            if one.material in form.materials
        ],
        "reviewed": reviewed(sheet) if checks else [],
        "back": back,
        "crumb_title": pick(form.form),
    }
    return render(request, "forms/preview.html", context, status=422 if problems else 200)


def _tried(request: PageRequest, form: CompiledForm) -> dict[str, Any]:
    return read_posted(form.fields(), request.POST)


def _finds(request: PageRequest) -> dict[str, str]:
    """Return the words that were searched for, by path."""
    return {
        name.removeprefix(FIND): text[:60]
        for name, text in request.POST.items()
        if name.startswith(FIND) and isinstance(text, str) and text.strip()
    }


def _as_text(sheet: Sheet, shown: Any) -> str:
    """Return what stands in a field, as typed."""
    raw = sheet.answers.get(shown.path)
    if isinstance(raw, list):
        return _("%(n)s 项") % {"n": len(raw)}
    if isinstance(raw, Mapping):
        return " ".join(str(one) for one in raw.values())
    return "" if raw is None else str(shown.value or raw)


def _changes(form: CompiledForm, carried: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return what changed, with labels in the reader's language."""
    told = []
    for one in carried:
        material = form.materials.get(one["key"]) if one["sort"] == "material" else None
        label = pick(material) if material else form.catalogue.label_of(one["label"])
        told.append({"change": one["change"], "label": label})
    return told
