"""Checking the values of a document against its declared fields."""

from collections.abc import Mapping
from typing import Any

from yingshang.kernel.canonical import to_json
from yingshang.licences.declaring import EXPECTED, DocumentField, fits
from yingshang.licences.errors import (
    LicenceFieldMissing,
    LicenceFieldUnfit,
    LicenceFieldUnknown,
)

EMPTY: tuple[Any, ...] = (None, "", [], ())


def checked_values(
    label: str, fields: tuple[DocumentField, ...], given: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the values that are there, as plain JSON in the order of the fields.

    Raises ``LicenceFieldUnknown``, ``LicenceFieldMissing``, ``LicenceFieldUnfit``.
    """
    known = {field.key for field in fields}
    for name in given:
        if name not in known:
            raise LicenceFieldUnknown(params={"kind": label, "field": name})
    checked = {}
    for field in fields:
        value = given.get(field.key)
        if value in EMPTY:
            if field.required:
                raise LicenceFieldMissing(
                    field=field.key, params={"kind": label, "field": field.label}
                )
            continue
        if not fits(field.type, value):
            raise LicenceFieldUnfit(
                field=field.key,
                params={
                    "field": field.label,
                    "expected": EXPECTED[field.type],
                    "value": str(value)[:60],
                },
            )
        checked[field.key] = to_json(value)
    return checked
