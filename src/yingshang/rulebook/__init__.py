"""The book of rules (规则): policies and their parameters as content, read over the catalogue of facts.

Shows what a rule says, in its own text and in words, tries it on one subject, and says what can be
found about it beforehand. Whose law: 公平竞争审查条例 (what no condition may ask), 个人信息保护法 6 (no
fact without a use). It decides nothing: cases and funds do, by the same rules.
"""
