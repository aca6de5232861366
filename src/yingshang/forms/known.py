"""What the platform knows when a form is opened, and how an answer stands to it (预填).

A value says from which source it comes, since when and of which grade. What is not known is not a
prefill: it is shown as not found and asked. What may not be seen here is withheld and asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from yingshang.facts.actions.reading import read_profile
from yingshang.facts.catalogue import Catalogue, namespace_of
from yingshang.facts.holding import rule_value
from yingshang.facts.permissions import READ, READ_OWN
from yingshang.facts.purposes import SERVICE
from yingshang.forms.asking import Asked
from yingshang.forms.compiling import CompiledForm
from yingshang.forms.evaluating import Evaluated
from yingshang.kernel.times import now
from yingshang.parties.actors import Actor
from yingshang.parties.models import Subject
from yingshang.rules.values import to_plain

State = Literal["prefilled", "changed", "not_found", "withheld", "given"]


@dataclass(frozen=True)
class Provenance:
    """How an answer stands to what is known: as known, changed, not found, withheld, or just given."""

    state: State
    fact: str = ""
    content: Any = None
    source: str = ""
    grade: str = ""
    since: str = ""
    recorded: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return what a submission keeps of it."""
        return {key: value for key, value in vars(self).items() if value not in ("", None)}


def gather(actor: Actor, form: CompiledForm, subject: Subject | None) -> dict[str, Any]:
    """Return what the actor may see of the facts that a form reads, as plain JSON.

    Reading another's facts is logged, with the purpose of a service; sensitive ones are withheld.
    """
    found: dict[str, Any] = {"facts": {}, "withheld": [], "at": now().isoformat()}
    if subject is None:
        return found
    found["subject_name"], found["subject_code"] = subject.name, subject.code or ""
    keys = [k for k in form.fact_keys if k.partition(".")[0] == namespace_of(subject.type)]
    if not keys or not actor.may(READ if actor.subject_id is None else READ_OWN):
        return found
    read = read_profile(actor, subject=subject.ref, purpose=SERVICE, keys=tuple(sorted(keys)))
    for key in sorted(read.keys):
        known = read.profile.known(key)
        if known is None:
            continue
        rests_on = known.rests_on
        found["facts"][key] = {
            "content": to_plain(known.value),
            "grade": known.grade,
            "source": known.source,
            "since": max((str(one.valid_from or "") for one in rests_on), default=""),
            "recorded": max((one.recorded_at.isoformat() for one in rests_on), default=""),
        }
    found["withheld"] = sorted(read.withheld)
    return found


def facts_row(known: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    """Return known facts as the columns that rules read."""
    row = {}
    for key, one in known.get("facts", {}).items():
        if key in catalogue.columns:
            value = rule_value(catalogue.columns[key], one["content"])
            if value is not None:
                row[key] = value
    return row


def as_answer(asked: Asked, content: Any) -> Any:
    """Return a fact's content as the answer that a field of this type takes."""
    if asked.type == "address":
        return {"detail": content}
    return {"name": content} if asked.type == "person" else content


def prefilled(asked: Asked, known: Mapping[str, Any], actor_name: str = "") -> Any:
    """Return what a field is filled with beforehand, None for nothing."""
    wanted = asked.declared.prefill
    if wanted == "fact":
        one = known.get("facts", {}).get(asked.fact) if asked.fact else None
        return None if one is None else as_answer(asked, one["content"])
    if wanted in ("subject_name", "subject_code"):
        return known.get(wanted) or None
    if wanted == "actor_name" and actor_name:
        return {"name": actor_name} if asked.type == "person" else actor_name
    return None


def first_answers(
    form: CompiledForm, known: Mapping[str, Any], actor_name: str = ""
) -> dict[str, Any]:
    """Return the answers with which a draft begins."""
    found = {}
    for one in form.fields():
        value = prefilled(one.asked, known, actor_name)
        if value is not None and one.asked.type not in ("group", "file"):
            found[one.asked.key] = value
    return found


def provenance(asked: Asked, value: Any, known: Mapping[str, Any]) -> Provenance:
    """Return how a clean value (None: none) of a field stands to what is known."""
    if asked.declared.prefill in ("subject_name", "subject_code"):
        return _against(value, known.get(asked.declared.prefill) or None, "", {})
    if not asked.fact or asked.declared.prefill != "fact":
        return Provenance("given")
    if asked.fact in known.get("withheld", ()):
        return Provenance("withheld", fact=asked.fact)
    one = known.get("facts", {}).get(asked.fact)
    if one is None:
        return Provenance("not_found", fact=asked.fact)
    return _against(value, as_answer(asked, one["content"]), asked.fact, one)


def _against(value: Any, expected: Any, fact: str, one: Mapping[str, Any]) -> Provenance:
    if expected is None:
        return Provenance("not_found", fact=fact)
    return Provenance(
        "prefilled" if value is None or _matches(value, expected) else "changed",
        fact=fact,
        content=one.get("content", expected),
        source=one.get("source", ""),
        grade=one.get("grade", ""),
        since=one.get("since", ""),
        recorded=one.get("recorded", ""),
    )


def _matches(value: Any, expected: Any) -> bool:
    """Tell whether a value says what is known; what a person or address has besides is no change."""
    if isinstance(value, Mapping) and isinstance(expected, Mapping):
        return all(value.get(key) == one for key, one in expected.items())
    return bool(value == expected)


def provenances(
    form: CompiledForm, evaluated: Evaluated, known: Mapping[str, Any]
) -> dict[str, Provenance]:
    """Return how every visible answer stands to what is known, by path; a group's by the group."""
    return {
        one.asked.key: provenance(one.asked, evaluated.clean.get(one.asked.key), known)
        for one in form.fields()
        if one.asked.key in evaluated.visible and one.asked.type not in ("group", "file")
    }


def moved(form: CompiledForm, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Yield the facts that are known otherwise now than when a draft was prefilled."""
    old, new = before.get("facts", {}), after.get("facts", {})
    for key in sorted(form.fact_keys):
        if old.get(key, {}).get("content") != new.get(key, {}).get("content"):
            yield key
