"""Verification against someone who can write every table but does not hold the log's key.

One pass reads every event, recomputes its leaf from its fields, checks payload and seal, and holds
the growing root against every signed head, from the database and from the file outside of it. Only
if something does not fit, a second step names it (:mod:`yingshang.ledger.attribution`).
"""

import json
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError

from yingshang.kernel.merkle import Frontier, TreeHash
from yingshang.kernel.times import now
from yingshang.ledger.attribution import Authentic, authentic_leaves, name_differences
from yingshang.ledger.erasing import ERASED, subject_of
from yingshang.ledger.findings import Finding, FindingCode, Report
from yingshang.ledger.heads import (
    SignedHead,
    last_stored_head,
    read_head,
    read_heads_file,
)
from yingshang.ledger.keys import log_key, sealer, tree_hash
from yingshang.ledger.models import Entry, Head
from yingshang.ledger.rows import Row, has_own_payload, is_sealed, read_rows, recomputed_leaf
from yingshang.ledger.sequencing import max_merge_delay

Progress = Callable[[int], None]


def verify_ledger(progress: Progress | None = None) -> Report:
    """Verify the whole log; reads only, trusts nothing but the log's public key and its own secret.

    ``progress`` is called with the number of events read so far. Never raises for what it finds.
    """
    report = Report()
    heads = _signed_heads(report)
    report.heads, report.head = len(heads), heads[-1] if heads else None
    walk = _Walk(tree_hash(), heads, report, progress or (lambda _: None))
    try:
        walk.run()
    except DatabaseError as error:
        report.findings.append(Finding(FindingCode.UNREADABLE, f"数据库无法读取：{error}"))
    report.findings.sort(key=lambda f: (f.position is None, f.position or 0, f.code))
    return report


def _signed_heads(report: Report) -> list[SignedHead]:
    """Return every properly signed head by size, and report what is wrong with the two collections."""
    key, heads = log_key().public, dict[int, SignedHead]()
    for number, head in read_heads_file(key):
        if head is None:
            why = f"树头文件第 {number} 行没有有效签名"
            report.findings.append(Finding(FindingCode.HEAD_FORGED, why))
        else:
            _keep(head, heads, report)
    filed, stored = set(heads), set[int]()
    for size, root, text in Head.objects.order_by("pk").values_list("size", "root", "text"):
        head = read_head(text, key)
        if head is None or (head.size, head.root.hex()) != (size, root):
            why = f"数据库中规模 {size} 的树头没有有效签名"
            report.findings.append(Finding(FindingCode.HEAD_FORGED, why))
        else:
            _keep(head, heads, report)
            stored.add(size)
    _compare_collections(filed, stored, heads, report)
    return [heads[size] for size in sorted(heads)]


def _keep(head: SignedHead, heads: dict[int, SignedHead], report: Report) -> None:
    known = heads.setdefault(head.size, head)
    if known.root != head.root:
        why = f"规模 {head.size} 有两个签名有效而根不同的树头"
        report.findings.append(Finding(FindingCode.HEAD_CONTRADICTED, why))


def _compare_collections(
    filed: set[int], stored: set[int], heads: dict[int, SignedHead], report: Report
) -> None:
    for size in sorted(filed - stored):
        why = f"已签发规模 {size} 的树头不在数据库中"
        report.findings.append(Finding(FindingCode.HEAD_MISSING, why))
    patience = now() - timedelta(seconds=max_merge_delay())
    for size in sorted(stored - filed):
        if datetime.fromisoformat(heads[size].at) < patience:
            why = f"规模 {size} 的树头不在数据库之外的文件中"
            report.findings.append(Finding(FindingCode.HEAD_NOT_FILED, why))


