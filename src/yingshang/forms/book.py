"""Forms in force, and those that drafts are pinned to, ready to be evaluated: compiled once a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from yingshang.content.actions import canonical_body, digest_of
from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, list_current
from yingshang.facts.catalogue import Catalogue, current_catalogue
from yingshang.forms.combining import combine
from yingshang.forms.compiling import CompiledForm, compile_form
from yingshang.forms.definition import Form, Material
from yingshang.forms.errors import FormUnfit, NoSuchForm, NoSuchMaterial
from yingshang.forms.kinds import FORM, MATERIAL
from yingshang.forms.models import PinnedForm
from yingshang.kernel.times import now, today
from yingshang.rulebook.declaring import ParameterDeclaration
from yingshang.rulebook.kinds import PARAMETER
from yingshang.rules.errors import RuleFault

MOST_KEPT = 200

_compiled: dict[tuple[object, ...], CompiledForm] = {}
"""Compiled forms by what they were made from; bodies never change under a digest."""

_parsed: dict[str, Form] = {}
"""Pinned forms by digest."""


def current_version(key: str) -> ContentVersion:
    """Return the version of a form in force; raises :class:`NoSuchForm`."""
    found = ContentVersion.objects.filter(kind=FORM, key=key, is_current=True).first()
    if found is None:
        raise NoSuchForm(field="form", params={"key": key[:80]})
    return found


def current_forms() -> list[ContentVersion]:
    """Return the versions of all forms in force, by key."""
    return list_current(FORM)


def form_of(version: ContentVersion) -> Form:
    """Return a version's declaration."""
    return cast("Form", declaration_of(version))


def current_form(key: str) -> CompiledForm:
    """Return a form in force, ready to be evaluated; raises :class:`NoSuchForm`, :class:`FormUnfit`."""
    version = current_version(key)
    return compiled_of(form_of(version), version.digest)


def current_materials() -> Mapping[str, Material]:
    """Return the materials in force by key."""
    return {one.key: cast("Material", declaration_of(one)) for one in list_current(MATERIAL)}


def material_named(key: str) -> Material:
    """Return a material in force; raises :class:`NoSuchMaterial`."""
    version = ContentVersion.objects.filter(kind=MATERIAL, key=key, is_current=True).first()
    if version is None:
        raise NoSuchMaterial(field="material", params={"key": key[:80]})
    return cast("Material", declaration_of(version))


def combined_current(keys: Sequence[str], *, label: str = "", label_en: str = "") -> Form:
    """Return forms in force as one, itself where there is only one; raises :class:`NoSuchForm`."""
    forms = [form_of(current_version(key)) for key in dict.fromkeys(keys)]
    if not forms:
        raise NoSuchForm(field="form", params={"key": ""})
    if len(forms) == 1:
        return forms[0]
    licences = {key: one.licence_kind for key, one in current_materials().items()}
    return combine(forms, label=label, label_en=label_en, licences=licences)


def pin(keys: Sequence[str], *, label: str = "", label_en: str = "") -> PinnedForm:
    """Return the pinned form for forms in force, inside the caller's transaction."""
    form = combined_current(keys, label=label, label_en=label_en)
    body = canonical_body(form)
    pinned, _new = PinnedForm.objects.get_or_create(
        digest=digest_of(body),
        defaults={
            "key": form.key,
            "body": body,
            "versions": [[key, current_version(key).number] for key in dict.fromkeys(keys)],
            "pinned_at": now(),
        },
    )
    return pinned


def parts_of(pinned: PinnedForm) -> list[str]:
    """Return the keys of the forms of which a pinned one was made."""
    return [str(key) for key, _number in pinned.versions]


def succeeds(pinned: PinnedForm) -> Form | None:
    """Return the form that is in force in place of a pinned one, None while it is itself."""
    old = pinned_form(pinned)
    new = combined_current(parts_of(pinned), label=old.label, label_en=old.label_en)
    return None if digest_of(canonical_body(new)) == pinned.digest else new


def pinned_form(pinned: PinnedForm) -> Form:
    """Return the declaration of a pinned form."""
    if pinned.digest not in _parsed:
        _parsed[pinned.digest] = Form.model_validate(pinned.body)
    return _parsed[pinned.digest]


def compiled(pinned: PinnedForm, day: date | None = None) -> CompiledForm:
    """Return a pinned form ready to be evaluated on a day (today); raises :class:`FormUnfit`."""
    return compiled_of(pinned_form(pinned), pinned.digest, day)


@dataclass(frozen=True)
class _Around:
    """What forms are compiled with, read once: the catalogue, materials and parameters in force."""

    catalogue: Catalogue
    materials: list[ContentVersion]
    parameters: list[ContentVersion]

    @property
    def stamp(self) -> tuple[tuple[str, str], ...]:
        """Return what tells one state of the content from another."""
        return tuple((one.key, one.digest) for one in (*self.materials, *self.parameters))


def _around() -> _Around:
    return _Around(current_catalogue(), list_current(MATERIAL), list_current(PARAMETER))


def compiled_of(form: Form, digest: str, day: date | None = None) -> CompiledForm:
    """Return a form, also one that no pack declares, ready to be evaluated; raises :class:`FormUnfit`."""
    return _ready(form, digest, day or today(), _around())


def compiled_all(versions: Iterable[ContentVersion]) -> list[CompiledForm]:
    """Return several forms ready to be evaluated today, reading the content once."""
    around, day = _around(), today()
    return [_ready(form_of(one), one.digest, day, around) for one in versions]


def _ready(form: Form, digest: str, day: date, around: _Around) -> CompiledForm:
    stamp = (form.key, digest, day, id(around.catalogue), around.stamp)
    found = _compiled.get(stamp)
    if found is None or found.catalogue is not around.catalogue:
        found = _compile(form, day, around.materials, around.parameters)
        if len(_compiled) >= MOST_KEPT:
            _compiled.clear()
        _compiled[stamp] = found
    return found


def _compile(
    form: Form, day: date, materials: list[ContentVersion], parameters: list[ContentVersion]
) -> CompiledForm:
    dated = {one.key: cast("ParameterDeclaration", declaration_of(one)) for one in parameters}
    try:
        return compile_form(
            form,
            current_catalogue(),
            as_of=day,
            parameters={key: one.parameter for key, one in dated.items()},
            materials={one.key: cast("Material", declaration_of(one)) for one in materials},
        )
    except RuleFault as fault:
        raise FormUnfit(params={"why": str(fault)}) from fault
