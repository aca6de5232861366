"""Refusals as programs read them: problem details (RFC 9457).

Whatever lies below :data:`API_PREFIX` answers in this form, also where no operation was reached: an
unknown address, a refused body, a fault.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise

API_PREFIX = "/api/v1/"
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:yingshang:problem:"


def speaks_json(request: HttpRequest) -> bool:
    """Tell whether the address belongs to the programming interface."""
    return request.path.startswith(API_PREFIX)


def problem(
    status: int, *, code: str, title: str, detail: str, more: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Return a problem: ``type`` and ``code`` name the condition for ever, ``detail`` is for people.

    ``more`` are further members; what JSON does not have is written as text.
    """
    body = {
        "type": f"{TYPE_PREFIX}{code}",
        "title": str(title),
        "status": status,
        "code": code,
        "detail": str(detail),
        **plain(dict(more or {})),
    }
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: texts in the reader's language, sequences as lists."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(one) for one in value]
    return str(value)
