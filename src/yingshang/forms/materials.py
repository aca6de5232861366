"""What stands for a material: files, something kept, a licence held, what the platform knows, a promise.

A draft keeps one :class:`Choice` for each material as plain JSON. Who holds licences or other proof
registers in :data:`HELD` what it can offer, so that nothing has to be uploaded that is held already.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from yingshang.forms.compiling import CompiledForm
from yingshang.forms.definition import Material
from yingshang.forms.models import MaterialItem
from yingshang.kernel.registry import Registry
from yingshang.kernel.times import today
from yingshang.parties.models import Subject


@dataclass(frozen=True)
class Offered:
    """Something that the platform holds and that stands for a material: a licence, a decision.

    ``digest`` is the SHA-256 of its record, so that a submission names just this version of it.
    """

    ref: str
    label: str
    digest: str
    label_en: str = ""
    issuer: str = ""
    issued_on: date | None = None
    valid_to: date | None = None


Provider = Callable[[Subject, str], list[Offered]]
"""Takes a subject and a material's key; returns what is held for it and valid today."""

HELD: Registry[Provider] = Registry("provider of held materials")

WAYS = ("files", "kept", "held", "known", "later", "without")
"""Uploaded now, kept from before, held by the platform, proved by facts, promised, left out."""


def offers_of(subject: Subject | None, key: str) -> list[tuple[str, Offered]]:
    """Return what providers hold for a subject and material, with the provider's name."""
    if subject is None:
        return []
    return [(name, one) for name, provider in HELD for one in provider(subject, key)]


def find_offer(subject: Subject | None, key: str, provider: str, ref: str) -> Offered | None:
    """Return one offer, if it still stands."""
    found = offers_of(subject, key)
    return next((one for name, one in found if name == provider and one.ref == ref), None)


def items_of(subject: Subject | None, key: str = "") -> Iterator[MaterialItem]:
    """Yield what a subject's space keeps (of one material), valid today, the latest first."""
    if subject is None:
        return
    found = MaterialItem.objects.filter(subject=subject, removed_at=None)
    if key:
        found = found.filter(material=key)
    for one in found.order_by("-handed_in_at", "-pk"):
        if one.valid_to is None or one.valid_to >= today():
            yield one


def is_known(material: Material | None, known: Mapping[str, Any]) -> bool:
    """Tell whether the platform's own data prove what the material would."""
    facts = known.get("facts", {})
    return (
        material is not None
        and material.source == "fact"
        and all(key in facts for key in material.proves)
    )


def handed_in(
    form: CompiledForm, chosen: Mapping[str, Any], known: Mapping[str, Any]
) -> frozenset[str]:
    """Return the materials for which something stands."""
    by_facts = {key for key, one in form.materials.items() if is_known(one, known)}
    return frozenset(chosen) | by_facts


def frozen_materials(
    form: CompiledForm, asked: list[str], chosen: Mapping[str, Any], known: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a submission keeps of each material that is asked: by ref and SHA-256."""
    found: dict[str, Any] = {}
    for key in asked:
        if key in chosen:
            found[key] = chosen[key]
        elif is_known(form.materials.get(key), known):
            facts = known["facts"]
            proves = form.materials[key].proves
            found[key] = {"way": "known", "facts": {one: facts[one] for one in proves}}
    return found
