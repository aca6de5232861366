"""The last look before handing in: answers in words, what is missing, materials, signatures."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yingshang.facts.catalogue import Catalogue
from yingshang.forms.access import may_use
from yingshang.forms.asking import Asked
from yingshang.forms.compiling import CompiledForm, CompiledSection
from yingshang.forms.definition import FormField, Material, MaterialAsked
from yingshang.forms.drafts import content_digest
from yingshang.forms.known import Provenance
from yingshang.forms.materials import Offered, is_known, items_of, offers_of
from yingshang.forms.models import Draft, MaterialItem, Signature, Submission
from yingshang.forms.presenting import (
    Sheet,
    known_text,
    label_of,
    missing_text,
    pick,
    say_answer,
)
from yingshang.forms.signing import invitation, unsigned
from yingshang.parties.actors import Actor
from yingshang.web.dates import day_text
from yingshang.web.routes import PageRequest


@dataclass(frozen=True)
class Problem:
    """Something missing or wrong: where it stands, and what to do."""

    path: str
    step: str
    label: str
    text: str

    @property
    def anchor(self) -> str:
        """Where the field stands on its page."""
        if self.path.startswith("material:"):
            return "m-" + self.path.removeprefix("material:")
        return "f-" + self.path.replace(".", "-")


def problems_of(sheet: Sheet, *, materials: bool = True) -> list[Problem]:
    """Return everything that keeps a form from being handed in, in the order of the form."""
    found = [*_of_fields(sheet)]
    for key in sheet.evaluated.lacking if materials else ():
        material = sheet.form.materials.get(key)
        label = pick(material) if material else key
        found.append(Problem(f"material:{key}", "materials", label, _("请提交这份材料")))
    return found


def _of_fields(sheet: Sheet) -> Iterator[Problem]:
    evaluated = sheet.evaluated
    for section in sheet.visible_sections:
        heads = [one.asked.key for one in section.fields]
        paths = [p for p in (*evaluated.errors, *evaluated.missing) if p.split(".")[0] in heads]
        for path in sorted(paths, key=lambda p: (heads.index(p.split(".")[0]), _numbers(p))):
            asked = sheet.form.find(path)
            if asked is None:
                continue
            wrong, place = evaluated.errors.get(path, ""), _place(sheet, path)
            label = place if wrong or "." in path else ""  # what is missing names its field itself
            yield Problem(
                path, sheet.page_of(section.declared.key), label, wrong or missing_text(asked)
            )


def _numbers(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split(".") if part.isdigit())


def _place(sheet: Sheet, path: str) -> str:
    """Return a field's label, in a row with its number."""
    asked = sheet.form.find(path)
    assert asked is not None
    parts = path.split(".")
    if len(parts) < 3:
        return label_of(asked)
    group = sheet.form.find(parts[0])
    declared = group.declared if group else None
    row = pick(declared, "row_label") if isinstance(declared, FormField) else ""
    return f"{row or (label_of(group) if group else '')} {int(parts[1]) + 1} {label_of(asked)}"


@dataclass(frozen=True)
class Line:
    """One answer in words, and whence it comes."""

    label: str
    text: str
    known: str = ""
    tone: str = ""
    path: str = ""


@dataclass(frozen=True)
class ReviewedSection:
    """A section's answers; rows of a group follow one another under their number."""

    key: str
    label: str
    lines: tuple[Line, ...]


def reviewed(sheet: Sheet) -> list[ReviewedSection]:
    """Return all answers that count, in words."""
    return [
        ReviewedSection(
            sheet.page_of(one.declared.key), pick(one.declared), tuple(_lines(sheet, one))
        )
        for one in sheet.visible_sections
    ]


def _lines(sheet: Sheet, section: CompiledSection) -> Iterator[Line]:
    catalogue, clean = sheet.form.catalogue, sheet.evaluated.clean
    for one in section.fields:
        asked = one.asked
        if asked.key not in sheet.evaluated.visible or asked.type == "file":
            continue
        if asked.type == "group":
            yield from _row_lines(catalogue, asked, clean.get(asked.key, ()))
            continue
        text = say_answer(catalogue, asked, clean.get(asked.key))
        known, tone = known_text(catalogue, sheet.provenance[asked.key], answered=bool(text))
        text = text or _left_empty(sheet, asked.key)
        shown = known if tone != "warn" or text else ""
        yield Line(label_of(asked), text, shown, tone, asked.key)


def submitted(form: CompiledForm, submission: Submission) -> list[ReviewedSection]:
    """Return what a submission says, in words, from what was frozen alone."""
    return [
        found
        for one in form.sections
        if (found := _submitted_section(form, one, submission.body)).lines
    ]


def _submitted_section(
    form: CompiledForm, section: CompiledSection, body: Mapping[str, Any]
) -> ReviewedSection:
    lines: list[Line] = []
    for one in section.fields:
        asked, key = one.asked, one.asked.key
        if asked.type == "group" and key in body["answers"]:
            lines += _row_lines(form.catalogue, asked, body["answers"][key])
        elif key in body["answers"] or key in body["left_empty"]:
            found = Provenance(**body["provenance"].get(key, {"state": "given"}))
            text = say_answer(form.catalogue, asked, body["answers"].get(key))
            known, tone = known_text(form.catalogue, found, answered=bool(text))
            why = body["left_empty"].get(key)
            text = text or (_("未填写：%(why)s") % {"why": why} if why else "")
            lines.append(Line(label_of(asked), text, known, tone, key))
    return ReviewedSection(section.declared.key, pick(section.declared), tuple(lines))


