"""What can be said about a draft: whether it is a rule, what it says, what is doubtful in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext
from pydantic import ValidationError

from yingshang.content.models import ContentVersion
from yingshang.content.packs import explain
from yingshang.content.selectors import CurrentContent
from yingshang.content.yaml import BadYaml
from yingshang.facts.catalogue import Catalogue
from yingshang.rulebook.book import Book, Entry
from yingshang.rulebook.clauses import in_the_making
from yingshang.rulebook.declaring import PolicyDeclaration
from yingshang.rulebook.kinds import POLICY
from yingshang.rulebook.linting import lint_policy
from yingshang.rulebook.shares import is_share
from yingshang.rulebook.tree import Item, read_tree, walk
from yingshang.rulebook.writing.nodes import Source, read_source
from yingshang.rules.analysis import Finding, analyse_beside, find_case
from yingshang.rules.compiling import Checked, Rule, compile_rules
from yingshang.rules.errors import RuleFault


@dataclass(frozen=True)
class Fault:
    """Something that keeps a draft from being a rule; line and column of the document where known."""

    message: str
    line: int = 0
    column: int = 0
    item: str = ""


@dataclass(frozen=True)
class Doubt:
    """Something that may be meant otherwise; ``item`` is the row that it is about."""

    code: str
    message: str
    item: str = ""


@dataclass(frozen=True)
class Checking:
    """What is known of a draft; ``entry`` is None while it is no rule."""

    source: Source | None
    tree: Item | None
    entry: Entry | None
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def rule(self) -> Rule | None:
        """The rule that the draft is, ready to be evaluated."""
        return None if self.entry is None else self.entry.rule


def check_draft(text: str, book: Book, organ: int | None = None) -> Checking:
    """Read a draft over the catalogue, beside the rules of a book and what its organ (row id) is making.

    Never raises.
    """
    try:
        source = read_source(text)
    except BadYaml as error:
        line = int(error.params["line"])
        return Checking(None, None, None, (Fault(str(error), line),))
    tree = read_tree(source)
    try:
        declaration = PolicyDeclaration.model_validate(source.value)
    except ValidationError as error:
        return Checking(source, tree, None, tuple(_invalid(source, error)))
    try:
        (rule,) = compile_rules([declaration.policy], book.declarations)
    except RuleFault as fault:
        return Checking(source, tree, None, (_placed(source, tree, fault),))
    entry = Entry(ContentVersion(kind=POLICY, key=declaration.key, number=0), declaration, rule)
    beside = CurrentContent.beside([*in_the_making(organ), (POLICY, declaration)])
    remarks = lint_policy(declaration, beside)
    return Checking(
        source,
        tree,
        entry,
        remarks=tuple(_remark(source, tree, one) for one in remarks),
        doubts=(*_unit_doubts(tree, book.catalogue), *_contradictions(tree, rule, book.as_of)),
        findings=tuple(_findings(rule, book)),
    )


def _invalid(source: Source, error: ValidationError) -> Iterator[Fault]:
    for detail in error.errors():
        if detail["loc"] == ("condition",) and detail["type"] == "missing":
            yield Fault(gettext("还没有条件，请先添加"))
            continue
        yield Fault(explain(detail, PolicyDeclaration), *_line(source, detail["loc"]))


def _line(source: Source, path: tuple[Any, ...]) -> tuple[int, int]:
    for end in range(len(path), 0, -1):
        try:
            return _position(source.text, source.node(path[:end]).start)
        except KeyError:
            continue
    return 0, 0


def _position(text: str, place: int) -> tuple[int, int]:
    return text.count("\n", 0, place) + 1, place - (text.rfind("\n", 0, place) + 1) + 1


def _placed(source: Source, tree: Item | None, fault: RuleFault) -> Fault:
    """Say in which row the fault lies: the first whose text is the fault's source."""
    message = fault.what + (f"。{fault.advice}" if fault.advice else "")
    for item in walk(tree) if tree is not None else ():
        whole = source.get(item.text_path) if item.text_path else None
        if not isinstance(whole, str) or fault.source != whole or item.is_group:
            continue
        if item.span[0] <= fault.start < max(item.span[1], item.span[0] + 1):
            line, _column = _line(source, item.text_path or ())
            return Fault(message, line, fault.start - item.span[0] + 1, item.id)
    return Fault(str(fault) if fault.source else message)