@dataclass
class _Walk:
    """One pass over the events, and what it gathers."""

    hashing: TreeHash
    heads: list[SignedHead]
    report: Report
    progress: Progress
    frontier: Frontier = field(init=False)
    present: list[bytes] = field(default_factory=list)
    beyond: dict[int, bytes] = field(default_factory=dict)
    faulty: set[int] = field(default_factory=set)
    without_payload: dict[str, int | None] = field(default_factory=dict)
    with_payload_of_erased: dict[str, int | None] = field(default_factory=dict)
    tombstones: set[str] = field(default_factory=set)
    broken_between: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        self.frontier = Frontier(self.hashing)
        self.seal = sealer()
        self.sizes = [head.size for head in self.heads]
        self.by_size = {head.size: head.root for head in self.heads}

    def run(self) -> None:
        signed = self.sizes[-1] if self.sizes else 0
        placed = Entry.objects.filter(position__lt=signed).order_by("position")
        for count, row in enumerate(read_rows(placed), start=1):
            self._read(row)
            if count % 1000 == 0:
                self.progress(count)
        self.report.size = len(self.present)
        self._read_waiting()
        self._read_beyond(signed)
        self._judge_erasures()
        self._judge_roots()

    def _read(self, row: Row) -> None:
        position = row.position
        if type(position) is not int or position < len(self.present):
            self._impossible(row)
            return
        while len(self.present) < position:
            self._grow(b"")
        self._grow(self._check(row, position))

    def _impossible(self, row: Row) -> None:
        where = row.position if type(row.position) is int else None
        why = f"没有任何树头包含位置 {row.position!r}"
        self._found(FindingCode.ENTRY_INSERTED, why, where, row.ref)

    def _grow(self, leaf: bytes) -> None:
        self.present.append(leaf)
        if self.broken_between is not None:
            return
        self.frontier.append(leaf)
        expected = self.by_size.get(self.frontier.size)
        if expected is not None and self.frontier.root() != expected:
            self.broken_between = self._between(self.frontier.size - 1)

    def _between(self, position: int) -> tuple[int, int] | None:
        """Return the sizes of the heads between which ``position`` lies."""
        place = bisect_right(self.sizes, position)
        if place == len(self.sizes):
            return None
        return (self.sizes[place - 1] if place else 0, self.sizes[place])

    def _check(self, row: Row, position: int | None) -> bytes:
        """Check what one event can show by itself; return its leaf as its fields give it."""
        leaf = recomputed_leaf(row, self.hashing)
        same = leaf.hex() == row.leaf
        if not same or not is_sealed(row, self.seal):
            code = (
                FindingCode.UNSEQUENCED_ALTERED if position is None else FindingCode.ENTRY_CHANGED
            )
            why = "封印不符，不是由本平台写入" if same else "字段与叶散列不符"
            self._found(code, why, position, row.ref)
        elif row.body is None:
            self.without_payload[row.ref] = position
        elif not has_own_payload(row, self.hashing):
            self._found(FindingCode.PAYLOAD_CHANGED, "内容与承诺的摘要不符", position, row.ref)
        elif row.kind == ERASED:
            self._note_tombstone(row)
        return leaf

    def _note_tombstone(self, row: Row) -> None:
        payload = json.loads(row.body or "{}")
        ref, ground = payload.get("entry"), payload.get("ground")
        if ground and row.subject == subject_of(str(ref)):
            self.tombstones.add(str(ref))

    def _read_waiting(self) -> None:
        waiting = Entry.objects.filter(position__isnull=True).order_by("id")
        patience = now() - timedelta(seconds=max_merge_delay())
        self.report.overdue = waiting.filter(recorded_at__lt=patience).count()
        for row in read_rows(waiting):
            self.report.unsequenced += 1
            self._check(row, None)

    def _read_beyond(self, signed: int) -> None:
        """Read what lies beyond the last head known at the start; the sequencer may have gone on."""
        newest = last_stored_head()
        size = newest.size if newest else 0
        for row in read_rows(Entry.objects.filter(position__gte=signed).order_by("position")):
            if type(row.position) is not int:
                self._impossible(row)
                continue
            leaf = self._check(row, row.position)
            if row.position >= size:
                self.beyond[row.position] = leaf

    def _judge_erasures(self) -> None:
        for ref, position in self.without_payload.items():
            if ref not in self.tombstones:
                why = "内容不见了，也没有依法删除的记录"
                self._found(FindingCode.PAYLOAD_MISSING, why, position, ref)
        back = self.tombstones - set(self.without_payload)
        rows = Entry.objects.filter(ref__in=back, payload__isnull=False) if back else []
        for entry in rows:
            why = "依法删除的内容又出现了"
            self._found(FindingCode.ERASED_PAYLOAD_BACK, why, entry.position, entry.ref)

    def _judge_roots(self) -> None:
        prefix_holds = self.broken_between is None and b"" not in self.present
        last, size = self.heads[-1] if self.heads else None, len(self.present)
        if last is None or (prefix_holds and size == last.size):
            self._attribute(Authentic())
            return
        found = self._authentic(last)
        if prefix_holds and not self.beyond and min(found.leaves, default=size) >= size:
            self._tail_cut(last)
        else:
            self._attribute(found)

    def _authentic(self, last: SignedHead) -> Authentic:
        """Return what can be known of the signed leaves, from the last head or the first broken one."""
        found = authentic_leaves(last.root, last.size, self.present, self.hashing)
        if found.unknown and self.broken_between is not None:
            size = self.broken_between[1]
            earlier = authentic_leaves(self.by_size[size], size, self.present[:size], self.hashing)
            if not earlier.unknown:
                return earlier
        return found

    def _tail_cut(self, last: SignedHead) -> None:
        size = len(self.present)
        kept = max((s for s in self.sizes if s <= size), default=0)
        why = f"位置 {size} 至 {last.size - 1} 的记录不见了；最后签发的树头规模为 {last.size}（{last.at}）"
        finding = Finding(FindingCode.TAIL_CUT, why, size, None, (kept, last.size))
        self.report.findings.append(finding)

    def _attribute(self, found: Authentic) -> None:
        """Name what differs from the signed leaves; what lies beyond all heads may be some of them."""
        there = {p: self.present[p] for p in found.leaves if p < len(self.present)} | self.beyond
        for finding in name_differences(found.leaves, there, _refs_at([*there])):
            if finding.code is FindingCode.ENTRY_INSERTED:
                self._forget(FindingCode.ENTRY_CHANGED, finding.position)
            if finding.position not in self.faulty:
                self._found(finding.code, finding.why, finding.position, finding.entry)
        for low, high in found.unknown:
            self._unknown(low, high)

    def _forget(self, code: FindingCode, position: int | None) -> None:
        """Withdraw what was said of a position, because more is known now."""
        findings = self.report.findings
        findings[:] = [f for f in findings if (f.code, f.position) != (code, position)]
        self.faulty -= {position}

    def _unknown(self, low: int, high: int) -> None:
        """Report a range in which no stored hash proves itself, by the heads around it."""
        between = self.broken_between
        if between is None or not (low <= between[0] and between[1] <= high):
            first, second = self._between(low), self._between(high - 1)
            between = (first[0] if first else low, second[1] if second else high)
        why = f"位置 {between[0]} 至 {between[1] - 1} 之间有改动，存储的散列不足以指明哪一条"
        self.report.findings.append(Finding(FindingCode.RANGE_ALTERED, why, None, None, between))

    def _found(self, code: FindingCode, why: str, position: int | None, ref: str | None) -> None:
        between = self._between(position) if position is not None else None
        self.report.findings.append(Finding(code, why, position, ref, between))
        if position is not None:
            self.faulty.add(position)


def _refs_at(positions: list[int]) -> dict[int, str]:
    """Return the references of the events at some positions."""
    refs: dict[int, str] = {}
    for start in range(0, len(positions), 500):
        part = positions[start : start + 500]
        rows = Entry.objects.filter(position__in=part).values_list("position", "ref")
        refs.update({position: ref for position, ref in rows if position is not None})
    return refs