def material_lines(form: CompiledForm, materials: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the materials of a submission: label, what stands for each, and its files."""
    return [
        {
            "key": key,
            "label": pick(form.materials[key]) if key in form.materials else key,
            "said": said_of(one) if one["way"] not in ("files", "kept") else "",
            "files": one.get("files", ()),
        }
        for key, one in materials.items()
    ]


def _left_empty(sheet: Sheet, path: str) -> str:
    why = sheet.evaluated.left_empty.get(path)
    return _("未填写：%(why)s") % {"why": why} if why else ""


def _row_lines(catalogue: Catalogue, asked: Asked, rows: Any) -> Iterator[Line]:
    declared = asked.declared
    row_label = pick(declared, "row_label") if isinstance(declared, FormField) else ""
    name = row_label or label_of(asked)
    if not rows:
        yield Line(label_of(asked), "")
    for number, row in enumerate(rows):
        said = [
            f"{label_of(inner)}：{text}"
            for inner in asked.rows
            if (text := say_answer(catalogue, inner, row.get(inner.key)))
        ]
        yield Line(f"{name} {number + 1}", "；".join(said), path=f"{asked.key}.{number}")


@dataclass(frozen=True)
class Card:
    """One material: what stands for it, what could, and whether it is still lacking."""

    key: str
    material: Material
    label: str
    help: str
    chosen: Mapping[str, Any] | None
    kept: tuple[MaterialItem, ...]
    held: tuple[tuple[str, Offered], ...]
    is_known: bool
    is_lacking: bool
    required: str
    remark: str
    locked: bool
    legal: str
    formats: str

    @property
    def said(self) -> str:
        """What stands for it, in words."""
        return said_of(self.chosen) if self.chosen else ""


def said_of(chosen: Mapping[str, Any]) -> str:
    """Return what stands for a material, in words."""
    way = chosen["way"]
    names = "、".join(str(one["name"]) for one in chosen.get("files", ()))
    if way == "kept":
        day = day_text(datetime.fromisoformat(chosen["handed_in_at"]))
        return _("使用 %(day)s 提交过的 %(names)s") % {"day": day, "names": names}
    if way == "held":
        return _("使用平台已有的“%(label)s”") % {"label": chosen["label"]}
    if way == "later":
        return _("容缺：受理后 %(days)s 日内补交") % {"days": chosen["days"]}
    if way == "without":
        return _("不提交：%(why)s") % {"why": chosen["reason"]}
    return _("平台核验，无需提交") if way == "known" else names


def material_cards(actor: Actor, draft: Draft, sheet: Sheet) -> list[Card]:
    """Return the materials that are asked, with what the actor may choose for each."""
    return [
        _card(actor, draft, sheet, asked, sheet.form.materials[asked.material])
        for asked in sheet.evaluated.materials
        if asked.material in sheet.form.materials
    ]


def _card(
    actor: Actor, draft: Draft, sheet: Sheet, asked: MaterialAsked, material: Material
) -> Card:
    first, key = draft.corrects, material.key
    return Card(
        key=key,
        material=material,
        label=pick(material),
        help=pick(material, "help"),
        chosen=draft.materials.get(key),
        kept=tuple(
            one
            for one in items_of(draft.subject, key)
            if actor.subject_id == one.subject_id or may_use(actor, one, draft.purpose)
        )[:5],
        held=tuple(offers_of(draft.subject, key)),
        is_known=is_known(material, draft.known),
        is_lacking=key in sheet.evaluated.lacking,
        required=asked.required,
        remark=sheet.remarks.get(f"material:{key}", ""),
        locked=first is not None
        and key in first.body["materials"]
        and f"material:{key}" not in draft.open_paths,
        formats="、".join(one.upper() for one in material.formats),
        legal=asked.legal or material.legal,
    )


@dataclass(frozen=True)
class ShownSlot:
    """A signature that is asked: who signs, whether done or void, and the link to hand on."""

    path: str
    label: str
    statement: str
    signer: str
    signature: Signature | None
    voided: Signature | None
    is_own: bool
    on_paper: bool
    link: str


def slots_shown(request: PageRequest, draft: Draft, sheet: Sheet) -> dict[str, Any]:
    """Return the signatures and the digest of what is signed."""
    left = {slot.path for slot in unsigned(draft, sheet.evaluated)}
    made = list(Signature.objects.filter(draft=draft).order_by("-signed_at", "-pk"))
    shown = []
    for slot in sheet.evaluated.slots:
        valid = next((s for s in made if s.slot == slot.path and s.voided_at is None), None)
        voided = next((s for s in made if s.slot == slot.path and s.voided_at), None)
        address = reverse("portal:sign", args=[draft.ref, slot.path, invitation(draft, slot.path)])
        shown.append(
            ShownSlot(
                path=slot.path,
                label=pick(slot.asked),
                statement=pick(slot.asked, "statement"),
                signer=slot.signer,
                signature=None if slot.path in left else valid,
                voided=voided if slot.path in left else None,
                is_own=slot.signer in ("", request.actor.name)
                and (draft.on_behalf_id is None or draft.on_behalf_id != request.actor.organ_id),
                on_paper=slot.path not in left and valid is None,
                link=request.build_absolute_uri(address),
            )
        )
    return {"slots": shown, "content": content_digest(draft) if shown else ""}
