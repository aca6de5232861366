"""Claims (兑现): an enterprise gets what a policy gives it, and every fen of it is accounted for.

A claim is a case under a procedure that is content: found and confirmed (免申即享), applied for on one form
(一表申报), or scored by drawn experts (评审). Legal frame: 优化营商环境条例第三十七条; each item names its policy,
and the policy its clauses. Money moves in ``domains/funds`` alone; who is entitled is said by ``rules``.
"""
