"""A draft as the builder's page shows it: items with their controls, errors, doubts and clauses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from yingshang.facts.showing import english, label
from yingshang.rulebook.amounts import Result, Tier, money_shown, percent_shown, read_results
from yingshang.rulebook.asks import read_asks
from yingshang.rulebook.book import Book
from yingshang.rulebook.builder import HEAD, NEEDED, can_change_kind, given_for
from yingshang.rulebook.checks import Checking
from yingshang.rulebook.clauses import Clause, PolicyText, policy_texts
from yingshang.rulebook.given import Given
from yingshang.rulebook.rowfields import Fields, RowFields
from yingshang.rulebook.tree import Item
from yingshang.rulebook.writing.nodes import Source

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class ItemView:
    """One item with everything that its controls need."""

    item: Item
    name: str
    fields: Fields | None
    clause: str
    text: str
    kind: str
    label: str = ""
    parts: "list[ItemView]" = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    can_kind: bool = False
    can_add: bool = False
    can_move: bool = False
    clause_text: str = ""


class Page:
    """Makes the parts of the builder's page from a checked draft and, where it was refused, what was typed."""

    def __init__(
        self,
        checking: Checking,
        book: Book,
        organ: int | None,
        data: Given | None,
        errors: Mapping[str, str],
    ) -> None:
        self.checking, self.book = checking, book
        self.data, self.errors = data, errors
        self.rows = RowFields(book)
        self.texts = policy_texts(organ)
        self.text: PolicyText | None = None
        if checking.source is not None:
            self.text = self.texts.get(str(checking.source.value.get("text", "")))
        self.clauses = {one.label: one for one in self.text.clauses} if self.text else {}
        self.lists: set[str] = set()

    def tree(self) -> ItemView | None:
        """Return the condition, None where there is none yet."""
        tree = self.checking.tree
        return None if tree is None else self.view(tree, None)

    def view(self, item: Item, group: Item | None) -> ItemView:
        """Return an item with its controls."""
        given = None
        if self.data is not None and f"{item.id}-sign" in self.data:
            given = given_for(self.data, item.id)
        fields = self.rows.fields(item.row, given) if item.row is not None else None
        if fields is not None and fields.control == "codes":
            self.lists.add(fields.code_list)
        found = self.view_of(item, fields)
        found.can_move = group is not None and (group.list_path is not None or item.inside)
        found.parts = [self.view(part, item) for part in item.parts]
        return found

    def view_of(self, item: Item, fields: Fields | None) -> ItemView:
        clause = self.typed(f"{item.id}-clause", item.clause)
        known = self.clauses.get(clause)
        return ItemView(
            item,
            self.fact_name(item.row.fact) if item.row is not None else "",
            fields,
            clause,
            self.typed(
                f"{item.id}-text", item.text[slice(*item.span)] if item.inside else item.text
            ),
            self.typed(f"{item.id}-kind", item.kind),
            self.typed(f"{item.id}-label", item.label),
            errors=self._errors_of(item),
            doubts=[one.message for one in self.checking.doubts if one.item == item.id],
            can_kind=can_change_kind(item),
            can_add=item.is_group and (item.list_path is not None or item.text_path is not None),
            clause_text=known.text if known is not None else "",
        )

    def _errors_of(self, item: Item) -> list[str]:
        own = [
            self.errors[name]
            for part in ("value", "text", "clause", "label", "kind")
            if (name := f"{item.id}-{part}") in self.errors
        ]
        faults = [one for one in self.checking.faults if one.item == item.id]
        at = gettext("第 %(column)s 列：%(message)s")
        own += [at % {"column": f.column, "message": f.message} for f in faults]
        own += [one.message for one in self.checking.remarks if one.item == item.id]
        if item.fault and not own and item.kind == "text":
            own.append(gettext("这段文字还不是条件：%(why)s") % {"why": item.fault})
        return own

    def typed(self, name: str, value: str) -> str:
        """Return what was typed into a control where the page was refused, else what the text says."""
        return self.data.get(name, value) if self.data is not None else value

    def fact_name(self, key: str) -> str:
        """Return what a fact is called."""
        if key in self.book.parameters:
            return label(self.book.parameters[key])
        return self.book.catalogue.label_of(key, english=english())

    def facts(self) -> list[tuple[str, str]]:
        """Return every fact that a condition may read, by name; a name that stands twice has its key."""
        names = [(key, self.fact_name(key)) for key in self.book.catalogue.columns]
        count: dict[str, int] = {}
        for _key, name in names:
            count[name] = count.get(name, 0) + 1
        return sorted(
            ((key, name if count[name] == 1 else f"{name}（{key}）") for key, name in names),
            key=lambda pair: pair[1],
        )

    def find_fact(self, typed: str) -> str:
        """Return the key of the fact that was typed by name or key, empty where there is none."""
        wanted = typed.strip()
        by_name = {name: key for key, name in self.facts()}
        if wanted in self.book.catalogue.columns:
            return wanted
        found = by_name.get(wanted)
        if found is None:
            near = [key for name, key in by_name.items() if wanted and wanted in name]
            found = near[0] if len(near) == 1 else ""
        return found

    def near_facts(self, typed: str) -> list[tuple[str, str]]:
        """Return the facts whose name holds what was typed, all of them for nothing."""
        return [(key, name) for key, name in self.facts() if typed.strip() in name]

    def clause_choices(self) -> list[Clause]:
        """Return the clauses of the policy's text."""
        return list(self.text.clauses) if self.text is not None else []

    def code_lists(self) -> list[tuple[str, list[str]]]:
        """Return the suggestions for the code lists that this page types from."""
        return [(one, list(self.rows.suggestions(one))) for one in sorted(self.lists)]

    def head(self, source: Source) -> list[dict[str, Any]]:
        """Return the controls of what stands above the condition."""
        found = []
        for key in HEAD:
            value = source.value.get(key, "")
            if isinstance(value, dict):
                continue
            name = f"head-{key}"
            found.append(
                {
                    "key": key,
                    "name": name,
                    "value": self.typed(name, str(value)),
                    "error": self.errors.get(name, ""),
                    "is_needed": key in NEEDED,
                    "control": self._head_control(key, self.typed(name, str(value))),
                    "is_known": not value or self._is_offered(key, str(value)),
                }
            )
        return found

    def _head_control(self, key: str, value: str) -> str:
        if key == "text" and self.texts:
            return "texts"
        if key == "results_clause" and self.clauses:
            return "clauses"
        if key in ("summary", "summary_en") or "\n" in value:
            return "long"
        is_date = not value or _DAY.fullmatch(value) is not None
        return "date" if key in ("valid_from", "valid_to") and is_date else "text"

    def _is_offered(self, key: str, value: str) -> bool:
        return value in (self.texts if key == "text" else self.clauses)

    def results(self, source: Source) -> list[dict[str, Any]]:
        """Return the controls of what the rule gives."""
        return [self._result(one) for one in read_results(source)]

    def _result(self, one: Result) -> dict[str, Any]:
        mark = f"r{one.place}"
        base = one.base
        fen, unit = money_shown(base.fen if base is not None else None)
        cap, cap_unit = money_shown(one.cap)
        errors = [text for name, text in self.errors.items() if name.partition("-")[0] == mark]
        tiers = [
            self._tier(f"{mark}-", place, tier)
            for place, tier in enumerate(base.tiers if base is not None else ())
        ]
        text = one.text if base is None else base.text
        return {
            "result": one,
            "mark": mark,
            "shape": "text" if base is None else base.kind,
            "text": self.typed(f"{mark}-text", text),
            "fact": self.typed(f"{mark}-fact", base.fact if base else ""),
            "other": self._other(base.fact if base else ""),
            "fen": self.typed(f"{mark}-fen", fen if base and base.fen is not None else ""),
            "unit": self.typed(f"{mark}-fen-unit", unit),
            "rate": self.typed(f"{mark}-rate", percent_shown(one.rate)),
            "rounding": self.typed(f"{mark}-rounding", one.rounding or "half-up"),
            "cap": self.typed(f"{mark}-cap", cap if one.cap is not None else ""),
            "cap_unit": self.typed(f"{mark}-cap-unit", cap_unit if one.cap is not None else "wan"),
            "tiers": tiers,
            "can_tier": base is not None and base.kind in ("fixed", "tiers"),
            "clause": self._own_clause(one, mark),
            "errors": errors,
        }

    def _tier(self, mark: str, place: int, tier: Tier) -> dict[str, Any]:
        """Return the controls of one step: its condition as a row where it is one, and what it gives."""
        amount, unit = money_shown(tier.fen)
        name, when = f"{mark}tier{place}", f"{mark}when{place}"
        given = None
        if self.data is not None and f"{when}-sign" in self.data:
            given = given_for(self.data, when)
        fields = self.rows.fields(tier.row, given) if tier.row is not None else None
        if fields is not None and fields.control == "codes":
            self.lists.add(fields.code_list)
        return {
            "place": place,
            "tier": tier,
            "mark": when,
            "fields": fields,
            "name": self.fact_name(tier.row.fact) if tier.row is not None else "",
            "per": self.fact_name(tier.fact) if tier.fact else "",
            "amount": self.typed(name, amount if tier.fen is not None else tier.text),
            "unit": self.typed(f"{name}-unit", unit),
            "when": self.typed(when, tier.condition),
        }

    def _own_clause(self, one: Result, mark: str) -> str | None:
        """Return the clause of one result where each result has its own, else None."""
        source = self.checking.source
        found = source.value.get("results_clause") if source is not None else None
        if not isinstance(found, dict):
            return None
        return self.typed(f"{mark}-clause", str(found.get(one.name, "")))

    def asks(self, source: Source) -> dict[str, Any] | None:
        """Return the controls of what applicants are asked for, None where only the text can show it."""
        found = read_asks(source)
        if found is None:
            return None
        rows = [
            {"ask": one, "name": self._ask_name(one.fact), "mark": f"ask{one.place}",
             "clause": self.typed(f"ask{one.place}-clause", one.clause)}
            for one in found
        ]  # fmt: skip
        shared = bool(found) and not found[0].own
        clause = self.typed("asks-clause", found[0].clause) if shared else ""
        errors = [text for name, text in self.errors.items() if name.startswith("ask")]
        return {"rows": rows, "shared": shared, "clause": clause, "errors": errors}

    def _ask_name(self, fact: str) -> str:
        return self.fact_name(fact) if fact in self.book.catalogue.columns else fact

    def _other(self, fact: str) -> str:
        """Return the name of a fact from which amounts do not usually start, nothing for a usual one."""
        return "" if not fact or fact in dict(self.money_facts()) else self.fact_name(fact)

    def money_facts(self) -> list[tuple[str, str]]:
        """Return the facts that an amount may start from: money, and whole numbers."""
        columns = self.book.catalogue.columns
        return [(key, name) for key, name in self.facts() if columns[key].type in ("money", "int")]
