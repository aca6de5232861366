"""Answering a request: who sends it, whether they may, what they sent, what came of it."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from yingshang.api import keys
from yingshang.api.bodies import (
    BINARY,
    JSON,
    LARGEST_FILE,
    LARGEST_JSON,
    raw_body,
    read_json,
    validated,
    validated_query,
)
from yingshang.api.errors import (
    NotSignedIn,
    TokenReadsOnly,
    UnreadableKey,
    UnreadableMatch,
    WrongInput,
)
from yingshang.api.models import AccessToken, KeyedRequest
from yingshang.api.senders import authenticate
from yingshang.api.tokens import note_use
from yingshang.kernel.errors import DomainError
from yingshang.ledger.recording import record, watch
from yingshang.parties.actors import NotPermitted
from yingshang.web.downloads import download
from yingshang.web.errors import STATUS, sentence, title_of
from yingshang.web.operations import LARGEST_NUMBER, Download, Operation
from yingshang.web.problems import problem
from yingshang.web.routes import PageRequest

KEY, MATCH, REPLAYED = "Idempotency-Key", "If-Match", "Idempotency-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,80}")
_MATCH = re.compile(r'"(\d{1,9})"')
_STATUS_OF_CODE = {"too_many_verifications": 429, "too_many_objections": 429}
"""Where the kind of a domain's refusal says less than the protocol can."""
RETRY_SECONDS = {"too_many_verifications": 900, "too_many_objections": 3600}


def refusal(error: DomainError) -> HttpResponse:
    """Return a domain error as a problem, by its registered code."""
    own = getattr(error, "status", STATUS[error.kind])
    status = _STATUS_OF_CODE.get(error.code, int(own))
    more: dict[str, Any] = {}
    if error.field:
        more["field"] = error.field
    if error.params:
        more.update({k: v for k, v in error.params.items() if k == "errors"})
        more["params"] = {k: v for k, v in error.params.items() if k != "errors"}
    response = problem(
        status, code=error.code, title=title_of(error.kind), detail=sentence(error), more=more
    )
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="yingshang"'
    if status == 429:
        seconds = error.params.get("seconds") or RETRY_SECONDS.get(error.code, 60)
        response["Retry-After"] = str(seconds)
    return response


def answer(
    request: PageRequest, operations: Mapping[str, Operation], place: Mapping[str, Any]
) -> HttpResponse:
    """Answer a request to an address with these operations by method."""
    method = "GET" if request.method == "HEAD" else str(request.method)
    operation = operations.get(method)
    if operation is None:
        return _wrong_method(sorted(operations))
    try:
        return Exchange(request, operation, place).answer()
    except DomainError as error:
        return refusal(error)


def _wrong_method(allowed: list[str]) -> HttpResponse:
    detail = _("这个地址只接受 %(methods)s。") % {"methods": "、".join(allowed)}
    response = problem(405, code="method_not_allowed", title=_("请求方式不对"), detail=detail)
    response["Allow"] = ", ".join([*allowed, *(["HEAD"] if "GET" in allowed else [])])
    return response


