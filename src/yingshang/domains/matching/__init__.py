"""Matching (政策匹配): every policy in force for every enterprise, every day, and what becomes of it.

A run decides all policies over the newest snapshot of facts, carries on since when each enterprise is
entitled to what, and lets it know once. From the runs come the radar of those who are entitled and
unpaid (应享未享), and what a policy would cost before it is released. Whose law: 优化营商环境条例 62
(policies must reach those they are for), 预算法 (cost before promise), 个人信息保护法 24 (what is
decided by machine is explained). It pays nothing and decides no claim: claims and funds do.
"""
