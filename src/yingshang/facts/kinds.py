"""Registers the kinds of content that make up a catalogue of facts."""

from yingshang.facts.declaring import (
    CodeAdditionDeclaration,
    CodeListDeclaration,
    DerivationDeclaration,
    FactSourceDeclaration,
    FactTypeDeclaration,
    SourceOwnerDeclaration,
)
from yingshang.facts.linting import (
    lint_code_addition,
    lint_code_list,
    lint_derivation,
    lint_fact_type,
    lint_source_owner,
)
from yingshang.facts.phrasing import FactPhraseDeclaration, lint_fact_phrase
from yingshang.kernel.kinds import KINDS, Kind

CODE_LIST, FACT_SOURCE, FACT_TYPE = "code_list", "fact_source", "fact_type"
SOURCE_OWNER, DERIVATION = "source_owner", "derivation"
CODE_ADDITION, FACT_PHRASE = "code_addition", "fact_phrase"

KINDS.add(CODE_LIST, Kind(CODE_LIST, "code_lists", CodeListDeclaration, lint_code_list))
KINDS.add(
    CODE_ADDITION,
    Kind(CODE_ADDITION, "code_additions", CodeAdditionDeclaration, lint_code_addition),
)
KINDS.add(FACT_SOURCE, Kind(FACT_SOURCE, "fact_sources", FactSourceDeclaration))
KINDS.add(
    SOURCE_OWNER,
    Kind(SOURCE_OWNER, "source_owners", SourceOwnerDeclaration, lint_source_owner),
)
KINDS.add(FACT_TYPE, Kind(FACT_TYPE, "fact_types", FactTypeDeclaration, lint_fact_type))
KINDS.add(DERIVATION, Kind(DERIVATION, "derivations", DerivationDeclaration, lint_derivation))
KINDS.add(FACT_PHRASE, Kind(FACT_PHRASE, "fact_phrases", FactPhraseDeclaration, lint_fact_phrase))
