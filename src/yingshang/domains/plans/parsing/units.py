"""Responsible units: the tail of a measure, a cell of a table, or lines of their own.

Read are ``(责任单位:甲、乙)``, ``牵头单位：甲；配合单位：乙；完成时限：2024年6月底前``, ``（甲牵头，乙配合）``
and the like, with brackets and colons of either width. A blank separates names only where both
sides are whole names, since a wrapped cell leaves blanks inside a name.
"""

import re
from dataclasses import dataclass, field

from yingshang.domains.plans.parsing.dates import is_due_text
from yingshang.domains.plans.parsing.model import Role, Unit

LABEL = re.compile(
    r"(?P<lead>(?:牵头|主责|主办|主要责任|第一责任)(?:责任)?(?:单位|部门|机构|处室|科室)?)\s?[:：]"
    r"|(?P<cooperate>(?:配合|协办|协同|参与|参加|协助|会同)(?:责任)?(?:单位|部门|机构|处室|科室)?)\s?[:：]"
    r"|(?P<plain>(?:责任|实施|承办|落实|负责|责任落实)(?:单位|部门|机构|主体|处室|科室))\s?[:：]"
    r"|(?P<other>(?:责任|牵头|分管|包联|包抓|挂钩)?(?:领导|负责人|责任人|联系人|联络员|联系电话))\s?[:：]"
    r"|(?P<due>(?:完成|时间|办结|推进|实施|落实|整改|工作)?(?:时限|时间|期限|节点|进度)(?:节点|要求|安排)?)\s?[:：]"
)
FULL_STOP = re.compile(rf"[。.](?=\s?(?:{LABEL.pattern}))")
ROLES = {"lead": Role.LEAD, "cooperate": Role.COOPERATE, "plain": None}
CLAUSE_ROLES = (
    (re.compile(r"(?:牵头负责|牵头|主办|主责)$"), Role.LEAD),
    (
        re.compile(
            r"(?:按职责(?:分工)?(?:配合|负责)|分工负责|配合|参与|参加|协作|协同|协助|协办)$"
        ),
        Role.COOPERATE,
    ),
    (re.compile(r"(?:负责落实|负责)$"), None),
)
SURE_NAME = re.compile(
    r"^(?:(?:区|市|县|省|州|旗|各|相关|有关)[^\s]{0,14}?(?:局|委|办|办公室|委员会|联|院|部|政府|管委会|办事处|街道|镇|乡|园区|部门|单位|公司)"
    r"|[一-鿿]{2,6}(?:海关|税务局|供电公司|供电局|监管局|管委会|分局|支行)|各[^\s]{1,8}中心)$"
)
BOXED = re.compile(
    r"[【〔\[]\s?([一-鿿]{0,4}(?:单位|部门|时限|时间|期限|节点|领导))\s?[】〕\]]\s?[:：]?"
)
ETC = re.compile(r"等(?:按|分工|共同|分别|负责|配合|参与|参加|协|牵头)")
BY_DUTY = re.compile(r"(?:等)?(?:按照?(?:各自)?职责(?:分工)?|分工|共同|分别)*负责(?:落实)?$")
INNER_ROLE = re.compile(r"[(（](牵头|主办|主责|配合|协办|参与)(?:单位)?[)）]$")
NAME_END = re.compile(
    r"(?:局|委|办|院|部|厅|处|科|室|所|站|队|会|团|社|行|校|馆|库|公司|集团|中心|政府|街道|镇|乡|村"
    r"|园区|园|区|支队|大队|分局|海关|银行|联|协会|单位|部门|机构|企业|平台|管委会|[)）])$"
)
NAME_START = re.compile(
    r"^(?:区|市|县|省|旗|州|各|相关|有关|公安|国家|中|人民|[一-鿿]{2,}(?:局|委|院|中心|公司|集团|镇|街道))"
)
DONE = re.compile(r"(?<=[前底末月日年度])完成$")
BLANK = re.compile(r"^[\-—–－/／\\·.无]{0,3}$")
"""What people put into a cell that has nothing to say."""
PREFIX_ONLY = re.compile(r"^(?:各|相关|有关|区|市|县|各有关|各相关|区各|区内各)$")
GENERIC = (
    "镇|乡|乡镇|街道|街镇|镇街|街乡|镇乡|园区|开发区|产业园区|工业区|高新区|社区|村|村居|部门|单位|委办局"
    "|乡镇人民政府|镇人民政府|镇政府|街道办事处|园区管委会|管委会|区级部门|责任单位|责任部门|成员单位"
)
BARE_GENERIC = re.compile(rf"^(?:{GENERIC})$")
ALL_GENERIC = re.compile(rf"^(?:全区|区内|区)?各(?:有关|相关)?(?:{GENERIC})$")
GROUP = re.compile(
    rf"^(?:全区|区内|区级|区|市)?(?:各|相关|有关|其他|其它|所有)|各(?:相关|有关)?(?:部门|单位|街道|镇|园区)"
    rf"|^等(?:部门|单位)|(?:相关|有关)(?:部门|单位|街道|街镇|企业)|^(?:{GENERIC})$"
)
OPENING, CLOSING = "(（〔【[", ")）〕】]"
MAX_TAIL = 800
"""No bracket with units is longer; the search back for its opening stops there."""


