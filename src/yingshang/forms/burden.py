"""What a form costs who fills it, in numbers: fields to fill, fields already filled, files to hand in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from yingshang.forms.compiling import CompiledForm


@dataclass(frozen=True)
class Burden:
    """``fields`` are all that may be asked, of which ``prefilled`` need only a look.

    A repeating group counts as the fields of one row. ``materials`` are all that may be asked, of which
    ``uploads`` are not known, held or kept already.
    """

    fields: int
    prefilled: int
    materials: int
    uploads: int

    @property
    def asked(self) -> int:
        """Fields that somebody has to fill."""
        return self.fields - self.prefilled

    def __add__(self, other: "Burden") -> "Burden":
        return Burden(
            self.fields + other.fields,
            self.prefilled + other.prefilled,
            self.materials + other.materials,
            self.uploads + other.uploads,
        )


NOTHING = Burden(0, 0, 0, 0)


def burden_of(
    form: CompiledForm, known: Collection[str] = (), offered: Collection[str] = ()
) -> Burden:
    """Return a form's burden where these facts are known and these materials need not be uploaded.

    Every field counts, also those shown only under a condition.
    """
    fields = prefilled = 0
    for one in form.fields():
        for asked in one.asked.rows or (one.asked,):
            if asked.type == "file":
                continue
            fields += 1
            prefilled += bool(asked.fact) and asked.fact in known
    wanted = {asked.material for asked, _when in form.asked_materials}
    wanted |= {one.asked.declared.material for one in form.fields() if one.asked.type == "file"}
    return Burden(fields, prefilled, len(wanted), len(_to_upload(form, wanted, known, offered)))


def _to_upload(
    form: CompiledForm, wanted: set[str], known: Collection[str], offered: Collection[str]
) -> set[str]:
    left = wanted - set(offered)
    for key in set(left):
        material = form.materials.get(key)
        if material and material.source == "fact" and set(material.proves) <= set(known):
            left.discard(key)
    return left


@dataclass(frozen=True)
class Saving:
    """The burden of several forms apart, and of the one that takes their place."""

    before: Burden
    after: Burden


def saving(
    before: Sequence[CompiledForm],
    after: CompiledForm,
    known: Collection[str] = (),
    offered: Collection[str] = (),
) -> Saving:
    """Return both burdens; before, nothing is prefilled, kept or held: every form asked for all of it."""
    total = sum((burden_of(form) for form in before), NOTHING)
    return Saving(total, burden_of(after, known, offered))
