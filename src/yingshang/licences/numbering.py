"""Numbers without gaps, and the patterns by which numbers are written.

A gap-free number is taken inside the caller's transaction under a lock on its series: a roll-back gives
it back, and whoever comes second waits for the first one's transaction to end. That wait is the price
of having no gap (公文处理 and licence registers demand it); kinds that do not need it draw their serial.
"""

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter

from django.db import connection, transaction

from yingshang.content.models import ContentVersion
from yingshang.kernel.identifiers import mod_37_36, resident_check_character
from yingshang.kernel.registry import Registry
from yingshang.licences.errors import SerialsUsedUp
from yingshang.licences.models import NumberSeries
from yingshang.parties.models import Organ

TOKEN = re.compile(r"\{([a-z_.]+)(?::([0-9a-z_]+))?\}")
SERIAL, CHECK = "serial", "check"

CheckCharacter = Callable[[str], str]
CHECKS: Registry[CheckCharacter] = Registry("check character of numbers")


@CHECKS.named("mod_11_10")
def mod_11_10(body: str) -> str:
    """Return the check digit of ISO 7064 MOD 11,10 (GB/T 17710) over the digits of ``body``."""
    product = 10
    for digit in re.sub(r"\D", "", body):
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return str((11 - product) % 10)


@CHECKS.named("mod_37_36")
def _mod_37_36(body: str) -> str:
    """Return the check character of ISO 7064 MOD 37,36 over digits and capital letters."""
    return mod_37_36(re.sub(r"[^0-9A-Z]", "", body))


@CHECKS.named("mod_11_2")
def _mod_11_2(body: str) -> str:
    """Return the check character of ISO 7064 MOD 11-2 over the last 17 digits of ``body``."""
    return resident_check_character(re.sub(r"\D", "", body)[-17:].rjust(17, "0"))


class OutsideTransaction(RuntimeError):
    """A gap-free number was asked for outside a transaction, so that it could be lost."""


def next_number(organ: Organ, series: str, year: int) -> int:
    """Return the next number of a series of an organ, from 1; ``year`` 0 is a series without end.

    Raises :class:`OutsideTransaction`. Two callers never get the same number, and a number whose
    transaction is rolled back is given to the next.
    """
    if not connection.in_atomic_block:
        raise OutsideTransaction(series)
    with transaction.atomic():
        NumberSeries.objects.get_or_create(organ=organ, series=series, year=year)
    rows = NumberSeries.objects.select_for_update(of=("self",))
    row = rows.get(organ=organ, series=series, year=year)
    row.last += 1
    row.save(update_fields=["last"])
    return row.last


@dataclass(frozen=True)
class Pattern:
    """How a number is written: text with places such as ``JY{category}{division}{serial:06}{check:mod_11_10}``.

    ``{serial:06}`` is the serial in so many digits; ``{check:…}`` a check character over everything
    before it; every other place is one of ``values``.
    """

    text: str

    @property
    def places(self) -> list[str]:
        """Return the names of the places, in order."""
        return [name for name, _form in TOKEN.findall(self.text)]

    @property
    def digits(self) -> int:
        """Return how many digits the serial has at most; 0 where the pattern has none."""
        forms = [form for name, form in TOKEN.findall(self.text) if name == SERIAL]
        return int(forms[0] or 9) if forms else 0

    def faults(self, known: frozenset[str]) -> list[str]:
        """Say what is wrong with the pattern; ``known`` are the values that can stand in it."""
        found = [f"编号规则里的 {{{name}}} 没有来源" for name in self.places if name not in known]
        found += [
            f"没有名为 {form} 的校验方法；现有：{'、'.join(CHECKS.names())}"
            for name, form in TOKEN.findall(self.text)
            if name == CHECK and form not in CHECKS
        ]
        rest = TOKEN.sub("", self.text)
        if "{" in rest or "}" in rest:
            found.append("编号规则里的花括号不成对，占位应写成 {名称} 或 {serial:06}")
        if self.places.count(SERIAL) > 1:
            found.append("编号规则里只能有一个 {serial}")
        return found

    def write(self, values: Mapping[str, str], serial: int) -> str:
        """Return the number; raises :class:`SerialsUsedUp`, ``KeyError`` for a value that is not there."""
        written = ""
        for literal, name, form, _conversion in Formatter().parse(self.text):
            written += literal
            if name is None:
                continue
            if name == SERIAL:
                written += _serial(serial, form or "")
            elif name == CHECK:
                written += CHECKS.get(form or "")(written)
            else:
                written += values[name]
        return written


def places_of(organ: Organ, year: int, values: Mapping[str, object]) -> dict[str, str]:
    """Return what every pattern may name, and ``values`` besides."""
    short = organ.short_name or organ.name
    return {
        "year": str(year),
        "division": f"{organ.division:0<6}"[:6],
        "organ.name": organ.name,
        "organ.short_name": short,
        "organ.word": _word_of(organ) or short,
        **{key: str(value) for key, value in values.items()},
    }


def _word_of(organ: Organ) -> str:
    declared = ContentVersion.objects.filter(kind="document_word", key=organ.key, is_current=True)
    body = declared.values_list("body", flat=True).first()
    return str(body["word"]) if body else ""


def _serial(serial: int, form: str) -> str:
    if form and len(str(serial)) > int(form):
        raise SerialsUsedUp
    return str(serial).zfill(int(form or 1))


def drawn_serial(digits: int) -> int:
    """Return a serial by lot, for kinds whose numbers need not be counted; the caller looks for clashes."""
    return secrets.randbelow(10**digits - 1) + 1
