"""What a new version of a form changed, for whoever was filling the old one: pure."""

from yingshang.forms.definition import Form, Question


def _label(one: Question) -> str:
    return one.label or one.fact or one.key


def changes_between(old: Form, new: Form) -> list[dict[str, str]]:
    """Return ``{change, sort, key, label, label_en}`` of fields and materials.

    ``change`` is ``new``, ``dropped`` or ``changed``; how a field is explained is no change of it.
    """
    found = []
    for key, one in new.field_by_key.items():
        before = old.field_by_key.get(key)
        if before is None:
            found.append(_change("new", one))
        elif _asks(before) != _asks(one):
            found.append(_change("changed", one))
    found += [
        _change("dropped", one)
        for key, one in old.field_by_key.items()
        if key not in new.field_by_key
    ]
    was = {one.material for one in old.materials}
    asked = {one.material for one in new.materials}
    for key in sorted(asked ^ was):
        change = "new" if key in asked else "dropped"
        found.append(
            {"change": change, "sort": "material", "key": key, "label": key, "label_en": key}
        )
    return found


def _change(change: str, one: Question) -> dict[str, str]:
    return {
        "change": change,
        "sort": "field",
        "key": one.key,
        "label": _label(one),
        "label_en": one.label_en or _label(one),
    }


def _asks(one: Question) -> dict[str, object]:
    return one.model_dump(exclude={"help", "help_en", "why", "why_asked", "asked_for"})