@dataclass
class Tail:
    """What stands after the text of a measure: units in order, deadline words, doubts."""

    units: list[Unit] = field(default_factory=list)
    due_text: str | None = None
    unsure: set[str] = field(default_factory=set)
    noise: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.units or self.due_text)

    def take(self, other: "Tail") -> None:
        """Add what another tail says."""
        self.units += [unit for unit in other.units if unit not in self.units]
        self.due_text = self.due_text or other.due_text
        self.unsure |= other.unsure
        self.noise += other.noise


def split_units(text: str, role: Role | None = None) -> Tail:
    """Read a list of unit names; ``role`` is given to each name that states none itself."""
    tail = Tail()
    pieces = [piece for piece in _pieces(text, tail) if piece]
    for name in _merge_groups(pieces):
        _add_unit(tail, name, role)
    return tail


def _pieces(text: str, tail: Tail) -> list[str]:
    pieces: list[str] = []
    for part in re.split(r"[、,，;；/]", _outside_brackets(text)):
        pieces += _split_blanks(part.strip().strip("。.").strip(), tail)
    return [piece.replace("\x00", "、") for piece in pieces]


def _outside_brackets(text: str) -> str:
    """Hide separators inside brackets, so that 区财政局(金融办、国资委) stays one name."""
    out, depth = [], 0
    for char in text:
        depth += (char in "(（") - (char in ")）")
        out.append("\x00" if depth > 0 and char in "、,，" else char)
    return "".join(out) if depth == 0 else text


def _split_blanks(part: str, tail: Tail) -> list[str]:
    words = part.split()
    names = words[:1]
    for word in words[1:]:
        left = names[-1]
        if word[0] in "(（" or PREFIX_ONLY.match(left) or not NAME_END.search(left):
            names[-1] += word
        elif NAME_START.match(word):
            names.append(word)
        else:
            names[-1] += word
    if len(words) > len(names) and " " in part:
        tail.noise.append(f"单位名称中的空格已去掉：{'、'.join(names)}")
    return names


def _merge_groups(pieces: list[str]) -> list[str]:
    merged: list[str] = []
    for piece in pieces:
        if merged and BARE_GENERIC.match(piece) and _ends_in_all(merged[-1]):
            merged[-1] += f"、{piece}"
        else:
            merged.append(piece)
    return merged


def _ends_in_all(name: str) -> bool:
    first, *others = name.split("、")
    return bool(ALL_GENERIC.match(first)) and all(BARE_GENERIC.match(o) for o in others)


def _add_unit(tail: Tail, name: str, role: Role | None) -> None:
    own = INNER_ROLE.search(name)
    if own:
        role = Role.COOPERATE if own[1] in ("配合", "协办", "参与") else Role.LEAD
        name = name[: own.start()]
    head, etc, rest = name.partition("等")
    if etc and NAME_END.search(head):
        _append(tail, head, role)
        rest = name[len(head) :] if BARE_GENERIC.match(rest) else rest
        if not rest:
            tail.unsure.add("units")
            tail.noise.append(f"“{name}”未列全")
            return
        name = rest
    _append(tail, name, role)


def _append(tail: Tail, name: str, role: Role | None) -> None:
    name = re.sub(r"\s+", "", name)
    if BLANK.match(name):
        return
    if len(name) > 30 or "。" in name:
        tail.unsure.add("units")
    unit = Unit(name, group=bool(GROUP.search(name)), role=role)
    if unit not in tail.units:
        tail.units.append(unit)


def read_fields(text: str) -> Tail | None:
    """Read ``牵头单位：…；配合单位：…；完成时限：…``; None unless the text begins with such a label."""
    text = _unwrapped(BOXED.sub(r"；\1：", text.strip()).lstrip("；"))
    labels = list(LABEL.finditer(text))
    if not labels or labels[0].start() != 0:
        return None
    tail = Tail()
    for label, after in zip(labels, [*labels[1:], None], strict=True):
        value = text[label.end() : after.start() if after else None].strip(" ;；,，。、\t")
        _take_field(tail, label, value)
    return tail


def _take_field(tail: Tail, label: re.Match[str], value: str) -> None:
    kind = label.lastgroup or "plain"
    if kind == "other":
        tail.noise.append(f"“{label[0]}{value}”不是单位，没有读入")
        return
    if kind == "due":
        tail.due_text = _rebalance(value) or None
        return
    value, due = _cut_due(_rebalance(value))
    tail.due_text = tail.due_text or due
    tail.take(read_clauses(value) or split_units(value, ROLES[kind]))


