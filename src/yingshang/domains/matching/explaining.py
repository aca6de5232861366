"""Any yes or no of a run, done again for one enterprise as of that run: its rules, its day, its instant."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from yingshang.domains.matching import files
from yingshang.domains.matching.errors import NoSuchRun
from yingshang.domains.matching.models import MatchRun, RunPolicy
from yingshang.domains.matching.permissions import READ
from yingshang.facts.actions.reading import read_profile
from yingshang.facts.catalogue import catalogue_at
from yingshang.facts.evaluating import compile_body, keys_of
from yingshang.facts.purposes import POLICY
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.rules.compiling import Rule
from yingshang.rules.explaining import Explained, explain
from yingshang.rules.subjects import Checkup, Verdict


@dataclass(frozen=True)
class Replayed:
    """What a run said, what doing it again says, and why.

    ``kept`` is ``yes``, ``unknown`` or ``no``, empty where the run's files are cleared away or it did not
    look at the enterprise. ``withheld`` are facts that the actor may not see: with any, the two may
    differ.
    """

    run: MatchRun
    subject: Subject
    rule: Rule
    kept: str
    verdict: Verdict
    explained: Explained
    withheld: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether both say the same."""
        return self.kept == self.verdict.result


def get_run_for(actor: Actor, ref: str) -> MatchRun:
    """Return a run; raises ``NotPermitted``, :class:`NoSuchRun`."""
    actor.require(READ)
    run = MatchRun.objects.select_related("book", "previous").filter(ref=ref).first()
    if run is None:
        raise NoSuchRun
    return run


def replay_for(
    actor: Actor, run: MatchRun, *, policy: str, subject: Subject, ground: str = ""
) -> Replayed:
    """Decide one policy for one enterprise again as of a run; the reading of its facts is logged.

    Sensitive facts are read where a ground is given, else they count as unknown. Raises
    ``NotPermitted``, :class:`NoSuchRun` for a policy that the run did not decide.
    """
    actor.require(READ)
    body: dict[str, Any] | None = run.book.body["policies"].get(policy)
    if body is None:
        raise NoSuchRun(field="policy")
    catalogue = catalogue_at(run.started_at)
    rule = compile_body(
        {"policy": body, "parameters": run.book.body["parameters"]}, catalogue, run.as_of
    )
    read = read_profile(
        actor,
        subject=subject.ref,
        purpose=POLICY,
        as_of=run.as_of,
        known_at=run.known_at,
        keys=tuple(sorted(keys_of(rule) & set(catalogue.columns))),
        ground=ground,
        sensitive=bool(ground.strip()),
    )
    facts = read.profile.row(sorted(read.keys))
    (verdict,) = Checkup((rule,)).verdicts(facts)
    kept = kept_answer(run, policy, subject.pk)
    return Replayed(
        run, subject, rule, kept, verdict, explain(rule, facts), tuple(sorted(read.withheld))
    )


def kept_answer(run: MatchRun, policy: str, subject: int) -> str:
    """Return what a run's files say of one enterprise, empty where they say nothing."""
    folder = files.folder_of(run.ref)
    outcome = RunPolicy.objects.filter(run=run, policy=policy).first()
    if outcome is None or outcome.place >= run.policies or not folder.is_dir():
        return ""
    rows = np.flatnonzero(files.read_subjects(folder)[0] == subject)
    return files.read_answer(folder, outcome.place, int(rows[0])) if len(rows) else ""
