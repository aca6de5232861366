"""Draws by lot that anyone can run again.

The randomness is public: numbers that nobody can foresee or choose (lottery results, closing
prices), announced as sources before they exist. Two methods turn them into picks: ``rfc3797`` as
published (MD5, pools up to 65,535), kept for conformance; and ``sm3``, our own, for production.
``docs/algorithms/sortition.md`` states both so that they can be programmed again.
"""

import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from yingshang.kernel.digests import SM3
from yingshang.kernel.errors import Invalid
from yingshang.kernel.errors import marked as _
from yingshang.kernel.registry import Registry

SM3_LABEL = b"yingshang-sortition-sm3-1"
_LONGEST_NUMBER = 200


class BadDraw(Invalid):
    """The draw cannot be made from this input."""

    code = "bad_draw"


class PoolTooLarge(BadDraw):
    """The method counts with too few bits for this pool."""

    code = "pool_too_large"
    message = "方法 %(method)s 最多支持 %(largest)s 个候选（现有 %(pool)s 个），请改用 sm3"


@dataclass(frozen=True)
class Method:
    """How the i-th number is made of the key; ``largest`` bounds the pool."""

    name: str
    largest: int
    number: Callable[[bytes, int], int]


def _rfc3797_number(key: bytes, i: int) -> int:
    counter = i.to_bytes(2, "big")
    digest = hashlib.md5(counter + key + counter, usedforsecurity=False).digest()
    return int.from_bytes(digest, "big")


def _sm3_number(key: bytes, i: int) -> int:
    counter = i.to_bytes(8, "big")
    length = len(key).to_bytes(8, "big")
    return int.from_bytes(SM3.digest(SM3_LABEL + counter + length + key + counter), "big")


METHODS: Registry[Method] = Registry("drawing method")
METHODS.add("rfc3797", Method("rfc3797", 2**16 - 1, _rfc3797_number))
METHODS.add("sm3", Method("sm3", 2**48, _sm3_number))


def parse_sources(text: str) -> list[list[int]]:
    """Read sources, one a line, numbers separated by blanks; empty lines do not count.

    Raises :class:`BadDraw` naming the line and what stands there.
    """
    sources = [
        [_source_number(word, line) for word in row.split()]
        for line, row in enumerate(text.splitlines(), start=1)
        if row.strip()
    ]
    if not sources:
        raise BadDraw(_("没有随机数来源：每行写一个来源，数字之间用空格分开"))
    return sources


def _source_number(word: str, line: int) -> int:
    if not (word.isascii() and word.isdecimal() and len(word) <= _LONGEST_NUMBER):
        raise BadDraw(
            _("第 %(line)s 行的“%(word)s”不是非负整数；每行写一个来源，数字之间用空格分开"),
            params={"line": line, "word": word},
        )
    return int(word)


def key_of(sources: Sequence[Sequence[int]]) -> str:
    """Return the key of RFC 3797: per source the numbers ascending, each with ``.``, then ``/``."""
    return "".join("".join(f"{n}." for n in sorted(source)) + "/" for source in sources)


def order(key: str, pool: int, method: str = "sm3") -> Iterator[int]:
    """Yield the whole pool, 1 to ``pool``, in the order in which it is drawn.

    The i-th number modulo what remains selects among those not yet drawn, in ascending order. Needs
    memory for the drawn only. Raises :class:`BadDraw` or :class:`PoolTooLarge`.
    """
    how = METHODS.find(method)
    if how is None:
        known = "、".join(METHODS.names())
        raise BadDraw(
            _("没有抽签方法“%(m)s”，可用：%(known)s"), params={"m": method, "known": known}
        )
    if pool < 1:
        raise BadDraw(_("候选数须为正整数：%(pool)s"), params={"pool": pool})
    if pool > how.largest:
        raise PoolTooLarge(params={"method": method, "largest": how.largest, "pool": pool})
    return _order(key.encode("utf-8"), pool, how)


def _order(key: bytes, pool: int, how: Method) -> Iterator[int]:
    gone: list[int] = []  # drawn places from 0, ascending
    for i in range(pool):
        rank = how.number(key, i) % (pool - i)
        before = _drawn_before(gone, rank)
        gone.insert(before, rank + before)
        yield rank + before + 1


def _drawn_before(gone: Sequence[int], rank: int) -> int:
    """Return how many drawn places precede the ``rank``-th place that is still free."""
    low, high = 0, len(gone)
    while low < high:
        middle = (low + high) // 2
        if gone[middle] - middle <= rank:
            low = middle + 1
        else:
            high = middle
    return low


def draw(key: str, pool: int, pick: int, method: str = "sm3") -> list[int]:
    """Return the first ``pick`` of :func:`order`; raises :class:`BadDraw`."""
    drawn = order(key, pool, method)
    if not 1 <= pick <= pool:
        raise BadDraw(
            _("应抽 1 至 %(pool)s 个，不能抽 %(pick)s 个"), params={"pool": pool, "pick": pick}
        )
    return list(islice(drawn, pick))


def draw_from(
    members: Sequence[str],
    key: str,
    pick: int,
    exclude: Collection[str] = (),
    method: str = "sm3",
) -> list[str]:
    """Return ``pick`` of ``members``, passing over those excluded (recusal, 回避).

    The order is drawn over *all* members, so that a recusal, early or late, brings in the next in
    line and changes nobody else's place. ``members`` is the committed list in its committed order.
    Raises :class:`BadDraw` for duplicates, unknown recusals or too few left.
    """
    known = set(members)
    if len(known) != len(members):
        raise BadDraw(_("候选名单中有重复"))
    if strangers := sorted(set(exclude) - known):
        raise BadDraw(_("回避者不在候选名单中：%(who)s"), params={"who": "、".join(strangers)})
    left = len(members) - len(set(exclude))
    if not 1 <= pick <= left:
        raise BadDraw(
            _("回避后剩 %(left)s 个，应抽 1 至 %(left)s 个，不能抽 %(pick)s 个"),
            params={"left": left, "pick": pick},
        )
    barred = set(exclude)
    drawn = (members[number - 1] for number in order(key, len(members), method))
    return list(islice((member for member in drawn if member not in barred), pick))


def draw_strata(
    strata: Mapping[str, Sequence[str]],
    key: str,
    picks: Mapping[str, int],
    exclude: Collection[str] = (),
    method: str = "sm3",
) -> dict[str, list[str]]:
    """Draw from each stratum its own number, as :func:`draw_from` with a key of its own.

    A stratum's key is the draw's key with the stratum's name and ``/`` appended, so that one
    stratum's result says nothing about another's. A stratum with 0 picks gives an empty list.
    """
    if set(picks) - set(strata):
        unknown = "、".join(sorted(set(picks) - set(strata)))
        raise BadDraw(_("没有这个层：%(names)s"), params={"names": unknown})
    return {
        name: draw_from(
            members, f"{key}{name}/", count, [who for who in exclude if who in members], method
        )
        if (count := picks.get(name, 0))
        else []
        for name, members in strata.items()
    }