class Exchange:
    """One request to one operation."""

    def __init__(
        self, request: PageRequest, operation: Operation, place: Mapping[str, Any]
    ) -> None:
        self.request = request
        self.operation = operation
        self.place = place
        self.token: AccessToken | None = None

    def answer(self) -> HttpResponse:
        """Return the answer; raises a domain error for a refusal."""
        self.token = authenticate(self.request)
        self._demand_allowed()
        if self.token is not None:
            note_use(self.token, self.operation.name, self._address() or None)
        self._demand_places()
        if not self.operation.writes:
            return _response(self.operation, self._read())
        return self._write()

    def _demand_allowed(self) -> None:
        actor, operation = self.request.actor, self.operation
        if not operation.access.allows(actor):
            raise NotSignedIn if actor.is_anonymous else NotPermitted
        if operation.writes and self.token is not None and not self.token.writes:
            raise TokenReadsOnly

    def _demand_places(self) -> None:
        for name, value in self.place.items():
            if isinstance(value, int) and value > LARGEST_NUMBER:
                error = {"pointer": f"/{name}", "code": "less_than_equal", "detail": ""}
                raise WrongInput(params={"errors": [error]})

    def _read(self) -> Any:
        query = validated_query(self.operation.query, self.request.GET)
        asked = {} if query is None else {"query": query}
        return self.operation.run(self.request.actor, **self.place, **asked)

    def _write(self) -> HttpResponse:
        raw, parameters = self._parameters()
        key = self._key()
        if key is None:
            return self._carry_out(parameters, None)
        operation, actor = self.operation, self.request.actor
        digest = keys.digest_of(
            self.request.path,
            self.request.META.get("QUERY_STRING", ""),
            self.request.headers.get(MATCH, ""),
            raw,
        )
        claimed = keys.claim(actor.ref, operation.name, key, digest)
        if isinstance(claimed, keys.FirstAnswer):
            return _replayed(claimed)
        try:
            if operation.takes_key:
                parameters["idempotency_key"] = key
            return self._carry_out(parameters, claimed)
        except BaseException:
            keys.release(claimed)
            raise

    def _carry_out(
        self, parameters: Mapping[str, Any], claimed: KeyedRequest | None
    ) -> HttpResponse:
        """Do it, note in the ledger that it came this way, keep the answer: all or nothing."""
        with transaction.atomic():
            with watch() as recorded:
                result = self.operation.run(self.request.actor, **parameters)
            if recorded:
                record(
                    "api.requested",
                    actor=self.request.actor.ref,
                    subject=self._through(),
                    payload={
                        "operation": self.operation.name,
                        "entries": [one.ref for one in recorded],
                    },
                )
            response = _response(self.operation, result)
            if claimed is not None:
                keys.keep(claimed, _kept(response))
        return response

    def _through(self) -> str:
        """Return by what it came: the token, or the account that is signed in."""
        if self.token is not None:
            return f"token:{self.token.ref}"
        return self.request.actor.ref.partition("/")[0]

    def _parameters(self) -> tuple[bytes, dict[str, Any]]:
        operation = self.operation
        if operation.binary:
            query = validated_query(operation.query, self.request.GET)
            raw = raw_body(self.request, BINARY, LARGEST_FILE)
            given = dict(query) if query is not None else {}
            return raw, {**self.place, **given, operation.binary: raw}
        validated_query(None, self.request.GET)
        raw = raw_body(self.request, JSON, LARGEST_JSON)
        given = {}
        if operation.body is not None:
            given = dict(validated(operation.body, read_json(raw or b"{}")))
        elif raw.strip() not in (b"", b"{}"):
            raise WrongInput(params={"errors": [{"pointer": "", "code": "extra_forbidden"}]})
        self._take_version(given)
        if operation.address:
            given[operation.address] = self._address()
        return raw, {**self.place, **given}

    def _address(self) -> str:
        return str(self.request.META.get("REMOTE_ADDR", ""))

    def _take_version(self, given: dict[str, Any]) -> None:
        """Fill in the version that the sender has seen from ``If-Match``, unless the body says it."""
        name, header = self.operation.version, self.request.headers.get(MATCH)
        if not name:
            return
        if header is not None:
            found = _MATCH.fullmatch(header.strip())
            if found is None or given.get(name) not in (None, int(found.group(1))):
                raise UnreadableMatch(field=name)
            given[name] = int(found.group(1))
        if given.get(name) is None and self.operation.required_version:
            error = {"pointer": f"/{name}", "code": "missing", "detail": _("缺少这一项")}
            raise WrongInput(params={"errors": [error]})

    def _key(self) -> str | None:
        key = self.request.headers.get(KEY)
        if key is not None and not _KEY.fullmatch(key):
            raise UnreadableKey
        return key


@cache
def _adapter(answers: Any) -> TypeAdapter[Any]:
    return TypeAdapter(answers)


def version_of(result: Any) -> str:
    """Return the version of what is answered, where it has one that ``If-Match`` can name."""
    name = getattr(result, "versioned_by", "")
    return f'"{getattr(result, name)}"' if name else ""


def _response(operation: Operation, result: Any) -> HttpResponse:
    if isinstance(result, Download):
        return download(result.content, result.name, BINARY)
    if operation.status == 204:
        return HttpResponse(status=204)
    body = _adapter(operation.answers).dump_json(result)
    return _of_body(operation.status, version_of(result), body)


def _of_body(status: int, version: str, body: bytes | str) -> HttpResponse:
    response = HttpResponse(body, status=status, content_type=JSON)
    if version:
        response["ETag"] = version
    return response


def _kept(response: HttpResponse) -> keys.FirstAnswer:
    return keys.FirstAnswer(
        response.status_code, response.get("ETag", ""), response.content.decode()
    )


def _replayed(first: keys.FirstAnswer) -> HttpResponse:
    if first.status == 204:
        response = HttpResponse(status=204)
    else:
        response = _of_body(first.status, first.version, first.body)
    response[REPLAYED] = "true"
    return response


def known_problem_statuses() -> Mapping[str, str]:
    """Return every status with which an operation may refuse, and what it means."""
    return {
        "400": _("请求内容不是有效的 JSON"),
        "401": _("没有登录，或令牌无效"),
        "403": _("没有权限"),
        "404": _("没有找到"),
        "409": _("情况已经变化"),
        "413": _("请求内容过大"),
        "415": _("请求内容的类型不对"),
        "422": _("填写的内容有误"),
        "429": _("请求过于频繁"),
        "503": _("暂时无法办理"),
    }
