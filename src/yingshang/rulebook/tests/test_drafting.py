"""Drafts: begun from what is in force byte for byte, saved as typed, published by somebody else."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from yingshang.content.actions import load_packs
from yingshang.content.permissions import LOAD
from yingshang.content.selectors import get_current
from yingshang.content.yaml import read_documents
from yingshang.facts.tests.conftest import Stage, stage
from yingshang.kernel.times import today
from yingshang.ledger.models import Entry
from yingshang.parties.actors import NotPermitted, system_actor
from yingshang.rulebook.book import current_book
from yingshang.rulebook.declaring import ParameterDeclaration, PolicyDeclaration
from yingshang.rulebook.drafting import (
    get_draft_for,
    give_up_draft,
    list_drafts_for,
    save_draft,
    start_draft,
)
from yingshang.rulebook.errors import (
    DraftEnded,
    DraftHasFaults,
    DraftMoved,
    NoSuchDraft,
    OwnDraft,
)
from yingshang.rulebook.publishing import publish_draft
from yingshang.rulebook.sources import source_of, split_documents
from yingshang.rulebook.tests.test_rule_pages import GRANT, LEAST, store

__all__ = ["stage"]
WRITES = ("rulebook.read", "rulebook.draft")
TWO = """\
# 首条
key: grant
title: 补助
title_en: Grant   # 英文
source: 办法第三条
valid_from: "2026-01-01"
condition: >-
  enterprise.staff >= 10 &&
  enterprise.staff < 99
---
# 次条
key: other
title: 另一项
title_en: Other
source: 办法第四条
valid_from: 2026-01-01
condition: enterprise.on_list
"""


@pytest.fixture
def grants(stage: Stage) -> Stage:
    store("parameter", ParameterDeclaration(**LEAST))
    store("policy", PolicyDeclaration(**GRANT))
    return stage


def test_the_documents_of_a_file_are_taken_apart_without_loss() -> None:
    first, second = split_documents(TWO)
    assert f"{first}---\n{second}" == TWO
    assert first.startswith("# 首条")
    assert second.startswith("# 次条")


def test_a_rule_of_a_pack_is_opened_with_its_own_text(
    stage: Stage, tmp_path: Path, settings: object
) -> None:
    folder = tmp_path / "one"
    (folder / "policies").mkdir(parents=True)
    (folder / "pack.yaml").write_text("name: one\nlabel: 一\nlabel_en: One\n")
    path = folder / "policies/p.yaml"
    path.write_text(TWO, encoding="utf-8")
    settings.CONTENT_DIRS = [tmp_path]  # type: ignore[attr-defined]
    for one in split_documents(TWO):
        (document,) = read_documents(one)
        store("policy", PolicyDeclaration.model_validate(document.value))
    version = get_current("policy", "grant")
    version.pack = "one"
    version.save()
    assert source_of(version) == split_documents(TWO)[0]
    path.write_text(TWO.replace(">= 10", ">= 11"), encoding="utf-8")
    assert "# 首条" not in source_of(version)  # the file says something else by now
    assert "enterprise.staff >= 10" in source_of(version)


def test_a_draft_is_saved_as_typed_and_the_slower_clerk_is_told(grants: Stage) -> None:
    clerk = grants.official("other", *WRITES)
    draft = start_draft(clerk, based_on="grant")
    assert (draft.key, draft.based_on, draft.version) == (
        "grant",
        get_current("policy", "grant"),
        1,
    )
    saved = save_draft(clerk, draft=draft.ref, text="key: [", expected_version=1)
    assert (saved.text, saved.key, saved.version) == ("key: [", "", 2)
    assert save_draft(clerk, draft=draft.ref, text="key: [", expected_version=2).version == 2
    with pytest.raises(DraftMoved):
        save_draft(clerk, draft=draft.ref, text="key: x", expected_version=1)
    kinds = Entry.objects.filter(subject=f"rule_draft:{draft.ref}").order_by("pk")
    assert [e.kind for e in kinds] == ["rulebook.draft_started", "rulebook.draft_saved"]


def test_drafts_belong_to_their_organ(grants: Stage) -> None:
    draft = start_draft(grants.official("other", *WRITES), based_on="grant")
    stranger = grants.official("tax", *WRITES)
    assert not list_drafts_for(stranger).exists()
    with pytest.raises(NoSuchDraft):
        get_draft_for(stranger, draft.ref)
    with pytest.raises(NoSuchDraft):
        save_draft(stranger, draft=draft.ref, text="x", expected_version=1)
    with pytest.raises(NotPermitted):
        start_draft(grants.official("other", "rulebook.read"), based_on="grant")


def test_another_account_publishes_and_the_rule_is_in_force(grants: Stage) -> None:
    clerk, head = grants.official("other", *WRITES), grants.official("other", "rulebook.publish")
    draft = start_draft(clerk, based_on="grant")
    text = draft.text.replace("'0.5'", "'0.6'")
    assert text != draft.text
    save_draft(clerk, draft=draft.ref, text=text, expected_version=1)
    own = replace(clerk, permissions=clerk.permissions | {"rulebook.publish"})
    with pytest.raises(OwnDraft):
        publish_draft(own, draft.ref, today())
    with pytest.raises(NotPermitted):
        publish_draft(clerk, draft.ref, today())
    version = publish_draft(head, draft.ref, today())
    assert (version.pack, version.number) == ("local", 2)
    assert get_current("policy", "grant").body["results"]["amount"]["rate"] == "0.6"
    assert current_book(today()).get("grant").rule is not None
    assert source_of(version) == text
    for again in (
        lambda: publish_draft(head, draft.ref, today()),
        lambda: save_draft(clerk, draft=draft.ref, text="x", expected_version=2),
        lambda: give_up_draft(clerk, draft=draft.ref),
    ):
        with pytest.raises(DraftEnded):
            again()


def test_a_draft_with_faults_is_not_published(grants: Stage) -> None:
    clerk, head = grants.official("other", *WRITES), grants.official("other", "rulebook.publish")
    draft = start_draft(clerk, document={**GRANT, "condition": "enterprise.staf > 3"})
    with pytest.raises(DraftHasFaults, match=r"enterprise\.staf"):
        publish_draft(head, draft.ref, date(2026, 12, 1))
    assert get_current("policy", "grant").number == 1


def test_packs_load_after_a_local_rule(grants: Stage) -> None:
    clerk, head = grants.official("other", *WRITES), grants.official("other", "rulebook.publish")
    draft = start_draft(clerk, document={**GRANT, "key": "rd-investment", "title": "本地"})
    publish_draft(head, draft.ref, today())
    load_packs(system_actor("test", LOAD), names=("demo-district",))
    assert get_current("policy", "rd-investment").body["title"] == "本地"
