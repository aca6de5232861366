"""What forms ask although it need not be asked (重复索要报告), and what several of them ask alike."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from yingshang.facts.catalogue import Catalogue
from yingshang.forms.definition import Form, Material, Question
from yingshang.forms.redundancy import known_material, known_question


@dataclass(frozen=True)
class Needless:
    """One finding: ``sort`` is ``known``, ``excused``, ``same_question`` or ``same_material``.

    ``why`` is what the declaration answers to it, where it does.
    """

    sort: str
    what: str
    forms: tuple[str, ...]
    why: str = ""


def needless_of(
    forms: Iterable[Form], materials: Mapping[str, Material], catalogue: Catalogue
) -> list[Needless]:
    """Return everything that is asked although known, and what is asked by more than one form."""
    forms = list(forms)
    return [
        *_known(forms, materials, catalogue),
        *_questions(forms),
        *_materials(forms, materials),
    ]


def _each(form: Form) -> Iterator[Question]:
    for _section, one in form.questions():
        yield one
        yield from one.fields


def _known(
    forms: list[Form], materials: Mapping[str, Material], catalogue: Catalogue
) -> Iterator[Needless]:
    for form in forms:
        for one in _each(form):
            if told := known_question(one, catalogue):
                sort = "excused" if one.why_asked else "known"
                yield Needless(sort, told, (form.key,), one.why_asked)
    for key, material in materials.items():
        if told := known_material(material, catalogue):
            asking = tuple(form.key for form in forms if key in materials_of(form))
            sort = "excused" if material.why_asked else "known"
            yield Needless(sort, told, asking, material.why_asked)


def materials_of(form: Form) -> set[str]:
    """Return the materials that a form may ask for."""
    inline = {one.material for _section, one in form.questions() if one.material}
    return inline | {one.material for one in form.materials}


def _questions(forms: list[Form]) -> Iterator[Needless]:
    """Yield own questions with one label in several forms: each could be asked once, or be a fact."""
    asking: dict[str, list[str]] = {}
    for form in forms:
        labels = {one.label for one in _each(form) if one.label and not one.fact}
        for label in sorted(labels):
            asking.setdefault(label, []).append(form.key)
    for label, keys in sorted(asking.items()):
        if len(keys) > 1:
            yield Needless("same_question", label, tuple(keys))


def _materials(forms: list[Form], materials: Mapping[str, Material]) -> Iterator[Needless]:
    for key, material in sorted(materials.items()):
        asking = tuple(form.key for form in forms if key in materials_of(form))
        if len(asking) > 1 and material.source in ("applicant", "outside"):
            yield Needless("same_material", material.label, asking)