def _remark(source: Source, tree: Item | None, remark: Any) -> Fault:
    """Say where a remark belongs: its line, and the row at or around its place in the condition."""
    place = remark[2] if len(remark) == 3 else ()
    near = [
        item
        for item in (walk(tree) if tree is not None else ())
        if not item.inside and len(item.path) > 1 and place[: len(item.path)] == item.path
    ]
    found = max(near, key=lambda item: len(item.path), default=None)
    return Fault(remark[1], *_line(source, place), item=found.id if found is not None else "")


def _findings(rule: Rule, book: Book) -> Iterator[Finding]:
    """Yield what the analysis finds about the draft alone and beside each other rule in force."""
    today = replace(rule, in_force=True)
    others = tuple(one for one in book.rules if one.id != rule.id and one.facts & rule.facts)
    for finding in analyse_beside((today,), others, book.as_of, book.declarations.facts):
        yield _titled(finding, rule.id, book)


def _titled(finding: Finding, own: str, book: Book) -> Finding:
    others = [key for key in finding.policies if key != own]
    if not others:
        return finding
    titles = [book.entries[k].declaration.title if k in book.entries else k for k in others]
    said = f"{finding.message}（{'、'.join(titles)}）"
    return Finding(finding.code, finding.severity, (own, *others), said)


def _contradictions(tree: Item | None, rule: Rule, as_of: date) -> Iterator[Doubt]:
    """Name the group inside which conditions exclude one another, or one that says nothing."""
    if tree is None:
        return
    for item, checked in _paired(tree, rule.condition):
        if find_case(checked.typed, as_of, wanted=True) == "none":
            said = (
                gettext("这一部分永远不可能满足")
                if item.is_group
                else gettext("这一项永远不可能满足")
            )
            yield Doubt("never_satisfiable", said, item.id)
        elif find_case(checked.typed, as_of, wanted=False) == "none":
            yield Doubt("always_true", gettext("这一项总是满足，等于没有写"), item.id)


def _paired(item: Item, checked: Checked) -> Iterator[tuple[Item, Checked]]:
    """Yield items with what they were checked as, as deep as the document's own tree goes."""
    yield item, checked
    if item.is_group and len(item.parts) == len(checked.parts):
        for part, below in zip(item.parts, checked.parts, strict=True):
            yield from _paired(part, below)


_LEAST_FEN: Final = 100 * 100
"""Conditions below a hundred yuan are as a rule meant in yuan or ten thousand yuan."""


def _unit_doubts(tree: Item | None, catalogue: Catalogue) -> Iterator[Doubt]:
    """Say where a number looks as if it were meant in another unit: yuan for fen, per cent for shares."""
    for item in walk(tree) if tree is not None else ():
        row = item.row
        typing = catalogue.columns.get(row.fact) if row is not None else None
        if row is None or typing is None or not row.values:
            continue
        value = row.values[0]
        if not isinstance(value, int | Decimal):
            continue
        size = abs(Decimal(value))
        if typing.type == "money" and 0 < size < _LEAST_FEN:
            said = gettext("只有 %(yuan)s 元，是不是想写“万元”？（规则里的金额以分计）")
            yield Doubt("unit_doubt", said % {"yuan": Decimal(value) / 100}, item.id)
        elif size > 1 and is_share(catalogue, row.fact) and "ratio" in row.fact:
            said = gettext("是 %(percent)s%%，比例一般不超过 100%%，请核对单位")
            yield Doubt("unit_doubt", said % {"percent": value * 100}, item.id)
