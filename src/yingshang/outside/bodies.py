"""Outside bodies as they are declared now, or as they were when something was asked."""

from yingshang.content.models import ContentVersion
from yingshang.content.selectors import declaration_of, list_current
from yingshang.outside.adapters import ADAPTERS, Adapter
from yingshang.outside.declaring import Message, OutsideBody
from yingshang.outside.errors import BodyUnknown, MessageUnknown
from yingshang.outside.kinds import KIND
from yingshang.outside.models import Request


def current_version(body: str) -> ContentVersion:
    """Return the version of a body in force; raises ``BodyUnknown``."""
    found = ContentVersion.objects.filter(kind=KIND, key=body, is_current=True).first()
    if found is None:
        raise BodyUnknown(params={"body": body})
    return found


def body_in(version: ContentVersion) -> OutsideBody:
    """Return the body that a version declares."""
    declared = declaration_of(version)
    assert isinstance(declared, OutsideBody)
    return declared


def get_body(key: str) -> OutsideBody:
    """Return a body as declared now; raises ``BodyUnknown``."""
    return body_in(current_version(key))


def list_bodies() -> list[OutsideBody]:
    """Return every body declared now, by key."""
    return [body_in(version) for version in list_current(KIND)]


def message_of(body: OutsideBody, key: str) -> Message:
    """Return one of a body's messages; raises ``MessageUnknown``."""
    found = body.find_message(key)
    if found is None:
        raise MessageUnknown(params={"body": body.label, "message": key})
    return found


def declared_for(request: Request) -> tuple[OutsideBody, Message]:
    """Return body and message as they were declared when the request was made."""
    body = body_in(request.version)
    return body, message_of(body, request.message)


def adapter_of(body: OutsideBody) -> Adapter:
    """Return the body's adapter; raises ``UnknownName`` where none is installed."""
    return ADAPTERS.get(body.adapter)
