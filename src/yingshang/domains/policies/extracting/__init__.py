"""Proposing conditions, amounts, window and materials from the wording of a policy.

``extract`` takes a text and a lexicon and returns a :class:`Proposal`, of which every clause is an exact
piece of the text. It decides nothing: a person confirms. What it cannot tell it says: a condition that
no fact of the catalogue says has no fact. Pure Python; it neither stores nor looks up. The words for
facts are content (``fact_phrases``); the language of legal documents is in ``wording`` and
``quantities``. The labelled corpus and its guide are ``docs/policy-extraction.md``.
"""

from yingshang.domains.policies.extracting.errors import PolicyNotReadable
from yingshang.domains.policies.extracting.extractor import extract, to_json
from yingshang.domains.policies.extracting.model import Proposal
from yingshang.domains.policies.extracting.reading import read_policy
from yingshang.domains.policies.extracting.shipped import shipped_lexicon

__all__ = ["PolicyNotReadable", "Proposal", "extract", "read_policy", "shipped_lexicon", "to_json"]
