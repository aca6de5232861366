"""Policies for enterprises (惠企政策): the library of texts, their making, clean-up and look-back.

A text stands in clauses, every clause is annotated before release, and every part of a rule rests on
a clause. Whose law: 优化营商环境条例 (2019) 62 (hearing enterprises), 63 (time to prepare), 公平竞争审查条例
(2024), 国办发〔2018〕37号 (normative documents). What a text gives is decided by rules (``rulebook``),
claims and funds; ``extracting`` only proposes from a text's wording.
"""
