"""What people can do on pages, programs can do too: every action of a page has an operation, or says why not."""

import ast
import inspect
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

import yingshang.urls  # noqa: F401  (registers pages and operations)
from yingshang.parties.acting import ACTIONS
from yingshang.web.operations import OPERATIONS
from yingshang.web.routes import PAGES

pytestmark = pytest.mark.one_database

LEFT_OUT = {
    "api.create_token": "a token must not make tokens",
    "content.take_offer": "whether a pack's wording replaces ours is a person's decision, with both in sight",
    "content.decline_offer": "as content.take_offer",
    "api.revoke_token": "tokens are kept where they are made: by a person who is signed in",
    "forms.start_draft": "a draft begins with what it is for: services.start_application and others",
    "licences.retry_rendition": "an operator retries a file once the cause on the page is put right",
    "claims.enter_expert": "the register of experts is kept by people, with the papers in sight",
    "claims.retire_expert": "as claims.enter_expert",
    "claims.recuse": "who steps back is the expert, or an official who knows why: a person's word",
    "claims.score": "experts score alone, in person, on their own sheet",
    "claims.close_sheet": "as claims.score",
    "funds.close_year": "once a year, by a person who has the statement before them",
    "funds.give_account": "who gives an account has read it in the payee's paper: a person's word",
    "funds.recognise_provider": "providers are recognised by a person, with the papers in sight",
    "policies.save_masthead": "what stands above the clauses is checked by a person beside the wording",
    "policies.save_clause": "as policies.save_masthead: the wording and its marks are a person's",
    "policies.confirm_marks": "as policies.save_clause",
    "policies.settle_proposal": "what was read out of a text is confirmed by a person, never by a program",
    "policies.write_rule": "what was confirmed becomes a draft under the eyes of who finishes it",
    "policies.open_hearing": "a person announces the public number before it exists",
    "policies.draw_hearing": "the numbers are typed by who saw them drawn",
    "policies.close_hearing": "as policies.draw_hearing",
    "policies.review_text": "a review is a person's own judgement, item by item",
    "policies.open_clean_up": "a clean-up is ordered by a person, with the list in sight",
    "policies.publish_clean_up": "the result abolishes texts: a person answers for it",
    "policies.note_reading": "only a person who opens the page has read it",
    "web.end_session": "sessions are the browser's",
    "web.end_all_sessions": "sessions are the browser's",
}
"""Actions of pages that programs do not have, each with its reason."""

LEFT_OUT_PACKAGES = {
    "facts": "facts come in through files with a receipt; corrections and disputes are a person's",
    "outside": "bodies answer under outside/ with their own keys; mending a request is an operator's work",
    "parties": "accounts, mandates and organs are never changed with a token",
    "plans": "plans are edited, compared and published by people, with the sources beside them",
}
"""Packages whose pages programs do not have; what they hold is read through what they publish."""


def calls_in(module: ModuleType) -> Iterator[str]:
    """Yield the named actions that a module of pages mentions."""
    names = {inspect.unwrap(spec.run): name for name, spec in ACTIONS}
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        found: Any = None
        if isinstance(node, ast.Name):
            found = getattr(module, node.id, None)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found = getattr(getattr(module, node.value.id, None), node.attr, None)
        if inspect.isfunction(found) and inspect.unwrap(found) in names:
            yield names[inspect.unwrap(found)]


def actions_of_pages() -> set[str]:
    """Return the named actions that some page offers."""
    modules = {inspect.unwrap(page.view).__module__ for _name, page in PAGES}
    return {name for module in modules for name in calls_in(sys.modules[module])}


def reachable() -> set[str]:
    """Return the named actions that some operation does."""
    return {one.spec.name for _name, one in OPERATIONS if one.spec is not None}


def test_pages_are_seen_to_act() -> None:
    found = actions_of_pages()
    assert {"cases.act", "licences.suspend", "counters.hand_over", "services.open_paper"} <= found


def test_every_action_of_a_page_is_an_operation_or_left_out_for_a_reason() -> None:
    lacking = actions_of_pages() - reachable() - LEFT_OUT.keys()
    unexplained = {one for one in lacking if one.partition(".")[0] not in LEFT_OUT_PACKAGES}
    assert unexplained == set(), "give these an operation in their package's api, or a reason here"


def test_nothing_is_left_out_that_can_be_reached() -> None:
    assert LEFT_OUT.keys() & reachable() == set()
    assert LEFT_OUT.keys() <= actions_of_pages()
    assert LEFT_OUT_PACKAGES.keys() & {one.partition(".")[0] for one in reachable()} == set()
