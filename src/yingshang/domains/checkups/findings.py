"""What a check-up says of one policy; sentences, gaps and evidence are worked out only when asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from yingshang.domains.checkups.conditions import Condition, conditions_of
from yingshang.domains.checkups.evidence import (
    Evidence,
    Supply,
    evidence_of,
    owner_names,
    supplies_of,
)
from yingshang.domains.checkups.gaps import say_money
from yingshang.domains.checkups.ready import Ready
from yingshang.domains.policies.public import TextInfo, clauses_of, list_texts
from yingshang.facts.profiles import Profile
from yingshang.parties.models import Subject
from yingshang.rulebook.showing import Reader
from yingshang.rules.results import Amount
from yingshang.rules.subjects import Verdict

ENTITLED, NEARLY, UNKNOWN, NO = "entitled", "nearly", "unknown", "no"
STATES = (ENTITLED, NEARLY, UNKNOWN, NO)


@dataclass(frozen=True)
class Looked:
    """Whose facts are checked, as of when, and by what: shared by all findings of one check-up."""

    subject: Subject
    profile: Profile
    row: Mapping[str, Any]
    ready: Ready
    reader: Reader
    own: bool

    @cached_property
    def owners(self) -> Mapping[str, str]:
        """Return what the organ is called that answers for each source."""
        return owner_names(self.profile.catalogue)

    @cached_property
    def texts(self) -> Mapping[str, TextInfo]:
        """Return the texts of policies by key."""
        return {one.key: one for one in list_texts(self.ready.book.as_of)}


@dataclass(frozen=True, eq=False)
class Finding:
    """A policy and what it says of the enterprise; ``amount_fen`` None where it gives none, or none is known.

    ``since`` is from when on it is entitled by the last nightly run: from that very day where
    ``since_exact`` says so, else by then at the latest.
    """

    policy: str
    state: str
    verdict: Verdict = field(repr=False)
    looked: Looked = field(repr=False)
    since: date | None = None
    since_exact: bool = False

    @cached_property
    def title(self) -> str:
        """Return the policy's title in the reader's language."""
        return self.looked.reader.title(self.looked.ready.entry(self.policy))

    @cached_property
    def amount_fen(self) -> int | None:
        """Return what an entitled enterprise gets in fen: the result ``amount``, else the only money."""
        rule, given = self.verdict.rule, self.verdict.results or {}
        money = [name for name, one in rule.results.items() if isinstance(one, Amount)]
        name = "amount" if "amount" in money else money[0] if len(money) == 1 else ""
        found = given.get(name)
        return found if isinstance(found, int) else None

    @property
    def gives_money(self) -> bool:
        """Tell whether the policy gives an amount, known or not."""
        return any(isinstance(one, Amount) for one in self.verdict.rule.results.values())

    @property
    def until(self) -> date | None:
        """Return the last day on which the policy applies."""
        return self.looked.ready.entry(self.policy).declaration.valid_to

    @cached_property
    def conditions(self) -> Condition:
        """Return every condition as it is for this enterprise."""
        looked = self.looked
        asked = looked.ready.asked(self.verdict.rule, looked.reader)
        return conditions_of(asked, looked.reader, looked.row)

    @cached_property
    def gaps(self) -> tuple[str, ...]:
        """Return what would have to change, in words; empty unless nearly."""
        if self.state != NEARLY:
            return ()
        found = self.conditions.misses() or []
        return tuple(one.gap.words for one in found if one.gap is not None)

    @cached_property
    def missing(self) -> tuple[Supply, ...]:
        """Return what would have to be supplied; empty unless it cannot be told."""
        if self.state != UNKNOWN:
            return ()
        looked = self.looked
        missing = self.verdict.missing
        return tuple(supplies_of(looked.profile, missing, looked.owners, own=looked.own))

    @cached_property
    def reasons(self) -> tuple[Condition, ...]:
        """Return the conditions that fail, those that miss nearest first."""
        found = list(self.conditions.failing()) if self.state in (NO, NEARLY) else []
        return tuple(sorted(found, key=lambda one: one.gap is None))

    @cached_property
    def clause(self) -> str:
        """Return the clause on which the answer rests: of the first condition in the way, else of the amount."""
        waiting = self.conditions.leaves() if self.state == UNKNOWN else ()
        unsure = [one for one in waiting if one.result == "unknown"]
        for one in (*self.reasons, *unsure):
            if one.clause:
                return one.clause
        declared = self.looked.ready.entry(self.policy).declaration.results_clause
        return declared if isinstance(declared, str) else declared.get("amount", "")

    @cached_property
    def clauses(self) -> Mapping[str, str]:
        """Return the wording of the text's clauses by their label."""
        return {name: one.text for name, one in clauses_of(self.policy).items()}

    @cached_property
    def text(self) -> TextInfo | None:
        """Return the text on which the policy rests."""
        return self.looked.texts.get(self.looked.ready.entry(self.policy).declaration.text)

    @cached_property
    def sentence(self) -> str:
        """Say the answer in one sentence."""
        comma = gettext("；")
        if self.state == ENTITLED:
            if self.amount_fen is not None:
                return gettext("符合全部条件，可得 %(amount)s") % {
                    "amount": say_money(self.amount_fen)
                }
            if self.gives_money:
                return gettext("符合全部条件，金额要等数据齐全后才能算出")
            return gettext("符合全部条件")
        if self.state == NEARLY:
            return comma.join(self.gaps)
        if self.state == UNKNOWN:
            names = gettext("、").join(one.name for one in self.missing)
            if not names:
                return gettext("现有数据无法计算")
            return gettext("还缺：%(names)s") % {"names": names}
        first = self.reasons[:1]
        return gettext("不满足：%(reason)s") % {"reason": first[0].sentence} if first else ""

    @cached_property
    def href(self) -> str:
        """Return the page that explains it to the enterprise itself."""
        return reverse("portal:check-up-policy", args=[self.policy]) if self.looked.own else ""

    def evidence(self, keys: Sequence[str]) -> list[Evidence]:
        """Return what is known of columns, with source, day and grade."""
        looked = self.looked
        return [
            evidence_of(looked.profile, looked.reader, key, own=looked.own)
            for key in keys
            if key != "as_of"
        ]
