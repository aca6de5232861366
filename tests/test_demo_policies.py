"""The made-up district's policies: the same by seed, sound, each for somebody and none for everybody."""

from collections import Counter
from datetime import date

import pytest
import yaml

from tools.policies.__main__ import PACK, SEED, SUPPORTS, files
from yingshang.content.linting import findings_of
from yingshang.content.packs import read_packs
from yingshang.domains.policies.extracting import extract
from yingshang.domains.policies.extracting.lexicon import build_lexicon
from yingshang.facts.catalogue import read_catalogue_of
from yingshang.facts.generating import generate
from yingshang.facts.generating.writing import write_facts
from yingshang.rulebook.packs import library_of
from yingshang.rules.columns import read_table
from yingshang.rules.compiling import compile_rules
from yingshang.rules.matching import match
from yingshang.rules.policies import read_library

pytestmark = pytest.mark.one_database
DAY = date(2026, 11, 2)


def bodies(folder):
    return [
        body
        for path, text in files(SEED).items()
        if path.startswith(folder + "/")
        for body in yaml.safe_load_all(text)
    ]


def test_the_pack_is_what_the_seed_draws_and_another_seed_draws_another():
    made = files(SEED)
    there = {
        str(path.relative_to(PACK)): path.read_text(encoding="utf-8")
        for path in PACK.rglob("*.yaml")
    }
    assert there == made
    other = files(SEED + 1)
    assert other.keys() == made.keys()
    assert other["policies/rd.yaml"] != made["policies/rd.yaml"]


def test_sixty_policies_of_ten_kinds_have_a_text_and_something_to_claim():
    policies, items = bodies("policies"), bodies("claim_items")
    assert len(SUPPORTS) == 10
    assert len(policies) == len({one["key"] for one in policies}) == 60
    assert {one["policy"] for one in items} == {one["key"] for one in policies}
    assert Counter(one["way"] for one in items).keys() == {"automatic", "form", "scored"}
    texts = {one["key"]: one for one in bodies("policy_texts")}
    for policy in policies:
        assert policy["text"] in texts, policy["key"]


def test_the_pack_is_without_findings():
    assert [str(one) for one in findings_of(read_packs(["demo-policies"]))] == []


def test_each_policy_is_for_somebody_or_waits_for_what_only_the_firm_knows(tmp_path):
    library = library_of("demo-policies")
    catalogue = read_catalogue_of("demo-policies")
    policies = read_library(PACK / "policies").policies
    rules = compile_rules(policies, catalogue.declarations(DAY, library.parameters))
    made = generate(4_000, seed=SEED, as_of=DAY, division="339705")
    write_facts(made, catalogue, tmp_path / "facts.parquet")
    keys = frozenset(name.partition("@")[0] for rule in rules for name in rule.facts)
    outcome = match(rules, read_table(tmp_path / "facts.parquet", keys, catalogue.declared))
    rare = {"listed-reward", "neeq-reward", "customs-certified", "energy-users", "joint-stock"}
    for rule, yes, unknown in zip(
        rules, outcome.yes_counts.tolist(), outcome.unknown_counts.tolist(), strict=True
    ):
        assert yes < 0.6 * outcome.size, rule.id
        if rule.policy.asks:
            assert unknown, rule.id
        elif rule.id not in rare:
            assert yes, rule.id


def lexicon_of(*names):
    catalogue = read_catalogue_of(*names)
    phrases = [
        one.value
        for pack in read_packs(names)
        for one in pack.declared
        if one.kind.name == "fact_phrase"
    ]
    return build_lexicon(phrases, catalogue.types, catalogue.derivations, catalogue.codes)


def test_nearly_every_condition_is_proposed_with_its_fact_from_the_words_of_its_clause():
    lexicon = lexicon_of("demo-policies")
    clauses = [
        clause["text"].partition("）")[2].rstrip("；")
        for text in bodies("policy_texts")
        for clause in text["clauses"]
        if {"condition", "exclusion"} & set(clause["marks"])
    ]
    lacking = [
        words
        for words in clauses
        if not any(one.fact for one in extract(words, lexicon).conditions)
    ]
    assert len(clauses) > 150
    assert lacking == []
