"""The kinds of content that this package understands."""

from collections.abc import Iterable, Mapping
from typing import Any

from yingshang.kernel.kinds import KINDS, Kind
from yingshang.licences.declaring import DocumentField, DocumentTemplate, DocumentWord, LicenceKind
from yingshang.licences.numbering import CHECK, SERIAL
from yingshang.licences.rendering import RENDERERS
from yingshang.parties.models import SubjectType

Remarks = Iterable[tuple[str, str]]
Known = Mapping[str, Mapping[str, Any]]

COMMON = frozenset(
    {SERIAL, CHECK, "year", "division", "organ.name", "organ.short_name", "organ.word"}
)


def lint_licence_kind(kind: LicenceKind, known: Known) -> Remarks:
    """Name what the number cannot be written from, a missing template, unknown sorts of holders."""
    places = COMMON | {"subject.code"} | {field.key for field in kind.fields}
    for fault in kind.pattern.faults(places):
        yield "number_unfit", fault
    required = {field.key for field in kind.fields if field.required}
    for name in set(kind.pattern.places) & {field.key for field in kind.fields} - required:
        yield "number_needs_field", f"编号用到 {name}，这一项应为必填"
    for sort in kind.holders:
        if sort not in SubjectType.values:
            yield "holder_unknown", f"没有 {sort} 这类主体"
    template = known.get("document_template", {}).get(kind.template)
    if template is None:
        yield "template_unknown", f"没有标识为 {kind.template} 的模板"
    elif template.sort != "licence":
        yield "template_unfit", f"模板 {kind.template} 是文书模板，不能用于证照"
    else:
        yield from _unfilled(template, kind.fields)
    same = [k.key for k in known.get("licence_kind", {}).values() if k.type_code == kind.type_code]
    if len(same) > 1:
        yield "type_code_twice", f"证照类型代码 {kind.type_code} 用了不止一次：{'、'.join(same)}"
    yield from _twice(kind.fields)


def lint_document_template(template: DocumentTemplate, _known: Known) -> Remarks:
    """Name an unwritable number, values that the source takes and nobody gives, a missing legal basis."""
    places = COMMON | {field.key for field in template.fields}
    for fault in template.pattern.faults(places):
        yield "number_unfit", fault
    if template.sort == "decision":
        yield from _unfilled(template, template.fields)
        if not template.legal:
            yield "legal_missing", "文书模板应写明法律依据（legal）"
    if "@preview" in template.source or "@local" in template.source:
        yield "source_reaches_out", "模板不能引用外部的 typst 包"
    if template.renderer not in RENDERERS:
        yield "renderer_unknown", f"没有名为 {template.renderer} 的排版方式"
    yield from _twice(template.fields)


def lint_document_word(word: DocumentWord, known: Known) -> Remarks:
    """Name a word of an organ that is not declared."""
    if word.key not in known.get("organ", {}):
        yield "unknown_organ", f"没有标识为 {word.key} 的机构"


def _unfilled(template: DocumentTemplate, fields: tuple[DocumentField, ...]) -> Remarks:
    for name in sorted(template.used_fields - {field.key for field in fields}):
        yield "field_unknown", f"模板 {template.key} 用到 {name}，没有声明这一项"


def _twice(fields: tuple[DocumentField, ...]) -> Remarks:
    keys = [field.key for field in fields]
    for key in sorted({key for key in keys if keys.count(key) > 1}):
        yield "field_twice", f"{key} 声明了两次"


KINDS.add(
    "document_template",
    Kind("document_template", "document_templates", DocumentTemplate, lint_document_template),
)
KINDS.add(
    "licence_kind",
    Kind(
        "licence_kind",
        "licence_kinds",
        LicenceKind,
        lint_licence_kind,
        after=("document_template",),
    ),
)
KINDS.add(
    "document_word",
    Kind("document_word", "document_words", DocumentWord, lint_document_word, after=("organ",)),
)