def _cut_due(value: str) -> tuple[str, str | None]:
    """Separate a deadline that follows the units after a comma (区司法局，6月底完成)."""
    head, comma, last = value.rpartition("，") if "，" in value else value.rpartition(",")
    if comma and is_due_text(last):
        return head, DONE.sub("", last.strip())
    return value, None


def _unwrapped(text: str) -> str:
    """Return the text without the brackets around all of it, closed or not."""
    if not text or text[0] not in OPENING:
        return text
    return text[1:-1] if text[-1] in CLOSING else text[1:]


def _rebalance(value: str) -> str:
    """Drop closing brackets whose opening stood before the label."""
    surplus = value.count(")") + value.count("）") - value.count("(") - value.count("（")
    while surplus > 0 and value and value[-1] in ")）":
        value, surplus = value[:-1].rstrip(), surplus - 1
    return value


def read_clauses(text: str) -> Tail | None:
    """Read ``甲牵头，乙、丙配合``; None unless every clause names its part."""
    tail = Tail()
    for clause in re.split(r"[,，;；]", text.strip(" 。")):
        if not clause.strip():
            continue
        if is_due_text(clause):
            tail.due_text = DONE.sub("", clause.strip())
            continue
        found = _read_clause(clause.strip())
        if found is None:
            return None
        tail.take(found)
    return tail if tail.units else None


def _read_clause(clause: str) -> Tail | None:
    for pattern, role in CLAUSE_ROLES:
        match = pattern.search(clause)
        if not match:
            continue
        names = BY_DUTY.sub("", clause) if "负责" in match[0] and "牵头" not in match[0] else ""
        names = names or clause[: match.start()]
        names = re.sub(r"^(?:由|会同)", "", names)
        given = None if "负责" in match[0] and role is not Role.LEAD else role
        found = split_units(names.removesuffix("等"), given)
        return _with_rest(found, clause) if ETC.search(clause) else found
    return None


def _with_rest(tail: Tail, clause: str) -> Tail:
    tail.unsure.add("units")
    tail.noise.append(f"“{clause}”未列全")
    return tail


def read_names(text: str) -> Tail | None:
    """Read a bracket that holds only names of organs, and perhaps a deadline; None for any other."""
    tail = Tail()
    names = []
    for piece in re.split(r"[、,，;；]", text.strip(" 。")):
        if is_due_text(piece):
            tail.due_text = DONE.sub("", piece.strip())
        elif SURE_NAME.match(piece.strip()) or BARE_GENERIC.match(piece.strip()):
            names.append(piece)
        else:
            return None
    if not any(SURE_NAME.match(name.strip()) for name in names):
        return None
    tail.take(split_units("、".join(names)))
    return tail


def cut_tail(text: str) -> tuple[str, Tail]:
    """Separate a measure's text from the units and deadline at its end.

    The last bracket group counts if it begins with a label or names parts (甲牵头，乙配合); several
    groups in a row are all taken; so is a last sentence that begins with a label.
    """
    tail = Tail()
    body = BOXED.sub(r"；\1：", text.rstrip())
    while True:
        start = _open_bracket(body)
        inner = body.rstrip("。.;； ")[start + 1 : -1] if start is not None else ""
        found = read_fields(inner) or _bracket_clauses(inner)
        if start is None or not found:
            break
        found.take(tail)
        tail, body = found, body[:start].rstrip()
    if not tail.units:
        body, spoken = _cut_sentence(body)
        tail.take(spoken)
    return body, tail


def _bracket_clauses(inner: str) -> Tail | None:
    if len(inner) >= 300 or "。" in inner:
        return None
    return read_clauses(inner) or read_names(inner)


def _open_bracket(text: str) -> int | None:
    """Return where the bracket group at the end of ``text`` opens."""
    body = text.rstrip("。.;； ")
    if not body or body[-1] not in CLOSING:
        return None
    depth = 0
    for index in range(len(body) - 1, max(len(body) - MAX_TAIL, -1), -1):
        depth += (body[index] in CLOSING) - (body[index] in OPENING)
        if depth == 0:
            return index
    return None


def _cut_sentence(text: str) -> tuple[str, Tail]:
    window = max(len(text) - MAX_TAIL, 0)
    for label in LABEL.finditer(text, window):
        before = text[: label.start()].rstrip()
        at_start = not before or before[-1] in "。；;!！”\n" or before != text[: label.start()]
        opened = before[-1:] in ("(", "（")
        if not (at_start or opened):
            continue
        spoken = FULL_STOP.sub("；", text[label.start() :])
        tail = read_fields(spoken)
        if tail and not re.search(r"。.{8}", spoken):
            return before.rstrip("(（；").rstrip(), tail
    return text, Tail()


def looks_like_units(text: str) -> bool:
    """Say whether a table cell can be a list of units."""
    if not text or len(text) > 200 or "。" in text:
        return False
    if read_fields(text) or read_clauses(text):
        return True
    names = split_units(text).units
    ends = sum(bool(NAME_END.search(unit.name)) or unit.group for unit in names)
    return bool(names) and ends * 2 >= len(names) and max(len(u.name) for u in names) <= 24
